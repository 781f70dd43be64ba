"""Running pairs: one seed is one pair, run here or in worker processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, cast

from selforg_sim.compare.outcomes import curves_of
from selforg_sim.compare.pair import Pair
from selforg_sim.compare.parting import parting_day
from selforg_sim.engine.types import Floats
from selforg_sim.errors import RunError
from selforg_sim.simulation import run_world, warm_up

PATIENCE = 5.0
"""Seconds that an idle worker is given to end."""


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
    curves = curves_of(a, extra), curves_of(b, extra)
    return PairRun(seed, parted, time.perf_counter() - begun, *curves)


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
    if workers <= 1:
        yield from (run_pair(pair, seed, extra) for seed in seeds)
        return
    with ExitStack() as stack:
        lines: dict[Connection, Any] = {}
        for _ in range(workers):
            line, process = _start_worker(pair, extra)
            stack.callback(_end_worker, line, process)
            lines[line] = process
        yield from _hand_out(seeds, lines)


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _hand_out(seeds: Sequence[int], lines: Mapping[Connection, Any]) -> Iterator[PairRun]:
    """Give every worker a seed, and the next one when it is done."""
    waiting = list(reversed(seeds))
    busy: dict[Connection, int] = {}
    for line in lines:
        busy[line] = waiting.pop()
        line.send(busy[line])
    while busy:
        for line in cast("list[Connection]", wait(list(busy))):
            done = _heard(line, busy.pop(line), lines[line])
            if waiting:
                busy[line] = waiting.pop()
                line.send(busy[line])
            yield done


def _heard(line: Connection, seed: int, process: Any) -> PairRun:
    try:
        answer = line.recv()
    except (EOFError, OSError):
        process.join(PATIENCE)
        raise RunError(
            f"The process that ran seed {seed} was ended from outside (exit code "
            f"{process.exitcode}); perhaps there was not enough memory. Try fewer --workers."
        ) from None
    if isinstance(answer, Exception):
        raise answer
    assert isinstance(answer, PairRun)
    return answer


def _start_worker(pair: Pair, extra: Sequence[str]) -> tuple[Connection, Any]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, pair, tuple(extra)), daemon=True)
    process.start()
    theirs.close()
    return ours, process


def _end_worker(line: Connection, process: Any) -> None:
    line.close()
    process.terminate()
    process.join(PATIENCE)


def serve(line: Connection, pair: Pair, extra: Sequence[str]) -> None:
    """Run pairs for as long as seeds come over the line; the work of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that handed out work
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):
        while True:
            seed = line.recv()
            try:
                answer: PairRun | Exception = run_pair(pair, seed, extra)
            except Exception as error:
                answer = error
            line.send(answer)


def _end_with_parent() -> None:
    """End at once when the parent is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
