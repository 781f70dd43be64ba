"""Figures of results. Each function draws on the axes given, or on new ones, and returns them.

Lines are medians and bands the middle 80 per cent of the replicates, where a scenario was run
more than once.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from selforg_sim.results import drawing
from selforg_sim.results.drawing import Line, draw, label_ends, middle, room_right, say, title
from selforg_sim.results.measures import leaving_curve, success_over_time
from selforg_sim.results.why_plots import plot_why

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from selforg_sim.results.store import Results

FEW_GROUPS = 6
HIGHLIGHTED = 4
THIN = 60
LONGEST_NAME = 14
# column of the series: name, colour, mark ("o-" is a hollow circle)
STANDINGS = {
    "owner_present": ("owner", drawing.ORANGE, "*"),
    "core_layer": ("core", drawing.BLUE, "o"),
    "contributors": ("contributor", drawing.GREEN, "^"),
    "lurkers": ("lurker", drawing.SKY, "o-"),
    "quiet": ("quiet", drawing.GREY, "_"),
    "troublemakers": ("troublemaker", drawing.VERMILION, "x"),
}
SUCCESS = {
    "retained": ("stayed", drawing.BLUE, "s"),
    "involved": ("took part", drawing.GREEN, "^"),
    "with_results": ("got results", drawing.ORANGE, "D"),
    "happy": ("happy", drawing.PURPLE, "o"),
}
NOBODY = "No group ever had a member in this run,\nso there is nothing to draw."


def plot_size_and_belonging(
    results: Results, axes: Sequence[Axes] | None = None
) -> tuple[Axes, Axes]:
    """Members and belonging of the groups over time, side by side.

    Up to six groups have a line each. Of more, the four that were largest on average are named,
    the others are thin and grey, and a band shows the middle half of the groups. Belonging is
    that of groups with two members or more: an owner alone belongs to himself.
    """
    size_axes, belonging_axes = axes if axes is not None else drawing.new_axes(2)
    columns = ("replicate", "day", "group", "size", "belonging", "belonging_low", "belonging_high")
    series = results.table("series", columns)
    _plot_groups(size_axes, results, series, "size", "Members of the groups", "members")
    _plot_groups(
        belonging_axes, results, series, "belonging", "Belonging in the groups", "mean belonging"
    )
    if belonging_axes.axison:
        belonging_axes.set_ylim(0, 1)
    return size_axes, belonging_axes


def plot_standings(results: Results, ax: Axes | None = None) -> Axes:
    """How many members have which standing, all groups together, over time (logarithmic scale)."""
    ax = ax if ax is not None else drawing.new_axes(1)[0]
    heading = "Who is what"
    series = results.table("series", ("replicate", "day", "size", *STANDINGS))
    if _empty(series):
        return say(ax, heading, NOBODY)
    sums = series.groupby(["replicate", "day"])[list(STANDINGS)].sum().reset_index()
    lines = [_over_replicates(sums, column, *STANDINGS[column]) for column in STANDINGS]
    title(
        ax,
        heading,
        "Memberships by standing, all groups together; logarithmic scale" + _bands(results),
    )
    ax.set_yscale("symlog", linthresh=1, linscale=0.35)
    for line in lines:
        draw(ax, line)
    top = max(float(np.nanmax(line.high)) for line in lines)
    ax.set_ylim(-0.08, top * 1.5 + 1)
    ax.yaxis.set_major_formatter(_whole_numbers)
    ax.set_ylabel("memberships")
    room_right(ax, lines[0].x)
    label_ends(ax, lines, [f"{line.label} {line.y[-1]:,.0f}" for line in lines])
    return ax


def plot_success(results: Results, ax: Axes | None = None) -> Axes:
    """The four measures of success, all groups together, over time."""
    ax = ax if ax is not None else drawing.new_axes(1)[0]
    heading = "Four measures of success"
    if _empty(results.table("series", ("size",))):
        return say(ax, heading, NOBODY)
    days = success_over_time(results)
    lines = [_over_replicates(days, column, *SUCCESS[column]) for column in SUCCESS]
    title(ax, heading, "All groups together" + _bands(results))
    for line in lines:
        draw(ax, line)
    ax.set_ylim(0, 1)
    ax.yaxis.set_major_formatter(_per_cent)
    ax.set_ylabel("share (stayed: of all who joined; others: of members)")
    room_right(ax, lines[0].x)
    label_ends(ax, lines, [f"{line.label}{_last_share(line)}" for line in lines])
    return ax


def plot_leaving(results: Results, ax: Axes | None = None) -> Axes:
    """The chance of leaving on a day, by the days somebody has been a member (both logarithmic).

    The numbers above the points say how many memberships lasted that long.
    """
    from matplotlib.ticker import LogLocator, NullLocator

    ax = ax if ax is not None else drawing.new_axes(1)[0]
    heading = "Chance of leaving by time in the group"
    if "spells" not in results.tables:
        return say(
            ax, heading, "The scenario does not record memberships\n(record.spells = false)."
        )
    curve = leaving_curve(results)
    if not (curve["leaves"] > 0).any():
        return say(ax, heading, "Nobody left a group in this run.")
    wide = curve.pivot(index="tenure_low", columns="replicate", values="hazard")
    by_low = curve.groupby("tenure_low")
    tenure, at_risk = by_low["tenure"].median(), by_low["at_risk"].sum()
    median, low, high = middle(wide.to_numpy(float))
    seen = median > 0
    line = Line("", drawing.BLUE, tenure.to_numpy()[seen], median[seen], low[seen], high[seen], "o")
    title(
        ax,
        heading,
        "Numbers: memberships that lasted that long; logarithmic scales" + _bands(results),
    )
    ax.set(xscale="log", yscale="log")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_minor_locator(NullLocator())
    _draw_hazard(ax, line, at_risk.to_numpy()[seen])
    ax.xaxis.set_major_formatter(_whole_numbers)
    ax.yaxis.set_major_formatter(_per_cent)
    ax.set_xlabel("days as a member")
    ax.set_ylabel("chance of leaving per day")
    return ax


def save_figures(results: Results, folder: Path) -> list[Path]:
    """Write all figures as PNG into a folder; returns their paths.

    Raises
    ------
    OSError
        The disk is full or not writable.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with mpl.rc_context(drawing.style()):
        for name, draw_figure, count in (
            ("size_and_belonging", plot_size_and_belonging, 2),
            ("standings", plot_standings, 1),
            ("success", plot_success, 1),
            ("leaving", plot_leaving, 1),
            ("why", plot_why, 2),
        ):
            layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.08)
            figure = Figure(figsize=(1.6 + 5.2 * count, 4.2), layout=layout)
            axes = figure.subplots(1, count)
            draw_figure(results, axes)
            written.append(folder / f"{name}.png")
            figure.savefig(written[-1], dpi=144, metadata={"Software": None})
    return written


def _plot_groups(
    ax: Axes, results: Results, series: pd.DataFrame, column: str, heading: str, unit: str
) -> None:
    if _empty(series):
        say(ax, heading, NOBODY)
        return
    series = series[series["size"] > 1] if column != "size" else series
    if not len(series):
        say(ax, heading, NOBODY)
        return
    if series["group"].nunique() <= FEW_GROUPS:
        lines, below = _few_groups(results, series, column)
    else:
        lines, below = _many_groups(ax, results, series, column)
    title(ax, heading, below)
    for line in lines:
        draw(ax, line)
    ax.set_ylabel(unit)
    if column == "size":
        ax.set_ylim(bottom=0)
    else:
        ax.set_ylim(0, 1)
    room_right(ax, series["day"].to_numpy())
    label_ends(ax, lines, [line.label for line in lines])


def _few_groups(results: Results, series: pd.DataFrame, column: str) -> tuple[list[Line], str]:
    names, lines = _names(results), []
    quartiles = column == "belonging" and results.replicates == 1
    for number, group in enumerate(sorted(series["group"].unique())):
        part = series[series["group"] == group]
        line = _over_replicates(
            part, column, names.get(group, f"group {group}"), drawing.LINES[number]
        )
        if quartiles:
            low = part["belonging_low"].to_numpy(float)
            line = line._replace(low=low, high=part["belonging_high"].to_numpy(float))
        lines.append(line)
    if quartiles:
        return lines, "A line per group; bands: the middle half of its members"
    runs = _bands(results)
    if runs and column == "belonging":
        runs += " while it lives"
    return lines, "A line per group" + runs


def _many_groups(
    ax: Axes, results: Results, series: pd.DataFrame, column: str
) -> tuple[list[Line], str]:
    from matplotlib.collections import LineCollection

    names = _names(results)
    first = series[series["replicate"] == series["replicate"].min()]
    lived = first.groupby("group")["size"].sum().sort_values(ascending=False, kind="stable")
    shown, named = list(lived.index[: HIGHLIGHTED + THIN]), list(lived.index[:HIGHLIGHTED])
    wide = first[first["group"].isin(shown)].pivot(index="day", columns="group", values=column)
    days = wide.index.to_numpy(float)
    thin = [np.column_stack([days, wide[g].to_numpy(float)]) for g in shown[HIGHLIGHTED:]]
    ax.add_collection(LineCollection(thin, colors="#BBBBBB", linewidths=0.5, alpha=0.5, zorder=1))
    nothing = np.full(len(days), np.nan)
    lines = [
        Line(names.get(g, f"group {g}"), colour, days, wide[g].to_numpy(float), nothing, nothing)
        for g, colour in zip(named, drawing.LINES, strict=False)
    ]
    living = (
        series[series["size"] > 0]
        .groupby("day")[column]
        .quantile(np.array([0.25, 0.5, 0.75]))
        .unstack()
    )
    low, median, high = (living[part].to_numpy(float) for part in (0.25, 0.5, 0.75))
    every = Line("median", drawing.INK, living.index.to_numpy(float), median, low, high)
    return [*lines, every], _about_many_groups(results, len(lived), len(thin))


def _about_many_groups(results: Results, groups: int, thin: int) -> str:
    grey = "others" if groups == HIGHLIGHTED + thin else f"{thin} next"
    lines = f"4 largest on average, {grey} in grey"
    if results.replicates == 1:
        return f"{groups:,} groups: {lines}; black, band: middle of those alive"
    return f"Run 1: {lines}; black, band: middle of those alive, all runs"


def _over_replicates(
    frame: pd.DataFrame, column: str, label: str, colour: str, mark: str = ""
) -> Line:
    wide = frame.pivot(index="day", columns="replicate", values=column)
    if column == "size":
        wide = with_nobody(wide)
    return Line(label, colour, wide.index.to_numpy(float), *middle(wide.to_numpy(float)), mark)


def with_nobody(wide: pd.DataFrame) -> pd.DataFrame:
    """Sizes by day and run, with 0 for the days after the group's end: an ended group has nobody.

    >>> import pandas as pd
    >>> with_nobody(pd.DataFrame({0: [None, 3, None], 1: [2, 4, 5]})).to_numpy().tolist()
    [[nan, 2.0], [3.0, 4.0], [0.0, 5.0]]
    """
    begun = wide.notna().cummax()
    return wide.astype(float).mask(begun & wide.isna(), 0.0)


def _draw_hazard(ax: Axes, line: Line, at_risk: np.ndarray) -> None:
    if np.any(line.high > line.low):
        low = np.where(line.low > 0, line.low, line.y / 10)
        ax.fill_between(line.x, low, line.high, color=line.colour, alpha=0.16, linewidth=0)
    ax.plot(line.x, line.y, color=line.colour, linewidth=1.4)
    sizes = 18 + 60 * np.sqrt(at_risk / at_risk.max())
    ax.scatter(line.x, line.y, s=sizes, color=line.colour, zorder=3)
    for x, y, number in zip(line.x, line.y, at_risk, strict=True):
        ax.annotate(
            f"{number:,.0f}", (x, y), (0, 9), textcoords="offset points", ha="center", fontsize=7.5
        )
    ax.margins(x=0.08, y=0.15)


def _names(results: Results) -> dict[int, str]:
    if "groups" not in results.tables:
        return {}
    groups = results.table("groups", ("group", "name")).drop_duplicates("group")
    names = (_short(str(name)) for name in groups["name"])
    return dict(zip(groups["group"], names, strict=True))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _empty(series: pd.DataFrame) -> bool:
    return len(series) == 0 or not (series["size"] > 0).any()


def _bands(results: Results) -> str:
    if results.replicates == 1:
        return ""
    return f"; medians and middle 80% of {results.replicates} runs"


def _last_share(line: Line) -> str:
    return f" {line.y[-1]:.0%}" if np.isfinite(line.y[-1]) else ""


def _whole_numbers(value: float, _: object = None) -> str:
    return f"{value:,.0f}" if value >= 0 else ""


def _per_cent(value: float, _: object = None) -> str:
    return f"{value:.2g}%" if (value := 100 * value) < 1 else f"{value:.0f}%"
