"""The same luck for everything that a change does not touch, to the bit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import selforg_sim
from selforg_sim import simulation
from selforg_sim.engine import loop
from selforg_sim.plan import PLAN
from selforg_sim.scenario import scenario_from_dict
from selforg_sim.simulation import run_world, tables_of
from selforg_sim.world import World

ROOT = Path(selforg_sim.__file__).resolve().parent.parent

EVERYTHING: dict[str, Any] = {
    "name": "everything",
    "horizon": 40,
    "people": {
        "owner": {"count": 6},
        "influencer": {"count": 14},
        "lurker": {"count": 90},
        "troublemaker": {"count": 10},
    },
    "contacts": {"mean": 10},
    "founding": {"groups": 4, "free": True},
    "group": {"red_envelopes": 1.0, "meet_ups": 6, "seats": 40},
    "groups": {"g2": {"platform": "qq"}, "g3": {"platform": "forum"}},
    "events": [
        {"event": "supply_stops", "day": 10, "who": "others", "days": 5},
        {"event": "owner_leaves", "day": 20, "groups": ["g1"]},
        {"event": "rival_opens", "day": 15},
    ],
    "rules": {"evolution": {"founding_chance": 0.01, "splitting_chance": 0.3}},
    "record": {"memberships_every": 2},
}
"""A small world in which most things happen."""


def run(table: dict[str, Any], seed: int = 5, threads: int = 1) -> World:
    return run_world(scenario_from_dict(table), seed, threads)[0]


def tables(table: dict[str, Any], seed: int = 5, threads: int = 1) -> dict[str, pa.Table]:
    return tables_of(run(table, seed, threads))


def bits(column: pa.ChunkedArray) -> list[Any]:
    """What a column holds, floats as the whole numbers that their bits spell."""
    if pa.types.is_floating(column.type):
        raw = column.combine_chunks()
        whole = {4: np.int32, 8: np.int64}[column.type.byte_width]
        numbers = raw.to_numpy(zero_copy_only=False).view(whole)
        missing = raw.is_null().to_numpy(zero_copy_only=False)
        return np.where(missing, -1, numbers).tolist()
    return column.to_pylist()


def assert_equal_to_the_bit(one: dict[str, pa.Table], other: dict[str, pa.Table]) -> None:
    assert one.keys() == other.keys()
    for name in one:
        assert one[name].schema == other[name].schema, name
        for column in one[name].column_names:
            mine, others = bits(one[name][column]), bits(other[name][column])
            assert mine == others, f"{name}.{column}"


@pytest.fixture(scope="module")
def everything() -> dict[str, pa.Table]:
    return tables(EVERYTHING)


def test_the_world_of_these_tests_is_busy(everything):
    assert {name for name, table in everything.items() if not table.num_rows} == set()
    reasons = set(everything["spells"]["reason"].to_pylist())
    assert reasons >= {"quit", "moved", "split", "group ended", "owner left", None}


def test_the_same_twice(everything):
    assert_equal_to_the_bit(tables(EVERYTHING), everything)


def test_another_seed_is_another_run(everything):
    assert not tables(EVERYTHING, seed=6)["spells"].equals(everything["spells"])


@pytest.mark.parametrize("threads", [2, 3])
def test_the_same_on_several_threads(everything, threads, monkeypatch):
    monkeypatch.setattr(loop, "FEWEST_PEOPLE_A_THREAD", 1)
    used = []
    advance = loop.Loop._threads_for
    monkeypatch.setattr(
        loop.Loop, "_threads_for", lambda self, state: used.append(advance(self, state)) or used[-1]
    )
    assert_equal_to_the_bit(tables(EVERYTHING, threads=threads), everything)
    assert set(used) == {threads}, "the work was indeed cut up"


def test_groups_taken_in_two_parts_are_the_same(everything, monkeypatch):
    def halves(kernel):
        @wraps(kernel)
        def in_two(lo, hi, *others):
            middle = (lo + hi) // 2
            for first, last in ((lo, middle), (middle, hi)):
                kernel(first, last, *others)

        return in_two

    parted = [each for each in PLAN if each.span in ("groups", "sums")]
    plan = tuple(replace(p, kernel=halves(p.kernel)) if p in parted else p for p in PLAN)
    monkeypatch.setattr(simulation, "PLAN", plan)
    assert_equal_to_the_bit(tables(EVERYTHING), everything)
    assert len(parted) > 5


TINY = {
    **EVERYTHING,
    "horizon": 22,
    "people": {
        "owner": {"count": 6},
        "influencer": {"count": 6},
        "lurker": {"count": 12},
        "troublemaker": {"count": 2},
    },
    "contacts": {"mean": 6},
}
INTERPRETED = """
import json, sys
import numba, pyarrow.parquet as pq
from selforg_sim.scenario import scenario_from_dict
from selforg_sim.simulation import run_world, tables_of

assert numba.config.DISABLE_JIT
table, folder = json.loads(sys.argv[1]), sys.argv[2]
for name, found in tables_of(run_world(scenario_from_dict(table), 5)[0]).items():
    pq.write_table(found, f"{folder}/{name}.parquet")
"""


def test_the_same_interpreted(tmp_path):
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-W", "error", "-c", INTERPRETED, json.dumps(TINY), str(tmp_path)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    compiled = tables(TINY)
    interpreted = {name: pq.read_table(tmp_path / f"{name}.parquet") for name in compiled}
    for name, table in compiled.items():
        for column in table.column_names:
            assert bits(interpreted[name][column]) == bits(table[column]), f"{name}.{column}"


# Somebody more


def person_keys(world: World) -> dict[int, int]:
    """Stable key of the person in each row."""
    return dict(enumerate(world.state.people["person_key"].tolist()))


def with_a_stranger(table: dict[str, Any], place: int) -> dict[str, Any]:
    """The same people and, at a place in the list, one more kind: one person without ties."""
    kinds = list(table["people"].items())
    kinds.insert(place, ("hermit", {"count": 1, "card": "lurker", "ties": 0}))
    return {**table, "people": dict(kinds)}


def without_rows(table: pa.Table, people: dict[int, int]) -> dict[str, list[Any]]:
    """Columns of a table with stable keys in the place of rows of people."""
    columns = {name: bits(table[name]) for name in table.column_names}
    for name in ("person", "invited_by", "from", "to", "founder"):
        if name in columns:
            columns[name] = [None if row is None else people[row] for row in columns[name]]
    return columns


QUIET_PLACES = {
    **EVERYTHING,
    "founding": {"groups": 4, "free": False},
    "groups": {"g2": {"seats": 10}, "g3": {"splitting": False, "strictness": 0.9}},
}
"""Groups that one enters by invitation only, and none founded: where a stranger stays one."""


@pytest.mark.parametrize("place", [0, 2, 4])
@pytest.mark.parametrize("generator", ["small_world", "preferential_attachment", "blocks", "none"])
def test_somebody_without_ties_or_groups_changes_nobody(generator, place):
    table = {**QUIET_PLACES, "contacts": {"generator": generator, "mean": 10}}
    plain, more = run(table), run(with_a_stranger(table, place))
    strangers = set(person_keys(more).values()) - set(person_keys(plain).values())
    assert len(strangers) == 1
    one, other = tables_of(plain), tables_of(more)
    for name in ("spells", "series", "invitations", "events", "groups", "memberships"):
        mine, others = (
            without_rows(one[name], person_keys(plain)),
            without_rows(other[name], person_keys(more)),
        )
        for column in mine:
            assert mine[column] == others[column], f"{name}.{column}"
    assert_people_are_the_same(one["people"], other["people"], plain, more, strangers)


def assert_people_are_the_same(
    one: pa.Table, other: pa.Table, plain: World, more: World, strangers: set[int]
) -> None:
    rows = [row for row, key in person_keys(more).items() if key not in strangers]
    assert [person_keys(more)[row] for row in rows] == list(person_keys(plain).values())
    for name in set(one.column_names) - {"person"}:
        assert bits(one[name]) == bits(other[name].take(pa.array(rows))), name


@pytest.mark.parametrize("kind", ["owner", "lurker", "troublemaker"])
def test_one_more_of_a_kind_leaves_the_others_their_traits(kind):
    people = {**EVERYTHING["people"], kind: {"count": EVERYTHING["people"][kind]["count"] + 1}}
    horizon_0 = {**EVERYTHING, "horizon": 0, "events": []}
    plain, more = run(horizon_0), run({**horizon_0, "people": people})
    traits = {key: row for row, key in person_keys(more).items()}
    rows = [traits[key] for key in person_keys(plain).values()]
    for name in (*plain.scenario.people[kind].traits(), "values", "resource"):
        assert np.array_equal(plain.state.people[name], more.state.people[name][rows]), name


# One rule changed in one group

APART = 30


@pytest.fixture(scope="module")
def two_communities(tmp_path_factory) -> Path:
    """A file of contacts: a ring where everybody knows ten, another where everybody knows six."""
    path = tmp_path_factory.mktemp("contacts") / "two_communities.txt"
    ties = [(f"a{i}", f"a{(i + k) % APART}") for i in range(APART) for k in range(1, 6)]
    ties += [(f"b{i}", f"b{(i + k) % APART}") for i in range(APART) for k in range(1, 4)]
    path.write_text("\n".join(f"{a} {b}" for a, b in ties), encoding="utf-8")
    return path


def apart(path: Path, **changes: Any) -> dict[str, Any]:
    """Two communities without a tie between them, with two groups each.

    Who wants more contacts gets a place with more: all of kind "here" are in the first.
    """
    lively = {
        "card": "influencer",
        "voice": {"distribution": "beta", "a": 0.2, "b": 1.0},
        "temper": 0.5,
        "patience": 3,
    }
    return {
        "name": "apart",
        "horizon": 50,
        "people": {
            "here": {"count": APART, "ties": 2.0, **lively},
            "there": {"count": APART, "ties": 1.0, **lively},
        },
        "contacts": {"generator": "file", "path": str(path)},
        "founding": {"free": True},
        "group": {"red_envelopes": 0.5, "meet_ups": 4},
        "groups": {
            "a": {"owner": "here:0", **changes},
            "a2": {"owner": "here:1"},
            "b": {"owner": "there:0"},
            "b2": {"owner": "there:1", "seats": 12},
        },
        "rules": {
            "evolution": {"founding_chance": 0.01, "splitting_chance": 0.3},
            "structure": {"care_time": 0.1},
        },
    }


def community(world: World, kind: str) -> dict[str, dict[str, list[Any]]]:
    """Spells, series, invitations and people of one community, its groups numbered within it."""
    found = tables_of(world)
    groups, kinds = found["groups"], found["groups"]["founder_kind"].to_pylist()
    number: dict[int, int] = {}
    for row, founder_kind in enumerate(kinds):
        if founder_kind == kind:
            number[row] = len(number)
    lived = {}
    for name in ("spells", "series", "invitations"):
        rows = [i for i, g in enumerate(found[name]["group"].to_pylist()) if g in number]
        taken = found[name].take(pa.array(rows, pa.int64()))
        columns = {column: bits(taken[column]) for column in taken.column_names}
        columns["group"] = [number[g] for g in columns["group"]]
        lived[name] = columns
    lived["groups"] = {
        name: [value for row, value in enumerate(bits(groups[name])) if row in number]
        for name in ("founder", "founded", "ended", "clarity", "strictness")
    }
    people = [i for i, k in enumerate(found["people"]["kind"].to_pylist()) if k == kind]
    people_now = world.state.people["values"][people].view(np.int64).tolist()
    return {**lived, "values": {"now": people_now}}


def test_the_communities_are_apart(two_communities):
    world = run(apart(two_communities))
    first, other = world.state.contacts
    ends = np.repeat(np.arange(2 * APART), np.diff(first))
    assert np.array_equal(ends < APART, other < APART)
    assert np.diff(first).tolist() == [10] * APART + [6] * APART
    for kind in ("here", "there"):
        lived = community(world, kind)
        assert len(lived["spells"]["person"]) > 25
        assert len(lived["groups"]["founder"]) > 3, "groups are founded in both"
    found = tables_of(world)
    founder_kinds = found["groups"]["founder_kind"].to_pylist()
    home = [founder_kinds[g] for g in found["spells"]["group"].to_pylist()]
    assert found["spells"]["kind"].to_pylist() == home, "nobody is in a group of the others"


@pytest.mark.parametrize(
    "change",
    [
        {"strictness": 0.9},
        {"rules_enforced": 0.0},
        {"rules_stated": 1.0},
        {"return_rate": 2.0},
        {"days_to_cash": 1.0},
        {"shared": 1.0},
        {"clarity": 0.1},
        {"levels": 1},
        {"seats": 4},
        {"first_contacts": 2},
        {"meet_ups": 30},
        {"red_envelopes": 5.0},
        {"advertising": 2.0},
        {"attention_on_core": 0.9},
        {"splitting": False},
        {"values": {"friendship": 1.0}},
        {"opens": 7},
    ],
    ids=lambda change: next(iter(change)),
)
def test_one_rule_changed_in_one_group_changes_nobody_apart(two_communities, change):
    plain, changed = run(apart(two_communities)), run(apart(two_communities, **change))
    assert community(plain, "there") == community(changed, "there")
    assert community(plain, "here") != community(changed, "here"), "the change does something"


def test_an_event_in_one_group_changes_nobody_apart(two_communities):
    table = apart(two_communities)
    events = [
        {"event": "owner_leaves", "day": 5, "groups": ["a"]},
        {"event": "supply_stops", "day": 3, "groups": ["a2"], "who": "others"},
        {"event": "rival_opens", "day": 8, "name": "rival", "owner": "here:5"},
    ]
    plain, changed = run(table), run({**table, "events": events})
    assert community(plain, "there") == community(changed, "there")
    assert community(plain, "here") != community(changed, "here")


# The order of the file


def test_the_order_of_kinds_changes_rows_but_nobodys_luck():
    turned = dict(reversed(EVERYTHING["people"].items()))
    horizon_0 = {**EVERYTHING, "horizon": 0, "events": []}
    plain, other = run(horizon_0), run({**horizon_0, "people": turned})
    row_of = {key: row for row, key in person_keys(other).items()}
    rows = np.array([row_of[key] for key in person_keys(plain).values()])
    assert not np.array_equal(rows, np.arange(rows.size))
    for name in (*plain.scenario.people["owner"].traits(), "values", "resource"):
        assert np.array_equal(plain.state.people[name], other.state.people[name][rows]), name
    assert ties_by_key(plain) == ties_by_key(other)
    assert owners_by_key(plain) == owners_by_key(other)


def ties_by_key(world: World) -> set[tuple[int, int]]:
    keys = world.state.people["person_key"]
    first, other = world.state.contacts
    return set(zip(np.repeat(keys, np.diff(first)).tolist(), keys[other].tolist(), strict=True))


def owners_by_key(world: World) -> dict[str, int]:
    keys = world.state.people["person_key"][world.state.groups["owner"]]
    return dict(zip(world.state.group_names, keys.tolist(), strict=True))


def test_the_order_of_groups_with_tables_changes_no_owner_that_is_named(two_communities):
    table = {**apart(two_communities), "horizon": 0}
    turned = {**table, "groups": dict(reversed(table["groups"].items()))}
    plain, other = run(table), run(turned)
    assert owners_by_key(plain) == owners_by_key(other)
    keys = [dict(zip(w.state.group_names, w.state.groups["group_key"].tolist(), strict=True))
            for w in (plain, other)]  # fmt: skip
    assert keys[0] == keys[1]
