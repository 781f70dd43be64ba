"""Measures over results: the headline numbers of a run, and the chance of leaving by tenure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from selforg_sim.results.store import Results

MONTH = 30
LEAVING = ("quit", "moved", "removed", "drifted off")
_LEAVES = ("quits", "moved", "removals", "split_off", "ended")
_SUCCESS = ("size", "ever_joined", "involved", "with_results", "happy")
_HEADLINE_COLUMNS = ("replicate", "day", "group", *_SUCCESS, *_LEAVES, "quiet", "belonging")


@dataclass(frozen=True, slots=True)
class Headline:
    """One headline number: its value in each replicate, their median and their spread.

    ``low`` and ``high`` bound the middle 80 per cent of the replicates. NaN says that the number
    is not defined, for example a share of nobody.
    """

    name: str
    label: str
    unit: str
    meaning: str
    per_replicate: tuple[float, ...]
    median: float
    low: float
    high: float


# name: label, unit, meaning
HEADLINES: dict[str, tuple[str, str, str]] = {
    "retained": (
        "stayed",
        "share",
        "Of all memberships ever begun, those still open at the end.",
    ),
    "involved": ("took part", "share", "Members who gave or came in the last seven days."),
    "with_results": (
        "got results",
        "share",
        "Members with more returns or learning than expected.",
    ),
    "happy": ("happy", "share", "Members who experience the value they expect."),
    "people_in_groups": (
        "people in groups",
        "people",
        "People who are in at least one group at the end.",
    ),
    "memberships": ("memberships", "memberships", "Members of all groups together at the end."),
    "memberships_per_person": (
        "groups per person",
        "groups",
        "Of those in a group at the end.",
    ),
    "groups_founded": (
        "groups ever opened",
        "groups",
        "Groups that opened, the given ones included.",
    ),
    "groups_alive": ("groups alive", "groups", "Groups with members at the end."),
    "mean_size": ("mean size of a group", "people", "Members per living group at the end."),
    "largest": ("largest group", "people", "Members of the largest group at the end."),
    "quiet": ("quiet", "share", "Members who stay and do not care."),
    "belonging": ("mean belonging", "share", "Mean over all members at the end."),
    "churn": (
        "monthly churn",
        "share",
        "Members lost in the last 30 days, of those there were.",
    ),
    "removals": ("removals", "members", "Members removed during the whole run."),
}


def headline(results: Results) -> list[Headline]:
    """The headline numbers at the end of the run, in the order of `HEADLINES`."""
    table = headline_table(results)
    return [_summary(name, table[name].to_numpy(float)) for name in HEADLINES]


def headline_table(results: Results) -> pd.DataFrame:
    """The headline numbers, one row per replicate and one column per number."""
    import pandas as pd

    series = results.table("series", _HEADLINE_COLUMNS)
    members, joined = _people_in_groups(results), _groups_founded(results)
    rows = []
    for replicate in range(results.replicates):
        row = _of_replicate(series[series["replicate"] == replicate])
        row["people_in_groups"] = members.get(replicate, np.nan)
        row["groups_founded"] = joined.get(replicate, np.nan)
        row["memberships_per_person"] = _ratio(row["memberships"], row["people_in_groups"])
        rows.append({name: row[name] for name in HEADLINES})
    frame = pd.DataFrame(rows, columns=list(HEADLINES), dtype=float)
    frame.index.name = "replicate"
    return frame


def success_over_time(results: Results) -> pd.DataFrame:
    """The four success measures of all groups together; a row per replicate and recorded day.

    Columns ``retained``, ``involved``, ``with_results``, ``happy``: shares, NaN while nobody
    joined.
    """
    series = results.table("series", ("replicate", "day", "group", *_SUCCESS))
    day = series.groupby(["replicate", "day"])[list(_SUCCESS)].sum()
    ever = series.pivot_table(
        index=["replicate", "day"], columns="group", values="ever_joined", aggfunc="max"
    )
    if len(day):
        day["ever_joined"] = ever.groupby(level="replicate").ffill().sum(axis=1)
    members = day["size"].where(day["size"] > 0)
    day["retained"] = day["size"] / day["ever_joined"].where(day["ever_joined"] > 0)
    for name in ("involved", "with_results", "happy"):
        day[name] = day[name] / members
    return day[["retained", "involved", "with_results", "happy"]].reset_index()


def leaving_curve(results: Results, reasons: Sequence[str] = LEAVING) -> pd.DataFrame:
    """The chance of leaving on a day, by the days somebody has been a member.

    Memberships that are still open, or that ended for another reason than ``reasons`` (the group
    dissolved or split, say), count as long as they lasted and then no more: they are censored.

    Returns
    -------
    A row per replicate and stretch of tenure (each twice as long as the one before):
    ``tenure_low`` and ``tenure_high`` (days, the last one included), ``tenure`` (their geometric
    mean), ``at_risk`` (memberships that lasted to its first day), ``days`` (membership-days in
    it), ``leaves``, and ``hazard`` (leaves per day).
    """
    import pandas as pd

    spells = results.table("spells", ("replicate", "joined", "left", "reason"))
    last = _last_days(results)
    rows = []
    for replicate in range(results.replicates):
        part = spells[spells["replicate"] == replicate]
        end = part["left"].fillna(last.get(replicate, 0)).to_numpy(float)
        lasted = np.maximum(end - part["joined"].to_numpy(float), 0)
        left = part["reason"].isin(list(reasons)).to_numpy()
        rows += [{"replicate": replicate, **row} for row in _hazards(lasted, left)]
    return pd.DataFrame(rows, columns=["replicate", *_HAZARD])


_HAZARD = ("tenure_low", "tenure_high", "tenure", "at_risk", "days", "leaves", "hazard")


def _hazards(lasted: np.ndarray, left: np.ndarray) -> list[dict[str, float]]:
    # Who leaves on the day of joining has been a member for one day.
    lasted = np.where(left, np.maximum(lasted, 1), lasted)
    rows = []
    low, longest = 1, int(lasted.max(initial=0))
    while low <= longest:
        high = 2 * low - 1
        days = float(np.clip(np.minimum(lasted, high) - low + 1, 0, None).sum())
        leaves = int(np.count_nonzero(left & (lasted >= low) & (lasted <= high)))
        at_risk = int(np.count_nonzero(lasted >= low))
        middle = float(np.sqrt(low * min(high, longest)))
        rows.append(
            dict(
                zip(_HAZARD, (low, high, middle, at_risk, days, leaves, leaves / days), strict=True)
            )
        )
        low = high + 1
    return rows


def _of_replicate(series: pd.DataFrame) -> dict[str, float]:
    last_day = series["day"].max() if len(series) else -1
    end = series[(series["day"] == last_day) & (series["size"] > 0)]
    size = float(end["size"].sum())
    ever = float(series.groupby("group")["ever_joined"].max().sum())
    recorded = np.unique(series["day"])
    before = recorded[recorded <= max(last_day - MONTH, 0)]  # counts cover the days since then
    since = int(before[-1]) if len(before) else 0
    recent = series[series["day"] > since]
    days = last_day - since if last_day > since else np.nan
    present = recent.groupby("day")["size"].sum().mean() if len(recent) else np.nan
    lost = float(recent[list(_LEAVES)].to_numpy().sum())
    return {
        "retained": _ratio(size, ever),
        **{
            name: _ratio(float(end[name].sum()), size)
            for name in ("involved", "with_results", "happy", "quiet")
        },
        "memberships": size,
        "groups_alive": float(len(end)),
        "mean_size": _ratio(size, len(end)),
        "largest": float(end["size"].max()) if len(end) else 0.0,
        "belonging": _ratio(float((end["belonging"] * end["size"]).sum()), size),
        "churn": _ratio(lost, present) * MONTH / days,
        "removals": float(series["removals"].sum()),
    }


def _people_in_groups(results: Results) -> dict[int, float]:
    if "spells" not in results.tables:
        return {}
    spells = results.table("spells", ("replicate", "person", "left"))
    inside = spells[spells["left"].isna()].groupby("replicate")["person"].nunique()
    return {number: float(inside.get(number, 0)) for number in range(results.replicates)}


def _groups_founded(results: Results) -> dict[int, float]:
    if "groups" not in results.tables:
        return {}
    count = results.table("groups", ("replicate", "group")).groupby("replicate")["group"].nunique()
    return {number: float(count.get(number, 0)) for number in range(results.replicates)}


def _last_days(results: Results) -> dict[int, int]:
    """The last day of each replicate: memberships still open were seen until then."""
    last = results.manifest.get("last_day")
    if last is not None:
        return dict.fromkeys(range(results.replicates), int(last))
    days = results.table("series", ("replicate", "day")).groupby("replicate")["day"].max()
    return {number: int(days.get(number, 0)) for number in range(results.replicates)}


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole and np.isfinite(whole) else float("nan")


def _summary(name: str, each: np.ndarray) -> Headline:
    label, unit, meaning = HEADLINES[name]
    known = each[np.isfinite(each)]
    low, median, high = np.quantile(known, [0.1, 0.5, 0.9]) if len(known) else (np.nan,) * 3
    return Headline(
        name, label, unit, meaning, tuple(map(float, each)), float(median), float(low), float(high)
    )
