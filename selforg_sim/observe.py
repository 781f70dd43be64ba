"""Step 13, the measures: what a recorded day looks like, group by group.

The measures are declared by the rules (``MEASURES`` in each file); here they are taken in one
pass over the memberships.
"""

from __future__ import annotations

import math

import numpy as np

from selforg_sim.engine.codes import (
    CONTRIBUTOR,
    CORE,
    ENDED,
    LURKER,
    OWNER,
    QUIET,
    TROUBLEMAKER,
)
from selforg_sim.engine.columns import Array
from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.state import State
from selforg_sim.engine.types import Flags, Floats, Ints
from selforg_sim.rules.evolution import stage_of
from selforg_sim.rules.interest import weight_of_return
from selforg_sim.rules.value_core import dot

BINS = 200
INVOLVED_DAYS = 7
LARGE_GROUP = 64
"""Givers from which on numpy sorts faster than compiled code does."""
MEANS = (
    "belonging", "trust", "experienced", "fit", "evidence", "hours", "budgets", "of_value",
    "of_returns",
)  # fmt: skip
COUNTS = ("core_layer", "contributors", "lurkers", "quiet", "troublemakers", "owner_present",
          "involved", "with_results", "happy")  # fmt: skip
PERIOD_COUNTERS = ("joins", "quits", "moved", "removals", "split_off", "members_ended")


@compiled
def has_results(
    returned: float, half: float, expectation: float, learning: float, quality: float
) -> bool:
    """Whether a member got returns or learning above what he expected.

    ``learning`` is the part of his fit that lies in that dimension, -1 if the scenario has none.

    >>> has_results(0.1, 0.1, 0.2, -1.0, 0.0), has_results(0.0, 0.1, 0.2, 0.5, 0.3)
    (True, False)
    """
    if weight_of_return(returned, half) > expectation:
        return True
    return learning * quality > expectation


@compiled
def take_measures(
    day: int, rows: Ints, member_person: Ints, member_group: Ints, values: Floats,
    supplied: Floats, budget: Floats, interest: Floats, expectation: Floats, standing: Flags,
    belonging: Floats, trust: Floats, experienced: Floats, fit: Floats, evidence: Floats,
    hours: Floats, met: Floats, returned: Floats, last_gave: Ints, came: Ints,
    quality: Floats, half_return: float, learning: int, sums: Floats, counts: Ints, bins: Ints,
) -> None:  # fmt: skip
    """Add up over the members of each group.

    ``sums`` (groups × MEANS), ``counts`` (groups × COUNTS), ``bins`` (groups × BINS of belonging).
    """
    for i in range(rows.shape[0]):
        r = rows[i]
        p = member_person[r]
        g = member_group[r]
        sums[g, 0] += belonging[r]
        sums[g, 1] += trust[r]
        sums[g, 2] += experienced[r]
        sums[g, 3] += fit[r]
        sums[g, 4] += evidence[r]
        sums[g, 5] += hours[r] + met[r]
        sums[g, 6] += budget[p]
        return_weight = weight_of_return(returned[r], half_return)
        if standing[r] != QUIET:
            sums[g, 7] += (1.0 - interest[p]) * fit[r] * quality[g]
            sums[g, 8] += interest[p] * return_weight
        bins[g, min(BINS - 1, int(belonging[r] * BINS))] += 1
        standing_here = standing[r]
        if standing_here == CORE:
            counts[g, 0] += 1
        elif standing_here == CONTRIBUTOR:
            counts[g, 1] += 1
        elif standing_here == LURKER:
            counts[g, 2] += 1
        elif standing_here == QUIET:
            counts[g, 3] += 1
        elif standing_here == TROUBLEMAKER:
            counts[g, 4] += 1
        elif standing_here == OWNER:
            counts[g, 5] += 1
        gave = last_gave[r] >= 0 and day - last_gave[r] < INVOLVED_DAYS
        if gave or (came[r] >= 0 and day - came[r] < INVOLVED_DAYS):
            counts[g, 6] += 1
        learned = -1.0
        if learning >= 0:
            learned = values[p, learning] * supplied[g, learning]
        if has_results(returned[r], half_return, expectation[p], learned, quality[g]):
            counts[g, 7] += 1
        if experienced[r] >= expectation[p]:
            counts[g, 8] += 1


@compiled
def quartile(bins: Ints, g: int, size: int, part: float) -> float:
    """Belonging below which the given part of a group lies, to half a bin."""
    seen = 0
    for k in range(bins.shape[1]):
        seen += bins[g, k]
        if seen >= part * size:
            return float((k + 0.5) / bins.shape[1])
    return 1.0


@compiled
def gini(amounts: Floats, size: int) -> float:
    """Gini coefficient of ascending amounts among ``size`` people, the others having none.

    >>> import numpy as np
    >>> gini(np.array([1.0, 1.0]), 2), gini(np.array([1.0]), 4)
    (0.0, 0.75)
    """
    total = 0.0
    weighted = 0.0
    missing = size - amounts.shape[0]
    for i in range(amounts.shape[0]):
        total += amounts[i]
        weighted += (missing + i + 1) * amounts[i]
    if total <= 0.0:
        return math.nan
    return 2.0 * weighted / (size * total) - (size + 1.0) / size


@compiled
def list_giving(
    rows: Ints, member_group: Ints, giving: Floats, starts: Ints, amounts: Floats
) -> Ints:
    """Write what the members of each group gave, group by group; return where each one's end."""
    ends = starts.copy()
    for i in range(rows.shape[0]):
        if giving[rows[i]] > 0.0:
            g = member_group[rows[i]]
            amounts[ends[g]] = giving[rows[i]]
            ends[g] += 1
    return ends


@compiled
def take_inequality(size: Ints, starts: Ints, ends: Ints, amounts: Floats, ginis: Floats) -> None:
    """Gini of giving in each group; large groups are sorted already."""
    for g in range(ginis.shape[0]):
        of_group = amounts[starts[g] : ends[g]]
        if ends[g] - starts[g] < LARGE_GROUP:
            of_group = np.sort(of_group)
        ginis[g] = gini(of_group, size[g])


@compiled
def take_group_measures(
    day: int, trust_weight: float, silent_days: int, life_share: float, both_matter: float,
    last_given: Ints, meet_ups: Floats, size: Ints, ended: Ints,
    core: Floats, first_core: Floats, sums: Floats, bins: Ints, low: Floats, high: Floats,
    distance: Floats, stage: Ints,
) -> None:  # fmt: skip
    """Quartiles of belonging, distance of the core from its founding position, and stage."""
    for g in range(low.shape[0]):
        distance[g] = math.acos(max(-1.0, min(1.0, dot(core, g, first_core, g))))
        low[g] = math.nan
        high[g] = math.nan
        stage[g] = ENDED
        if ended[g] >= 0 or size[g] == 0:
            continue
        low[g] = quartile(bins, g, size[g], 0.25)
        high[g] = quartile(bins, g, size[g], 0.75)
        time_share = sums[g, 5] / sums[g, 6] if sums[g, 6] > 0.0 else 0.0
        stage[g] = stage_of(
            sums[g, 4] / size[g], trust_weight, sums[g, 7], sums[g, 8], time_share,
            meet_ups[g] > 0.0, day - last_given[g], silent_days, life_share, both_matter,
        )  # fmt: skip


def observe(state: State) -> dict[str, Array]:
    """Measures of all groups that live, or have ended since the last observed day.

    Returns
    -------
    columns : the table ``series`` of this day, without the replicate
    """
    groups = state.groups.rows
    sums = np.zeros((groups, len(MEANS)))
    counts = np.zeros((groups, len(COUNTS)), dtype=np.int64)
    bins = np.zeros((groups, BINS), dtype=np.int64)
    state.call(take_measures, sums=sums, counts=counts, bins=bins)
    low, high, distance, ginis = (np.empty(groups) for _ in range(4))
    stage = np.empty(groups, dtype=np.int64)
    state.call(
        take_group_measures, sums=sums, bins=bins, low=low, high=high,
        distance=distance, stage=stage,
    )  # fmt: skip
    size = state.groups["size"]
    starts = np.concatenate([[0], np.cumsum(size)[:-1]]).astype(np.int64)[:groups]
    amounts = np.empty(int(size.sum()))
    ends = state.call(list_giving, starts=starts, amounts=amounts)
    for g in np.flatnonzero(ends - starts >= LARGE_GROUP):
        amounts[starts[g] : ends[g]].sort()
    take_inequality(size, starts, ends, amounts, ginis)
    with np.errstate(invalid="ignore"):
        means = np.where(size[:, None] > 0, sums / np.maximum(size, 1)[:, None], np.nan)
    named = dict(zip(MEANS, means.T, strict=True)) | dict(zip(COUNTS, counts.T, strict=True))
    shown = (state.groups["ended"] < 0) | (state.groups["ended"] > state.last_observed)
    state.last_observed = state.day
    columns = _named_columns(state, named, sums) | {
        "belonging_low": low, "belonging_high": high, "core_distance": distance,
        "stage": stage, "gini": ginis,
    }  # fmt: skip
    rows = np.flatnonzero(shown)
    kept = {name: np.array(column[rows]) for name, column in columns.items()}
    for name in PERIOD_COUNTERS:
        state.groups[name][:] = 0
    return {"day": np.full(rows.size, state.day), "group": rows} | kept


def _named_columns(state: State, named: dict[str, Array], sums: Array) -> dict[str, Array]:
    """Every measure but those of ``take_group_measures``, by its name in the table."""
    groups = state.groups
    own = {
        name: groups[name]
        for name in (
            "size",
            "joins",
            "quits",
            "moved",
            "removals",
            "split_off",
            "quality",
            "manageability",
            "noise",
            "order",
            "givers",
            "disruptions",
            "pool",
            "ever_joined",
        )
    }
    taken = {name: named[name] for name in COUNTS + MEANS[:5]}
    with np.errstate(invalid="ignore", divide="ignore"):
        time_share = np.where(sums[:, 6] > 0, sums[:, 5] / sums[:, 6], np.nan)
    return own | taken | {
        "active": groups["size"] - named["quiet"],
        "ended": groups["members_ended"],
        "supply": groups["sum_supply"],
        "messages": groups["sum_messages"],
        "hours": sums[:, 5],
        "time_share": time_share,
        "paid": groups["paid_today"],
        "envelopes": groups["envelope_today"],
        "advertised": groups["advertising_today"],
    }  # fmt: skip


def membership_snapshot(state: State) -> dict[str, Array]:
    """All memberships of today, as the table ``memberships`` without the replicate."""
    rows = state.memberships.rows()
    a = state.memberships.arrays
    columns = {
        "person": "member_person", "group": "member_group", "standing": "standing",
        "belonging": "belonging", "trust": "trust", "experienced": "experienced",
        "hope": "hoped", "evidence": "evidence", "influence": "influence",
        "returns": "returned", "friends": "friends", "hours": "hours",
    }  # fmt: skip
    taken = {name: a[column][rows] for name, column in columns.items()}
    return {"day": np.full(rows.size, state.day)} | taken
