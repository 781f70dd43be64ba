"""Writing a scenario out in full, its hash, and the difference between two."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from selforg_sim.scenario.schema import Scenario

Difference = tuple[str, Any, Any]


def file_form(scenario: Scenario) -> dict[str, Any]:
    """The table of a file: [group] in full, and in [groups.<name>] what differs from it."""
    table = scenario.model_dump(mode="json", exclude_none=True)
    group = table["group"]
    table["groups"] = {
        name: {key: value for key, value in spec.items() if value != group.get(key)}
        for name, spec in table["groups"].items()
    }
    return table


def to_toml(scenario: Scenario) -> str:
    """The scenario as a TOML file in which every card, preset and default is written out.

    Loading the text gives an equal scenario.
    """
    table = file_form(scenario)
    lines = list(_scalars(table))
    for key, value in table.items():
        if isinstance(value, dict):
            lines += _table((key,), value)
        elif _is_list_of_tables(value):
            for item in value:
                lines += ["", f"[[{_key(key)}]]", *_pairs(item)]
    return "\n".join(lines) + "\n"


def scenario_hash(scenario: Scenario) -> str:
    """SHA-256 of the resolved scenario; the folder of a file of contacts does not count."""
    table = scenario.model_dump(mode="json")
    if table["contacts"]["path"] is not None:
        table["contacts"]["path"] = PurePath(table["contacts"]["path"]).name
    text = json.dumps(table, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def diff(a: Scenario, b: Scenario) -> list[Difference]:
    """What differs: dotted key, value in ``a``, value in ``b``; None where a key is absent.

    Events count from 1.
    """
    names = [*dict.fromkeys([*a.groups, *b.groups])]
    one, two = (dict(_flat(_with_groups(scenario, names))) for scenario in (a, b))
    keys = list(dict.fromkeys([*one, *two]))
    return [(key, one.get(key), two.get(key)) for key in keys if one.get(key) != two.get(key)]


def _with_groups(scenario: Scenario, names: list[str]) -> dict[str, Any]:
    """All tables; of the groups those named, though they may have no table of their own here."""
    table = scenario.model_dump(mode="json")
    given = {name: table["groups"].get(name, table["group"]) for name in scenario.given_names()}
    return {**table, "groups": {name: given[name] for name in names if name in given}}


def _flat(value: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _flat(inner, f"{where}.{key}" if where else str(key))
    elif _is_list_of_tables(value) and value:
        for index, inner in enumerate(value, start=1):
            yield from _flat(inner, f"{where}.{index}")
    elif value not in (None, {}, []):
        yield where, value


def _table(where: tuple[str, ...], table: dict[str, Any]) -> Iterator[str]:
    if where[0] in ("people", "groups", "platforms", "rules") and len(where) == 1:
        for key, value in table.items():
            yield from _table((*where, key), value)
        return
    yield from ["", "[" + ".".join(_key(part) for part in where) + "]", *_pairs(table)]


def _scalars(table: dict[str, Any]) -> Iterator[str]:
    plain = {k: v for k, v in table.items() if not isinstance(v, dict | list) or v == []}
    return _pairs(plain)


def _pairs(table: dict[str, Any]) -> Iterator[str]:
    return (f"{_key(key)} = {toml_value(value)}" for key, value in table.items())


def _is_list_of_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else quoted(key)


def toml_value(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    if isinstance(value, dict):
        inner = ", ".join(_pairs(value))
        return f"{{ {inner} }}" if inner else "{}"
    return repr(value)


def quoted(text: str) -> str:
    """A TOML text; JSON's escapes are valid there, but DEL must be escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
