"""The page as a person uses it: it opens running, time goes, levers act, stories are told."""

from __future__ import annotations

from typing import Any

import pytest
from browsing import Line, Visitor, visiting


def test_opens_running_on_an_interesting_preset(visitor: Visitor):
    assert visitor.page.get_by_test_id("preset").input_value() == "wechat_500"
    visitor.reach(3)
    assert visitor.at("pause").is_visible()


def test_play_pause_step_speed(visitor: Visitor):
    day = visitor.pause()
    visitor.click("step")
    visitor.says("day", f"day {day + 1} of 365")
    assert visitor.day() == day + 1
    visitor.click("speed-max")
    visitor.page.locator("[data-testid=speed-max][aria-pressed=true]").wait_for()
    visitor.click("play")
    visitor.reach(day + 20)


def test_rewind_shows_the_same_days_again(visitor: Visitor):
    visitor.go_to(70)
    seen = visitor.page.evaluate("window.__sg.data.sides[0].groupSize")
    visitor.go_to(12)
    assert visitor.page.evaluate("window.__sg.data.sides[0].size.length") == 13
    visitor.go_to(70)
    assert visitor.page.evaluate("window.__sg.data.sides[0].groupSize") == seen


def test_another_seed_is_another_world_and_reset_begins_it_again(visitor: Visitor):
    visitor.go_to(30)
    first = visitor.page.evaluate("window.__sg.data.sides[0].size")
    visitor.at("seed").fill("77")
    visitor.at("seed").press("Enter")
    visitor.until("SG.ui.state.seed === 77 && SG.ui.day < 30")
    visitor.go_to(30)
    other = visitor.page.evaluate("window.__sg.data.sides[0].size")
    assert other != first
    visitor.click("reset")
    visitor.until("SG.ui.day === 0 && SG.ui.state.day === 0")
    visitor.go_to(30)
    assert visitor.page.evaluate("window.__sg.data.sides[0].size") == other


def test_presets_are_lived(visitor: Visitor):
    visitor.at("preset").select_option("circle_of_40")
    visitor.until("SG.ui.state.scenario === 'circle_of_40'")
    visitor.reach(2)


def test_what_a_broken_connection_lost_is_sent_again(browser: Any, address: str):
    with visiting(browser) as visitor:
        line = Line(visitor)
        visitor.open(address).reach(30)
        line.break_down()
        visitor.at("seed").fill("77")
        visitor.at("seed").press("Enter")
        line.until_lost('"seed": 77', '"from": 0')
        line.cut()
        visitor.until("SG.ui.state.seed === 77")
        visitor.reach(20)
        assert len(line.connections) == 2
        visitor.pause()
        seen = visitor.page.evaluate("__sg.data.sides[0].size")
        visitor.page.evaluate("__sg.data.sides[0].size = [], __sg.tell('lost')")
        visitor.until("SG.data.sides[0].size.length === given", len(seen))
        assert visitor.page.evaluate("__sg.data.sides[0].size") == seen


def test_what_was_lost_last_is_sent_again_though_nothing_follows(browser: Any, address: str):
    with visiting(browser) as visitor:
        line = Line(visitor)
        visitor.open(address).reach(3)
        visitor.pause()
        line.break_down()
        visitor.click("view-values")
        line.until_lost('"dims": ')
        line.mend()
        visitor.until("SG.ui.view === 'values' && SG.data.sides[0].space?.dims")


def test_visitors_have_worlds_of_their_own(visitor: Visitor, browser: object, address: str):
    day = visitor.pause()
    with visiting(browser) as other:
        other.open(address)
        other.at("preset").select_option("smoke")
        other.until("SG.ui.state.scenario === 'smoke'")
        other.click("speed-max")
        other.reach(5)
        assert visitor.day() == day
        assert visitor.page.evaluate("window.__sg.ui.state.scenario") == "wechat_500"


def test_a_person_tells_why_he_left(visitor: Visitor):
    visitor.go_to(120)
    visitor.at("ask").fill("1234")
    visitor.at("ask").press("Enter")
    visitor.at("person").wait_for()
    said = visitor.text("person")
    assert "Person 1234" in said and "By kind: lurker" in said
    assert visitor.at("stay").count() >= 2
    reasons = visitor.at("reasons").first.inner_text()
    assert "%" in reasons
    assert visitor.at("curve").locator("polyline").count() >= 1


def test_a_group_has_its_story_and_leads_to_its_people(visitor: Visitor):
    visitor.go_to(60)
    visitor.page.evaluate("window.__sg.act('choose', {side: 0, group: 2})")
    visitor.at("group").wait_for()
    assert "Group g3" in visitor.text("group")
    visitor.at("leading").first.click()
    visitor.at("person").wait_for()
    visitor.page.keyboard.press("Escape")
    visitor.at("person").wait_for(state="detached")


@pytest.mark.parametrize("width", [390, 768, 1920])
def test_fits_every_width(browser: object, address: str, width: int):
    with visiting(browser, width=width) as visitor:
        visitor.open(address)
        visitor.reach(3)
        wide = visitor.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width


def test_speaks_chinese_and_goes_dark(visitor: Visitor):
    visitor.click("lang")
    visitor.until("SG.ui.lang === 'zh'")
    assert "天" in visitor.text("day")
    visitor.click("dark")
    assert "dark" in str(visitor.at("page").get_attribute("class"))
    visitor.page.reload()
    visitor.at("day").wait_for()
    assert "天" in visitor.text("day")


def test_the_state_is_told_in_words(visitor: Visitor):
    visitor.go_to(40)
    visitor.until(
        "document.querySelector('[data-testid=summary]').textContent.startsWith('Day 40')"
    )
    assert "Mean belonging" in str(visitor.at("summary").text_content())
