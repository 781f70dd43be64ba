"""A small sweep that several files of tests run in different ways, and how to compare two."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
from test_cli import environment

from selforg_sim.outcomes import Outcome
from selforg_sim.sweep import Study, Sweep, load_experiment, study_of
from selforg_sim.sweep.designs import Sample
from selforg_sim.sweep.models import Answer

VARY = ("group.levels=1,2", "group.strictness=0:1:2", "seed=3:7:5")
CHANGES = ("horizon=12",)
RUNS = 20

PROGRAM = """
import sys
from sweeping import small
from selforg_sim.sweep import Inline, Processes, run_sweep

if __name__ == "__main__":
    folder, workers = sys.argv[1], int(sys.argv[2])

    def tell(state):
        print(state.done, flush=True)
        if state.done:
            sys.stdin.readline()

    run_sweep(
        small(), folder, executor=Processes(workers) if workers > 1 else Inline(), progress=tell,
    )
"""
"""Runs the small sweep until some runs are done, says how many, and goes on when told to."""


def small(**more: Any) -> Study:
    """Four points with five replicates each, of the table series, too."""
    given = {"vary": VARY, "changes": CHANGES, **more}
    return study_of(load_experiment("smoke", **given))


def program(folder: Path, workers: int) -> subprocess.Popen[str]:
    """The small sweep in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder), str(workers)],
        env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def same_tables(one: Path, other: Path) -> bool:
    """Whether two sweeps hold the same tables, row for row."""
    a, b = Sweep.load(one), Sweep.load(other)
    pd.testing.assert_frame_equal(a.design, b.design)
    pd.testing.assert_frame_equal(a.runs, b.runs)
    for name in a.experiment.keep.tables:
        pd.testing.assert_frame_equal(a.table(name), b.table(name))
    return True


def divide() -> None:
    raise ZeroDivisionError("nobody to divide by")


def end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def go_on_for_ever() -> None:
    while True:
        pass


class Made:
    """A model that answers twice ``x``, and does on the way what ``do`` says."""

    name = "made"
    doing: ClassVar[dict[str, Callable[[], None]]] = {
        "answer": lambda: None, "raise": divide, "end": end, "go on for ever": go_on_for_ever,
    }  # fmt: skip

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return (Outcome("y", "y", "1", "Twice x, and the seed.", lambda world: world),)

    def run(self, settings: Any, seed: int, replicate: int, until: float = math.inf) -> Answer:
        self.doing[settings.get("do", "answer")]()
        return Answer((0,), {"y": [2.0 * settings["x"] + seed]}, {})

    def again(self, settings: Any, seed: int) -> str:
        return f"made {settings} {seed}"


def made(rows: list[dict[str, Any]]) -> Study:
    """A study of a model that does what its settings say."""
    columns = {key: [row.get(key) for row in rows] for key in ("x", "do")}
    experiment = small().experiment.model_copy(
        update={
            "chosen": {key: small().experiment.factors["group.levels"] for key in columns},
            "keep": small().experiment.keep.model_copy(update={"tables": ()}),
            "replicates": small().experiment.replicates.model_copy(update={"count": 1}),
        }
    )
    return replace(small(), experiment=experiment, models=(Made(),), sample=Sample(columns))
