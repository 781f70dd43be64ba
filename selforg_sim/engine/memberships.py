"""Memberships in a compact table that people enter and leave without its being rebuilt.

Every person has a block of rows, with some room to spare. Joining appends to the block, leaving
closes the gap, so a person's rows always stand in the order in which he joined. A block that is
full moves to the end of the table; when the end is reached, the table is packed anew. Kernels
visit people in row order and, within a person, rows in block order: the order of every sum
depends on nobody but those concerned.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from selforg_sim.engine.columns import Array, new_array
from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.declarations import Column
from selforg_sim.engine.types import Ints

FIRST_ROOM = 4
KEPT_ROOM = 2


@compiled
def find_row(
    person: int, group: int, first_row: Ints, member_count: Ints, member_group: Ints
) -> int:
    """Row of a membership, or -1."""
    for r in range(first_row[person], first_row[person] + member_count[person]):
        if member_group[r] == group:
            return r
    return -1


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
def room_for(count: int, room: int, more: int) -> int:
    """Room of a block that takes ``more`` rows: unchanged while they fit."""
    if count + more <= room:
        return room
    return max(FIRST_ROOM, 2 * room, count + more)


@compiled
def rows_wanted(people: Ints, room: Ints, member_count: Ints) -> int:
    """Rows at the end of the table that new members may need at the most."""
    wanted = 0
    i = 0
    while i < people.shape[0]:
        p = people[i]
        more = 0
        while i < people.shape[0] and people[i] == p:
            more += 1
            i += 1
        larger = room_for(member_count[p], room[p], more)
        if larger > room[p]:
            wanted += larger
    return wanted


@compiled
def place(
    people: Ints, first_row: Ints, member_count: Ints, room: Ints, end: int,
    rows: Ints, source: Ints, target: Ints,
) -> tuple[int, int]:  # fmt: skip
    """Find rows for new members; return the new end and how many rows must move first."""
    moves = 0
    i = 0
    while i < people.shape[0]:
        p = people[i]
        more = 0
        while i + more < people.shape[0] and people[i + more] == p:
            more += 1
        larger = room_for(member_count[p], room[p], more)
        if larger > room[p]:
            for k in range(member_count[p]):
                source[moves] = first_row[p] + k
                target[moves] = end + k
                moves += 1
            first_row[p] = end
            room[p] = larger
            end += larger
        for k in range(more):
            rows[i + k] = first_row[p] + member_count[p] + k
        member_count[p] += more
        i += more
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
def copy_blocks(
    column: Array, packed: Array, first_row: Ints, new_first: Ints, member_count: Ints
) -> None:
    """Copy every block to its new place."""
    for p in range(first_row.shape[0]):
        for k in range(member_count[p]):
            packed[new_first[p] + k] = column[first_row[p] + k]


class Memberships:
    """The table of memberships.

    ``arrays`` holds the membership columns (with rows not in use between the blocks) and, per
    person, ``first_row``, ``member_count`` and ``room``.
    """

    def __init__(self, columns: Iterable[Column], people: int) -> None:
        self.columns = tuple(columns)
        self.people = people
        self.end = 0
        self.capacity = 0
        self._rows: Ints | None = None
        self.arrays: dict[str, Array] = {c.name: new_array(c, 0, {}) for c in self.columns}
        for name in ("first_row", "member_count", "room"):
            self.arrays[name] = np.zeros(people, dtype=np.int64)

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
        return int(find_row(person, group, a["first_row"], a["member_count"], a["member_group"]))

    def enter(self, people: Ints, groups: Ints) -> Ints:
        """Add memberships (people ascending) and return their rows, all columns as at birth."""
        a = self.arrays
        self._rows = None
        wanted = int(rows_wanted(people, a["room"], a["member_count"]))
        if self.end + wanted > self.capacity:
            self._pack(people)
        rows = np.empty(people.shape[0], dtype=np.int64)
        most = int(a["member_count"][people].sum()) if people.size else 0
        source, target = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
        self.end, moves = place(
            people, a["first_row"], a["member_count"], a["room"], self.end, rows, source, target
        )
        self._move(source, target, moves)
        for column in self.columns:
            a[column.name][rows] = column.birth
        a["member_person"][rows] = people
        a["member_group"][rows] = groups
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

    def _move(self, source: Ints, target: Ints, moves: int) -> None:
        if moves:
            for column in self.columns:
                move_rows(self.arrays[column.name], source, target, moves)

    def _pack(self, people: Ints) -> None:
        """Put the blocks in order again, each with a little room, and make space at the end."""
        a = self.arrays
        room = a["member_count"] + (a["member_count"] + 1 >> 1)
        room = np.maximum(room, np.minimum(a["room"], KEPT_ROOM))
        wanted = int(rows_wanted(people, room, a["member_count"]))
        new_first = np.zeros(self.people, dtype=np.int64)
        np.cumsum(room[:-1], out=new_first[1:])
        used = int(room.sum())
        capacity = used + max(wanted, used, 1024)
        for column in self.columns:
            packed: Any = new_array(column, capacity, {})
            copy_blocks(a[column.name], packed, a["first_row"], new_first, a["member_count"])
            a[column.name] = packed
        a["first_row"], a["room"] = new_first, room
        self.end, self.capacity = used, capacity
