"""Everyone can use the page: by keyboard, by ear, in the dark, on a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Visitor, visiting

SERIOUS = {"serious", "critical"}


def found_by_axe(visitor: Visitor) -> list[str]:
    """What axe-core holds to be a serious violation, once the page has come to rest.

    Solara lets the page fade in, and half way there nothing has enough contrast.
    """
    visitor.page.wait_for_function("document.getAnimations().length === 0")
    found = Axe().run(visitor.page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in found if v["impact"] in SERIOUS]


def test_axe_finds_nothing_serious_beside_a_story_and_in_two_worlds(visitor: Visitor):
    visitor.go_to(60)
    visitor.page.evaluate("window.__sg.act('choose', {side: 0, person: 1234})")
    visitor.at("person").wait_for()
    assert found_by_axe(visitor) == []
    visitor.click("two")
    visitor.until("SG.ui.state.sides === 2")
    visitor.page.evaluate("window.__sg.act('choose', {side: 0, group: 2})")
    visitor.at("group").wait_for()
    assert found_by_axe(visitor) == []


def test_axe_finds_nothing_serious_in_the_dark(visitor: Visitor):
    visitor.go_to(20)
    if visitor.at("dark").get_attribute("aria-pressed") != "true":
        visitor.click("dark")
    for view in ("map", "values", "hours"):
        visitor.click(f"view-{view}")
        visitor.until("SG.ui.view === given", view)
        assert found_by_axe(visitor) == [], view


def test_axe_finds_nothing_serious_on_a_phone(browser: object, address: str):
    with visiting(browser, width=390, height=844) as visitor:
        visitor.open(address)
        visitor.pause()
        for tab in ("levers", "who", "pictures"):
            visitor.click(f"tab-{tab}")
            assert found_by_axe(visitor) == [], tab


@pytest.mark.parametrize("lesson", ["initiation", "belonging", "evolution"])
def test_axe_finds_nothing_serious_in_a_lesson(browser: object, address: str, lesson: str):
    with visiting(browser) as visitor:
        visitor.open(f"{address}?lesson={lesson}&lang=en")
        visitor.at("lesson").wait_for()
        assert found_by_axe(visitor) == []
        visitor.click("share")
        visitor.at("share-panel").wait_for()
        assert found_by_axe(visitor) == []


def test_time_can_be_moved_by_the_keyboard_alone(visitor: Visitor):
    visitor.pause()
    day = visitor.day()
    visitor.at("step").focus()
    visitor.page.keyboard.press("Enter")
    visitor.says("day", f"day {day + 1} of 365")
    visitor.at("play").focus()
    visitor.page.keyboard.press("Space")
    visitor.reach(day + 4)


def test_the_page_begins_with_a_way_past_the_levers(visitor: Visitor):
    visitor.page.keyboard.press("Tab")
    focused = visitor.page.evaluate("document.activeElement.className")
    assert focused == "sg-skip"


def test_standings_have_marks_besides_colours(visitor: Visitor):
    visitor.go_to(30)
    for mark in "★●▲○–✕":
        visitor.at("chart-standings").get_by_text(mark).first.wait_for()
