"""The figure of ``docs/performance.md``: against others, from small to large, where a day goes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

from selforg_sim.bench.report import times
from selforg_sim.results import drawing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_PHASES = 12
DRAWS = {"as verified": "the engine's draws", "plain": "plain draws"}


def draw(found: Mapping[str, Any], path: Path) -> None:
    """Draw the parts that were measured, side by side, into a file."""
    panels = [
        (name, panel) for name, panel in (
            ("twin", against_others), ("size", small_to_large), ("phases", shares)
        ) if name in found["parts"]
    ]  # fmt: skip
    plain = {"svg.hashsalt": "selforg", "svg.fonttype": "path"}
    with mpl.rc_context({**drawing.style(), **plain}):
        axes = drawing.new_axes(len(panels))
        for ax, (_, panel) in zip(axes, panels, strict=True):
            panel(found["parts"], ax)
        metadata = {"Date": None} if path.suffix == ".svg" else {"Software": None}
        axes[0].figure.savefig(path, dpi=130, metadata=metadata)
        plt.close(axes[0].figure)


def against_others(parts: Mapping[str, Any], ax: Axes) -> None:
    """How many times faster than the same model written otherwise."""
    bars = [
        (f"plain Mesa, {DRAWS[w['draws']]}\n{w['people']:,} people", w["times_faster"])
        for w in parts["twin"]["worlds"]
    ]
    if parts.get("numpy", {}).get("times_faster"):
        bars.append(("numpy,\nphases over members", parts["numpy"]["times_faster"]))
    names, values = zip(*bars, strict=True)
    ax.barh(range(len(bars)), values, color=drawing.BLUE, height=0.6)
    ax.set_xscale("log")
    ax.set_xlim(1, 3 * max(values))
    ax.xaxis.set_major_formatter("{x:,.0f}×")
    ax.set_yticks(range(len(bars)), names)
    ax.invert_yaxis()
    for row, value in enumerate(values):
        ax.text(value * 1.08, row, times(value), va="center", color=drawing.INK)
    ax.set_xlabel("times faster, per membership-day")
    drawing.title(ax, "The engine against others", "one thread each, the same days by turns")


def small_to_large(parts: Mapping[str, Any], ax: Axes) -> None:
    """Time per membership-day and person-day against the number of people."""
    sizes = parts["size"]["sizes"]
    people = np.array([s["people"] for s in sizes], dtype=float)
    lines = []
    for what, colour in (("membership", drawing.BLUE), ("person", drawing.VERMILION)):
        spreads = [s[f"ns_per_{what}_day"] for s in sizes]
        low, middle = (np.array([s[key] for s in spreads]) for key in ("min", "median"))
        lines.append(drawing.Line(what, colour, people, middle, low, middle))
        drawing.draw(ax, lines[-1])
        ax.plot(people, middle, "o", color=colour)
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.set_ylim(0, 1.1 * max(line.y.max() for line in lines))
    drawing.label_ends(ax, lines, [f"per {line.label}-day" for line in lines])
    ax.set_xlabel("people")
    ax.set_ylabel("nanoseconds")
    below = "medians of weeks; shaded down to the best"
    drawing.title(ax, "From small worlds to large ones", below)


def shares(parts: Mapping[str, Any], ax: Axes) -> None:
    """The phases that take most of a day."""
    phases = parts["phases"]["phases"][:MOST_PHASES]
    rows = range(len(phases))
    values = [phase["ns_per_membership_day"] for phase in phases]
    ax.barh(rows, values, color=drawing.GREEN, height=0.6)
    ax.set_yticks(rows, [phase["phase"] for phase in phases])
    ax.invert_yaxis()
    for row, phase in enumerate(phases):
        ax.text(values[row], row, f" {phase['share']:.0%}", va="center", color=drawing.INK)
    ax.set_xlabel("nanoseconds per membership-day")
    below = f"{parts['phases']['scenario']}, {parts['phases']['days']} days, one thread"
    drawing.title(ax, "Where a day goes", below)
