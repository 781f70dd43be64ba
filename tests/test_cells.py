"""Widgets for the cells of a notebook: what they show, and that they ask nobody for anything."""

from __future__ import annotations

import re
import xml.etree.ElementTree as xml
from typing import Any

import pytest

from selforg_sim.app import cells
from selforg_sim.model import SelfOrgModel
from selforg_sim.results.measures import headline_table
from selforg_sim.scenario import load_scenario
from selforg_sim.simulation import simulate

ALL = (cells.size_and_belonging, cells.standings, cells.why)


@pytest.fixture(scope="module")
def results():
    return simulate(load_scenario("smoke"))


def pictures(html: str) -> list[xml.Element]:
    return [xml.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", html, re.S)]


def html_of(cell: cells.Pictures) -> str:
    """What a notebook shows that has no widgets."""
    shown: str = cell._repr_mimebundle_()["text/html"]
    return shown


@pytest.mark.parametrize("make, titles, count", [
    (cells.size_and_belonging, ("Members", "Belonging", "Table"), 2),
    (cells.standings, ("Who is what", "Table"), 1),
    (cells.why, ("Why people left", "Table"), 1),
])  # fmt: skip
def test_tabs_with_pictures_and_a_table(results, make, titles, count):
    cell = make(results)
    assert cell.titles == titles
    assert [page.value for page in cell.children] == list(cell.pages.values())
    assert cell.pages["Table"].startswith("<table>")
    assert len(pictures(html_of(cell))) == count
    assert "application/vnd.jupyter.widget-view+json" in cell._repr_mimebundle_()


@pytest.mark.parametrize("make", ALL)
def test_nothing_is_asked_for_elsewhere(results, make):
    html = html_of(make(results))
    asks = re.findall(r'(?:src|href)="(?!#)[^"]*"|url\((?!#)[^)]*\)|<script|<link|@import', html)
    assert asks == []


@pytest.mark.parametrize("make", ALL)
def test_who_listens_hears_the_sentence_below(results, make):
    for picture in pictures(html_of(make(results))):
        assert picture.get("role") == "img"
        assert f"<figcaption>{picture.get('aria-label')}</figcaption>" in html_of(make(results))


def test_numbers_are_those_of_the_results(results):
    last = headline_table(results).iloc[0]
    members = cells.size_and_belonging(results).pages["Members"]
    assert f"{last['memberships']:.0f} memberships in {last['groups_alive']:.0f} groups" in members
    counts = re.findall(r">(\d+)</td>", cells.standings(results).pages["Table"])
    assert sum(map(int, counts)) == last["memberships"]


def test_two_pictures_share_no_names_within(results):
    """Names within SVG hold for the whole notebook."""
    one, two = (re.findall(r'id="(\w{11,})"', html_of(cells.why(results))) for _ in range(2))
    clips = [
        {name for name in names if re.fullmatch(r"p[0-9a-f]{10}", name)} for names in (one, two)
    ]
    assert clips[0] and not clips[0] & clips[1]


@pytest.mark.parametrize("changes", [
    ["horizon=0"],
    ["horizon=3", "founding.groups=0"],
    ["horizon=3", "record.spells=false"],
    ["horizon=3", "record.series_every=2"],
])  # fmt: skip
def test_little_to_show(changes):
    few = simulate(load_scenario("smoke", changes))
    for make in ALL:
        assert pictures(html_of(make(few)))


def test_several_runs():
    runs = simulate(load_scenario("smoke", ["horizon=10"]), replicates=3)
    for make in ALL:
        assert "3 runs" in html_of(make(runs))


def test_names_of_groups_are_text_not_markup():
    assert cells.table(("group",), [("<b>",)]).count("&lt;b&gt;") == 1


def test_play(monkeypatch):
    lived: list[int] = []
    step = SelfOrgModel.step

    def counted(model: SelfOrgModel) -> None:
        lived.append(1)
        step(model)

    monkeypatch.setattr(SelfOrgModel, "step", counted)
    player: Any = cells.play(load_scenario("smoke", ["horizon=5"]))
    controls, picture = player.children
    day = controls.children[1]
    first = picture.value
    day.value = 4
    assert len(lived) == 4 and picture.value != first
    day.value = 0
    assert len(lived) == 4 and picture.value == first
    assert day.max == controls.children[0].max == 5
