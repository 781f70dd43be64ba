"""Groups and memberships as one meets them from Python: views, with no state of their own."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError

from selforg_sim.agents.cells import Cell, Computed, mean_by_group
from selforg_sim.engine.codes import EVENTS, STANDINGS
from selforg_sim.engine.columns import Array
from selforg_sim.engine.types import Ints
from selforg_sim.errors import UsageError
from selforg_sim.happenings import rules_changed
from selforg_sim.scenario.groups import LeverChanges
from selforg_sim.scenario.refusals import refusals
from selforg_sim.world import World

if TYPE_CHECKING:
    from selforg_sim.agents.member import Member
    from selforg_sim.agents.views import Members
    from selforg_sim.model import SelfOrgModel

RULES_CHANGED = EVENTS.index("rules_changed")


class Lever(Cell[Any]):
    """What the owner of a group can pull; valid is what a scenario file may say."""

    def __init__(self, name: str, meaning: str) -> None:
        super().__init__("groups", name, meaning, settable=True)

    def read(self, world: World, row: int) -> Any:
        """The lever as a scenario file has it."""
        value = super().read(world, row)
        if self.column == "levels":
            return value or "auto"
        if self.column == "splitting":
            return bool(value)
        return "never" if self.column == "days_to_cash" and np.isinf(value) else value

    def __set__(self, view: Any, value: Any) -> None:
        view.change(**{self.name: value})


class Group:
    """One group: its owner, its members, its levers.

    Levers are read and set as attributes; setting one is the event ``rules_changed`` of today.

    Examples
    --------
    >>> from selforg_sim.model import SelfOrgModel
    >>> group = SelfOrgModel("smoke").groups["g1"]
    >>> group.size, group.owner.kind, group.strictness
    (1, 'owner', 0.2)
    >>> group.strictness = 0.8
    >>> group.strictness
    0.8
    """

    __slots__ = ("model", "row")

    size = Cell[int]("groups", "size", "Members.")
    founded = Cell[int]("groups", "founded", "Day of its opening.")
    quality = Cell[float]("groups", "quality", "Quality of what it offers, a share (Q).")
    manageability = Cell[float]("groups", "manageability", "Share that is looked after (M).")
    noise = Cell[float]("groups", "noise", "Disruption and advertising among all said, a share.")
    order = Cell[float]("groups", "order", "What people believe the rules to be worth, a share.")
    core_layer = Cell[int]("groups", "core_layer", "Members of the core layer.")
    belonging = Computed[float](
        "Mean belonging of the members, a share; 0 if there are none.",
        lambda world, row: mean_by_group(world, "belonging", np.array([row])).item(),
        lambda world, rows: mean_by_group(world, "belonging", rows),
    )

    clarity = Lever("clarity", "How clear the owner's core is, a share (K).")
    rules_stated = Lever("rules_stated", "How much the posted rules promise, a share (Rs).")
    rules_enforced = Lever("rules_enforced", "How far rules are required of people (Re).")
    strictness = Lever("strictness", "How strict entry is, a share (S).")
    levels = Lever("levels", 'Levels of looking after people: 1, 2, 3 or "auto".')
    return_rate = Lever("return_rate", "Cash made of a unit of aggregated supply.")
    days_to_cash = Lever("days_to_cash", 'Days until made cash is paid out, or "never".')
    shared = Lever("shared", "Part of the cash that goes to the members.")
    attention_on_core = Lever("attention_on_core", "Owner's attention for the core layer alone.")
    advertising = Lever("advertising", "Advertising, hours a day.")
    red_envelopes = Lever("red_envelopes", "Cash given away at random, a day.")
    meet_ups = Lever("meet_ups", "Meetings offline, a month.")
    first_contacts = Lever("first_contacts", "Own contacts that the founder brings first.")
    splitting = Lever("splitting", "Whether a part may leave as a daughter group.")

    def __init__(self, model: SelfOrgModel, row: int) -> None:
        self.model = model
        self.row = row

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Group) and self.model is other.model and self.row == other.row

    def __hash__(self) -> int:
        return hash(("group", self.row))

    def __reduce__(self) -> tuple[Any, ...]:
        return Group, (self.model, self.row)

    def __repr__(self) -> str:
        return f"<Group {self.name!r}, {self.size} members>"

    @property
    def name(self) -> str:
        """Its name in the scenario or in results."""
        return self.model.world.state.group_names[self.row]

    @property
    def owner(self) -> Member | None:
        """The owner; None when he is gone."""
        return self._person("owner")

    @property
    def founder(self) -> Member | None:
        """Who opened it."""
        return self._person("founder")

    @property
    def parent(self) -> Group | None:
        """The group it split from, if any."""
        row = self._item("parent")
        return None if row < 0 else self.model.group(row)

    @property
    def ended(self) -> int | None:
        """Day of its end; None while it lives."""
        day: int = self._item("ended")
        return None if day < 0 else day

    @property
    def platform(self) -> str:
        """Name of the platform on which it lives."""
        number: int = self._item("platform")
        return list(self.model.given.platforms)[number]

    @property
    def seats(self) -> int | None:
        """Most members; None for any number."""
        seats: int = self._item("seats")
        return None if seats < 0 else seats

    @property
    def core(self) -> Array:
        """The value core: a copy, shape (dimensions,), of length 1."""
        core: Array = self.model.world.state.groups["core"][self.row].copy()
        return core

    @property
    def members(self) -> Members:
        """The members, in row order."""
        state = self.model.world.state
        rows: Ints = state.members_of([self.row])
        return self.model.members(state.memberships["member_person"][rows].astype(np.int64))

    @property
    def memberships(self) -> list[Membership]:
        """The memberships, in row order of the members."""
        state = self.model.world.state
        people = state.memberships["member_person"][state.members_of([self.row])].tolist()
        return [Membership(self.model, person, self.row) for person in people]

    def change(self, **levers: Any) -> None:
        """Pull levers, by name; all or none.

        Raises
        ------
        UsageError
            If the group has ended, or a lever does not exist, cannot change or has no such value.
        """
        if self.ended is not None:
            raise UsageError(f"'{self.name}' ended on day {self.ended}; its levers are fixed.")
        empty = [name for name, value in levers.items() if value is None]
        if empty:
            raise UsageError(f"{self.name}.{empty[0]}: nothing was given.")
        try:
            checked = LeverChanges.model_validate(levers)
        except ValidationError as error:
            found = refusals(error.errors(), LeverChanges, levers)
            texts = (f"{self.name}.{'.'.join(map(str, where))}: {said}" for where, said in found)
            raise UsageError("\n".join(texts)) from None
        self._check_values(checked.given().get("advertising_values", {}))
        world, day = self.model.world, self.model.day
        rules_changed(world, SimpleNamespace(set=checked), self.row, day)
        world.state.record.event(day, RULES_CHANGED, self.row, self._item("owner"))

    def _check_values(self, weights: Mapping[str, float]) -> None:
        valid = self.model.given.values.dimensions
        for name in weights:
            if name not in valid:
                raise UsageError(f"'{name}' is no value here; valid: {', '.join(valid)}.")

    def _item(self, column: str) -> Any:
        return self.model.world.state.groups.arrays[column].item(self.row)

    def _person(self, column: str) -> Member | None:
        row = self._item(column)
        return None if row < 0 else self.model.member(row)


class Place(Cell[Any]):
    """One number of a membership, whose row is looked up at every reading."""

    def __init__(self, column: str, meaning: str) -> None:
        super().__init__("memberships", column, meaning)

    def __get__(self, view: Any, owner: type) -> Any:
        return self if view is None else self.read(view.model.world, view.row)

    def __set__(self, view: Any, value: Any) -> None:
        raise UsageError(f"{self.name} of a membership can be read but not set.")


class Membership:
    """One person's membership of one group. Standing and belonging live here.

    A view stays with its spell: when the person has left, reading it says so, even if he has
    come back since.
    """

    __slots__ = ("group_row", "model", "person", "spell")

    belonging = Place("belonging", "Belonging, a share (b).")
    trust = Place("trust", "Trust in the owner, a share (o).")
    experienced = Place("experienced", "Experienced value, a share (x).")
    hoped = Place("hoped", "What he hoped for, moving to what he gets, a share.")
    evidence = Place("evidence", "Evidence seen, days (m).")
    fit = Place("fit", "Match of his values with what is supplied.")
    influence = Place("influence", "Influence in the group.")
    returned = Place("returned", "Cash a day that came back to him lately.")
    hours = Place("hours", "Hours that he has for the group today.")
    given = Place("given", "Value given today.")
    giving = Place("giving", "Value given a day, mean of 14 days.")
    messages = Place("messages", "Messages written today.")
    friends = Place("friends", "Contacts who are members too.")
    joined = Place("joined", "Day of joining.")

    def __init__(self, model: SelfOrgModel, person: int, group_row: int) -> None:
        self.model = model
        self.person = person
        self.group_row = group_row
        members = model.world.state.memberships
        self.spell: int = members["spell"].item(members.row(person, group_row))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Membership):
            return NotImplemented
        return self.model is other.model and self.spell == other.spell

    def __hash__(self) -> int:
        return hash(("membership", self.spell))

    def __repr__(self) -> str:
        return f"<Membership of person {self.person} in {self.group.name!r}>"

    @property
    def row(self) -> int:
        """The row where it stands now.

        Raises
        ------
        UsageError
            If the membership is over.
        """
        members = self.model.world.state.memberships
        row = members.row(self.person, self.group_row)
        if row < 0 or members["spell"].item(row) != self.spell:
            raise UsageError(f"{self!r} is over: he left on day {self.left}.")
        return row

    @property
    def member(self) -> Member:
        """The person."""
        return self.model.member(self.person)

    @property
    def group(self) -> Group:
        """The group."""
        return self.model.group(self.group_row)

    @property
    def standing(self) -> str:
        """Owner, core, contributor, lurker, quiet or troublemaker; changes with what he does."""
        return STANDINGS[self.model.world.state.memberships["standing"].item(self.row)]

    @property
    def invited_by(self) -> Member | None:
        """Who invited him; None for nobody."""
        person = self.model.world.state.memberships["invited_by"].item(self.row)
        return None if person < 0 else self.model.member(person)

    @property
    def left(self) -> int | None:
        """Day on which it ended; None while it lasts."""
        day: int = self.model.world.state.record.spells["left"].item(self.spell)
        return None if day < 0 else day
