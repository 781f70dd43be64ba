"""The model in plain, idiomatic Mesa: an object per person, group and membership.

The rules' functions of plain numbers are called as ordinary Python, with the engine's draws or any
other; everything around them (who is whose member, sums, the order of a day, joining, splitting,
ending, events) is written here once more, from the description in ``docs/odd.md``. People are born
by the package: their traits, their contacts and the levers of given groups are its input.

Sums run over members in the order of people, as the engine's do, so that numbers agree to the bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np
from mesa.agent import AgentSet

from selforg_sim.engine import codes as code
from selforg_sim.engine.quantiles import beta_quantile
from selforg_sim.rules import evolution
from selforg_sim.scenario import Scenario
from selforg_sim.scenario.groups import GroupSpec
from selforg_sim.scenario.people import TRAITS
from selforg_sim.world import World, build_world, lever_columns, parameters_of
from twin import rules
from twin.founding import fade_groups, found_groups
from twin.group import Group
from twin.happenings import begin_day
from twin.joining import let_in
from twin.luck import KeyedLuck, Luck
from twin.membership import Membership
from twin.person import Person
from twin.splitting import split_groups
from twin.vectors import dot


class TwinModel(mesa.Model):
    """The model of a scenario, one day a step.

    Parameters
    ----------
    given : what to run
    seed : seed of births and, unless ``luck`` is given, of all else
    luck : where draws come from; the engine's if None
    """

    def __init__(self, given: Scenario, seed: int, luck: Luck | None = None) -> None:
        super().__init__(rng=seed % 2**32)
        self.given, self.day = given, 0
        self.luck: Luck = luck or KeyedLuck(seed)
        self.p = SimpleNamespace(**parameters_of(given))
        self.people: AgentSet = AgentSet([], random=self.random)
        self.living: AgentSet = AgentSet([], random=self.random)
        self.groups: list[Group] = []
        self.history: list[Membership] = []
        self.events: list[tuple[int, ...]] = []
        self.requests: list[tuple[int, ...]] = []
        self.asked: dict[tuple[Person, Group], int] = {}
        self.kinds: dict[str, list[Person]] = {}
        self.bear(build_world(given, seed))
        self.founding_levers = self.levers_of_founders()
        begin_day(self)

    def bear(self, world: World) -> None:
        """Make a person of every row of the package's table."""
        table = world.state.people
        columns = {name: table[name].tolist() for name in ("person_key", "resource", *TRAITS)}
        for row, values in enumerate(table["values"].tolist()):
            traits = {name: columns[name][row] for name in TRAITS}
            key, resource = columns["person_key"][row], columns["resource"][row]
            person = Person(self, row, key, traits, values, resource)
            self.people.add(person)
            self.kinds.setdefault(world.kinds[table["kind"][row]], []).append(person)
        everybody = list(self.people)
        first, other = world.state.contacts
        for person in everybody:
            known = other[first[person.row] : first[person.row + 1]]
            person.contacts = [everybody[j] for j in known]

    def levers_of_founders(self) -> dict[str, Any]:
        """Levers of the groups that people found."""
        plain = GroupSpec.model_construct(**dict(self.given.group), owner=None)
        levers = lever_columns(self.given, plain)
        levers.pop("core", None)
        return levers | {"first_contacts": self.p.founder_contacts}

    def step(self) -> None:
        """One day, in the order of the plan."""
        self.day += 1
        begin_day(self)
        self.live()
        self.people.do("stay_or_go")
        let_in(self)
        split_groups(self)
        found_groups(self)
        fade_groups(self)

    def live(self) -> None:
        """Steps 1 to 10, up to leaving: what people and groups do with the day."""
        people, groups = self.people, self.living
        groups.do("open_day")
        people.do("spread_time")
        people.do("in_each_group", Membership.give)
        people.do("in_each_group", Membership.hand_in)
        groups.do("supply")
        people.do("in_each_group", Membership.weigh)
        groups.do("manage")
        groups.do("aggregate")
        if any(group.envelope_today > 0.0 for group in groups):
            people.do("in_each_group", Membership.take_envelope)
        groups.do("book_envelopes")
        people.do("in_each_group", Membership.receive)
        people.do("in_each_group", Membership.experience)
        groups.do("watch_over")
        people.do("in_each_group", Membership.belong)
        people.do("in_each_group", Membership.gain_influence)
        groups.do("move_core")
        people.do("in_each_group", Membership.watch)

    def person_named(self, name: str) -> Person:
        """A person by kind and number within the kind, as ``owner:3``."""
        kind, _, number = name.partition(":")
        return self.kinds[kind][int(number)]

    def open_group(
        self, name: str, key: int, owner: Person, levers: Mapping[str, Any],
        parent: Group | None = None,
    ) -> Group:  # fmt: skip
        """Open a group with its owner as the first member."""
        group = Group(self, name, key, owner, levers, parent)
        self.groups.append(group)
        self.living.add(group)
        fit = dot(group.core, owner.values)
        hope = rules.appeal(owner.interest, fit, 0.0, self.p.hope, 1.0, 0.0)
        group.join(Membership(owner, group, self.day, None, fit, 1.0, 1.0, hope, hope, code.OWNER))
        return group

    def voice_of_founder(self, founder: Person, key: int) -> float:
        """An ordinary founder's voice in his own group: his own, or more by the law."""
        u = self.luck.uniform(self.day, evolution.FOUNDERS_VOICE, founder.key, key)
        law = beta_quantile(np.array([u]), self.p.founder_voice_a, self.p.founder_voice_b)
        return max(founder.voice, law.item())

    def was_asked(self, person: Person, group: Group) -> bool:
        """Whether somebody was asked for a group lately."""
        day = self.asked.get((person, group))
        return day is not None and self.day - day < self.p.ask_again_after

    def mark_asked(self, person: Person, group: Group) -> None:
        """Remember that somebody was asked for a group today."""
        self.asked[person, group] = self.day

    def note(
        self, event: int, group: Group, person: Person | None, other: Group | None = None
    ) -> None:
        """Note one event."""
        rows = (-1 if who is None else who.row for who in (group, person, other))
        self.events.append((self.day, event, *rows))

    def note_request(
        self, inviter: Person | None, person: Person, group: Group, outcome: int
    ) -> None:
        """Note what came of an invitation or an encounter."""
        asked_by = inviter.row if inviter else -1
        self.requests.append((self.day, asked_by, person.row, group.row, outcome))
