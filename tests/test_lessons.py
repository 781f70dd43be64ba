"""The lessons: their language of conditions, the way through one, and that each can be solved."""

from __future__ import annotations

from typing import Any

import pytest

from selforg_sim.app.lessons.catalogue import LESSONS, Lesson, menu
from selforg_sim.app.lessons.conditions import Condition, condition
from selforg_sim.app.lessons.course import Course
from selforg_sim.app.lessons.measures import series, size_at_peak
from selforg_sim.app.lessons.report import report
from selforg_sim.app.lessons.seen import held, note, seen
from selforg_sim.app.levers import levers_for, pulled, value_of, values_of
from selforg_sim.app.worlds.side import Side
from selforg_sim.errors import UsageError
from selforg_sim.scenario.load import Variants
from selforg_sim.scenario.schema import Scenario

SAID = {
    "belonging": [
        ("leaving", "all", 11, 0.2), ("leaving", "all", 21, 0.05), ("leaving", "all", 80, 0.25),
    ],
    "interest": [("size", "yours", 180, 164), ("size", "rival", 180, 220)],
    "time_and_cash": [
        ("hours", "old", 100, 146), ("hours", "old", 150, 161), ("hours", "old", 200, 115),
        ("hours", "rival", 200, 120), ("size", "old", 100, 292), ("size", "old", 200, 279),
    ],
    "aggregation": [
        ("size", "advertising", 150, 36), ("size", "envelopes", 150, 293),
        ("size", "plain", 150, 267),
    ],
    "evolution": [
        ("happy", "all", 180, 0.75), ("retained", "all", 180, 0.42),
        ("involved", "all", 180, 0.13), ("with_results", "all", 180, 0.02),
    ],
}  # fmt: skip
"""Measure, of whom, day and value, as the words of the lessons have them."""

WITH_TASKS = {key for key, lesson in LESSONS.items() if lesson.tasks}


def made_up(size: list[int], **lists: Any) -> dict[str, Any]:
    """A history of one group with these sizes."""
    days = len(size)
    history = {
        "names": ["one"], "day": days - 1, "size": size, "people": size, "left": [0] * days,
        "groupSize": [[n or None] for n in size], "happy": [0.5] * days,
        "belonging": [0.5] * days, "groupBelonging": [[0.5]] * days, "groupHours": [[2.0]] * days,
        "retained": [1.0] * days, "involved": [0.4] * days, "with_results": [0.1] * days,
        "core_moved": [None] * days, "in_core": [None] * days,
    }  # fmt: skip
    return history | lists


def lived(scenario: Scenario, days: int) -> dict[str, Any]:
    """The history of a scenario, looked at every five days as on the page."""
    side, notes = Side(scenario), {}
    for _ in range(days):
        side.advance()
        if side.day % 5 == 0:
            notes[side.day] = note(side)
    return seen(side, notes)


def kept(scenario: Scenario, of: str | None) -> dict[str, list[Any]]:
    """What the levers have been in a world in which none was pulled after the first day."""
    return {key: [value] for key, value in values_of(scenario, of).items()}


@pytest.mark.parametrize(
    "table, progress",
    [
        ({"at_least": 30}, 1.0),
        ({"at_least": 41}, 0.0),
        ({"at_least": 20, "for_days": 4}, 0.75),
        ({"at_least": 10, "for_days": 4, "from_day": 1}, 1.0),
        ({"at_least": 30, "by_day": 2}, 0.0),
        ({"at_most": 15, "on_day": 1}, 0.0),
        ({"at_most": 10, "on_day": 9}, 0.0),
        ({"of": "one", "at_least": 40}, 1.0),
        ({"of": "nobody", "at_least": 1}, 0.0),
        ({"measure": ["happy", "involved"], "at_least": 0.4}, 1.0),
        ({"measure": ["happy", "involved"], "at_least": 0.45}, 0.0),
        ({"measure": "happy_people", "at_least": 20}, 1.0),
        ({"measure": "groups_above", "members": 20, "at_least": 1, "for_days": 3}, 1.0),
        ({"of": "one", "more_than": "nobody"}, 1.0),
        ({"lever": "clarity", "at_least": 0.5}, 1.0),
        ({"lever": "clarity", "at_most": 0.5}, 0.0),
        ({"lever": "none", "at_most": 0.5}, 0.0),
        ({"at_least": 20, "also": [{"measure": "left_so_far", "at_most": 0}]}, 1.0),
        ({"at_least": 40, "also": [{"at_most": 30}]}, 0.0),
    ],
)
def test_conditions_over_a_made_up_history(table: dict[str, Any], progress: float) -> None:
    history = made_up([10, 20, 20, 30, 10, 40])
    assert condition(table).progress(history, None, {"clarity": [0.7]}) == pytest.approx(progress)


def test_three_of_four_days_are_three_quarters() -> None:
    assert Condition(at_least=20, for_days=4).progress(made_up([20, 20, 20, 1])) == 0.75


def test_bounds_can_be_multiples_of_an_earlier_week_or_of_the_first_run() -> None:
    grown = made_up([10] * 10 + [30] * 10)
    assert Condition(than_day=8, at_least=2.0, from_day=15).progress(grown) == 1
    assert Condition(than_day=8, at_least=4.0, from_day=15).progress(grown) == 0
    assert Condition(than_day=30, at_least=1.0).progress(grown) == 0
    half = Condition(measure="left_so_far", of_first=True, at_most=0.5, on_day=3)
    few, many = (made_up([9] * 4, left=[0, n, n, n]) for n in (1, 2))
    assert half.progress(few, many) == 1
    assert half.progress(many, few) == 0
    assert half.progress(few) == 0


def test_leaving_is_the_part_of_a_weeks_members_who_left() -> None:
    history = made_up([0, 10, 8, 8], left=[0, 0, 2, 0])
    assert series(history, "leaving") == [None, 0.0, 0.2, 0.2]
    assert series(history, "left_so_far") == [0, 0, 2, 2]
    assert series(made_up([0, 3]), "size", "largest") == [0, 3]
    assert series(made_up([1]), "hours", "first") == [2.0]


def test_when_a_group_ends_its_members_are_no_wave_of_leaving() -> None:
    history = made_up([10, 10, 0, 0], left=[0, 0, 10, 0])
    assert series(history, "leaving") == [0.0, 0.0, None, None]


def test_bounds_that_belong_together_hold_on_the_same_days() -> None:
    happy = [0.9, 0.9, 0.1, 0.1, 0.9, 0.9]
    history = made_up([10, 50, 50, 50, 50, 10], happy=happy)
    both = condition({
        "at_least": 50, "for_days": 2, "also": [{"measure": "happy", "at_least": 0.5}],
    })  # fmt: skip
    assert both.progress(history) == 0.5
    assert both.progress(made_up([10, 50, 50, 50, 50, 10], happy=[0.9] * 6)) == 1


def test_a_lever_must_have_kept_within_its_bounds_since_day_0() -> None:
    nothing = condition({"lever": "return_rate", "at_most": 0.0})
    side = Side(LESSONS["interest"].scenario())
    assert nothing.progress(seen(side), None, held(side, "yours")) == 1
    side.go_to(3)
    side.change({"return_rate": 0.5}, ["yours"])
    assert nothing.progress(seen(side), None, held(side, "yours")) == 1
    side.go_to(6)
    side.change({"return_rate": 0.0}, ["yours"])
    side.go_to(8)
    assert held(side, "yours")["return_rate"] == [0.0, 0.5, 0.0]
    assert nothing.progress(seen(side), None, held(side, "yours")) == 0
    side.close()


def test_size_at_the_peak() -> None:
    history = made_up([5, 6, 7, 8], happy=[None, 0.2, 0.9, 0.3])
    assert size_at_peak(history, "happy") == [None, 6, 7, 7]
    assert Condition(peak_of="happy", at_most=7, on_day=3).progress(history) == 1


def test_there_are_nine_lessons_a_sandbox_and_three_puzzles() -> None:
    kinds = [(entry["kind"], entry["number"]) for entry in menu("en")]
    lessons = [("lesson", number) for number in range(1, 10)]
    puzzles = [("puzzle", number) for number in range(1, 4)]
    assert kinds == [*lessons, ("sandbox", 1), *puzzles]


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=list(LESSONS))
def test_words_fit_in_both_languages_and_levers_exist(lesson: Lesson) -> None:
    english, chinese = lesson.words["en"], lesson.words["zh"]
    assert english.keys() == chinese.keys()
    for words in (english, chinese):
        assert len(words["steps"]) == lesson.steps
        assert len(words.get("tasks", ())) == len(lesson.tasks)
        options = lesson.prediction.options if lesson.prediction else ()
        assert len(words.get("options", ())) == len(options)
    assert all(ord(max(text)) < 0x2E80 for text in english["steps"])
    acting = {lever["key"] for lever in levers_for(lesson.scenario())}
    assert set(lesson.levers or ()) | set(lesson.solution) <= acting
    assert lesson.levers is None or set(lesson.solution) <= set(lesson.levers)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=list(LESSONS))
def test_levers_show_what_the_groups_on_which_they_act_have(lesson: Lesson) -> None:
    if lesson.kind == "sandbox":
        return
    scenario = lesson.scenario()
    acting = {lever["key"]: lever["setting"] for lever in levers_for(scenario)}
    keys = [key for key in lesson.levers or acting if acting[key].startswith("group.")]
    groups = [lesson.levers_of] if lesson.levers_of else list(scenario.groups)
    for key in keys:
        shown = value_of(scenario, key, lesson.levers_of)
        name = acting[key].removeprefix("group.")
        has = {group: getattr(scenario.groups[group], name) for group in groups}
        if key != "purpose":
            assert has == dict.fromkeys(groups, shown), key
        assert {g: value_of(scenario, key, g) for g in groups} == dict.fromkeys(groups, shown), key


@pytest.mark.parametrize("key", sorted(WITH_TASKS))
def test_each_task_is_done_by_its_solution_and_not_by_itself(key: str) -> None:
    lesson = LESSONS[key]
    scenario, course = lesson.scenario(), Course(key)
    untouched = lived(scenario, scenario.horizon)
    first = lived(scenario, lesson.days) if lesson.days < scenario.horizon else untouched
    course.look((first, kept(scenario, lesson.levers_of), False))
    course.look((untouched, kept(scenario, lesson.levers_of), True))
    assert course.found is not None and not course.finished
    solved = pulled(scenario, lesson.solution, lesson.levers_of)[0]
    course.look((lived(solved, scenario.horizon), kept(solved, lesson.levers_of), True))
    assert course.finished


@pytest.mark.parametrize(
    "key, choice",
    [
        ("initiation", 2), ("value_core", 1), ("structure", 2), ("influence", 0),
        ("interest", 2), ("aggregation", 1),
    ],
)  # fmt: skip
def test_what_the_first_run_shows_is_what_its_words_say(key: str, choice: int) -> None:
    course = Course(key)
    course.look((lived(course.lesson.scenario(), course.lesson.days), {}, False))
    assert course.found == {"choice": choice}


def test_numbers_in_the_words_are_those_of_the_lessons_own_run() -> None:
    for key, said in SAID.items():
        lesson = LESSONS[key]
        history = lived(lesson.scenario(), lesson.days)
        for measure, of, day, number in said:
            value = series(history, measure, of)[day]
            assert value is not None and value == pytest.approx(number, abs=0.01 * max(1, number))


@pytest.mark.parametrize("troublemakers", [2, 0])
def test_in_the_first_puzzle_it_is_not_the_troublemakers(troublemakers: int) -> None:
    scenario = Variants(LESSONS["two_troublemakers"].scenario())
    size = lived(scenario.of({"people.troublemaker.count": troublemakers}), 160)["size"]
    assert size.index(0) == 154


def test_in_the_second_puzzle_the_group_is_gone_within_three_months() -> None:
    assert 60 < lived(LESSONS["rescue"].scenario(), 90)["size"].index(0) <= 90


@pytest.mark.parametrize(
    "levers, groups", [({}, 1), ({"splitting": True}, 2), ({"clarity": 0.2, "levels": 3}, 1)]
)
def test_in_the_third_puzzle_no_half_of_the_solution_will_do(
    levers: dict[str, Any], groups: int
) -> None:
    scenario = pulled(LESSONS["three_of_one"].scenario(), levers)[0]
    history = lived(scenario, scenario.horizon)
    assert max(series(history, "groups_above", members=100)) == groups  # type: ignore[type-var]


def test_a_course_goes_from_prediction_to_the_task() -> None:
    course = Course("initiation")
    assert course.as_dict("zh")["prediction"]["kind"] == "choose"
    course.predict({"choice": 1})
    history = made_up([50] * 181, names=["yours"])
    assert course.look((history, {}, False))
    shown = course.as_dict("en")
    assert (shown["predicted"], shown["found"]) == ({"choice": 1}, {"choice": 1})
    assert shown["done"] and shown["tasks"][0]["done"]
    assert not course.look((history, {}, False))
    course.look((made_up([0] * 181), {}, True))
    assert course.finished


def test_a_run_with_levers_pulled_is_not_the_first_run() -> None:
    course = Course("evolution")
    course.look((made_up([50] * 181), {}, True))
    assert course.found is None
    course.look((made_up([50] * 181), {}, False))
    expected = {"retained": 1.0, "involved": 0.4, "with_results": 0.1, "happy": 0.5}
    assert course.found == {"guesses": expected}
    course.begin_again()
    assert course.found is None


@pytest.mark.parametrize(
    "key, given",
    [
        ("initiation", {"choice": 9}),
        ("initiation", {"choice": "devoted"}),
        ("belonging", {"points": [[0, 1]]}),
        ("belonging", {"points": [[0, 1], [1, "x"]]}),
        ("belonging", {"points": [[0, 1], 7]}),
        ("belonging", {"points": [[0, 1], [float("nan"), 1]]}),
        ("evolution", {"guesses": {"happy": 0.3}}),
        ("evolution", {}),
        ("rescue", {"choice": 0}),
    ],
)
def test_predictions_that_do_not_fit_are_refused(key: str, given: dict[str, Any]) -> None:
    course = Course(key)
    with pytest.raises(UsageError):
        course.predict(given)
    assert course.predicted is None


def test_drawn_points_are_put_in_order_and_within_the_picture() -> None:
    course = Course("belonging")
    course.predict({"points": [[9, 0.2], [0, 7], [9, 0.3]]})
    assert course.predicted == {"points": [[0, 0.5], [9, 0.3]]}


def test_unknown_lessons_and_steps_are_refused() -> None:
    with pytest.raises(UsageError, match="Did you mean"):
        Course("initiatoin")
    with pytest.raises(UsageError, match="no step 9"):
        Course("initiation").go_to_step(9)


@pytest.mark.parametrize("language, said", [("en", "You predicted"), ("zh", "你的预测")])
def test_the_report_says_what_was_predicted_seen_and_done(language: str, said: str) -> None:
    course = Course("initiation")
    course.predict({"choice": 0})
    course.look((made_up([50] * 181, names=["devoted"]), {}, False))
    text = report(course, language, {"dedication": 3.0}, seed=1, day=180)
    assert said in text and "dedication" in text and "- [ ] " in text
    assert course.lesson.words[language]["options"][2] in text


def test_a_report_of_a_curve_has_both_curves() -> None:
    course = Course("belonging")
    course.predict({"points": [[0, 0.1], [90, 0.5]]})
    course.look((made_up([50] * 91), {}, False))
    text = report(course, "en", {}, seed=1, day=90)
    assert "| 0 | 10% | 0% |" in text and "| 90 | 50% | 0% |" in text
    assert text.count("%") == 4, "the days that were drawn, no others"


def test_a_report_of_a_curve_that_nobody_drew_has_some_days_of_the_run() -> None:
    course = Course("time_and_cash")
    course.look((made_up([50] * 241, names=["old"]), {}, False))
    text = report(course, "en", {}, seed=1, day=240)
    assert "| 0 | – | 2 |" in text and "| 240 | – | 2 |" in text
