"""A|B: two worlds with the same luck, one lever apart; and many runs of what is there."""

from __future__ import annotations

import os
import re
import signal
import subprocess

from browsing import Visitor, serving, visiting


def small(visitor: Visitor) -> None:
    """Have a small world that stands on day 20."""
    visitor.at("preset").select_option("smoke")
    visitor.until("SG.ui.state.scenario === 'smoke' && SG.data.sides[0].horizon === 60")
    visitor.go_to(20)


def pull_strictness(visitor: Visitor) -> None:
    """Pull one lever of the world in hand to its end, by the keyboard."""
    lever = visitor.at("lever-strictness")
    lever.focus()
    lever.press("End")
    visitor.until("SG.ui.state.changed.includes('strictness')")


def test_two_worlds_part_on_the_day_after_one_lever_is_pulled(visitor: Visitor):
    small(visitor)
    visitor.click("two")
    visitor.until("SG.ui.state.sides === 2 && SG.data.sides[1].day === 20")
    assert "alike" in visitor.text("parting")
    assert visitor.page.evaluate(
        "JSON.stringify(window.__sg.data.sides[0].groupSize)"
        " === JSON.stringify(window.__sg.data.sides[1].groupSize)"
    )
    pull_strictness(visitor)
    visitor.go_to(60)
    day = visitor.page.evaluate("window.__sg.ui.parted")
    assert 21 <= day <= 60
    visitor.says("parting", f"The worlds part on day {day}.")
    assert visitor.at("difference").is_visible()
    one, other = visitor.page.evaluate("window.__sg.data.sides.map((s) => s.size)")
    assert one[:day] == other[:day]
    assert one != other
    assert visitor.page.evaluate("window.__sg.ui.state.pulled") == [[], ["strictness"]]


def test_going_back_keeps_the_worlds_apart(visitor: Visitor):
    small(visitor)
    visitor.click("two")
    visitor.until("SG.ui.state.sides === 2")
    pull_strictness(visitor)
    visitor.go_to(60)
    before = visitor.page.evaluate("window.__sg.data.sides.map((s) => s.size)")
    visitor.go_to(5)
    assert "alike" in visitor.text("parting")
    visitor.go_to(60)
    assert visitor.page.evaluate("window.__sg.data.sides.map((s) => s.size)") == before


def test_one_world_again(visitor: Visitor):
    small(visitor)
    visitor.click("two")
    visitor.until("SG.ui.state.sides === 2")
    visitor.click("one")
    visitor.until("SG.ui.state.sides === 1")
    assert visitor.at("parting").count() == 0


def workers_of(server: int) -> list[int]:
    """The processes that run worlds for a page."""
    said = subprocess.run(["ps", "-Awwo", "pid=,ppid=,args="], capture_output=True, text=True)
    lines = [line.split(maxsplit=2) for line in said.stdout.splitlines()]
    return [
        int(pid) for pid, parent, what in lines if int(parent) == server and "spawn_main" in what
    ]


def test_twenty_runs_draw_the_band_of_outcomes(visitor: Visitor):
    small(visitor)
    visitor.click("runs")
    visitor.until("SG.ui.runs && SG.ui.runs.done === 20")
    band = visitor.page.evaluate("window.__sg.ui.runs.sides[0].size")
    horizon = visitor.page.evaluate("window.__sg.ui.state.horizon")
    assert len(band["mid"]) == horizon + 1
    assert all(
        low <= mid <= high
        for low, mid, high in zip(band["low"], band["mid"], band["high"], strict=True)
    )
    assert band["high"][-1] > band["low"][-1]
    assert visitor.at("runs").last.is_visible()


def test_a_run_that_was_killed_is_told_and_they_can_be_run_again(browser: object):
    with serving() as (address, number), visiting(browser) as visitor:
        visitor.open(address)
        visitor.pause()
        visitor.click("runs")
        visitor.until("SG.ui.runs && SG.ui.runs.done >= 1")
        workers = workers_of(number)
        assert workers
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        visitor.at("runs-failed").wait_for()
        assert "A run was killed" in visitor.text("runs-failed")
        visitor.page.get_by_role("button", name="Run 20 times").click()
        visitor.until("SG.ui.runs && !SG.ui.runs.failed && SG.ui.runs.done >= 1")
        assert visitor.at("runs-failed").count() == 0


def test_runs_are_counted_for_each_world(visitor: Visitor):
    small(visitor)
    visitor.click("two")
    visitor.click("runs")
    visitor.until("SG.ui.runs && SG.ui.runs.done === 40")
    visitor.page.get_by_text(re.compile("A: .*middle one of 20 runs .*B: ")).wait_for()
    assert visitor.at("chart-why").get_by_text("B: Why they left").count() >= 1
