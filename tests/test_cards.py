"""Role cards: the shipped ones, cards of one's own, and wrong ones."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from selforg_sim.errors import CardError
from selforg_sim.scenario import TRAITS, card_names, load_scenario, read_card
from selforg_sim.scenario.distributions import Beta, Constant, Gamma, Integers, Lognormal, Normal
from selforg_sim.scenario.shipped import shipped_files

FOUR = ["influencer", "lurker", "owner", "troublemaker"]


@pytest.fixture
def student(tmp_path: Path) -> Path:
    """A card of one's own beside a scenario that names it."""
    text = shipped_files("agents")["lurker"].read_text(encoding="utf-8")
    (tmp_path / "student.toml").write_text(text.replace('"lurker"', '"student"'), encoding="utf-8")
    file = tmp_path / "school.toml"
    file.write_text(
        'horizon = 5\n[people.student]\ncount = 3\ncard = "student.toml"\nvoice = 0.3\n'
    )
    return file


def test_the_four_kinds_are_shipped() -> None:
    assert card_names() == FOUR


@pytest.mark.parametrize("name", FOUR)
def test_every_trait_has_law_unit_and_source(name: str) -> None:
    card = read_card(name)
    assert card.name == name
    assert card.sentence.endswith(".")
    assert tuple(card.laws()) == TRAITS
    for trait in TRAITS:
        assert getattr(card.traits, trait).unit
        assert getattr(card.traits, trait).source


def test_lurkers_have_the_starting_values_of_the_model() -> None:
    laws = read_card("lurker").laws()
    assert laws["budget"] == Lognormal(distribution="lognormal", mu=0, sigma=0.6)
    assert laws["dedication"] == Lognormal(distribution="lognormal", mu=-0.3, sigma=0.9)
    assert laws["interest"] == Beta(distribution="beta", a=2, b=4)
    assert laws["expectation"] == Normal(distribution="normal", mean=0.2, sd=0.05, low=0.03)
    assert laws["patience"] == Integers(distribution="integers", low=7, high=30)
    assert laws["restlessness"] == Gamma(distribution="gamma", shape=0.2, mean=1)
    assert laws["voice"] == Beta(distribution="beta", a=0.2, b=12)


def test_the_others_differ_from_lurkers_where_the_model_says() -> None:
    lurker = read_card("lurker").laws()
    differing = {
        name: {trait for trait, law in read_card(name).laws().items() if law != lurker[trait]}
        for name in FOUR
    }
    assert differing["troublemaker"] == {"temper"}
    assert differing["influencer"] == differing["owner"] == {"dedication", "voice", "ties"}
    dedication = read_card("influencer").laws()["dedication"]
    assert isinstance(dedication, Lognormal)
    assert math.exp(dedication.mu + 0.3) == pytest.approx(2.5)
    assert read_card("owner").laws()["voice"] == Constant(value=0.85)
    assert read_card("troublemaker").laws()["temper"] == Constant(value=0.8)


def test_the_readme_opens_with_card_class_and_file() -> None:
    readme = shipped_files("agents")["owner"].parent / "README.md"
    text = readme.read_text(encoding="utf-8")
    for name in FOUR:
        assert (
            f"| [{name}.toml]({name}.toml) | `{name.capitalize()}` | `selforg_sim/agents/m" in text
        )


def test_a_card_of_ones_own(student: Path) -> None:
    kind = load_scenario(student).people["student"]
    assert kind.card == "student"
    assert kind.voice == Constant(value=0.3)
    assert kind.traits() | {"voice": None} == read_card("lurker").laws() | {"voice": None}


def test_a_resolved_scenario_needs_no_card(student: Path) -> None:
    from selforg_sim.scenario import to_toml

    scenario = load_scenario(student)
    (student.parent / "student.toml").unlink()
    resolved = student.parent / "resolved.toml"
    resolved.write_text(to_toml(scenario), encoding="utf-8")
    assert load_scenario(resolved) == scenario


def test_a_card_that_does_not_exist(student: Path) -> None:
    with pytest.raises(
        CardError, match=r"the card 'lurkr' does not exist. Did you mean 'lurker'\?"
    ):
        read_card("lurkr")
    (student.parent / "student.toml").unlink()
    with pytest.raises(
        CardError, match=r"school\.toml: \[people\.student\] card: .*there is no file"
    ):
        load_scenario(student)


WRONG = [
    ('unit = "share"', 'unti = "share"', "] unti: unknown key. Did you mean 'unit'?"),
    ("[traits.voice]", "[traits.vioce]", "[traits.vioce]: unknown key. Did you mean 'voice'?"),
    (
        "a = 0.2, b = 12.0",
        "a = -0.2, b = 12.0",
        "[traits.voice] value.a: -0.2 was given; more than 0",
    ),
    (
        '{ distribution = "beta", a = 0.2, b = 12.0 }',
        "1.5",
        "[traits.voice]: 1.5 was given; a share from 0 to 1 is valid",
    ),
    ('distribution = "gamma"', 'distribution = "gama"', "Did you mean 'gamma'?"),
    ("name = ", "name == ", "line 2: not valid TOML"),
]


@pytest.mark.parametrize(("old", "new", "text"), WRONG)
def test_wrong_cards_are_told_with_file_trait_and_key(
    old: str, new: str, text: str, student: Path
) -> None:
    card = student.parent / "student.toml"
    content = card.read_text(encoding="utf-8")
    assert old in content
    card.write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CardError) as caught:
        load_scenario(student)
    assert str(card) in str(caught.value)
    assert text in str(caught.value)
