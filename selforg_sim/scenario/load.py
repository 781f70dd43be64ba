"""Loading: from files, cards and overrides to one checked scenario, or one clear message."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from selforg_sim.errors import CardError, ScenarioError
from selforg_sim.scenario.cards import read_card
from selforg_sim.scenario.files import read_toml
from selforg_sim.scenario.layers import Layers, find_scenario, is_path, merged, read_layers
from selforg_sim.scenario.people import TRAITS
from selforg_sim.scenario.refusals import refusals
from selforg_sim.scenario.schema import Scenario
from selforg_sim.scenario.shipped import shipped_files
from selforg_sim.scenario.tables import place
from selforg_sim.scenario.write import file_form


def load_scenario(path_or_name: str | Path, overrides: Sequence[str] = ()) -> Scenario:
    """Load a scenario from a file, or a shipped one by its name.

    Parameters
    ----------
    path_or_name
        A TOML file, or the name of a shipped scenario.
    overrides
        Texts ``key=value`` laid over the file in order, as after ``--set``.

    Returns
    -------
    Scenario
        With all cards, presets and defaults filled in.

    Raises
    ------
    ScenarioError
        If anything is wrong; one line for each problem: file, table, key, what was given, what
        is valid. ``CardError`` if it is in a role card.

    Examples
    --------
    >>> load_scenario("smoke", ["group.strictness=0.8"]).group.strictness
    0.8
    """
    layers = read_layers(find_scenario(path_or_name))
    return _built(layers, overrides)


def scenario_from_dict(table: dict[str, Any], where: str = "scenario") -> Scenario:
    """Make a scenario of a table as it would stand in a file (without ``extends``).

    >>> scenario_from_dict({"name": "nobody", "horizon": 0}).counts()
    {}
    """
    layers = Layers()
    layers.add(table, where)
    return _built(layers, ())


def changed(scenario: Scenario, overrides: Sequence[str]) -> Scenario:
    """The same scenario with overrides ``key=value`` laid over it.

    >>> changed(load_scenario("smoke"), ["seed=7"]).seed
    7
    """
    layers = Layers()
    layers.add(file_form(scenario), scenario.name)
    return _built(layers, overrides)


class Variants:
    """Variants of a scenario in which some values differ, made quickly and checked in full.

    Parameters
    ----------
    scenario : what they are variants of

    Examples
    --------
    >>> variants = Variants(load_scenario("owner_leaves"))
    >>> variants.of({"group.levels": 3, "events.1.day": 90}).events[0].day
    90
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._table = file_form(scenario)

    def of(self, settings: Mapping[str, Any]) -> Scenario:
        """The variant with these values.

        Parameters
        ----------
        settings : values by dotted key, as after ``--set``; items of lists count from 1

        Raises
        ------
        ScenarioError
            If a key or a value is not valid; the text begins with the key.
        """
        layers = Layers(self._table)
        for key, value in settings.items():
            layers.put(tuple(key.split(".")), value, key)
        return _built(layers, ())


def scenario_names() -> dict[str, str]:
    """The shipped scenarios: name to title, in alphabetical order."""
    files = shipped_files("scenarios")
    return {name: str(read_toml(path).get("title", "")) for name, path in files.items()}


def _built(layers: Layers, overrides: Sequence[str]) -> Scenario:
    for override in overrides:
        layers.set(override)
    table = _with_cards(layers)
    try:
        return Scenario.model_validate(table)
    except ValidationError as error:
        found = refusals(error.errors(), Scenario, table)
    lines = [f"{_origin(layers, where)}: {_told(where, text)}" for where, text in found]
    raise ScenarioError("\n".join(dict.fromkeys(lines)))


def _told(where: tuple[str | int, ...], text: str) -> str:
    return f"{place(where)}: {text}" if where else text


def _origin(layers: Layers, where: tuple[str | int, ...]) -> str:
    """The file of a place; a lever that [groups.<name>] has from [group] is told by the latter."""
    default = ("group", *where[2:])
    inherited = where[:1] == ("groups",) and len(where) > 2 and where not in layers.origins
    return layers.origin(default if inherited and default in layers.origins else where)


def _with_cards(layers: Layers) -> dict[str, Any]:
    people = layers.table.get("people", {})
    if not isinstance(people, dict):
        return layers.table
    kinds = {
        name: _with_card(layers, name, kind) if isinstance(kind, dict) else kind
        for name, kind in people.items()
    }
    return {**layers.table, "people": kinds}


def _with_card(layers: Layers, name: str, kind: dict[str, Any]) -> dict[str, Any]:
    named = kind.get("card", name)
    if not isinstance(named, str) or all(_complete(kind.get(trait)) for trait in TRAITS):
        return {**kind, "card": named}
    try:
        card = read_card(named)
    except CardError as error:
        origin, where = layers.origin(("people", name, "card")), place(("people", name, "card"))
        advice = f' A card of your own: [people.{name}] card = "path/to/card.toml"'
        text = f"{error}" if is_path(named) else f"{error}{advice}"
        raise CardError(f"{origin}: {where}: {text}") from None
    laws = {trait: law.model_dump(exclude_none=True) for trait, law in card.laws().items()}
    return {**merged(laws, kind), "card": card.name}


def _complete(law: Any) -> bool:
    return "distribution" in law if isinstance(law, dict) else law is not None


def contacts_digest(scenario: Scenario) -> str | None:
    """Digest of what stands in the scenario's file of contacts; None if it has none.

    Raises
    ------
    ScenarioError
        If the scenario wants a file and it is not there, or cannot be read.
    """
    path = contacts_file(scenario)
    if path is None:
        return None
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror or error}") from None


def contacts_file(scenario: Scenario) -> Path | None:
    """The file of contacts, or None if contacts are generated.

    Raises
    ------
    ScenarioError
        If the scenario wants a file and none is named, or the file is not there.
    """
    if scenario.contacts.generator != "file":
        return None
    advice = 'give one with --contacts FILE, or write [contacts] path = "..." in the scenario'
    if not scenario.contacts.path:
        raise ScenarioError(f"{scenario.name}: [contacts] path: no file of contacts; {advice}")
    path = Path(scenario.contacts.path)
    if not path.is_file():
        text = f"there is no file {os.fspath(path)}; {advice}"
        raise ScenarioError(f"{scenario.name}: [contacts] path: {text}")
    return path
