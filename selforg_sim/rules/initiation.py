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
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from selforg_sim.engine.asked import find_place, mark_asked, was_asked
from selforg_sim.engine.codes import (
    BROWSED,
    BUSY,
    DECLINED,
    DRAGGED,
    FULL,
    INVITATION,
    JOINED,
    LURKER,
    MOVED,
    NOBODY,
    OFFERED,
    OWNER,
    QUIET,
    REFUSED,
    TROUBLEMAKER,
)
from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.declarations import Column, Decision, Measure
from selforg_sim.engine.draws import uniform, uniform_pair, words
from selforg_sim.engine.memberships import find_row
from selforg_sim.engine.parameters import Parameters, parameter
from selforg_sim.engine.ties import are_contacts, friends_inside
from selforg_sim.engine.types import Flags, Floats, Ints
from selforg_sim.rules.interest import weight_of_return
from selforg_sim.rules.structure import saturating
from selforg_sim.rules.time_and_cash import claim_on_time, hours_for
from selforg_sim.rules.value_core import dot

if TYPE_CHECKING:
    from selforg_sim.engine.state import State

MOST_INVITATIONS = 64
MOST_LOOKS = 64
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
    Column("request_person", "membership", "i4", "row", "Who may come in."),
    Column("request_group", "membership", "i4", "row", "Where."),
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
def asked_of_group(
    expectation: float, strictness: float, load: int, base: float, by_strictness: float,
    by_load: float,
) -> float:  # fmt: skip
    """What a group must promise to be as likely joined as not.

    >>> round(asked_of_group(0.2, 0.4, 3, 0.6, 0.5, 0.15), 6)
    0.25
    """
    return expectation * (base + by_strictness * strictness + by_load * load)


@compiled
def chance_to_join(promised: float, asked: float, width: float) -> float:
    """Logistic chance to join.

    >>> chance_to_join(0.25, 0.25, 0.08), round(chance_to_join(0.41, 0.25, 0.08), 4)
    (0.5, 0.8808)
    """
    return 1.0 / (1.0 + math.exp((asked - promised) / width))


@compiled
def invitations_on(u: float, mean: float) -> int:
    """Whole number of invitations with the given mean.

    >>> invitations_on(0.29, 1.3), invitations_on(0.31, 1.3)
    (2, 1)
    """
    whole = int(mean)
    if u < mean - whole:
        whole += 1
    return min(whole, MOST_INVITATIONS)


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
def reach_out(
    lo: int, hi: int, seed: int, day: int, person_key: Ints, rows: Ints, member_person: Ints,
    member_group: Ints, group_key: Ints, owner: Ints, contacts_due: Ints, withheld: Flags,
    dedication: Floats, belonging: Floats, standing: Flags, muted_until: Ints, asking: Ints,
    invitations_per_day: float, social_members_invite: bool,
) -> int:  # fmt: skip
    """Who belongs wears the label: how many invitations each member makes today."""
    total = 0
    for i in range(lo, hi):
        r = rows[i]
        p = member_person[r]
        asking[r] = 0
        g = member_group[r]
        owns = owner[g] == p
        if withheld[p] or muted_until[r] > day or not (owns or social_members_invite):
            continue
        if standing[r] == QUIET or standing[r] == TROUBLEMAKER:
            continue
        mean = invitations_per_day * belonging[r] * dedication[p]
        u = uniform(seed, day, INVITE, person_key[p], group_key[g])
        asking[r] = invitations_on(u, mean)
        if owns:
            asking[r] += contacts_due[g]
            contacts_due[g] = 0
        total += asking[r]
    return total


@compiled
def ask_contacts(
    n: int, seed: int, day: int, person_key: Ints, first_row: Ints, member_count: Ints,
    member_group: Ints, group_key: Ints, contact_first: Ints, contact_other: Ints, asking: Ints,
    asked: Ints, request_from: Ints,
    request_person: Ints, request_group: Ints, ask_again_after: int, invitation_tries: int,
) -> tuple[int, int]:  # fmt: skip
    """Turn invitations into requests: each to a contact outside who was not asked lately."""
    marked = 0
    for p in range(first_row.shape[0]):
        known = contact_first[p + 1] - contact_first[p]
        if known == 0:
            continue
        for r in range(first_row[p], first_row[p] + member_count[p]):
            g = member_group[r]
            for i in range(asking[r]):
                for k in range(invitation_tries):
                    draw = i * invitation_tries + k
                    u = uniform(seed, day, PICK_CONTACT, person_key[p], group_key[g], draw)
                    other = contact_other[contact_first[p] + int(u * known)]
                    place = find_place(other, g, asked)
                    if was_asked(place, day - ask_again_after + 1, asked):
                        continue
                    if find_row(other, g, first_row, member_count, member_group) >= 0:
                        continue
                    request_from[n] = p
                    request_person[n] = other
                    request_group[n] = g
                    marked += mark_asked(other, g, day, place, asked)
                    n += 1
                    break
    return n, marked


@compiled
def busyness(recent_giving: float, half_supply: float, discovery: int, fit: float) -> float:
    """Chance to stop at a group that one looks at; a search is for what one cares about.

    >>> busyness(1.0, 1.0, 2, 0.5), busyness(1.0, 1.0, 1, 0.5)
    (0.5, 0.25)
    """
    lively = saturating(recent_giving, half_supply)
    return lively if discovery == BROWSED else lively * fit


@compiled
def shown_group(seed: int, day: int, person: int, look: int, shown: Ints) -> int:
    """A group drawn from all that are shown, each alike; -1 if only empty places come up.

    The lowest bits of a word choose the place, so that where the number of places doubles, half of
    the choices stay as they were.
    """
    for i in range(MOST_LOOKS):
        word, _, _, _ = words(seed, day, PICK_GROUP, person, 0, look * MOST_LOOKS + i)
        group = shown[word & (shown.shape[0] - 1)]
        if group >= 0:
            return int(group)
    return -1


@compiled
def come_across(
    n: int, seed: int, day: int, person_key: Ints, withheld: Flags, values: Floats,
    supplied: Floats, first_row: Ints, member_count: Ints, member_group: Ints, group_key: Ints,
    discovery: Flags, recent_giving: Floats, shown: Ints, asked: Ints,
    request_from: Ints, request_person: Ints, request_group: Ints, encounters_per_week: float,
    encounter_tries: int, ask_again_after: int, half_supply: float,
) -> tuple[int, int]:  # fmt: skip
    """People come across searchable and browsed groups, busy ones more often.

    ``shown`` holds the groups by their places, see ``show_groups``.
    """
    marked = 0
    for p in range(first_row.shape[0]):
        if withheld[p]:
            continue
        if uniform(seed, day, ENCOUNTER, person_key[p], 0) >= encounters_per_week / 7.0:
            continue
        for i in range(encounter_tries):
            g = shown_group(seed, day, person_key[p], i, shown)
            if g < 0:
                continue
            stop = busyness(
                recent_giving[g], half_supply, discovery[g], dot(values, p, supplied, g)
            )
            if uniform(seed, day, STOP_AT, person_key[p], group_key[g], i) >= stop:
                continue
            place = find_place(p, g, asked)
            if was_asked(place, day - ask_again_after + 1, asked):
                break
            if find_row(p, g, first_row, member_count, member_group) >= 0:
                break
            request_from[n] = NOBODY
            request_person[n] = p
            request_group[n] = g
            marked += mark_asked(p, g, day, place, asked)
            n += 1
            break
    return n, marked


@compiled
def judge(
    lo: int, hi: int, seed: int, day: int, request_person: Ints, request_group: Ints,
    request_own: Flags, request_outcome: Flags, request_fit: Floats, request_trust: Floats,
    request_appeal: Floats, request_leaves: Ints, person_key: Ints, group_key: Ints,
    withheld: Flags, values: Floats, budget: Floats, interest: Floats, expectation: Floats,
    status: Floats, contact_first: Ints, contact_other: Ints, first_row: Ints,
    member_count: Ints, member_group: Ints, standing: Flags, belonging: Floats,
    experienced: Floats, owner: Ints, supplied: Floats, quality: Floats, sum_returned: Floats,
    gathered: Ints, strictness: Floats, entry: Flags, platform_trust: Floats,
    hope: float, half_return: float, choice_width: float, asked_base: float,
    asked_strictness: float, asked_load: float, screened_fit: float, least_hours: float,
    outside_life: float, disrupting_belonging: float, trust_base: float, trust_friends: float,
    trust_owner_tie: float, trust_status: float, friends_scale: float, social_friends: bool,
) -> None:  # fmt: skip
    """Everybody asked weighs the group, and the group weighs him."""
    for i in range(lo, hi):
        p, g = request_person[i], request_group[i]
        friends = 0
        if social_friends:
            friends = friends_inside(
                p, g, contact_first, contact_other, first_row, member_count, member_group
            )
        has_owner = owner[g] != NOBODY
        knows = has_owner and are_contacts(p, owner[g], contact_first, contact_other)
        trust = first_trust(
            friends, knows, status[owner[g]] if has_owner else 0.0, platform_trust[g],
            trust_base, trust_friends, trust_owner_tie, trust_status, friends_scale,
        )  # fmt: skip
        fit = dot(values, p, supplied, g)
        mean_return = sum_returned[g] / max(1, gathered[g])
        promised = appeal(
            interest[p], fit, quality[g], hope, trust, weight_of_return(mean_return, half_return)
        )
        request_fit[i] = fit
        request_trust[i] = trust
        request_appeal[i] = promised
        request_leaves[i] = NOBODY
        if request_own[i] == 0:
            if withheld[p]:
                request_outcome[i] = OFFERED
                continue
            claims = 0.0
            load = 0
            worst = -1
            for r in range(first_row[p], first_row[p] + member_count[p]):
                claims += claim_on_time(belonging[r], standing[r], disrupting_belonging)
                if standing[r] != QUIET:
                    load += 1
                    if standing[r] != OWNER:
                        if worst < 0 or experienced[r] < experienced[worst]:
                            worst = r
            asked = asked_of_group(
                expectation[p], strictness[g], load, asked_base, asked_strictness, asked_load
            )
            if entry[g] != DRAGGED:
                chance = chance_to_join(promised, asked, choice_width)
                if uniform(seed, day, JOIN, person_key[p], group_key[g]) >= chance:
                    request_outcome[i] = DECLINED
                    continue
            if hours_for(budget[p], trust, claims + trust, outside_life) < least_hours:
                if load > 0:
                    if worst < 0 or promised <= experienced[worst]:
                        request_outcome[i] = BUSY
                        continue
                    request_leaves[i] = member_group[worst]
        request_outcome[i] = REFUSED if fit < screened_fit * strictness[g] else JOINED


@compiled
def draw_lots(
    requests: Ints, seed: int, day: int, request_person: Ints, request_group: Ints,
    person_key: Ints, group_key: Ints, lots: Floats,
) -> None:  # fmt: skip
    """A lot for each applicant."""
    for i in range(requests.shape[0]):
        p, g = request_person[requests[i]], request_group[requests[i]]
        lots[i] = uniform(seed, day, SEAT, person_key[p], group_key[g])


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


def seat_by_lot(state: State, applicants: Ints) -> None:
    """Mark applicants of groups without enough free seats as turned away, by lot."""
    groups = state.requests.arrays["request_group"][applicants]
    seats = state.groups.arrays["seats"][groups]
    limited = applicants[seats >= 0]
    if not limited.size:
        return
    lots = np.empty(limited.size)
    state.call(draw_lots, requests=limited, lots=lots)
    groups = state.requests.arrays["request_group"][limited]
    order = np.lexsort((lots, groups))
    groups, limited = groups[order], limited[order]
    start = np.searchsorted(groups, groups, side="left")
    rank = np.arange(groups.size) - start
    free = state.groups.arrays["seats"][groups] - state.groups.arrays["size"][groups]
    state.requests.arrays["request_outcome"][limited[rank >= free]] = FULL


def show_groups(state: State) -> Ints:
    """Where people look for groups: rows of searchable and browsed groups by place, -1 for none.

    A group keeps its place while it lives, and a new one takes the first free place: a group that
    opens or ends touches only those who look at its place. The number of places is a power of two,
    0 if there is nothing to be found.
    """
    groups = state.groups
    open_now = (groups["ended"] < 0) & (groups["discovery"] != INVITATION)
    groups["place"][~open_now] = NOBODY
    placed = np.flatnonzero(open_now & (groups["place"] >= 0))
    new = np.flatnonzero(open_now & (groups["place"] < 0))
    taken = set(groups["place"][placed].tolist())
    free = (place for place in count() if place not in taken)
    groups["place"][new] = [next(free) for _ in new]
    rows = np.flatnonzero(open_now)
    if not rows.size:
        return rows
    shown = np.full(1 << int(groups["place"][rows].max()).bit_length(), NOBODY, dtype=np.int64)
    shown[groups["place"][rows]] = rows
    return shown


def collect_requests(state: State) -> None:
    """Step 11, first part: invitations and encounters become requests."""
    asked = state.wanted
    shown = show_groups(state)
    most = asked + (state.people.rows if shown.size else 0)
    own = state.requests.rows
    state.requests.grow(most)
    state.requests.arrays["request_own"][own:] = 0
    state.asked.make_room(most, state.day - int(state.parameters["ask_again_after"]))
    n = own
    if asked:
        n, marked = state.call(ask_contacts, n=n)
        state.asked.used += marked
    if shown.size:
        n, marked = state.call(come_across, n=n, shown=shown)
        state.asked.used += marked
    state.requests.rows = int(n)


def admit_applicants(state: State) -> None:
    """Step 11, last part: seats by lot, places changed, newcomers let in."""
    requests = state.requests
    applicants = np.flatnonzero(requests["request_outcome"] == JOINED)
    seat_by_lot(state, applicants)
    applicants = applicants[requests["request_outcome"][applicants] == JOINED]
    order = np.lexsort((applicants, requests["request_person"][applicants]))
    applicants = applicants[order]
    people = requests["request_person"][applicants].astype(np.int64)
    _leave_for_better(state, people, requests["request_leaves"][applicants])
    trust = requests["request_trust"][applicants]
    state.admit(
        people,
        requests["request_group"][applicants],
        invited_by=requests["request_from"][applicants],
        fit=requests["request_fit"][applicants],
        trust=trust,
        belonging=trust,
        experienced=requests["request_appeal"][applicants],
        hoped=requests["request_appeal"][applicants],
        standing=LURKER,
    )
    if state.record.keep_invitations and requests.rows:
        state.record.add(
            state.record.invitations,
            day=state.day,
            to=requests["request_person"],
            group=requests["request_group"],
            outcome=requests["request_outcome"],
            **{"from": requests["request_from"]},
        )


def _leave_for_better(state: State, people: Ints, left: Ints) -> None:
    """End the memberships that were given up for another group."""
    pairs = {(int(p), int(g)) for p, g in zip(people[left >= 0], left[left >= 0], strict=True)}
    rows = sorted((p, state.memberships.row(p, g)) for p, g in pairs)
    state.dismiss(np.array([row for _, row in rows], dtype=np.int64), MOVED)


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
    Measure("joins", "int32", "people", "Joined, since the last recorded day."),
    Measure("ever_joined", "int32", "people", "Memberships ever begun."),
    Measure("moved", "int32", "people", "Left for a better group, since the last recorded day."),
)
