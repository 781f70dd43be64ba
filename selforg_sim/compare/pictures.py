"""Pictures of a comparison: the difference over time, and every single difference."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from selforg_sim.compare.comparison import Comparison
from selforg_sim.compare.report import counted
from selforg_sim.compare.statistics import half_width
from selforg_sim.engine.types import Floats
from selforg_sim.outcomes import Outcome
from selforg_sim.results import drawing
from selforg_sim.results.drawing import Line, draw, room_right, title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Plot = Callable[[Comparison, Outcome, "Axes"], "Axes"]
MOST = 24
"""Outcomes in one picture."""
ACROSS = 3
WIDEST = 100
"""Characters of a line above the panels."""


def plot_difference_over_time(comparison: Comparison, outcome: Outcome, ax: Axes) -> Axes:
    """Mean difference of one outcome by day, with its 95% interval; the parting day is marked."""
    mean, half = mean_and_half(*comparison.curves(outcome.name))
    scale, unit = (100.0, "points") if outcome.unit == "share" else (1.0, outcome.unit)
    mean, half = mean * scale, half * scale
    days = np.arange(mean.shape[0], dtype=float)
    title(ax, outcome.label)
    ax.axhline(0.0, color=drawing.GREY, linewidth=0.8)
    if comparison.parted:
        ax.axvline(float(np.median(comparison.parted)), color=drawing.GREY, linestyle=":")
    draw(ax, Line(outcome.label, drawing.BLUE, days, mean, mean - half, mean + half))
    ax.set_ylabel(f"B - A, {unit}")
    room_right(ax, days)
    return ax


def plot_paired_differences(comparison: Comparison, outcome: Outcome, ax: Axes) -> Axes:
    """The difference of every seed as a dot, for each day asked for, with mean and interval."""
    scale, unit = (100.0, "points") if outcome.unit == "share" else (1.0, outcome.unit)
    a, b = comparison.curves(outcome.name)
    title(ax, outcome.label)
    ax.axhline(0.0, color=drawing.GREY, linewidth=0.8)
    for place, day in enumerate(comparison.days):
        d = (b - a)[:, day] * scale
        d = np.sort(d[np.isfinite(d)])
        beside = place + 0.22 * ((np.arange(d.shape[0]) * 0.618 + 0.5) % 1.0 - 0.5)
        ax.scatter(beside, d, s=14, color=drawing.SKY, alpha=0.7, linewidth=0)
        effect = comparison.effect(outcome.name, day)
        if math.isfinite(effect.half_width):
            at, reach = effect.difference * scale, effect.half_width * scale
            ax.errorbar(place + 0.25, at, yerr=reach, fmt="o", color=drawing.BLUE, capsize=3)
    ax.set_xlim(-0.5, len(comparison.days) - 0.5)
    ax.set_xticks(range(len(comparison.days)), [f"day {day}" for day in comparison.days])
    ax.set_ylabel(f"B - A, {unit}")
    return ax


def mean_and_half(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Mean difference by day and half the width of its interval; NaN where fewer than 2 seeds."""
    d = b - a
    known = np.isfinite(d)
    n = known.sum(axis=0)
    filled = np.where(known, d, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(n > 0, filled.sum(axis=0) / n, np.nan)
        off = np.where(known, d - mean, 0.0)
        sd = np.sqrt((off**2).sum(axis=0) / (n - 1))
    half = [half_width(float(s), int(k)) for s, k in zip(sd, n, strict=True)]
    return mean, np.array(half)


def save_difference_over_time(comparison: Comparison, place: Path) -> None:
    """The picture of differences over time, as PNG."""
    heading = "What the change did, day by day"
    below = "Mean of the paired differences; band: 95% interval; dotted: median day of parting"
    _save(comparison, place, plot_difference_over_time, heading, below)


def save_paired_differences(comparison: Comparison, place: Path) -> None:
    """The picture of single differences, as PNG."""
    heading = "Every pair of worlds"
    below = "A light dot is a seed; dark: mean and 95% interval"
    _save(comparison, place, plot_paired_differences, heading, below)


PICTURES = {
    "difference_over_time": save_difference_over_time,
    "paired_differences": save_paired_differences,
}


def _save(comparison: Comparison, place: Path, plot: Plot, heading: str, below: str) -> None:
    import matplotlib as mpl

    outcomes = comparison.outcomes[:MOST]
    with mpl.rc_context(drawing.style()):
        figure, axes = _panels(len(outcomes))
        for outcome, ax in zip(outcomes, axes, strict=False):
            plot(comparison, outcome, ax)
        height = figure.get_figheight()
        figure.suptitle(" \n \n ", fontsize=11)  # room for the three lines that follow
        figure.text(0.01, 1 - 0.1 / height, heading, weight="bold", fontsize=12, va="top")
        for line, text in enumerate((worlds(comparison), below)):
            at = 1 - (0.36 + 0.19 * line) / height
            figure.text(0.01, at, text, color="#666666", va="top")
        figure.savefig(place, dpi=144, format="png", metadata={"Software": None})


def worlds(comparison: Comparison) -> str:
    """What the two worlds are, in a line: what differs, as far as it fits in."""
    a, b = comparison.pair.names
    told = f"{a}, {len(comparison.runs)} seeds. " if a == b else (
        f"A: {a}; B: {b}; {len(comparison.runs)} seeds. "
    )  # fmt: skip
    lines = comparison.pair.differences()
    for number, line in enumerate(lines):
        rest = counted(len(lines) - number, "difference" if number == 0 else "more difference")
        if len(told) + len(line) > WIDEST:
            return f"{told}{rest}: see comparison.json"
        told += line + ("; " if number + 1 < len(lines) else "")
    return told


def _panels(count: int) -> tuple[Figure, list[Axes]]:
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    across = min(count, ACROSS)
    down = math.ceil(count / across)
    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.08)
    figure = Figure(figsize=(max(3.6 * across, 7.2), 0.8 + 2.9 * down), layout=layout)
    axes = list(figure.subplots(down, across, squeeze=False).flat)
    for ax in axes[count:]:
        ax.set_axis_off()
    return figure, axes
