"""Running pairs: one seed is one pair, run here or in worker processes."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from selforg_sim.compare.pair import Pair
from selforg_sim.compare.parting import parting_day
from selforg_sim.engine.types import Floats
from selforg_sim.errors import RunError
from selforg_sim.executors import Done, Executor, Failed, Inline, Lost, Outcome, Processes, cores
from selforg_sim.outcomes import OUTCOMES, curves_of
from selforg_sim.simulation import run_world, warm_up


@dataclass(frozen=True)
class PairRun:
    """What one seed gave.

    Attributes
    ----------
    seed : key of all luck, shared by the two worlds
    parted : day on which they part, None if never
    seconds : time that the two runs took
    a, b : outcomes by name, each float64[days + 1]
    """

    seed: int
    parted: int | None
    seconds: float
    a: Mapping[str, Floats]
    b: Mapping[str, Floats]


def run_pair(pair: Pair, seed: int, extra: Sequence[str] = ()) -> PairRun:
    """Let both worlds live with the same luck.

    Parameters
    ----------
    extra : outcomes of single groups, as ``size@g1``

    Raises
    ------
    RunError
        If a run fails; the text names scenario, seed, day and phase.
    """
    begun = time.perf_counter()
    a, _, _ = run_world(pair.a, seed)
    b, _, _ = run_world(pair.b, seed, absent=pair.absent)
    parted = parting_day(a, b)
    names = (*OUTCOMES, *extra)
    curves = curves_of(a, names), curves_of(b, names)
    return PairRun(seed, parted, time.perf_counter() - begun, *curves)


@dataclass(frozen=True)
class PairWork:
    """What a worker does with a seed."""

    pair: Pair
    extra: tuple[str, ...]

    def __call__(self, seed: int) -> PairRun:
        return run_pair(self.pair, seed, self.extra)


def run_pairs(
    pair: Pair, seeds: Sequence[int], extra: Sequence[str] = (), workers: int | None = None
) -> Generator[PairRun, None, None]:
    """Run one pair for each seed and give each as soon as it is done, in no certain order.

    Parameters
    ----------
    workers : processes; the number of cores if None. One worker is this process itself.

    Raises
    ------
    RunError
        If a run fails, or a worker is ended from outside.
    """
    if not seeds:
        return
    warm_up()
    workers = min(workers or cores(), len(seeds))
    executor: Executor = Processes(workers) if workers > 1 else Inline()
    waiting = iter(seeds)
    outcomes = executor.run(PairWork(pair, tuple(extra)), lambda: next(waiting, None))
    with closing(outcomes):
        for outcome in outcomes:
            yield _answer(outcome)


def _answer(outcome: Outcome) -> PairRun:
    match outcome:
        case Failed(_, error):
            raise error
        case Lost(seed, why):
            raise RunError(f"The run of seed {seed} was lost: {why}. Try fewer workers.")
        case Done(_, answer):
            assert isinstance(answer, PairRun)
    return answer
