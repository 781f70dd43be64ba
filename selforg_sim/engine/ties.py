"""Friends inside: how many of a person's contacts are in a group, kept up to date."""

from __future__ import annotations

import numpy as np

from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.memberships import row_of
from selforg_sim.engine.types import Flags, Ints


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
def list_inside(
    person: int, group: int, contact_first: Ints, contact_other: Ints, marks: Ints,
    first_row: Ints, member_count: Ints, member_group: Ints, inside: Ints,
) -> int:  # fmt: skip
    """Write the rows that a person's contacts have in a group; return how many there are.

    Most contacts are not in it. Those whose marks leave it open are set apart first, without a
    branch: the processor then fetches many marks at once instead of guessing one by one.

    ``inside`` has room for all contacts.
    """
    perhaps = 0
    place = group & 63
    for c in range(contact_first[person], contact_first[person + 1]):
        other = contact_other[c]
        inside[perhaps] = other
        perhaps += (marks[other] >> place) & 1
    found = 0
    for i in range(perhaps):
        row = row_of(inside[i], group, first_row, member_count, member_group)
        if row >= 0:
            inside[found] = row
            found += 1
    return found


@compiled
def greet_friends(
    rows: Ints, member_person: Ints, member_group: Ints, newcomer: Flags, contact_first: Ints,
    contact_other: Ints, most_contacts: int, marks: Ints, first_row: Ints, member_count: Ints,
    friends: Ints,
) -> None:  # fmt: skip
    """Count the friends of newcomers, and newcomers as friends of who was there before.

    ``newcomer`` is 1 in the rows that were entered in this batch.
    """
    inside = np.empty(most_contacts, dtype=np.int32)
    for i in range(rows.shape[0]):
        p, g = member_person[rows[i]], member_group[rows[i]]
        found = list_inside(
            p, g, contact_first, contact_other, marks, first_row, member_count, member_group, inside
        )
        friends[rows[i]] = found
        for k in range(found):
            friends[inside[k]] += 1 - newcomer[inside[k]]


@compiled
def part_from_friends(
    rows: Ints, member_person: Ints, member_group: Ints, contact_first: Ints,
    contact_other: Ints, most_contacts: int, marks: Ints, first_row: Ints, member_count: Ints,
    friends: Ints,
) -> None:  # fmt: skip
    """Take leaving members off their friends' counts; called while they still have their rows."""
    inside = np.empty(most_contacts, dtype=np.int32)
    for i in range(rows.shape[0]):
        p, g = member_person[rows[i]], member_group[rows[i]]
        found = list_inside(
            p, g, contact_first, contact_other, marks, first_row, member_count, member_group, inside
        )
        for k in range(found):
            friends[inside[k]] -= 1
