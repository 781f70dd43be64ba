"""A membership: one person in one group, and what happens between the two on a day."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from selforg_sim.engine import codes as code
from selforg_sim.rules import belonging, initiation, time_and_cash, value_core
from twin import rules
from twin.vectors import dot, moved, to_unit_length

if TYPE_CHECKING:
    from twin.group import Group
    from twin.person import Person


@dataclass(eq=False, slots=True)
class Membership:
    """What ties one person to one group; numbers are named as the engine's columns."""

    person: Person
    group: Group
    joined: int
    inviter: Person | None
    fit: float
    trust: float
    belonging: float
    experienced: float
    hoped: float
    standing: int = code.LURKER
    at_first: tuple[float, float, float] = field(init=False)
    left: int = -1
    reason: int = -1
    friends: int = 0
    evidence: float = 0.0
    influence: float = 0.0
    returned: float = 0.0
    watched: int = 0
    last_gave: int = -1
    muted_until: int = 0
    came: int = -1
    hours: float = 0.0
    met: float = 0.0
    given: float = 0.0
    messages: int = 0
    disrupted: float = 0.0
    giving: float = 0.0
    envelope_weight: float = 0.0
    asking: int = 0

    def __post_init__(self) -> None:
        self.at_first = self.fit, self.trust, self.belonging

    @property
    def owns(self) -> bool:
        """Whether the member is the group's owner."""
        return self.group.owner is self.person

    def draw(self, decision: int, attempt: int = 0) -> float:
        """The member's luck in one decision of the day."""
        person = self.person
        model = person.model
        return model.luck.uniform(model.day, decision, person.key, self.group.key, attempt)

    def claim(self) -> float:
        """Weight of the group in the spread of the member's time."""
        least = self.person.model.p.disrupting_belonging
        return rules.claim_on_time(self.belonging, self.standing, least)

    def mute(self, until: int) -> None:
        """Fall silent, or stay so for longer."""
        self.muted_until = max(self.muted_until, until)

    def give(self) -> None:
        """Step 2: give, or disrupt."""
        self.given, self.disrupted, self.messages = 0.0, 0.0, 0
        if self.standing == code.QUIET or self.muted_until > self.person.model.day:
            return
        worth = self.hours * self.person.dedication
        if self.standing == code.TROUBLEMAKER:
            if self.draw(value_core.DISRUPT) < self.person.model.p.disrupting_days:
                self.disrupted = worth
        elif worth > 0.0 and self.gives_today():
            self.given = worth
            self.messages = self.number_of_messages()
            self.last_gave = self.person.model.day

    def gives_today(self) -> bool:
        """Whether a member is drawn to give today."""
        p, group = self.person.model.p, self.group
        voice = group.owner_voice if self.owns else self.person.voice
        kappa = rules.drawn(
            self.belonging, group.quality, group.order,
            rules.weight_of_return(self.returned, p.half_return),
            p.drawn_base, p.drawn_quality, p.drawn_order, p.drawn_returns,
        )  # fmt: skip
        silence = math.log1p(-min(voice, value_core.MOST_VOICE))
        return rules.gives(self.draw(value_core.GIVE), silence, kappa)

    def number_of_messages(self) -> int:
        """One message, and a Poisson number of log-normal mean of others."""
        model = self.person.model
        p, keys = model.p, (self.person.key, self.group.key)
        normal = model.luck.normal(model.day, value_core.MESSAGES_MEAN, *keys)
        mean = math.exp(p.messages_log_mean + p.messages_log_sd * normal)
        further = min(mean, value_core.MOST_EXPECTED_MESSAGES)
        return 1 + rules.poisson(further, self.draw(value_core.MESSAGES))

    def hand_in(self) -> None:
        """Step 3: add what was given to the group's sums."""
        group = self.group
        self.giving += (self.given - self.giving) / self.person.model.p.contributing_days
        group.gathered += 1
        group.sum_returned += self.returned
        if self.given > 0.0:
            group.take_in(self)
        if self.disrupted > 0.0:
            group.sum_disrupted += self.disrupted
            group.disruptions += 1
        if self.standing != code.QUIET:
            group.count_in(self)

    def weigh(self) -> None:
        """Step 3: fit, and the value of what was given."""
        group, person = self.group, self.person
        self.fit = dot(person.values, group.supplied)
        if self.given > 0.0:
            value = self.given * self.fit
            group.sum_supply += value
            group.supply_by_resource[person.resource] += value
            group.sum_impact += value * (1.0 + person.model.p.status_weight * person.status)

    def take_envelope(self) -> None:
        """Step 5: a part of the red envelope for those who are there."""
        group, model = self.group, self.person.model
        if group.envelope_today <= 0.0:
            return
        self.envelope_weight = 0.0
        if self.standing == code.QUIET:
            return
        keys = self.person.key, group.key
        u, w = model.luck.pair(model.day, time_and_cash.TAKE_ENVELOPE, *keys)
        self.envelope_weight = rules.envelope_part(u, w, self.belonging, self.given > 0.0)
        group.envelope_parts += self.envelope_weight
        if self.envelope_weight > 0.0:
            self.came = model.day

    def receive(self) -> None:
        """Step 5: returns, and the memory of them."""
        group, model = self.group, self.person.model
        income = group.giving_pay * self.given
        if self.standing != code.QUIET:
            income += group.even_pay
        if self.owns:
            income += group.owner_pay
        if group.envelope_parts > 0.0:
            income += group.envelope_today * self.envelope_weight / group.envelope_parts
        self.returned = rules.follow(self.returned, income, model.p.returns_days)
        if self.met > 0.0:
            self.came = model.day

    def experience(self) -> None:
        """Step 6: the value of the day."""
        p, group, person = self.person.model.p, self.group, self.person
        own = 0.0
        if self.standing != code.QUIET and group.sum_influence > 0.0:
            own = min(1.0, self.influence / group.sum_influence)
        shared = 1.0
        if p.social_friends:
            shared = rules.company(self.friends, p.friends_scale, p.alone_loss)
        value = rules.value_of_day(
            person.interest, self.fit, group.quality, own, shared,
            rules.weight_of_return(self.returned, p.half_return), group.noise, p.noise_weight,
        )  # fmt: skip
        if self.met > 0.0:
            value += p.meet_up_value
        self.experienced += (min(1.0, value) - self.experienced) / p.experience_days

    def belong(self) -> None:
        """Steps 7 and 8: trust follows the owner, belonging follows trust and experience."""
        p, group = self.person.model.p, self.group
        if not self.owns:
            felt = group.owner_giving
            if group.attention_on_core > 0.0:
                felt = rules.attention(
                    felt, group.attention_on_core, self.standing == code.CORE, group.core_layer,
                    group.size,
                )  # fmt: skip
            self.trust = rules.next_trust(
                self.trust, felt, p.trusted_giving, group.noise, p.trust_days
            )
        self.evidence += min(1.0, group.sum_supply / p.half_supply)
        target = rules.belonging_target(
            self.trust, self.experienced, self.person.expectation, self.evidence, p.trust_weight
        )
        self.belonging += p.belonging_rate * (target - self.belonging)

    def gain_influence(self) -> None:
        """Step 9: influence, standing, the drift of values."""
        p, group, person = self.person.model.p, self.group, self.person
        self.influence = rules.next_influence(
            self.influence, p.influence_memory, self.given, self.fit, person.status,
            p.status_weight,
        )  # fmt: skip
        if self.owns:
            self.standing = code.OWNER
        else:
            threshold = p.core_influence * group.influence_tonight() / max(1, group.active)
            self.standing = rules.standing_of(
                self.standing, self.influence, threshold, person.model.day, self.last_gave,
                p.contributing_days,
            )  # fmt: skip
        if p.social_drift:
            step = p.value_drift * self.belonging
            person.values = to_unit_length(moved(person.values, group.supplied, step))

    def watch(self) -> None:
        """Step 10: whose hopes are not met watches, then turns; others turn back."""
        p, person = self.person.model.p, self.person
        self.hoped += (self.experienced - self.hoped) / p.hope_memory
        if self.standing == code.OWNER:
            return
        hope = rules.hope_of(person.expectation, self.hoped)
        if self.standing in (code.QUIET, code.TROUBLEMAKER):
            if self.experienced > hope:
                self.standing, self.watched = code.LURKER, 0
        elif self.experienced >= p.watched_share * hope:
            self.watched = 0
        else:
            self.watched += 1
            if self.watched > person.patience:
                self.turn()

    def turn(self) -> None:
        """Perhaps turn quiet, or make trouble."""
        model, person = self.person.model, self.person
        turn, trouble = model.luck.pair(model.day, initiation.TURN, person.key, self.group.key)
        if turn < model.p.turning_chance:
            self.standing = code.TROUBLEMAKER if trouble < person.temper else code.QUIET
            self.watched = 0

    def reason_to_leave(self) -> int | None:
        """Step 10: why the member leaves today; None if he stays."""
        model, group = self.person.model, self.group
        p = model.p
        if self.owns:
            return None
        if self.disrupted > 0.0 and group.can_remove:
            if self.draw(belonging.REMOVE) < p.removal_chance * group.rules_enforced:
                return code.REMOVED
        quiet = self.standing == code.QUIET
        chance = rules.chance_to_leave(
            self.belonging, self.person.restlessness, p.leaving_rate, p.leaving_power,
            p.quiet_leaving if quiet else 1.0,
        )  # fmt: skip
        if self.draw(belonging.LEAVE) < chance:
            return code.QUIT
        if quiet and model.day - max(self.last_gave, self.joined) >= p.drift_off_after:
            if self.draw(belonging.DRIFT_OFF) < p.drift_off_chance:
                return code.DRIFTED_OFF
        return None
