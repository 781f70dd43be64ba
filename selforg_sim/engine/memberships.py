"""Memberships in a compact table that people enter and leave without its being rebuilt each day.

A person's rows stand side by side, in the order in which he joined. Whoever joins gets rows at the
end of the table, where his older ones follow him; whoever leaves closes the gap in his own rows.
When too many rows lie apart, the table is packed anew by person. Kernels visit people in row
order and, within a person, rows in order of joining: the order of every sum depends on nobody but
those concerned, and on no packing.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from selforg_sim.engine.columns import Array, new_array
from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.declarations import Column
from selforg_sim.engine.types import Ints

FEWEST_ROWS = 256
LARGEST_SPARE = 4
"""The table keeps one spare row for so many in use; it is packed when they are spent."""


@compiled
def mark_of(group: int) -> int:
    """The bit that stands for a group in a person's marks; groups 64 apart share one."""
    return np.int64(1) << np.int64(group & 63)


@compiled
def row_of(
    person: int, group: int, first_row: Ints, member_count: Ints, member_group: Ints
) -> int:
    """Row of a membership, or -1."""
    for r in range(first_row[person], first_row[person] + member_count[person]):
        if member_group[r] == group:
            return r
    return -1


@compiled
def find_row(
    person: int, group: int, marks: Ints, first_row: Ints, member_count: Ints, member_group: Ints
) -> int:
    """Row of a membership, or -1, for people most of whom are not in the group.

    One look at his marks tells so of most of them.
    """
    if marks[person] & mark_of(group) == 0:
        return -1
    return row_of(person, group, first_row, member_count, member_group)


@compiled
def mark_groups(
    people: Ints, first_row: Ints, member_count: Ints, member_group: Ints, marks: Ints
) -> None:
    """Mark anew the groups that some people are in."""
    for i in range(people.shape[0]):
        p = people[i]
        marks[p] = 0
        for r in range(first_row[p], first_row[p] + member_count[p]):
            marks[p] |= mark_of(member_group[r])


@compiled
def list_rows(first_row: Ints, member_count: Ints, rows: Ints) -> None:
    """Write the numbers of all rows in use, in canonical order."""
    n = 0
    for p in range(first_row.shape[0]):
        for r in range(first_row[p], first_row[p] + member_count[p]):
            rows[n] = r
            n += 1


@compiled
def list_members(
    wanted: Ints, first_row: Ints, member_count: Ints, member_group: Ints, rows: Ints
) -> int:
    """Write the rows of all memberships of the groups marked in ``wanted``; return how many."""
    n = 0
    for p in range(first_row.shape[0]):
        for r in range(first_row[p], first_row[p] + member_count[p]):
            if wanted[member_group[r]]:
                rows[n] = r
                n += 1
    return n


@compiled
def place(
    people: Ints, first_row: Ints, member_count: Ints, end: int,
    rows: Ints, source: Ints, target: Ints,
) -> tuple[int, int]:  # fmt: skip
    """Find rows for new members at the end; return the new end and how many rows must move first.

    The rows that a person has already move to the end with him.
    """
    moves = 0
    i = 0
    while i < people.shape[0]:
        p = people[i]
        for k in range(member_count[p]):
            source[moves] = first_row[p] + k
            target[moves] = end + k
            moves += 1
        first_row[p] = end
        end += member_count[p]
        while i < people.shape[0] and people[i] == p:
            rows[i] = end
            member_count[p] += 1
            end += 1
            i += 1
    return end, moves


@compiled
def close_gaps(
    people: Ints, rows: Ints, first_row: Ints, member_count: Ints, source: Ints, target: Ints
) -> int:
    """Moves that close the gaps of leaving rows, given in canonical order."""
    moves = 0
    i = 0
    while i < people.shape[0]:
        p = people[i]
        free = rows[i]
        left = 0
        for r in range(rows[i], first_row[p] + member_count[p]):
            if i < people.shape[0] and people[i] == p and rows[i] == r:
                left += 1
                i += 1
            else:
                source[moves] = r
                target[moves] = free
                moves += 1
                free += 1
        member_count[p] -= left
    return moves


@compiled
def move_rows(column: Array, source: Ints, target: Ints, moves: int) -> None:
    """Carry out moves in order."""
    for i in range(moves):
        column[target[i]] = column[source[i]]


@compiled
def copy_rows(column: Array, rows: Ints, packed: Array) -> None:
    """Copy the given rows to the beginning of another column."""
    for i in range(rows.shape[0]):
        packed[i] = column[rows[i]]


class Memberships:
    """The table of memberships.

    ``arrays`` holds the membership columns (with rows not in use here and there) and, per person,
    ``first_row``, ``member_count`` and ``marks`` of the groups he is in.
    """

    def __init__(self, columns: Iterable[Column], people: int) -> None:
        self.columns = tuple(columns)
        self.people = people
        self.end = 0
        self.capacity = 0
        self._rows: Ints | None = None
        self.arrays: dict[str, Array] = {c.name: new_array(c, 0, {}) for c in self.columns}
        self.arrays["first_row"] = np.zeros(people, dtype=np.int32)
        self.arrays["member_count"] = np.zeros(people, dtype=np.int32)
        self.arrays["marks"] = np.zeros(people, dtype=np.int64)

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]

    def __len__(self) -> int:
        """Number of memberships."""
        return int(self.arrays["member_count"].sum())

    def rows(self) -> Ints:
        """Numbers of the rows in use, by person and order of joining; not to be written to."""
        if self._rows is None:
            rows = np.empty(len(self), dtype=np.int64)
            list_rows(self.arrays["first_row"], self.arrays["member_count"], rows)
            self._rows = rows
        return self._rows

    def row(self, person: int, group: int) -> int:
        """Row of one membership, or -1."""
        a = self.arrays
        of_person = (a["marks"], a["first_row"], a["member_count"])
        return int(find_row(person, group, *of_person, a["member_group"]))

    def enter(self, people: Ints, groups: Ints) -> Ints:
        """Add memberships (people ascending) and return their rows, all columns as at birth."""
        a = self.arrays
        following = int(a["member_count"][people].sum()) if people.size else 0
        if self.end + following + people.size > self.capacity:
            self._pack(following + people.size)
        self._rows = None
        rows = np.empty(people.shape[0], dtype=np.int64)
        source, target = np.empty(following, dtype=np.int64), np.empty(following, dtype=np.int64)
        self.end, moves = place(
            people, a["first_row"], a["member_count"], self.end, rows, source, target
        )
        self._move(source, target, moves)
        for column in self.columns:
            a[column.name][rows] = column.birth
        a["member_person"][rows] = people
        a["member_group"][rows] = groups
        self._mark(people)
        return rows

    def leave(self, rows: Ints) -> None:
        """Remove memberships, given by rows in canonical order."""
        a = self.arrays
        self._rows = None
        people = a["member_person"][rows].astype(np.int64)
        most = int(a["member_count"][people].sum()) if people.size else 0
        source, target = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
        moves = close_gaps(people, rows, a["first_row"], a["member_count"], source, target)
        self._move(source, target, moves)
        self._mark(people)

    def _mark(self, people: Ints) -> None:
        a = self.arrays
        mark_groups(people, a["first_row"], a["member_count"], a["member_group"], a["marks"])

    def _move(self, source: Ints, target: Ints, moves: int) -> None:
        if moves:
            for column in self.columns:
                move_rows(self.arrays[column.name], source, target, moves)

    def _pack(self, more: int) -> None:
        """Put all rows in canonical order again, with space at the end for ``more`` and some."""
        a = self.arrays
        rows = self.rows()
        used = rows.shape[0]
        self.capacity = used + more + max(used // LARGEST_SPARE, FEWEST_ROWS)
        for column in self.columns:
            packed = new_array(column, self.capacity, {})
            copy_rows(a[column.name], rows, packed)
            a[column.name] = packed
        counts = a["member_count"]
        a["first_row"] = (np.cumsum(counts) - counts).astype(np.int32)
        self.end = used
        self._rows = None
