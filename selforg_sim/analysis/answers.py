"""Answers: the runs of a sweep as arrays, each scenario apart.

Rows of the design with the same settings share one point, so everything that rests on the design
joins its rows, in their order, to what the points gave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from selforg_sim.engine.types import Floats, Ints
from selforg_sim.sweep.parts import OK
from selforg_sim.sweep.results import Sweep

if TYPE_CHECKING:
    import pandas as pd

WAITING, RAN, FAILED = 0, 1, 2
"""States of a run: not done yet, done, failed (or timed out, or lost)."""


@dataclass(frozen=True)
class Answers:
    """What the runs of one scenario gave.

    Attributes
    ----------
    scenario : its name
    number : its place among the scenarios
    design : rows of the design of this scenario, in order, numbered from 0
    points : numbers of its points, ascending, int64[points]
    place : place in ``points`` of the point of each row, int64[rows]
    seeds : seed of each replicate, int64[replicates]
    state : of each run, int8[points, replicates]
    days : on which outcomes were taken; None is the last day, where runs differ in their length
    values : by name of the outcome, float64[points, replicates, days]; NaN where not defined
    """

    scenario: str
    number: int
    design: pd.DataFrame
    points: Ints
    place: Ints
    seeds: Ints
    state: np.ndarray[tuple[int, int], np.dtype[np.int8]]
    days: tuple[int | None, ...]
    values: Mapping[str, Floats]

    @property
    def replicates(self) -> int:
        """The most replicates of a point, asked for or done."""
        return int(self.state.shape[1])


def answers_of(sweep: Sweep) -> tuple[Answers, ...]:
    """The answers of a sweep, one for each scenario; rows of the design alternate over them.

    Raises
    ------
    ResultsError
        If no run is done yet.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from selforg_sim.sweep import Inline, load_experiment, run_sweep, study_of
    >>> study = study_of(load_experiment("smoke", vary=["group.levels=1,2"], changes=["horizon=2"]))
    >>> with TemporaryDirectory() as place:
    ...     _ = run_sweep(study, place, executor=Inline())
    ...     found, = answers_of(Sweep.load(place))
    >>> found.scenario, found.days, found.values["size"].shape
    ('smoke', (2,), (2, 1, 1))
    """
    number = max(1, len(sweep.experiment.scenario))
    runs, design = sweep.runs, sweep.design
    turn = (design["row"] % number).to_numpy()
    parts = [design[turn == k].reset_index(drop=True) for k in range(number)]
    return tuple(
        _of_one(sweep, runs, part, k, str(part["scenario"].iloc[0])) for k, part in enumerate(parts)
    )


def _of_one(
    sweep: Sweep, runs: pd.DataFrame, design: pd.DataFrame, number: int, name: str
) -> Answers:
    asked = sweep.experiment.replicates
    points, place = np.unique(design["point"].to_numpy(np.int64), return_inverse=True)
    place_of = np.full(1 + max(points.max(), runs["point"].max()), -1, dtype=np.int64)
    place_of[points] = np.arange(points.size)
    at = place_of[runs["point"].to_numpy(np.int64)]
    runs, at = runs[at >= 0], at[at >= 0]
    replicate = runs["replicate"].to_numpy(np.int64)
    most = max(1 if asked.until_halfwidth else asked.count, int(replicate.max(initial=-1)) + 1)
    ran = (runs["status"] == OK).to_numpy()
    state = np.zeros((points.size, most), dtype=np.int8)
    state[at, replicate] = np.where(ran, RAN, FAILED)
    days, slot = _days(sweep.experiment.outcomes.days, runs["day"][ran].to_numpy(np.int64))
    values = {}
    for about in sweep.outcomes:
        values[about.name] = np.full((points.size, most, len(days)), np.nan)
        found = runs[about.name].to_numpy(np.float64)[ran]
        values[about.name][at[ran], replicate[ran], slot] = found
    seeds = sweep.experiment.seed + np.arange(most, dtype=np.int64)
    return Answers(name, number, design, points, place, seeds, state, days, values)


def _days(asked: tuple[int, ...], found: Ints) -> tuple[tuple[int | None, ...], Ints]:
    """The days of outcomes, and which of them each row of the runs is of.

    >>> _days((20, 10), np.array([10, 20]))
    ((10, 20), array([0, 1]))
    >>> _days((), np.array([60, 60])), _days((), np.array([30, 60]))
    (((60,), array([0, 0])), ((None,), array([0, 0])))
    """
    if asked:
        days = tuple(sorted(set(asked)))
        return days, np.asarray(np.searchsorted(days, found))
    last = np.unique(found)
    day = int(last[0]) if last.size == 1 else None
    return (day,), np.zeros(found.size, dtype=np.int64)
