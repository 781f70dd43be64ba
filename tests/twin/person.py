"""A person: traits, contacts, memberships, and what he decides for himself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import mesa

from selforg_sim.engine import codes as code
from selforg_sim.rules import evolution, initiation, time_and_cash
from selforg_sim.scenario.people import TRAITS
from twin import rules
from twin.vectors import Vector, dot

if TYPE_CHECKING:
    from twin.group import Group
    from twin.membership import Membership
    from twin.model import TwinModel


class Person(mesa.Agent):
    """Somebody with values and little time."""

    budget: float
    dedication: float
    status: float
    voice: float
    interest: float
    expectation: float
    patience: float
    temper: float
    restlessness: float

    def __init__(
        self,
        model: TwinModel,
        row: int,
        key: int,
        traits: Mapping[str, float],
        values: Vector,
        resource: int,
    ) -> None:
        super().__init__(model)
        self.row, self.key = row, key
        for name in TRAITS:
            setattr(self, name, traits[name])
        self.values, self.resource = values, resource
        self.contacts: list[Person] = []
        self.memberships: dict[Group, Membership] = {}
        self.unsatisfied = 0

    def in_each_group(self, act: Callable[[Membership], None]) -> None:
        """Let all memberships have one step of the day."""
        for membership in self.memberships.values():
            act(membership)

    def draw(self, decision: int, group: Group | None = None, attempt: int = 0) -> float:
        """His luck in one decision of the day."""
        model = self.model
        return model.luck.uniform(model.day, decision, self.key, group.key if group else 0, attempt)

    def spread_time(self) -> None:
        """Step 1: meet-ups first, then what is left of the day over all groups."""
        if not self.memberships:
            return
        free, claims = self.budget, 0.0
        for m in self.memberships.values():
            m.met = 0.0
            if m.group.meeting and m.standing != code.QUIET:
                if m.draw(time_and_cash.COME) < m.belonging:
                    m.met = min(free, self.model.p.meet_up_hours)
                    free -= m.met
            claims += m.claim()
        for m in self.memberships.values():
            m.hours = rules.hours_for(free, m.claim(), claims, self.model.p.outside_life)

    def stay_or_go(self) -> None:
        """Step 10: leave the groups that he has a reason to leave."""
        for m in list(self.memberships.values()):
            reason = m.reason_to_leave()
            if reason is not None:
                m.group.part(m, reason)

    def plan_invitations(self) -> None:
        """Step 11: how many invitations he makes in each group today."""
        for m in self.memberships.values():
            m.asking = self.invitations(m)

    def invitations(self, m: Membership) -> int:
        """Invitations into one group today."""
        p, group = self.model.p, m.group
        if m.muted_until > self.model.day or not (m.owns or p.social_members_invite):
            return 0
        if m.standing in (code.QUIET, code.TROUBLEMAKER):
            return 0
        mean = p.invitations_per_day * m.belonging * self.dedication
        number = rules.invitations_on(m.draw(initiation.INVITE), mean)
        if m.owns:
            number += group.contacts_due
            group.contacts_due = 0
        return number

    def first_trust(self, owner: Person | None, friends: int, platform_trust: float) -> float:
        """Trust in the owner of a group before anything has been seen."""
        p = self.model.p
        return rules.first_trust(
            friends if p.social_friends else 0, owner in self.contacts,
            owner.status if owner else 0.0, platform_trust, p.trust_base, p.trust_friends,
            p.trust_owner_tie, p.trust_status, p.friends_scale,
        )  # fmt: skip

    def owns_a_group(self) -> bool:
        """Whether he is the owner of a living group."""
        return any(m.standing == code.OWNER for m in self.memberships.values())

    def is_nearer_to(self, other: Person, core: Vector) -> bool:
        """Whether his values are nearer to another person's than to a core."""
        return dot(self.values, other.values) > dot(self.values, core)

    def wishes_to_found(self) -> bool:
        """Step 12: whether he founds a group today."""
        p = self.model.p
        satisfied = any(
            m.standing != code.QUIET and m.experienced >= self.expectation
            for m in self.memberships.values()
        )
        self.unsatisfied = 0 if satisfied else self.unsatisfied + 1
        if self.owns_a_group():
            return False
        chance = rules.chance_to_found(
            self.unsatisfied, p.founding_chance, p.founding_boost, p.unsatisfied_days
        )
        return self.draw(evolution.FOUND) < chance
