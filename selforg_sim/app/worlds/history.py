"""What the page shows of a world: numbers of every evening, by day."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from selforg_sim.app.worlds.sample import cores_of
from selforg_sim.engine.codes import EVENTS, WHY
from selforg_sim.engine.columns import Array
from selforg_sim.engine.state import State

STANDING_COUNTS = (
    "owner_present", "core_layer", "contributors", "lurkers", "quiet", "troublemakers",
)  # fmt: skip
"""Counts of the table ``series`` in the order of the standings."""

SNAPSHOT_EVERY = 5
"""Days between the evenings of which everybody's belonging is kept."""
Snapshot = tuple[Array, Array, Array]
"""Person, group and belonging of every membership on one evening."""

CORES_EVERY = 7
"""Days between the evenings of which the places of the groups' cores are kept."""

EXODUS_DAYS, EXODUS_SHARE, EXODUS_LEAST = 7, 0.2, 10
EXODUS = "exodus"


@dataclass(frozen=True, slots=True)
class Evening:
    """The numbers of one day, never changed again.

    Attributes
    ----------
    size, people : memberships, and people in at least one group
    belonging, low, high : mean and quartiles over all members, None without any
    retained, involved, with_results, happy : the four measures of success, None where not defined
    standing : members by standing
    why : memberships that ended today, shared out by reasons
    left : memberships that ended today
    groups : how many groups there have ever been
    group_size, group_belonging, group_hours : by row of the group, None where it does not live
    events : what happened today
    """

    size: int
    people: int
    belonging: float | None
    low: float | None
    high: float | None
    retained: float | None
    involved: float | None
    with_results: float | None
    happy: float | None
    standing: tuple[int, ...]
    why: tuple[float, ...]
    left: int
    groups: int
    group_size: tuple[int | None, ...]
    group_belonging: tuple[float | None, ...]
    group_hours: tuple[float | None, ...]
    events: tuple[dict[str, Any], ...]


SENT_AS = {
    "group_size": "groupSize", "group_belonging": "groupBelonging", "group_hours": "groupHours",
}  # fmt: skip
LISTS = tuple(f.name for f in fields(Evening) if f.name not in {"groups", "events"})
"""Fields of which the page holds a list with one item a day."""


class History:
    """The evenings of a world from day 0 to today.

    Examples
    --------
    >>> History().day
    -1
    """

    def __init__(self) -> None:
        self.evenings: list[Evening] = []
        self.snapshots: dict[int, Snapshot] = {}
        self.cores: dict[int, dict[int, list[float]]] = {}
        self._ends = [0]
        self._events = [0]

    @property
    def day(self) -> int:
        """The newest day."""
        return len(self.evenings) - 1

    def add(self, state: State, observed: dict[str, Array]) -> Evening:
        """Take the numbers of today.

        Parameters
        ----------
        state : a world in the evening
        observed : the measures of today, group by group, see `selforg_sim.observe.observe`
        """
        record = state.record
        why, left = _reasons(state, self._ends[-1])
        events = _events(state, self._events[-1])
        sizes = _by_group(state, observed, "size")
        events += self._exodus(state.day, sizes)
        evening = Evening(
            **_totals(state, observed),
            why=why, left=left, groups=state.groups.rows, group_size=sizes,
            group_belonging=_by_group(state, observed, "belonging"),
            group_hours=_by_group(state, observed, "hours"), events=tuple(events),
        )  # fmt: skip
        self.evenings.append(evening)
        if state.day % SNAPSHOT_EVERY == 0:
            self.snapshots[state.day] = _snapshot(state)
        if state.day % CORES_EVERY == 0:
            self.cores[state.day] = cores_of(state)
        self._ends.append(record.ends.rows)
        self._events.append(record.events.rows)
        return evening

    def copy(self) -> History:
        """The same evenings, to go on from apart."""
        copy = History()
        copy.evenings = list(self.evenings)
        copy.snapshots = dict(self.snapshots)
        copy.cores = dict(self.cores)
        copy._ends, copy._events = list(self._ends), list(self._events)
        return copy

    def cut(self, day: int) -> None:
        """Forget every evening after a day."""
        del self.evenings[day + 1 :]
        self.snapshots = {d: s for d, s in self.snapshots.items() if d <= day}
        self.cores = {d: c for d, c in self.cores.items() if d <= day}
        del self._ends[day + 2 :]
        del self._events[day + 2 :]

    def belonging_of(self, person: int) -> dict[int, tuple[list[int], list[float]]]:
        """Days and belonging of one person by group, as far as there are snapshots."""
        curves: dict[int, tuple[list[int], list[float]]] = {}
        for day, (people, groups, belonging) in self.snapshots.items():
            for row in np.flatnonzero(people == person).tolist():
                days, values = curves.setdefault(int(groups[row]), ([], []))
                days.append(day)
                values.append(round(float(belonging[row]), 3))
        return curves

    def trails(self, since: int) -> dict[int, list[list[float]]]:
        """By group the places of its core from a day on: day, then the weights of the values."""
        trails: dict[int, list[list[float]]] = {}
        for day, cores in self.cores.items():
            if day < since:
                continue
            for group, core in cores.items():
                trails.setdefault(group, []).append([day, *core])
        return trails

    def since(self, day: int) -> dict[str, list[Any]]:
        """The lists of the page from a day on, with events in one list."""
        new = self.evenings[day:]
        lists = {SENT_AS.get(name, name): [getattr(e, name) for e in new] for name in LISTS}
        return lists | {"events": [event for evening in new for event in evening.events]}

    def _exodus(self, day: int, sizes: tuple[int | None, ...]) -> list[dict[str, Any]]:
        """Groups that lost a fifth of their members within a week, told once in a week."""
        if len(self.evenings) < EXODUS_DAYS:
            return []
        before = self.evenings[-EXODUS_DAYS].group_size
        lately = {
            event["group"]
            for evening in self.evenings[-EXODUS_DAYS:]
            for event in evening.events
            if event["event"] == EXODUS
        }
        return [
            {"day": day, "event": EXODUS, "group": group, "person": -1, "other": -1}
            for group, (was, now) in enumerate(zip(before, sizes, strict=False))
            if was and now is not None and group not in lately
            and was - now >= max(EXODUS_LEAST, EXODUS_SHARE * was)
        ]  # fmt: skip


def parting(a: History, b: History) -> int | None:
    """The first day on which two worlds differ in anything that is shown; None if they do not."""
    for day, (one, other) in enumerate(zip(a.evenings, b.evenings, strict=False)):
        if (one.group_size, one.group_belonging) != (other.group_size, other.group_belonging):
            return day
    return None


def _totals(state: State, observed: dict[str, Array]) -> dict[str, Any]:
    size = int(observed["size"].sum())
    members = state.memberships
    belonging = members["belonging"][members.rows()]
    low, high = np.quantile(belonging, [0.25, 0.75]) if size else (math.nan, math.nan)
    ever = int(state.groups["ever_joined"].sum())
    shares = {
        name: _share(float(observed[name].sum()), size)
        for name in ("involved", "with_results", "happy")
    }
    return shares | {
        "size": size,
        "people": int(np.count_nonzero(members["member_count"])),
        "belonging": _rounded(float(belonging.mean()) if size else math.nan),
        "low": _rounded(float(low)),
        "high": _rounded(float(high)),
        "retained": _share(size, ever),
        "standing": tuple(int(observed[name].sum()) for name in STANDING_COUNTS),
    }


def _by_group(state: State, observed: dict[str, Array], name: str) -> tuple[Any, ...]:
    rows: list[Any] = [None] * state.groups.rows
    sizes = observed["size"].tolist()
    values = observed[name].tolist()
    for group, size, value in zip(observed["group"].tolist(), sizes, values, strict=True):
        if size:
            rows[group] = value if name == "size" else _rounded(value)
    return tuple(rows)


def _reasons(state: State, known: int) -> tuple[tuple[float, ...], int]:
    ends = state.record.ends
    new = slice(known, ends.rows)
    sums = tuple(round(float(ends[f"why_{name}"][new].sum()), 3) for name in WHY)
    return sums, ends.rows - known


def _snapshot(state: State) -> Snapshot:
    members = state.memberships
    rows = members.rows()
    return (
        members["member_person"][rows].copy(),
        members["member_group"][rows].astype(np.uint16),
        members["belonging"][rows].astype(np.float32),
    )


def _events(state: State, known: int) -> list[dict[str, Any]]:
    events = state.record.events
    new = slice(known, events.rows)
    columns = [events[name][new].tolist() for name in ("day", "group", "person", "other")]
    codes = events["event"][new].tolist()
    return [
        {"day": day, "event": EVENTS[code], "group": group, "person": person, "other": other}
        for code, day, group, person, other in zip(codes, *columns, strict=True)
    ]


def _share(part: float, whole: float) -> float | None:
    return _rounded(part / whole) if whole else None


def _rounded(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None
