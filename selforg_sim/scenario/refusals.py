"""What pydantic refuses, in plain words: what was given, what is valid, the nearest valid name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from selforg_sim.errors import nearest
from selforg_sim.scenario.tables import Problems

Place = tuple[str | int, ...]
MISSING = object()

KINDS = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "string_type": "a text in quotes",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "tuple_type": "a list",
    "finite_number": "a finite number",
}
LIMITS = {
    "greater_than_equal": ("ge", "{} or more"),
    "greater_than": ("gt", "more than {}"),
    "less_than_equal": ("le", "at most {}"),
    "less_than": ("lt", "less than {}"),
}


def refusals(
    errors: Iterable[Mapping[str, Any]], model: type[BaseModel], table: dict[str, Any]
) -> list[tuple[Place, str]]:
    """Each refusal with its place in the file.

    Parameters
    ----------
    errors
        ``ValidationError.errors()``.
    model
        What the file was checked against; the source of valid names and ranges.
    table
        What was given.
    """
    schema = model.model_json_schema()
    found: list[tuple[Place, str]] = []
    for error in errors:
        where = _without_branches(error["loc"], table)
        if error["type"] in ("union_tag_invalid", "union_tag_not_found"):
            where = (*where, error["ctx"]["discriminator"].strip("'"))
        cause = error.get("ctx", {}).get("error")
        if isinstance(cause, Problems):
            found += [((*where, *place), text) for place, text in cause.found]
        else:
            found.append((where, _told(error, described(schema, error["loc"]), schema)))
    return found


def _told(error: Mapping[str, Any], node: dict[str, Any] | None, schema: dict[str, Any]) -> str:
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return f"unknown key. {_unknown(schema, error['loc'])}"
    if kind == "missing":
        return f"missing. {(node or {}).get('description', '')}".strip()
    if kind == "union_tag_not_found":
        return "missing. " + nearest("", _tags(node or {}))
    if kind == "union_tag_invalid":
        return f'"{context["tag"]}" was given. {nearest(str(context["tag"]), _tags(node or {}))}'
    if kind == "literal_error" and isinstance(given, str):
        return f'"{given}" was given. {nearest(given, _names(context["expected"]))}'
    return f"{_shown(given)} was given; {_valid(error, node or {})}"


def _unknown(schema: dict[str, Any], loc: Place) -> str:
    """What was meant: the key of another table, or one much like it."""
    key, here = str(loc[-1]), (described(schema, loc[:-1]) or {}).get("properties", {})
    keys_of = dict(_tables(schema, schema))
    table = ".".join(map(str, loc[:-1]))
    if len(loc) == 3:  # [people.owner] is a table like any of its kind, [groups.g1] like [group]
        table = {"people": "people.KIND", "groups": "group"}.get(str(loc[0]), table)
    if table not in keys_of:  # a law, a factor, an event: what stands elsewhere is no help
        return nearest(key, here)
    if table and key in keys_of[""]:
        return f"Did you mean '{key}' at the top of the file, before the first [table]?"
    same = [f"'{name}.{key}'" for name, keys in keys_of.items() if name and key in keys]
    if same and table != "people.KIND":  # a trait is a trait, whatever else has its name
        kind = ", with a kind of people for KIND" if "KIND" in same[-1] else ""
        return f"Did you mean {' or '.join(same)}{kind}?"
    if not table and not difflib.get_close_matches(key, here, n=1):
        leaves = {leaf: f"{name}.{leaf}" for name, keys in keys_of.items() for leaf in keys}
        for close in difflib.get_close_matches(key, leaves, n=1, cutoff=0.8):
            return f"Did you mean '{leaves[close]}'?"
    return nearest(key, here)


def _tables(
    schema: dict[str, Any], node: dict[str, Any], name: str = ""
) -> Iterator[tuple[str, list[str]]]:
    """The tables of a file by their dotted names, with their keys; KIND: any kind of people."""
    node = _whole(schema, node)
    yield name, list(node.get("properties", {}))
    for key, inner in node.get("properties", {}).items():
        place = f"{name}.{key}" if name else key
        kind = described(schema, ("people", "KIND")) if place == "people" else None
        below = kind or _whole(schema, inner)
        if below.get("properties"):
            yield from _tables(schema, below, f"{place}.KIND" if kind else place)


def _tags(node: dict[str, Any]) -> list[str]:
    tags = list(node.get("discriminator", {}).get("mapping", {}))
    return tags or [tag for option in node.get("anyOf", []) for tag in _tags(option)]


def _valid(error: Mapping[str, Any], node: dict[str, Any]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "literal_error":
        return f"valid: {context['expected']}"
    if kind in LIMITS:
        key, words = LIMITS[kind]
        limit = context[key]
        told = str(limit) if isinstance(limit, int) else f"{limit:g}"
        return words.format(told) + f" is valid{_range(node)}"
    if kind in KINDS:
        return f"{KINDS[kind]} is valid{_range(node)}"
    if kind == "string_pattern_mismatch":
        return "a name without blanks, dots, colons, slashes and quotes is valid"
    text = str(error["msg"]).removeprefix("Value error, ")
    return text[:1].lower() + text[1:]


def _names(expected: str) -> list[str]:
    return [word.strip().strip("'") for word in expected.replace(" or ", ", ").split(",")]


def _range(node: dict[str, Any]) -> str:
    unit = node.get("unit", "")
    low, high = node.get("minimum"), node.get("maximum")
    bounded = low is not None and high is not None and high < 2**31
    span = f"{low:g} to {high:g}" if bounded else ""
    words = ", ".join(word for word in (unit if unit not in ("1", "switch") else "", span) if word)
    return f" ({words})" if words else ""


def _shown(given: Any) -> str:
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, dict):
        return "a table"
    text = f'"{given}"' if isinstance(given, str) else str(given)
    return text if len(text) <= 60 else text[:57] + "..."


def _without_branches(loc: Place, table: Any) -> Place:
    """Drop what pydantic adds to a place: the branches of unions, which stand in no file."""
    where: list[str | int] = []
    node = table
    for position, part in enumerate(loc):
        inside = _step(node, part)
        last = position == len(loc) - 1
        if inside is MISSING and (not last or not isinstance(node, dict) or _is_branch(node, part)):
            continue
        where.append(part)
        node = inside
    return tuple(where)


def _is_branch(node: dict[str, Any], part: str | int) -> bool:
    return part in (node.get("event"), node.get("distribution"))


def _step(node: Any, part: str | int) -> Any:
    if isinstance(node, dict):
        return node.get(part, MISSING)
    if isinstance(node, list | tuple) and isinstance(part, int) and part < len(node):
        return node[part]
    return MISSING


def described(schema: dict[str, Any], loc: Place) -> dict[str, Any] | None:
    """The part of a JSON schema that describes a place, branches of unions included."""
    node: dict[str, Any] | None = schema
    for part in loc:
        node = _below(schema, _whole(schema, node), part) if node is not None else None
    return _whole(schema, node) if node is not None else None


def _whole(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        around = {key: value for key, value in node.items() if key != "$ref"}
        node = {**schema["$defs"][node["$ref"].rsplit("/", 1)[1]], **around}
    return node


def _below(schema: dict[str, Any], node: dict[str, Any], part: str | int) -> dict[str, Any] | None:
    tag = node.get("discriminator", {}).get("mapping", {}).get(part)
    if tag:
        return {"$ref": tag}
    if part in node.get("properties", {}):
        found: dict[str, Any] = node["properties"][part]
        return found
    for key in ("items", "additionalProperties"):
        if isinstance(node.get(key), dict) and isinstance(part, int) == (key == "items"):
            inner: dict[str, Any] = node[key]
            return inner
    if isinstance(part, str):
        for inner in node.get("patternProperties", {}).values():
            return dict(inner)
    for option in node.get("anyOf", []):
        below = _below(schema, _whole(schema, option), part)
        if below is not None:
            return below
    return None
