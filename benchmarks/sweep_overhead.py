"""What does a sweep cost above the runs themselves, and do two workers do twice as much as one?

The same runs in a bare loop in one warm process, in a sweep with processes, and in a sweep on a
Dask cluster of this machine; everything by turns, so that all meet the same machine, and told as
medians of ratios. Starting the workers is told apart, in seconds: it is paid once.

    python benchmarks/sweep_overhead.py                          # some minutes
    python benchmarks/sweep_overhead.py --repeats 1 --runs 100
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from selforg_sim.executors import Done, Executor, Processes
from selforg_sim.executors.clusters import executor_for
from selforg_sim.sweep import State, Study, load_experiment, run_sweep, study_of
from selforg_sim.sweep.models import Model
from selforg_sim.sweep.parts import part_names, part_path, read_about

HORIZON = 30
"""Days of a run; it then takes 20 milliseconds or more."""
AIMS = {
    "processes": ("a sweep in a process, above a bare loop", "aim <= 5%"),
    "dask": ("a sweep on Dask, above a bare loop", "aim <= 10%"),
    "two_processes": ("two processes against one", "aim >= 1.80"),
    "two_dask": ("two workers of Dask against one", "aim >= 1.80"),
    "two_bare": ("two bare loops side by side against one", "the most there is"),
}


def study(runs: int) -> Study:
    """So many runs of four points, with the table that is kept where nothing is said."""
    vary = ["group.levels=1,2", "group.strictness=0:1:2"]
    changes = [f"horizon={HORIZON}"]
    return study_of(load_experiment("smoke", vary=vary, changes=changes, replicates=runs // 4))


@dataclass(frozen=True)
class Bare:
    """A loop that does nothing but run; returns seconds per run."""

    model: Model

    def __call__(self, runs: int) -> float:
        from selforg_sim.simulation import warm_up

        warm_up()
        self._loop(4)
        begun = time.perf_counter()
        self._loop(runs)
        return (time.perf_counter() - begun) / runs

    def _loop(self, runs: int) -> None:
        for number in range(runs):
            replicate, point = divmod(number, 4)
            settings = {"group.levels": 1 + point // 2, "group.strictness": float(point % 2)}
            self.model.run(settings, 1 + replicate, replicate)


def bare(workers: int, runs: int) -> float:
    """Runs a second of as many bare loops side by side, each in a process of its own."""
    tasks = iter([runs] * workers)
    outcomes = list(Processes(workers).run(Bare(study(runs).models[0]), lambda: next(tasks, None)))
    return sum(1 / outcome.answer for outcome in outcomes if isinstance(outcome, Done))


@dataclass(frozen=True)
class Measured:
    """A sweep.

    Attributes
    ----------
    rate : runs a second, from the first chunk that is done to the last
    start : seconds until the first chunk is done
    outside : time of a worker outside of runs, as a share of that of the runs
    """

    rate: float
    start: float
    outside: float


def swept(executor: Executor, runs: int) -> Measured:
    """Sweep, and look at the clock whenever a chunk is done."""
    seen: list[State] = []
    with TemporaryDirectory() as place:
        folder = Path(place) / "there"
        run_sweep(study(runs), folder, executor=executor, progress=seen.append)
        parts = [read_about(part_path(folder, name)) for name in part_names(folder)]
    working = [state for state in seen if state.done]
    first, last = working[0], working[-1]
    seconds = last.seconds - first.seconds
    in_runs = sum(part.seconds for part in parts if part is not None and part.runs > 1)
    share = last.workers * seconds / in_runs - 1
    return Measured((last.done - first.done) / seconds, first.seconds, share)


def on_dask(workers: int, runs: int) -> Measured:
    """The same on a Dask cluster of this machine."""
    with executor_for("local", jobs=workers) as executor:
        return swept(executor, runs)


def turn(runs: int) -> dict[str, float]:
    """Everything once; two workers get twice the runs, so that they work as long."""
    alone, both = bare(1, runs), bare(2, runs)
    one, two = swept(Processes(1), runs), swept(Processes(2), 2 * runs)
    one_dask, two_dask = on_dask(1, runs), on_dask(2, 2 * runs)
    return {
        "milliseconds": 1000 / alone,
        "processes": alone / one.rate - 1,
        "dask": alone / one_dask.rate - 1,
        "two_processes": two.rate / one.rate,
        "two_dask": two_dask.rate / one_dask.rate,
        "two_bare": both / alone,
        "outside": one.outside,
        "outside_dask": one_dask.outside,
        "start": one.start,
        "start_dask": one_dask.start,
    }


def main() -> None:
    """Measure by turns, and print medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--runs", type=int, default=400, help="of one worker in one turn")
    asked = parser.parse_args()
    turns = []
    for number in range(asked.repeats):
        turns.append(turn(asked.runs))
        told = ", ".join(f"{name} {value:.3g}" for name, value in turns[-1].items())
        print(f"{number + 1}: {told}", flush=True)

    def middle(name: str, spoken: Callable[[float], str]) -> str:
        values = sorted(turn[name] for turn in turns)
        return f"{spoken(median(values)):>8}  ({spoken(values[0])} to {spoken(values[-1])})"

    print(f"\na run takes {median(turn['milliseconds'] for turn in turns):.0f} ms")
    for name, (what, aim) in AIMS.items():
        spoken = "{:.2f}".format if name.startswith("two") else "{:.1%}".format
        print(f"{what:<45}{middle(name, spoken):<32}{aim}")
    for name, what in (("outside", "a process"), ("outside_dask", "a worker of Dask")):
        print(f"{'time of ' + what + ' outside of runs':<45}{middle(name, '{:.1%}'.format)}")
    for name, what in (("start", "a process"), ("start_dask", "a worker of Dask")):
        print(f"{'seconds until ' + what + ' has done a run':<45}{middle(name, '{:.1f}'.format)}")


if __name__ == "__main__":
    main()
