"""Engine and twin side by side: every column of every table, every day, to the bit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from selforg_sim.engine.declarations import Phase
from selforg_sim.engine.loop import Loop
from selforg_sim.happenings import begin_day
from selforg_sim.plan import PLAN
from selforg_sim.scenario import Scenario
from selforg_sim.scenario.people import TRAITS
from selforg_sim.world import COLUMNS, World, build_world
from twin.group import Group
from twin.membership import Membership
from twin.model import TwinModel

INPUT = {"person_key", "kind", "group_key", "resource", *TRAITS}
"""What the twin is given."""

ENGINES_OWN = {
    "member_person", "member_group", "newcomer", "leaving", "spell", "rebelling", "founding",
    "follows", "withheld", "log_silence", "joins", "quits", "moved", "removals", "split_off",
    "members_ended",
}  # fmt: skip
"""How the engine does its work, and counts that follow from the spells."""

OF_ENDED_GROUPS = ("owner", "founder", "parent", "founded", "ended", "size", "ever_joined", "core")
SPELLS = (
    "person", "group", "invited_by", "joined", "fit", "trust", "belonging", "left", "reason",
)  # fmt: skip

OTHER_NAMES = {"invited_by": "inviter"}


def compared(table: str) -> list[str]:
    """The columns of a table that are compared."""
    names = (column.name for column in COLUMNS if column.table == table)
    return [name for name in names if name not in INPUT | ENGINES_OWN]


OF_PEOPLE, OF_GROUPS, OF_MEMBERSHIPS = map(compared, ("person", "group", "membership"))


@dataclass(frozen=True)
class Comparison:
    """What happened in a world in which engine and twin agreed."""

    people: int
    days: int
    reasons: Counter[int]
    joined: int
    events: Counter[int]


def agree(given: Scenario, seed: int, plan: Sequence[Phase] = PLAN) -> Comparison:
    """Run engine and twin, compare them every day; raise AssertionError where they differ.

    The error names day, person, group and the first number that differs.
    """
    world, twin, loop = build_world(given, seed), TwinModel(given, seed), Loop(plan)
    compare_day(world, twin)
    for _ in range(given.horizon):
        begin_day(world)
        loop.advance(world.state)
        twin.step()
        compare_day(world, twin)
    compare_records(world, twin)
    return Comparison(
        people=len(twin.people),
        days=twin.day,
        reasons=Counter(m.reason for m in twin.history if m.left >= 0),
        joined=sum(m.joined > 0 and m.group.founder is not m.person for m in twin.history),
        events=Counter(event for _, event, *_ in twin.events),
    )


def compare_day(world: World, twin: TwinModel) -> None:
    """Compare all memberships, groups and people as they are in the evening."""
    day, table = f"day {twin.day}", world.state.memberships.arrays
    rows = world.state.memberships.rows()
    who, where = (table[name][rows].tolist() for name in ("member_person", "member_group"))
    ours = list(zip(who, where, strict=True))
    members = [m for person in twin.people for m in person.memberships.values()]
    theirs = [(m.person.row, m.group.row) for m in members]
    compare_members(ours, theirs, day)
    columns = {name: table[name][rows].tolist() for name in OF_MEMBERSHIPS}
    compare(columns, members, lambda i: f"{day}, person {ours[i][0]} in group {ours[i][1]}")
    compare_groups(world, twin, day)
    people = {name: world.state.people[name].tolist() for name in OF_PEOPLE}
    if not twin.p.free_founding:
        people.pop("unsatisfied")
    compare(people, list(twin.people), lambda i: f"{day}, person {i}")


def compare_members(ours: list[tuple[int, int]], theirs: list[tuple[int, int]], day: str) -> None:
    """Compare who is whose member; a person's groups stand in the order of joining."""
    alone = sorted(set(ours) ^ set(theirs))
    if alone:
        person, group = alone[0]
        only = "engine" if alone[0] in ours else "twin"
        raise AssertionError(f"{day}, person {person} in group {group}: member in the {only} only")
    same(ours, theirs, lambda i: f"{day}: at place {i} of all members, (person, group)")


def compare_groups(world: World, twin: TwinModel, day: str) -> None:
    """Compare living groups in all columns, ended ones in what still matters."""
    names = [group.name for group in twin.groups]
    same(world.state.group_names, names, lambda i: f"{day}, group {i}: name")
    for living in (True, False):
        groups = [g for g in twin.groups if (g.ended < 0) == living]
        rows = [g.row for g in groups]
        which = OF_GROUPS if living else OF_ENDED_GROUPS
        columns = {name: world.state.groups[name][rows].tolist() for name in which}
        compare(columns, groups, lambda i, groups=groups: f"{day}, group {groups[i].row}")


def compare(columns: Mapping[str, list[Any]], things: Sequence[Any], where: Any) -> None:
    """Compare columns of the engine with attributes of the twin's objects."""
    for name, ours in columns.items():
        theirs = [told(getattr(thing, OTHER_NAMES.get(name, name))) for thing in things]
        same(ours, theirs, lambda i, name=name: f"{where(i)}: {name}")


def told(value: Any) -> Any:
    """A value as the engine's tables have it: rows for people and groups, -1 for nobody."""
    if value is None:
        return -1
    return value.row if hasattr(value, "row") else value


def same(ours: Sequence[Any], theirs: Sequence[Any], where: Any) -> None:
    """Raise AssertionError at the first place at which two lists differ."""
    if ours == theirs:
        return
    pairs = enumerate(zip(ours, theirs))  # noqa: B905 - a missing rest is told below
    i = next((i for i, (a, b) in pairs if a != b), min(len(ours), len(theirs)))
    a, b = (repr(each[i]) if i < len(each) else "nothing" for each in (ours, theirs))
    raise AssertionError(f"{where(i)} is {a} in the engine and {b} in the twin")


def compare_records(world: World, twin: TwinModel) -> None:
    """Compare spells, events, and what came of every invitation."""
    record = world.state.record
    same(*map(sorted, (rows_of(record.spells, SPELLS), spells(twin))), lambda i: f"spell {i}")
    columns = [column.name for column in record.events.columns]
    same(rows_of(record.events, columns), twin.events, lambda i: f"event {i}")
    if record.keep_invitations:
        columns = ["day", "from", "to", "group", "outcome"]
        ours = rows_of(record.invitations, columns)
        same(ours, twin.requests, lambda i: f"invitation {i}")


def rows_of(table: Any, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Rows of a table of the record."""
    return list(zip(*(table[name].tolist() for name in columns), strict=True))


def spells(twin: TwinModel) -> Iterator[tuple[Any, ...]]:
    """All memberships that ever were, as the engine's record has them."""
    for m in twin.history:
        who: tuple[Membership | Group | Any, ...] = (m.person, m.group, m.inviter)
        yield (*map(told, who), m.joined, *m.at_first, m.left, m.reason)
