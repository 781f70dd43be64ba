"""The levers of the page act on scenarios as they say."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import selforg_sim
from selforg_sim.app.levers import (
    LEVERS,
    levers_for,
    pulled,
    range_of,
    settings_for,
    value_of,
    values_of,
)
from selforg_sim.errors import UsageError
from selforg_sim.scenario import load_scenario
from selforg_sim.scenario.groups import LeverChanges
from selforg_sim.scenario.load import Variants, scenario_names
from selforg_sim.scenario.schema import Scenario

PACKAGE = Path(selforg_sim.__file__).parent
WORDS = {"slider": {"name", "sentence", "low_word", "high_word", "unit"}, "switch": set()}


def extremes(scenario: Scenario, key: str) -> list[Any]:
    lever = LEVERS[key]
    if lever.kind == "slider":
        return list(range_of(scenario, key))
    return list(lever.choices) if lever.kind == "choice" else [False, True]


def test_every_lever_has_words_in_both_languages_a_point_and_a_rule() -> None:
    assert len(LEVERS) >= 26 and {lever.point for lever in LEVERS.values()} == set(range(1, 10))
    for lever in LEVERS.values():
        assert (PACKAGE / "rules" / lever.rule).is_file(), lever.key
        for words in lever.words.values():
            assert WORDS.get(lever.kind, set()) | {"name", "sentence"} <= set(words), lever.key
            assert len(words.get("choices", ())) == len(lever.choices), lever.key


def test_levers_act_at_once_where_a_group_can_change_them() -> None:
    live = {lever.key for lever in LEVERS.values() if lever.live}
    assert {"strictness", "days_to_cash", "levels"} <= live
    assert not live & {"platform", "seats", "dedication", "people", "rivals", "purpose"}
    assert all(LEVERS[key].setting[6:] in LeverChanges.model_fields for key in live)


@pytest.mark.parametrize("name", ["wechat_500", "circle_of_40", "smoke", "owner_leaves"])
def test_low_and_high_of_each_lever_give_a_valid_scenario(name: str) -> None:
    scenario = load_scenario(name)
    variants = Variants(scenario)
    for lever in levers_for(scenario):
        for value in extremes(scenario, lever["key"]):
            changed = variants.of(settings_for(scenario, lever["key"], value))
            near = pytest.approx(value, abs=0.01) if lever["kind"] == "slider" else value
            assert value_of(changed, lever["key"]) == near, (lever["key"], value)


@pytest.mark.parametrize("name", sorted(scenario_names()))
def test_levers_of_each_shipped_scenario_have_values_within_their_range(name: str) -> None:
    scenario = load_scenario(name)
    values = values_of(scenario)
    for lever in levers_for(scenario):
        value = values[lever["key"]]
        if lever["kind"] == "slider":
            assert lever["low"] <= value <= lever["high"], lever["key"]
        elif lever["kind"] == "choice" and lever["key"] != "purpose":
            assert value in lever["choices"], lever["key"]


def test_all_levers_pulled_together_give_a_valid_scenario() -> None:
    scenario = load_scenario("circle_of_40")
    for end in (0, -1):
        values = {
            lever["key"]: extremes(scenario, lever["key"])[end] for lever in levers_for(scenario)
        }
        changed, settings = pulled(scenario, values)
        assert changed == Variants(scenario).of(settings)
        assert value_of(changed, "rivals") == values["rivals"]


def test_a_lever_left_alone_sets_nothing() -> None:
    scenario = load_scenario("two_rivals")
    values = values_of(scenario)
    assert pulled(scenario, values) == (scenario, {})


def test_a_lever_acts_also_on_groups_with_a_table_of_their_own() -> None:
    scenario = load_scenario("four_platforms")
    changed, _ = pulled(scenario, {"platform": "qq"})
    assert {spec.platform for spec in changed.resolved_groups().values()} == {"qq"}


def test_shares_of_kinds_stay_when_the_number_of_people_changes() -> None:
    changed, _ = pulled(load_scenario("smoke"), {"people": 600})
    assert changed.counts() == {"owner": 6, "influencer": 24, "lurker": 540, "troublemaker": 30}


def test_levers_that_cannot_act_are_left_out_and_refused() -> None:
    scenario = load_scenario("real_contacts")
    assert "people" not in values_of(scenario)
    with pytest.raises(UsageError, match="cannot act on the scenario 'real_contacts'"):
        settings_for(scenario, "people", 500)


@pytest.mark.parametrize(
    "key, value, said",
    [
        ("strictnes", 0.5, "Did you mean"),
        ("strictness", "much", "a number from 0 to 1 is valid"),
        ("strictness", float("nan"), "a number from 0 to 1 is valid"),
        ("levels", 7, "one of 1, 2, 3, auto is valid"),
        ("levels", True, "one of 1, 2, 3, auto is valid"),
        ("splitting", 1, "yes or no is valid"),
    ],
)
def test_what_is_no_value_is_refused_in_a_sentence(key: str, value: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        settings_for(load_scenario("smoke"), key, value)


def test_words_of_the_panel_are_there_in_both_languages() -> None:
    texts = [tomllib.loads((PACKAGE / f"app/texts/{lang}/levers.toml").read_text("utf-8"))
             for lang in ("en", "zh")]  # fmt: skip
    assert texts[0]["levers"].keys() == texts[1]["levers"].keys()
