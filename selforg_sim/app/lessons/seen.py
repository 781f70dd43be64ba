"""A world's history in the form that lessons ask questions of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from selforg_sim.app.levers import values_of
from selforg_sim.app.seen import BY_SETTING
from selforg_sim.engine.codes import CORE
from selforg_sim.engine.state import State

if TYPE_CHECKING:
    from selforg_sim.app.worlds.side import Side


def seen(side: Side, notes: dict[int, dict[str, Any]] | None = None) -> dict[str, Any]:
    """The history of a side until today.

    Parameters
    ----------
    side : the world
    notes : what :func:`note` said on some days; today's is added
    """
    known = dict(notes or {}) | {side.day: note(side)}
    days = range(side.day + 1)
    further = {
        name: [known[day][name] if day in known else None for day in days]
        for name in ("core_moved", "in_core")
    }
    names = list(side.world.state.group_names)
    return side.history.since(0) | {"names": names, "day": side.day} | further


def held(side: Side, of: str | None = None) -> dict[str, list[Any]]:
    """By lever every value that it has had in a world, or in a group of it, from day 0 to today."""
    found = {key: [value] for key, value in values_of(side.asked, of).items()}
    for pull in side.pulls:
        for name, value in pull["set"].items() if pull["day"] <= side.day else ():
            found[BY_SETTING[name]].append(value)
    return found


def note(side: Side) -> dict[str, Any]:
    """What only today's world can tell: how far cores have moved, and who is in the core layers."""
    state = side.world.state
    return {"core_moved": _moved(state), "in_core": _in_core(state, side.world.kinds)}


def _moved(state: State) -> dict[str, float]:
    """For each living group 1 - cosine between its core and that of its first day."""
    first, now = state.groups["first_core"], state.groups["core"]
    found = {}
    for group in state.living_groups():
        lengths = float(np.linalg.norm(first[group]) * np.linalg.norm(now[group]))
        found[state.group_names[group]] = 1.0 - float(first[group] @ now[group]) / lengths
    return found


def _in_core(state: State, kinds: tuple[str, ...] | list[str]) -> dict[str, float]:
    """For each kind how many memberships are in a core layer."""
    members = state.memberships
    rows = members.rows()
    core = rows[members["standing"][rows] == CORE]
    counts = np.bincount(state.people["kind"][members["member_person"][core]], minlength=len(kinds))
    return {kind: float(count) for kind, count in zip(kinds, counts, strict=True)}
