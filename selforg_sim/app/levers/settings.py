"""What a lever has on a scenario, and what it sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from selforg_sim.app.levers import crowd
from selforg_sim.app.levers.catalogue import LEVERS, Lever, Value
from selforg_sim.app.levers.laws import middle, with_middle
from selforg_sim.errors import UsageError, nearest
from selforg_sim.scenario.groups import Levers
from selforg_sim.scenario.load import Variants
from selforg_sim.scenario.schema import Scenario
from selforg_sim.scenario.write import file_form

PURPOSES: dict[str, dict[str, float] | None] = {
    "owner": None,
    "friends": {"friendship": 2, "sharing": 1},
    "learning": {"learning": 2, "sharing": 1},
    "earning": {"earning": 3, "projects": 1},
    "both": {"friendship": 1, "earning": 1},
}
"""What groups can be for, by the words of the lever."""


def value_of(scenario: Scenario, key: str, of: str | None = None) -> Value:
    """What a lever has on a scenario.

    Parameters
    ----------
    scenario : with the levers that were pulled before
    key : the lever's name
    of : the group whose value it is; None: what groups have that have no other
    """
    lever = _lever(key)
    if key in crowd.SHARES:
        return crowd.share_of(scenario, crowd.SHARES[key])
    match key:
        case "people":
            return sum(scenario.counts().values())
        case "groups":
            return len(scenario.given_names())
        case "rivals":
            return crowd.rivals(scenario)
        case "purpose":
            return _purpose(_levers_of(scenario, of))
    table, name = lever.setting.rsplit(".", 1)
    if table.startswith("people."):
        return middle(getattr(scenario.people[table.partition(".")[2]], name))
    holder = _levers_of(scenario, of) if table == "group" else getattr(scenario, table)
    value: Value = getattr(holder, name)
    return value


def settings_for(scenario: Scenario, key: str, value: Any, of: str | None = None) -> dict[str, Any]:
    """Dotted settings that give a lever a value on a scenario.

    A lever of groups acts on all of them, also on those that have a table of their own, or on one
    alone. Numbers beyond what the scenario allows are set to the nearest that it does.

    Parameters
    ----------
    scenario : with the levers that were pulled before
    key : the lever's name
    value : a number, a choice, or true or false
    of : the group on which levers of groups act; None: all, and those that open later

    Raises
    ------
    UsageError
        If there is no such lever, it cannot act on this scenario, or has no such value.
    """
    lever = _lever(key)
    if not applies(scenario, key):
        raise UsageError(f"{key}: this lever cannot act on the scenario '{scenario.name}'.")
    if value == value_of(scenario, key, of) and isinstance(value, bool) == (lever.kind == "switch"):
        return {}
    value = lever.checked(value, *range_of(scenario, key, of))
    if key in crowd.SHARES:
        return crowd.set_share(scenario, crowd.SHARES[key], value)
    match key:
        case "people":
            return crowd.set_people(scenario, value)
        case "groups":
            return crowd.set_groups(scenario, value)
        case "rivals":
            return crowd.set_rivals(scenario, value)
        case "purpose":
            return _of_groups(scenario, "values", PURPOSES[value], of)
    table, name = lever.setting.rsplit(".", 1)
    if table == "group":
        return _of_groups(scenario, name, value, of)
    if table.startswith("people."):
        law = getattr(scenario.people[table.partition(".")[2]], name)
        return {lever.setting: with_middle(law, value)}
    return {lever.setting: value}


def pulled(
    scenario: Scenario, values: Mapping[str, Any], of: str | None = None
) -> tuple[Scenario, dict[str, Any]]:
    """The scenario with levers pulled one after another, and all their settings together."""
    settings: dict[str, Any] = {}
    for key in sorted(values, key=_turn):
        new = settings_for(scenario, key, values[key], of)
        settings |= new
        scenario = Variants(scenario).of(new) if new else scenario
    return scenario, settings


def _turn(key: str) -> tuple[int, int]:
    """When a lever is pulled: groups bound how few people, people how many contacts."""
    place = list(LEVERS).index(key) if key in LEVERS else len(LEVERS)
    return {"groups": -1, "contacts": 1}.get(key, 0), place


def changes(settings: Mapping[str, Any], of: str | None = None) -> dict[str, Any]:
    """What settings change in the groups that live, by the names of the groups' levers.

    >>> changes({"group.strictness": 0.8}), changes({"groups.yours.levels": 3}, "yours")
    ({'strictness': 0.8}, {'levels': 3})
    """
    start = "group." if of is None else f"groups.{of}."
    return {k.removeprefix(start): v for k, v in settings.items() if k.startswith(start)}


def applies(scenario: Scenario, key: str) -> bool:
    """Whether a lever can act on a scenario."""
    dimensions = scenario.values.dimensions
    match key:
        case "people" | "influencers" | "troublemakers" | "groups" | "rivals":
            return crowd.countable(scenario) and "owner" in scenario.people and scenario.horizon > 0
        case "contacts":
            return scenario.contacts.generator not in ("file", "none")
        case "purpose":
            needed = {name for weights in PURPOSES.values() for name in weights or ()}
            return needed <= set(dimensions)
        case "advertising":
            return all(name in dimensions for name in scenario.group.advertising_values)
    table, _, name = _lever(key).setting.partition(".")
    return table != "people" or name.partition(".")[0] in scenario.people


def range_of(scenario: Scenario, key: str, of: str | None = None) -> tuple[float, float]:
    """Lowest and highest value of a slider on a scenario."""
    lever = _lever(key)
    low, high = lever.low, lever.high
    if key in crowd.SHARES:
        high = min(high, crowd.room_for_kind(scenario, crowd.SHARES[key]))
    elif key == "people":
        low = max(low, crowd.least_people(scenario))
    elif key == "groups":
        fewest, most = crowd.group_range(scenario)
        low, high = max(low, fewest), max(fewest, min(high, most))
    elif key == "rivals":
        low = crowd.fewest_rivals(scenario)
    elif key == "contacts":
        high = max(low, min(high, sum(scenario.counts().values()) // 3))
    if lever.kind == "slider":
        now = float(value_of(scenario, key, of))
        low, high = min(low, now), max(high, now)
    return low, high


def levers_for(scenario: Scenario, of: str | None = None) -> list[dict[str, Any]]:
    """The levers that can act on a scenario, as the page is told them, with their ranges there."""
    return [_fitted(lever, scenario, of).as_dict() for lever in _acting(scenario)]


def values_of(scenario: Scenario, of: str | None = None) -> dict[str, Value]:
    """What every lever that can act has on a scenario, by key."""
    return {lever.key: value_of(scenario, lever.key, of) for lever in _acting(scenario)}


def _acting(scenario: Scenario) -> list[Lever]:
    return [lever for lever in LEVERS.values() if applies(scenario, lever.key)]


def _fitted(lever: Lever, scenario: Scenario, of: str | None) -> Lever:
    low, high = range_of(scenario, lever.key, of)
    return replace(lever, low=low, high=high)


def _levers_of(scenario: Scenario, of: str | None) -> Levers:
    return scenario.group if of is None else scenario.groups[of]


def _of_groups(scenario: Scenario, name: str, value: Any, of: str | None) -> dict[str, Any]:
    if of is not None:
        return {f"groups.{of}.{name}": value}
    own = file_form(scenario)["groups"]
    settings = {f"groups.{group}.{name}": value for group, spec in own.items() if name in spec}
    return {f"group.{name}": value} | settings


def _purpose(levers: Levers) -> str:
    weights = levers.values
    found = (word for word, known in PURPOSES.items() if known == weights)
    return next(found, "own")


def _lever(key: str) -> Lever:
    if key not in LEVERS:
        raise UsageError(f"There is no lever '{key}'. {nearest(key, LEVERS)}")
    return LEVERS[key]
