"""Does memory stay flat however many runs a sweep has?

A hundred thousand tiny runs in two processes; every tenth of the way the memory that the process
that hands out work holds, and the most that a worker has held.

    python benchmarks/sweep_memory.py               # 100,000 runs, some minutes
    python benchmarks/sweep_memory.py --runs 5000
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from selforg_sim.sweep import Processes, State, load_experiment, run_sweep, study_of

TINY = (
    "horizon=2", "people.owner.count=1", "people.influencer.count=2", "people.lurker.count=17",
    "people.troublemaker.count=0", "population.total=20", "founding.groups=1", "contacts.mean=5",
)  # fmt: skip
LOOKS = 10


def held_mb() -> float:
    """Memory that this process holds now (Linux)."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    return float("nan")


def main() -> None:
    """Run, and look at the memory on the way."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=100_000)
    runs = parser.parse_args().runs
    points = 100
    experiment = load_experiment(
        "smoke", vary=[f"group.strictness=0:1:{points}"], changes=TINY, replicates=runs // points
    )
    table = experiment.model_dump(exclude_none=True)
    table["keep"] = {"tables": []}
    study = study_of(type(experiment).model_validate(table))
    looked: list[float] = []

    def look(state: State) -> None:
        if state.done >= (len(looked) + 1) * state.total / LOOKS:
            looked.append(held_mb())
            worker = "" if state.megabytes is None else f"{state.megabytes:6,.0f} MB"
            print(f"{state.done:>9,} runs  {looked[-1]:6,.0f} MB  {worker}  {state.seconds:,.0f} s")

    print("     done  hands out    a worker, at most")
    with TemporaryDirectory() as place:
        begun = time.perf_counter()
        state = run_sweep(study, Path(place) / "tiny", executor=Processes(2), progress=look)
        seconds = time.perf_counter() - begun
        parts = len(list((Path(place) / "tiny" / "runs").iterdir()))
    print(f"{state.done:,} runs in {seconds:,.0f} s ({1000 * seconds / state.done:.2f} ms each), "
          f"{parts:,} parts; last by first: {looked[-1] / looked[0]:.3f}")  # fmt: skip


if __name__ == "__main__":
    main()
