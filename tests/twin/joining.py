"""Step 11: who is asked, who wants in, who is let in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from selforg_sim.engine import codes as code
from selforg_sim.rules import initiation
from twin import rules
from twin.encounters import encounters
from twin.membership import Membership
from twin.vectors import dot

if TYPE_CHECKING:
    from twin.group import Group
    from twin.model import TwinModel
    from twin.person import Person


@dataclass(eq=False, slots=True)
class Request:
    """Somebody who may come into a group today, and what he and the group make of it."""

    inviter: Person | None
    person: Person
    group: Group
    outcome: int = code.JOINED
    fit: float = 0.0
    trust: float = 0.0
    appeal: float = 0.0
    leaves: Group | None = None

    def judge(self) -> None:
        """Person and group weigh each other."""
        person, group, p = self.person, self.group, self.person.model.p
        friends = group.friends_inside(person)
        self.trust = person.first_trust(group.owner, friends, group.platform_trust)
        self.fit = dot(person.values, group.supplied)
        returned = rules.weight_of_return(
            group.sum_returned / max(1, group.gathered), p.half_return
        )
        self.appeal = rules.appeal(
            person.interest, self.fit, group.quality, p.hope, self.trust, returned
        )
        self.outcome = self.answer()

    def answer(self) -> int:
        """What comes of it, seats apart."""
        p, group = self.person.model.p, self.group
        if group.entry != code.DRAGGED and not self.wants_in():
            return code.DECLINED
        if not self.has_time():
            return code.BUSY
        too_strange = self.fit < p.screened_fit * group.strictness
        return code.REFUSED if too_strange else code.JOINED

    def wants_in(self) -> bool:
        """Whether somebody who is asked first says yes."""
        p, person, group = self.person.model.p, self.person, self.group
        asked = rules.asked_of_group(
            person.expectation, group.strictness, len(self.heeded()), p.asked_base,
            p.asked_strictness, p.asked_load,
        )  # fmt: skip
        chance = rules.chance_to_join(self.appeal, asked, p.choice_width)
        return person.draw(initiation.JOIN, group) < chance

    def heeded(self) -> list[Membership]:
        """His memberships in which he is not quiet."""
        return [m for m in self.person.memberships.values() if m.standing != code.QUIET]

    def has_time(self) -> bool:
        """Whether ten minutes are left, or his worst group is worth leaving for this one."""
        p, person = self.person.model.p, self.person
        claims = 0.0
        for m in person.memberships.values():
            claims += m.claim()
        left = rules.hours_for(person.budget, self.trust, claims + self.trust, p.outside_life)
        heeded = self.heeded()
        if left >= p.least_hours or not heeded:
            return True
        others = [m for m in heeded if m.standing != code.OWNER]
        worst = min(others, key=lambda m: m.experienced, default=None)
        if worst is None or self.appeal <= worst.experienced:
            return False
        self.leaves = worst.group
        return True

    def come_in(self) -> None:
        """Begin the membership."""
        day, trust, appeal = self.person.model.day, self.trust, self.appeal
        self.group.join(
            Membership(
                self.person, self.group, day, self.inviter, self.fit, trust, trust, appeal, appeal
            )
        )


def let_in(model: TwinModel) -> None:
    """Invitations and encounters, judgements, lots for last seats; newcomers are in."""
    model.people.do("plan_invitations")
    requests = [
        request
        for person in model.people
        for m in person.memberships.values()
        if m.asking and person.contacts
        for request in invite(m)
    ]
    requests += [Request(None, person, group) for person, group in encounters(model)]
    for request in requests:
        request.judge()
    seat_by_lot(requests)
    for r in requests:
        model.note_request(r.inviter, r.person, r.group, r.outcome)
    welcome = sorted((r for r in requests if r.outcome == code.JOINED), key=lambda r: r.person.row)
    for request in welcome:
        given_up = request.person.memberships.get(request.leaves)
        if given_up is not None:
            given_up.group.part(given_up, code.MOVED)
    for request in welcome:
        request.come_in()


def invite(m: Membership) -> Iterator[Request]:
    """A member's invitations: each to a contact outside who was not asked lately."""
    model, known = m.person.model, m.person.contacts
    tries = model.p.invitation_tries
    for number in range(m.asking):
        for attempt in range(number * tries, (number + 1) * tries):
            other = known[int(m.draw(initiation.PICK_CONTACT, attempt) * len(known))]
            if not model.was_asked(other, m.group) and m.group not in other.memberships:
                model.mark_asked(other, m.group)
                yield Request(m.person, other, m.group)
                break


def seat_by_lot(requests: list[Request]) -> None:
    """Turn away whom the lot leaves without a seat."""
    applicants: dict[Group, list[Request]] = {}
    for r in requests:
        if r.outcome == code.JOINED and r.group.seats >= 0:
            applicants.setdefault(r.group, []).append(r)
    for group, rivals in applicants.items():
        rivals.sort(key=lambda r: r.person.draw(initiation.SEAT, r.group))
        for r in rivals[max(0, group.seats - group.size) :]:
            r.outcome = code.FULL
