"""Pictures of means: by one factor, by two factors as lines, by two factors as a map."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from selforg_sim.analysis.analysis import Finding
from selforg_sim.analysis.axes import Axis, Levels
from selforg_sim.analysis.case import Case, Mean
from selforg_sim.analysis.pictures.frame import (
    axes_of,
    outcome_label,
    show_levels,
    show_outcome,
    with_unit,
    wrapped,
)
from selforg_sim.engine.types import Floats
from selforg_sim.results import drawing
from selforg_sim.results.drawing import Line, label_ends, say, title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Pair = tuple[str, str]
RANK = ("total", "mu_star", "first")
"""Indices by which factors are ranked, the first that there is."""
MOST_WRITTEN = 120
"""Cells of a map up to which their values are written in."""


def plot_main_effect(finding: Finding, factor: str, ax: Axes | None = None) -> Axes:
    """Mean of the outcome at each level of a factor, with its interval."""
    ax = axes_of(ax)
    axis = finding.case.axis(factor)
    levels = axis.levels()
    means = finding.case.at_levels(levels)
    title(ax, wrapped(axis.label, 26))
    if not any(math.isfinite(mean.mean) for mean in means):
        return say(ax, wrapped(axis.label, 26), "No run has a value.")
    places = show_levels(ax, axis, levels)
    show_outcome(ax, finding)
    y, half = _with_halves(finding.case, means)
    style = "o" if axis.names else "o-"
    ax.errorbar(places, y, yerr=half, fmt=style, color=drawing.BLUE, markersize=5, capsize=3,
                linewidth=1.4, elinewidth=1.2)  # fmt: skip
    ax.axhline(finding.case.overall.mean, color=drawing.GREY, linewidth=0.8, linestyle=":")
    return ax


def plot_interaction(finding: Finding, pair: Pair, ax: Axes | None = None) -> Axes:
    """Mean by levels of one factor, a line for each level of another; parallel: no interaction."""
    ax = axes_of(ax)
    one, other = (finding.case.axis(key) for key in pair)
    along, lines = one.levels(most=8, bins=5), other.levels(most=4, bins=3)
    places = np.array(show_levels(ax, one, along))
    heading = f"{wrapped(one.label, 30)}\nby {wrapped(other.label, 28)}"
    title(ax, heading)
    show_outcome(ax, finding)
    drawn = []
    for code, text in enumerate(lines.texts):
        means = [
            finding.case.mean_of((along.codes == place) & (lines.codes == code))
            for place in range(len(along))
        ]
        y, half = _with_halves(finding.case, means)
        colour = drawing.LINES[code % len(drawing.LINES)]
        beside = places if one.logarithmic else places + _apart(places, code, len(lines))
        mark = "osD^"[code % 4]
        ax.errorbar(beside, y, yerr=half, fmt=f"{mark}-", color=colour, markersize=4, capsize=2,
                    linewidth=1.4, elinewidth=0.9)  # fmt: skip
        drawn.append(Line(text, colour, places, np.array(y), np.array(y), np.array(y)))
    ax.get_ylim()  # settles the axes, so that labels find the ends of their lines
    label_ends(ax, drawn, [line.label for line in drawn])
    return ax


def _apart(places: Floats, code: int, lines: int) -> float:
    """A step to the side, so that intervals of several lines do not cover one another."""
    width = float(np.diff(places).min()) if places.size > 1 else 1.0
    return 0.06 * width * (code - (lines - 1) / 2)


def _with_halves(case: Case, means: list[Mean] | tuple[Mean, ...]) -> tuple[list[float], Floats]:
    """Means, and half the width of the interval that is drawn; 0 where there is none."""
    highs = [mean.points_high if case.drawn else mean.high for mean in means]
    y = [mean.mean for mean in means]
    return y, np.nan_to_num(np.array(highs) - np.array(y))


def plot_heat_map(finding: Finding, pair: Pair, ax: Axes | None = None) -> Axes:
    """Mean of the outcome at each pair of levels of two factors, as a map."""
    ax = axes_of(ax)
    case = finding.case
    one, other = (case.axis(key) for key in pair)
    fine = {"most": 40, "bins": 6}
    across, up = one.levels(**fine), other.levels(**fine)
    cells = np.array([
        [case.mean_of((across.codes == i) & (up.codes == j)).mean for i in range(len(across))]
        for j in range(len(up))
    ])  # fmt: skip
    image = ax.imshow(cells, origin="lower", aspect="auto", cmap="cividis")
    ax.set_facecolor("#EEEEEE")
    _map_ticks(ax, one, other, across, up)
    bar = ax.figure.colorbar(image, ax=ax, pad=0.02)
    bar.set_label(outcome_label(finding))
    bar.outline.set_visible(False)
    show_outcome(bar.ax, finding)
    if cells.size <= MOST_WRITTEN:
        _write_in(ax, finding, cells)
    return ax


def _map_ticks(ax: Axes, one: Axis, other: Axis, across: Levels, up: Levels) -> None:
    ax.set_xlabel(with_unit(one.label, one.unit))
    ax.set_ylabel(with_unit(other.label, other.unit))
    crowded = sum(map(len, across.texts)) > 60
    ax.set_xticks(range(len(across)), across.texts, rotation=45 if crowded else 0,
                  ha="right" if crowded else "center")  # fmt: skip
    ax.set_yticks(range(len(up)), up.texts)
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)


def _write_in(ax: Axes, finding: Finding, cells: Floats) -> None:
    from selforg_sim.analysis.words import value_text

    known = cells[np.isfinite(cells)]
    middle = (known.min() + known.max()) / 2 if known.size else 0.0
    for (j, i), value in np.ndenumerate(cells):
        text = value_text(finding.case.outcome.unit, float(value)) if math.isfinite(value) else "-"
        colour = "white" if value < middle else "#222222"
        ax.text(i, j, text, ha="center", va="center", fontsize=7.5, color=colour)


def ranked(finding: Finding) -> list[str]:
    """Keys of the factors, those that matter most first."""
    keys = [axis.key for axis in finding.case.axes]
    kind = next((kind for kind in RANK if finding.found.of_kind(kind)), None)
    if kind is None:
        return keys
    size = {index.factors[0]: index.value for index in finding.found.of_kind(kind)}
    return sorted(keys, key=lambda key: -size.get(key, -math.inf))


def pairs_worth_a_look(finding: Finding, most: int) -> list[Pair]:
    """Pairs of factors: those that explain something together, then those of leading ones."""
    sure = [index for index in finding.found.of_kind("second") if not index.unsure]
    best = sorted(sure, key=lambda index: -index.value)
    pairs = [(index.factors[0], index.factors[1]) for index in best]
    for one, other in combinations(ranked(finding)[:3], 2):
        if (one, other) not in pairs and (other, one) not in pairs:
            pairs.append((one, other))
    return pairs[:most]
