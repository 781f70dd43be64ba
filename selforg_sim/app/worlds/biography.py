"""The stories of a person and of a group, as they stand this evening."""

from __future__ import annotations

from typing import Any

import numpy as np

from selforg_sim.app.worlds.side import Side
from selforg_sim.engine.codes import STANDINGS, WHY
from selforg_sim.engine.columns import Array
from selforg_sim.engine.types import Ints
from selforg_sim.results.lives import life_of
from selforg_sim.results.story import as_dict

LEADING = 5
"""How many of the most influential members are named."""


def person_story(side: Side, person: int) -> dict[str, Any]:
    """Who he is, where he is a member, how his belonging went, and why he left what he left.

    Parameters
    ----------
    side : the world
    person : row of the person
    """
    state = side.world.state
    names = state.group_names
    curves = side.history.belonging_of(person)
    told = as_dict(life_of(side.results(), person))
    return {
        "day": side.day,
        "name": str(person),
        "kind": side.world.kinds[int(state.people["kind"][person])],
        "budget": round(float(state.people["budget"][person]), 3),
        "dims": list(side.world.scenario.values.dimensions),
        "values": _weights(side.world.born_values[person]),
        "now": [_membership(side, row) for row in _rows_of(side, person)],
        "curves": [
            {"group": group, "name": names[group], "days": days, "belonging": values}
            for group, (days, values) in curves.items()
        ],
        "stays": told["memberships"],
        "story": told["story"],
    }


def group_story(side: Side, group: int) -> dict[str, Any]:
    """How a group began, how large it is, what it stands for, who leads it, and why people left.

    Parameters
    ----------
    side : the world
    group : row of the group
    """
    state = side.world.state
    groups, names = state.groups, state.group_names
    rows = np.asarray(state.members_of([group]))
    parent, ended = int(groups["parent"][group]), int(groups["ended"][group])
    return {
        "day": side.day,
        "name": names[group],
        "owner": int(groups["owner"][group]),
        "founder": int(groups["founder"][group]),
        "founded": int(groups["founded"][group]),
        "ended": None if ended < 0 else ended,
        "parent": None if parent < 0 else names[parent],
        "children": [
            {"group": int(g), "name": names[int(g)], "founded": int(groups["founded"][g])}
            for g in np.flatnonzero(groups["parent"] == group)
        ],
        "size": int(groups["size"][group]),
        "ever": int(groups["ever_joined"][group]),
        "largest": _largest(side, group),
        "dims": list(side.world.scenario.values.dimensions),
        "values": _weights(groups["core"][group]),
        "first_values": _weights(groups["first_core"][group]),
        "standing": _standings(state.memberships["standing"][rows]),
        "leading": _leading(side, rows),
        "why": _why(side, group),
    }


def _rows_of(side: Side, person: int) -> range:
    members = side.world.state.memberships
    first = int(members["first_row"][person])
    return range(first, first + int(members["member_count"][person]))


def _membership(side: Side, row: int) -> dict[str, Any]:
    state, members = side.world.state, side.world.state.memberships
    group = int(members["member_group"][row])
    return {
        "group": group,
        "name": state.group_names[group],
        "standing": STANDINGS[int(members["standing"][row])],
        "belonging": round(float(members["belonging"][row]), 3),
        "hours": round(float(members["hours"][row]), 3),
        "values": _weights(state.groups["core"][group]),
    }


def _largest(side: Side, group: int) -> dict[str, int]:
    sizes = [
        (evening.group_size[group] or 0) if group < evening.groups else 0
        for evening in side.history.evenings
    ]
    day = int(np.argmax(sizes))
    return {"size": sizes[day], "day": day}


def _leading(side: Side, rows: Ints) -> list[dict[str, Any]]:
    """The most influential members, the first first."""
    members = side.world.state.memberships
    influence = members["influence"][rows]
    best = rows[np.lexsort((rows, -influence))][:LEADING]
    return [
        {
            "person": int(members["member_person"][row]),
            "standing": STANDINGS[int(members["standing"][row])],
            "influence": round(float(members["influence"][row]), 3),
        }
        for row in best
    ]


def _standings(codes: Array) -> dict[str, int]:
    counts = np.bincount(codes, minlength=len(STANDINGS))
    return {name: int(counts[code]) for code, name in enumerate(STANDINGS)}


def _why(side: Side, group: int) -> dict[str, float]:
    """Shares of the reasons of all who left, largest first; nothing if nobody did."""
    record = side.world.state.record
    of_group = record.spells["group"][record.ends["spell"]] == group
    sums = {name: float(record.ends[f"why_{name}"][of_group].sum()) for name in WHY}
    total = sum(sums.values())
    if not total:
        return {}
    order = sorted(WHY, key=lambda name: -sums[name])
    return {name: round(sums[name] / total, 4) for name in order if sums[name] > 0}


def _weights(vector: Array) -> list[float]:
    return [round(float(weight), 3) for weight in vector]
