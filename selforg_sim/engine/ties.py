"""Friends inside: how many of a person's contacts are in a group, kept up to date."""

from __future__ import annotations

import numpy as np

from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.memberships import row_of
from selforg_sim.engine.types import ROW, Flags, Ints

SHORT_LIST = 64


@compiled
def are_contacts(a: int, b: int, contact_first: Ints, contact_other: Ints) -> bool:
    """Whether two people know each other; contacts of a person stand in ascending order.

    A short list is compared as a whole, which is faster than to search it.
    """
    low, high = contact_first[a], contact_first[a + 1]
    if high - low <= SHORT_LIST:
        known = False
        for c in range(np.uint64(low), np.uint64(high)):
            known |= contact_other[c] == b
        return known
    while low < high:
        middle = (low + high) >> 1
        if contact_other[middle] < b:
            low = middle + 1
        else:
            high = middle
    return bool(low < contact_first[a + 1] and contact_other[low] == b)


@compiled
def friends_inside(
    people: Ints, groups: Ints, contact_first: Ints, contact_other: Ints, marks: Ints,
    first_row: Ints, member_count: Ints, member_group: Ints,
) -> tuple[Ints, Ints]:  # fmt: skip
    """Rows that the contacts of people have in groups, for many pairs of person and group at once.

    Most contacts are in none of the groups asked about. Those whose marks leave it open are set
    apart first, without a branch, for all pairs: the processor then waits for many places of
    memory no longer than for one.

    Returns
    -------
    which, rows : number of the pair and row of the contact, ascending by pair
    """
    most = 0
    for i in range(people.shape[0]):
        most += contact_first[people[i] + 1] - contact_first[people[i]]
    which, rows = np.empty(most + 1, dtype=ROW), np.empty(most + 1, dtype=ROW)
    perhaps = 0
    for i in range(people.shape[0]):
        place = groups[i] & 63
        first, end = contact_first[people[i]], contact_first[people[i] + 1]
        for c in range(np.uint64(first), np.uint64(end)):
            which[perhaps] = i
            other = np.uint32(contact_other[c])
            rows[perhaps] = other
            perhaps += (marks[other] >> place) & 1
    found = 0
    for k in range(perhaps):
        row = row_of(rows[k], groups[which[k]], first_row, member_count, member_group)
        which[found] = which[k]
        rows[found] = max(row, 0)
        found += row >= 0
    return which[:found], rows[:found]


@compiled
def greet_friends(
    rows: Ints, member_person: Ints, member_group: Ints, newcomer: Flags, contact_first: Ints,
    contact_other: Ints, marks: Ints, first_row: Ints, member_count: Ints, friends: Ints,
) -> None:  # fmt: skip
    """Count the friends of newcomers, and newcomers as friends of who was there before.

    ``newcomer`` is 1 in the rows that were entered in this batch.
    """
    which, others = friends_inside(
        member_person[rows], member_group[rows], contact_first, contact_other, marks, first_row,
        member_count, member_group,
    )  # fmt: skip
    for k in range(which.shape[0]):
        friends[rows[which[k]]] += 1
        friends[others[k]] += 1 - newcomer[others[k]]


@compiled
def part_from_friends(
    rows: Ints, member_person: Ints, member_group: Ints, contact_first: Ints,
    contact_other: Ints, marks: Ints, first_row: Ints, member_count: Ints, friends: Ints,
) -> None:  # fmt: skip
    """Take leaving members off their friends' counts; called while they still have their rows."""
    _, others = friends_inside(
        member_person[rows], member_group[rows], contact_first, contact_other, marks, first_row,
        member_count, member_group,
    )  # fmt: skip
    for k in range(others.shape[0]):
        friends[others[k]] -= 1
