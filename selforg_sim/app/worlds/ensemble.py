"""Many runs of what is on the page, each with other luck: between what bounds a world may go."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from typing import Any

import numpy as np

from selforg_sim.engine.types import Floats
from selforg_sim.scenario.load import Variants
from selforg_sim.scenario.schema import Scenario

RUNS = 20
BAND = (0.1, 0.5, 0.9)
"""The middle 80 per cent, and the median."""
MEASURES = ("size", "belonging")
SPARE = {
    "record.spells": False, "record.invitations": False, "record.events": False,
    "record.memberships_every": 0, "record.series_every": 1,
}  # fmt: skip

Run = dict[str, Floats]


class Ensemble:
    """Runs of one or two scenarios, both with the same seeds, in processes of their own.

    Parameters
    ----------
    scenarios : the scenarios of the sides
    seeds : keys of luck, the same for each
    news : called from another thread whenever a run is done

    Attributes
    ----------
    failed : what went wrong, or None
    """

    def __init__(
        self, scenarios: Sequence[Scenario], seeds: Sequence[int], news: Callable[[], None]
    ) -> None:
        self.failed: str | None = None
        self.of = len(scenarios) * len(seeds)
        self._done: list[list[Run]] = [[] for _ in scenarios]
        self._lock = threading.Lock()
        self._news = news
        self._scenarios = [Variants(scenario).of(SPARE) for scenario in scenarios]
        self._waiting = deque((side, seed) for seed in seeds for side in range(len(scenarios)))
        for _ in range(_hands()):
            self._begin_next()

    def cancel(self) -> None:
        """Run no more; what has begun goes on, and nobody hears of it."""
        self._news = lambda: None
        self._waiting.clear()

    def as_dict(self) -> dict[str, Any]:
        """How many runs are done, and the bands of their outcomes day by day."""
        with self._lock:
            done = [list(runs) for runs in self._done]
        sides = [
            {"days": list(range(len(runs[0]["size"]))), **{m: _band(runs, m) for m in MEASURES}}
            if runs
            else {}
            for runs in done
        ]
        return {"done": sum(map(len, done)), "of": self.of, "sides": sides, "failed": self.failed}

    def _begin_next(self) -> None:
        # Runs wait here and not in the pool, where those of another visitor would stand behind
        # them, and where one that was called off keeps a broken pool from telling the others
        # (InvalidStateError in Python 3.11).
        try:
            number, seed = self._waiting.popleft()
        except IndexError:
            return
        future = _submit(self._scenarios[number], seed)
        future.add_done_callback(lambda future: self._came(number, future))

    def _came(self, number: int, future: Future[Run]) -> None:
        error = future.exception()
        with self._lock:
            if isinstance(error, BrokenProcessPool):
                self.failed = "A run was killed, perhaps for want of memory; run them again."
                self._waiting.clear()
            elif error is not None:
                self.failed = f"{type(error).__name__}: {error}"
            else:
                self._done[number].append(future.result())
        self._news()
        self._begin_next()


def run_once(scenario: Scenario, seed: int) -> Run:
    """One run: memberships and mean belonging of every evening.

    Returns
    -------
    ``size`` and ``belonging``, each of shape (days + 1,); belonging is NaN where nobody is a member
    """
    from selforg_sim.simulation import run_world, warm_up

    warm_up()
    days = run_world(scenario, seed)[0].state.record.days["series"]
    size = np.array([float(day["size"].sum()) for day in days])
    with np.errstate(invalid="ignore", divide="ignore"):
        felt = [float(np.nansum(day["size"] * np.nan_to_num(day["belonging"]))) for day in days]
        return {"size": size, "belonging": np.array(felt) / size}


def _band(runs: Sequence[Run], measure: str) -> dict[str, list[float | None]]:
    values = np.stack([run[measure] for run in runs])
    known = np.isfinite(values).any(axis=0)
    found = np.full((len(BAND), values.shape[1]), np.nan)
    found[:, known] = np.nanquantile(values[:, known], BAND, axis=0)
    return {
        name: [round(x, 4) if np.isfinite(x) else None for x in line.tolist()]
        for name, line in zip(("low", "mid", "high"), found, strict=True)
    }


_hiring = threading.Lock()


def _submit(scenario: Scenario, seed: int) -> Future[Run]:
    with _hiring:
        try:
            return _workers().submit(run_once, scenario, seed)
        except BrokenProcessPool:  # a process was killed since; these are new ones
            _workers.cache_clear()
            return _workers().submit(run_once, scenario, seed)


def _hands() -> int:
    """How many runs go on at once; one core is left to the page."""
    return max(1, (os.cpu_count() or 2) - 1)


@cache
def _workers() -> ProcessPoolExecutor:
    """Processes that all visitors share."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(_hands(), mp_context=context, initializer=_end_with_the_page)


def _end_with_the_page() -> None:
    """Let a worker not outlive the page, however that ends."""
    page = multiprocessing.parent_process()
    assert page is not None, "only workers are begun with this"

    def watch() -> None:
        page.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
