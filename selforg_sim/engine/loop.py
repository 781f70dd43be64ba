"""Advancing a state by one day: every phase of a plan, on one thread or several."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np

from selforg_sim.engine.declarations import Phase, Span
from selforg_sim.engine.state import State

FEWEST_PEOPLE_A_THREAD = 20_000


def rows_of(state: State, span: Span) -> int:
    """How many rows a phase of this span passes over."""
    match span:
        case "people":
            return state.people.rows
        case "members":
            return len(state.memberships)
        case "requests":
            return state.requests.rows
        case _:
            return state.groups.rows


class Loop:
    """Runs the phases of a day.

    A phase that spans people, members or requests is cut into as many ranges of rows as there are
    threads. Within a phase no range reads what another writes, so the result does not depend on
    the cut. Phases over groups are short, and sums are added in row order: they stay in one piece.

    Parameters
    ----------
    plan : phases in order
    threads : most threads to use; a small world runs on one
    """

    def __init__(self, plan: Sequence[Phase], threads: int = 1) -> None:
        self.plan = tuple(plan)
        self.threads = max(1, threads)
        self._pool: ThreadPoolExecutor | None = None

    def advance(
        self, state: State, after: Mapping[str, Callable[[State], Any]] | None = None
    ) -> None:
        """Run the phases of the day ``state.day``; ``after`` names functions to call after one."""
        state.requests.rows = 0
        for phase in self.plan:
            state.phase = phase.name
            state.wanted = self.run(state, phase)
            if after and phase.name in after:
                after[phase.name](state)

    def run(self, state: State, phase: Phase) -> int:
        """Run one phase; return the sum of what its ranges return, 0 where they return nothing."""
        if phase.span == "world":
            phase.kernel(state)
            return 0
        bounds = self._bounds(state, phase.span)
        if len(bounds) == 2:
            return state.call(phase.kernel, lo=bounds[0], hi=bounds[1]) or 0
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.threads)
        parts = [
            self._pool.submit(state.call, phase.kernel, lo=low, hi=high)
            for low, high in pairwise(bounds)
        ]
        return sum(part.result() or 0 for part in parts)

    def _bounds(self, state: State, span: Span) -> list[int]:
        """Where the ranges of a phase begin, and the end."""
        threads = 1 if span in ("groups", "sums") else self._threads_for(state)
        if threads > 1 and span == "members":
            people = self._bounds(state, "people")
            rows = state.memberships.rows()
            of_person = state.memberships.arrays["member_person"][rows]
            return [0, *np.searchsorted(of_person, people[1:-1]).tolist(), rows.shape[0]]
        last = rows_of(state, span)
        return [last * i // threads for i in range(threads + 1)]

    def _threads_for(self, state: State) -> int:
        return max(1, min(self.threads, state.people.rows // FEWEST_PEOPLE_A_THREAD))

    def close(self) -> None:
        """End the threads."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None
