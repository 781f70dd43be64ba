"""All visits of this process, so that a host can bound how many worlds live at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from selforg_sim.app.limits import LimitError

if TYPE_CHECKING:
    from selforg_sim.app.visit import Visit

_visits: set[Visit] = set()
_promised: dict[Visit, int] = {}
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
        return _worlds(besides)


@contextmanager
def room(visit: Visit, wanted: int, most: int) -> Iterator[None]:
    """Hold room for the worlds of a visit while they are built.

    Parameters
    ----------
    wanted : how many worlds it will have
    most : how many may live at once, those of all visits together

    Raises
    ------
    LimitError
        If there is none beside those of others.
    """
    with _lock:
        others = _worlds(besides=visit)
        if others + wanted > most:
            raise LimitError(
                f"There is no room: other people's worlds here number {others}, and {most} may "
                "live at once. Load the page again when one has closed."
            )
        _promised[visit] = wanted
    try:
        yield
    finally:
        with _lock:
            _promised.pop(visit, None)


def _worlds(besides: Visit | None) -> int:
    """Worlds that live or are being built."""
    others = (visit for visit in _visits if visit is not besides)
    return sum(max(len(visit.sides), _promised.get(visit, 0)) for visit in others)
