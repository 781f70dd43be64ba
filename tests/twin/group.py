"""A group: its levers, its members, and what becomes of what they give."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import mesa

from selforg_sim.engine import codes as code
from selforg_sim.rules import aggregation
from twin import rules
from twin.membership import Membership
from twin.vectors import Vector, dot, moved, to_unit_length

if TYPE_CHECKING:
    from twin.model import TwinModel
    from twin.person import Person


@dataclass(frozen=True)
class Extra:
    """Something laid on until a day, besides the levers."""

    kind: str
    amount: float
    until: int


class Group(mesa.Agent):
    """A group; levers and numbers are attributes under the names of the engine's columns."""

    def __init__(
        self, model: TwinModel, name: str, key: int, owner: Person, levers: Mapping[str, Any],
        parent: Group | None = None,
    ) -> None:  # fmt: skip
        super().__init__(model)
        self.row, self.name, self.key = len(model.groups), name, key
        self.owner: Person | None = owner
        self.founder, self.parent = owner, parent
        self.founded = self.last_given = model.day
        self.ended = -1
        self.members: dict[Person, Membership] = {}
        self.ever_joined = 0
        self.pull(levers)
        self.core: Vector = getattr(self, "core", owner.values)
        self.first_core = self.recent_values = self.supplied = self.core
        self.order = self.rules_stated
        self.contacts_due = self.first_contacts if parent is None else 0
        self.owner_muted, self.meet_up_on, self.place = 0, -1, -1
        self.extras: list[Extra] = []
        self.noise = self.quality = self.manageability = 0.0
        self.recent_managed, self.recent_noise = 1.0, 0.0
        self.owner_giving = self.recent_giving = 0.0
        self.pool = self.cash_made = self.cash_paid = self.cash_outlay = 0.0
        self.extra_advertising = self.extra_envelopes = 0.0
        self.advertising_today = self.envelope_today = self.envelope_parts = 0.0
        self.even_pay = self.giving_pay = self.owner_pay = self.paid_today = 0.0
        self.meeting = self.can_remove = False
        self.begin_sums()

    def pull(self, levers: Mapping[str, Any]) -> None:
        """Set levers; vectors become lists."""
        for name, value in levers.items():
            setattr(self, name, value.tolist() if hasattr(value, "tolist") else value)

    @property
    def size(self) -> int:
        """Members."""
        return len(self.members)

    @property
    def owner_there(self) -> bool:
        """Whether there is an owner, and not a silent one."""
        return self.owner is not None and self.owner_muted <= self.model.day

    def friends_inside(self, person: Person) -> int:
        """Contacts of a person who are members."""
        return sum(map(self.members.__contains__, person.contacts))

    def join(self, m: Membership) -> None:
        """Begin a membership."""
        for other in m.person.contacts:
            friend = self.members.get(other)
            if friend is not None:
                friend.friends += 1
                m.friends += 1
        m.person.memberships[self] = self.members[m.person] = m
        self.ever_joined += 1
        self.model.history.append(m)

    def part(self, m: Membership, reason: int) -> None:
        """End a membership."""
        del m.person.memberships[self], self.members[m.person]
        for other in m.person.contacts:
            friend = self.members.get(other)
            if friend is not None:
                friend.friends -= 1
        m.left, m.reason = self.model.day, reason

    def begin_sums(self) -> None:
        """What is added up over the members of a day begins at nothing."""
        self.sum_given = self.sum_disrupted = self.sum_supply = self.sum_impact = 0.0
        self.sum_influence = self.sum_returned = self.core_care = 0.0
        self.owner_hours = self.leader_hours = self.owner_today = self.leader_today = 0.0
        self.gathered = self.active = self.givers = self.sum_messages = 0
        self.disruptions = self.core_layer = 0
        self.sum_values = [0.0] * len(self.core)
        self.supply_by_resource = [0.0] * self.model.given.population.resources

    def open_day(self) -> None:
        """Step 1: what the owner lays on."""
        self.begin_sums()
        there, day = self.owner_there, self.model.day
        self.envelope_today = self.red_envelopes + self.extra_envelopes if there else 0.0
        self.advertising_today = self.advertising + self.extra_advertising if there else 0.0
        self.envelope_parts = 0.0
        self.meeting = there and self.meet_up_on == day
        if there and self.meet_ups > 0.0:
            luck = self.model.luck.uniform(day, aggregation.MEET_UP, self.key, 0)
            self.meeting |= luck < self.meet_ups / aggregation.DAYS_A_MONTH

    def lay_on_extras(self) -> None:
        """Add up what events lay on for some days."""
        self.extras = [extra for extra in self.extras if extra.until > self.model.day]
        self.extra_advertising = self.extra_envelopes = 0.0
        for extra in self.extras:
            setattr(self, extra.kind, getattr(self, extra.kind) + extra.amount)

    def take_in(self, m: Membership) -> None:
        """Step 3: add up what a member gave."""
        self.sum_given += m.given
        self.givers += 1
        self.sum_messages += m.messages
        self.sum_values = [
            total + m.given * value
            for total, value in zip(self.sum_values, m.person.values)  # noqa: B905 - of one length
        ]

    def count_in(self, m: Membership) -> None:
        """Step 3: count a member who is not quiet."""
        p = self.model.p
        self.active += 1
        self.sum_influence += m.influence
        if m.owns:
            self.owner_hours = m.hours if self.owner_there else 0.0
            self.owner_today = m.given
        elif m.standing == code.CORE:
            self.core_layer += 1
            self.core_care += rules.looked_after(m.hours, p.care_time, p.span)
            if m.hours > self.leader_hours:
                self.leader_hours, self.leader_today = m.hours, m.given

    def given_values(self) -> Vector:
        """Mean of the values given today."""
        return [total / self.sum_given for total in self.sum_values]

    def supply(self) -> None:
        """Step 3: what is supplied, order, noise."""
        p = self.model.p
        if self.sum_given > 0.0:
            self.last_given = self.model.day
            self.recent_values = moved(self.recent_values, self.given_values(), p.supply_rate)
        clear = self.clarity
        self.supplied = [
            clear * c + (1.0 - clear) * v
            for c, v in zip(self.core, self.recent_values, strict=True)
        ]
        if self.disruptions:
            self.order = rules.tested_order(
                self.order, self.rules_stated, self.rules_enforced, p.order_rate
            )
        spam = 0.0
        if self.advertising_today > 0.0:
            strange = max(0.0, 1.0 - dot(self.advertised_values, self.supplied))
            spam = self.advertising_today * strange
        self.noise = rules.share_of_noise(self.sum_disrupted + spam, self.sum_given)
        self.recent_giving += (self.sum_given - self.recent_giving) / p.owner_days

    def manage(self) -> None:
        """Step 4: who is looked after, and the quality of it all."""
        p = self.model.p
        leading = self.owner_hours if self.owner_there else self.leader_hours
        limit = rules.most_people(
            leading / p.care_time, self.core_care, self.core_layer, self.levels, p.span
        )
        self.manageability = rules.part_managed(limit, self.active)
        today = rules.offered_quality(
            self.sum_supply, p.half_supply, self.manageability, self.noise
        )
        self.quality += (today - self.quality) / p.quality_days
        self.recent_managed += (self.manageability - self.recent_managed) / p.quality_days
        self.recent_noise += (self.noise - self.recent_noise) / p.quality_days

    def aggregate(self) -> None:
        """Step 5: cash is made, and paid out as fast as it can be realised."""
        self.even_pay = self.giving_pay = self.owner_pay = self.paid_today = 0.0
        if self.return_rate > 0.0 or self.pool > 0.0:
            made = self.return_rate * self.business() * self.joint_product()
            self.pool += made
            self.cash_made += made
            if self.active:
                self.pay(self.pool / self.days_to_cash)

    def business(self) -> float:
        """The core's share in projects and earning (e)."""
        p = self.model.p
        total = 0.0  # not sum(): from Python 3.12 on it rounds otherwise
        for dimension in (p.projects, p.earning):
            if dimension >= 0:
                total += self.core[dimension] * self.core[dimension]
        return math.sqrt(total)

    def joint_product(self) -> float:
        """What supplies of different kinds are worth together, ``(Σ Y_r^p)^(1/p)``."""
        power = self.model.p.complementarity
        total = 0.0
        for supply in self.supply_by_resource:
            if supply > 0.0:
                total += supply**power
        return total ** (1.0 / power) if total > 0.0 else 0.0

    def pay(self, paid: float) -> None:
        """Pay members, one part evenly and one by giving; the rest goes to the owner."""
        p = self.model.p
        for_members = paid * self.shared
        evenly = for_members * p.even_part if self.sum_given > 0.0 else for_members
        self.even_pay = evenly / self.active
        if self.sum_given > 0.0:
            self.giving_pay = (for_members - evenly) / self.sum_given
        if self.owner is not None:
            self.owner_pay = paid - for_members
        by_giving = self.giving_pay * self.sum_given
        self.paid_today = self.even_pay * self.active + by_giving + self.owner_pay
        self.pool = max(0.0, self.pool - self.paid_today)
        self.cash_paid += self.paid_today

    def book_envelopes(self) -> None:
        """Step 5: an envelope that nobody is there to take stays with the owner."""
        if self.envelope_parts <= 0.0:
            self.envelope_today = 0.0
        self.cash_outlay += self.envelope_today

    def watch_over(self) -> None:
        """Step 7: what the owner gives, and whether anybody may remove members."""
        today = self.owner_today if self.owner is not None else self.leader_today
        self.owner_giving += (today - self.owner_giving) / self.model.p.owner_days
        by_owner = self.owner_there and self.removers != code.REMOVED_BY_CORE
        by_core = self.core_layer > 0 and self.removers != code.REMOVED_BY_OWNER
        self.can_remove = by_owner or by_core

    def influence_tonight(self) -> float:
        """Influence of all members after today."""
        return self.model.p.influence_memory * self.sum_influence + self.sum_impact

    def move_core(self) -> None:
        """Step 9: the core follows what is given."""
        p = self.model.p
        if p.social_core_moves and self.sum_given > 0.0:
            self.core = to_unit_length(moved(self.core, self.given_values(), p.core_drift))
