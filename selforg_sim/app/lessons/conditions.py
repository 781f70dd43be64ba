"""Conditions that tick themselves off: a small language over a world's history and its levers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from selforg_sim.app.lessons.measures import Seen, Series, lately, series, size_at_peak

Held = Mapping[str, Sequence[Any]]
"""By lever every value that it has had since day 0."""


@dataclass(frozen=True)
class Condition:
    """Something that shall hold for some days on end.

    Parameters
    ----------
    measure : what is looked at; of several the smallest counts
    of : of whom: "all", "largest", "first", the name of a group; for "in_core" of a kind
    members : for the measure "groups_above"
    peak_of : in place of a measure: how many members there were when this one was highest
    lever : in place of a measure: the lever that must have kept within the bounds since day 0
    at_least, at_most : the bounds
    than_day : the bounds are multiples of the measure in the week until that day
    of_first : the bounds are multiples of what the first run of the lesson had on that day
    more_than : more than this other group or kind has
    for_days : on how many days on end
    from_day, by_day, on_day : the days that count
    also : what else must hold, on the same days
    """

    measure: str | tuple[str, ...] = "size"
    of: str = "all"
    members: int = 0
    peak_of: str | None = None
    lever: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    than_day: int | None = None
    of_first: bool = False
    more_than: str | None = None
    for_days: int = 1
    from_day: int = 0
    by_day: int | None = None
    on_day: int | None = None
    also: tuple[Condition, ...] = ()

    def progress(self, seen: Seen, first: Seen | None = None, levers: Held | None = None) -> float:
        """How far it is met, 0 to 1; at 1 it is.

        Parameters
        ----------
        seen : the history of the world
        first : the history of the first run of the lesson
        levers : what the levers of the world have been since day 0
        """
        if self.lever is not None:
            held = (levers or {}).get(self.lever, ())
            return float(bool(held) and all(self._within(value, 1.0) for value in held))
        longest = run = 0
        known = len(seen["size"])
        days = [part.met(seen, first) for part in (self, *self.also)]
        for day in self._days(known):
            run = run + 1 if all(met[day] for met in days) else 0
            longest = max(longest, run)
        return min(1.0, longest / self.for_days)

    def values(self, seen: Seen) -> Series:
        """What is looked at, by day."""
        if self.peak_of is not None:
            return size_at_peak(seen, self.peak_of, self.from_day)
        if isinstance(self.measure, str):
            return series(seen, self.measure, self.of, self.members)
        several = [series(seen, name, self.of, self.members) for name in self.measure]
        return [_smallest(day) for day in zip(*several, strict=True)]

    def met(self, seen: Seen, first: Seen | None = None) -> list[bool]:
        """On which days the bounds are kept, whether these days count or not."""
        values = self.values(seen)
        return [self._met(day, values, seen, first) for day in range(len(values))]

    def _days(self, known: int) -> range:
        if self.on_day is not None:
            return range(self.on_day, min(known, self.on_day + 1))
        last = known - 1 if self.by_day is None else min(known - 1, self.by_day)
        return range(self.from_day, last + 1)

    def _met(self, day: int, values: Series, seen: Seen, first: Seen | None) -> bool:
        if self.more_than is not None:
            other = series(seen, str(self.measure), self.more_than, self.members)[day]
            return (values[day] or 0) > (other or 0)
        if self.than_day is not None:
            base = lately(values, self.than_day) if self.than_day < len(values) else None
            return base is not None and self._within(lately(values, day), base)
        if self.of_first:
            before = self.values(first) if first else []
            base = before[day] if day < len(before) else None
            return base is not None and self._within(values[day], base)
        return self._within(values[day], 1.0)

    def _within(self, value: Any, unit: float) -> bool:
        if value is None:
            return False
        enough = self.at_least is None or value >= self.at_least * unit
        return enough and (self.at_most is None or value <= self.at_most * unit)


def _smallest(day: tuple[float | None, ...]) -> float | None:
    known = [value for value in day if value is not None]
    return min(known) if len(known) == len(day) else None


def condition(table: Mapping[str, Any]) -> Condition:
    """A condition from its table in a lesson's file."""
    given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
    also = tuple(condition(part) for part in given.pop("also", ()))
    return Condition(**given, also=also)
