"""What a visit gives to take along, and what it takes in, without a browser."""

from __future__ import annotations

import itertools
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from guests import Guest, opened

from selforg_sim.app.limits import Limits
from selforg_sim.app.link import Moved, Wanted, encode
from selforg_sim.results.store import Results
from selforg_sim.scenario import changed, load_scenario, to_toml


@pytest.fixture
def guest() -> Iterator[Guest]:
    found = Guest()
    yield found
    found.close()


# ---------------------------------------------------------------- links


def test_a_link_brings_back_every_number_of_both_sides(guest: Guest) -> None:
    guest.do("lever", key="dedication", value=3.0)
    guest.live(4)
    guest.do("lever", key="strictness", value=0.9)
    guest.live(8)
    guest.do("two", on=True)
    guest.do("lever", key="strictness", value=0.1, side=1)
    guest.live(12)
    guest.do("lang", lang="zh")
    again = opened(guest.given("link")["text"])
    assert again.notices() == []
    assert again.sizes() == guest.sizes()
    assert len(again.sizes()) == 2
    assert again.visit.state() | {"hurry": None} == guest.visit.state() | {"playing": False}
    again.close()


def test_a_link_of_a_scenario_of_ones_own_brings_it_along(guest: Guest) -> None:
    own = changed(load_scenario("smoke"), ["name=mine", "group.strictness=0.9"])
    guest.do("upload", file="mine.toml", text=to_toml(own))
    guest.live(5)
    again = opened(guest.given("link")["text"])
    assert again.sizes() == guest.sizes()
    assert again.visit.preset == own
    again.close()


def test_a_lever_beyond_its_end_stands_at_its_end() -> None:
    found = opened("s=smoke&a.strictness=7")
    assert found.visit.state()["values"]["strictness"] == 1.0
    found.close()


def test_a_link_without_a_day_plays() -> None:
    found = opened("s=smoke&seed=9")
    assert found.visit.player.playing
    assert found.visit.sides[0].seed == 9
    found.close()


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("s=nowhere", "there is not"),
        ("s=smoke&a.strictnes=1", "Did you mean 'strictness'?"),
        ("s=smoke&a.strictness=much", "strictness"),
        ("s=smoke&a.dedication=3@5", "it acts from day 0"),
        ("s=smoke&a.strictness=0.5@4000", "the last day is 60"),
        ("s=town", "are allowed here"),
        ("lesson=initiation&a.nonsense=3", "which there is not"),
        ("seed=x", "This link is broken"),
    ],
)
def test_a_link_that_will_not_do_is_told_and_the_page_opens_all_the_same(
    query: str, says: str
) -> None:
    found = Guest(query=query)
    assert len(found.notices()) == 1
    assert says in found.notices()[0]
    assert "\n" not in found.notices()[0]
    assert found.visit.preset.name == "wechat_500"
    assert found.visit.course is None and found.visit.own is None
    assert found.sent[0][0] == "begin"
    found.close()


# ---------------------------------------------------------------- files


def test_the_scenario_file_gives_the_same_world(guest: Guest, tmp_path: Path) -> None:
    guest.do("seed", seed=77)
    guest.live(3)
    guest.do("lever", key="strictness", value=0.9)
    guest.live(10)
    given = guest.given("toml")
    file = tmp_path / given["file"]
    file.write_text(given["text"], encoding="utf-8")
    assert file.name == "smoke-as-seen.toml"
    again = Guest(query="s=smoke")
    again.do("upload", file=file.name, text=file.read_text(encoding="utf-8"))
    again.live(10)
    assert again.notices() == []
    assert again.sizes() == guest.sizes()
    again.close()


def test_tables_hold_the_numbers_that_are_seen(guest: Guest, tmp_path: Path) -> None:
    guest.do("two", on=True)
    guest.live(6)
    (tmp_path / "days.csv").write_text(guest.given("series")["text"], encoding="utf-8")
    (tmp_path / "groups.csv").write_text(guest.given("groups")["text"], encoding="utf-8")
    days = pd.read_csv(tmp_path / "days.csv")
    groups = pd.read_csv(tmp_path / "groups.csv")
    for letter, sizes in zip("AB", guest.sizes(), strict=True):
        assert days[days["side"] == letter]["size"].tolist() == sizes
        by_day = groups[groups["side"] == letter].groupby("day")["size"].sum()
        assert by_day.tolist() == sizes
    assert {"retained", "core", "left_trouble"} <= set(days.columns)


def test_the_command_lives_the_same_days(guest: Guest, tmp_path: Path) -> None:
    guest.do("lever", key="dedication", value=3.0)
    guest.live(4)
    guest.do("lever", key="strictness", value=0.9)
    guest.live(15)
    words = shlex.split(guest.given("command")["text"])
    assert words[:3] == ["selforg", "run", "smoke"]
    more = ["--days", "15", "--out", str(tmp_path / "out"), "--no-figures", "--quiet"]
    subprocess.run(
        [sys.executable, "-m", "selforg_sim", *words[1:], *more],
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    series = Results.load(tmp_path / "out").table("series")
    assert series.groupby("day")["size"].sum().tolist() == guest.sizes()[0]


def test_the_command_takes_values_away(tmp_path: Path) -> None:
    guest = opened("s=two_rivals")
    guest.do("lever", key="purpose", value="owner")
    assert guest.notices() == []
    words = shlex.split(guest.given("command")["text"])
    assert "group.values=" in words
    settings = [after for word, after in itertools.pairwise(words) if word == "--set"]
    assert changed(load_scenario("two_rivals"), settings) == guest.visit.sides[0].scenario
    guest.close()


def test_the_command_of_two_sides_compares_them(guest: Guest) -> None:
    guest.do("two", on=True)
    guest.do("lever", key="strictness", value=0.9, side=1)
    words = shlex.split(guest.given("command")["text"])
    assert words[:3] == ["selforg", "compare", "smoke"]
    assert words.count("--set") == 1
    assert "rules_changed" in words[words.index("--set") + 1]


def test_the_command_of_two_sides_of_a_scenario_of_ones_own_compares_them(
    guest: Guest, tmp_path: Path
) -> None:
    own = changed(load_scenario("smoke"), ["name=mine", "horizon=20"])
    guest.do("upload", file="mine.toml", text=to_toml(own))
    guest.do("two", on=True)
    guest.do("lever", key="dedication", value=0.2, side=1)
    guest.live(20)
    preset = guest.given("preset")
    (tmp_path / preset["file"]).write_text(preset["text"], encoding="utf-8")
    words = shlex.split(guest.given("command")["text"])
    more = ["--seeds", "2", "--out", "both"]
    command = [sys.executable, "-m", "selforg_sim", *words[1:], *more]
    subprocess.run(command, check=True, cwd=tmp_path, capture_output=True)
    found = pd.read_parquet(tmp_path / "both" / "parts" / "seed-00000001.parquet")
    assert [found["size:a"].tolist(), found["size:b"].tolist()] == guest.sizes()
    assert guest.sizes()[0] != guest.sizes()[1]


def test_there_is_nothing_else_to_take_along(guest: Guest) -> None:
    guest.do("share", what="everything")
    assert "There is no 'everything'" in guest.notices()[-1]


# ---------------------------------------------------------------- uploads


def test_an_upload_may_extend_a_shipped_scenario_and_no_file(guest: Guest) -> None:
    guest.do("upload", file="mine.toml", text='extends = "smoke"\ngroup.strictness = 0.8')
    assert guest.notices() == []
    wanted = changed(load_scenario("smoke"), ["name=mine", "group.strictness=0.8"])
    assert guest.visit.preset == wanted
    guest.do("upload", file="mine.toml", text='extends = "/etc/passwd"')
    assert "'/etc/passwd' that it extends cannot be read here" in guest.notices()[-1]
    guest.do("upload", file="mine.toml", text='extends = "smoke"\ngroup.strictnes = 0.8')
    assert "strictness" in guest.notices()[-1]
    guest.do("upload", file="mine.toml", text='extends = "town"')
    assert "are allowed here" in guest.notices()[-1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("horizon = ", "not a scenario"),
        ("horizon = 3\ngroup.strictness = 7", "strictness"),
        ("#" * 300_000, "at most 200,000 are allowed"),
        ("horizon = 5_000", "5,000 days"),
        ('horizon = 3\n[contacts]\npath = "/etc/passwd"', "cannot be read here"),
    ],
)
def test_an_upload_that_will_not_do_changes_nothing(guest: Guest, text: str, says: str) -> None:
    before = guest.sizes()
    guest.do("upload", file="mine.toml", text=text)
    assert says in guest.notices()[-1]
    assert "\n" not in guest.notices()[-1]
    assert guest.sizes() == before


def test_too_many_worlds_are_refused_in_one_sentence() -> None:
    found = Guest(Limits(worlds=1))
    found.do("two", on=True)
    assert "worlds" in found.notices()[-1]
    assert len(found.visit.sides) == 1
    found.close()


def test_what_a_link_asks_for_is_short() -> None:
    query = encode(Wanted("smoke", a=(Moved("strictness", 0.9, 4),), seed=1, day=15, lang="en"))
    found = opened(query)
    found.live(15)
    assert found.given("link")["text"] == query
    found.close()


def test_a_lever_pulled_on_the_last_day_begins_again() -> None:
    found = opened("s=smoke&day=60")
    found.live(60)
    found.do("lever", key="strictness", value=0.9)
    assert "begins again" in found.notices()[0]
    assert found.visit.player.playing and found.visit.sides[0].day == 0
    assert found.visit.state()["values"]["strictness"] == 0.9
    found.close()
