"""Parallel coordinates: every point as a line through its values and its outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from selforg_sim.analysis.analysis import Finding
from selforg_sim.analysis.axes import Axis, range_texts
from selforg_sim.analysis.case import same
from selforg_sim.analysis.pictures.effects import ranked
from selforg_sim.analysis.pictures.frame import axes_of, wrapped
from selforg_sim.analysis.words import value_text
from selforg_sim.engine.types import Floats
from selforg_sim.results import drawing
from selforg_sim.results.drawing import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TENTH = 0.1
MOST_LINES = 400
MOST_OF_A_TENTH = 60
KEY = 20_260_101
FEW_VALUES = 6
BESIDE = 0.025
"""How far lines with the same value are drawn apart, as a share of the axis, at most."""


def plot_parallel(finding: Finding, ax: Axes | None = None) -> Axes:
    """Points as lines: those with the highest tenth of the outcome, the lowest, and the others."""
    ax = axes_of(ax)
    case = finding.case
    known = np.flatnonzero(np.isfinite(case.rows))
    rows = known[np.unique(case.place[known], return_index=True)[1]]
    y = case.rows[rows]
    if same(y):
        return say(ax, "All points", f"{case.label} is the same at all points.")
    axes = [case.axis(key) for key in ranked(finding)]
    places = np.column_stack([*(_heights(axis, rows) for axis in axes), _scaled(y)])
    tenth = max(1, round(TENTH * y.size))
    order = np.argsort(y, kind="stable")
    low, others, high = order[:tenth], order[tenth:-tenth], order[-tenth:]
    for some, most, colour, alpha, width in (
        (others, MOST_LINES, "#BBBBBB", 0.35, 0.6),
        (low, MOST_OF_A_TENTH, drawing.BLUE, 0.6, 1.0),
        (high, MOST_OF_A_TENTH, drawing.VERMILION, 0.6, 1.0),
    ):
        some = some[:: max(1, -(-some.size // most))]
        ax.plot(places[some].T, color=colour, alpha=alpha, linewidth=width, solid_capstyle="round")
    _upright(ax, finding, axes, y)
    return ax


def _heights(axis: Axis, rows: np.ndarray) -> Floats:
    """Where each row lies on its axis, from 0 to 1; the same values a little apart."""
    scaled = on_axis(axis, axis.numbers[rows])
    if axis.levels().single:
        luck = np.random.Generator(np.random.Philox(key=KEY))
        scaled = scaled + luck.uniform(-BESIDE, BESIDE, scaled.size)
    return scaled


def on_axis(axis: Axis, numbers: Floats) -> Floats:
    """Values of a factor between 0 and 1, the ends of all that the design has of it.

    >>> axis = Axis("f", "f", "", "", np.array([1.0, 10.0, 100.0]), logarithmic=True)
    >>> on_axis(axis, np.array([10.0])).tolist()
    [0.5]
    """
    whole = axis.numbers[np.isfinite(axis.numbers)]
    if axis.logarithmic:
        whole, numbers = np.log(whole), np.log(numbers)
    least, span = whole.min(), np.ptp(whole)
    return np.asarray((numbers - least) / span if span > 0 else np.full(numbers.shape, 0.5))


def _scaled(values: Floats) -> Floats:
    least, span = values.min(), np.ptp(values)
    return (values - least) / span if span > 0 else np.full(values.shape, 0.5)


def _upright(ax: Axes, finding: Finding, axes: list[Axis], y: Floats) -> None:
    """The axes as uprights, with names below and the ends of their ranges."""
    unit = finding.case.outcome.unit
    for place, axis in enumerate(axes):
        ax.axvline(place, color="#888888", linewidth=0.8)
        for height, text in _marks(axis):
            ax.annotate(text, (place, height), (2, 0), textcoords="offset points", fontsize=7,
                        va="center", color=drawing.INK, bbox=WHITE)  # fmt: skip
    last = len(axes)
    ax.axvline(last, color=drawing.INK, linewidth=1.4)
    for height, value in ((0.0, y.min()), (1.0, y.max())):
        ax.annotate(value_text(unit, float(value)), (last, height), (4, 0), fontsize=8,
                    textcoords="offset points", va="center", fontweight="bold")  # fmt: skip
    names = [wrapped(axis.label, 22) for axis in axes]
    slanted = last > 5
    ax.set_xticks(range(last + 1), [*names, wrapped(finding.case.label, 16)],
                  rotation=40 if slanted else 0, ha="right" if slanted else "center",
                  rotation_mode="anchor" if slanted else "default")  # fmt: skip
    ax.get_xticklabels()[-1].set_fontweight("bold")
    ax.set_yticks([])
    ax.set_xlim(-0.2, last + 0.35)
    ax.set_ylim(-0.06, 1.06)
    ax.tick_params(axis="x", length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


WHITE = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.8}


def _marks(axis: Axis) -> list[tuple[float, str]]:
    """Texts along an axis: its values where they are few, else both ends."""
    levels = axis.levels()
    if len(levels) == 1:
        return [(0.5, levels.texts[0])]
    if levels.single and len(levels) <= FEW_VALUES:
        heights = on_axis(axis, levels.at)
        return list(zip(heights.tolist(), levels.texts, strict=True))
    known = axis.numbers[np.isfinite(axis.numbers)]
    ends = (float(known.min()), float(known.max()))
    if axis.names:
        return [(place, axis.names[int(end)]) for place, end in zip((0.0, 1.0), ends, strict=True)]
    texts = range_texts([(end, end) for end in ends], even=not axis.logarithmic)
    return list(zip((0.0, 1.0), texts, strict=True))
