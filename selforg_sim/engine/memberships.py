"""Memberships in a compact table that people enter and leave without its being rebuilt each day.

A person's rows stand side by side, in the order in which he joined. Whoever joins gets rows at the
end of the table, where his older ones follow him; whoever leaves closes the gap in his own rows.
When too many rows lie apart, the table is packed anew by person. Kernels visit people in row
order and, within a person, rows in order of joining: the order of every sum depends on nobody but
those concerned, and on no packing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from selforg_sim.engine.columns import Array
from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.declarations import Column
from selforg_sim.engine.draws import uniform_many
from selforg_sim.engine.types import ROW, Flags, Floats, Ints

BLOCK = 256
FEWEST_ROWS = 256
SPARE_PART = 4
"""After packing, at least one row is to spare for so many in use."""


@compiled
def mark_of(group: int) -> np.int64:
    """The bit that stands for a group in a person's marks; groups 64 apart share one."""
    return np.int64(1) << np.int64(group & 63)


@compiled
def row_of(person: int, group: int, first_row: Ints, member_count: Ints, member_group: Ints) -> int:
    """Row of a membership, or -1."""
    first = first_row[person]
    for r in range(np.uint64(first), np.uint64(first + member_count[person])):
        if member_group[r] == group:
            return int(r)
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
def find_rows(
    people: Ints, groups: Ints, first_row: Ints, member_count: Ints, member_group: Ints,
    found: Ints,
) -> None:  # fmt: skip
    """Rows of the memberships of people in groups, pair by pair."""
    for i in range(people.shape[0]):
        found[i] = row_of(people[i], groups[i], first_row, member_count, member_group)


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
def list_anew(
    rows: Ints, people: Ints, first_row: Ints, member_count: Ints, member_person: Ints, anew: Ints
) -> None:
    """Write the list of rows again after some people (ascending, each once) entered or left."""
    n = 0
    i = 0
    for k in range(people.shape[0]):
        p = people[k]
        while i < rows.shape[0] and member_person[rows[i]] < p:
            anew[n] = rows[i]
            n += 1
            i += 1
        while i < rows.shape[0] and member_person[rows[i]] == p:
            i += 1
        for r in range(first_row[p], first_row[p] + member_count[p]):
            anew[n] = r
            n += 1
    anew[n:] = rows[i:]


@compiled
def list_members(wanted: Ints, rows: Ints, member_group: Ints, found: Ints) -> int:
    """Write the rows of all memberships of the groups marked in ``wanted``; return how many."""
    n = 0
    for i in range(rows.shape[0]):
        if wanted[member_group[rows[i]]]:
            found[n] = rows[i]
            n += 1
    return n


@compiled
def list_marked(rows: Ints, marked: Flags, found: Ints) -> int:
    """Write the rows that are marked, in their order; return how many there are."""
    n = 0
    for i in range(rows.shape[0]):
        if marked[rows[i]] != 0:
            found[n] = rows[i]
            n += 1
    return n


@compiled
def luck_of_members(
    lo: int, hi: int, seed: int, day: int, decision: int, rows: Ints, member_person: Ints,
    member_group: Ints, person_key: Ints, group_key: Ints,
) -> Floats:  # fmt: skip
    """One draw of a decision for each membership of a range of the list of rows, all at once."""
    u = np.empty(hi - lo)
    a, b = np.empty(BLOCK, dtype=np.int64), np.empty(BLOCK, dtype=np.int64)
    first_attempt = np.zeros(BLOCK, dtype=np.int64)
    for start in range(lo, hi, BLOCK):
        n = min(BLOCK, hi - start)
        for i in range(n):
            r = rows[start + i]
            a[i] = person_key[member_person[r]]
            b[i] = group_key[member_group[r]]
        uniform_many(n, seed, day, decision, a, b, first_attempt, u[start - lo :])
    return u


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
def begin_rows(block: Array, births: Array, rows: Ints) -> None:
    """Set rows as they are at birth."""
    for k in range(block.shape[0]):
        for i in range(rows.shape[0]):
            block[k, rows[i]] = births[k]


@compiled
def move_rows(block: Array, source: Ints, target: Ints, moves: int) -> None:
    """Carry out moves in order."""
    for k in range(block.shape[0]):
        for i in range(moves):
            block[k, target[i]] = block[k, source[i]]


@compiled
def gather_rows(block: Array, rows: Ints, into: Array) -> None:
    """Put the given rows at the beginning of a block, which may be the same."""
    column = np.empty(rows.shape[0], dtype=block.dtype)
    for k in range(block.shape[0]):
        old = block[k]
        for i in range(rows.shape[0]):
            column[i] = old[rows[i]]
        into[k, : rows.shape[0]] = column


class Memberships:
    """The table of memberships.

    ``arrays`` holds the membership columns (with rows not in use here and there) and, per person,
    ``first_row``, ``member_count`` and ``marks`` of the groups he is in. Columns of one type stand
    in one block, so that rows move in all of them by few calls.
    """

    def __init__(self, columns: Iterable[Column], people: int) -> None:
        self.columns = tuple(columns)
        self.people = people
        self.end = 0
        self.capacity = 0
        self._members = 0
        self._rows: Ints = np.empty(0, dtype=ROW)
        self._changed: list[Ints] = []
        self._blocks: dict[str, Array] = {}
        self.arrays: dict[str, Array] = {}
        self._kept = {
            dtype: tuple(c for c in self.columns if c.dtype == dtype)
            for dtype in sorted({c.dtype for c in self.columns})
        }
        self._births = {d: np.array([c.birth for c in kept], d) for d, kept in self._kept.items()}
        self._take({dtype: np.empty((len(kept), 0), dtype) for dtype, kept in self._kept.items()})
        self.arrays["first_row"] = np.zeros(people, dtype=np.int32)
        self.arrays["member_count"] = np.zeros(people, dtype=np.int32)
        self.arrays["marks"] = np.zeros(people, dtype=np.int64)

    def _take(self, blocks: dict[str, Array]) -> None:
        """Hold the columns in these blocks, one for each type, a column in each of its lines."""
        self._blocks = blocks
        for dtype, kept in self._kept.items():
            self.arrays |= {c.name: blocks[dtype][k] for k, c in enumerate(kept)}

    def __setstate__(self, held: dict[str, Any]) -> None:
        """Copies and pickles hold views and blocks apart; bring them together again."""
        self.__dict__.update(held)
        self._take(self._blocks)

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]

    def __len__(self) -> int:
        """Number of memberships."""
        return self._members

    def rows(self) -> Ints:
        """Numbers of the rows in use, by person and order of joining; not to be written to."""
        if self._changed:
            a = self.arrays
            people = np.unique(np.concatenate(self._changed))
            rows = np.empty(len(self), dtype=ROW)
            list_anew(
                self._rows, people, a["first_row"], a["member_count"], a["member_person"], rows
            )
            self._rows, self._changed = rows, []
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
        rows = np.empty(people.shape[0], dtype=ROW)
        source, target = np.empty(following, dtype=np.int64), np.empty(following, dtype=np.int64)
        self.end, moves = place(
            people, a["first_row"], a["member_count"], self.end, rows, source, target
        )
        self._move(source, target, moves)
        for dtype, block in self._blocks.items():
            begin_rows(block, self._births[dtype], rows)
        a["member_person"][rows] = people
        a["member_group"][rows] = groups
        self._note(people, people.size)
        return rows

    def leave(self, rows: Ints) -> None:
        """Remove memberships, given by rows in canonical order."""
        a = self.arrays
        people = a["member_person"][rows].astype(np.int64)
        most = int(a["member_count"][people].sum()) if people.size else 0
        source, target = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
        moves = close_gaps(people, rows, a["first_row"], a["member_count"], source, target)
        self._move(source, target, moves)
        self._note(people, -people.size)

    def _note(self, people: Ints, more: int) -> None:
        """Note that some people entered or left."""
        a = self.arrays
        mark_groups(people, a["first_row"], a["member_count"], a["member_group"], a["marks"])
        self._changed.append(people)
        self._members += more

    def _move(self, source: Ints, target: Ints, moves: int) -> None:
        if moves:
            for block in self._blocks.values():
                move_rows(block, source, target, moves)

    def _pack(self, more: int) -> None:
        """Put all rows in canonical order again, with space at the end for ``more`` and some."""
        a = self.arrays
        rows = self.rows()
        used = rows.shape[0]
        blocks = self._blocks
        if used + more + used // SPARE_PART > self.capacity:
            self.capacity = used + more + max(2 * used // SPARE_PART, FEWEST_ROWS)
            blocks = {
                dtype: np.empty((len(kept), self.capacity), dtype)
                for dtype, kept in self._kept.items()
            }
        for dtype, block in self._blocks.items():
            gather_rows(block, rows, blocks[dtype])
        self._take(blocks)
        counts = a["member_count"]
        a["first_row"] = (np.cumsum(counts) - counts).astype(np.int32)
        self.end = used
        self._rows = np.arange(used, dtype=ROW)
