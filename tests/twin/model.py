"""The model in plain, idiomatic Mesa: an object per person, group and membership.

No numpy tables, no compiled code. The rules' scalar functions are called as ordinary Python, with
the same counter-based draws; everything around them (who is whose member, sums, the order of a
day, joining, splitting, ending) is written here once more, from the description in ``docs/odd.md``.
People are born by the package: their traits, contacts and the levers of given groups are its input.

Sums run over members in the order of people, as the engine's do, so that numbers agree to the bit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import mesa
import numpy as np

from selforg_sim.engine import codes as code
from selforg_sim.engine.draws import uniform, uniform_pair, words
from selforg_sim.engine.quantiles import beta_quantile
from selforg_sim.rules import (
    aggregation,
    belonging,
    entry,
    evolution,
    influence,
    initiation,
    interest,
    structure,
    time_and_cash,
    value_core,
)
from selforg_sim.scenario import Scenario
from selforg_sim.scenario.groups import GroupSpec
from selforg_sim.world import build_world, group_key, lever_columns, parameters_of
from twin.plain import plain

Vector = list[float]


def rule(function: Any) -> Any:
    """A rule function as plain Python."""
    return plain(function)


def dot(a: Vector, b: Vector) -> float:
    """Product of two vectors."""
    total = 0.0
    for x, y in zip(a, b, strict=True):
        total += x * y
    return total


def to_unit_length(vector: Vector) -> None:
    """Scale a vector to length 1 where it has a length."""
    length = math.sqrt(dot(vector, vector))
    if length > 0.0:
        scale = 1.0 / length
        vector[:] = [x * scale for x in vector]


@dataclass(eq=False)
class Membership:
    """What ties one person to one group."""

    person: Person
    group: Group
    joined: int
    invited_by: Person | None
    fit: float
    trust: float
    belonging: float
    experienced: float
    hoped: float
    standing: int
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
    leaving: int | None = None

    @property
    def owns(self) -> bool:
        """Whether the member is the group's owner."""
        return self.group.owner is self.person

    def friends(self) -> int:
        """Contacts who are members too."""
        return sum(self.group in other.memberships for other in self.person.contacts)


class Person(mesa.Agent):
    """Somebody with values and little time."""

    def __init__(
        self, model: TwinModel, row: int, traits: dict[str, float], values: Vector
    ) -> None:
        super().__init__(model)
        self.row = row
        self.key = int(traits.pop("person_key"))
        self.resource = int(traits.pop("resource"))
        self.__dict__.update(traits)
        self.values = values
        self.contacts: list[Person] = []
        self.memberships: dict[Group, Membership] = {}
        self.unsatisfied = 0

    def spread_time(self) -> None:
        """Step 1."""
        p = self.model.p
        free, claims = self.budget, 0.0
        for m in self.memberships.values():
            m.met = 0.0
            if m.group.meeting and m.standing != code.QUIET:
                if self.draw(time_and_cash.COME, m.group) < m.belonging:
                    m.met = min(free, p["meet_up_hours"])
                    free -= m.met
            claims += self.claim(m)
        for m in self.memberships.values():
            m.hours = rule(time_and_cash.hours_for)(free, self.claim(m), claims, p["outside_life"])

    def claim(self, m: Membership) -> float:
        """Weight of a group in the spread of his time."""
        least = self.model.p["disrupting_belonging"]
        return rule(time_and_cash.claim_on_time)(m.belonging, m.standing, least)

    def draw(self, decision: int, group: Group | None, attempt: int = 0) -> float:
        """His luck in one decision of the day."""
        key = 0 if group is None else group.key
        return self.model.uniform(self.model.day, decision, self.key, key, attempt)

    def give(self) -> None:
        """Step 2."""
        for m in self.memberships.values():
            m.given, m.disrupted, m.messages = 0.0, 0.0, 0
            if m.standing != code.QUIET and m.muted_until <= self.model.day:
                self.give_in(m)

    def give_in(self, m: Membership) -> None:
        """Give to one group, or disrupt it."""
        p, day, group = self.model.p, self.model.day, m.group
        if m.standing == code.TROUBLEMAKER:
            if self.draw(value_core.DISRUPT, group) < p["disrupting_days"]:
                m.disrupted = m.hours * self.dedication
            return
        voice = group.owner_voice if m.owns else self.voice
        silence = math.log1p(-min(voice, value_core.MOST_VOICE))
        kappa = rule(value_core.drawn)(
            m.belonging, group.quality, group.order,
            rule(interest.weight_of_return)(m.returned, p["half_return"]),
            p["drawn_base"], p["drawn_quality"], p["drawn_order"], p["drawn_returns"],
        )  # fmt: skip
        if not rule(value_core.gives)(self.draw(value_core.GIVE, group), silence, kappa):
            return
        m.given = m.hours * self.dedication
        if m.given > 0.0:
            m.messages = rule(value_core.number_of_messages)(
                self.model.seed, day, self.key, group.key, p["messages_log_mean"],
                p["messages_log_sd"],
            )  # fmt: skip
            m.last_gave = day

    def receive(self) -> None:
        """Step 5, the member's side."""
        for m in self.memberships.values():
            g = m.group
            income = g.giving_pay * m.given
            if m.standing != code.QUIET:
                income += g.even_pay
            if m.owns:
                income += g.owner_pay
            if g.envelope_parts > 0.0:
                income += g.envelope_today * m.envelope_weight / g.envelope_parts
            m.returned = rule(time_and_cash.follow)(
                m.returned, income, self.model.p["returns_days"]
            )
            if m.met > 0.0:
                m.came = self.model.day

    def experience(self) -> None:
        """Step 6."""
        p = self.model.p
        for m in self.memberships.values():
            g = m.group
            own = 0.0
            if m.standing != code.QUIET and g.sum_influence > 0.0:
                own = min(1.0, m.influence / g.sum_influence)
            shared = 1.0
            if p["social_friends"]:
                shared = rule(interest.company)(m.friends(), p["friends_scale"], p["alone_loss"])
            u = rule(interest.value_of_day)(
                self.interest, m.fit, g.quality, own, shared,
                rule(interest.weight_of_return)(m.returned, p["half_return"]), g.noise,
                p["noise_weight"],
            )  # fmt: skip
            if m.met > 0.0:
                u += p["meet_up_value"]
            m.experienced += (min(1.0, u) - m.experienced) / p["experience_days"]

    def belong(self) -> None:
        """Steps 7 and 8."""
        p = self.model.p
        for m in self.memberships.values():
            g = m.group
            if not m.owns:
                felt = g.owner_giving
                if g.attention_on_core > 0.0:
                    felt = rule(belonging.attention)(
                        felt, g.attention_on_core, m.standing == code.CORE, g.core_layer, g.size
                    )
                m.trust = rule(belonging.next_trust)(
                    m.trust, felt, p["trusted_giving"], g.noise, p["trust_days"]
                )
            m.evidence += min(1.0, g.sum_supply / p["half_supply"])
            target = rule(belonging.belonging_target)(
                m.trust, m.experienced, self.expectation, m.evidence, p["trust_weight"]
            )
            m.belonging += p["belonging_rate"] * (target - m.belonging)

    def gain_influence(self) -> None:
        """Step 9."""
        p = self.model.p
        for m in self.memberships.values():
            g = m.group
            m.influence = rule(influence.next_influence)(
                m.influence, p["influence_memory"], m.given, m.fit, self.status, p["status_weight"]
            )
            if m.owns:
                m.standing = code.OWNER
            else:
                threshold = p["core_influence"] * g.influence_tonight() / max(1, g.active)
                m.standing = rule(influence.standing_of)(
                    m.standing, m.influence, threshold, self.model.day, m.last_gave,
                    p["contributing_days"],
                )  # fmt: skip
            if p["social_drift"]:
                step = p["value_drift"] * m.belonging
                for k, supplied in enumerate(g.supplied):
                    self.values[k] += step * (supplied - self.values[k])
                to_unit_length(self.values)

    def watch(self) -> None:
        """Step 10, the disappointed."""
        p = self.model.p
        for m in self.memberships.values():
            m.hoped += (m.experienced - m.hoped) / p["hope_memory"]
            if m.standing == code.OWNER:
                continue
            hope = rule(initiation.hope_of)(self.expectation, m.hoped)
            if m.standing in (code.QUIET, code.TROUBLEMAKER):
                if m.experienced > hope:
                    m.standing, m.watched = code.LURKER, 0
            elif m.experienced >= p["watched_share"] * hope:
                m.watched = 0
            else:
                m.watched += 1
                if m.watched > self.patience:
                    self.turn(m)

    def turn(self, m: Membership) -> None:
        """Perhaps turn quiet, or make trouble."""
        turn, trouble = self.model.uniform_pair(initiation.TURN, self.key, m.group.key)
        if turn < self.model.p["turning_chance"]:
            m.standing = code.TROUBLEMAKER if trouble < self.temper else code.QUIET
            m.watched = 0

    def stay_or_go(self) -> None:
        """Step 10, leaving."""
        for m in self.memberships.values():
            m.leaving = None if m.owns else self.reason_to_leave(m)

    def reason_to_leave(self, m: Membership) -> int | None:
        """Why he leaves a group today, None if he stays."""
        p, g = self.model.p, m.group
        if m.disrupted > 0.0 and g.can_remove:
            if self.draw(belonging.REMOVE, g) < p["removal_chance"] * g.rules_enforced:
                return code.REMOVED
        quiet = m.standing == code.QUIET
        chance = rule(belonging.chance_to_leave)(
            m.belonging, self.restlessness, p["leaving_rate"], p["leaving_power"],
            p["quiet_leaving"] if quiet else 1.0,
        )  # fmt: skip
        if chance > 1e-9 and self.draw(belonging.LEAVE, g) < chance:
            return code.QUIT
        if quiet and self.model.day - max(m.last_gave, m.joined) >= p["drift_off_after"]:
            if self.draw(belonging.DRIFT_OFF, g) < p["drift_off_chance"]:
                return code.DRIFTED_OFF
        return None

    def invitations(self, m: Membership) -> int:
        """Step 11: how many he invites today."""
        p = self.model.p
        if m.muted_until > self.model.day or not (m.owns or p["social_members_invite"]):
            return 0
        if m.standing in (code.QUIET, code.TROUBLEMAKER):
            return 0
        mean = p["invitations_per_day"] * m.belonging * self.dedication
        number = rule(entry.invitations_on)(self.draw(initiation.INVITE, m.group), mean)
        if m.owns:
            number += m.group.contacts_due
            m.group.contacts_due = 0
        return number


@dataclass(eq=False)
class Group:
    """A group; levers and numbers are attributes under the names of the engine's columns."""

    row: int
    name: str
    key: int
    owner: Person | None
    founder: Person
    parent: Group | None
    founded: int
    levers: dict[str, Any]
    core: Vector
    members: dict[Person, Membership] = field(default_factory=dict)
    ended: int | None = None

    def __post_init__(self) -> None:
        self.__dict__.update({k: v for k, v in self.levers.items() if k != "core"})
        self.first_core = list(self.core)
        self.recent_values = list(self.core)
        self.supplied = list(self.core)
        self.order = self.rules_stated
        self.contacts_due = self.first_contacts if self.parent is None else 0
        self.last_given = self.founded
        self.owner_muted = 0
        self.meet_up_on = -1
        self.place: int | None = None
        self.extra_advertising = self.extra_envelopes = 0.0
        self.quality = self.noise = self.pool = self.owner_giving = self.recent_giving = 0.0
        self.sum_influence = self.sum_impact = self.sum_returned = self.sum_supply = 0.0
        self.manageability = 0.0
        self.meeting = self.can_remove = False
        self.active = self.core_layer = self.gathered = 0

    @property
    def size(self) -> int:
        """Members."""
        return len(self.members)

    def in_order(self) -> list[Membership]:
        """Memberships in the order of people."""
        return [self.members[p] for p in sorted(self.members, key=lambda p: p.row)]

    def influence_tonight(self) -> float:
        """Influence of all members after today."""
        return self.model.p["influence_memory"] * self.sum_influence + self.sum_impact

    def open_day(self, model: TwinModel) -> None:
        """Step 1: what the owner lays on."""
        self.model = model
        there = self.owner is not None and self.owner_muted <= model.day
        self.envelope_today = self.red_envelopes + self.extra_envelopes if there else 0.0
        self.advertising_today = self.advertising + self.extra_advertising if there else 0.0
        self.meeting = False
        if there and self.meet_ups > 0.0:
            luck = model.uniform(model.day, aggregation.MEET_UP, self.key, 0)
            self.meeting = luck < self.meet_ups / aggregation.DAYS_A_MONTH
        if there and self.meet_up_on == model.day:
            self.meeting = True

    def gather(self) -> None:
        """Step 3: add up what was given."""
        p, day = self.model.p, self.model.day
        self.sum_given = self.sum_disrupted = self.core_care = 0.0
        self.owner_hours = self.leader_hours = self.owner_today = self.leader_today = 0.0
        self.sum_influence = self.sum_returned = 0.0
        self.gathered = len(self.members)
        self.disruptions = self.active = self.core_layer = 0
        self.sum_values = [0.0] * len(self.core)
        for m in self.in_order():
            m.giving += (m.given - m.giving) / p["contributing_days"]
            self.sum_returned += m.returned
            if m.given > 0.0:
                self.sum_given += m.given
                for k, value in enumerate(m.person.values):
                    self.sum_values[k] += m.given * value
            if m.disrupted > 0.0:
                self.sum_disrupted += m.disrupted
                self.disruptions += 1
            if m.standing == code.QUIET:
                continue
            self.active += 1
            self.sum_influence += m.influence
            if m.owns:
                if self.owner_muted <= day:
                    self.owner_hours = m.hours
                self.owner_today = m.given
            elif m.standing == code.CORE:
                self.core_layer += 1
                self.core_care += rule(structure.looked_after)(m.hours, p["care_time"], p["span"])
                if m.hours > self.leader_hours:
                    self.leader_hours, self.leader_today = m.hours, m.given

    def supply(self) -> None:
        """Step 3: what is supplied, order, noise; then everybody's fit and its worth."""
        p = self.model.p
        if self.sum_given > 0.0:
            self.last_given = self.model.day
            for k, total in enumerate(self.sum_values):
                today = total / self.sum_given
                self.recent_values[k] += p["supply_rate"] * (today - self.recent_values[k])
        clear = self.clarity
        self.supplied = [
            clear * c + (1.0 - clear) * v
            for c, v in zip(self.core, self.recent_values, strict=True)
        ]
        if self.disruptions:
            self.order = rule(belonging.tested_order)(
                self.order, self.rules_stated, self.rules_enforced, p["order_rate"]
            )
        spam = 0.0
        if self.advertising_today > 0.0:
            spam = self.advertising_today * max(
                0.0, 1.0 - dot(list(self.advertised_values), self.supplied)
            )
        self.noise = rule(value_core.share_of_noise)(self.sum_disrupted + spam, self.sum_given)
        self.recent_giving += (self.sum_given - self.recent_giving) / p["owner_days"]
        self.weigh()

    def weigh(self) -> None:
        """Fit of members, and the value of what they gave."""
        self.sum_supply = self.sum_impact = 0.0
        self.by_resource = [0.0] * self.model.resources
        for m in self.in_order():
            m.fit = dot(m.person.values, self.supplied)
            if m.given > 0.0:
                value = m.given * m.fit
                self.sum_supply += value
                self.by_resource[m.person.resource] += value
                self.sum_impact += value * (1.0 + self.model.p["status_weight"] * m.person.status)

    def manage(self) -> None:
        """Step 4."""
        p = self.model.p
        owner_leads = self.owner is not None and self.owner_muted <= self.model.day
        leading = self.owner_hours if owner_leads else self.leader_hours
        limit = rule(structure.most_people)(
            leading / p["care_time"], self.core_care, self.core_layer, self.levels, p["span"]
        )
        self.manageability = rule(structure.part_managed)(limit, self.active)
        today = rule(structure.offered_quality)(
            self.sum_supply, p["half_supply"], self.manageability, self.noise
        )
        self.quality += (today - self.quality) / p["quality_days"]

    def aggregate(self) -> None:
        """Step 5: cash made and paid, and who is there for a red envelope."""
        p = self.model.p
        self.even_pay = self.giving_pay = self.owner_pay = self.paid_today = 0.0
        if self.return_rate > 0.0 or self.pool > 0.0:
            core, supplies = np.array([self.core]), np.array([self.by_resource])
            business = rule(aggregation.share_in)(core, 0, p["projects"], p["earning"])
            product = rule(aggregation.joint_product)(supplies, 0, p["complementarity"])
            self.pool += self.return_rate * business * product
            if self.active:
                self.pay()
        self.envelope_parts = 0.0
        if self.envelope_today > 0.0:
            for m in self.in_order():
                self.hand_envelope(m)
        if self.envelope_parts <= 0.0:
            self.envelope_today = 0.0

    def pay(self) -> None:
        """Pay out what can be realised today."""
        self.even_pay, self.giving_pay, self.owner_pay = rule(aggregation.split_payment)(
            self.pool / self.days_to_cash, self.shared, self.model.p["even_part"], self.active,
            self.sum_given, self.owner is not None,
        )  # fmt: skip
        self.paid_today = (
            self.even_pay * self.active + self.giving_pay * self.sum_given + self.owner_pay
        )
        self.pool = max(0.0, self.pool - self.paid_today)

    def hand_envelope(self, m: Membership) -> None:
        """One member's weight in the split of a red envelope."""
        m.envelope_weight = 0.0
        if m.standing == code.QUIET:
            return
        u, w = self.model.uniform_pair(time_and_cash.TAKE_ENVELOPE, m.person.key, self.key)
        m.envelope_weight = rule(time_and_cash.envelope_part)(u, w, m.belonging, m.given > 0.0)
        self.envelope_parts += m.envelope_weight
        if m.envelope_weight > 0.0:
            m.came = self.model.day

    def watch_over(self) -> None:
        """Step 7: what the owner gives, and whether anybody may remove members."""
        today = self.owner_today if self.owner is not None else self.leader_today
        self.owner_giving += (today - self.owner_giving) / self.model.p["owner_days"]
        owner_there = self.owner is not None and self.owner_muted <= self.model.day
        by_owner = owner_there and self.removers != code.REMOVED_BY_CORE
        self.can_remove = by_owner or (
            self.core_layer > 0 and self.removers != code.REMOVED_BY_OWNER
        )

    def move_core(self) -> None:
        """Step 9: the core follows what is given."""
        p = self.model.p
        if p["social_core_moves"] and self.sum_given > 0.0:
            for k, total in enumerate(self.sum_values):
                self.core[k] += p["core_drift"] * (total / self.sum_given - self.core[k])
            to_unit_length(self.core)


@dataclass(eq=False)
class Request:
    """Somebody who may come into a group today."""

    giver: Person | None
    person: Person
    group: Group
    outcome: int | None = None
    fit: float = 0.0
    trust: float = 0.0
    appeal: float = 0.0
    leaves: Group | None = None


class TwinModel(mesa.Model):
    """The model of a scenario, one day a step; events are left to the engine's own tests."""

    def __init__(self, given: Scenario, seed: int) -> None:
        super().__init__(rng=seed % 2**32)
        self.given, self.seed, self.day = given, seed, 0
        self.p = parameters_of(given)
        self.resources = given.population.resources
        self.groups: list[Group] = []
        self.ended: list[tuple[int, int, int, int]] = []  # person, group, day, reason
        self.asked: dict[tuple[int, int], int] = {}
        self._plain = {f: plain(f) for f in (uniform, uniform_pair, words)}
        world = build_world(given, seed)
        people = world.state.people
        columns = [c.name for c in people.columns if c.width is None]
        for row in range(people.rows):
            traits = {name: people[name][row].item() for name in columns}
            Person(self, row, traits, people["values"][row].tolist())
        self.people: list[Person] = list(self.agents)
        first, other = world.state.contacts
        for person in self.people:
            mine = other[first[person.row] : first[person.row + 1]]
            person.contacts = [self.people[j] for j in mine]
        plain_levers = GroupSpec.model_construct(**dict(given.group), owner=None)
        self.founding_levers = lever_columns(given, plain_levers)
        self.founding_levers.pop("core", None)
        self.founding_levers["first_contacts"] = int(self.p["founder_contacts"])
        self.open_given_groups(world.kinds)

    def uniform(self, day: int, decision: int, a: int, b: int, attempt: int = 0) -> float:
        """One number in (0, 1)."""
        return self._plain[uniform](self.seed, day, decision, a, b, attempt)

    def uniform_pair(self, decision: int, a: int, b: int) -> tuple[float, float]:
        """Two numbers in (0, 1) of today."""
        return self._plain[uniform_pair](self.seed, self.day, decision, a, b)

    def word(self, decision: int, a: int, b: int, attempt: int, seed: int | None = None) -> int:
        """One random word of 32 bits of today."""
        key = self.seed if seed is None else seed
        return self._plain[words](key, self.day, decision, a, b, attempt)[0]

    def living(self) -> list[Group]:
        """Groups that have not ended."""
        return [group for group in self.groups if group.ended is None]

    def memberships(self) -> Iterator[Membership]:
        """All memberships, by person and order of joining."""
        for person in self.people:
            yield from list(person.memberships.values())

    def step(self) -> None:
        """One day, in the order of the plan."""
        self.day += 1
        self.open_given_groups()
        for group in self.living():
            group.open_day(self)
        for act in (Person.spread_time, Person.give):
            self.agents.do(act)
        for act in (Group.gather, Group.supply, Group.manage, Group.aggregate):
            for group in self.living():
                act(group)
        for act in (Person.receive, Person.experience):
            self.agents.do(act)
        for group in self.living():
            group.watch_over()
        for act in (Person.belong, Person.gain_influence):
            self.agents.do(act)
        for group in self.living():
            group.move_core()
        for act in (Person.watch, Person.stay_or_go):
            self.agents.do(act)
        for m in self.memberships():
            if m.leaving is not None:
                self.part(m, m.leaving)
        self.let_in()
        self.split()
        self.found()
        self.fade()

    def part(self, m: Membership, reason: int) -> None:
        """End a membership."""
        del m.person.memberships[m.group], m.group.members[m.person]
        self.ended.append((m.person.row, m.group.row, self.day, reason))

    def join(self, m: Membership) -> None:
        """Begin a membership."""
        m.person.memberships[m.group] = m
        m.group.members[m.person] = m

    def open_given_groups(self, kinds: tuple[str, ...] | None = None) -> None:
        """Open the groups that the scenario gives for today."""
        if kinds is not None:
            self.kinds = kinds
        for name, spec in self.given.resolved_groups().items():
            if spec.opens != self.day:
                continue
            kind, _, index = str(spec.owner).partition(":")
            owner = [p for p in self.people if self.kinds[int(p.kind)] == kind][int(index)]
            levers = lever_columns(self.given, spec) | {"owner_voice": owner.voice}
            self.open_group(owner, levers, name, group_key(name))

    def open_group(
        self, owner: Person, levers: dict[str, Any], name: str, key: int,
        parent: Group | None = None,
    ) -> Group:  # fmt: skip
        """Open a group with its owner."""
        core = [float(x) for x in levers.get("core", owner.values)]
        group = Group(len(self.groups), name, key, owner, owner, parent, self.day, levers, core)
        group.model = self
        self.groups.append(group)
        fit = dot(core, owner.values)
        hope = rule(initiation.appeal)(owner.interest, fit, 0.0, self.p["hope"], 1.0, 0.0)
        self.join(Membership(owner, group, self.day, None, fit, 1.0, 1.0, hope, hope, code.OWNER))
        return group

    def let_in(self) -> None:
        """Step 11."""
        asking = [(m, m.person.invitations(m)) for m in self.memberships()]
        requests = [r for m, number in asking for r in self.ask(m, number)]
        requests += self.encounters()
        for request in requests:
            self.judge(request)
        self.seat_by_lot(requests)
        let_in = [r for r in requests if r.outcome == code.JOINED]
        let_in.sort(key=lambda r: r.person.row)
        for r in let_in:
            if r.leaves is not None and r.leaves in r.person.memberships:
                self.part(r.person.memberships[r.leaves], code.MOVED)
        for r in let_in:
            self.join(
                Membership(
                    r.person,
                    r.group,
                    self.day,
                    r.giver,
                    r.fit,
                    r.trust,
                    r.trust,
                    r.appeal,
                    r.appeal,
                    code.LURKER,
                )
            )

    def was_asked(self, person: Person, group: Group) -> bool:
        """Whether somebody was asked for a group lately."""
        day = self.asked.get((person.row, group.row))
        return day is not None and self.day - day < self.p["ask_again_after"]

    def ask(self, m: Membership, number: int) -> Iterator[Request]:
        """A member's invitations."""
        known, tries = m.person.contacts, int(self.p["invitation_tries"])
        for draw in range(number if known else 0):
            for attempt in range(draw * tries, (draw + 1) * tries):
                u = m.person.draw(initiation.PICK_CONTACT, m.group, attempt)
                other = known[int(u * len(known))]
                if not self.was_asked(other, m.group) and m.group not in other.memberships:
                    self.asked[other.row, m.group.row] = self.day
                    yield Request(m.person, other, m.group)
                    break

    def encounters(self) -> list[Request]:
        """People who come across searchable or browsed groups."""
        shown = self.show_groups()
        found = []
        for person in self.people if shown else ():
            luck = person.draw(initiation.ENCOUNTER, None)
            if luck < self.p["encounters_per_week"] / 7.0:
                found += self.look_around(person, shown)
        return found

    def show_groups(self) -> list[Group | None]:
        """Groups by the place where people look for them."""
        visible = [g for g in self.living() if g.discovery != code.INVITATION]
        taken = {g.place for g in visible}
        free = (place for place in count() if place not in taken)
        for g in visible:
            g.place = next(free) if g.place is None else g.place
        if not visible:
            return []
        places: list[Group | None] = [None] * (1 << max(g.place for g in visible).bit_length())
        for g in visible:
            places[g.place] = g
        return places

    def look_around(self, person: Person, shown: list[Group | None]) -> list[Request]:
        """One encounter: the first group at which a person stops."""
        for look in range(int(self.p["encounter_tries"])):
            group = self.shown_group(person, look, shown)
            if group is None:
                continue
            stop = rule(entry.busyness)(
                group.recent_giving, self.p["half_supply"], group.discovery,
                dot(person.values, group.supplied),
            )  # fmt: skip
            if person.draw(initiation.STOP_AT, group, look) >= stop:
                continue
            if self.was_asked(person, group) or group in person.memberships:
                return []
            self.asked[person.row, group.row] = self.day
            return [Request(None, person, group)]
        return []

    def shown_group(self, person: Person, look: int, shown: list[Group | None]) -> Group | None:
        """A group drawn from all that are shown."""
        for i in range(entry.MOST_LOOKS):
            attempt = look * entry.MOST_LOOKS + i
            word = self.word(initiation.PICK_GROUP, person.key, 0, attempt)
            group = shown[word & (len(shown) - 1)]
            if group is not None:
                return group
        return None

    def judge(self, r: Request) -> None:
        """A person and a group weigh each other."""
        p, person, group = self.p, r.person, r.group
        friends = sum(group in o.memberships for o in person.contacts)
        owner = group.owner
        r.trust = self.first_trust(person, owner, friends, group.platform_trust)
        r.fit = dot(person.values, group.supplied)
        returned = rule(interest.weight_of_return)(
            group.sum_returned / max(1, group.gathered), p["half_return"]
        )
        r.appeal = rule(initiation.appeal)(
            person.interest, r.fit, group.quality, p["hope"], r.trust, returned
        )
        r.outcome = self.answer(r)

    def first_trust(
        self, person: Person, owner: Person | None, friends: int, platform_trust: float
    ) -> float:
        """Trust before anything has been seen."""
        p = self.p
        return rule(initiation.first_trust)(
            friends if p["social_friends"] else 0, owner in person.contacts,
            owner.status if owner else 0.0, platform_trust, p["trust_base"], p["trust_friends"],
            p["trust_owner_tie"], p["trust_status"], p["friends_scale"],
        )  # fmt: skip

    def answer(self, r: Request) -> int:
        """What comes of a request, seats apart."""
        p, person, group = self.p, r.person, r.group
        heeded = [m for m in person.memberships.values() if m.standing != code.QUIET]
        claims = 0.0
        for m in person.memberships.values():
            claims += person.claim(m)
        asked = rule(entry.asked_of_group)(
            person.expectation, group.strictness, len(heeded), p["asked_base"],
            p["asked_strictness"], p["asked_load"],
        )  # fmt: skip
        if group.entry != code.DRAGGED:
            chance = rule(entry.chance_to_join)(r.appeal, asked, p["choice_width"])
            if person.draw(initiation.JOIN, group) >= chance:
                return code.DECLINED
        left = rule(time_and_cash.hours_for)(
            person.budget, r.trust, claims + r.trust, p["outside_life"]
        )
        if left < p["least_hours"] and heeded:
            others = [m for m in heeded if m.standing != code.OWNER]
            worst = min(others, key=lambda m: m.experienced, default=None)
            if worst is None or r.appeal <= worst.experienced:
                return code.BUSY
            r.leaves = worst.group
        too_strange = r.fit < p["screened_fit"] * group.strictness
        return code.REFUSED if too_strange else code.JOINED

    def seat_by_lot(self, requests: list[Request]) -> None:
        """Turn away whom the lot leaves without a seat."""
        for group in self.living():
            applicants = [r for r in requests if r.group is group and r.outcome == code.JOINED]
            applicants.sort(key=lambda r: r.person.draw(initiation.SEAT, r.group))
            if group.seats >= 0:
                for r in applicants[max(0, group.seats - group.size) :]:
                    r.outcome = code.FULL

    def split(self) -> None:
        """Step 12, fission."""
        p = self.p
        rebels = [
            m
            for m in self.memberships()
            if self.could_rebel(m)
            and m.person.draw(evolution.REBEL, m.group) < p["splitting_chance"]
        ]
        rebels.sort(key=lambda m: m.person.draw(evolution.REBEL, m.group, 1))
        done: set[Group] = set()
        for m in rebels:
            if m.group not in done and self.split_off(m):
                done.add(m.group)

    def could_rebel(self, m: Membership) -> bool:
        """Whether a member could found a daughter group."""
        part, fit = self.p["splitting_influence"], self.p["splitting_fit"]
        total = m.group.influence_tonight()
        could = rule(evolution.could_rebel)(m.standing, m.influence, total, m.fit, part, fit)
        return bool(m.group.splitting and could)

    def split_off(self, rebel: Membership) -> bool:
        """One daughter, if anybody follows."""
        mother, leader = rebel.group, rebel.person
        if any(m.standing == code.OWNER for m in leader.memberships.values()):
            return False
        followers: list[Person] = []
        for person in (queue := [leader]):
            for other in person.contacts:
                if other in queue or other is mother.owner or mother not in other.memberships:
                    continue
                if dot(other.values, leader.values) > dot(other.values, mother.core):
                    queue.append(other)
        followers = sorted(queue[1:], key=lambda f: f.row)
        if not followers or mother not in leader.memberships:
            return False
        carried = {f: f.memberships[mother] for f in followers}
        for person in sorted(queue, key=lambda f: f.row):
            self.part(person.memberships[mother], code.SPLIT)
        names = self.founding_levers
        levers = {name: getattr(mother, name) for name in names}
        levers |= self.voice_and_key(leader, mother.key)
        key = levers.pop("key")
        daughter = self.open_group(leader, levers, "daughter", key, mother)
        for f, old in carried.items():
            friends = sum(o in queue for o in f.contacts)
            trust = self.first_trust(f, leader, friends, daughter.platform_trust)
            fit = dot(f.values, daughter.core)
            self.join(
                Membership(
                    f,
                    daughter,
                    self.day,
                    leader,
                    fit,
                    trust,
                    old.belonging,
                    old.experienced,
                    old.hoped,
                    code.LURKER,
                )
            )
        return True

    def voice_and_key(self, founder: Person, parent_key: int) -> dict[str, Any]:
        """Key of a new group, and its founder's voice in it."""
        key = self.word(evolution.NEW_KEY, founder.key, parent_key, 0, seed=0)
        u = self.uniform(self.day, evolution.FOUNDERS_VOICE, founder.key, key)
        law = beta_quantile(np.array([u]), self.p["founder_voice_a"], self.p["founder_voice_b"])[0]
        return {"key": key, "owner_voice": max(founder.voice, float(law))}

    def found(self) -> None:
        """Step 12, founding."""
        if not self.p["free_founding"]:
            return
        founders = [person for person in self.people if self.wishes_to_found(person)]
        for person in founders:
            levers = dict(self.founding_levers) | self.voice_and_key(person, 0)
            key = levers.pop("key")
            self.open_group(person, levers, "new", key)

    def wishes_to_found(self, person: Person) -> bool:
        """Whether a person founds a group today."""
        p, mine = self.p, person.memberships.values()
        satisfied = any(
            m.standing != code.QUIET and m.experienced >= person.expectation for m in mine
        )
        person.unsatisfied = 0 if satisfied else person.unsatisfied + 1
        if any(m.standing == code.OWNER for m in mine):
            return False
        chance = rule(evolution.chance_to_found)(
            person.unsatisfied, p["founding_chance"], p["founding_boost"], p["unsatisfied_days"]
        )
        return person.draw(evolution.FOUND, None) < chance

    def fade(self) -> None:
        """Step 12, the end of groups."""
        for group in self.living():
            silent = self.day - group.last_given >= self.p["dissolving_days"]
            if silent or not group.members:
                for m in group.in_order():
                    self.part(m, code.GROUP_ENDED)
                group.ended, group.owner = self.day, None
