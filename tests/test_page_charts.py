"""The pictures of the page: what they say, what they hide and show, what can be done with keys."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from browsing import Visitor

from selforg_sim.app import front
from selforg_sim.app.texts import texts
from selforg_sim.engine.codes import EVENTS, STANDINGS, WHY

ALWAYS = ("chart-members", "chart-belonging", "events", "chart-standings", "chart-why")
CHARTS = Path(front.__file__).parent / "charts"


def flat(words: dict[str, object], before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, word in words.items():
        if isinstance(word, dict):
            found |= flat(word, f"{before}{key}.")
        else:
            found[before + key] = str(word)
    return found


def gaps(word: str) -> set[str]:
    return set(re.findall(r"\{\w+\}", word))


def picture(visitor: Visitor, chart: str) -> Any:
    return visitor.at(chart).locator(".sg-chart-box")


def drawn(visitor: Visitor, day: int) -> None:
    """Wait until every picture has been drawn anew for a day."""
    visitor.page.wait_for_function(
        """([day, charts]) => charts.every((chart) => new RegExp('day ' + day + '\\\\b').test(
            document.querySelector(`[data-testid=${chart}] .sg-seen`).textContent))""",
        arg=[day, ALWAYS],
    )


def test_words_of_the_pictures_are_there_in_both_languages():
    english, chinese = flat(texts("en")), flat(texts("zh"))
    used = set()
    for file in CHARTS.glob("*.js"):
        used |= set(re.findall(r"""\bt\(["']([a-z_]+\.[a-z_]+)["']""", file.read_text("utf-8")))
    assert len(used) > 40
    named = {f"why.{name}" for name in WHY} | {f"standing.{name}" for name in STANDINGS}
    named |= {f"event.{name}" for name in (*EVENTS, "exodus")}
    asked = used | named
    assert {key for key in asked if not key.endswith("_")} <= english.keys() & chinese.keys()
    for key in asked & english.keys():
        assert set(re.findall(r"\{\w+\}", english[key])) == set(
            re.findall(r"\{\w+\}", chinese[key])
        )


def test_every_picture_says_what_is_seen(visitor: Visitor):
    visitor.go_to(40)
    drawn(visitor, 40)
    for chart in ALWAYS:
        said = visitor.at(chart).locator("svg").get_attribute("aria-label")
        assert re.search(r"\bday 40\b", said), (chart, said)
        assert said in visitor.at(chart).locator("figcaption").inner_text()
    assert visitor.at("gauges").get_by_role("img").count() == 4
    for view, chart in (("map", "map"), ("values", "space"), ("hours", "hours")):
        visitor.click(f"view-{view}")
        visitor.at(chart).get_by_text(re.compile(r"\d|^g")).first.wait_for()
        visitor.until("!document.querySelector('.sg-view .sg-seen').innerText.includes('yet')")
    seen = visitor.at("hours").locator("figcaption").inner_text()
    assert re.fullmatch(
        r"On day 40 people give \d+% of their time to groups; .+ gets most, \d+%\.", seen
    )


def test_legends_hide_and_show(visitor: Visitor):
    visitor.go_to(30)
    drawn(visitor, 30)
    bold = picture(visitor, "chart-members").locator("path[stroke-width='2.5']")
    mean = visitor.at("chart-members").get_by_role("button", name="mean")
    assert mean.get_attribute("aria-pressed") == "true"
    bold.wait_for()
    mean.click()
    bold.wait_for(state="detached")
    assert mean.get_attribute("aria-pressed") == "false"
    mean.click()
    bold.wait_for()


def test_keys_reach_a_group_a_person_and_a_day(visitor: Visitor):
    visitor.go_to(30)
    drawn(visitor, 30)
    lines = picture(visitor, "chart-members")
    lines.focus()
    lines.press("ArrowUp")
    assert "day 30" in visitor.at("chart-members").locator("[role=status]").inner_text()
    lines.press("Enter")
    visitor.until("SG.ui.chosen && SG.ui.chosen.group >= 0")
    people = picture(visitor, "map")
    visitor.until("SG.data.sides[0].map !== null")
    visitor.at("map").get_by_text("people are drawn").wait_for()
    people.focus()
    people.press("ArrowRight")
    people.press("Enter")
    visitor.until("SG.ui.chosen && SG.ui.chosen.person >= 0")
    visitor.at("events").get_by_role("button").first.press("Enter")
    visitor.until("SG.ui.day < 15 && SG.ui.chosen && SG.ui.chosen.group >= 0")


def test_the_mouse_finds_a_group_where_its_line_is(visitor: Visitor):
    visitor.go_to(30)
    drawn(visitor, 30)
    place = visitor.page.evaluate(
        """() => { const side = window.__sg.data.sides[0], sizes = side.groupSize[20];
        const group = sizes.indexOf(Math.max(...sizes));
        const chart = document.querySelector("[data-testid='chart-members']").__vue__;
        const pane = chart.view.pane;
        return {x: pane.x(20), y: pane.y(sizes[group]), size: sizes[group]}; }"""
    )
    box = picture(visitor, "chart-members")
    box.hover(position={"x": place["x"], "y": place["y"]})
    told = visitor.at("chart-members").locator(".sg-tip")
    assert "day 20" in told.inner_text() and str(place["size"]) in told.inner_text()
    box.click(position={"x": place["x"], "y": place["y"]})
    visitor.until(
        "SG.ui.chosen && SG.data.sides[0].groupSize[20][SG.ui.chosen.group] === given",
        place["size"],
    )


def test_two_worlds_show_both_and_their_difference(visitor: Visitor):
    visitor.go_to(20)
    visitor.click("two")
    visitor.at("difference").wait_for()
    visitor.until("SG.data.sides[1].day >= 0")
    visitor.at("chart-members").get_by_text(re.compile("in A and .* in B")).first.wait_for()
    names = visitor.at("chart-members").locator(".sg-key").all_inner_texts()
    assert [name.strip()[-1] for name in names[-2:]] == ["A", "B"]


def test_pictures_leave_the_page_with_colours_and_legend(visitor: Visitor):
    visitor.go_to(30)
    drawn(visitor, 30)
    visitor.until("document.querySelectorAll('svg[data-export]').length >= 9")
    files = visitor.page.evaluate(
        """() => [...document.querySelectorAll('svg[data-export]')].map(
            (svg) => window.__sg.charts.picture(svg))"""
    )
    for file in files:
        ElementTree.fromstring(file)
        assert "var(" not in file
    reasons = next(file for file in files if 'data-export="why"' in file)
    assert "Why they left, week by week" in reasons and "little trust in the owner" in reasons
    members = next(file for file in files if 'data-export="members"' in file)
    assert "data:image/png;base64," in members


def test_pictures_bear_a_world_without_days(visitor: Visitor):
    visitor.pause()
    visitor.page.evaluate(
        """() => { const SG = window.__sg;
        SG.received.frame = () => {}; // none that is still on its way
        SG.data.sides[0] = SG.newSide(); SG.ui.tick += 1; }"""
    )
    visitor.at("chart-members").get_by_text("Nothing to see yet").wait_for()
    for view, chart in (("map", "map"), ("values", "space"), ("hours", "hours")):
        visitor.page.evaluate("(view) => { window.__sg.ui.view = view; }", view)
        visitor.at(chart).get_by_text("Nothing to see yet").first.wait_for()
    for chart in (*ALWAYS, "hours"):
        assert "NaN" not in visitor.at(chart).locator("svg").inner_html()
