"""Sweeps whose runs are made up: written by the same hands as real ones, without simulating."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from selforg_sim.sweep import Inline, Sweep, run_sweep, study_of
from selforg_sim.sweep.load import checked
from selforg_sim.sweep.models import Answer
from selforg_sim.sweep.parts import FAILED, OK, RunRow, write_part
from selforg_sim.sweep.points import Points
from selforg_sim.sweep.store import Store
from selforg_sim.sweep.study import Study

Settings = dict[str, Any]
Reply = Callable[[Settings, int], "float | None"]
"""What a run gives: of the settings and the replicate a number (NaN: not defined), or None."""
WAITING = object()
"""A reply that says that the run is not done yet."""


def function_sweep(folder: Path, function: str, design: Settings, **more: Any) -> Sweep:
    """A sweep of a known function, really run."""
    from selforg_sim.sweep.known import FUNCTIONS

    known = FUNCTIONS[function]
    law = {"low": known.low, "high": known.high}
    table = {
        "name": function,
        "function": function,
        "uncertain": {f"x{k + 1}": law for k in range(len(known.first))},
        "outcomes": {"names": ["y"]},
        "keep": {"tables": []},
        "design": design,
        **more,
    }
    run_sweep(study_of(checked(table, "test")), folder, executor=Inline())
    return Sweep.load(folder)


def made_up_sweep(folder: Path, reply: Reply, **table: Any) -> Sweep:
    """A sweep of ``smoke`` with the factors given and made-up answers.

    The answer to the outcome ``size`` is what ``reply`` says; that to ``happy`` a hundredth of it.
    On the first of several days all answers are halved. Rows of a later scenario get ten more.
    """
    whole = {
        "name": "made_up",
        "scenario": ["smoke"],
        "outcomes": {"names": ["size", "happy"]},
        "keep": {"tables": []},
        **table,
    }
    study = study_of(checked(whole, "test"))
    store = Store(folder)
    points = store.settle(study)
    rows = list(_rows(study, points, reply))
    write_part(folder, "made-up", study.models[0].outcomes, rows, {}, 1.0)
    return Sweep.load(folder)


def _rows(study: Study, points: Points, reply: Reply) -> Iterable[RunRow]:
    days = study.days or (60,)
    seed = study.experiment.seed
    numbers = points.current.tolist()
    for replicate in range(study.experiment.replicates.count):
        for point, (scenario, settings) in zip(numbers, points.of(numbers), strict=True):
            y = reply(settings, replicate)
            if y is WAITING:
                continue
            if y is None:
                yield RunRow(point, replicate, seed + replicate, FAILED, None)
                continue
            y = y + 10 * scenario
            size = [y if len(days) == 1 or day > min(days) else y / 2 for day in days]
            answers = {"size": size, "happy": [value / 100 for value in size]}
            yield RunRow(point, replicate, seed + replicate, OK, Answer(days, answers, {}))


def luck(*keys: int) -> float:
    """A number of the standard normal law that belongs to these keys."""
    words = [int(key) for key in keys] + [0] * (2 - len(keys))
    return float(np.random.Generator(np.random.Philox(key=words)).standard_normal())


NOT_DEFINED = math.nan
