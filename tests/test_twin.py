"""The engine computes what a plain Mesa model computes, day by day and membership by membership.

The drawn worlds are 40, or as many as ``SELFORG_TWIN_WORLDS`` says::

    SELFORG_TWIN_WORLDS=200 pytest tests/test_twin.py -k drawn -s
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twin.comparison import Comparison, agree
from twin.drawn import drawn_scenario
from twin.luck import KeyedLuck, PlainLuck
from twin.model import TwinModel
from twin.plain import plain
from twin.shipped import first_people, made_up_contacts, shipped
from twin.small import small_worlds

from selforg_sim.engine.codes import (
    DRIFTED_OFF,
    EVENTS,
    MOVED,
    QUIT,
    REASONS,
    REMOVED,
    SPLIT,
    SPLIT_OFF,
)
from selforg_sim.engine.declarations import Phase
from selforg_sim.engine.state import argument_names
from selforg_sim.plan import PLAN
from selforg_sim.rules import belonging
from selforg_sim.scenario import Scenario, scenario_from_dict
from selforg_sim.scenario.load import scenario_names

WORLDS = int(os.environ.get("SELFORG_TWIN_WORLDS", "40"))
SHARED = Path(os.environ.get("SELFORG_SHARED", "../shared"))
REAL = SHARED / "data" / "collegemsg" / "CollegeMsg.txt"
ORDINARY: dict[str, Any] = {
    "name": "ordinary",
    "horizon": 20,
    "people": {
        "owner": {"count": 3}, "influencer": {"count": 6}, "lurker": {"count": 60},
        "troublemaker": {"count": 6},
    },
    "contacts": {"mean": 10}, "founding": {"groups": 3},
}  # fmt: skip


@pytest.mark.parametrize("name", scenario_names())
def test_engine_and_twin_agree_on_shipped_scenarios(name: str, tmp_path: Path) -> None:
    scenario = shipped(name, made_up_contacts(tmp_path / "contacts.txt"))
    assert agree(scenario, scenario.seed).joined > 0


def test_engine_and_twin_agree_among_real_contacts(tmp_path: Path) -> None:
    if not REAL.exists():
        pytest.skip(f"{REAL} is not there; set SELFORG_SHARED to the folder with the real data")
    contacts = first_people(REAL, tmp_path / "contacts.txt")
    seen = agree(shipped("real_contacts", contacts), 1)
    assert seen.people <= 500 and seen.joined > 100


def test_engine_and_twin_agree_on_drawn_worlds_in_which_much_happens() -> None:
    seen = [agree_on_drawn(world) for world in range(WORLDS)]
    people, days = median(each.people for each in seen), median(each.days for each in seen)
    rough = sum(map(is_rough, seen)) / len(seen)
    print(f"\n{len(seen)} worlds, median {people:g} people and {days:g} days, {rough:.0%} rough")
    assert people >= 100 and days >= 20
    assert rough >= 0.9
    if WORLDS >= 20:
        assert set(sum((each.reasons for each in seen), Counter())) == set(range(len(REASONS)))
        assert set(sum((each.events for each in seen), Counter())) == set(range(len(EVENTS)))


def agree_on_drawn(world: int) -> Comparison:
    """Compare one drawn world; an error says which."""
    try:
        return agree(drawn_scenario(random.Random(world)), world)
    except AssertionError as error:
        raise AssertionError(f"drawn world {world}: {error}") from None


def is_rough(seen: Comparison) -> bool:
    """Whether somebody joined, somebody left, and somebody was removed or a group split."""
    left = seen.reasons[QUIT] + seen.reasons[MOVED] + seen.reasons[DRIFTED_OFF]
    return seen.joined > 0 and left > 0 and seen.reasons[REMOVED] + seen.reasons[SPLIT] > 0


@given(small_worlds(), st.integers(0, 2**63 - 1))
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_engine_and_twin_agree_on_small_worlds_of_any_kind(scenario: Scenario, seed: int) -> None:
    agree(scenario, seed)


def test_an_owner_who_stopped_giving_is_silent_no_longer_than_the_event_says() -> None:
    events = [
        {"day": 3, "event": "supply_stops", "who": "core"},
        {"day": 4, "event": "owner_silent", "days": 2},
    ]
    agree(scenario_from_dict({**ORDINARY, "events": events}), 1)


@pytest.mark.parametrize("seats", ["none", 64])
def test_engine_and_twin_agree_where_a_hundred_friends_are_inside(seats: Any) -> None:
    people = {"owner": {"count": 2}, "lurker": {"count": 100, "voice": 0.9}}
    given = {
        **ORDINARY, "horizon": 4, "people": people, "contacts": {"mean": 101},
        "group": {"platform": "room", "first_contacts": 101, "seats": seats},
        "platforms": {"room": {"entry": "dragged"}}, "founding": {"groups": 1},
        "groups": {"g1": {"owner": "lurker:60"}},
        "rules": {"initiation": {"least_hours": 0.0}},
    }  # fmt: skip
    assert agree(scenario_from_dict(given), 1).joined >= 63


def test_engine_and_twin_agree_where_meet_ups_are_rare_and_the_pool_runs_dry() -> None:
    group = {"meet_ups": 0.9, "return_rate": 1.0, "days_to_cash": 0.5, "shared": 0.8}
    given = {
        **ORDINARY, "horizon": 40, "group": group,
        "events": [{"day": 15, "event": "rules_changed", "set": {"return_rate": 0.0}}],
    }  # fmt: skip
    assert agree(scenario_from_dict(given), 1).joined > 50


@pytest.mark.parametrize("seed", [2, 11, 12])
def test_engine_and_twin_agree_where_first_and_last_rows_split_groups(seed: int) -> None:
    rebels = {"card": "influencer", "count": 2, "voice": 1.0}
    others = {"owner": {"count": 3}, "lurker": {"count": 60, "voice": 0.05}}
    given = {
        **ORDINARY, "horizon": 30, "people": {"first": rebels, **others, "last": rebels},
        "rules": {"evolution": {
            "splitting_chance": 1.0, "splitting_influence": 0.0, "splitting_fit": 1.0,
        }},
    }  # fmt: skip
    assert agree(scenario_from_dict(given), seed).events[SPLIT_OFF] > 5


def engine_with(phase: str, change: Callable[..., Callable[..., Any]]) -> tuple[Phase, ...]:
    """The plan of a day with another kernel in one phase."""
    assert phase in [each.name for each in PLAN]
    return tuple(
        replace(each, kernel=change(each.kernel)) if each.name == phase else each for each in PLAN
    )


def with_another_decision(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """Leaving drawn with the number of another decision."""
    return plain(kernel, LEAVE=belonging.DRIFT_OFF)


def without_the_first_row(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """A range that begins one row late."""

    @wraps(kernel)
    def late(lo: int, *others: Any) -> Any:
        return kernel(lo + 1, *others)

    return late


def from_last_to_first(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """Sums over members in the opposite order."""
    rows = argument_names(kernel).index("rows")

    @wraps(kernel)
    def reversed_rows(*arguments: Any) -> Any:
        given = list(arguments)
        given[rows] = np.ascontiguousarray(given[rows][::-1])
        return kernel(*given)

    return reversed_rows


def test_a_phase_that_runs_as_plain_python_agrees() -> None:
    agree(scenario_from_dict(ORDINARY), 1, engine_with("stay or go", plain))


@pytest.mark.parametrize(
    "phase, change, told",
    [
        ("stay or go", with_another_decision, r"^day \d+, person \d+ in group \d+: member in"),
        ("experience", without_the_first_row, r"^day 1, person 0 in group 0: \w+ is 0\.\d+ in the"),
        ("gather", from_last_to_first, r"^day \d+, group \d+: \w+ is .* in the engine and"),
    ],
)
def test_a_wrong_draw_row_or_order_is_found(phase: str, change: Any, told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        agree(scenario_from_dict(ORDINARY), 1, engine_with(phase, change))


def test_the_twin_runs_on_an_ordinary_stream_of_luck() -> None:
    given = scenario_from_dict({**ORDINARY, "horizon": 40})
    first, again, keyed = (
        TwinModel(given, 1, luck) for luck in (PlainLuck(1), PlainLuck(1), KeyedLuck(1))
    )
    for twin in (first, again, keyed):
        for _ in range(given.horizon):
            twin.step()
    assert first.requests == again.requests != keyed.requests
    for twin in (first, keyed):
        reasons = Counter(m.reason for m in twin.history)
        assert len(twin.history) > 60 and reasons[QUIT] > 10


def test_friends_inside_are_contacts_who_are_members() -> None:
    twin = TwinModel(scenario_from_dict(ORDINARY), 1)
    for _ in range(20):
        twin.step()
    members = [m for person in twin.people for m in person.memberships.values()]
    counted = [sum(m.group in other.memberships for other in m.person.contacts) for m in members]
    assert [m.friends for m in members] == counted and any(counted)
