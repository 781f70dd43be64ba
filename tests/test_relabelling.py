"""Labels are only labels: rows permuted with their keys change nothing; runs can be cut in two."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

from selforg_sim.engine.codes import NOBODY
from selforg_sim.engine.columns import Table
from selforg_sim.engine.contacts import renumbered
from selforg_sim.engine.loop import Loop
from selforg_sim.engine.memberships import Memberships
from selforg_sim.engine.state import State
from selforg_sim.happenings import begin_day
from selforg_sim.plan import PLAN
from selforg_sim.scenario import scenario_from_dict
from selforg_sim.simulation import keep_day, tables_of
from selforg_sim.world import World, build_world

ROWS_OF = {
    "owner": "person", "founder": "person", "invited_by": "person", "member_person": "person",
    "parent": "group", "member_group": "group",
}  # fmt: skip
"""Columns that hold rows, and of which table."""
MERE_ROWS = ("spell",)
FEW_ULPS = 1e-14
"""Sums in another order: under 50 roundings of 2⁻⁵² after 40 days (two were seen)."""


def table(**changes: Any) -> dict[str, Any]:
    """A small world in which most things happen."""
    plain: dict[str, Any] = {
        "name": "relabelled",
        "horizon": 40,
        "people": {
            "owner": {"count": 6}, "influencer": {"count": 14}, "lurker": {"count": 90},
            "troublemaker": {"count": 10},
        },
        "contacts": {"mean": 10},
        "founding": {"groups": 4, "free": True},
        "group": {"red_envelopes": 1.0, "meet_ups": 6, "seats": 25},
        "rules": {"evolution": {"founding_chance": 0.01, "splitting_chance": 0.3}},
    }  # fmt: skip
    return plain | changes


FOUND_BY_SEARCH = table(
    groups={
        "g1": {"platform": "qq"}, "g2": {"platform": "forum"}, "g3": {"platform": "weibo"},
        "g4": {"platform": "qq"},
    },
    group={
        "platform": "qq", "red_envelopes": 1.0, "meet_ups": 6, "seats": 25, "first_contacts": 0,
    },
    rules={
        "evolution": {"founding_chance": 0.004, "splitting_chance": 0.3, "founder_contacts": 0},
        "influence": {"social_members_invite": False},
        "initiation": {"encounters_per_week": 6.0, "invitations_per_day": 0.0},
    },
)  # fmt: skip
"""Groups that people come across; nobody picks among his contacts."""


def live(world: World, days: int) -> World:
    """Let a world live for some days."""
    loop = Loop(PLAN)
    for _ in range(days):
        begin_day(world)
        loop.advance(world.state)
        keep_day(world)
    return world


def moved(rows: np.ndarray, new_row: np.ndarray) -> np.ndarray:
    """Rows under their new numbers; nobody stays nobody."""
    return np.where(rows >= 0, new_row[rows], NOBODY)


def relabelled(world: World, people: np.ndarray, groups: np.ndarray) -> World:
    """The same world of day 0 with its rows in another order.

    ``people[i]`` and ``groups[i]`` are the old rows of what is now in row ``i``. Everything that
    belongs to a person or a group goes with him or it, its stable key and its place included.
    """
    old = world.state
    new_row = {"person": np.argsort(people), "group": np.argsort(groups)}
    tables = {}
    for name, order in (("people", people), ("groups", groups)):
        before = getattr(old, name)
        tables[name] = Table(before.columns, before.rows, before.widths)
        for column in before.columns:
            tables[name][column.name][:] = before[column.name][order]
    for name in ("owner", "founder"):
        tables["groups"][name][:] = moved(tables["groups"][name], new_row["person"])
    state = State(
        tables["people"], tables["groups"],
        members_in_new_rows(old.memberships, new_row), old.requests,
        renumbered(old.contacts, people), old.parameters, old.seed, copy.deepcopy(old.record),
    )  # fmt: skip
    spells = state.record.spells
    spells["person"][:] = new_row["person"][spells["person"]]
    spells["group"][:] = new_row["group"][spells["group"]]
    state.group_names = [old.group_names[g] for g in groups]
    state.founding_levers = dict(old.founding_levers)
    ids = [world.contact_ids[p] for p in people] if world.contact_ids else None
    return World(state, world.scenario, world.kinds, ids, world.born_values[people])


def members_in_new_rows(old: Memberships, new_row: dict[str, np.ndarray]) -> Memberships:
    """The memberships of day 0, entered anew by person."""
    rows = old.rows()
    person = new_row["person"][old["member_person"][rows]]
    rows = rows[np.argsort(person, kind="stable")]
    person = new_row["person"][old["member_person"][rows]]
    members = Memberships(old.columns, old.people)
    new = members.enter(person, new_row["group"][old["member_group"][rows]])
    for column in old.columns:
        if column.name not in ROWS_OF:
            members[column.name][new] = old[column.name][rows]
    return members


def told(world: World) -> dict[str, Any]:
    """Every column and all spells, with stable keys in the place of rows."""
    state = world.state
    keys = {"person": state.people["person_key"], "group": state.groups["group_key"]}

    def column(name: str, values: np.ndarray) -> list[Any]:
        if name in ROWS_OF:
            found = keys[ROWS_OF[name]]
            return np.where(values >= 0, found[values], NOBODY).tolist()
        return values.tolist()

    everything: dict[str, Any] = {}
    members, rows = state.memberships, state.memberships.rows()
    pairs = list(
        zip(column("member_person", members["member_person"][rows]),
            column("member_group", members["member_group"][rows]), strict=True)
    )  # fmt: skip
    for labels, source in (
        (keys["person"].tolist(), {c.name: state.people[c.name] for c in state.people.columns}),
        (keys["group"].tolist(), {c.name: state.groups[c.name] for c in state.groups.columns}),
        (pairs, {c.name: members[c.name][rows] for c in members.columns}),
    ):
        for name, values in source.items():
            if name not in MERE_ROWS:
                everything[name] = dict(zip(labels, column(name, values), strict=True))
    spells = state.record.spells
    ends = zip(
        keys["person"][spells["person"]].tolist(), keys["group"][spells["group"]].tolist(),
        spells["joined"].tolist(), spells["left"].tolist(), spells["reason"].tolist(), strict=True,
    )  # fmt: skip
    return everything | {"spells": sorted(ends)}


def floats_apart(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Largest difference of two tellings, relative where numbers are above 1; whole numbers and
    labels must be the same."""
    apart = 0.0
    assert one.keys() == other.keys() and one["spells"] == other["spells"]
    for name in one.keys() - {"spells"}:
        assert one[name].keys() == other[name].keys(), name
        for label, value in one[name].items():
            mine, others = np.atleast_1d(value), np.atleast_1d(other[name][label])
            if mine.dtype.kind == "f":
                same = mine == others
                gap = np.abs(np.where(same, 0.0, mine - others)) / np.maximum(1.0, np.abs(mine))
                apart = max(apart, float(gap.max()))
            else:
                assert np.array_equal(mine, others), f"{name} of {label}"
    return apart


def same_order(count: int) -> np.ndarray:
    return np.arange(count)


def shuffled(count: int, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).permutation(count)


def busy(world: World) -> None:
    """The world has seen people leave for several reasons, and new groups."""
    assert len(set(world.state.record.spells["reason"].tolist())) >= 4
    assert world.state.groups.rows > 8
    assert len(world.state.memberships) > 40


def test_telling_finds_every_single_change():
    plain, other = (live(build_world(scenario_from_dict(table())), 3) for _ in range(2))
    assert told(plain) == told(other)
    last = other.state.memberships.rows()[-1]
    hoped = other.state.memberships["hoped"]
    hoped[last] = np.nextafter(hoped[last], 1.0)
    other.state.people["budget"][7] *= 1.0 + 1e-15
    one, two = told(plain), told(other)
    assert [name for name in one if one[name] != two[name]] == ["budget", "hoped"]
    assert 0.0 < floats_apart(told(plain), told(other)) < 1e-14


@pytest.mark.parametrize("given", [table(), FOUND_BY_SEARCH], ids=["invited", "found by search"])
def test_groups_in_another_order_are_the_same_groups_to_the_bit(given):
    plain, other = (build_world(scenario_from_dict(given), 5) for _ in range(2))
    groups = np.array([2, 0, 3, 1])
    other = relabelled(other, same_order(other.state.people.rows), groups)
    assert other.state.group_names == ["g3", "g1", "g4", "g2"]
    live(plain, 40)
    live(other, 40)
    assert told(plain) == told(other)
    busy(plain)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_people_in_any_order_live_the_same_lives(seed):
    plain, other = (build_world(scenario_from_dict(FOUND_BY_SEARCH), seed) for _ in range(2))
    order = shuffled(plain.state.people.rows)
    other = relabelled(other, order, same_order(4))
    live(plain, 40)
    live(other, 40)
    apart = floats_apart(told(plain), told(other))
    assert apart < FEW_ULPS
    busy(plain)


@pytest.fixture(scope="module")
def two_rings(tmp_path_factory) -> str:
    """A file of contacts: two communities without a tie between them."""
    path = tmp_path_factory.mktemp("contacts") / "two_rings.txt"
    ties = [(f"{c}{i}", f"{c}{(i + k) % 50}") for c in "ab" for i in range(50) for k in range(1, 6)]
    path.write_text("\n".join(f"{a} {b}" for a, b in ties), encoding="utf-8")
    return str(path)


def test_rows_of_two_communities_can_be_dealt_into_each_other_to_the_bit(two_rings):
    # the order within each community stays, so that every sum has its order and every person's
    # list of contacts too: a contact is picked by his place in that list
    lively = {"card": "influencer", "temper": 0.5, "patience": 3, "ties": 1.0}
    given = table(
        people={"some": {"count": 100, **lively}},
        contacts={"generator": "file", "path": two_rings},
        groups={f"g{n + 1}": {"owner": f"some:{n}"} for n in range(4)},
    )
    plain, other = (build_world(scenario_from_dict(given), 5) for _ in range(2))
    first = np.array([name[0] == "a" for name in plain.contact_ids])
    order = np.empty(100, dtype=np.int64)
    takes = np.sort(shuffled(100)[:50])
    order[takes] = np.flatnonzero(first)
    order[np.setdiff1d(np.arange(100), takes)] = np.flatnonzero(~first)
    assert np.count_nonzero(order != np.arange(100)) > 50
    other = relabelled(other, order, np.array([1, 3, 0, 2]))
    live(plain, 40)
    live(other, 40)
    assert told(plain) == told(other)
    busy(plain)


# A run in two parts


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda world: pickle.loads(pickle.dumps(world))],
    ids=["copied", "pickled"],
)  # fmt: skip
def test_a_run_in_two_parts_is_the_whole_run(copied):
    given = table(
        groups={"g3": {"opens": 20}, "g2": {"platform": "forum"}},
        events=[
            {"event": "red_envelopes", "day": 10, "amount": 2.0, "days": 9},
            {"event": "owner_leaves", "day": 17, "groups": ["g1"]},
            {"event": "rival_opens", "day": 25},
        ],
    )
    whole, half = (build_world(scenario_from_dict(given), 5) for _ in range(2))
    live(whole, 40)
    live(half, 12)
    then = told(half)
    other = live(copied(half), 28)
    assert told(half) == then, "the first half is left alone"
    live(half, 28)
    for world in (half, other):
        assert told(world) == told(whole)
        for name, columns in tables_of(whole).items():
            assert tables_of(world)[name].equals(columns), name
    busy(whole)
