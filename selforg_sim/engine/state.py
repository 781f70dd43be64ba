"""The state of a world: its tables, its luck, and the two ways in which memberships change.

Kernels take arrays and numbers; ``State.call`` finds them by the names of the kernel's arguments.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from selforg_sim.engine.asked import Asked
from selforg_sim.engine.codes import (
    DRIFTED_OFF,
    GROUP_ENDED,
    MOVED,
    NOBODY,
    OWNER_LEFT,
    QUIT,
    REMOVED,
    SPLIT,
)
from selforg_sim.engine.columns import Array, Table, count_at
from selforg_sim.engine.contacts import Contacts
from selforg_sim.engine.declarations import Column
from selforg_sim.engine.memberships import Memberships, list_members
from selforg_sim.engine.record import Record
from selforg_sim.engine.ties import greet_friends, part_from_friends
from selforg_sim.engine.types import ROW, Ints

COLUMNS = (
    Column("person_key", "person", "i8", "key", "Stable key; enters every draw that concerns him."),
    Column("kind", "person", "i2", "code", "Kind, fixed at birth."),
    Column("member_person", "membership", "u4", "row", "The member."),
    Column("member_group", "membership", "u4", "row", "The group."),
    Column("joined", "membership", "i4", "day", "Day of joining."),
    Column("invited_by", "membership", "i4", "row", "Who invited him, -1 for nobody.", NOBODY),
    Column("friends", "membership", "i4", "people", "Contacts who are members too."),
    Column("newcomer", "membership", "i1", "flag", "Entered in the batch that is being entered."),
    Column("leaving", "membership", "i1", "code", "1 + reason of leaving today, 0 to stay."),
    Column("spell", "membership", "i4", "row", "His row in the record of spells."),
    Column("group_key", "group", "i8", "key", "Stable key; enters every draw that concerns it."),
    Column("owner", "group", "i4", "row", "The owner, -1 when he is gone.", NOBODY),
    Column("founder", "group", "i4", "row", "Who opened it.", NOBODY),
    Column("parent", "group", "i4", "row", "Group it split from, -1 for none.", NOBODY),
    Column("founded", "group", "i4", "day", "Day of its opening."),
    Column("ended", "group", "i4", "day", "Day of its end, -1 while it lives.", -1),
    Column("size", "group", "i4", "people", "Members."),
    Column("ever_joined", "group", "i4", "people", "Memberships ever begun."),
    Column("joins", "group", "i4", "people", "Joined since the last recorded day."),
    Column("quits", "group", "i4", "people", "Quit or drifted off since then."),
    Column("moved", "group", "i4", "people", "Left for a better group since then."),
    Column("removals", "group", "i4", "people", "Removed since then."),
    Column("split_off", "group", "i4", "people", "Left with a daughter group since then."),
    Column("members_ended", "group", "i4", "people", "Members when it ended."),
)

LEFT_COUNTER = {
    QUIT: "quits",
    DRIFTED_OFF: "quits",
    OWNER_LEFT: "quits",
    MOVED: "moved",
    REMOVED: "removals",
    SPLIT: "split_off",
    GROUP_ENDED: "members_ended",
}


@cache
def argument_names(kernel: Callable[..., Any]) -> tuple[str, ...]:
    """Names of a kernel's arguments."""
    return tuple(inspect.signature(getattr(kernel, "py_func", kernel)).parameters)


@dataclass(frozen=True, slots=True)
class Promise:
    """Something laid on in a group until a day, added to a column every day before it."""

    column: str
    group: int
    amount: float
    until: int


class State:
    """Everything that a day of the model reads and writes.

    Parameters
    ----------
    people, groups : tables with one row per person and per group
    memberships : table of memberships
    contacts : who knows whom
    parameters : numbers of the rules, by name
    seed : key of all luck
    record : where spells and events are noted
    account : tells reasons of ending memberships, for the further columns of spells; rows and
        codes of reasons are given to it
    willed : rows of memberships that a program from outside ends today
    """

    def __init__(
        self,
        people: Table,
        groups: Table,
        memberships: Memberships,
        requests: Table,
        contacts: Contacts,
        parameters: Mapping[str, float],
        seed: int,
        record: Record,
        account: Callable[[State, Ints, Array], dict[str, Array]] | None = None,
    ) -> None:
        self.people = people
        self.groups = groups
        self.memberships = memberships
        self.requests = requests
        self.contacts = contacts
        self.parameters = dict(parameters)
        self.seed = seed
        self.record = record
        self.account = account
        self.willed: set[int] = set()
        self.asked = Asked()
        self.clock: dict[str, Any] = {
            "seed": seed,
            "day": 0,
            "rows": memberships.rows(),
            "contact_first": contacts.first,
            "contact_other": contacts.other,
        }
        self._found: dict[Any, list[tuple[str, Mapping[str, Any] | None]]] = {}
        self.phase = ""
        self.wanted = 0
        self.promises: list[Promise] = []
        self.last_observed = -1
        self.group_names: list[str] = []
        self.founding_levers: dict[str, Any] = {}

    def __getstate__(self) -> dict[str, Any]:
        """What copies and pickles hold: all but the kernels' bindings, which are found anew."""
        return {**self.__dict__, "_found": {}}

    def find(self, name: str) -> Any:
        """The array or number that a kernel means by a name."""
        return self._room_of(name)[name]

    def call(self, kernel: Callable[..., Any], **given: Any) -> Any:
        """Run a kernel with its arguments found by name; ``given`` adds to or replaces them."""
        called = kernel, *given
        found = self._found.get(called)
        if found is None:
            found = [
                (name, None if name in given else self._room_of(name))
                for name in argument_names(kernel)
            ]
            self._found[called] = found
        if "rows" not in given and "rows" in argument_names(kernel):
            self.clock["rows"] = self.memberships.rows()
        return kernel(*[given[name] if room is None else room[name] for name, room in found])

    def _room_of(self, name: str) -> Mapping[str, Any]:
        """The table in which a name stands."""
        for room in (
            self.memberships.arrays,
            self.groups.arrays,
            self.people.arrays,
            self.parameters,
            self.requests.arrays,
            self.asked.arrays,
            self.clock,
        ):
            if name in room:
                return room
        raise KeyError(f"no column, parameter or number of the state is called '{name}'")

    @property
    def day(self) -> int:
        """The day that is being lived, 0 before the first."""
        return int(self.clock["day"])

    @day.setter
    def day(self, day: int) -> None:
        self.clock["day"] = day

    def admit(self, people: Ints, groups: Ints, **birth: Array | float) -> Ints:
        """Begin memberships (people ascending); ``birth`` gives first values of columns.

        Returns
        -------
        rows : rows of the new memberships
        """
        members = self.memberships
        rows = members.enter(people, groups)
        a = members.arrays
        for name, values in birth.items():
            a[name][rows] = values
        a["joined"][rows] = self.day
        a["newcomer"][rows] = 1
        self.call(greet_friends, rows=rows)
        a["newcomer"][rows] = 0
        spells = (
            self.record.add(
                self.record.spells,
                person=people,
                group=groups,
                invited_by=a["invited_by"][rows],
                joined=self.day,
                fit=a["fit"][rows],
                trust=a["trust"][rows],
                belonging=a["belonging"][rows],
            )
            if rows.size
            else range(0)
        )
        a["spell"][rows] = np.arange(spells.start, spells.stop)
        for name in ("size", "ever_joined", "joins"):
            count_at(self.groups.arrays[name], groups, 1)
        return rows

    def dismiss(self, rows: Ints, reasons: Array | int) -> None:
        """End memberships, given by rows in canonical order."""
        if not rows.size:
            return
        a = self.memberships.arrays
        rows = rows.astype(ROW)
        reasons = np.broadcast_to(np.asarray(reasons), rows.shape)
        further = self.account(self, rows, reasons) if self.account else {}
        spells, belonging = a["spell"][rows], a["belonging"][rows]
        self.record.close_spells(spells, self.day, reasons, belonging, **further)
        groups = a["member_group"][rows]
        count_at(self.groups.arrays["size"], groups, -1)
        for reason in set(reasons.tolist()):
            counter = self.groups.arrays[LEFT_COUNTER[reason]]
            count_at(counter, groups[reasons == reason], 1)
        self.call(part_from_friends, rows=rows)
        self.memberships.leave(rows)

    def living_groups(self) -> Ints:
        """Rows of the groups that have not ended."""
        return np.flatnonzero(self.groups["ended"] < 0)

    def members_of(self, groups: Iterable[int]) -> Ints:
        """Rows of all memberships of some groups, in canonical order."""
        wanted = np.zeros(self.groups.rows, dtype=np.int8)
        wanted[list(groups)] = 1
        found = np.empty(int(self.groups["size"][wanted == 1].sum()), dtype=ROW)
        self.call(list_members, wanted=wanted, found=found)
        return found
