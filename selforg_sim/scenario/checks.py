"""What must hold between the tables of a scenario, beyond each number's own range."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from selforg_sim.engine.limits import MOST_OF_A_KIND, MOST_PEOPLE
from selforg_sim.errors import nearest
from selforg_sim.scenario.events import AdvertisingStarts, RivalOpens, RulesChanged, ToGroups
from selforg_sim.scenario.groups import Levers
from selforg_sim.scenario.tables import Problems

if TYPE_CHECKING:
    from selforg_sim.scenario.schema import Scenario

Place = tuple[str | int, ...]
Found = tuple[Place, str]


def problems(scenario: Scenario) -> list[Found]:
    """Everything that does not fit together, each with its place; empty if all is well."""
    return [
        *_people(scenario),
        *_group_names(scenario),
        *_levers(scenario),
        *_events(scenario),
        *_owners(scenario),
    ]


def counted(scenario: Scenario, people_in_file: int | None) -> dict[str, int]:
    """People of each kind, with "rest" worked out; raises :class:`Problems`."""
    kinds = scenario.people
    fixed = {name: int(kind.count) for name, kind in kinds.items() if kind.count != "rest"}
    rest = [name for name, kind in kinds.items() if kind.count == "rest"]
    named, total = sum(fixed.values()), scenario.population.total
    if total is None:
        total = people_in_file if rest else named
    if total is None:
        text = '"rest" needs [population] total = ..., or contacts from a file'
        raise Problems([(("people", rest[0], "count"), text)])
    where: Place = ("population", "total")
    if people_in_file is not None and scenario.population.total is None and named > total:
        text = f"{named} people, but the file of contacts has {total}; lower a count of [people]"
        raise Problems([(("people",), text)])
    if named > total or (named < total and not rest):
        text = f"{total} people in all, but the kinds together have {named}; "
        advice = "raise the total or lower a count" if rest else 'give one kind count = "rest"'
        raise Problems([(where, text + advice)])
    if people_in_file is not None and people_in_file > total:
        text = f"{total} people in all, but the file of contacts has {people_in_file}; "
        raise Problems([(where, text + 'leave the total out and give one kind count = "rest"')])
    counts = {name: fixed.get(name, total - named) for name in kinds}
    if total > MOST_PEOPLE:
        raise Problems([(where, f"{total:,} people in all; at most {MOST_PEOPLE:,} are valid")])
    for name, count in counts.items():
        if count > MOST_OF_A_KIND:
            text = f"{count:,} people; at most {MOST_OF_A_KIND:,} of one kind are valid"
            raise Problems([(("people", name, "count"), text)])
    return counts


def _people(scenario: Scenario) -> Iterator[Found]:
    rest = [name for name, kind in scenario.people.items() if kind.count == "rest"]
    if len(rest) > 1:
        yield (("people", rest[1], "count"), f'"rest" is already the count of {rest[0]}')
    elif _total_known(scenario):
        try:
            counted(scenario, None)
        except Problems as error:
            yield from error.found


def _total_known(scenario: Scenario) -> bool:
    return scenario.population.total is not None or scenario.contacts.generator != "file"


def _group_names(scenario: Scenario) -> Iterator[Found]:
    given = scenario.founding.groups
    for name in scenario.groups:
        number = re.fullmatch(r"g([1-9][0-9]*)", name)
        if number and int(number[1]) > given:
            text = f"[founding] groups = {given}, so there is no such group; "
            yield ("groups", name), text + (f"g1 to g{given} are valid" if given else "name it so")
    names = set(scenario.given_names())
    for index, event in enumerate(scenario.events):
        if isinstance(event, RivalOpens):
            if event.name in names:
                yield ("events", index, "name"), f"a group is already named '{event.name}'"
            names.add(event.name)


def _levers(scenario: Scenario) -> Iterator[Found]:
    yield from _of_one_group(scenario, ("group",), scenario.group)
    for name, spec in scenario.groups.items():
        yield from _of_one_group(scenario, ("groups", name), spec)
    for index, event in enumerate(scenario.events):
        if isinstance(event, RivalOpens):
            yield from _of_one_group(scenario, ("events", index, "set"), scenario.rival_spec(event))


def _of_one_group(scenario: Scenario, where: Place, levers: Levers) -> Iterator[Found]:
    if levers.platform not in scenario.platforms:
        text = f"there is no platform '{levers.platform}'. "
        yield (*where, "platform"), text + nearest(levers.platform, scenario.platforms)
    if where[0] != "events" and levers.opens > scenario.horizon:
        text = f"{levers.opens} is after the last day; the horizon is {scenario.horizon}"
        yield (*where, "opens"), text
    if levers.values is not None:
        yield from _weights(scenario, (*where, "values"), levers.values)
    if levers.advertising > 0 or levers.advertising_values != Levers().advertising_values:
        yield from _weights(scenario, (*where, "advertising_values"), levers.advertising_values)


def _weights(scenario: Scenario, where: Place, weights: dict[str, float]) -> Iterator[Found]:
    dimensions = scenario.values.dimensions
    for name in weights:
        if name not in dimensions:
            yield (*where, name), f"there is no value '{name}'. {nearest(name, dimensions)}"
    if not sum(weights.values()) > 0:
        yield where, "at least one weight must be above 0"


def _events(scenario: Scenario) -> Iterator[Found]:
    known = [*scenario.given_names(), *scenario.rivals()]
    opening = {n: scenario.groups.get(n, scenario.group).opens for n in scenario.given_names()}
    opening |= {name: event.day for name, event in scenario.rivals().items()}
    for index, event in enumerate(scenario.events):
        where: Place = ("events", index)
        if event.day > scenario.horizon:
            text = f"{event.day} is after the last day; days run from 1 to {scenario.horizon}"
            yield (*where, "day"), text
        if isinstance(event, ToGroups) and event.groups != "all":
            yield from _addressed(event, (*where, "groups"), known, opening)
        if isinstance(event, RulesChanged):
            yield from _changes(scenario, event, (*where, "set"))
        if isinstance(event, AdvertisingStarts):
            yield from _advertised(scenario, event, where)


def _addressed(
    event: ToGroups, where: Place, known: Iterable[str], opening: dict[str, int]
) -> Iterator[Found]:
    for name in event.groups:
        if name not in known:
            yield where, f"there is no group '{name}'. {nearest(name, known)}"
        elif opening.get(name, 0) > event.day:
            yield where, f"'{name}' opens on day {opening[name]}, after day {event.day}"


def _changes(scenario: Scenario, event: RulesChanged, where: Place) -> Iterator[Found]:
    given = event.set.given()
    if not given:
        yield where, "no lever is given; write for example set = { strictness = 0.8 }"
    if "advertising_values" in given:
        place = (*where, "advertising_values")
        yield from _weights(scenario, place, given["advertising_values"])


def _advertised(scenario: Scenario, event: AdvertisingStarts, where: Place) -> Iterator[Found]:
    chosen = scenario.given_names() if event.groups == "all" else event.groups
    specs = [scenario.groups.get(name, scenario.group) for name in chosen]
    missing = {v for spec in specs for v in spec.advertising_values} - {*scenario.values.dimensions}
    if missing:
        name = min(missing)
        text = f"the advertising is about '{name}', which is not in [values] dimensions"
        yield where, text + "; set [group] advertising_values"


def _owners(scenario: Scenario) -> Iterator[Found]:
    places: dict[str, Place] = {name: ("groups", name, "owner") for name in scenario.groups}
    for index, event in enumerate(scenario.events):
        if isinstance(event, RivalOpens):
            places[event.name] = ("events", index, "owner")
    owners = {name: scenario.groups[name].owner for name in scenario.groups}
    owners |= {name: event.owner for name, event in scenario.rivals().items()}
    for name, owner in owners.items():
        if owner is not None:
            yield from _owner_exists(scenario, owner, places[name])
    yield from _enough_owners(scenario, {owner for owner in owners.values() if owner})


def _owner_exists(scenario: Scenario, owner: str, where: Place) -> Iterator[Found]:
    parts = re.fullmatch(r"([^:]+):(0|[1-9][0-9]*)", owner)
    if parts is None:
        yield where, f"'{owner}' was given; kind and number, as \"owner:3\", are valid"
    elif parts[1] not in scenario.people:
        yield where, f"there is no kind '{parts[1]}'. {nearest(parts[1], scenario.people)}"
    elif (count := _known_count(scenario, parts[1])) is not None and int(parts[2]) >= count:
        last = f'"{parts[1]}:0" to "{parts[1]}:{count - 1}" are valid' if count else "none is valid"
        yield where, f"'{owner}' was given, but there are {count} of this kind; {last}"


def _enough_owners(scenario: Scenario, named: set[str]) -> Iterator[Found]:
    unnamed = [name for name in scenario.given_names() if not _named_owner(scenario, name)]
    unnamed += [name for name, event in scenario.rivals().items() if event.owner is None]
    count = _known_count(scenario, "owner")
    if count is None:
        return
    used = sum(owner in named for owner in (f"owner:{i}" for i in range(count))) if named else 0
    if len(unnamed) > count - used:
        text = f"{len(unnamed)} groups take their owner from the kind 'owner', which has "
        text += f"{count - used} unused people; {len(unnamed) - count + used} are missing. "
        text += f"Set [people.owner] count = {len(unnamed) + used}, or name an owner for a group"
        yield ("people", "owner", "count"), text


def _named_owner(scenario: Scenario, name: str) -> bool:
    return name in scenario.groups and scenario.groups[name].owner is not None


def _known_count(scenario: Scenario, kind: str) -> int | None:
    """People of a kind; None if the file of contacts decides, or the counts are wrong anyway."""
    if kind not in scenario.people:
        return 0
    count = scenario.people[kind].count
    if count != "rest":
        return int(count)
    try:
        return counted(scenario, None)[kind] if scenario.population.total is not None else None
    except Problems:
        return None
