"""From a scenario to a world: people with traits, contacts, and the groups of the first day."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from selforg_sim.engine import networks, quantiles
from selforg_sim.engine.births import uniforms
from selforg_sim.engine.codes import DISCOVERIES, ENTRIES, NOBODY, OPENED, REMOVERS
from selforg_sim.engine.columns import Table
from selforg_sim.engine.contacts import Contacts, degrees, empty_contacts, renumbered
from selforg_sim.engine.declarations import Column, Decision
from selforg_sim.engine.limits import SLOT_BITS
from selforg_sim.engine.memberships import Memberships
from selforg_sim.engine.record import Record
from selforg_sim.engine.state import COLUMNS as ENGINE_COLUMNS
from selforg_sim.engine.state import State
from selforg_sim.engine.types import Floats, Ints
from selforg_sim.errors import ScenarioError
from selforg_sim.rules import POINTS, leaving
from selforg_sim.rules.initiation import REQUEST_COLUMNS, open_groups
from selforg_sim.rules.value_core import normalise_rows, quieten
from selforg_sim.scenario.contact_files import read_contacts
from selforg_sim.scenario.groups import GroupSpec
from selforg_sim.scenario.load import contacts_file
from selforg_sim.scenario.people import TRAITS
from selforg_sim.scenario.schema import Scenario

COLUMNS: tuple[Column, ...] = ENGINE_COLUMNS + tuple(
    column for point in POINTS.values() for column in point.COLUMNS
)

TRAIT, VALUE, RESOURCE, PLACE_IN_FILE = 100, 120, 121, 122
DECISIONS = (
    *(
        Decision(TRAIT + i, f"trait {name}", "person", "none", f"His {name}.")
        for i, name in enumerate(TRAITS)
    ),
    Decision(VALUE, "values", "person", "dimension", "What he cares about."),
    Decision(RESOURCE, "resource", "person", "none", "Kind of resource that he brings."),
    Decision(PLACE_IN_FILE, "place", "person", "none", "His place in a file of contacts."),
)

KEY_SLOTS = {"owner": 0, "influencer": 1, "lurker": 2, "troublemaker": 3}
OTHER_SLOTS = 60
NAMED_DIMENSIONS = ("projects", "earning", "learning")
SWITCHED_OFF = {"social_attraction": "drawn_quality", "social_returns_draw": "drawn_returns"}


@dataclass
class World:
    """A state together with the scenario it came from.

    Attributes
    ----------
    state : all columns
    scenario : what it was built from
    kinds : names of the kinds; ``state.people["kind"]`` holds their numbers
    contact_ids : names of the people in the file of contacts, or None
    born_values : values of the people at birth, shape (people, dimensions)
    contact_report : what was found in the file of contacts, in a sentence
    openings : given groups that are still to open, by day
    absent : rows of people who are born and take no part
    """

    state: State
    scenario: Scenario
    kinds: tuple[str, ...]
    contact_ids: list[str | None] | None
    born_values: Floats
    contact_report: str | None = None
    openings: dict[int, dict[str, GroupSpec]] = field(default_factory=dict)
    absent: frozenset[int] = frozenset()


def key_slot(kind: str) -> int:
    """First six bits of the keys of a kind: fixed for the shipped kinds, by name for others.

    >>> key_slot("lurker"), key_slot("hermit") >= 4
    (2, True)
    """
    if kind in KEY_SLOTS:
        return KEY_SLOTS[kind]
    digest = hashlib.blake2b(kind.encode(), digest_size=4).digest()
    return len(KEY_SLOTS) + int.from_bytes(digest, "big") % OTHER_SLOTS


def check_slots(kinds: Iterable[str]) -> None:
    """Refuse two kinds of one slot: their people would share their luck."""
    taken: dict[int, str] = {}
    for kind in kinds:
        other = taken.setdefault(key_slot(kind), kind)
        if other != kind:
            raise ScenarioError(
                f"the kinds '{other}' and '{kind}' happen to get the same keys of chance by their "
                "names; give one of them another name"
            )


def group_key(name: str) -> int:
    """Stable key of a given group: a 32-bit digest of its name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "big")


def parameters_of(scenario: Scenario) -> dict[str, float]:
    """The numbers of all rules by name, with what is switched off set to nothing."""
    numbers: dict[str, float] = {}
    for point in POINTS:
        numbers |= dict(getattr(scenario.rules, point))
    for switch, name in SWITCHED_OFF.items():
        if not numbers[switch]:
            numbers[name] = 0.0
    dimensions = list(scenario.values.dimensions)
    for name in NAMED_DIMENSIONS:
        numbers[name] = dimensions.index(name) if name in dimensions else -1
    numbers["free_founding"] = scenario.founding.free
    return numbers


def unit_vector(weights: Mapping[str, float], dimensions: tuple[str, ...]) -> Floats:
    """Weights by name to a vector of length 1; all weights 0 give a vector of zeros.

    >>> unit_vector({"b": 3.0, "a": 4.0}, ("a", "b", "c")).tolist()
    [0.8, 0.6, 0.0]
    """
    vector = np.array([float(weights.get(name, 0.0)) for name in dimensions])
    length = math.sqrt(math.fsum(x * x for x in vector.tolist()))
    return vector / length if length else vector


def lever_columns(scenario: Scenario, spec: GroupSpec) -> dict[str, Any]:
    """First values of a group's columns from its levers and its platform."""
    platform = scenario.platforms[spec.platform]
    dimensions = scenario.values.dimensions
    seats = scenario.seats_of(spec)
    columns: dict[str, Any] = {
        "platform": list(scenario.platforms).index(spec.platform),
        "discovery": DISCOVERIES.index(platform.discovery),
        "entry": ENTRIES.index(platform.entry),
        "removers": REMOVERS.index(platform.removers),
        "platform_trust": platform.first_trust,
        "seats": -1 if seats is None else seats,
        "levels": 0 if spec.levels == "auto" else spec.levels,
        "days_to_cash": math.inf if spec.days_to_cash == "never" else max(1.0, spec.days_to_cash),
        "advertised_values": unit_vector(spec.advertising_values, dimensions),
    }
    for name in (
        "clarity", "rules_stated", "rules_enforced", "strictness", "return_rate", "shared",
        "attention_on_core", "advertising", "red_envelopes", "meet_ups", "first_contacts",
        "splitting",
    ):  # fmt: skip
        columns[name] = getattr(spec, name)
    if spec.values:
        columns["core"] = unit_vector(spec.values, dimensions)
    return columns


def build_world(scenario: Scenario, seed: int | None = None, absent: Collection[int] = ()) -> World:
    """Build the world of day 0: everybody born, the groups that open on day 0 opened.

    Parameters
    ----------
    scenario : what to build
    seed : key of all luck; the scenario's own if None
    absent : rows of people who are born and take no part: they found and own no group, and do not
        answer when asked

    Raises
    ------
    ContactsError
        If the file of contacts cannot be used.
    """
    seed = scenario.seed if seed is None else seed
    contact_file = None
    path = contacts_file(scenario)
    if path is not None:
        contact_file = read_contacts(path)
    counts = scenario.counts(len(contact_file.ids) if contact_file else None)
    kinds = tuple(counts)
    widths = {"values": len(scenario.values.dimensions), "resources": scenario.population.resources}
    people = _born(scenario, counts, seed, widths)
    ids = None
    if contact_file is None:
        contacts = _generated_contacts(scenario, people, seed)
    else:
        contacts, ids = _placed(contact_file.contacts, list(contact_file.ids), people, seed)
    state = State(
        people=people,
        groups=Table(_columns("group"), 0, widths),
        memberships=Memberships(_columns("membership"), people.rows),
        requests=Table(REQUEST_COLUMNS, 0, {}),
        contacts=contacts,
        parameters=parameters_of(scenario),
        seed=seed,
        record=Record(scenario.record.invitations, leaving.COLUMNS),
        account=leaving.account,
    )
    world = World(
        state, scenario, kinds, ids, people["values"].copy(),
        contact_file.report.sentence() if contact_file else None,
    )  # fmt: skip
    world.openings = openings_by_day(scenario)
    world.absent = frozenset(absent)
    people["withheld"][sorted(world.absent)] = 1
    plain = lever_columns(scenario, GroupSpec.model_construct(**dict(scenario.group), owner=None))
    plain.pop("core", None)
    plain["first_contacts"] = state.parameters["founder_contacts"]
    state.founding_levers = plain
    open_given_groups(world, 0)
    return world


def open_given_groups(world: World, day: int) -> None:
    """Open the groups that the scenario gives for this day."""
    for name, spec in world.openings.pop(day, {}).items():
        open_given_group(world, name, spec)


def openings_by_day(scenario: Scenario) -> dict[int, dict[str, GroupSpec]]:
    """The given groups by the day on which they open."""
    openings: dict[int, dict[str, GroupSpec]] = {}
    for name, spec in scenario.resolved_groups().items():
        openings.setdefault(spec.opens, {})[name] = spec
    return openings


def open_given_group(world: World, name: str, spec: GroupSpec, event: int = OPENED) -> int:
    """Open one given group, note it as the given kind of event, and return its row.

    A group whose owner is absent does not open; -1 is returned.
    """
    kind, _, index = str(spec.owner).partition(":")
    owner = person_row(world, kind, int(index))
    if owner in world.absent:
        return NOBODY
    levers = lever_columns(world.scenario, spec)
    levers["owner_voice"] = world.state.people["voice"][owner]
    keys = np.array([group_key(name)])
    group = int(open_groups(world.state, np.array([owner]), levers, [name], keys)[0])
    world.state.record.event(world.state.day, event, group, owner)
    return group


def person_row(world: World, kind: str, index: int) -> int:
    """Row of a person named by kind and number within the kind."""
    rows = np.flatnonzero(world.state.people["kind"] == world.kinds.index(kind))
    return int(rows[index])


def _columns(table: str) -> tuple[Column, ...]:
    return tuple(column for column in COLUMNS if column.table == table)


def _born(
    scenario: Scenario, counts: Mapping[str, int], seed: int, widths: Mapping[str, int]
) -> Table:
    """The table of people with keys, kinds, traits, values and resources."""
    check_slots(counts)
    people = Table(_columns("person"), sum(counts.values()), widths)
    start = 0
    for code, (kind, count) in enumerate(counts.items()):
        rows = slice(start, start + count)
        keys = (key_slot(kind) << SLOT_BITS) + np.arange(count, dtype=np.int64)
        people["person_key"][rows] = keys
        people["kind"][rows] = code
        for i, (trait, law) in enumerate(scenario.people[kind].traits().items()):
            people[trait][rows] = drawn_trait(law, keys, seed, TRAIT + i)
        start += count
    keys = people["person_key"]
    luck = np.stack([uniforms(keys, seed, VALUE, k) for k in range(widths["values"])], axis=1)
    people["values"][:] = quantiles.gamma_quantile(luck, scenario.values.concentration, 1.0)
    one_sided = np.flatnonzero(~people["values"].any(axis=1))  # all too small for a number
    people["values"][one_sided, luck[one_sided].argmax(axis=1)] = 1.0
    normalise_rows(people["values"])
    people["resource"][:] = np.floor(uniforms(keys, seed, RESOURCE) * widths["resources"])
    quieten(people["voice"], people["log_silence"])
    return people


def drawn_trait(law: Any, keys: Ints, seed: int, decision: int) -> Floats:
    """A trait for each key by the law's inverse distribution function."""
    if law.distribution == "constant":
        return np.full(keys.shape[0], float(law.value))
    u = uniforms(keys, seed, decision)
    match law.distribution:
        case "uniform":
            return quantiles.uniform_quantile(u, law.low, law.high)
        case "integers":
            return quantiles.integer_quantile(u, law.low, law.high)
        case "lognormal":
            return quantiles.lognormal_quantile(u, law.mu, law.sigma)
        case "beta":
            return quantiles.beta_quantile(u, law.a, law.b)
        case "gamma":
            return quantiles.gamma_quantile(u, law.shape, law.mean)
        case _:
            low, high = law.bounds()
            drawn = quantiles.normal_quantile(u, law.mean, law.sd)
            return np.asarray(np.clip(drawn, low, high))


def _generated_contacts(scenario: Scenario, people: Table, seed: int) -> Contacts:
    wanted = scenario.contacts
    keys, weights = people["person_key"], people["ties"]
    match wanted.generator:
        case "small_world":
            return networks.small_world(keys, weights, seed, wanted.mean, wanted.rewire)
        case "preferential_attachment":
            return networks.preferential_attachment(keys, weights, seed, wanted.mean)
        case "blocks":
            leading = np.argmax(people["values"], axis=1).astype(np.int64)
            return networks.blocks(keys, weights, leading, seed, wanted.mean, wanted.affinity)
        case _:
            return empty_contacts(people.rows)


def _placed(
    contacts: Contacts, ids: list[str], people: Table, seed: int
) -> tuple[Contacts, list[str | None]]:
    """Give everybody a place in a real network: who wants more contacts gets a place with more."""
    lots = uniforms(people["person_key"], seed, PLACE_IN_FILE)
    by_wish = np.lexsort((lots, -people["ties"]))
    by_degree = np.argsort(-degrees(contacts), kind="stable")
    without = max(0, people.rows - len(ids))  # people beyond the file: no contacts, no name in it
    none = np.full(without, contacts.first[-1])
    padded = Contacts(np.append(contacts.first, none), contacts.other)
    by_degree = np.append(by_degree, len(ids) + np.arange(without))
    place = np.empty(people.rows, dtype=np.int64)
    place[by_wish] = by_degree[: people.rows]
    names = [*map(str, ids), *[None] * without]
    return renumbered(padded, place), [names[i] for i in place]
