"""The engine's phases against the same written with numpy, on the same columns of the same day.

The numpy side has its columns dense and its index arrays made before the clock starts. Both must
give the same numbers, up to a few units in the last place where ``exp`` or a sum differs.
"""

from __future__ import annotations

from statistics import median
from typing import Any

import numpy as np

from selforg_sim.bench.clock import NANO, interleaved, spread
from selforg_sim.bench.settings import Settings
from selforg_sim.bench.vectorised import PHASES, Tables
from selforg_sim.bench.worlds import grown_world, live_a_day
from selforg_sim.engine.columns import Array
from selforg_sim.engine.declarations import Phase
from selforg_sim.engine.loop import Loop
from selforg_sim.engine.state import State
from selforg_sim.plan import PLAN

TOLERANCE = 1e-12


class SideBySide(Loop):
    """A loop that runs a phase with a numpy version many times, by turns with that version."""

    repeats = 1

    def __init__(self) -> None:
        super().__init__(PLAN)
        self.found: list[dict[str, Any]] = []

    def run(self, state: State, phase: Phase) -> int:
        """Compare a phase, then go on with the day."""
        if phase.name in PHASES:
            self.found.append(self.compared(state, phase))
        return super().run(state, phase)

    def compared(self, state: State, phase: Phase) -> dict[str, Any]:
        """One phase: nanoseconds of both sides per membership, and whether they agree."""
        tables, write = tables_of(state), PHASES[phase.name]
        theirs = write(tables)
        before = {name: state.find(name).copy() for name in theirs}
        run = super().run
        restore(state, before)
        run(state, phase)
        equal = all(same(value, used(state, name)) for name, value in theirs.items())
        # From turn to turn the engine's columns move on; the work stays the same.
        engine, numpy = interleaved(lambda: run(state, phase), lambda: write(tables), self.repeats)
        restore(state, before)
        per = NANO / max(1, len(state.memberships))
        return {
            "phase": phase.name,
            "engine_ns": spread([s * per for s in engine]),
            "numpy_ns": spread([s * per for s in numpy]),
            "times_faster": median(numpy) / median(engine),
            "equal": equal,
        }


def measure(settings: Settings) -> dict[str, Any]:
    """All phases that have a numpy version, on one day of a grown town."""
    world, loop = grown_world(settings.one_world, settings.grown_days), SideBySide()
    loop.repeats = settings.repeats
    live_a_day(world, loop)
    engine, numpy = (
        sum(phase[side]["median"] for phase in loop.found) for side in ("engine_ns", "numpy_ns")
    )
    return {
        "people": settings.one_world,
        "memberships": len(world.state.memberships),
        "phases": loop.found,
        "not_in_the_plan": sorted(PHASES.keys() - {phase.name for phase in PLAN}),
        "times_faster": numpy / engine if engine else None,
    }


def tables_of(state: State) -> Tables:
    """Dense copies of all columns, as they are now."""
    members = state.memberships
    rows = members.rows()
    dense = {column.name: members[column.name][rows] for column in members.columns}
    return Tables(
        m=dense,
        p={column.name: state.people[column.name].copy() for column in state.people.columns},
        g={column.name: state.groups[column.name].copy() for column in state.groups.columns},
        person=dense["member_person"].astype(np.intp),
        group=dense["member_group"].astype(np.intp),
        n=state.parameters,
        seed=state.seed,
        day=state.day,
    )


def restore(state: State, columns: dict[str, Array]) -> None:
    """Put columns back as they were."""
    for name, values in columns.items():
        state.find(name)[:] = values


def used(state: State, name: str) -> Array:
    """The rows in use of a column, in canonical order."""
    members = state.memberships
    if any(column.name == name for column in members.columns):
        return members[name][members.rows()]
    table = state.people if name in state.people.arrays else state.groups
    return table[name]


def same(one: Array, other: Array) -> bool:
    """Equal but for the last few bits."""
    return bool(np.allclose(one, other, rtol=TOLERANCE, atol=TOLERANCE))
