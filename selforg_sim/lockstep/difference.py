"""A difference between two worlds: where it is, and how far it reaches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from selforg_sim.errors import UsageError

if TYPE_CHECKING:
    from selforg_sim.engine.columns import Array

TABLES = ("people", "contacts", "memberships", "groups", "requests")
"""The tables that are compared, in the order in which a difference is looked for."""
PRESENT, ABSENT = "there", "not there"
BETWEEN_DAYS = {
    "the day begins": "before the first phase (groups open, events happen)",
    "the day ends": "after the last phase",
}


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows of a table differ in one column; without a column, rows that one side lacks.

    ``rows`` counts the rows that both worlds have, for a column, and all rows otherwise.
    """

    table: str
    column: str
    differing: int
    rows: int

    def __str__(self) -> str:
        if self.column:
            return f"{self.column}: {self.differing:,} of {self.rows:,} {self.table}"
        return f"{self.table} that only one world has: {self.differing:,} of {self.rows:,}"


@dataclass(frozen=True, slots=True)
class Difference:
    """The first difference of two worlds.

    Attributes
    ----------
    day, phase : the phase of the day after which they first differ; day 0 is "at birth"
    table, column : where; the column is empty where a row is missing on one side
    person, other, group : whose, by name; None where it concerns none
    element : the value dimension, in a column of vectors
    step : step and point of theory of the phase, such as "step 2, value core"
    a, b : the two values
    counts : every column that differs after that phase
    """

    day: int
    phase: str
    table: str
    column: str
    a: Any
    b: Any
    person: str | None = None
    other: str | None = None
    group: str | None = None
    element: str | None = None
    step: str | None = None
    counts: tuple[Count, ...] = field(default=())

    def __str__(self) -> str:
        """The difference in a sentence.

        >>> str(Difference(12, "give", "memberships", "given", 0.0, 0.5, "lurker:45", group="g3"))
        "day 12, phase 'give', person lurker:45 in group g3, given: 0.0 | 0.5"
        """
        return f"{self.when()}, {self.whose()}, {self.what()}: {self.a} | {self.b}"

    def when(self) -> str:
        """Day and phase, with step and point of theory."""
        if not self.day:
            return self.phase
        if self.phase in BETWEEN_DAYS:
            return f"day {self.day}, {BETWEEN_DAYS[self.phase]}"
        return f"day {self.day}, phase '{self.phase}'" + (f" ({self.step})" if self.step else "")

    def whose(self) -> str:
        """Person and group."""
        if self.person is None:
            return f"group {self.group}"
        if self.other is not None:
            return f"persons {self.person} and {self.other}"
        return f"person {self.person}" + (f" in group {self.group}" if self.group else "")

    def what(self) -> str:
        """Column and element, or the kind of row that one side lacks."""
        if not self.column:
            return {"contacts": "contact", "groups": "group"}.get(self.table, self.table[:-1])
        return f"{self.column} ({self.element})" if self.element else self.column


@dataclass(frozen=True, slots=True)
class Found:
    """Differing rows of one column, and the first of them by its place on either side."""

    count: Count
    place_a: int | None
    place_b: int | None
    element: int = 0


def missing_rows(table: str, a: Array, b: Array) -> Found | None:
    """Rows that stand on one side only, by ascending keys."""
    only = np.setxor1d(a, b)
    if not only.size:
        return None
    count = Count(table, "", int(only.size), int(np.union1d(a, b).size))
    return Found(count, _place(only[0], a), _place(only[0], b))


def _place(key: Any, keys: Array) -> int | None:
    """Where a key stands among ascending keys; None if it does not."""
    return int(np.searchsorted(keys, key)) if key in keys else None


def differing_rows(
    table: str, column: str, keys_a: Array, keys_b: Array, a: Array, b: Array
) -> Found | None:
    """Rows of both sides whose numbers differ to the bit."""
    _, in_a, in_b = np.intersect1d(keys_a, keys_b, return_indices=True)
    if not in_a.size:
        return None
    one, two = (np.ascontiguousarray(x).view(np.int64) for x in (a[in_a], b[in_b]))
    if one.shape != two.shape or a.dtype != b.dtype:
        raise UsageError(f"the column '{column}' of {table} has another type in the two versions")
    differs = (one != two).reshape(in_a.size, -1)
    rows = np.flatnonzero(differs.any(axis=1))
    if not rows.size:
        return None
    first = int(rows[0])
    count = Count(table, column, int(rows.size), int(in_a.size))
    return Found(count, int(in_a[first]), int(in_b[first]), int(differs[first].argmax()))
