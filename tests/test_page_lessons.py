"""Lessons as a student goes through them: predict, run, compare, pull levers, tick the task."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from browsing import Visitor, visiting

SCROLLING = """() => [...document.querySelectorAll("*")].filter((element) => {
  const flow = element === document.documentElement || element === document.body
    || ["auto", "scroll"].includes(getComputedStyle(element).overflowY);
  return flow && element.clientHeight > 500 && element.scrollHeight > element.clientHeight + 50;
}).map((element) => element.tagName + " " + element.className)"""
"""What of the page can be scrolled: one thing, which holds all of it."""

HEADING_HAS_FOCUS = "() => document.activeElement.dataset.testid === 'lesson-head'"
FITS = """(element) => element.getBoundingClientRect().right
  <= element.closest(".sg-lesson").getBoundingClientRect().right + 0.5"""
POINTS = "window.__sg.ui.state.lesson.predicted.points"


def open_lesson(visitor: Visitor, lesson: str, kind: str = "lesson") -> None:
    """Choose a lesson of a menu."""
    visitor.click(f"menu-{kind}")
    visitor.click(f"open-{lesson}")
    visitor.until("SG.ui.state.lesson && SG.ui.state.lesson.id === given", lesson)


def run(visitor: Visitor) -> None:
    """Go to the second step, and wait until the run is over."""
    visitor.click("next")
    visitor.click("run")
    visitor.at("compare").wait_for()


def test_a_student_goes_through_the_first_lesson(visitor: Visitor):
    open_lesson(visitor, "initiation")
    visitor.page.wait_for_function(HEADING_HAS_FOCUS)
    assert "Lesson 1 of 9" in visitor.text("menu-lesson")
    assert visitor.at("next").is_disabled()
    visitor.at("option-0").check()
    visitor.at("kept").wait_for()
    run(visitor)
    assert "Not as you predicted" in visitor.text("compare")
    visitor.click("next")
    visitor.page.wait_for_function(HEADING_HAS_FOCUS)
    assert visitor.page.locator("[data-testid^=lever-]").count() == 3
    visitor.at("lever-dedication").fill("3")
    visitor.until("SG.ui.state.values.dedication === 3")
    visitor.click("try")
    visitor.at("done").wait_for()
    assert "☑" in visitor.text("task-0")
    visitor.click("next-lesson")
    visitor.until("SG.ui.state.lesson.id === 'value_core'")


def test_a_curve_is_drawn_by_hand_and_by_keyboard_and_compared(visitor: Visitor):
    open_lesson(visitor, "belonging")
    visitor.page.wait_for_function(HEADING_HAS_FOCUS)  # it scrolls there
    box = visitor.at("draw").bounding_box()
    left, middle = box["x"] + 0.2 * box["width"], box["y"] + 0.5 * box["height"]
    visitor.page.mouse.move(left, middle)
    visitor.page.mouse.down()
    visitor.page.mouse.move(box["x"] + 0.9 * box["width"], middle + 30, steps=4)
    visitor.page.mouse.up()
    visitor.at("draw").focus()
    for key in ("ArrowUp", "ArrowRight", "ArrowDown"):
        visitor.at("draw").press(key)
    visitor.click("save")
    visitor.at("kept").wait_for()
    assert visitor.page.evaluate("window.__sg.ui.state.lesson.predicted.points.length") > 5
    run(visitor)
    assert visitor.at("compare").locator("path").count() == 2


def test_a_curve_that_is_not_kept_yet_outlives_messages_and_can_be_begun_anew(visitor: Visitor):
    open_lesson(visitor, "time_and_cash")
    visitor.at("draw").focus()
    for key in ("ArrowUp", "End", "ArrowUp"):
        visitor.at("draw").press(key)
    line = visitor.at("draw").locator(".sg-curve-drawn")
    drawn = line.get_attribute("d")
    visitor.page.evaluate("__sg.act('step', {})")
    visitor.until("SG.ui.state.day === 1")
    assert line.get_attribute("d") == drawn
    visitor.click("save")
    visitor.at("kept").wait_for()
    assert visitor.page.evaluate(POINTS + ".map((p) => p[0])")[::12] == [0, 240]
    assert visitor.page.evaluate(POINTS + ".map((p) => p[1])")[::12] == [165, 180]
    visitor.at("draw").press("Home")
    assert "165" in visitor.at("draw").get_attribute("aria-valuetext")
    visitor.click("clear")
    assert line.count() == 0 and visitor.at("save").is_disabled()


def test_a_task_that_needs_the_first_run_says_so(visitor: Visitor):
    open_lesson(visitor, "belonging")
    visitor.click("step-2")
    assert "Run its 90 days first" in visitor.text("needs-first")
    assert visitor.at("try").get_attribute("aria-disabled") == "true"


def test_guesses_and_buttons_are_not_cut_off(browser: Any, address: str):
    with visiting(browser, width=1366, height=768) as visitor:
        visitor.open(address)
        open_lesson(visitor, "evolution")
        visitor.click("save")
        run(visitor)
        visitor.click("step-0")
        assert visitor.page.locator(".sg-guess output").first.evaluate(FITS)
        visitor.click("step-1")
        assert visitor.at("run").evaluate(FITS)


def test_four_numbers_are_guessed(visitor: Visitor):
    open_lesson(visitor, "evolution")
    visitor.at("guess-happy").fill("0.9")
    visitor.click("save")
    run(visitor)
    assert "90%" in visitor.text("compare")
    assert visitor.at("point-1").count() == 1


def test_a_lesson_speaks_chinese_and_is_left(visitor: Visitor):
    open_lesson(visitor, "structure")
    visitor.click("lang")
    visitor.until("SG.ui.state.lang === 'zh'")
    assert "群能有多大" in visitor.text("lesson")
    visitor.click("lesson-close")
    visitor.at("lesson").wait_for(state="detached")
    assert visitor.at("point-1").count() == 1


def test_puzzles_sandbox_and_what_is_left_out(visitor: Visitor):
    open_lesson(visitor, "rescue", "puzzle")
    assert "☐" in visitor.text("task-0")
    visitor.click("leaves-out")
    assert "One run is one story" in visitor.text("leaves")
    visitor.page.keyboard.press("Escape")
    visitor.at("leaves").wait_for(state="detached")
    visitor.click("sandbox")
    visitor.until("SG.ui.state.lesson.id === 'sandbox' && SG.ui.state.playing")


def test_a_lesson_on_a_phone(browser: Any, address: str):
    with visiting(browser, width=390, height=800) as visitor:
        visitor.open(address)
        open_lesson(visitor, "interest")
        visitor.at("option-2").check()
        run(visitor)
        assert "As you predicted" in visitor.text("compare")
        assert visitor.at("run-own").count() == 0
        wide = visitor.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390


def test_a_linked_lesson_on_a_phone_is_seen_at_once(browser: Any, address: str):
    with visiting(browser, width=390, height=844) as visitor:
        visitor.open(f"{address}?lesson=initiation&lang=zh")
        visitor.at("lesson").wait_for(state="visible")
        assert visitor.at("preset").locator("option:checked").inner_text() == "谁来发起"
        visitor.click("tab-pictures")
        visitor.at("chart-members").wait_for(state="visible")
        visitor.page.wait_for_function(f"({SCROLLING})().length === 1")


def test_few_groups_are_named_at_their_lines(visitor: Visitor):
    open_lesson(visitor, "initiation")
    visitor.at("option-0").check()
    run(visitor)
    for name in ("yours", "careless", "devoted"):
        visitor.at("chart-members").locator("svg").get_by_text(name, exact=True).first.wait_for()
    visitor.click("lang")
    visitor.until("SG.ui.lang === 'zh'")
    visitor.at("chart-members").get_by_text("尽心的群", exact=True).wait_for()


def test_a_teacher_links_to_a_lesson_and_a_student_takes_its_report(
    browser: Any, address: str, tmp_path: Path
):
    with visiting(browser, permissions=["clipboard-read", "clipboard-write"]) as teacher:
        teacher.open(f"{address}?lang=en")
        open_lesson(teacher, "initiation")
        teacher.at("lever-dedication").fill("3")
        teacher.until("SG.ui.state.values.dedication === 3")
        teacher.click("share")
        teacher.click("share-link")
        link = teacher.at("share-link-text").input_value()
    with visiting(browser) as student:
        student.open(link)
        student.until("SG.ui.state.lesson && SG.ui.state.lesson.id === 'initiation'")
        assert student.page.evaluate("__sg.ui.state.values.dedication") == 3
        student.at("option-2").check()
        student.at("kept").wait_for()
        student.click("next")
        assert "no lever pulled" in student.text("run-own")
        student.click("share")
        with student.page.expect_download() as coming:
            student.click("share-report")
        coming.value.save_as(tmp_path / "report.md")
    report = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "Does it matter who starts a group?" in report
    assert "the devoted owner" in report
