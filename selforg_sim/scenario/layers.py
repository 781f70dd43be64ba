"""The layers that a scenario is put together from: files that extend one another, and --set."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from selforg_sim.errors import ScenarioError, nearest
from selforg_sim.scenario.files import read_toml
from selforg_sim.scenario.shipped import shipped_files

Keys = tuple[str | int, ...]
REPLACED = ("values", "advertising_values")


@dataclass
class Layers:
    """The merged table, and from where each key of it comes."""

    table: dict[str, Any] = field(default_factory=dict)
    origins: dict[Keys, str] = field(default_factory=dict)

    def add(self, table: dict[str, Any], origin: str) -> None:
        """Lay a table over what is there."""
        self.table = merged(self.table, table)
        self.origins.update(dict.fromkeys(_places(table), origin))

    def set(self, override: str) -> None:
        """Lay one ``key=value`` over what is there."""
        keys, value = parse_override(override)
        self.put(keys, value, f"--set {override}")

    def put(self, keys: Keys, value: Any, origin: str) -> None:
        """Lay one value over what is there; None takes away what is there."""
        self._known_group(keys, origin)
        self.table = _with(self.table, keys, value, origin)
        for length in range(1, len(keys)):
            self.origins.setdefault(keys[:length], origin)
        self.origins[keys] = origin

    def origin(self, where: Keys) -> str:
        """The file or override that a place comes from."""
        for length in range(len(where), -1, -1):
            if where[:length] in self.origins:
                return self.origins[where[:length]]
        return "scenario"

    def _known_group(self, keys: Keys, origin: str) -> None:
        if len(keys) < 2 or keys[0] != "groups":
            return
        given = self.table.get("founding", {}).get("groups", 0)
        names = {f"g{n + 1}" for n in range(given if isinstance(given, int) else 0)}
        names |= set(self.table.get("groups", {}))
        if keys[1] not in names:
            text = f"there is no group '{keys[1]}'. {nearest(str(keys[1]), names)}"
            raise ScenarioError(f"{origin}: [groups.{keys[1]}]: {text}")


def find_scenario(name: str | Path, folder: Path | None = None) -> Path:
    """The file of a scenario: a path (from ``folder``), or the name of a shipped one.

    Raises
    ------
    ScenarioError
        If there is none; the text offers the nearest name.
    """
    path = (folder or Path()) / name
    shipped = shipped_files("scenarios")
    if path.is_file():
        return path
    if str(name) in shipped:
        return shipped[str(name)]
    if path.is_dir():
        raise ScenarioError(f"{path}: this is a folder; a scenario is a TOML file")
    beside = [other.name for other in path.parent.glob("*.toml")] if path.parent.is_dir() else []
    hint = nearest(path.name, beside) if path.suffix == ".toml" and beside else ""
    if "Did you mean" not in hint:
        hint = nearest(path.stem, shipped)
    raise ScenarioError(f"{path}: there is no such file, and no shipped scenario '{name}'. {hint}")


def read_layers(path: Path) -> Layers:
    """Read a file, and first what it extends."""
    layers = Layers()
    for file, table in reversed(list(_chain(path))):
        layers.add(_anchored(table, file.parent), str(file))
    return layers


def _chain(path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    seen: list[Path] = []
    while True:
        if path.resolve() in [file.resolve() for file in seen]:
            circle = " -> ".join(file.name for file in [*seen, path])
            raise ScenarioError(f"{seen[-1]}: extends: the files form a circle: {circle}")
        seen.append(path)
        table = read_toml(path)
        parent = table.pop("extends", None)
        if len(seen) == 1:
            table.setdefault("name", re.sub(r"[^\w.-]+", "_", path.stem).lstrip(".-"))
        yield path, table
        if parent is None:
            return
        path = _parent(path, parent)


def _parent(path: Path, parent: Any) -> Path:
    if not isinstance(parent, str):
        raise ScenarioError(f"{path}: extends: {parent} was given; a path or a name is valid")
    try:
        return find_scenario(parent, path.parent)
    except ScenarioError as error:
        raise ScenarioError(f"{path}: extends: {error}") from None


def _anchored(table: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Make the paths in a table independent of the folder of its file."""
    contacts = table.get("contacts")
    if isinstance(contacts, dict) and isinstance(contacts.get("path"), str):
        contacts["path"] = os.path.abspath(folder / contacts["path"])
    people = table.get("people")
    for kind in people.values() if isinstance(people, dict) else ():
        if isinstance(kind, dict) and is_path(kind.get("card")):
            kind["card"] = os.path.abspath(folder / kind["card"])
    return table


def is_path(card: Any) -> bool:
    """Whether a card is named by its file."""
    return isinstance(card, str) and (card.endswith(".toml") or "/" in card or "\\" in card)


def merged(below: dict[str, Any], above: dict[str, Any], depth: int = 0) -> dict[str, Any]:
    """Merge tables key by key; a law or a set of weights replaces the other as a whole.

    >>> merged({"group": {"clarity": 0.5, "levels": 1}}, {"group": {"levels": 2}})
    {'group': {'clarity': 0.5, 'levels': 2}}
    """
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        whole = depth > 0 and key in REPLACED
        if isinstance(old, dict) and isinstance(value, dict) and not whole:
            value = value if "distribution" in value else merged(old, value, depth + 1)
        result[key] = value
    return result


def parse_override(text: str) -> tuple[tuple[str, ...], Any]:
    """Split ``a.b=value`` in its keys and its value; bare words are texts, nothing is None.

    >>> parse_override("group.strictness=0.8")
    (('group', 'strictness'), 0.8)
    >>> parse_override("group.platform=qq")
    (('group', 'platform'), 'qq')
    """
    key, equals, value = text.partition("=")
    keys = tuple(part.strip().strip("\"'") for part in key.split("."))
    if not equals or not all(keys):
        advice = "write key=value, as in --set group.strictness=0.8"
        raise ScenarioError(f"--set {text}: this is not a key and a value; {advice}")
    if keys[0] == "extends":
        raise ScenarioError(f"--set {text}: extends can be written in a file only")
    return keys, _parse_value(value.strip(), text)


def _parse_value(value: str, text: str) -> Any:
    try:
        parsed = tomllib.loads(f"value = {value}")
    except (tomllib.TOMLDecodeError, RecursionError):
        if not value:
            return None
        if value[:1] in ("[", "{", '"', "'"):
            advice = "; in a shell, put the whole of key=value in single quotes"
            raise ScenarioError(f"--set {text}: the value is not valid TOML{advice}") from None
        return value
    return parsed["value"] if len(parsed) == 1 else value


def _with(
    table: dict[str, Any], keys: Sequence[str | int], value: Any, origin: str
) -> dict[str, Any]:
    key = str(keys[0])
    if len(keys) == 1 and value is None:
        return {name: item for name, item in table.items() if name != key}
    if len(keys) == 1:
        return {**table, key: value}
    inner = table.get(key, {})
    if isinstance(inner, list):
        return {**table, key: _with_item(inner, keys[1:], value, f"{origin}: {key}")}
    if not isinstance(inner, dict):
        raise ScenarioError(f"{origin}: {key} is not a table, it has no key '{keys[1]}'")
    return {**table, key: _with(inner, keys[1:], value, origin)}


def _with_item(items: list[Any], keys: Sequence[str | int], value: Any, where: str) -> list[Any]:
    """The same for a list of tables, whose items count from 1."""
    number = int(keys[0]) if str(keys[0]).isdecimal() else 0
    if len(keys) < 2 or not 1 <= number <= len(items):
        there = f"{len(items)} in the list" if items else "none"
        raise ScenarioError(
            f"{where}: '{'.'.join(map(str, keys))}' was given, and there are {there}; name one by "
            "its number from 1 and a key of it, as in events.1.day"
        )
    changed = _with(dict(items[number - 1]), keys[1:], value, where)
    return [*items[: number - 1], changed, *items[number:]]


def _places(table: Any, where: Keys = ()) -> Iterator[Keys]:
    yield where
    if isinstance(table, dict):
        for key, value in table.items():
            yield from _places(value, (*where, key))
