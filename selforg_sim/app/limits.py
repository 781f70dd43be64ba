"""What a host lets visitors ask for."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from selforg_sim.errors import UsageError

if TYPE_CHECKING:
    from selforg_sim.scenario import Scenario


MOST_CONTACTS = 200
"""Contacts of an average person; what anybody can keep up ends well below (Dunbar)."""


class LimitError(UsageError):
    """More was asked for than the host allows."""


@dataclass(frozen=True)
class Limits:
    """How much the visitors of a page may ask for.

    Parameters
    ----------
    people : most people in one world
    days : most days that one world lasts
    worlds : most worlds that live at once, those of all visitors together
    upload_bytes : largest scenario file that may be uploaded

    Examples
    --------
    >>> Limits(upload_bytes=10).check_upload(4)
    >>> Limits(upload_bytes=10).check_upload(11)
    Traceback (most recent call last):
    ...
    selforg_sim.app.limits.LimitError: The file has 11 bytes; at most 10 are allowed here. Leave \
out what the scenario does not need.
    """

    people: int = 20_000
    days: int = 3_650
    worlds: int = 12
    upload_bytes: int = 200_000

    def as_dict(self) -> dict[str, int]:
        """The limits by name, for the page."""
        return asdict(self)

    def check(self, scenario: Scenario) -> None:
        """Refuse a scenario that is too big.

        Raises
        ------
        LimitError
            One sentence that says what was given, what is allowed and what to do.
        """
        people = sum(scenario.counts().values())
        if people > self.people:
            raise LimitError(
                f"This scenario has {people:,} people; at most {self.people:,} are allowed here. "
                f"{_advice('fewer people')}"
            )
        if scenario.horizon > self.days:
            raise LimitError(
                f"This scenario lasts {scenario.horizon:,} days; at most {self.days:,} are "
                f"allowed here. {_advice('fewer days')}"
            )
        if scenario.contacts.mean > MOST_CONTACTS:
            raise LimitError(
                f"People have {scenario.contacts.mean:,.0f} contacts each; at most "
                f"{MOST_CONTACTS} are allowed here. {_advice('fewer contacts')}"
            )

    def check_upload(self, size: int) -> None:
        """Refuse a file that is too long; ``size`` in bytes.

        Raises
        ------
        LimitError
            One sentence that says what was given, what is allowed and what to do.
        """
        if size > self.upload_bytes:
            raise LimitError(
                f"The file has {size:,} bytes; at most {self.upload_bytes:,} are allowed here. "
                "Leave out what the scenario does not need."
            )


def _advice(less: str) -> str:
    return f"Ask for {less}, or run it on a machine of your own with the command selforg run."
