"""People as Mesa agents: views on rows of the engine, with no state of their own.

The class is the kind, fixed at birth. What somebody is *in a group* (core, contributor, lurker,
quiet, troublemaker) is his standing there and changes: ``member.memberships[0].standing``.

A class that defines ``step`` takes the decisions of its people over: the rules no longer let them
give, turn, leave, invite, join or found a group, and ``step`` runs once a day in their stead.
An owner of such a class brings nobody and gives nothing but what his ``step`` invites and gives.

Examples
--------
>>> from selforg_sim.model import SelfOrgModel
>>> class Giver(Influencer):
...     def step(self):
...         for invitation in self.invitations:
...             self.join(invitation.group)
...         for group in self.groups:
...             self.contribute(group)
>>> model = SelfOrgModel("smoke", member_classes={"influencer": Giver})
>>> for _ in range(20):
...     model.step()
>>> model.agents_by_type[Giver].agg("belonging", max) > 0.2
True
"""

from __future__ import annotations

import copyreg
import math
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, cast

import mesa
import numpy as np

from selforg_sim.agents import wishes
from selforg_sim.agents.cells import Cell, Computed, mean_by_person, mean_of_person
from selforg_sim.agents.group import Group, Membership
from selforg_sim.engine.columns import Array
from selforg_sim.engine.state import State
from selforg_sim.engine.ties import are_contacts
from selforg_sim.engine.types import Ints
from selforg_sim.errors import UsageError
from selforg_sim.rules.value_core import normalise_rows, quieten
from selforg_sim.world import World

if TYPE_CHECKING:
    from selforg_sim.agents.views import Members
    from selforg_sim.model import SelfOrgModel

trait = partial(Cell[float], "people", settable=True)
share = partial(Cell[float], "people", settable=True, high=1.0)


class Voice(Cell[float]):
    """Chance to give; the rules keep its logarithm, and a founder's voice in his own groups."""

    def write(self, world: World, rows: Ints, value: Any) -> None:
        """Give some people the same voice, in their own groups too."""
        super().write(world, rows, value)
        state = world.state
        quieten(state.people["voice"], state.people["log_silence"])
        owned = np.flatnonzero(np.isin(state.groups["owner"], rows))
        state.groups["owner_voice"][owned] = self.checked(value)


class PersonalValues(Cell[Array]):
    """What a person cares about: an array of length 1 (dimensions,), set by name or as array."""

    def read(self, world: World, row: int) -> Array:
        """A copy of one person's values."""
        values: Array = world.state.people["values"][row].copy()
        return values

    def write(self, world: World, rows: Ints, value: Any) -> None:
        """Give some people the same values, scaled to length 1."""
        column = world.state.people["values"]
        width = column.shape[1]
        try:
            vector = np.array(value, dtype=np.float64).reshape(1, -1)
        except (TypeError, ValueError):
            vector = np.empty((1, 0))
        if vector.shape[1] != width or not (np.isfinite(vector) & (vector >= 0)).all():
            raise UsageError(
                f"values: {value!r} was given; {width} numbers of 0 or more are valid."
            )
        normalise_rows(vector)
        column[rows] = vector


def _kind(world: World, row: int) -> str:
    kind: int = world.state.people["kind"].item(row)
    return world.kinds[kind]


def _kinds(world: World, rows: Ints) -> Array:
    return np.array(world.kinds, dtype=object)[world.state.people["kind"][rows]]


class Member(mesa.Agent):  # type: ignore[misc, unused-ignore]
    """One person: a model and a row.

    Two views of the same person are equal. Nothing can be kept on a view, since it is made afresh
    whenever somebody asks for it; keep what must last in :attr:`memory`.
    """

    __slots__ = ()

    budget = trait("budget", "Hours a day for all groups together (T).")
    dedication = trait("dedication", "Value that an hour of giving has (q).")
    status = share("status", "Money, power and aura, a share (z).")
    voice = Voice("people", "voice", "Chance to give when fully drawn (a).", True, 1.0)
    interest = share("interest", "Weight of material return, a share (w).")
    expectation = trait("expectation", "Value that a group should have for him (θ).")
    patience = trait("patience", "Days that he watches before he turns (τ).")
    temper = share("temper", "Chance that disappointment turns to trouble, a share (d).")
    restlessness = trait("restlessness", "Readiness to leave, 1 on average (ψ).")
    ties = Cell[float]("people", "ties", "Contacts wanted, relative to the mean.")
    values = PersonalValues("people", "values", "What he cares about.", settable=True)
    kind = Computed[str]("Name of his kind, fixed at birth.", _kind, _kinds)
    key = Cell[int]("people", "person_key", "Stable key; enters every draw that concerns him.")
    unique_id = Computed[int](
        "Number of the person, as in the results.",
        lambda world, row: row,
        lambda world, rows: rows.copy(),
    )
    belonging = Computed[float](
        "Mean belonging over his groups, a share; 0 in no group.",
        lambda world, row: mean_of_person(world, "belonging", row),
        lambda world, rows: mean_by_person(world, "belonging", rows),
    )
    group_count = Computed[int](
        "Number of groups that he is in.",
        lambda world, row: world.state.memberships["member_count"].item(row),
        lambda world, rows: world.state.memberships["member_count"][rows],
    )

    def __init__(self, model: SelfOrgModel, row: int) -> None:
        # mesa.Agent.__init__ would register the view and, in Mesa 3.3, keep the model alive
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "row", row)

    if TYPE_CHECKING:
        model: SelfOrgModel
        row: int

    def __setattr__(self, name: str, value: Any) -> None:
        if not hasattr(getattr(type(self), name, None), "__set__"):
            raise AttributeError(
                f"a {type(self).__name__} is a view and keeps nothing of its own: "
                f"write self.memory[{name!r}] = ... instead of self.{name} = ..."
            )
        object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Member) and self.model is other.model and self.row == other.row

    def __hash__(self) -> int:
        return hash(("person", self.row))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.model, self.row)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.row}>"

    @property
    def memory(self) -> dict[str, Any]:
        """Room for what a class of one's own wants to remember of him; kept by the model."""
        return self.model.memories.setdefault(self.row, {})

    @property
    def contacts(self) -> Members:
        """The people he knows."""
        contacts = self._state.contacts
        rows = contacts.other[contacts.first[self.row] : contacts.first[self.row + 1]]
        return self.model.members(rows.astype(np.int64))

    @property
    def groups(self) -> list[Group]:
        """The groups that he is in, in the order in which he joined them."""
        members = self._state.memberships.arrays
        first = members["first_row"].item(self.row)
        rows = members["member_group"][first : first + members["member_count"].item(self.row)]
        return [self.model.group(row) for row in rows.tolist()]

    @property
    def memberships(self) -> list[Membership]:
        """His memberships, in the order in which he joined."""
        return [Membership(self.model, self.row, group.row) for group in self.groups]

    @property
    def invitations(self) -> list[wishes.Invitation]:
        """Invitations that wait for his answer; who leaves it to the rules has none."""
        model = self.model
        return [
            wishes.Invitation(day, model.group(group), model.member(by) if by >= 0 else None)
            for day, group, by in wishes.open_offers(model.wishes, self._state, self.row)
        ]

    def membership(self, group: Group) -> Membership | None:
        """His membership of a group, or None."""
        row = self._state.memberships.row(self.row, group.row)
        return Membership(self.model, self.row, group.row) if row >= 0 else None

    def contribute(self, group: Group, hours: float | None = None) -> float:
        """Give to a group today; a second call replaces the first.

        Parameters
        ----------
        group : a group that he is in
        hours : at most this; if None, all that he has there today. More than that he cannot give.

        Returns
        -------
        value : hours given × his dedication; 0 while he is silenced by an event

        Raises
        ------
        UsageError
            If it is not the moment, he is not a member, or the hours are not 0 or more.
        """
        if not self.model.wishes.giving:
            raise UsageError("contribute: people give within their own `step` only.")
        self._must_be_in(group, "contribute")
        if hours is not None and not (math.isfinite(hours) and hours >= 0):
            raise UsageError(f"contribute: {hours!r} hours were given; 0 or more are valid.")
        return wishes.give(self._state, self.row, group.row, hours)

    def join(self, group: Group) -> None:
        """Ask to come in; the group answers in step 11 by its strictness and its seats.

        Raises
        ------
        UsageError
            If he is in, the group has ended, or it takes invited people only and he is not invited.
        """
        self._must_be_outside(group, "join", self)
        wishes.ask_in(self.model.wishes, self._state, self.row, group.row)

    def quit(self, group: Group) -> None:
        """Leave a group, in step 10. If he owns it, it goes on without an owner.

        Raises
        ------
        UsageError
            If he is not a member.
        """
        self._must_be_in(group, "quit")
        self.model.wishes.quits.add((self.row, group.row))

    def invite(self, person: Member, group: Group) -> bool:
        """Invite a contact into one of his groups.

        Returns
        -------
        sent : False if that person was asked for that group lately

        Raises
        ------
        UsageError
            If he is not a member himself, or the person is no contact of his or already inside.
        """
        self._must_be_in(group, "invite")
        self._must_be_outside(group, "invite", person)
        state = self._state
        if not are_contacts(self.row, person.row, state.contacts.first, state.contacts.other):
            raise UsageError(
                f"invite: {person!r} is no contact of {self!r}; choose from `self.contacts`."
            )
        today = self.model.wishes.giving
        if not wishes.mark_unless_lately(state, person.row, group.row, today):
            return False
        self.model.wishes.requests[person.row, group.row] = (self.row, False)
        return True

    @classmethod
    def create_agents(cls, model: Any, n: int, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: the people of a world are made by its scenario."""
        raise UsageError("the people of a world are made by its scenario; none can be added.")

    def remove(self) -> NoReturn:
        """Refused: people are not taken out of a world; they can quit their groups."""
        raise UsageError("remove: people stay in the world; let him `quit` his groups instead.")

    @property
    def _state(self) -> State:
        return self.model.world.state

    def _must_be_in(self, group: Group, verb: str) -> None:
        if self._state.memberships.row(self.row, group.row) < 0:
            raise UsageError(f"{verb}: {self!r} is not a member of '{group.name}'.")

    def _must_be_outside(self, group: Group, verb: str, person: Member) -> None:
        if group.ended is not None:
            raise UsageError(f"{verb}: '{group.name}' ended on day {group.ended}.")
        if self._state.memberships.row(person.row, group.row) >= 0:
            raise UsageError(f"{verb}: {person!r} is already a member of '{group.name}'.")


class Owner(Member):
    """Somebody of the kind *owner*: opens groups."""


class Influencer(Member):
    """Somebody of the kind *influencer*: much voice, many contacts."""


class Lurker(Member):
    """Somebody of the kind *lurker*: reads and seldom says anything."""


class Troublemaker(Member):
    """Somebody of the kind *troublemaker*: short patience, quick temper."""


SHIPPED: Mapping[str, type[Member]] = {
    "owner": Owner,
    "influencer": Influencer,
    "lurker": Lurker,
    "troublemaker": Troublemaker,
}
"""The classes of the shipped role cards, by kind."""


class MadeClass(type):
    """Type of classes made for the kinds of further role cards; it lets them be pickled."""

    made: ClassVar[dict[str, type[Member]]] = {}


def class_of_kind(kind: str) -> type[Member]:
    """The class of a kind; made on the first call for a kind that is not shipped.

    >>> class_of_kind("lurker").__name__, class_of_kind("night_owl").__name__
    ('Lurker', 'NightOwl')
    """
    if kind in SHIPPED:
        return SHIPPED[kind]
    if kind not in MadeClass.made:
        name = "".join(part[:1].upper() + part[1:] for part in kind.replace("-", "_").split("_"))
        body = {"__doc__": f"Somebody of the kind *{kind}*.", "__module__": __name__}
        MadeClass.made[kind] = cast("type[Member]", MadeClass(name, (Member,), body))
    return MadeClass.made[kind]


def _reduced(cls: type[Member]) -> str | tuple[Any, ...]:
    for kind, made in MadeClass.made.items():
        if made is cls:
            return class_of_kind, (kind,)
    return cls.__qualname__


copyreg.pickle(MadeClass, _reduced)  # type: ignore[arg-type]


def has_own_step(cls: type[Member]) -> bool:
    """Whether people of a class decide by their own code."""
    return cls.step is not mesa.Agent.step
