"""Point 1, initiation: who opens a group, on which platform, and who comes in.

**Statement.** Somebody opens a group and brings his contacts; members bring theirs. Who comes
weighs what he sees against what he expects. Whoever finds his hopes not met watches for a while,
then turns to trouble or stops caring.

**Equations.** First trust and appeal of a group to somebody outside, and the chance that he joins::

    o = platform · (0.2 + ¼·(1 − e^(−friends/2)) + 0.3·[the owner is his contact] + 0.1·z_owner)
    e = (1 − w)·fit·max(Q, hope·o) + w·R̄/(R̄ + R½)
    chance = 1 / (1 + exp((θ·(0.6 + ½·S + 0.15·load) − e) / 0.08))

Where people are dragged in he is in, and judges by leaving. The group refuses a fit below 0.8·S
and, when full, whom the lot leaves out. If under ten minutes a day would be left, he takes it
only if ``e`` beats the worst of his groups, and leaves that one for it. A member whose ``x`` is
below 0.6 of his hope ``H`` watches; after ``τ`` such days he turns with chance 0.1 a day, to
trouble (chance ``d``) or to quiet, and back when ``x > H``.

**Sources.** The talk, point 1; Kraut & Fiore (2014) on founders; Hirschman (1970), *Exit, Voice,
and Loyalty*.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from selforg_sim.engine.codes import (
    LURKER,
    NOBODY,
    OWNER,
    QUIET,
    TROUBLEMAKER,
)
from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.declarations import Column, Decision, Measure
from selforg_sim.engine.draws import uniform_pair
from selforg_sim.engine.limits import MOST_GROUPS
from selforg_sim.engine.parameters import Parameters, parameter
from selforg_sim.engine.types import Flags, Floats, Ints
from selforg_sim.rules.value_core import dot

if TYPE_CHECKING:
    from selforg_sim.engine.state import State

UNDECIDED = -2


class Params(Parameters):
    """Parameters of the point *initiation*."""

    invitations_per_day: float = parameter(
        0.2,
        "1/day",
        "Invitations a day of a member of full belonging and dedication 1 (iota).",
        ge=0,
    )
    ask_again_after: int = parameter(
        90, "days", "A person is asked at most once in this time for the same group.", ge=1
    )
    invitation_tries: int = parameter(
        4,
        "count",
        "Contacts an inviter thinks of before he gives up, if those were asked already.",
        ge=1,
        le=32,
    )
    encounters_per_week: float = parameter(
        3.0, "1/week", "Searchable and browsed groups that a person comes across.", ge=0, le=7
    )
    encounter_tries: int = parameter(
        4,
        "count",
        "Groups looked at for one encounter; busier ones are more often stopped at.",
        ge=1,
        le=64,
    )
    choice_width: float = parameter(0.08, "1", "Width of the logistic choice to join.", gt=0)
    asked_base: float = parameter(
        0.6, "1", "Part of a person's expectation that a new group must reach.", ge=0
    )
    asked_strictness: float = parameter(0.5, "1", "What strict entry asks in addition.", ge=0)
    asked_load: float = parameter(
        0.15, "1 per group", "What each group he is in already asks in addition.", ge=0
    )
    screened_fit: float = parameter(
        0.8, "1", "The group refuses a fit below this times its strictness.", ge=0
    )
    hope: float = parameter(
        0.6, "1", "Value that a newcomer hopes for, per trust in the owner.", ge=0
    )
    least_hours: float = parameter(
        1 / 6,
        "hours/day",
        "Less time than this left for a group, and it must replace another.",
        ge=0,
    )
    trust_base: float = parameter(0.2, "share", "First trust in an owner nobody knows.", ge=0, le=1)
    trust_friends: float = parameter(
        0.25, "share", "First trust added by many friends inside.", ge=0, le=1
    )
    trust_owner_tie: float = parameter(
        0.3, "share", "First trust added if the owner is one's own contact.", ge=0, le=1
    )
    trust_status: float = parameter(
        0.1, "share", "First trust added by an owner of full status.", ge=0, le=1
    )
    watched_share: float = parameter(
        0.6, "1", "A member watches while his value stays below this times his hope.", ge=0
    )
    hope_memory: float = parameter(
        60.0, "days", "Time in which hope moves to what is experienced.", ge=1
    )
    turning_chance: float = parameter(
        0.1, "1/day", "Chance that a member whose patience is over turns on a day.", ge=0, le=1
    )


COLUMNS = (
    Column("ties", "person", "f8", "1", "Wanted number of contacts relative to the mean."),
    Column("patience", "person", "f8", "days", "Time that he watches before he turns (τ)."),
    Column("temper", "person", "f8", "share", "Chance that disappointment turns to trouble (d)."),
    Column("asking", "membership", "i4", "count", "Invitations he makes today."),
    Column("hoped", "membership", "f8", "share", "What he hoped for, moving to what he gets."),
    Column("watched", "membership", "i4", "days", "Days of watching in a row."),
    Column("strictness", "group", "f8", "share", "How strict entry is (S)."),
    Column("seats", "group", "i4", "people", "Most members, -1 for any number.", -1),
    Column("first_contacts", "group", "i4", "people", "Contacts that the owner brings first."),
    Column("contacts_due", "group", "i4", "people", "Contacts of these that he has not yet asked."),
    Column("discovery", "group", "i1", "code", "By invitation, searchable, browsed."),
    Column("entry", "group", "i1", "code", "People are dragged in or asked."),
    Column("platform_trust", "group", "f8", "share", "First trust of the platform's ties."),
    Column("place", "group", "i4", "place", "Where people look for it, -1 for nowhere.", NOBODY),
    Column("platform", "group", "i2", "code", "Platform."),
)
REQUEST_COLUMNS = (
    Column(
        "request_from", "membership", "i4", "row", "Who invites, -1 where found by chance.", NOBODY
    ),
    Column("request_person", "membership", "u4", "row", "Who may come in."),
    Column("request_group", "membership", "u4", "row", "Where."),
    Column("request_own", "membership", "i1", "flag", "He has decided by his own code."),
    Column("request_outcome", "membership", "i1", "code", "What came of it.", UNDECIDED),
    Column("request_fit", "membership", "f8", "1", "Fit."),
    Column("request_trust", "membership", "f8", "share", "First trust."),
    Column("request_appeal", "membership", "f8", "share", "What it promises (e)."),
    Column("request_leaves", "membership", "i4", "row", "Group left for it, -1 for none.", NOBODY),
)

INVITE, PICK_CONTACT, ENCOUNTER, PICK_GROUP, STOP_AT, JOIN, SEAT, TURN = range(10, 18)
DECISIONS = (
    Decision(INVITE, "invite", "person", "group", "Does he make one more invitation today?"),
    Decision(PICK_CONTACT, "pick contact", "person", "group", "Which contact does he think of?"),
    Decision(ENCOUNTER, "encounter", "person", "none", "Does he come across a group today?"),
    Decision(PICK_GROUP, "pick group", "person", "none", "Which group does he look at?"),
    Decision(STOP_AT, "stop at", "person", "group", "Does he stop at it?"),
    Decision(JOIN, "join", "person", "group", "Does he want to come in?"),
    Decision(SEAT, "seat", "person", "group", "His lot for the last seats."),
    Decision(TURN, "turn", "person", "group", "Does he turn today, and to what?"),
)


@compiled
def first_trust(
    friends: int, knows_owner: bool, owner_status: float, platform_trust: float, base: float,
    by_friends: float, by_owner: float, by_status: float, friends_scale: float,
) -> float:  # fmt: skip
    """Trust in the owner before anything has been seen.

    >>> first_trust(0, True, 0.5, 1.0, 0.2, 0.25, 0.3, 0.1, 2.0)
    0.55
    """
    known = by_friends * (1.0 - math.exp(-friends / friends_scale)) if friends > 0 else 0.0
    tie = by_owner if knows_owner else 0.0
    return min(1.0, platform_trust * (base + known + tie + by_status * owner_status))


@compiled
def appeal(
    interest: float, fit: float, quality: float, hope: float, trust: float, return_weight: float
) -> float:
    """What a group promises somebody outside (e).

    >>> round(appeal(0.25, 0.8, 0.1, 0.6, 0.5, 0.4), 6)
    0.28
    """
    return (1.0 - interest) * fit * max(quality, hope * trust) + interest * return_weight


@compiled
def hope_of(expectation: float, hoped: float) -> float:
    """What a member hopes for (H): never less than he expects of any group.

    >>> hope_of(0.2, 0.3), hope_of(0.2, 0.1)
    (0.3, 0.2)
    """
    return max(expectation, hoped)


@compiled
def watch(
    lo: int, hi: int, seed: int, day: int, person_key: Ints, rows: Ints, member_person: Ints,
    member_group: Ints, group_key: Ints, withheld: Flags, expectation: Floats, patience: Floats,
    temper: Floats, experienced: Floats, hoped: Floats, watched: Ints, standing: Flags,
    watched_share: float, hope_memory: float, turning_chance: float,
) -> None:  # fmt: skip
    """Members whose hopes are not met watch, then turn; those whose hopes are met turn back."""
    for i in range(lo, hi):
        r = rows[i]
        p = member_person[r]
        hoped[r] += (experienced[r] - hoped[r]) / hope_memory
        if standing[r] == OWNER or withheld[p]:
            continue
        hope = hope_of(expectation[p], hoped[r])
        if standing[r] == QUIET or standing[r] == TROUBLEMAKER:
            if experienced[r] > hope:
                standing[r] = LURKER
                watched[r] = 0
            continue
        if experienced[r] >= watched_share * hope:
            watched[r] = 0
            continue
        watched[r] += 1
        if watched[r] <= patience[p]:
            continue
        turn, trouble = uniform_pair(seed, day, TURN, person_key[p], group_key[member_group[r]])
        if turn < turning_chance:
            standing[r] = TROUBLEMAKER if trouble < temper[p] else QUIET
            watched[r] = 0


@compiled
def hopes_of_owners(
    groups: Ints, owners: Ints, core: Floats, values: Floats, interest: Floats, hope: float,
    fit_then: Floats, promised: Floats,
) -> None:  # fmt: skip
    """Fit of new owners with their groups, and what they hope for: full trust, no returns yet."""
    for i in range(groups.shape[0]):
        p = owners[i]
        fit_then[i] = dot(core, groups[i], values, p)
        promised[i] = appeal(interest[p], fit_then[i], 0.0, hope, 1.0, 0.0)


def open_groups(
    state: State,
    owners: Ints,
    levers: Mapping[str, Any],
    names: Sequence[str],
    keys: Ints,
    parent: int = NOBODY,
) -> Ints:
    """Open groups on one day, each with its owner (ascending) as the first member.

    Parameters
    ----------
    owners : rows of the owners
    levers : first values of the groups' columns, one for all or one for each; ``core`` defaults to
        the owners' values
    names : names in results
    keys : stable keys, 32 bits
    parent : row of the group they split from

    Returns
    -------
    groups : rows of the new groups
    """
    if state.groups.rows + len(names) > MOST_GROUPS:
        raise OverflowError(f"more than {MOST_GROUPS:,} groups: there is no room for another")
    new = state.groups.grow(len(names))
    groups = np.arange(new.start, new.stop)
    columns = state.groups
    for column, value in levers.items():
        columns[column][groups] = value
    if "core" not in levers:
        columns["core"][groups] = state.people["values"][owners]
    for column in ("first_core", "recent_values", "supplied"):
        columns[column][groups] = columns["core"][groups]
    columns["order"][groups] = columns["rules_stated"][groups]
    columns["contacts_due"][groups] = columns["first_contacts"][groups] if parent == NOBODY else 0
    columns["group_key"][groups] = keys
    columns["owner"][groups] = owners
    columns["founder"][groups] = owners
    columns["parent"][groups] = parent
    columns["founded"][groups] = state.day
    columns["last_given"][groups] = state.day
    state.group_names.extend(names)
    fit, promised = np.empty(groups.size), np.empty(groups.size)
    state.call(hopes_of_owners, groups=groups, owners=owners, fit_then=fit, promised=promised)
    state.admit(
        owners, groups, fit=fit, trust=1.0, belonging=1.0, experienced=promised,
        hoped=promised, standing=OWNER,
    )  # fmt: skip
    return groups


MEASURES = (
    Measure("size", "int32", "people", "Members."),
    Measure("active", "int32", "people", "Members who are not quiet."),
    Measure("joins", "int32", "people", "Joined, since the last recorded day.", flow=True),
    Measure("ever_joined", "int32", "memberships", "Memberships ever begun."),
    Measure(
        "moved",
        "int32",
        "people",
        "Left for a better group, since the last recorded day.",
        flow=True,
    ),
)
