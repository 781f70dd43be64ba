"""Worlds so simple that what happens in them can be worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from selforg_sim.engine.loop import Loop
from selforg_sim.happenings import begin_day
from selforg_sim.plan import PLAN
from selforg_sim.scenario import scenario_from_dict
from selforg_sim.world import World, build_world

ALIKE = {
    "dedication": 1.0, "budget": 1.0, "ties": 1.0, "status": 0.0, "interest": 0.0,
    "expectation": 0.2, "restlessness": 1.0, "patience": 10_000,
}  # fmt: skip
NOBODY_LEAVES = {"leaving_rate": 0.0, "drift_off_chance": 0.0, "removal_chance": 0.0}
STEADY = {"belonging_rate": 0.0}
FULL_TRUST = {"trust_base": 1.0, "turning_chance": 0.0, "least_hours": 0.0}
EVERYBODY_GIVES = {"drawn_base": 100.0}


def merged(table: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A table with some of its leaves changed."""
    merge = {
        key: merged(table[key], value)
        if isinstance(value, dict) and isinstance(table.get(key), dict)
        else value
        for key, value in changes.items()
    }
    return {**table, **merge}


def circle(size: int, **changes: Any) -> dict[str, Any]:
    """One group whose owner brings in everybody on the first day; nobody leaves or splits off."""
    plain = {
        "name": "circle",
        "horizon": 0,
        "people": {"owner": {"count": 1, **ALIKE}, "lurker": {"count": size - 1, **ALIKE}},
        "contacts": {"mean": size - 1, "rewire": 0.0},
        "founding": {"groups": 1},
        "group": {
            "seats": "none", "strictness": 0.0, "splitting": False, "return_rate": 0.0,
            "first_contacts": 1000,
        },
        "rules": {
            "belonging": NOBODY_LEAVES,
            "initiation": {**FULL_TRUST, "invitation_tries": 32},
            "evolution": {"dissolving_days": 100_000},
        },
        "record": {"invitations": False},
    }  # fmt: skip
    return merged(plain, changes)


def days_of(table: dict[str, Any], days: int, seed: int = 1) -> Iterator[World]:
    """Run a scenario for some days and yield its world after each."""
    world, loop = build_world(scenario_from_dict({**table, "horizon": days}), seed), Loop(PLAN)
    for _ in range(days):
        begin_day(world)
        loop.advance(world.state)
        yield world


def lived(table: dict[str, Any], days: int, seed: int = 1) -> World:
    """The world after some days."""
    *_, world = days_of(table, days, seed)
    return world


def of_members(world: World, column: str) -> np.ndarray:
    """One column of all memberships."""
    return world.state.memberships[column][world.state.memberships.rows()].copy()
