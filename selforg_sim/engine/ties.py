"""Friends inside: how many of a person's contacts are in a group, kept up to date."""

from __future__ import annotations

from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.memberships import find_row
from selforg_sim.engine.types import Ints


@compiled
def are_contacts(a: int, b: int, contact_first: Ints, contact_other: Ints) -> bool:
    """Whether two people know each other; contacts of a person stand in ascending order."""
    low, high = contact_first[a], contact_first[a + 1]
    while low < high:
        middle = (low + high) >> 1
        if contact_other[middle] < b:
            low = middle + 1
        else:
            high = middle
    return bool(low < contact_first[a + 1] and contact_other[low] == b)


@compiled
def friends_inside(
    person: int, group: int, contact_first: Ints, contact_other: Ints, first_row: Ints,
    member_count: Ints, member_group: Ints,
) -> int:  # fmt: skip
    """Number of a person's contacts who are members of a group."""
    friends = 0
    for c in range(contact_first[person], contact_first[person + 1]):
        if find_row(contact_other[c], group, first_row, member_count, member_group) >= 0:
            friends += 1
    return friends


@compiled
def greet_friends(
    rows: Ints, member_person: Ints, member_group: Ints, newcomer: Ints, contact_first: Ints,
    contact_other: Ints, first_row: Ints, member_count: Ints, friends: Ints,
) -> None:  # fmt: skip
    """Count the friends of newcomers, and newcomers as friends of who was there before.

    ``newcomer`` is 1 in the rows that were entered in this batch.
    """
    for i in range(rows.shape[0]):
        row = rows[i]
        p, g = member_person[row], member_group[row]
        for c in range(contact_first[p], contact_first[p + 1]):
            other = find_row(contact_other[c], g, first_row, member_count, member_group)
            if other >= 0:
                friends[row] += 1
                if newcomer[other] == 0:
                    friends[other] += 1


@compiled
def part_from_friends(
    rows: Ints, member_person: Ints, member_group: Ints, contact_first: Ints,
    contact_other: Ints, first_row: Ints, member_count: Ints, friends: Ints,
) -> None:  # fmt: skip
    """Take leaving members off their friends' counts; called while they still have their rows."""
    for i in range(rows.shape[0]):
        p, g = member_person[rows[i]], member_group[rows[i]]
        for c in range(contact_first[p], contact_first[p + 1]):
            other = find_row(contact_other[c], g, first_row, member_count, member_group)
            if other >= 0:
                friends[other] -= 1
