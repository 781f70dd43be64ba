"""The JSON Schema of a scenario file, so that editors complete keys and show their meaning."""

from __future__ import annotations

from functools import cache
from typing import Any

from selforg_sim.scenario.people import TRAITS
from selforg_sim.scenario.refusals import described
from selforg_sim.scenario.schema import Scenario


def json_schema() -> dict[str, Any]:
    """The JSON Schema of what may stand in a file.

    It differs from the resolved scenario: a file may extend another one, name a card in place of
    traits, write a bare number for a law, and leave out the name.
    """
    schema = Scenario.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Scenario of selforg_sim"
    schema["properties"]["extends"] = {
        "type": "string",
        "description": "Another file, from this file's folder, or the name of a shipped scenario.",
    }
    schema.pop("required", None)
    definitions = schema["$defs"]
    _open_kind(definitions["Kind"])
    _bare_number(definitions)
    return schema


def _open_kind(kind: dict[str, Any]) -> None:
    kind.pop("required", None)
    kind["properties"]["card"]["description"] = (
        "Name of a role card, or its path from this file's folder; absent: the kind's own name."
    )
    for trait in TRAITS:
        kind["properties"][trait]["description"] += " Absent: as the card says."


def _bare_number(definitions: dict[str, Any]) -> None:
    """Let a number stand for a constant law; the tag only helps where every branch is a table."""
    for trait in TRAITS:
        law = definitions["Kind"]["properties"][trait]
        law["anyOf"] = [{"type": "number"}, {"oneOf": law.pop("oneOf")}]
        law.pop("discriminator", None)


@cache
def about_setting(key: str) -> tuple[str, str]:
    """Unit and meaning of a setting by its dotted key; empty where there is none.

    >>> about_setting("people.owner.budget")
    ('hours/day', 'Time for all groups together (T).')
    >>> about_setting("events.1.day")[0]
    'day'
    """
    keys = key.split(".")
    while keys:
        for node in _described(".".join(keys)):
            if "unit" in node:
                return str(node["unit"]), str(node.get("description", ""))
        keys.pop()
    return "", ""


@cache
def takes_whole_numbers(key: str) -> bool:
    """Whether the numbers that a setting takes are whole.

    >>> [takes_whole_numbers(key) for key in ("group.levels", "contacts.mean", "horizon", "x1")]
    [True, False, True, False]
    """
    return any(_is_whole(node) for node in _described(key))


def _is_whole(node: dict[str, Any]) -> bool:
    numbers = [value for value in node.get("enum", ()) if type(value) in (int, float)]
    listed = bool(numbers) and all(type(value) is int for value in numbers)
    return node.get("type") == "integer" or listed or any(map(_is_whole, node.get("anyOf", ())))


def _described(key: str) -> list[dict[str, Any]]:
    """What the schema says of a setting, once for each place where it may lie."""
    schema = Scenario.model_json_schema()
    place = tuple(int(part) if part.isdecimal() else part for part in key.split("."))
    found = [described(schema, loc) for loc in _branches(schema, place)]
    return [node for node in found if node is not None]


def _branches(schema: dict[str, Any], place: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    """A place, and where it lies in an event, one for each kind of event."""
    if place[0] != "events" or len(place) < 3:
        return [place]
    tags = schema["properties"]["events"]["items"]["discriminator"]["mapping"]
    return [(*place[:2], tag, *place[2:]) for tag in tags]
