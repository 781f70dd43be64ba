"""What a visitor can do, by name: one file for each theme."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from selforg_sim.app.acts import inspect, lessons, levers, opening, playing, share, two
from selforg_sim.errors import SelforgError

if TYPE_CHECKING:
    from selforg_sim.app.visit import Visit

Act = Callable[["Visit", dict[str, Any]], None]

ACTS: dict[str, Act] = {
    name: act
    for theme in (opening, playing, levers, two, inspect, share, lessons)
    for name, act in theme.ACTS.items()
}


def do(visit: Visit, name: str, data: dict[str, Any]) -> None:
    """Do what a page asked for.

    Raises
    ------
    SelforgError
        If there is no such act, or it refuses; the text is for the visitor.
    """
    act = ACTS.get(name)
    if act is None:
        raise SelforgError(f"The page asked for '{name}', which there is not; load it again.")
    act(visit, data)
