"""What people of a class with a ``step`` of its own want, and when it takes effect in the day.

Their steps run after the phase *give*. What they give counts at once; who quits is gone with those
who leave in step 10; whom they invite, and what they ask to join, is judged in step 11 with all
other requests. Wishes made between two days wait for the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from selforg_sim.engine.asked import find_place, mark_asked, was_asked
from selforg_sim.engine.codes import EVENTS, INVITATION, NOBODY, OFFERED, OWNER_LEFT, QUIT
from selforg_sim.engine.state import State
from selforg_sim.errors import UsageError
from selforg_sim.rules.value_core import number_of_messages

if TYPE_CHECKING:
    from selforg_sim.agents.group import Group
    from selforg_sim.agents.member import Member
    from selforg_sim.model import SelfOrgModel

OWNER_LEAVES = EVENTS.index("owner_leaves")


class Invitation(NamedTuple):
    """An invitation that waits for an answer."""

    day: int
    group: Group
    inviter: Member | None


@dataclass
class Wishes:
    """What is wanted and not yet done.

    Attributes
    ----------
    requests : by (person, group): who invites (-1 for nobody), and whether the person himself asks
    quits : (person, group)
    offers : by person, the invitations he has had: (day, group, who invites)
    giving : whether it is the moment of the day at which people give
    """

    requests: dict[tuple[int, int], tuple[int, bool]] = field(default_factory=dict)
    quits: set[tuple[int, int]] = field(default_factory=set)
    offers: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)
    giving: bool = False


def hooks_of(model: SelfOrgModel) -> dict[str, Callable[[State], Any]]:
    """What is done after phases of the day, by the phase's name."""
    return {
        "give": partial(live, model),
        "stay or go": partial(leave, model.wishes),
        "judge": partial(note_offers, model.wishes),
    }


def live(model: SelfOrgModel, state: State) -> None:
    """Run the steps of all people withheld from the rules, in row order; hand in their requests."""
    model.wishes.giving = True
    try:
        for row in np.flatnonzero(state.people["withheld"]).tolist():
            model.member(row).step()
    finally:
        model.wishes.giving = False
    hand_in(model.wishes, state)


def hand_in(wishes: Wishes, state: State) -> None:
    """Turn wishes to come in, and invitations, into requests of today."""
    asked, wishes.requests = wishes.requests, {}
    made = [
        (giver, person, group, own)
        for (person, group), (giver, own) in asked.items()
        if state.groups["ended"][group] < 0 and state.memberships.row(person, group) < 0
    ]
    if made:
        rows = state.requests.grow(len(made))
        for k, name in enumerate(("from", "person", "group", "own")):
            column = state.requests.arrays[f"request_{name}"]
            column[rows.start : rows.stop] = [request[k] for request in made]


def leave(wishes: Wishes, state: State) -> None:
    """Mark who quits as leaving today; with an owner goes what he laid on."""
    quits, wishes.quits = sorted(wishes.quits), set()
    for person, group in quits:
        row = state.memberships.row(person, group)
        if row < 0 or state.memberships["leaving"][row]:
            continue
        owns = state.groups["owner"][group] == person
        state.memberships["leaving"][row] = 1 + (OWNER_LEFT if owns else QUIT)
        state.wanted += 1
        state.willed.add(row)
        if owns:
            state.groups["owner"][group] = NOBODY
            state.groups["owner_hours"][group] = 0.0
            state.record.event(state.day, OWNER_LEAVES, group, person)


def note_offers(wishes: Wishes, state: State) -> None:
    """Keep the invitations of those who answer them in their own steps."""
    requests = state.requests
    for i in np.flatnonzero(requests["request_outcome"] == OFFERED).tolist():
        person, group, giver = (
            requests[f"request_{name}"].item(i) for name in ("person", "group", "from")
        )
        wishes.offers.setdefault(person, []).append((state.day, group, giver))


def open_offers(wishes: Wishes, state: State, person: int) -> list[tuple[int, int, int]]:
    """Invitations of a person that still stand; the others are forgotten."""
    since = state.day - int(state.parameters["ask_again_after"])
    standing = [
        (day, group, giver)
        for day, group, giver in wishes.offers.pop(person, ())
        if day > since
        and state.groups["ended"][group] < 0
        and state.memberships.row(person, group) < 0
    ]
    if standing:
        wishes.offers[person] = standing
    return standing


def give(state: State, person: int, group: int, hours: float | None) -> float:
    """Let a member give today; return the value given."""
    members = state.memberships.arrays
    row = state.memberships.row(person, group)
    if members["muted_until"][row] > state.day:
        return 0.0
    most = members["hours"].item(row)
    spent = most if hours is None else min(most, hours)
    value: float = spent * state.people["dedication"].item(person)
    members["given"][row] = value
    members["messages"][row] = 0
    if value > 0.0:
        members["messages"][row] = number_of_messages(
            state.seed,
            state.day,
            state.people["person_key"].item(person),
            state.groups["group_key"].item(group),
            state.parameters["messages_log_mean"],
            state.parameters["messages_log_sd"],
        )
        members["last_gave"][row] = state.day
    return value


def ask_in(wishes: Wishes, state: State, person: int, group: int) -> None:
    """Note that somebody asks to come into a group, on an invitation if he has one."""
    givers = [giver for _, offered, giver in open_offers(wishes, state, person) if offered == group]
    if not givers and state.groups["discovery"][group] == INVITATION:
        name = state.group_names[group]
        raise UsageError(
            f"join: '{name}' is open to invited people only, and person {person} has no "
            "invitation. Join where `self.invitations` has one, or a group that can be found."
        )
    wishes.requests[person, group] = (givers[0] if givers else NOBODY, True)
    mark_unless_lately(state, person, group, wishes.giving)


def mark_unless_lately(state: State, person: int, group: int, today: bool) -> bool:
    """Mark somebody as asked for a group; return False if he was asked lately already."""
    day = state.day if today else state.day + 1
    lately = int(state.parameters["ask_again_after"])
    state.asked.make_room(1, day - lately)
    asked = state.asked.arrays["asked"]
    place = find_place(person, group, asked)
    if was_asked(place, day - lately + 1, asked):
        return False
    state.asked.used += mark_asked(person, group, day, place, asked)
    return True
