"""A case: one outcome on one day in one scenario, with what its runs gave."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from selforg_sim.analysis.answers import FAILED, RAN, WAITING, Answers
from selforg_sim.analysis.axes import Axis, Levels, axis_of
from selforg_sim.analysis.chance import Chance, chance_of
from selforg_sim.analysis.means import Means, luck_half_width, means_of, points_half_width
from selforg_sim.engine.types import Flags, Floats, Ints
from selforg_sim.outcomes import OUTCOMES
from selforg_sim.sweep.designs import Design, LatinHypercube, Morris, Sobol
from selforg_sim.sweep.results import About, Sweep

NO_SPREAD = 1e-12
"""Values that differ by less than this share of their size are one and the same."""


@dataclass(frozen=True)
class Mean:
    """A mean over rows of the design.

    Attributes
    ----------
    rows, runs : rows that have a value, and runs of them
    mean : of the rows' means over their replicates
    low, high : 95% interval over luck: other seeds, the same points
    points_low, points_high : 95% interval over points: other points drawn alike; NaN where the
        points of a design are not drawn
    """

    rows: int
    runs: int
    mean: float
    low: float
    high: float
    points_low: float
    points_high: float


@dataclass(frozen=True)
class Case:
    """One outcome on one day in one scenario.

    Attributes
    ----------
    scenario : its name
    outcome : name, unit and meaning
    day : None is the last day, where runs differ in their length
    design : the settings of the design
    axes : the factors
    points : numbers of the points, int64[points]
    place : point of each row of the design, as a place in ``points``, int64[rows]
    unit : places between 0 and 1 that values were drawn from, float64[rows, factors]; None if not
    state : of each run, int8[points, replicates]
    values : float64[points, replicates], NaN where there is none
    """

    scenario: str
    outcome: About
    day: int | None
    design: Design
    axes: tuple[Axis, ...]
    points: Ints
    place: Ints
    unit: Floats | None
    state: np.ndarray[tuple[int, int], np.dtype[np.int8]]
    values: Floats

    @property
    def label(self) -> str:
        """What pictures call the outcome."""
        name, at, group = self.outcome.name.partition("@")
        known = OUTCOMES[name].label if name in OUTCOMES else name
        return f"{known}, {group}" if at else known

    @property
    def when(self) -> str:
        """The day in words."""
        return "the last day" if self.day is None else f"day {self.day}"

    @property
    def size(self) -> int:
        """Rows of the design that belong together: a base point after Saltelli, a path, or one."""
        match self.design:
            case Sobol(second_order=pairs):
                return (2 if pairs else 1) * len(self.axes) + 2
            case Morris():
                return len(self.axes) + 1
        return 1

    @property
    def drawn(self) -> bool:
        """Whether the points were drawn from the laws of the factors."""
        return isinstance(self.design, LatinHypercube | Sobol)

    @property
    def block(self) -> Ints:
        """Which rows belong together, int64[rows]."""
        return np.arange(self.place.size) // self.size

    @cached_property
    def means(self) -> Means:
        """Of each point."""
        return means_of(self.values)

    @cached_property
    def rows(self) -> Floats:
        """Mean over replicates of each row of the design, float64[rows]."""
        return self.means.mean[self.place]

    @cached_property
    def constant(self) -> bool:
        """Whether all runs gave the same."""
        return same(self.values)

    @cached_property
    def chance(self) -> Chance:
        """How much of the variance is luck."""
        return chance_of(self.values, self.place, self.block)

    @cached_property
    def overall(self) -> Mean:
        """Mean over all rows."""
        return self.mean_of(np.ones(self.place.size, dtype=bool))

    def mean_of(self, rows: Flags) -> Mean:
        """Mean over some rows of the design, bool[rows]."""
        known = rows & np.isfinite(self.rows)
        if not known.any():
            return Mean(0, 0, *[math.nan] * 5)
        mean = float(self.rows[known].mean())
        weight = np.bincount(self.place[known], minlength=self.points.size).astype(float)
        luck, over = luck_half_width(self.values, weight), math.nan
        if self.drawn:
            over = points_half_width(self.rows[known], self.block[known])
        ends = (mean - luck, mean + luck, mean - over, mean + over)
        return Mean(int(known.sum()), int(self.means.runs[weight > 0].sum()), mean, *ends)

    def at_levels(self, levels: Levels) -> tuple[Mean, ...]:
        """Mean at each level of a factor."""
        return tuple(self.mean_of(levels.codes == code) for code in range(len(levels)))

    def axis(self, key: str) -> Axis:
        """The factor with this key."""
        return next(axis for axis in self.axes if axis.key == key)

    @property
    def undefined(self) -> int:
        """Runs that were done and in which the outcome is not defined."""
        return int(np.count_nonzero((self.state == RAN) & ~np.isfinite(self.values)))

    @property
    def failed(self) -> int:
        """Runs that failed."""
        return int(np.count_nonzero(self.state == FAILED))

    @property
    def waiting(self) -> int:
        """Runs that are not there yet; some of them perhaps never wanted."""
        return int(np.count_nonzero(self.state == WAITING))


def same(values: Floats) -> bool:
    """Whether all values are one and the same, but for rounding; also where there are none.

    >>> same(np.array([0.1 + 0.2, 0.3, np.nan])), same(np.array([0.0, 1e-9]))
    (True, False)
    """
    known = values[np.isfinite(values)]
    return not known.size or bool(np.ptp(known) <= NO_SPREAD * np.abs(known).max())


def cases_of(sweep: Sweep, answers: Answers) -> list[Case]:
    """All cases of a scenario: outcome after outcome, day after day."""
    factors, frame = sweep.experiment.factors, answers.design
    axes = tuple(axis_of(about, factors[about.name], frame[about.name]) for about in sweep.factors)
    drawn = [f"u:{axis.key}" for axis in axes]
    unit = frame[drawn].to_numpy(np.float64) if axes and set(drawn) <= set(frame) else None
    return [
        Case(
            answers.scenario,
            outcome,
            day,
            sweep.experiment.design,
            axes,
            answers.points,
            answers.place,
            unit,
            answers.state,
            answers.values[outcome.name][:, :, slot],
        )
        for outcome in sweep.outcomes
        for slot, day in enumerate(answers.days)
    ]
