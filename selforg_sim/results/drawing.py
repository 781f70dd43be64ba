"""What all figures share: colours, marks, lines with bands, labels beside the lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's colours, which people with any colour vision can tell apart.
ORANGE, SKY, GREEN, BLUE = "#E69F00", "#56B4E9", "#009E73", "#0072B2"
VERMILION, PURPLE, GREY, INK = "#D55E00", "#CC79A7", "#8A8A8A", "#222222"
LINES = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)

STYLE = {
    "font.size": 9.0,
    "axes.titlesize": 11.0,
    "axes.labelcolor": "#444444",
    "axes.edgecolor": "#BBBBBB",
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "axes.unicode_minus": False,
}
_CHINESE = ("Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Zen Hei", "SimHei")


class Line(NamedTuple):
    """One line of a figure: values ``y`` over ``x``, a band from ``low`` to ``high``, a label at
    its end."""

    label: str
    colour: str
    x: np.ndarray
    y: np.ndarray
    low: np.ndarray
    high: np.ndarray
    mark: str = ""


def style() -> Any:
    """Settings for ``matplotlib.rc_context``, with a Chinese font if the machine has one."""
    from matplotlib import font_manager

    fonts = [name for name in _CHINESE if name in font_manager.get_font_names()]
    return {**STYLE, "font.family": ["DejaVu Sans", *fonts]}


def new_axes(count: int) -> list[Axes]:
    """Axes of a new figure, side by side."""
    import matplotlib.pyplot as plt

    _, axes = plt.subplots(
        1, count, figsize=(5.6 * count, 4.2), layout="constrained", squeeze=False
    )
    return list(axes[0])


def title(ax: Axes, text: str, below: str = "") -> None:
    """A title at the left that says what is plotted, and a line below it that says how to read
    it."""
    ax.set_title(text, loc="left", fontweight="bold", color=INK, pad=20 if below else 8)
    if below:
        ax.text(0, 1.02, below, transform=ax.transAxes, fontsize=8, color="#666666", va="bottom")


def say(ax: Axes, heading: str, sentence: str) -> Axes:
    """A sentence in the place of a figure that has nothing to show."""
    title(ax, heading)
    ax.set_axis_off()
    ax.text(
        0.5,
        0.5,
        sentence,
        transform=ax.transAxes,
        ha="center",
        va="center",
        color="#666666",
        wrap=True,
    )
    return ax


def draw(ax: Axes, line: Line, *, width: float = 1.8) -> None:
    """A line with its band, its marks, and a dot where there is one day only."""
    if not np.isfinite(line.y).any():
        return
    known = np.isfinite(line.low) & np.isfinite(line.high)
    if known.any() and np.any(line.high[known] > line.low[known]):
        ax.fill_between(line.x, line.low, line.high, color=line.colour, alpha=0.16, linewidth=0)
    hollow = line.mark == "o-"
    ax.plot(
        line.x,
        line.y,
        color=line.colour,
        linewidth=width,
        marker=line.mark[:1] or ("o" if len(line.x) == 1 else ""),
        markevery=np.unique(np.linspace(0.06, 0.94, 7) * (len(line.x) - 1) // 1)
        .astype(int)
        .tolist(),
        markersize=6,
        markerfacecolor="white" if hollow else line.colour,
        solid_capstyle="round",
    )


def label_ends(ax: Axes, lines: Sequence[Line], texts: Sequence[str]) -> None:
    """Write each line's text to the right of where it ends, pushed apart where they would
    overlap."""
    ends = []
    for line, text in zip(lines, texts, strict=True):
        known = np.flatnonzero(np.isfinite(line.y))
        if len(known):
            ends.append((line, text, line.x[known[-1]], line.y[known[-1]]))
    if not ends:
        return
    to_axes = ax.transData + ax.transAxes.inverted()
    heights = [float(to_axes.transform((x, y))[1]) for _, _, x, y in ends]
    for (line, text, _, _), height in zip(ends, spread_out(heights, 0.062), strict=True):
        ax.text(
            1.015,
            height,
            text,
            transform=ax.transAxes,
            color=line.colour,
            va="center",
            fontsize=8.5,
            fontweight="bold",
        )


def spread_out(heights: Sequence[float], gap: float) -> list[float]:
    """Heights moved so that none is nearer to the next than ``gap`` and all are between 0 and 1.

    >>> [round(h, 2) for h in spread_out([0.5, 0.5, 0.9], 0.1)]
    [0.45, 0.55, 0.9]
    >>> [round(h, 2) for h in spread_out([1.0, 1.0], 0.1)]
    [0.89, 0.99]
    """
    order = np.argsort(heights, kind="stable")
    placed = np.asarray(heights, float)[order]
    for _ in range(100):
        short = gap - np.diff(placed)
        if not (short > 1e-4).any():
            break
        push = np.where(short > 0, short / 2, 0)
        placed[:-1] -= push
        placed[1:] += push
    steps = gap * np.arange(len(placed))
    placed = np.minimum(placed, 0.99 - steps[::-1])
    placed = np.maximum(placed, 0.01 + steps)
    result = np.empty(len(placed))
    result[order] = placed
    return [float(height) for height in result]


def room_right(ax: Axes, days: np.ndarray) -> None:
    """Limits of a time axis, so that lines end at the edge and a single day has room."""
    from matplotlib.ticker import MaxNLocator

    first, last = float(days.min()), float(days.max())
    if first == last:
        ax.set_xlim(first - 0.5, last + 0.5)
        ax.set_xticks([first], [f"{first:.0f}"])
    else:
        ax.set_xlim(first, last)
        ax.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
    ax.set_xlabel("day")


def middle(
    values: np.ndarray, low: float = 0.1, high: float = 0.9
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Median and two quantiles over the columns, skipping what is missing.

    Parameters
    ----------
    values : shape (days, replicates or groups).
    """
    result = np.full((3, len(values)), np.nan)
    some = np.isfinite(values).any(axis=1)
    if some.any():
        result[:, some] = np.nanquantile(values[some], [0.5, low, high], axis=1)
    return result[0], result[1], result[2]
