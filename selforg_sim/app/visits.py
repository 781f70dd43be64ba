"""All visits of this process, so that a host can bound how many worlds live at once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selforg_sim.app.visit import Visit

_visits: set[Visit] = set()
_lock = threading.Lock()


def enter(visit: Visit) -> None:
    """Note that somebody came."""
    with _lock:
        _visits.add(visit)


def leave(visit: Visit) -> None:
    """Note that his worlds are gone."""
    with _lock:
        _visits.discard(visit)


def worlds(besides: Visit | None = None) -> int:
    """How many worlds live now, those of one visit apart.

    >>> worlds()
    0
    """
    with _lock:
        return sum(len(visit.sides) for visit in _visits if visit is not besides)
