"""Figure of the leave ledger: why people left, by week and by group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from selforg_sim.results import drawing
from selforg_sim.results.drawing import say, title
from selforg_sim.results.reasons import COLUMNS, SHORT, ended, keeps_reasons, main_ones

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from selforg_sim.results.store import Results

WEEK = 7
MOST_GROUPS = 12
LONGEST_NAME = 14
YELLOW, PALE = "#F0E442", "#DDDDDD"
# Reasons that a chance was taken apart into are plain, those that stand by themselves hatched.
LOOKS = {
    "little_trust": (drawing.BLUE, ""),
    "no_returns": (drawing.ORANGE, ""),
    "trouble": (drawing.VERMILION, ""),
    "crowding": (drawing.PURPLE, ""),
    "value_mismatch": (drawing.GREEN, ""),
    "weak_supply": (drawing.SKY, ""),
    "no_friends": (YELLOW, ""),
    "restlessness": ("#444444", ""),
    "no_time": (drawing.SKY, "////"),
    "better_group": (drawing.BLUE, "////"),
    "removed": (drawing.VERMILION, "////"),
    "group_ended": (drawing.GREY, "////"),
    "event": (drawing.GREEN, "////"),
    "own_program": (drawing.PURPLE, "////"),
    "other": (PALE, ""),
}


def plot_why(results: Results, axes: Sequence[Axes] | None = None) -> tuple[Axes, Axes]:
    """Why people left: shares of the reasons by week, and in the groups that most people left.

    All ended memberships count, those of all replicates together. At most seven reasons have a
    look of their own; the others are summed up.
    """
    by_week, by_group = axes if axes is not None else drawing.new_axes(2)
    heading = "Why people left"
    if not keeps_reasons(results):
        sentence = "The scenario does not record memberships\n(record.spells = false)."
        by_group.set_axis_off()
        return say(by_week, heading, sentence), by_group
    spells = ended(results)
    if not len(spells):
        by_group.set_axis_off()
        return say(by_week, heading, "Nobody left a group in this run."), by_group
    parts = _summed_up(spells)
    runs = f", {results.replicates} runs together" if results.replicates > 1 else ""
    title(by_week, heading + ", by week", f"Shares of the reasons; above: how many left{runs}")
    _draw_weeks(by_week, spells["left"].to_numpy(int), parts)
    title(by_group, heading + ", by group", _which(spells["group"].nunique()))
    _draw_groups(by_group, spells["group"], parts, group_names(results))
    _explain(by_group, [str(reason) for reason in parts])
    return by_week, by_group


def _summed_up(spells: pd.DataFrame) -> pd.DataFrame:
    """Shares of the main reasons, and of all others together; largest first."""
    shares = spells[list(COLUMNS)].rename(columns=lambda name: name.removeprefix("why_"))
    shares = shares.astype(float)
    main = main_ones({str(name): float(share) for name, share in shares.sum().items()})
    other = shares.drop(columns=main).sum(axis=1)
    parts: pd.DataFrame = shares[main]
    return parts.assign(other=other) if other.sum() > 0 else parts


def _which(groups: int) -> str:
    if groups <= MOST_GROUPS:
        return "Shares of the reasons; behind the name: how many left"
    return (
        f"The {MOST_GROUPS} of {groups:,} groups that most people left; behind the name: how many"
    )


def _draw_weeks(ax: Axes, left: np.ndarray, parts: pd.DataFrame) -> None:
    """Stacked shares by week, and the numbers of those who left above some of them."""
    sums = parts.groupby(np.maximum(left - 1, 0) // WEEK).sum()
    counts = np.bincount(np.maximum(left - 1, 0) // WEEK)
    weeks = sums.index.to_numpy(int)
    whole = np.maximum(sums.sum(axis=1).to_numpy(float), 1e-12)
    bottom = np.zeros(len(weeks))
    for reason in parts:
        height = sums[reason].to_numpy(float) / whole
        colour, hatch = LOOKS[str(reason)]
        ax.bar(
            weeks * WEEK + 0.5,
            height,
            WEEK * 0.94,
            bottom,
            align="edge",
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0,
        )
        bottom += height
    step = max(1, -(-len(weeks) // 9))
    for week in weeks[step // 2 :: step]:
        middle = week * WEEK + 0.5 + WEEK / 2
        ax.text(middle, 1.01, f"{counts[week]:,}", ha="center", va="bottom", fontsize=7.5)
    _day_axis(ax, int(left.max()))


def _day_axis(ax: Axes, last: int) -> None:
    weeks = 1 + max(last - 1, 0) // WEEK
    ends = WEEK * np.arange(0, weeks + 1, max(1, -(-weeks // 8)))
    ax.set_xlim(0.5, WEEK * weeks + 0.5)
    ax.set_xticks(ends + 0.5, [str(end) for end in ends])
    ax.set_xlabel("day of leaving")
    ax.set_ylim(0, 1.07)
    ax.set_yticks(np.linspace(0, 1, 5), [f"{part:.0%}" for part in np.linspace(0, 1, 5)])


def _draw_groups(ax: Axes, group: pd.Series, parts: pd.DataFrame, names: dict[int, str]) -> None:
    """Stacked shares of the groups that most people left, largest at the top."""
    counts = group.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    shown = counts.index[:MOST_GROUPS]
    sums = parts.groupby(group.to_numpy()).sum().loc[shown]
    whole = np.maximum(sums.sum(axis=1).to_numpy(float), 1e-12)
    height, before = np.arange(len(shown)), np.zeros(len(shown))
    for reason in parts:
        width = sums[reason].to_numpy(float) / whole
        colour, hatch = LOOKS[str(reason)]
        ax.barh(
            height, width, 0.78, before, color=colour, hatch=hatch, edgecolor="white", linewidth=0
        )
        before += width
    told = [f"{_short(names.get(g, f'group {g}'))}  {counts[g]:,}" for g in shown]
    ax.set_yticks(height, told)
    ax.set_ylim(max(len(shown), 4) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(0, 1)
    ax.set_xticks(np.linspace(0, 1, 5), [f"{part:.0%}" for part in np.linspace(0, 1, 5)])
    ax.set_xlabel("share of the reasons")


def _explain(ax: Axes, reasons: list[str]) -> None:
    """The looks of the reasons, to the right of the bars in the order of the stack."""
    from matplotlib.patches import Patch

    boxes = []
    for reason in reversed(reasons):
        colour, hatch = LOOKS[reason]
        label = SHORT.get(reason, "other")
        boxes.append(Patch(facecolor=colour, hatch=hatch, edgecolor="white", label=label))
    ax.legend(
        handles=boxes,
        loc="upper left",
        bbox_to_anchor=(1.02, 1.02),
        frameon=False,
        fontsize=8.5,
        handlelength=1.3,
        handleheight=1.1,
        borderaxespad=0,
    )


def group_names(results: Results) -> dict[int, str]:
    """Names of the groups by number; empty if the results hold no table of groups."""
    if "groups" not in results.tables:
        return {}
    groups = results.table("groups", ("group", "name")).drop_duplicates("group")
    return dict(zip(groups["group"], map(str, groups["name"]), strict=True))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
