"""What a host lets visitors ask for."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from selforg_sim.errors import UsageError

if TYPE_CHECKING:
    from selforg_sim.scenario import Scenario


MOST_CONTACTS = 200
"""Contacts of an average person; what anybody can keep up ends well below (Dunbar)."""
MOST_GROUPS = 500
"""Groups that are given or that people may found; each has its line on the page."""
MOST_VALUES = 20
"""Dimensions of values; each is a column of every person and group."""
MOST_EVENTS = 1000


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
        _bound({
            "people": (sum(scenario.counts().values()), self.people),
            "days": (scenario.horizon, self.days),
            "contacts a person": (scenario.contacts.mean, MOST_CONTACTS),
            "groups": (len(scenario.given_names()), MOST_GROUPS),
            "dimensions of values": (len(scenario.values.dimensions), MOST_VALUES),
            "events": (len(scenario.events), MOST_EVENTS),
        })  # fmt: skip

    def check_size(self, groups: float, values: float) -> None:
        """Refuse a table of a scenario in which more stands than can be checked in a moment.

        Parameters
        ----------
        groups, values : how many groups and dimensions of values it names

        Raises
        ------
        LimitError
            One sentence that says what was given, what is allowed and what to do.
        """
        _bound({"groups": (groups, MOST_GROUPS), "dimensions of values": (values, MOST_VALUES)})

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


def _bound(given: dict[str, tuple[float, int]]) -> None:
    """Refuse what there is too much of: how many of each there are, and may be at most."""
    for what, (number, most) in given.items():
        if number > most:
            raise LimitError(
                f"This scenario has {number:,.0f} {what}; at most {most:,} are allowed here. "
                f"Ask for fewer {what}, or run it on a machine of your own with the command "
                "selforg run."
            )
