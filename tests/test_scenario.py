"""Scenario files: loading, layers, overrides, writing out, and every way of getting them wrong."""

from __future__ import annotations

import copy
import pickle
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selforg_sim.errors import CardError, ScenarioError
from selforg_sim.scenario import (
    TRAITS,
    Scenario,
    changed,
    contacts_file,
    diff,
    json_schema,
    load_scenario,
    scenario_from_dict,
    scenario_hash,
    scenario_names,
    to_toml,
)
from selforg_sim.scenario.shipped import shipped_files

NAMES = sorted(shipped_files("scenarios"))
WANTED = {
    *("wechat_500", "circle_of_40", "four_platforms", "hobby_club", "group_buying", "town"),
    *("owner_leaves", "ads_or_red_envelopes", "two_rivals", "real_contacts", "smoke"),
}


def again(scenario: Scenario) -> Scenario:
    return scenario_from_dict(tomllib.loads(to_toml(scenario)))


def refused(table: dict[str, Any]) -> str:
    with pytest.raises(ScenarioError) as caught:
        scenario_from_dict({"name": "bad", "horizon": 30, **table})
    return str(caught.value)


# ---------------------------------------------------------------- shipped scenarios


def test_every_wanted_scenario_is_shipped_with_a_title() -> None:
    assert set(scenario_names()) >= WANTED
    assert all(scenario_names().values())


@pytest.mark.parametrize("name", NAMES)
def test_shipped_scenarios_load_and_come_back_from_their_own_text(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert again(scenario) == scenario
    assert scenario_hash(again(scenario)) == scenario_hash(scenario)
    assert diff(scenario, again(scenario)) == []


@pytest.mark.parametrize("name", NAMES)
def test_shipped_scenarios_are_in_the_gallery(name: str) -> None:
    gallery = (shipped_files("scenarios")[name].parent / "README.md").read_text(encoding="utf-8")
    assert f"[{name}]({name}.toml)" in gallery


def test_town_is_as_large_as_promised() -> None:
    town = load_scenario("town")
    assert sum(town.counts().values()) == 100_000
    assert len(town.resolved_groups()) == 300
    assert (town.record.series_every, town.record.invitations) == (7, False)


def test_real_contacts_says_what_to_do_without_a_file(tmp_path: Path) -> None:
    with pytest.raises(
        ScenarioError, match=r"\[contacts\] path: no file of contacts; .*--contacts"
    ):
        contacts_file(load_scenario("real_contacts"))
    file = tmp_path / "ties.txt"
    missing = load_scenario("real_contacts", [f"contacts.path={file}"])
    with pytest.raises(ScenarioError, match="there is no file"):
        contacts_file(missing)
    file.write_text("1 2\n")
    assert contacts_file(missing) == file
    assert contacts_file(load_scenario("smoke")) is None


def test_people_and_a_file_of_contacts() -> None:
    real = load_scenario("real_contacts")
    assert real.counts(people_in_file=1000)["lurker"] == 950
    with pytest.raises(ScenarioError, match="50 people, but the file of contacts has 49; lower"):
        real.counts(people_in_file=49)
    with pytest.raises(ScenarioError, match='"rest" needs'):
        real.counts()
    with pytest.raises(ScenarioError, match="but the file of contacts has 301"):
        load_scenario("smoke").counts(people_in_file=301)


# ---------------------------------------------------------------- layers


def test_a_file_that_extends_another_holds_what_differs(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(
        'extends = "smoke"\n[group]\nstrictness = 0.4\nlevels = 1\n'
        "[people.lurker]\nvoice = {distribution = 'uniform', low = 0, high = 0.1}\n"
    )
    child = tmp_path / "child.toml"
    child.write_text('extends = "base.toml"\n[group]\nlevels = 3\n[groups.g2]\nmeet_ups = 1\n')
    scenario = load_scenario(child, ["groups.g1.levels=2"])
    assert scenario.name == "child"
    groups = scenario.resolved_groups()
    assert [groups[g].levels for g in ("g1", "g2", "g3")] == [2, 3, 3]
    assert {spec.strictness for spec in groups.values()} == {0.4}
    assert groups["g2"].meet_ups == 1
    assert scenario.people["lurker"].voice.bounds() == (0, 0.1)
    assert again(scenario) == scenario


def test_paths_in_a_file_count_from_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text('horizon = 1\n[contacts]\ngenerator = "file"\npath = "ties.txt"\n')
    assert load_scenario(file).contacts.path == str(tmp_path / "ties.txt")


def test_the_hash_ignores_the_folder_of_the_contacts() -> None:
    one, two = (load_scenario("real_contacts", [f"contacts.path={p}/ties.txt"]) for p in "ab")
    assert scenario_hash(one) == scenario_hash(two)
    assert scenario_hash(one) != scenario_hash(changed(one, ["seed=2"]))


def test_an_override_of_nothing_takes_a_value_away() -> None:
    rivals = load_scenario("two_rivals")
    assert rivals.group.values is not None
    assert changed(rivals, ["group.values="]).group.values is None
    assert changed(rivals, ["title="]).title == ""
    with pytest.raises(ScenarioError, match="horizon: missing"):
        changed(rivals, ["horizon="])


def test_overrides() -> None:
    wanted = ["group.strictness=0.8", "people.lurker.voice.b=20", "group.platform=qq", "seed=7"]
    scenario = load_scenario("smoke", wanted)
    assert (scenario.group.strictness, scenario.group.platform, scenario.seed) == (0.8, "qq", 7)
    assert diff(load_scenario("smoke"), scenario) == [
        ("seed", 1, 7),
        ("people.lurker.voice.b", 12.0, 20.0),
        ("group.platform", "wechat", "qq"),
        ("group.strictness", 0.2, 0.8),
    ]
    assert changed(load_scenario("smoke"), wanted) == scenario


def test_a_table_of_a_given_group_changes_that_group_alone() -> None:
    smoke = load_scenario("smoke")
    one = changed(smoke, ["groups.g3.levels=1"])
    assert diff(smoke, one) == [("groups.g3.levels", 2, 1)]
    assert list(one.resolved_groups()) == list(smoke.resolved_groups())


# ---------------------------------------------------------------- what a scenario resolves to


def test_nobody_and_nothing_is_a_scenario() -> None:
    scenario = scenario_from_dict({"name": "nobody", "horizon": 0})
    assert (scenario.people, scenario.counts(), scenario.resolved_groups()) == ({}, {}, {})
    assert again(scenario) == scenario


def test_owners_are_handed_out_in_order() -> None:
    scenario = scenario_from_dict(
        {
            "name": "owners",
            "horizon": 9,
            "people": {"owner": {"count": 4}, "influencer": {"count": 1}},
            "founding": {"groups": 2},
            "groups": {"x": {"owner": "influencer:0"}, "g2": {"owner": "owner:0"}, "y": {}},
            "events": [{"event": "rival_opens", "day": 3, "name": "z", "set": {"seats": 9}}],
        }
    )
    owners = {name: spec.owner for name, spec in scenario.resolved_groups().items()}
    assert owners == {"g1": "owner:1", "g2": "owner:0", "x": "influencer:0", "y": "owner:2"}
    rival = scenario.resolved_rivals()["z"]
    assert (rival.owner, rival.opens, scenario.seats_of(rival)) == ("owner:3", 3, 9)
    assert scenario.seats_of(scenario.resolved_groups()["g1"]) == 500


def test_rest_is_what_remains() -> None:
    table = {"people": {"lurker": {"count": "rest"}, "owner": {"count": 3}}}
    scenario = scenario_from_dict({"name": "x", "horizon": 1, "population": {"total": 10}, **table})
    assert scenario.counts() == {"lurker": 7, "owner": 3}


def test_a_preset_can_be_changed_and_a_platform_added() -> None:
    platforms = {"wechat": {"seats": 9}, "hall": {"discovery": "browsed"}}
    scenario = scenario_from_dict({"name": "x", "horizon": 1, "platforms": platforms})
    wechat = scenario.platforms["wechat"]
    assert (wechat.seats, wechat.entry) == (9, "dragged")
    assert scenario.platforms["hall"].seats == "none"


def test_every_kind_has_every_trait() -> None:
    for kind in load_scenario("smoke").people.values():
        assert tuple(kind.traits()) == TRAITS


# ---------------------------------------------------------------- what is refused


# One line each: a line of a file => what the message must hold.
REFUSALS = """
group.strictnes = 1 => [group] strictnes: unknown key. Did you mean 'strictn
group.strictness = 1.4 => [group] strictness: 1.4 was given; at most 1 is valid (share
group.strictness = "0.4" => [group] strictness: "0.4" was given; a number is valid (sh
group.splitting = 1 => [group] splitting: 1 was given; true or false is valid
group.levels = 4 => [group] levels: 4 was given; 1, 2, 3 or "auto" is valid
group.values.shring = 1 => values.shring: there is no value 'shring'. Did you mean
group.values = {} => [group] values: at least one weight must be above 0
group.platform = "wechatt" => [group] platform: there is no platform 'wechatt'. Did you
grup = {} => grup: unknown key. Did you mean 'group'?
horizon = -1 => horizon: -1 was given; 0 or more is valid
name = "a b" => name: "a b" was given; a name without blanks
rules.belonging.trust_weigt = 1 => [rules.belonging] trust_weigt: unknown key. Did
rules.beloning = {} => [rules.beloning]: unknown key. Did you mean 'belonging'?
people.lurker = {} => [people.lurker] count: missing. How many
people.lurker.count = "rest" => [people.lurker] count: "rest" needs [population] to
people.lurker.count = -1 => [people.lurker] count: -1 was given; a whole number of
people.lurker = {count = 1, voice = 1.4} => voice: 1.4 was given; a share from 0 to 1
people.lurker = {count = 1, vioce = 1} => vioce: unknown key. Did you mean 'voice'?
population.total = 2 => [population] total: 2 people in
founding.groups = 5 => 5 are missing. Set [people.owner] count = 5
groups.a.owner = "owner:3" => [groups.a] owner: there is no kind 'owner'.
groups.a.owner = "me" => [groups.a] owner: 'me' was given; kind and number
groups.g7.owner = "owner:0" => [groups.g7]: [founding] groups = 0, so there is no
contacts.generator = "fil" => [contacts] generator: "fil" was given. Did you mean 'file
events = [{event = "meet_up", day = 31}] => [[events]] no. 1, day: 31 is after the last day
events = [{event = "meet_up", day = 0}] => [[events]] no. 1, day: 0 was given; 1 or more is
events = [{event = "meetup", day = 1}] => no. 1, event: "meetup" was given. Did you mean 'm
events = [{day = 1}] => [[events]] no. 1, event: missing. Valid names: advertising,
events = [{event = "meet_up", day = 1, groups = ["a"]}] => there is no group 'a'.
events = [{event = "rules_changed", day = 1, set = {seats = 3}}] => set.seats: unknown key
events = [{event = "rules_changed", day = 1, set = {}}] => set: no lever is given
events = [{event = "rules_changed", day = 1, set = {shared = 2}}] => shared: 2 was given;
values.dimensions = ["a", "a"] => [values] dimensions: named twice: a
"""


@pytest.mark.parametrize("case", REFUSALS.strip().splitlines())
def test_refusals_name_table_key_and_what_is_valid(case: str) -> None:
    line, text = case.split(" => ")
    message = refused(tomllib.loads(line))
    assert text in message
    assert message.startswith("scenario: ")
    assert "pydantic" not in message


def test_all_problems_are_told_at_once() -> None:
    message = refused({"seed": "x", "group": {"strictness": 2, "claritty": 0}})
    assert len(message.splitlines()) == 3


def test_a_problem_is_told_with_the_file_that_it_comes_from(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text("horizon = 5\n[group]\nstrictness = 1.4\n")
    child = tmp_path / "child.toml"
    child.write_text('extends = "base.toml"\n[record]\nseries_evry = 2\n[groups.a]\n')
    with pytest.raises(ScenarioError) as caught:
        load_scenario(child, ["group.clarity=-1"])
    text = str(caught.value)
    assert f"{tmp_path / 'base.toml'}: [group] strictness: 1.4 was given; at most 1" in text
    assert f"{child}: [record] series_evry: unknown key. Did you mean 'series_every'?" in text
    assert "--set group.clarity=-1: [group] clarity: -1 was given; 0 or more is valid" in text


@pytest.mark.parametrize("name", ["smok", "smok.toml", "scenarios/smok.toml"])
def test_a_missing_file_offers_the_nearest(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shipped_files("scenarios")["smoke"].parent.parent)
    with pytest.raises(ScenarioError, match=r"there is no such file.*Did you mean 'smoke"):
        load_scenario(name)


BROKEN = [
    (b'name = "x"\nhorizon = = 3\n', "line 2: not valid TOML"),
    (b'name = "x"\n[group\nclarity = 1\n', "line 2: not valid TOML"),
    (b'name = "x"\ntitle = "never closed', "line 2: not valid TOML"),
    (b"a = 1\na = 2\n", "line 2: not valid TOML"),
    (b"title = '\xff'", "not a text file in UTF-8"),
]


@pytest.mark.parametrize(("content", "text"), BROKEN)
def test_broken_toml_is_told_with_file_and_line(content: bytes, text: str, tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert str(file) in str(caught.value)
    assert text in str(caught.value)


def test_a_file_without_a_name_is_named_by_its_file(tmp_path: Path) -> None:
    file = tmp_path / "my first try.toml"
    file.write_text("horizon = 3")
    assert load_scenario(file).name == "my_first_try"


def test_a_byte_order_mark_is_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "bom.toml"
    file.write_bytes(b"\xef\xbb\xbfhorizon = 3\r\n")
    assert load_scenario(file).horizon == 3


def test_files_that_extend_one_another_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('extends = "b.toml"')
    (tmp_path / "b.toml").write_text('extends = "a.toml"')
    with pytest.raises(ScenarioError, match=r"circle: a\.toml -> b\.toml -> a\.toml"):
        load_scenario(tmp_path / "a.toml")


@pytest.mark.parametrize("parent", ['"nowhere.toml"', "3"])
def test_a_wrong_extends(parent: str, tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(f"extends = {parent}")
    with pytest.raises(ScenarioError, match=r"a\.toml: extends: "):
        load_scenario(file)


WRONG_SETS = [
    ("strictness", "write key=value"),
    ("=3", "write key=value"),
    ("group.strictnes=0.8", "[group] strictnes: unknown key. Did you mean 'strictness'?"),
    ("strictness=0.8", "unknown key. Did you mean 'group.strictness'?"),
    ("strictnes=0.8", "unknown key. Did you mean 'group.strictness'?"),
    ("budget=2", "Did you mean 'people.KIND.budget', with a kind of people for KIND?"),
    ("groups.g1.dissolving_days=3", "Did you mean 'rules.evolution.dissolving_days'?"),
    ("people.owner.seed=3", "Did you mean 'seed' at the top of the file"),
    ("group.dissolving_days=3", "unknown key. Did you mean 'rules.evolution.dissolving_days'?"),
    ("group.seed=3", "unknown key. Did you mean 'seed' at the top of the file"),
    ("people.owner.mean=3", "unknown key. Valid names: budget, card"),
    ("group.strictness=high", '[group] strictness: "high" was given; a number is valid'),
    ("groups.g9.levels=1", "there is no group 'g9'. Valid names: g1, g2, g3, g4, g5, g6."),
    ("horizon.days=3", "horizon is not a table"),
    ("group.values=[1", "not valid TOML"),
    ("extends=town", "in a file only"),
    ("people.lurkr.voice=0.1", "the card 'lurkr' does not exist. Did you mean 'lurker'?"),
]


@pytest.mark.parametrize(("override", "text"), WRONG_SETS)
def test_wrong_overrides(override: str, text: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("smoke", [override])
    assert f"--set {override}: " in str(caught.value)
    assert text in str(caught.value)


def test_a_card_that_does_not_exist() -> None:
    with pytest.raises(CardError, match=r"\[people.lurkr\] card: the card 'lurkr' .*'lurker'"):
        scenario_from_dict({"name": "x", "horizon": 1, "people": {"lurkr": {"count": 1}}})


# ---------------------------------------------------------------- writing out


LEVER_VALUES = st.fixed_dictionaries(
    {},
    optional={
        "strictness": st.floats(0, 1),
        "return_rate": st.floats(0, 1e12),
        "levels": st.sampled_from([1, 2, 3, "auto"]),
        "seats": st.sampled_from(["none", "platform"]) | st.integers(1, 10**6),
        "days_to_cash": st.just("never") | st.floats(1e-9, 1e9),
        "splitting": st.booleans(),
        "values": st.dictionaries(
            st.sampled_from(["sharing", "earning"]), st.floats(0.1, 9), min_size=1
        ),
    },
)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=60, deadline=None)
@given(
    group=LEVER_VALUES, one=LEVER_VALUES, title=WORDS, voice=st.floats(0, 1), days=st.integers(5, 9)
)
def test_any_scenario_comes_back_from_its_own_text(
    group: dict[str, Any], one: dict[str, Any], title: str, voice: float, days: int
) -> None:
    scenario = scenario_from_dict(
        {
            "name": "x",
            "title": title,
            "horizon": days,
            "people": {"owner": {"count": 3, "voice": voice}},
            "founding": {"groups": 1},
            "group": group,
            "groups": {"甲 群".replace(" ", ""): one},
            "events": [
                {"event": "rival_opens", "day": days, "set": one},
                {"event": "rules_changed", "day": 1, "groups": ["g1"], "set": {"clarity": voice}},
            ],
        }
    )
    assert again(scenario) == scenario


def test_scenarios_can_be_pickled_and_copied() -> None:
    for name in ("two_rivals", "owner_leaves"):
        scenario = load_scenario(name)
        assert pickle.loads(pickle.dumps(scenario)) == copy.deepcopy(scenario) == scenario


def test_nothing_can_be_changed_in_a_scenario() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_scenario("smoke").horizon = 3


# ---------------------------------------------------------------- schema for editors


def test_the_schema_accepts_what_the_shipped_files_hold() -> None:
    schema = json_schema()
    assert {"extends", *Scenario.model_fields} == set(schema["properties"])
    assert "required" not in schema
    assert "required" not in schema["$defs"]["Kind"]
    assert schema["$defs"]["Levers"]["properties"]["strictness"]["maximum"] == 1
    jsonschema = pytest.importorskip("jsonschema")
    for path in shipped_files("scenarios").values():
        jsonschema.validate(tomllib.loads(path.read_text(encoding="utf-8")), schema)


def test_every_lever_has_a_sentence_and_a_unit() -> None:
    for name, lever in json_schema()["$defs"]["Levers"]["properties"].items():
        assert lever["description"].endswith("."), name
        assert lever["unit"], name


@pytest.mark.parametrize(
    "given, told",
    [
        ({"population": {"total": 2**27 + 1}, "people": {"lurker": {"count": "rest"}}}, "in all"),
        ({"population": {"total": 2**26 + 1}, "people": {"lurker": {"count": "rest"}}}, "kind"),
        ({"horizon": 20_000, "people": {"lurker": {"count": 5}}}, "16383"),
    ],
)
def test_worlds_too_large_for_their_keys_are_refused(given, told):
    with pytest.raises(ScenarioError, match=told):
        scenario_from_dict({"name": "large", "horizon": 3, **given})
