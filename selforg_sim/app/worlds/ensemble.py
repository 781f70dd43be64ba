"""Many runs of what is on the page, each with other luck: between what bounds a world may go."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from selforg_sim.app.worlds.turns import DAYS
from selforg_sim.engine.types import Floats
from selforg_sim.executors import Done, Failed, Lost
from selforg_sim.executors.processes import Worker
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
    news : called from another thread whenever a run is done, and when one failed

    Attributes
    ----------
    failed : None, or "killed", or what the error said; after it no run is begun any more
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
        _queue_up(self)

    def cancel(self) -> None:
        """Run no more; what is being run is run to its end, and not told."""
        with self._lock:
            self._waiting.clear()
            self._done = [[] for _ in self._scenarios]
            self._news = lambda: None

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

    def next_run(self) -> tuple[int, Scenario, int] | None:
        """What is to be run next: side, its scenario, seed; None if nothing is."""
        with self._lock:
            if not self._waiting:
                return None
            side, seed = self._waiting.popleft()
            return side, self._scenarios[side], seed

    def take(self, side: int, run: Run) -> None:
        """Hear that a run is done."""
        with self._lock:
            self._done[side].append(run)
        self._news()

    def fail(self, why: str) -> None:
        """Hear that a run failed."""
        with self._lock:
            self._waiting.clear()
            self.failed = why
        self._news()


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


_queue: deque[Ensemble] = deque()
_somebody_came = threading.Condition()


def _queue_up(ensemble: Ensemble) -> None:
    with _somebody_came:
        _hands()
        _queue.append(ensemble)
        _somebody_came.notify_all()


@cache
def _hands() -> list[_Hand]:
    """All that have runs done for this page, as many as live a day at once; begun when needed."""
    hands = [_Hand() for _ in range(DAYS.at_once)]
    for hand in hands:
        hand.start()
    return hands


class _Hand(threading.Thread):
    """Has run after run done in a process of its own, those of the visitors in turn.

    Each run is handed over when the process is free: nobody waits behind runs that were called off,
    and a process that is killed takes no other run with it.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True, name="runs")
        self.worker: Worker | None = None

    def run(self) -> None:
        while True:
            self._have_one_done()

    def _have_one_done(self) -> None:
        with _somebody_came:
            _somebody_came.wait_for(lambda: _queue)
            ensemble = _queue.popleft()
            wanted = ensemble.next_run()
            if wanted is None:
                return
            _queue.append(ensemble)
        side, scenario, seed = wanted
        try:
            worker = self._free_worker()
            worker.give((scenario, seed))
            match worker.hear():
                case Done(_, done):
                    ensemble.take(side, done)
                case Failed(_, error):
                    ensemble.fail(f"{type(error).__name__}: {error}")
                case Lost():
                    ensemble.fail("killed")
        except OSError as error:  # no process could be begun
            ensemble.fail(str(error))

    def _free_worker(self) -> Worker:
        if self.worker is not None and not self.worker.lives:
            self.worker.end()
            self.worker = None
        if self.worker is None:
            self.worker = Worker(_run)
        return self.worker


def _run(task: tuple[Scenario, int]) -> Run:
    return run_once(*task)
