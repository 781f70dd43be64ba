"""Point 9, evolution, second part: how groups split.

A leader whom the group no longer fits opens a daughter group, and takes those along who are nearer
to him and tied to him. Equations, parameters, columns and decisions stand in ``evolution.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from selforg_sim.engine.codes import CORE, LURKER, OWNER, SPLIT, SPLIT_OFF
from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.draws import uniform
from selforg_sim.engine.memberships import find_row, list_marked
from selforg_sim.engine.ties import are_contacts
from selforg_sim.engine.types import ROW, Flags, Floats, Ints
from selforg_sim.rules.evolution import REBEL, keys_and_voices
from selforg_sim.rules.initiation import first_trust, open_groups
from selforg_sim.rules.value_core import dot

if TYPE_CHECKING:
    from selforg_sim.engine.state import State


@compiled
def could_rebel(
    standing: int, influence: float, total: float, fit: float, needed_part: float, most_fit: float
) -> bool:
    """Whether a member could found a daughter group.

    >>> could_rebel(1, 3.0, 10.0, 0.6, 0.25, 0.7), could_rebel(1, 2.0, 10.0, 0.6, 0.25, 0.7)
    (True, False)
    """
    return standing == CORE and influence >= needed_part * total and fit < most_fit


@compiled
def is_nearer(values: Floats, person: int, rebel: int, core: Floats, group: int) -> bool:
    """Whether a person's values are nearer to another person's than to a group's core."""
    return dot(values, person, values, rebel) > dot(values, person, core, group)


@compiled
def find_followers(
    rebel: int, group: int, owner: Ints, values: Floats, core: Floats, contact_first: Ints,
    contact_other: Ints, marks: Ints, first_row: Ints, member_count: Ints, member_group: Ints,
    withheld: Flags, follows: Flags, followers: Ints,
) -> int:  # fmt: skip
    """List those who follow a rebel, along ties between followers; return how many.

    ``follows`` is a flag per person, 0 before and after.
    """
    found = 0
    looked_at = -1
    while looked_at < found:
        p = rebel if looked_at < 0 else followers[looked_at]
        looked_at += 1
        for c in range(contact_first[p], contact_first[p + 1]):
            other = contact_other[c]
            if follows[other] or other == rebel or owner[group] == other or withheld[other]:
                continue
            if find_row(other, group, marks, first_row, member_count, member_group) < 0:
                continue
            if is_nearer(values, other, rebel, core, group):
                follows[other] = 1
                followers[found] = other
                found += 1
    for i in range(found):
        follows[followers[i]] = 0
    followers[:found].sort()
    return found


@compiled
def wish_to_split(
    lo: int, hi: int, seed: int, day: int, rows: Ints, member_person: Ints, member_group: Ints,
    person_key: Ints, group_key: Ints, withheld: Flags, standing: Flags, influence: Floats,
    sum_influence: Floats, sum_impact: Floats, fit: Floats, splitting: Flags, rebelling: Flags,
    splitting_chance: float, splitting_influence: float, splitting_fit: float,
    influence_memory: float,
) -> int:  # fmt: skip
    """Who would found a daughter group today; return how many."""
    wishes = 0
    for i in range(lo, hi):
        r = rows[i]
        p = member_person[r]
        g = member_group[r]
        rebelling[r] = 0
        if standing[r] != CORE or not splitting[g] or withheld[p]:
            continue
        total = influence_memory * sum_influence[g] + sum_impact[g]
        if could_rebel(
            standing[r], influence[r], total, fit[r], splitting_influence, splitting_fit
        ):  # fmt: skip
            if uniform(seed, day, REBEL, person_key[p], group_key[g]) < splitting_chance:
                rebelling[r] = 1
                wishes += 1
    return wishes


def split_groups(state: State) -> None:
    """Step 12, fission: rebels leave with those who follow them, at most one a day from a group."""
    if not state.wanted:
        return
    arrays = state.memberships.arrays
    rebels = np.empty(state.wanted, dtype=ROW)
    found = state.call(list_marked, marked=arrays["rebelling"], found=rebels)
    pairs = [
        (int(arrays["member_person"][row]), int(arrays["member_group"][row]))
        for row in rebels[:found]
    ]
    split_today: set[int] = set()
    keys, group_keys = state.people["person_key"], state.groups["group_key"]
    pairs.sort(key=lambda pair: lot_of_rebel(state, int(keys[pair[0]]), int(group_keys[pair[1]])))
    for rebel, group in pairs:
        if group not in split_today and split_off(state, rebel, group):
            split_today.add(group)


def owns_a_group(state: State, person: int) -> bool:
    """Whether a person is the owner of a living group."""
    first = int(state.memberships["first_row"][person])
    rows = slice(first, first + int(state.memberships["member_count"][person]))
    return bool(np.any(state.memberships["standing"][rows] == OWNER))


def lot_of_rebel(state: State, person_key: int, group_key: int) -> float:
    """Lot that decides who goes first where several would split a group on one day."""
    return float(uniform(state.seed, state.day, REBEL, person_key, group_key, 1))


def split_off(state: State, rebel: int, group: int) -> bool:
    """Open a daughter group with the rebel as owner and all who follow him; False if nobody does.

    Nobody leaves to be alone: that is left to founding. Who owns a living group founds no other.
    """
    if owns_a_group(state, rebel):
        return False
    followers = np.empty(int(state.groups["size"][group]), dtype=np.int64)
    found = state.call(find_followers, rebel=rebel, group=group, followers=followers)
    if found == 0 or state.memberships.row(rebel, group) < 0:
        return False
    people = followers[:found]
    going = np.sort(np.append(people, rebel))
    rows = np.array([state.memberships.row(int(p), group) for p in going])
    followed = rows[going != rebel]
    arrays = state.memberships.arrays
    carried = {
        name: arrays[name][followed].copy() for name in ("belonging", "experienced", "hoped")
    }
    state.dismiss(rows, SPLIT)
    daughter = _open_daughter(state, rebel, group)
    core, values = state.groups["core"], state.people["values"]
    state.admit(
        people,
        np.full(people.size, daughter),
        invited_by=rebel,
        standing=LURKER,
        fit=np.array([dot(values, p, core, daughter) for p in people]),
        trust=np.array([_trust_in_rebel(state, int(p), rebel, going) for p in people]),
        **carried,
    )
    state.record.event(state.day, SPLIT_OFF, group, rebel, daughter)
    return True


def _open_daughter(state: State, rebel: int, group: int) -> int:
    """Open a daughter group with its mother's levers and the rebel's values."""
    mother = state.groups
    levers: dict[str, Any] = {
        name: mother.arrays[name][group].copy() for name in state.founding_levers
    }
    founder = np.array([rebel])
    keys, voices = keys_and_voices(state, founder, int(mother["group_key"][group]))
    levers["owner_voice"] = voices
    name = f"{state.group_names[group]}+{mother.rows + 1}"
    return int(open_groups(state, founder, levers, [name], keys, parent=group)[0])


def _trust_in_rebel(state: State, person: int, rebel: int, going: Ints) -> float:
    """First trust of a follower in his new owner, all who go along counting as friends inside."""
    p = state.parameters
    first, other = state.contacts.first, state.contacts.other
    friends = int(np.isin(other[first[person] : first[person + 1]], going).sum())
    knows = state.call(are_contacts, a=person, b=rebel)
    platform_trust = state.groups["platform_trust"][state.groups.rows - 1]
    return float(
        first_trust(
            friends if p["social_friends"] else 0,
            knows,
            state.people["status"][rebel],
            platform_trust,
            p["trust_base"],
            p["trust_friends"],
            p["trust_owner_tie"],
            p["trust_status"],
            p["friends_scale"],
        )
    )
