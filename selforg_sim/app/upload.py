"""A scenario that a visitor sends: read with care, since nobody knows who sent it."""

from __future__ import annotations

import re
import tomllib
from pathlib import PurePath
from typing import Any

from selforg_sim.app.limits import Limits
from selforg_sim.errors import ScenarioError
from selforg_sim.scenario import TRAITS, Scenario, card_names, scenario_from_dict
from selforg_sim.scenario.layers import merged, read_layers
from selforg_sim.scenario.shipped import shipped_files

TOO_DEEP = "{file}: not a scenario: tables within tables too deep."


def scenario_from_text(text: str, file: str, limits: Limits) -> Scenario:
    """The scenario in a text that came from outside.

    Nothing else is read: no card, contacts or scenario by a path of this machine.

    Parameters
    ----------
    text : TOML, as in a file
    file : the name it is told by in refusals
    limits : how big it may be

    Raises
    ------
    ScenarioError, LimitError
        With one sentence.

    Examples
    --------
    >>> scenario_from_text("horizon = 3", "Quiet days.toml", Limits()).name
    'Quiet_days'
    """
    try:
        limits.check_upload(len(text.encode()))
    except UnicodeEncodeError:
        raise ScenarioError(f"{file}: not a scenario: it has half a character.") from None
    table = _extended(_parsed(text, file))
    _reads_no_files(table, file)
    _not_too_much(table, limits)
    table.setdefault("name", _name(file))
    try:
        scenario = scenario_from_dict(table, file)
    except ScenarioError as error:
        raise ScenarioError(_first_line(str(error))) from error
    except RecursionError:
        raise ScenarioError(TOO_DEEP.format(file=file)) from None
    limits.check(scenario)
    return scenario


def _parsed(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except ValueError as error:  # TOMLDecodeError, and numbers of thousands of digits
        raise ScenarioError(f"{file}: not a scenario: {_lower(str(error))}.") from None
    except RecursionError:
        raise ScenarioError(TOO_DEEP.format(file=file)) from None


def _extended(table: dict[str, Any]) -> dict[str, Any]:
    """The table laid over the shipped scenario that it extends, if it does."""
    shipped = shipped_files("scenarios").get(str(table.get("extends")))
    if shipped is None:
        return table
    own = {key: value for key, value in table.items() if key != "extends"}
    parent = read_layers(shipped).table
    return merged({key: value for key, value in parent.items() if key != "name"}, own)


def _reads_no_files(table: dict[str, Any], file: str) -> None:
    contacts = table.get("contacts", {})
    if "extends" in table:
        what = f"the file '{table['extends']}' that it extends"
        instead = "extend a shipped scenario by its name, or write everything in one file"
    elif isinstance(contacts, dict) and (
        contacts.get("path") is not None or contacts.get("generator") == "file"
    ):
        what, instead = "a file of contacts", "let contacts be generated"
    elif card := _unknown_card(table):
        what = f"the card '{card}'"
        instead = f"use {', '.join(card_names())}, or write all traits out"
    else:
        return
    raise ScenarioError(f"{file}: {what} cannot be read here; {instead}.")


def _unknown_card(table: dict[str, Any]) -> str | None:
    people = table.get("people", {})
    if not isinstance(people, dict):
        return None
    for name, kind in people.items():
        card = kind.get("card", name) if isinstance(kind, dict) else None
        if isinstance(card, str) and card not in card_names() and not _complete(kind):
            return card
    return None


def _complete(kind: dict[str, Any]) -> bool:
    laws = [kind.get(trait) for trait in TRAITS]
    return all("distribution" in law if isinstance(law, dict) else law is not None for law in laws)


def _not_too_much(table: dict[str, Any], limits: Limits) -> None:
    """Before the check of the scenario, which makes a name for each group."""
    founding, given, values = (table.get(name) for name in ("founding", "groups", "values"))
    groups = founding.get("groups", 0) if isinstance(founding, dict) else 0
    names = values.get("dimensions") if isinstance(values, dict) else None
    limits.check_size(
        max(groups if isinstance(groups, int) else 0, len(given) if isinstance(given, dict) else 0),
        len(names) if isinstance(names, list) else 0,
    )


def _name(file: str) -> str:
    return (
        re.sub(r"[^\w.-]+", "_", PurePath(file.replace("\\", "/")).stem).strip("_.-")[:80] or "mine"
    )


def _first_line(text: str) -> str:
    first, *more = text.splitlines() or [""]
    return f"{first} (and {len(more)} more)" if more else first


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
