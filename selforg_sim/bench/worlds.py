"""Worlds to measure in: the scenario *town* at any size, lived in for some weeks.

Everything keeps its proportion: a group for each 333 people, 20 contacts, records by group once a
week. A town begins with hardly more members than owners, so days are counted only after some.
"""

from __future__ import annotations

import copy
from functools import lru_cache

import numpy as np

from selforg_sim.bench.clock import seconds_of
from selforg_sim.engine.loop import Loop
from selforg_sim.happenings import begin_day
from selforg_sim.plan import PLAN
from selforg_sim.scenario import Scenario, load_scenario
from selforg_sim.simulation import keep_day, warm_up
from selforg_sim.world import World, build_world

SEED = 1
WEEK = 7
PEOPLE_A_GROUP = 333
FAR_OFF = 3650


def town_of(people: int) -> Scenario:
    """The scenario *town* with another number of people, in proportion.

    >>> sum(town_of(2_000).counts(None).values())
    2000
    """
    groups = max(2, people // PEOPLE_A_GROUP)
    changes = {
        "population.total": people,
        "people.owner.count": groups,
        "people.influencer.count": people // 50,
        "people.troublemaker.count": people // 50,
        "founding.groups": groups,
        "horizon": FAR_OFF,
    }
    return load_scenario("town", [f"{key}={value}" for key, value in changes.items()])


def live_a_day(world: World, loop: Loop) -> None:
    """One day with everything that a run does on it, its record included."""
    begin_day(world)
    loop.advance(world.state)
    keep_day(world)


def live(world: World, loop: Loop, days: int) -> tuple[float, int]:
    """Live some days; return the seconds and the membership-days."""
    seconds, members = 0.0, 0
    for _ in range(days):
        seconds += seconds_of(lambda: live_a_day(world, loop))
        members += len(world.state.memberships)
    return seconds, members


@lru_cache(maxsize=4)
def _grown(people: int, days: int) -> World:
    warm_up()
    world, loop = build_world(town_of(people), SEED), Loop(PLAN)
    live(world, loop, days)
    return world


def grown_world(people: int, days: int) -> World:
    """A town after some days, the caller's own to change."""
    return copy.deepcopy(_grown(people, days))


def forget_worlds() -> None:
    """Give back the memory of worlds kept for the next part."""
    _grown.cache_clear()


def same_everywhere(one: World, other: World) -> bool:
    """Whether two worlds are equal in every membership and every person, to the bit."""
    a, b = one.state.memberships, other.state.memberships
    return len(a) == len(b) and all(
        _same(x[name][rows_x], y[name][rows_y])
        for x, y, names, rows_x, rows_y in (
            (a, b, [c.name for c in a.columns], a.rows(), b.rows()),
            (one.state.people, other.state.people,
             [c.name for c in one.state.people.columns], slice(None), slice(None)),
        )
        for name in names
    )  # fmt: skip


def _same(x: np.ndarray, y: np.ndarray) -> bool:
    return bool(np.array_equal(x, y, equal_nan=x.dtype.kind == "f"))
