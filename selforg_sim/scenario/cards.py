"""Role cards: what people of a kind are like, in one TOML file per kind."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from selforg_sim.engine.parameters import parameter
from selforg_sim.errors import CardError, nearest
from selforg_sim.scenario.distributions import Distribution, Law
from selforg_sim.scenario.files import read_toml
from selforg_sim.scenario.people import TRAITS, out_of_range
from selforg_sim.scenario.refusals import refusals
from selforg_sim.scenario.shipped import shipped_files
from selforg_sim.scenario.tables import Name, Problems, Table


class TraitCard(Table):
    """One trait of a card: its law, its unit, and where the numbers come from."""

    value: Distribution = parameter(..., "as in unit", "A number, or a probability law.")
    unit: str = parameter(..., "text", "The unit of the trait.")
    source: str = parameter(..., "text", "Where the numbers come from.")


class Traits(Table):
    """The ten traits of a card; each must be there."""

    budget: TraitCard = parameter(..., "card", "Time for all groups.")
    dedication: TraitCard = parameter(..., "card", "Value per hour given.")
    status: TraitCard = parameter(..., "card", "Money, power, aura.")
    voice: TraitCard = parameter(..., "card", "Chance to give.")
    interest: TraitCard = parameter(..., "card", "Weight of return.")
    expectation: TraitCard = parameter(..., "card", "Value expected.")
    patience: TraitCard = parameter(..., "card", "Days of watching.")
    temper: TraitCard = parameter(..., "card", "Chance of trouble.")
    restlessness: TraitCard = parameter(..., "card", "Readiness to leave.")
    ties: TraitCard = parameter(..., "card", "Contacts relative to the mean.")


class Card(Table):
    """A role card.

    >>> read_card("lurker").traits.voice.value
    Beta(distribution='beta', a=0.2, b=12.0)
    """

    name: Name = parameter(..., "name", "The kind of people that the card describes.")
    sentence: str = parameter(..., "text", "Who they are, in one plain sentence.")
    source: str = parameter(..., "text", "Where the idea of this kind comes from.")
    traits: Traits

    def laws(self) -> dict[str, Law]:
        """The law of each trait, in the order of all tables."""
        return {name: getattr(self.traits, name).value for name in TRAITS}


def card_names() -> list[str]:
    """Names of the shipped cards.

    >>> card_names()
    ['influencer', 'lurker', 'owner', 'troublemaker']
    """
    return list(shipped_files("agents"))


def find_card(name: str, folder: Path | None = None) -> Path:
    """The file of a card: a shipped card's name, or a path from ``folder``.

    Raises
    ------
    CardError
        If there is none; the text offers the nearest name.
    """
    shipped = shipped_files("agents")
    if name in shipped:
        return shipped[name]
    path = Path(folder or ".") / name
    if path.is_file():
        return path
    if "/" in name or "\\" in name or name.endswith(".toml"):
        raise CardError(f"the card '{name}' does not exist: there is no file {path}")
    raise CardError(f"the card '{name}' does not exist. {nearest(name, shipped)}")


def read_card(name: str, folder: Path | None = None) -> Card:
    """Read a role card by its name or path; see :func:`find_card`."""
    path = find_card(name, folder)
    table = read_toml(path, CardError)
    try:
        card = Card.model_validate(table)
        _in_range(card)
    except ValidationError as error:
        lines = refusals(error.errors(), Card, table)
    except Problems as error:
        lines = [(("traits", *where), text) for where, text in error.found]
    else:
        return card
    raise CardError("\n".join(f"{path}: {_place(where)}: {text}" for where, text in lines))


def _in_range(card: Card) -> None:
    outside = [((name,), out_of_range(name, law)) for name, law in card.laws().items()]
    found = [(where, text) for where, text in outside if text]
    if found:
        raise Problems([((*where,), text) for where, text in found])


def _place(where: tuple[str | int, ...]) -> str:
    words = [str(part) for part in where]
    if len(words) < 2 or words[0] != "traits":
        return ".".join(words)
    return f"[traits.{words[1]}] {'.'.join(words[2:])}".strip()
