"""Pictures of indices: bars of shares, the plane of elementary effects, effects of values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from selforg_sim.analysis.analysis import Finding
from selforg_sim.analysis.found import Effect, Index
from selforg_sim.analysis.pictures.effects import ranked
from selforg_sim.analysis.pictures.frame import (
    PALE,
    axes_of,
    change_label,
    short_names,
    show_changes,
    wrapped,
)
from selforg_sim.results import drawing
from selforg_sim.results.drawing import say, spread_out, title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BARS = {
    "first": ("by itself (first order)", drawing.BLUE),
    "total": ("with interactions (total)", drawing.ORANGE),
    "second": ("two together (second order)", drawing.GREEN),
    "pawn": ("distance of distributions (PAWN)", drawing.PURPLE),
}
"""Indices that are drawn as bars: what they are called, and their colour."""
MOST_PAIRS = 12
LINE_OF_NAMES = 30
LEAST_SHARE = 0.1
"""An axis of shares goes up to this at least, so that nothing looks like much."""


def plot_indices(finding: Finding, kinds: Sequence[str], ax: Axes | None = None) -> Axes:
    """Bars of indices, the largest on top, with intervals; pale where it may be nothing."""
    from matplotlib.ticker import MaxNLocator

    ax = axes_of(ax)
    heading = "; ".join(BARS[kind][0] for kind in kinds)
    bars = {kind: {index.factors: index for index in finding.found.of_kind(kind)} for kind in kinds}
    rows = _rows(finding, bars[kinds[-1]])
    if not rows:
        return say(ax, heading, "Nothing was found.")
    thick = 0.8 / len(kinds)
    for place, kind in enumerate(kinds):
        for row, factors in enumerate(rows):
            if (index := bars[kind].get(factors)) is not None:
                _bar(ax, index, row + thick * (place - (len(kinds) - 1) / 2), 0.86 * thick)
    names = [_name(finding, factors) for factors in rows]
    ax.set_yticks(range(len(rows)), names)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.axvline(0.0, color="#BBBBBB", linewidth=0.8)
    ax.set_xlim(right=max(ax.get_xlim()[1], LEAST_SHARE))
    ax.xaxis.set_major_locator(MaxNLocator(nbins=5))
    ax.set_xlabel("distance, 0 to 1" if kinds == ("pawn",) else "share of the variance")
    _bar_names(ax, kinds)
    return ax


def _rows(finding: Finding, indices: dict[tuple[str, ...], Index]) -> list[tuple[str, ...]]:
    if any(len(factors) > 1 for factors in indices):
        return sorted(indices, key=lambda factors: -indices[factors].value)[:MOST_PAIRS]
    return [(key,) for key in ranked(finding) if (key,) in indices]


def _name(finding: Finding, factors: tuple[str, ...]) -> str:
    if len(factors) > 1:
        return " ×\n".join(short_names(finding)[key] for key in factors)
    return wrapped(finding.case.axis(factors[0]).label, LINE_OF_NAMES)


def _bar(ax: Axes, index: Index, at: float, height: float) -> None:
    colour = BARS[index.kind][1]
    pale = PALE if index.unsure else 1.0
    ax.barh(at, index.value, height=height, color=colour, alpha=pale, linewidth=0)
    if math.isfinite(index.low):
        ends = (index.low, index.high)
        ax.plot(ends, (at, at), color=drawing.INK, linewidth=1.1, alpha=0.4 + 0.6 * (pale == 1.0))
    if index.nothing:
        ends = (at - height / 2, at + height / 2)
        ax.plot((index.nothing, index.nothing), ends, color=drawing.VERMILION, linewidth=1.4)


def _bar_names(ax: Axes, kinds: Sequence[str]) -> None:
    """A title of the bars' names in their colours, in place of a legend."""
    for line, kind in enumerate(kinds):
        name, colour = BARS[kind]
        ax.annotate(
            name, (0, 1), (0, 5 + 13 * (len(kinds) - 1 - line)), xycoords="axes fraction",
            textcoords="offset points", color=colour, fontweight="bold", fontsize=9.5, va="bottom",
        )  # fmt: skip


def plot_elementary_effects(finding: Finding, ax: Axes | None = None) -> Axes:
    """The plane after Morris: mean size of the effects across, their spread up."""
    ax = axes_of(ax)
    star = finding.found.of_kind("mu_star")
    sigma = {index.factors: index.value for index in finding.found.of_kind("sigma")}
    if not star:
        return say(ax, "Elementary effects", "Nothing was found.")
    x = np.array([index.value for index in star])
    y = np.array([sigma[index.factors] for index in star])
    right = max(float(np.nanmax([i.high for i in star])), float(x.max())) * 1.08 or 1.0
    top = max(float(y.max()) * 1.1, 1e-12)
    ax.set_xlim(min(0.0, min(i.low for i in star)), right)
    ax.set_ylim(-0.03 * top, top)
    edge = min(right, top)
    ax.plot((0, edge), (0, edge), color=drawing.GREY, linewidth=0.8, linestyle=":")
    for index, across, up in zip(star, x, y, strict=True):
        alpha = PALE if index.unsure else 1.0
        ends = (index.low, index.high)
        ax.plot(ends, (up, up), color=drawing.BLUE, linewidth=1.1, alpha=alpha)
        ax.plot(across, up, "o", color=drawing.BLUE, markersize=6, alpha=alpha, clip_on=False)
    _names_at_the_side(ax, finding, star, x, y)
    show_changes(ax, finding, "xy")
    ax.set_xlabel(f"mean size of the effect (mu*): {change_label(finding)}")
    ax.set_ylabel("spread of the effect (sigma)")
    return ax


def _names_at_the_side(
    ax: Axes, finding: Finding, indices: Sequence[Index], x: np.ndarray, y: np.ndarray
) -> None:
    """Names at the right, each with a line to its point, so that none covers another."""
    to_axes = ax.transData + ax.transAxes.inverted()
    at = to_axes.transform(np.column_stack([x, y]))
    heights = (at[:, 1] - 1e-6 * at[:, 0]).tolist()  # at the same height lines then do not cross
    places = spread_out(heights, 0.055)
    for index, across, up, height in zip(indices, x, y, places, strict=True):
        pale = index.unsure
        ax.annotate(
            finding.case.axis(index.factors[0]).label, (across, up), (1.06, height),
            textcoords="axes fraction", va="center", fontsize=8.5,
            color=drawing.GREY if pale else drawing.INK,
            arrowprops={"arrowstyle": "-", "color": "#BBBBBB", "linewidth": 0.7,
                        "shrinkA": 1, "shrinkB": 4, "relpos": (0, 0.5)}, zorder=1,
        )  # fmt: skip


def plot_changes(finding: Finding, ax: Axes | None = None) -> Axes:
    """What each value of each factor changes in the scenario, with intervals."""
    ax = axes_of(ax)
    effects = [effect for effect in finding.found.effects if len(effect.factors) == 1]
    if not effects:
        return say(ax, "Effects", "Nothing was found.")
    rows = _grouped(effects)
    ax.axvline(0.0, color=drawing.GREY, linewidth=0.8)
    for row, effect in rows:
        alpha = PALE if effect.unsure else 1.0
        if math.isfinite(effect.low):
            ends = (effect.low, effect.high)
            ax.plot(ends, (row, row), color=drawing.BLUE, linewidth=1.2, alpha=alpha)
        ax.plot(effect.value, row, "o", color=drawing.BLUE, markersize=5, alpha=alpha)
    ax.set_yticks([row for row, _ in rows], [effect.levels[0] for _, effect in rows])
    ax.set_ylim(rows[-1][0] + 0.7, -1.3)
    ax.tick_params(axis="y", length=0)
    for place, key in enumerate(dict.fromkeys(effect.factors[0] for effect in effects)):
        first = next(row for row, effect in rows if effect.factors[0] == key)
        ax.text(0.0, first - 0.75, finding.case.axis(key).label, fontweight="bold", fontsize=9,
                transform=ax.get_yaxis_transform(), va="center", color=drawing.INK)  # fmt: skip
        if place:
            ax.axhline(first - 1.15, color="#E5E5E5", linewidth=0.8)
    show_changes(ax, finding, "x")
    ax.set_xlabel(f"change of {change_label(finding)}")
    return ax


def _grouped(effects: Sequence[Effect]) -> list[tuple[float, Effect]]:
    """Effects with their rows, with room above each factor for its name."""
    rows, at, before = [], 0.0, effects[0].factors
    for effect in effects:
        if effect.factors != before:
            at, before = at + 1.0, effect.factors
        rows.append((at, effect))
        at += 1.0
    return rows


__all__ = ["plot_changes", "plot_elementary_effects", "plot_indices", "title"]
