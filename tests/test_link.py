"""Links that bring back what somebody saw, and links that came apart on the way."""

from __future__ import annotations

import base64
import zlib
from contextlib import suppress
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selforg_sim.app.limits import LimitError, Limits
from selforg_sim.app.link import LONGEST, LinkError, Moved, Wanted, decode, encode
from selforg_sim.app.upload import scenario_from_text
from selforg_sim.errors import ScenarioError
from selforg_sim.scenario import load_scenario, to_toml

simple = (
    st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
)
keys = st.from_regex(r"[a-z_]{1,12}(\.[a-z_]{1,8})?", fullmatch=True)
moves = st.builds(Moved, keys, simple | st.lists(simple, max_size=3), st.integers(0, 16_383))
sides = st.lists(moves, max_size=6).map(tuple)
states = st.builds(
    Wanted,
    scenario=st.none() | st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True),
    own=st.none(),
    a=sides,
    b=st.none() | sides,
    seed=st.none() | st.integers(0, 2**63 - 1),
    day=st.none() | st.integers(0, 16_383),
    lesson=st.none() | st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True),
    lang=st.none() | st.sampled_from(["en", "zh"]),
)


@given(states)
def test_a_link_brings_back_what_was_put_in(wanted: Wanted) -> None:
    query = encode(wanted)
    assert decode(query) == wanted
    assert decode(f"?{query}") == wanted
    assert decode(f"{query}&utm_source=chat") == wanted


@given(st.text(max_size=400))
def test_a_scenario_of_ones_own_travels_in_the_link(text: str) -> None:
    try:
        query = encode(Wanted(own=text))
    except UnicodeEncodeError:  # half a character, which no file in UTF-8 holds
        return
    assert decode(query).own == text


def test_links_are_short_enough_to_be_read() -> None:
    wanted = Wanted("smoke", a=(Moved("strictness", 0.8),), b=(Moved("platform", "qq", 40),), day=9)
    assert encode(wanted) == "s=smoke&a.strictness=0.8&b.platform=qq@40&day=9"
    assert encode(Wanted("smoke", b=())) == "s=smoke&b="
    assert len(encode(Wanted(own=to_toml(load_scenario("wechat_500"))))) < LONGEST


@pytest.mark.parametrize(
    "query",
    [
        "s=../../etc/passwd",
        "s=",
        "seed=-1",
        "seed=many",
        "seed=9999999999999999999",
        "day=1e3",
        "day=200000",
        "lang=xx",
        "lesson=<script>",
        "a.strictness=",
        "a.strictness=0.8x",
        "a.strictness=-Infinity",
        "a.strictness=1e999",
        "a.strictness=[NaN]",
        "a.strictness=[[",
        "a.=3",
        "a.__class__..x=3",
        "own=no-such-thing",
        "own=%ff",
        "s=%ff",
        "s=" + "x" * LONGEST,
        "&".join(f"a.x{number}=1" for number in range(300)),
        "a.x=" + "[" * 2_000,
    ],
)
def test_a_broken_link_is_refused_with_one_sentence(query: str) -> None:
    with pytest.raises(LinkError) as told:
        decode(query)
    text = str(told.value)
    assert text.startswith("This link is broken: ")
    assert "\n" not in text
    assert len(text) < 250


@given(states.filter(lambda wanted: wanted.a), st.data())
def test_a_link_that_was_cut_is_read_or_refused(wanted: Wanted, data: st.DataObject) -> None:
    query = encode(wanted)
    with suppress(LinkError):
        decode(query[: data.draw(st.integers(0, len(query)))])


def test_a_cut_or_blown_up_scenario_is_refused() -> None:
    query = encode(Wanted(own=to_toml(load_scenario("smoke"))))
    with pytest.raises(LinkError, match="cut"):
        decode(query[: len(query) // 2])
    bomb = base64.urlsafe_b64encode(zlib.compress(b"#" * 1_000_000)).decode()
    with pytest.raises(LinkError, match="too long"):
        decode(f"own={bomb}")


def test_what_is_too_long_for_a_link_says_what_to_do() -> None:
    noise = "".join(f"# {number**7}\n" for number in range(2_000))
    with pytest.raises(LinkError, match="download the scenario and send the file"):
        encode(Wanted(own=noise))


def test_links_are_plain_text() -> None:
    query = encode(Wanted("smoke", a=(Moved("platform", "微信"),)))
    assert query.isascii()
    assert decode(unquote(query, errors="strict").replace("&", "&")).a[0].value == "微信"


# ---------------------------------------------------------------- scenarios from outside


def test_a_scenario_written_out_can_be_sent() -> None:
    scenario = load_scenario("owner_leaves", ["group.strictness=0.7"])
    assert scenario_from_text(to_toml(scenario), "mine.toml", Limits()) == scenario


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("horizon = ", "not a scenario"),
        ("a = " + "[" * 3_000, "not a scenario"),
        ("horizon = 3\ngroup.strictnes = 1", "strictness"),
        ("horizon = 3\ngroup.strictness = 7", "strictness"),
        ("x = 1\ny = 2", "and 2 more"),
        ('extends = "mine.toml"\nhorizon = 3', "that it extends cannot be read here"),
        ('horizon = 3\n[contacts]\ngenerator = "file"', "a file of contacts cannot be read"),
        ('horizon = 3\n[contacts]\npath = "/etc/passwd"', "a file of contacts cannot be read"),
        ('horizon = 3\n[people.x]\ncount = 1\ncard = "/etc/passwd"', "'/etc/passwd' cannot be"),
        ('horizon = 3\n[people."../secret"]\ncount = 1', "'../secret' cannot be read"),
        ("horizon = 3\n[people.pyproject]\ncount = 1", "'pyproject' cannot be read"),
        ("horizon = 3\npeople = 7", "people"),
        ("horizon = 3\ncontacts = 7", "contacts"),
        ("horizon = 3\nfounding = 7", "founding"),
        ("horizon = 3\n[people.owner]\ncount = -1", "count"),
    ],
)
def test_a_scenario_that_will_not_do_is_refused_with_one_sentence(text: str, says: str) -> None:
    with pytest.raises(ScenarioError) as told:
        scenario_from_text(text, "mine.toml", Limits())
    assert says in str(told.value)
    assert "mine.toml" in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("horizon = 3\n#" + "x" * 200_000, "bytes"),
        ("horizon = 3\n[people.owner]\ncount = 30_000", "30,000 people"),
        ("horizon = 4_000", "4,000 days"),
        ("horizon = 3\n[founding]\ngroups = 1_000_000_000", "1,000,000,000 groups"),
        ("horizon = 3\n[people.owner]\ncount = 9\n[contacts]\nmean = 1e9", "contacts"),
    ],
)
def test_a_scenario_that_is_too_big_is_refused_with_one_sentence(text: str, says: str) -> None:
    with pytest.raises(LimitError, match=says) as told:
        scenario_from_text(text, "mine.toml", Limits())
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("My class, 2.toml", "My_class_2"),
        ("..", "mine"),
        ("C:\\x\\日记.toml", "日记"),
        ("", "mine"),
    ],
)
def test_a_scenario_without_a_name_has_that_of_its_file(file: str, name: str) -> None:
    assert scenario_from_text("horizon = 3", file, Limits()).name == name
