"""Point 9, evolution: groups are founded, split, fade, and pass through stages.

**Statement.** People found groups, sooner when no group satisfies them. A leader whom a group no
longer fits takes those along who are nearer to him and tied to him. A group in which nobody gives
any more is dissolved.

**Equations.** 5 in 10,000 people found a group on a day, four times as many of those with no
satisfying group (``x ≥ θ``) for 14 days. A member of the core layer with a quarter of the
influence and ``fit < 0.7`` founds a daughter with chance 0.02 a day; a member follows if his
values are nearer to the rebel's than to the core and he is tied to the rebel or to one who
follows; without followers there is no daughter. Fourteen days without giving: dissolved.

Stages are *measured*, never advanced: forming (trust outweighs evidence), value, commerce
(returns matter more than value), life (both matter, and the group has a quarter of its members'
time or meets offline), silent.

**Sources.** The talk, point 9; Zachary (1977) on fission along ties; Kairam, Wang & Leskovec
(2012) on the life of groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from selforg_sim.engine.codes import (
    COMMERCE,
    CORE,
    DISSOLVED,
    FORMING,
    FOUNDED,
    GROUP_ENDED,
    LIFE,
    LURKER,
    OWNER,
    QUIET,
    SILENT,
    SPLIT,
    SPLIT_OFF,
    STAGES,
    VALUE,
)
from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.declarations import Column, Decision, Measure
from selforg_sim.engine.draws import uniform, words
from selforg_sim.engine.memberships import find_row
from selforg_sim.engine.parameters import Parameters, parameter
from selforg_sim.engine.quantiles import beta_quantile
from selforg_sim.engine.ties import are_contacts
from selforg_sim.engine.types import ROW, Flags, Floats, Ints
from selforg_sim.rules.initiation import first_trust, open_groups
from selforg_sim.rules.value_core import dot

if TYPE_CHECKING:
    from selforg_sim.engine.state import State


class Params(Parameters):
    """Parameters of the point *evolution*."""

    founding_chance: float = parameter(
        0.0005, "1/day", "Chance that a person founds a group on a day.", ge=0, le=1
    )
    founding_boost: float = parameter(
        4.0, "1", "The same, relative, for those without a satisfying group.", ge=0
    )
    unsatisfied_days: int = parameter(
        14, "days", "Time without a satisfying group after which they do.", ge=1
    )
    founder_voice_a: float = parameter(
        0.25,
        "1",
        "First shape of the Beta law of an ordinary founder's voice in his own group.",
        gt=0,
    )
    founder_voice_b: float = parameter(10.0, "1", "Second shape.", gt=0)
    founder_contacts: int = parameter(
        5, "people", "Contacts that an ordinary founder brings first.", ge=0, le=1000
    )
    splitting_chance: float = parameter(
        0.02, "1/day", "Chance that a core member who could found a daughter does.", ge=0, le=1
    )
    splitting_influence: float = parameter(
        0.25, "share", "Share of the group's influence that he needs.", ge=0, le=1
    )
    splitting_fit: float = parameter(0.7, "1", "His fit must be below this.", ge=0, le=1)
    dissolving_days: int = parameter(
        14, "days", "A group without giving for this long is dissolved.", ge=1
    )
    silent_days: int = parameter(
        7, "days", "A group without giving for this long is in its silent stage.", ge=1
    )
    life_share: float = parameter(
        0.25,
        "share",
        "Share of the members' time that a group has in its stage of life.",
        ge=0,
        le=1,
    )
    both_matter: float = parameter(
        0.25, "share", "Value and returns both matter from this part of their sum on.", ge=0, le=1
    )


COLUMNS = (
    Column("unsatisfied", "person", "i4", "days", "Days without a satisfying group."),
    Column("founding", "person", "i1", "flag", "Founds a group today."),
    Column("follows", "person", "i1", "flag", "Follows the rebel of the moment."),
    Column("rebelling", "membership", "i1", "flag", "Founds a daughter group today."),
    Column("splitting", "group", "i1", "flag", "The group may split.", 1),
)

FOUND, REBEL, FOUNDERS_VOICE, NEW_KEY = 40, 41, 42, 43
DECISIONS = (
    Decision(FOUND, "found", "person", "none", "Does he found a group today?"),
    Decision(REBEL, "rebel", "person", "group", "Does he found a daughter today?"),
    Decision(
        FOUNDERS_VOICE, "founder's voice", "person", "group", "His voice in a group of his own."
    ),
    Decision(NEW_KEY, "new key", "person", "parent", "The stable key of a group that he founds."),
)


@compiled
def chance_to_found(unsatisfied: int, chance: float, boost: float, after: int) -> float:
    """Chance to found a group on a day.

    >>> chance_to_found(3, 0.0005, 4.0, 14), chance_to_found(14, 0.0005, 4.0, 14)
    (0.0005, 0.002)
    """
    return chance * boost if unsatisfied >= after else chance


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
def stage_of(
    evidence: float, trust_weight: float, of_value: float, of_returns: float, time_share: float,
    meets: bool, days_silent: int, silent_days: int, life_share: float, both_matter: float,
) -> int:  # fmt: skip
    """Stage of a group from what its members live on.

    ``of_value`` and ``of_returns`` are the two parts of what members get. Both matter when the
    smaller is at least ``both_matter`` of their sum.

    >>> STAGES[stage_of(3.0, 10.0, 0.3, 0.0, 0.1, False, 0, 7, 0.25, 0.25)]
    'forming'
    >>> STAGES[stage_of(30.0, 10.0, 0.1, 0.3, 0.1, False, 0, 7, 0.25, 0.25)]
    'commerce'
    """
    if days_silent >= silent_days:
        return SILENT
    if evidence < trust_weight:
        return FORMING
    smaller = min(of_value, of_returns)
    both = of_returns > 0.0 and smaller >= both_matter * (of_value + of_returns)
    if both and (meets or time_share >= life_share):
        return LIFE
    return COMMERCE if of_returns > of_value else VALUE


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


@compiled
def wish_to_found(
    lo: int, hi: int, seed: int, day: int, person_key: Ints, first_row: Ints, member_count: Ints,
    withheld: Flags, expectation: Floats, experienced: Floats, standing: Flags,
    unsatisfied: Ints, founding: Flags, founding_chance: float, founding_boost: float,
    unsatisfied_days: int, free_founding: bool,
) -> int:  # fmt: skip
    """Who founds a group today; return how many."""
    if not free_founding:
        return 0
    wishes = 0
    for p in range(lo, hi):
        founding[p] = 0
        satisfied = False
        owns = False
        for r in range(first_row[p], first_row[p] + member_count[p]):
            owns = owns or standing[r] == OWNER
            if standing[r] != QUIET and experienced[r] >= expectation[p]:
                satisfied = True
        unsatisfied[p] = 0 if satisfied else unsatisfied[p] + 1
        if owns or withheld[p]:
            continue
        chance = chance_to_found(unsatisfied[p], founding_chance, founding_boost, unsatisfied_days)
        if uniform(seed, day, FOUND, person_key[p], 0) < chance:
            founding[p] = 1
            wishes += 1
    return wishes


@compiled
def list_rebels(rows: Ints, rebelling: Flags, rebels: Ints) -> int:
    """Write the rows of those who would found a daughter; return how many."""
    n = 0
    for i in range(rows.shape[0]):
        if rebelling[rows[i]]:
            rebels[n] = rows[i]
            n += 1
    return n


@compiled
def new_key(day: int, person_key: int, parent_key: int) -> int:
    """Stable key of a new group: depends on its founder and day, not on groups founded
    elsewhere."""
    w0, _, _, _ = words(0, day, NEW_KEY, person_key, parent_key, 0)
    return w0


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
def draw_new_groups(
    seed: int, day: int, person_key: Ints, founders: Ints, parent_key: int, keys: Ints, u: Floats
) -> None:
    """Keys of new groups, and the numbers from which their founders' voices follow."""
    for i in range(founders.shape[0]):
        keys[i] = new_key(day, person_key[founders[i]], parent_key)
        u[i] = uniform(seed, day, FOUNDERS_VOICE, person_key[founders[i]], keys[i])


def keys_and_voices(state: State, founders: Ints, parent_key: int = 0) -> tuple[Ints, Floats]:
    """Stable keys of groups about to be founded, and their founders' voices in them.

    The voice is the founder's own, or what the law for ordinary founders gives if that is more.
    """
    keys, u = np.empty(founders.size, dtype=np.int64), np.empty(founders.size)
    state.call(draw_new_groups, founders=founders, parent_key=parent_key, keys=keys, u=u)
    p = state.parameters
    drawn = beta_quantile(u, p["founder_voice_a"], p["founder_voice_b"])
    return keys, np.maximum(state.people["voice"][founders], drawn)


def found_groups(state: State) -> None:
    """Step 12, founding: everybody who wishes to opens a group of his own values."""
    if not state.wanted:
        return
    founders = np.flatnonzero(state.people["founding"])
    keys, voices = keys_and_voices(state, founders)
    first = state.groups.rows + 1
    names = [f"new{first + i}" for i in range(founders.size)]
    levers = dict(state.founding_levers, owner_voice=voices)
    groups = open_groups(state, founders, levers, names, keys)
    state.record.add(
        state.record.events, day=state.day, event=FOUNDED, group=groups, person=founders
    )


def split_groups(state: State) -> None:
    """Step 12, fission: rebels leave with those who follow them, at most one a day from a group."""
    if not state.wanted:
        return
    arrays = state.memberships.arrays
    rebels = np.empty(state.wanted, dtype=ROW)
    found = state.call(list_rebels, rebels=rebels)
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


def fade_groups(state: State) -> None:
    """Step 12, fading: groups without giving or without members end."""
    groups = state.groups
    living = groups["ended"] < 0
    silent = state.day - groups["last_given"] >= state.parameters["dissolving_days"]
    ending = np.flatnonzero(living & (silent | (groups["size"] == 0)))
    if not ending.size:
        return
    state.dismiss(state.members_of(ending.tolist()), GROUP_ENDED)
    groups["ended"][ending] = state.day
    owners = groups["owner"].copy()
    groups["owner"][ending] = -1
    for group in ending:
        state.record.event(state.day, DISSOLVED, int(group), int(owners[group]))


MEASURES = (
    Measure(
        "split_off",
        "int32",
        "people",
        "Left with a daughter, since the last recorded day.",
        flow=True,
    ),
    Measure(
        "ended",
        "int32",
        "people",
        "Members when it was dissolved, if since the last recorded day.",
        flow=True,
    ),
    Measure("stage", "category", "code", "Stage, measured on the day.", categories=STAGES),
    Measure("involved", "int32", "people", "Members who gave or came within seven days."),
)
