"""In and out of the page, in a real browser: links, files, pictures, the command, uploads."""

from __future__ import annotations

import struct
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from browsing import Visitor, find_browser, serving, visiting

from selforg_sim.scenario import changed, load_scenario, scenario_from_dict, to_toml
from selforg_sim.simulation import simulate

SIZES = "window.__sg.data.sides.map((side) => side.size)"


@pytest.fixture
def guest(browser: Any, address: str) -> Iterator[Visitor]:
    """Somebody whose world is small and stands still on day 5; he may use the clipboard."""
    granted = ["clipboard-read", "clipboard-write"]
    with visiting(browser, permissions=granted, locale="en-US") as found:
        found.open(f"{address}?s=smoke&day=5&lang=en")
        reached(found, 5)
        yield found


def reached(visitor: Visitor, day: int) -> None:
    visitor.until("SG.ui.day === given && SG.ui.state.day === given", day)


def taken(visitor: Visitor, testid: str, folder: Path) -> Path:
    """The file that a button downloads."""
    with visitor.page.expect_download() as coming:
        visitor.click(testid)
    file = folder / coming.value.suggested_filename
    coming.value.save_as(file)
    return file


# ---------------------------------------------------------------- links


def test_a_copied_link_brings_back_levers_of_both_sides_seed_day_and_language(
    guest: Visitor, browser: Any, tmp_path: Path
) -> None:
    guest.page.evaluate("__sg.act('seed', {seed: 12})")
    guest.page.evaluate("__sg.act('goto', {day: 4})")
    reached(guest, 4)
    guest.click("two")
    guest.until("SG.ui.state.sides === 2")
    guest.page.evaluate("__sg.act('lever', {side: 1, key: 'strictness', value: 0.9})")
    guest.page.evaluate("__sg.act('lang', {lang: 'zh'})")
    guest.page.evaluate("__sg.act('goto', {day: 9})")
    reached(guest, 9)
    guest.click("share")
    guest.click("share-link")
    guest.page.get_by_role("status").filter(has_text="已复制").wait_for()
    link = guest.at("share-link-text").input_value()
    assert guest.page.evaluate("navigator.clipboard.readText()") == link
    with visiting(browser) as other:
        other.open(link)
        reached(other, 9)
        assert other.page.evaluate(SIZES) == guest.page.evaluate(SIZES)
        assert other.page.evaluate("[__sg.ui.state.seed, __sg.ui.state.sides, __sg.ui.lang]") == [
            12,
            2,
            "zh",
        ]
        assert other.page.evaluate("__sg.ui.state.other.strictness") == 0.9


def test_a_broken_link_is_told_and_the_page_opens_all_the_same(browser: Any, address: str) -> None:
    with visiting(browser, locale="en-US") as found:
        found.open(f"{address}?s=smoke&a.strictness=%5B")
        assert found.text("notice").startswith("This link is broken")
        found.until("SG.ui.day > 0")


# ---------------------------------------------------------------- files


def test_files_hold_what_is_seen(guest: Visitor, tmp_path: Path) -> None:
    guest.click("share")
    scenario = taken(guest, "share-toml", tmp_path).read_text(encoding="utf-8")
    assert scenario_from_dict(tomllib.loads(scenario)) == load_scenario("smoke")
    days = taken(guest, "share-series", tmp_path).read_text(encoding="utf-8-sig").splitlines()
    shown = guest.page.evaluate(SIZES)[0]
    assert days[0].startswith("side,day,size,")
    assert [int(line.split(",")[2]) for line in days[1:]] == shown
    groups = taken(guest, "share-groups", tmp_path).read_text(encoding="utf-8-sig").splitlines()
    assert (
        sum(int(line.split(",")[3]) for line in groups[1:] if line.startswith("A,5,")) == shown[5]
    )


def test_pictures_are_downloaded_as_svg_and_as_png(guest: Visitor, tmp_path: Path) -> None:
    guest.until("document.querySelector('svg[data-export=members]').clientWidth > 0")
    guest.click("share")
    for _ in range(5):  # a picture that is just being laid out has another height a moment later
        before = taken(guest, "share-svg-members", tmp_path).read_text(encoding="utf-8")
        png = taken(guest, "share-png-members", tmp_path).read_bytes()
        if size_of(before) == size_of(
            taken(guest, "share-svg-members", tmp_path).read_text("utf-8")
        ):
            break
    assert ElementTree.fromstring(before).tag == "{http://www.w3.org/2000/svg}svg"
    assert "var(" not in before
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    wide, tall = struct.unpack(">II", png[16:24])
    width, height = size_of(before)
    assert wide == pytest.approx(2 * width, abs=1)
    assert tall == pytest.approx(2 * height, abs=1)


def size_of(svg: str) -> tuple[float, float]:
    """Width and height of a picture."""
    root = ElementTree.fromstring(svg)
    return float(root.get("width", "0")), float(root.get("height", "0"))


def test_the_command_is_shown(guest: Visitor) -> None:
    guest.click("share")
    guest.click("share-command")
    assert guest.text("share-command-text") == "selforg run smoke --seed 1 --days 60"


def test_escape_closes_the_panel_and_gives_the_focus_back(guest: Visitor) -> None:
    guest.click("share")
    guest.at("share-panel").wait_for()
    assert guest.page.evaluate("document.activeElement.dataset.testid") == "share-link"
    guest.page.keyboard.press("Escape")
    guest.at("share-panel").wait_for(state="detached")
    assert guest.page.evaluate("document.activeElement.dataset.testid") == "share"


# ---------------------------------------------------------------- uploads


def test_a_scenario_of_ones_own_is_lived_and_can_be_linked(
    guest: Visitor, browser: Any, tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    own = changed(load_scenario("smoke"), ["name=mine", "title=Our class", "horizon=9"])
    file.write_text(to_toml(own), encoding="utf-8")
    guest.click("share")
    guest.at("share-upload").set_input_files(file)
    guest.until("SG.ui.state.scenario === 'own' && SG.ui.state.own === 'Our class'")
    reached(guest, 9)
    guest.click("share")
    guest.click("share-link")
    with visiting(browser) as other:
        other.open(guest.at("share-link-text").input_value())
        reached(other, 9)
        assert other.page.evaluate("__sg.ui.state.title") == "Our class"
        assert other.page.evaluate(SIZES) == guest.page.evaluate(SIZES)


BAD_UPLOADS = [
    ("horizon = ", "not a scenario"),
    ("horizon = 3\ngroup.strictness = 7", "strictness"),
    ("horizon = 3\n[people.owner]\ncount = 50_000", "50,000 people"),
    ("#" * 300_000, "at most 200 kB"),
    ('horizon = 3\n[contacts]\npath = "/etc/passwd"', "cannot be read here"),
]


def test_bad_uploads_are_told_and_harm_nobody(
    guest: Visitor, browser: Any, address: str, tmp_path: Path
) -> None:
    file = tmp_path / "bad.toml"
    with visiting(browser) as other:
        other.open(f"{address}?s=smoke&day=3")
        reached(other, 3)
        for text, says in BAD_UPLOADS:
            file.write_text(text, encoding="utf-8")
            guest.page.evaluate("__sg.ui.panel = 'share'")
            guest.at("share-upload").set_input_files(file)
            guest.at("notice").get_by_text(says).wait_for()
            assert guest.day() == 5
        other.page.evaluate("__sg.act('goto', {day: 6})")
        reached(other, 6)


# ---------------------------------------------------------------- limits and folders of results


def test_a_folder_of_results_is_played_again(browser: Any, tmp_path: Path) -> None:
    scenario = load_scenario("smoke", ["horizon=8", "group.strictness=0.7"])
    results = simulate(scenario, seed=11)
    folder = results.save(tmp_path / "kept", figures=False)
    with serving(str(folder)) as (address, _), visiting(browser) as found:
        found.open(address)
        reached(found, 8)
        sizes = results.table("series").groupby("day")["size"].sum().tolist()
        assert found.page.evaluate(SIZES)[0] == sizes


def test_limits_are_told_on_the_page(browser: Any) -> None:
    find_browser()
    limits = ("--max-people", "6000", "--max-worlds", "1")
    with serving(*limits) as (address, _), visiting(browser) as found:
        found.open(f"{address}?s=town")
        assert "at most 6,000 are allowed here" in found.text("notice")
        found.click("two")
        found.until("SG.ui.notice && SG.ui.notice.text.includes('worlds')")
        assert found.page.evaluate("__sg.ui.state.sides") == 1
