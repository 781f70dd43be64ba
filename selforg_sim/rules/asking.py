"""Point 1, initiation, second part: how people are asked.

Members invite their contacts, and people come across groups that can be found; each makes a
request, which ``entry.py`` decides on. Equations, parameters, columns and decisions stand in
``initiation.py``.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from selforg_sim.engine.asked import find_place, mark_asked, was_asked
from selforg_sim.engine.codes import (
    BROWSED,
    INVITATION,
    NOBODY,
    QUIET,
    TROUBLEMAKER,
)
from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.draws import uniform, uniform_many, words
from selforg_sim.engine.memberships import find_row, luck_of_members
from selforg_sim.engine.types import ROW, Flags, Floats, Ints
from selforg_sim.rules.initiation import (
    ENCOUNTER,
    INVITE,
    PICK_CONTACT,
    PICK_GROUP,
    STOP_AT,
)
from selforg_sim.rules.structure import saturating
from selforg_sim.rules.value_core import dot

if TYPE_CHECKING:
    from selforg_sim.engine.state import State

MOST_INVITATIONS = 64
MOST_LOOKS = 64


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
def busyness(recent_giving: float, half_supply: float, discovery: int, fit: float) -> float:
    """Chance to stop at a group that one looks at; a search is for what one cares about.

    >>> busyness(1.0, 1.0, 2, 0.5), busyness(1.0, 1.0, 1, 0.5)
    (0.5, 0.25)
    """
    lively = saturating(recent_giving, half_supply)
    return lively if discovery == BROWSED else lively * fit


@compiled
def reach_out(
    lo: int, hi: int, seed: int, day: int, person_key: Ints, rows: Ints, member_person: Ints,
    member_group: Ints, group_key: Ints, owner: Ints, contacts_due: Ints, withheld: Flags,
    dedication: Floats, belonging: Floats, standing: Flags, muted_until: Ints, asking: Ints,
    invitations_per_day: float, social_members_invite: bool,
) -> int:  # fmt: skip
    """Who belongs wears the label: how many invitations each member makes today."""
    total = 0
    luck = luck_of_members(
        lo, hi, seed, day, INVITE, rows, member_person, member_group, person_key, group_key
    )
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
        asking[r] = invitations_on(luck[i - lo], mean)
        if owns:
            asking[r] += contacts_due[g]
            contacts_due[g] = 0
        total += asking[r]
    return total


@compiled
def request(
    n: int, inviter: int, person: int, group: int, day: int, ask_again_after: int, asked: Ints,
    marks: Ints, first_row: Ints, member_count: Ints, member_group: Ints, request_from: Ints,
    request_person: Ints, request_group: Ints,
) -> int:  # fmt: skip
    """Write a request as number ``n``, unless the person was asked lately or is a member.

    Returns
    -------
    1 if the pair is new to the table of who was asked, 0 if it stood there; -1 if nothing was
    written
    """
    place = find_place(person, group, asked)
    if was_asked(place, day - ask_again_after + 1, asked):
        return -1
    if find_row(person, group, marks, first_row, member_count, member_group) >= 0:
        return -1
    request_from[n] = inviter
    request_person[n] = person
    request_group[n] = group
    return mark_asked(person, group, day, place, asked)


@compiled
def list_invitations(
    rows: Ints, asking: Ints, member_person: Ints, contact_first: Ints, inviting: Ints, nth: Ints
) -> int:
    """Write the inviter's row for each of today's invitations and its number among his."""
    n = 0
    for i in range(rows.shape[0]):
        r = rows[i]
        p = member_person[r]
        if asking[r] > 0 and contact_first[p + 1] > contact_first[p]:
            for k in range(asking[r]):
                inviting[n] = r
                nth[n] = k
                n += 1
    return n


@compiled
def think_of_contacts(
    inviting: Ints, nth: Ints, seed: int, day: int, member_person: Ints, member_group: Ints,
    person_key: Ints, group_key: Ints, contact_first: Ints, contact_other: Ints,
    invitation_tries: int, others: Ints,
) -> None:  # fmt: skip
    """Write the contacts that inviters think of, ``invitation_tries`` for each invitation."""
    n = others.shape[0]
    a, b, attempt = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    for m in range(inviting.shape[0]):
        p, g = member_person[inviting[m]], member_group[inviting[m]]
        for k in range(invitation_tries):
            t = m * invitation_tries + k
            a[t] = person_key[p]
            b[t] = group_key[g]
            attempt[t] = nth[m] * invitation_tries + k
    u = np.empty(n)
    uniform_many(n, seed, day, PICK_CONTACT, a, b, attempt, u)
    for m in range(inviting.shape[0]):
        p = member_person[inviting[m]]
        known = contact_first[p + 1] - contact_first[p]
        for t in range(m * invitation_tries, (m + 1) * invitation_tries):
            others[t] = contact_other[contact_first[p] + int(u[t] * known)]


@compiled
def ask_contacts(
    n: int, most: int, seed: int, day: int, person_key: Ints, rows: Ints, member_person: Ints,
    member_group: Ints, group_key: Ints, marks: Ints, first_row: Ints, member_count: Ints,
    contact_first: Ints, contact_other: Ints, asking: Ints, asked: Ints, request_from: Ints,
    request_person: Ints, request_group: Ints, ask_again_after: int, invitation_tries: int,
) -> tuple[int, int]:  # fmt: skip
    """Turn invitations into requests: each to a contact outside who was not asked lately.

    ``most`` is the number of invitations.
    """
    inviting, nth = np.empty(most, ROW), np.empty(most, ROW)
    most = list_invitations(rows, asking, member_person, contact_first, inviting, nth)
    others = np.empty(most * invitation_tries, ROW)
    think_of_contacts(
        inviting[:most], nth, seed, day, member_person, member_group, person_key, group_key,
        contact_first, contact_other, invitation_tries, others,
    )  # fmt: skip
    marked = 0
    for m in range(most):
        g = member_group[inviting[m]]
        for t in range(m * invitation_tries, (m + 1) * invitation_tries):
            new = request(
                n, member_person[inviting[m]], others[t], g, day, ask_again_after, asked, marks,
                first_row, member_count, member_group, request_from, request_person,
                request_group,
            )  # fmt: skip
            if new < 0:
                continue
            marked += new
            n += 1
            break
    return n, marked


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
    supplied: Floats, marks: Ints, first_row: Ints, member_count: Ints, member_group: Ints,
    group_key: Ints, discovery: Flags, recent_giving: Floats, shown: Ints, asked: Ints,
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
            new = request(
                n, NOBODY, p, g, day, ask_again_after, asked, marks, first_row, member_count,
                member_group, request_from, request_person, request_group,
            )  # fmt: skip
            if new >= 0:
                marked += new
                n += 1
            break
    return n, marked


def show_groups(state: State) -> Ints:
    """Where people look for groups: rows of searchable and browsed groups by place, -1 for none.

    A group keeps its place while it lives, and a new one takes the first free place, by key where
    several are new: a group that opens or ends touches only those who look at its place. The number
    of places is a power of two, 0 if there is nothing to be found.
    """
    groups = state.groups
    open_now = (groups["ended"] < 0) & (groups["discovery"] != INVITATION)
    if not open_now.any() and not (groups["place"] >= 0).any():
        return np.empty(0, dtype=np.int64)
    groups["place"][~open_now] = NOBODY
    placed = np.flatnonzero(open_now & (groups["place"] >= 0))
    new = np.flatnonzero(open_now & (groups["place"] < 0))
    new = new[np.argsort(groups["group_key"][new], kind="stable")]
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
        n, marked = state.call(ask_contacts, n=n, most=asked)
        state.asked.used += marked
    if shown.size:
        n, marked = state.call(come_across, n=n, shown=shown)
        state.asked.used += marked
    state.requests.rows = int(n)
