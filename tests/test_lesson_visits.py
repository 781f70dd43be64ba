"""Lessons as a visit lives them: whose levers they are, links to them, and whose run it was."""

from __future__ import annotations

import shlex

import pytest
from guests import Guest, opened

from selforg_sim.app.lessons.catalogue import LESSONS
from selforg_sim.app.link import Wanted, decode
from selforg_sim.scenario import changed


def in_lesson(key: str, query: str = "") -> Guest:
    """A guest at a lesson who stands still on its first day."""
    guest = opened(f"lesson={key}{query}")
    guest.visit.player.playing = False
    return guest


def groups(guest: Guest, side: int = 0) -> dict[str, float]:
    """What every group has as return rate in a world, the rival, too."""
    scenario = guest.visit.sides[side].scenario
    own = {name: spec.return_rate for name, spec in scenario.resolved_groups().items()}
    return own | {name: spec.return_rate for name, spec in scenario.resolved_rivals().items()}


def test_a_lever_of_ones_own_group_leaves_the_rival_alone() -> None:
    guest = in_lesson("interest")
    assert guest.visit.state()["values"]["return_rate"] == 0.0
    guest.do("lever", key="levels", value=3)
    guest.do("lever", key="return_rate", value=0.5)
    assert groups(guest) == {"yours": 0.5, "rival": 1.0}
    scenario = guest.visit.sides[0].scenario
    assert (scenario.groups["yours"].levels, scenario.group.levels) == (3, 2)
    guest.do("lever", key="return_rate", value=None)
    assert groups(guest)["yours"] == 0.0
    assert guest.visit.state()["changed"] == ["levels"]
    guest.close()


def test_link_command_and_second_world_keep_to_ones_own_group() -> None:
    guest = in_lesson("interest")
    guest.do("lever", key="levels", value=3)
    guest.do("when", when="now")
    guest.live(4)
    guest.do("two", on=True)
    guest.do("lever", key="strictness", value=0.8, side=1)
    guest.live(8)
    (pull,) = guest.visit.sides[1].pulls
    assert (pull["groups"], pull["set"]) == (["yours"], {"strictness": 0.8})
    again = opened(guest.given("link")["text"])
    again.live(8)
    assert again.sizes() == guest.sizes()
    assert again.visit.sides[1].scenario == guest.visit.sides[1].scenario
    again.close()
    guest.do("two", on=False)
    words = shlex.split(guest.given("command")["text"])
    settings = [words[n + 1] for n, word in enumerate(words) if word == "--set"]
    assert settings == ["groups.yours.levels=3"]
    assert changed(guest.visit.preset, settings) == guest.visit.sides[0].asked
    guest.close()


def test_a_lesson_that_was_closed_is_brought_back_with_whose_levers_they_are() -> None:
    guest = in_lesson("interest")
    guest.do("lever", key="levels", value=3)
    guest.do("lesson", id=None)
    guest.live(6)
    link = guest.given("link")["text"]
    wanted = decode(link)
    assert (wanted.lesson, wanted.of) == (None, "yours")
    again = opened(link)
    assert again.notices() == [] and again.sizes() == guest.sizes()
    assert again.visit.state()["values"]["levels"] == 3
    again.visit.do("preset", {"name": "smoke"})
    assert again.visit.levers_of is None
    again.close()
    guest.close()


def test_a_link_to_levers_of_a_group_that_there_is_not_is_refused() -> None:
    guest = opened("s=smoke&of=yours&a.levels=3")
    assert "group 'yours', which there is not" in guest.notices()[0]
    guest.close()


def test_what_a_link_shows_waits_for_the_prediction() -> None:
    guest = opened("lesson=initiation&day=12&a.dedication=3.0&seed=4")
    visit = guest.visit
    assert (visit.sides[0].day, visit.player.hurry, visit.player.playing) == (0, None, False)
    guest.do("lesson_step", step=1)
    assert visit.player.hurry is None
    guest.do("predict", choice=2)
    guest.do("lesson_step", step=1)
    assert visit.player.hurry == 12
    guest.live(12)
    assert visit.state()["values"]["dedication"] == 3.0 and visit.seed == 4
    guest.do("lesson_run")
    assert (visit.seed, visit.pulled, visit.player.hurry) == (1, [{}], 180)
    guest.do("lesson_step", step=1)
    assert visit.player.hurry == 180
    guest.close()


def test_a_link_to_a_puzzle_has_nothing_to_wait_for() -> None:
    guest = opened("lesson=rescue&day=7")
    assert guest.visit.sides[0].day == 7
    guest.close()


@pytest.mark.parametrize("how", ["seed", "levers", "undone"])
def test_only_the_lessons_own_run_is_what_the_run_shows(how: str) -> None:
    guest = in_lesson("influence")
    course = guest.visit.course
    assert course is not None
    if how == "seed":
        guest.do("seed", seed=5)
    elif how == "levers":
        guest.do("lever", key="dedication", value=4.0)
    guest.do("when", when="now")
    if how == "undone":
        move_a_lever_and_back(guest)
    guest.live(60)
    assert course.found is None
    guest.do("lesson_run")
    guest.live(60)
    assert course.found == {"choice": 0}
    guest.close()


def move_a_lever_and_back(guest: Guest) -> None:
    """Have a lever elsewhere for some days."""
    guest.live(3)
    guest.do("lever", key="levels", value=3)
    guest.live(6)
    guest.do("lever", key="levels", value=None)
    assert guest.visit.pulled == [{}]


def test_a_task_that_compares_with_the_first_run_says_so_until_there_is_one() -> None:
    guest = in_lesson("belonging")
    assert guest.visit.state()["lesson"]["needs_first"]
    guest.do("lesson_run")
    guest.live(90)
    assert not guest.visit.state()["lesson"]["needs_first"]
    guest.do("lesson", id="initiation")
    assert not guest.visit.state()["lesson"]["needs_first"]
    guest.close()


def test_a_link_without_a_group_has_none() -> None:
    assert decode("s=smoke").of is None
    assert decode("s=smoke&of=yours") == Wanted("smoke", of="yours")


def test_of_two_worlds_a_task_is_as_far_as_in_the_better_one() -> None:
    guest = in_lesson("rescue")
    guest.do("two", on=True)
    for key, value in LESSONS["rescue"].solution.items():
        guest.do("lever", key=key, value=value, side=0)
    guest.do("goto", day=0)
    guest.live(215)
    assert guest.visit.course is not None
    halfway = guest.visit.course.done[0]
    assert 0.3 < halfway < 1.0
    guest.do("reset")
    assert guest.visit.course.done[0] < halfway
    guest.close()


def test_the_report_tells_levers_that_were_pulled_again_by_themselves() -> None:
    guest = in_lesson("rescue", "&day=10&lang=en")
    guest.do("when", when="now")
    guest.live(10)
    guest.do("lever", key="levels", value=3)
    guest.live(20)
    guest.do("goto", day=5)
    guest.live(30)
    assert "No lever was pulled" not in guest.given("report")["text"]
    guest.do("lesson_run", keep=True)
    assert int(guest.visit.sides[0].world.state.groups["levels"][0]) == 3
    guest.close()
