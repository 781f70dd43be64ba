"""The worlds behind the page: the days that every other run lives, back and forth, and twins."""

from __future__ import annotations

import math

import numpy as np
import pytest

from selforg_sim import load_scenario, simulate
from selforg_sim.app.visit import Visit
from selforg_sim.app.worlds.biography import group_story, person_story
from selforg_sim.app.worlds.ensemble import run_once
from selforg_sim.app.worlds.sample import MOST, sample_of, whereabouts
from selforg_sim.app.worlds.side import Side, parting
from selforg_sim.engine.codes import WHY
from selforg_sim.errors import ScenarioError

SMALL = load_scenario("smoke", ["horizon=60"])


@pytest.fixture(scope="module")
def lived() -> Side:
    """A small world that has lived all its days."""
    side = Side(SMALL)
    side.go_to(60)
    return side


def test_lives_the_days_that_simulate_lives(lived: Side):
    series = simulate(SMALL).table("series")
    days = series.groupby("day")
    size = days["size"].sum()
    assert [evening.size for evening in lived.history.evenings] == size.tolist()
    felt = (series["belonging"].fillna(0) * series["size"]).groupby(series["day"]).sum() / size
    shown = [evening.belonging for evening in lived.history.evenings]
    assert shown == pytest.approx(felt.round(4).tolist(), abs=2e-4)
    happy = days["happy"].sum() / size
    assert [e.happy for e in lived.history.evenings] == pytest.approx(happy.tolist(), abs=1e-4)


def test_standings_and_reasons_add_up(lived: Side):
    for evening in lived.history.evenings:
        assert sum(evening.standing) == evening.size
        assert math.isclose(sum(evening.why), evening.left, abs_tol=0.01)
        assert sum(size or 0 for size in evening.group_size) == evening.size
        assert evening.low is None or evening.low <= evening.high
    spells = lived.world.state.record.spells
    assert sum(e.left for e in lived.history.evenings) == np.count_nonzero(spells["left"] >= 0)


@pytest.mark.parametrize("day", [0, 1, 29, 30, 31, 59])
def test_going_back_and_on_gives_the_same_days(lived: Side, day: int):
    side = Side(SMALL)
    side.go_to(60)
    side.go_to(day)
    assert side.day == day == side.world.state.day
    side.go_to(60)
    assert side.history.evenings == lived.history.evenings
    assert side.results().table("spells").equals(lived.results().table("spells"))


def test_long_lives_keep_few_keyframes():
    side = Side(load_scenario("smoke", ["horizon=700"]))
    side.go_to(700)
    assert len(side.keyframes._frozen) <= 8
    evening = side.history.evenings[650]
    side.go_to(650)
    assert side.history.evenings[-1] == evening


def test_a_twin_lives_the_same_until_a_lever_is_pulled():
    a = Side(SMALL)
    a.go_to(20)
    b = a.twin()
    for side in (a, b):
        side.go_to(40)
    assert parting(a.history, b.history) is None
    b.go_to(25)
    b.change({"strictness": 1.0})
    b.go_to(60)
    a.go_to(60)
    day = parting(a.history, b.history)
    assert day is not None and day >= 26
    assert a.history.evenings[25] == b.history.evenings[25]


def test_a_pulled_lever_is_an_event_of_the_scenario_and_so_can_be_repeated():
    side = Side(SMALL)
    side.go_to(10)
    side.change({"strictness": 0.9})
    side.change({"levels": 1})
    side.go_to(60)
    (event,) = side.scenario.events
    assert event.day == 11
    assert event.set.given() == {"strictness": 0.9, "levels": 1}
    repeated = simulate(side.scenario).table("series").groupby("day")["size"].sum()
    assert repeated.tolist() == [evening.size for evening in side.history.evenings]


def test_a_lever_pulled_earlier_takes_the_place_of_a_later_pull():
    side = Side(SMALL)
    side.go_to(30)
    side.change({"strictness": 0.9, "levels": 1})
    side.go_to(10)
    side.change({"strictness": 0.1})
    assert [(pull["day"], pull["set"]) for pull in side.pulls] == [
        (11, {"strictness": 0.1}),
        (31, {"levels": 1}),
    ]


def test_a_lever_that_does_not_exist_changes_nothing():
    side = Side(SMALL)
    before = side.world.scenario
    with pytest.raises(ScenarioError, match="strictness"):
        side.change({"strictness": 7.0})
    assert side.world.scenario is before and side.pulls == []


def test_stories_of_a_person_and_of_a_group(lived: Side):
    spells = lived.results().table("spells")
    left = spells[spells["left"].notna()].iloc[0]
    told = person_story(lived, int(left["person"]))
    stay = next(s for s in told["stays"] if s["group"] == left["group"] and s["left"] is not None)
    assert math.isclose(sum(stay["why"].values()), 1.0, abs_tol=1e-5)
    assert set(stay["why"]) <= set(WHY)
    group = group_story(lived, int(left["group"]))
    assert sum(group["standing"].values()) == group["size"]
    assert math.isclose(sum(group["why"].values()), 1.0, abs_tol=1e-3)
    assert group["largest"]["size"] >= group["size"]


def test_everybody_of_a_small_world_is_drawn_and_a_sample_of_a_large_one(lived: Side):
    all_of_them = sample_of(lived.world)
    people = lived.world.state.people.rows
    assert all_of_them.ids.tolist() == list(range(people))
    assert ((all_of_them.x >= 0) & (all_of_them.x <= 1)).all()
    large = Side(load_scenario("wechat_500", ["horizon=1"]))
    some = sample_of(large.world)
    assert some.ids.size == MOST and some.of == 5000
    assert set(large.world.state.groups["founder"].tolist()) <= set(some.ids.tolist())
    here = whereabouts(large.world.state, some.ids)
    assert len(here["group"]) == MOST
    assert here["standing"].count(0) == 40  # the owners, in their own groups


def test_many_runs_are_of_the_same_days(lived: Side):
    run = run_once(SMALL, SMALL.seed)
    assert run["size"].tolist() == [evening.size for evening in lived.history.evenings]


def test_a_visit_says_what_is_wrong_and_goes_on():
    said: list[tuple[str, dict]] = []
    visit = Visit(lambda kind, data: said.append((kind, data)), preset=SMALL)
    visit.do("hello", {})
    for name, data in (
        ("seed", {"seed": "many"}),
        ("goto", {"day": -3}),
        ("speed", {"speed": "light"}),
        ("lever", {"key": "strictnes", "value": 1}),
        ("lever", {"key": "strictness", "value": "high"}),
        ("preset", {"name": "/etc/passwd"}),
        ("choose", {"person": 10**9}),
        ("explode", {}),
    ):
        visit.do(name, data)
        kind, notice = said[-1]
        assert (kind, notice["kind"]) == ("notice", "error"), name
        assert "should not have happened" not in notice["text"], notice["text"]
    visit.do("step", {})
    assert visit.sides[0].day == 1
