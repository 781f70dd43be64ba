"""Levers pulled by hand act; what differs is marked and can be taken back."""

from __future__ import annotations

from browsing import Visitor


def press(visitor: Visitor, key: str, pressed: str, times: int = 1) -> None:
    """Move a slider as one does with the keyboard."""
    for _ in range(times):
        visitor.at(f"lever-{key}").press(pressed)


def unfold(visitor: Visitor, point: int) -> None:
    """Show the levers of a point."""
    visitor.at(f"point-{point}").locator("summary").click()


def test_a_slider_acts_from_this_day_on_and_is_taken_back(visitor: Visitor):
    visitor.go_to(10)
    press(visitor, "strictness", "End")
    visitor.until("SG.ui.state.values.strictness === 1")
    assert visitor.day() == 10
    visitor.click("reset-strictness")
    visitor.until("SG.ui.state.values.strictness === 0.2")
    visitor.at("reset-strictness").wait_for(state="detached")


def test_restarting_brings_back_the_first_day(visitor: Visitor):
    visitor.go_to(10)
    visitor.at("when-restart").check()
    visitor.until("SG.ui.state.when === 'restart'")
    press(visitor, "rules_enforced", "ArrowRight")
    visitor.until("SG.ui.state.changed.includes('rules_enforced') && SG.ui.state.day === 0")


def test_levers_that_cannot_act_at_once_say_so(visitor: Visitor):
    visitor.go_to(5)
    unfold(visitor, 1)
    says = visitor.page.locator("#sg-lever-0-platform-says").inner_text()
    assert "starts the world again" in says and "initiation.py" in says
    visitor.at("lever-platform").select_option(label="forum")
    visitor.until("SG.ui.state.values.platform === 'forum'")


def test_choices_and_switches(visitor: Visitor):
    visitor.pause()
    unfold(visitor, 4)
    visitor.at("lever-levels").select_option(label="three")
    visitor.until("SG.ui.state.values.levels === 3")
    unfold(visitor, 9)
    visitor.at("lever-splitting").uncheck()
    visitor.until("SG.ui.state.values.splitting === false")


def test_nine_points_each_with_levers_in_both_languages(visitor: Visitor):
    visitor.pause()
    for number in range(1, 10):
        assert visitor.at(f"point-{number}").locator(".sg-lever").count() > 0
    visitor.click("lang")
    visitor.until("SG.ui.lang === 'zh'")
    assert "归属感" in visitor.text("point-3") and "进群门槛" in visitor.text("point-3")


def test_each_world_has_levers_of_its_own(visitor: Visitor):
    visitor.pause()
    visitor.click("two")
    visitor.until("SG.ui.state.sides === 2 && SG.ui.state.hand === 1")
    press(visitor, "strictness", "End")
    visitor.until("SG.ui.state.other.strictness === 1 && SG.ui.state.values.strictness === 0.2")
    visitor.click("hand-A")
    visitor.until("document.querySelector('[data-testid=lever-strictness]').value === '0.2'")
