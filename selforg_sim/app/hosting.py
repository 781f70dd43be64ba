"""What the host of the page has decided; the same for all visitors of this process."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from selforg_sim.app.limits import Limits

if TYPE_CHECKING:
    from selforg_sim.scenario import Scenario


@dataclass(frozen=True)
class Hosting:
    """How the page is hosted.

    Parameters
    ----------
    limits : what visitors may ask for
    opened : the scenario of a folder of results that was opened, with its seed; None for none
    """

    limits: Limits = field(default_factory=Limits)
    opened: Scenario | None = None


_now = Hosting()


def hosting() -> Hosting:
    """How the page is hosted in this process.

    >>> hosting().limits.worlds > 0
    True
    """
    return _now


def host_with(decided: Hosting) -> None:
    """Set how the page is hosted, before the first visitor comes."""
    global _now
    _now = decided
