"""The engine computes what a plain Mesa model computes, day by day and membership by membership."""

from __future__ import annotations

import random

import pytest
from twin.model import TwinModel

from selforg_sim.engine.codes import DRIFTED_OFF, GROUP_ENDED, MOVED, QUIT, REMOVED, SPLIT
from selforg_sim.engine.loop import Loop
from selforg_sim.happenings import begin_day
from selforg_sim.plan import PLAN
from selforg_sim.scenario import Scenario, scenario_from_dict
from selforg_sim.simulation import run_world
from selforg_sim.world import World, build_world

COLUMNS = {
    "standing": "standing", "belonging": "belonging", "trust": "trust", "fit": "fit",
    "experienced": "experienced", "hoped": "hoped", "evidence": "evidence",
    "influence": "influence", "returned": "returned", "hours": "hours", "given": "given",
    "messages": "messages", "disrupted": "disrupted", "watched": "watched",
    "last_gave": "last_gave",
}  # fmt: skip
BASE = {
    "people": {
        "owner": {"count": 4}, "influencer": {"count": 8}, "lurker": {"count": 80},
        "troublemaker": {"count": 8},
    },
    "contacts": {"mean": 10}, "founding": {"groups": 3},
}  # fmt: skip
SCENARIOS = {
    "chats": {},
    "seats_and_splits": {
        "group": {"seats": 14, "clarity": 0.2},
        "rules": {"evolution": {"splitting_chance": 0.5, "splitting_fit": 1.0}},
    },
    "forums": {"group": {"platform": "forum", "strictness": 0.5, "attention_on_core": 0.5}},
    "searched": {"group": {"platform": "qq", "days_to_cash": 2, "return_rate": 2.0}},
    "founding": {
        "founding": {"groups": 2, "free": True},
        "rules": {"evolution": {"founding_chance": 0.01, "dissolving_days": 5}},
    },
    "generous": {"group": {"red_envelopes": 2.0, "meet_ups": 8, "advertising": 0.5, "levels": 3}},
}


def of_engine(world: World) -> dict[tuple[int, int], dict[str, float]]:
    """All memberships by person and group, in the order of the table."""
    a = world.state.memberships.arrays
    return {
        (int(a["member_person"][r]), int(a["member_group"][r])): {
            name: a[column][r].item() for name, column in COLUMNS.items()
        }
        for r in world.state.memberships.rows()
    }


def of_twin(twin: TwinModel) -> dict[tuple[int, int], dict[str, float]]:
    """The same of the twin."""
    return {
        (m.person.row, m.group.row): {name: getattr(m, name) for name in COLUMNS}
        for m in twin.memberships()
    }


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", SCENARIOS)
def test_engine_and_twin_agree_to_the_bit(name: str, seed: int) -> None:
    agree(scenario_from_dict({"name": name, "horizon": 40, **BASE, **SCENARIOS[name]}), seed)


@pytest.mark.parametrize("seed", range(20))
def test_engine_and_twin_agree_on_drawn_scenarios(seed: int) -> None:
    agree(drawn_scenario(random.Random(seed)), seed)


def drawn_scenario(luck: random.Random) -> Scenario:
    """A scenario of about a hundred people with levers, platforms and rules drawn at random."""
    groups, share = luck.randint(1, 5), lambda: round(luck.random(), 2)
    group = {
        "platform": luck.choice(["wechat", "wechat", "qq", "weibo", "forum"]),
        "strictness": 0.7 * share(), "clarity": share(), "shared": share(),
        "rules_stated": share(), "rules_enforced": share(),
        "levels": luck.choice([1, 2, 3, "auto"]),
        "seats": luck.choice(["platform", "none", 12, 30]),
        "return_rate": luck.choice([0.0, 0.3, 2.0]),
        "days_to_cash": luck.choice([1.0, 10.0, "never"]),
        "attention_on_core": luck.choice([0.0, 0.6]), "advertising": luck.choice([0.0, 1.0]),
        "red_envelopes": luck.choice([0.0, 2.0]), "meet_ups": luck.choice([0.0, 6.0]),
        "first_contacts": luck.choice([0, 5, 20]),
    }  # fmt: skip
    evolution = {
        "founding_chance": luck.choice([0.0005, 0.01]), "splitting_fit": luck.choice([0.7, 1.0]),
        "splitting_chance": luck.choice([0.02, 0.5]), "dissolving_days": luck.choice([5, 14]),
    }  # fmt: skip
    switches = ("drift", "friends", "core_moves", "attraction", "members_invite")
    influence = {f"social_{name}": luck.random() < 0.8 for name in switches}
    return scenario_from_dict(
        {
            "name": "drawn",
            "horizon": 25,
            "people": {
                "owner": {"count": groups},
                "influencer": {"count": luck.randint(0, 12)},
                "lurker": {"count": luck.randint(60, 130)},
                "troublemaker": {"count": luck.randint(0, 15)},
            },
            "contacts": {
                "generator": luck.choice(["small_world", "preferential_attachment", "blocks"]),
                "mean": luck.choice([3.0, 8.0, 15.0]),
            },
            "founding": {"groups": groups, "free": luck.random() < 0.4},
            "group": group,
            "rules": {"evolution": evolution, "influence": influence},
        }
    )


def agree(given: Scenario, seed: int) -> None:
    """Run engine and twin side by side and compare them every day."""
    world, twin, loop = build_world(given, seed), TwinModel(given, seed), Loop(PLAN)
    for day in range(1, given.horizon + 1):
        begin_day(world)
        loop.advance(world.state)
        twin.step()
        ours, theirs = of_engine(world), of_twin(twin)
        assert list(ours) == list(theirs), f"day {day}: who is whose member"
        for pair, numbers in ours.items():
            assert numbers == theirs[pair], f"day {day}, person and group {pair}"
    spells = world.state.record.spells
    closed = spells["left"] >= 0
    told = zip(
        *(spells[c][closed].tolist() for c in ("person", "group", "left", "reason")), strict=True
    )
    assert sorted(told) == sorted(twin.ended)


def test_something_of_everything_happens_in_these_scenarios() -> None:
    reasons: set[int] = set()
    founded = 0
    for name, tables in SCENARIOS.items():
        given = scenario_from_dict({"name": name, "horizon": 40, **BASE, **tables})
        for seed in (1, 2):
            state = run_world(given, seed)[0].state
            reasons |= set(state.record.spells["reason"].tolist())
            founded += sum(state.group_names[g].startswith("new") for g in range(state.groups.rows))
    assert reasons >= {QUIT, MOVED, REMOVED, SPLIT, DRIFTED_OFF, GROUP_ENDED}
    assert founded > 5
