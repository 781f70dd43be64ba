"""The one entry function under the command line, sweeps, the browser page and notebooks."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from functools import cache
from typing import Any

import numpy as np

from selforg_sim.ctrl_c import ctrl_c_is_heard
from selforg_sim.engine.codes import NOBODY
from selforg_sim.engine.columns import Array
from selforg_sim.engine.compiled import alone_while_compiling
from selforg_sim.engine.loop import Loop
from selforg_sim.errors import RunError, SelforgError
from selforg_sim.happenings import begin_day
from selforg_sim.observe import membership_snapshot, observe
from selforg_sim.plan import PLAN
from selforg_sim.results.manifest import describe_run, now
from selforg_sim.results.schema import TABLES
from selforg_sim.results.store import Results
from selforg_sim.results.tables import build_table, concatenate
from selforg_sim.scenario import scenario_from_dict, scenario_hash, to_toml
from selforg_sim.scenario.people import TRAITS
from selforg_sim.scenario.schema import Scenario
from selforg_sim.world import World, build_world

Progress = Callable[[int, int, int, int], None]
"""Called once a day as ``progress(replicate, day, people_in_groups, members)``."""

GROUP_LEVERS = (
    "clarity", "rules_stated", "rules_enforced", "strictness", "levels", "seats", "return_rate",
    "days_to_cash", "shared", "attention_on_core", "advertising", "red_envelopes", "meet_ups",
    "first_contacts", "splitting",
)  # fmt: skip

EVERYTHING_AT_ONCE: dict[str, Any] = {
    "name": "warm_up",
    "horizon": 8,
    "people": {"owner": {"count": 4}, "influencer": {"count": 10}, "lurker": {"count": 46}},
    "contacts": {"mean": 8},
    "founding": {"groups": 3, "free": True},
    "group": {"platform": "forum", "red_envelopes": 1.0, "meet_ups": 30.0, "clarity": 0.0},
    "groups": {"g1": {"platform": "wechat", "seats": 12, "attention_on_core": 0.5}},
    "rules": {
        "evolution": {
            "founding_chance": 0.1, "splitting_chance": 1.0, "splitting_influence": 0.0,
            "splitting_fit": 1.0,
        },
        "initiation": {"encounters_per_week": 7.0},
        "time_and_cash": {"outside_life": 4.0},
    },
    "events": [{"day": 2, "event": "supply_stops", "who": "others", "days": 1}],
    "record": {"memberships_every": 4},
}  # fmt: skip
"""A small world in which every kernel is needed within a few days; used to compile them."""


def simulate(
    scenario: Scenario,
    *,
    seed: int | None = None,
    replicates: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Results:
    """Run a scenario, once or several times, and return its results.

    Parameters
    ----------
    scenario : what to run
    seed : seed of the first replicate, the scenario's own if None; the others follow it
    replicates : how many runs
    threads : threads for large worlds, 1 if None; results do not depend on it
    progress : called once a day

    Raises
    ------
    ContactsError
        If the scenario's file of contacts cannot be used.
    RunError
        If a run fails; the text names scenario, seed, day and phase.

    Examples
    --------
    >>> from selforg_sim.scenario.load import load_scenario
    >>> results = simulate(load_scenario("smoke", ["horizon=3"]))
    >>> sorted(results.table("series")["day"].unique().tolist())
    [0, 1, 2, 3]
    """
    first = scenario.seed if seed is None else seed
    seeds = [(first + replicate) % 2**63 for replicate in range(replicates)]
    started = now()
    performance = {"membership_days": 0.0, "person_days": 0.0, "seconds": 0.0}
    performance["compile_seconds"] = warm_up()
    parts: dict[str, list[Any]] = {name: [] for name in TABLES}
    report = None
    for replicate, run_seed in enumerate(seeds):
        world, seconds, membership_days = run_world(
            scenario, run_seed, threads or 1, replicate, progress
        )
        report = world.contact_report
        performance["seconds"] += seconds
        performance["membership_days"] += membership_days
        performance["person_days"] += float(world.state.people.rows) * scenario.horizon
        for name, table in tables_of(world, replicate).items():
            parts[name].append(table)
    toml = to_toml(scenario)
    further: dict[str, Any] = {"last_day": scenario.horizon}
    if report:
        further["contacts"] = report
    manifest = describe_run(
        name=scenario.name,
        scenario_toml=toml,
        seed=first,
        seeds=seeds,
        started=started,
        finished=now(),
        performance=performance,
        values=scenario.values.dimensions,
        tables=[name for name, found in parts.items() if found],
        scenario_sha256=scenario_hash(scenario),
        **further,
    )
    return Results(toml, manifest, {n: concatenate(p) for n, p in parts.items() if p})


def run_world(
    scenario: Scenario,
    seed: int,
    threads: int = 1,
    replicate: int = 0,
    progress: Progress | None = None,
    loop_class: type[Loop] = Loop,
    absent: Collection[int] = (),
) -> tuple[World, float, float]:
    """Build a world and advance it to the horizon.

    ``loop_class`` may be one that watches the phases; ``absent`` are rows of people who are born
    and take no part.

    Returns
    -------
    world : at the end of the last day
    seconds : time spent in the days, building apart
    membership_days : sum of memberships over the days
    """
    loop = loop_class(PLAN, threads)
    where = "while the world was built"
    membership_days = 0.0
    try:
        world = build_world(scenario, seed, absent)
        begun = time.perf_counter()
        keep_day(world)
        for day in range(1, scenario.horizon + 1):
            where = f"on day {day}"
            begin_day(world)
            loop.advance(world.state)
            keep_day(world)
            members = len(world.state.memberships)
            membership_days += members
            if progress:
                counts = world.state.memberships["member_count"]
                progress(replicate, day, int(np.count_nonzero(counts)), members)
    except (SelforgError, MemoryError):
        raise
    except Exception as error:
        if where.startswith("on"):
            where += f", phase '{world.state.phase}'"
        raise RunError(
            f"the run of '{scenario.name}' with seed {seed} failed {where}: "
            f"{type(error).__name__}: {error}"
        ) from error
    finally:
        loop.close()
    return world, time.perf_counter() - begun, membership_days


@cache
def warm_up() -> float:
    """Compile every kernel, or load it from the cache, once; return the seconds it took."""
    begun = time.perf_counter()
    with ctrl_c_is_heard(), alone_while_compiling():
        run_world(scenario_from_dict(EVERYTHING_AT_ONCE), 1)
    return time.perf_counter() - begun


def keep_day(world: World) -> None:
    """Record the day if the scenario asks for it; the last day always."""
    state, record = world.state, world.scenario.record
    last = state.day == world.scenario.horizon
    if state.day % record.series_every == 0 or last:
        state.record.days["series"].append(observe(state))
    every = record.memberships_every
    if every and (state.day % every == 0 or last):
        state.record.days["memberships"].append(membership_snapshot(state))


def tables_of(
    world: World, replicate: int = 0, names: Collection[str] = tuple(TABLES)
) -> dict[str, Any]:
    """Arrow tables of one run: of those named the ones that the scenario keeps."""
    record, kept = world.scenario.record, world.state.record.table
    columns_of: dict[str, Callable[[], dict[str, Any]]] = {
        "series": lambda: kept("series"),
        "groups": lambda: _groups(world),
        "people": lambda: _people(world),
    }
    if record.spells:
        columns_of["spells"] = lambda: _spells(world)
    if record.invitations:
        columns_of["invitations"] = lambda: kept("invitations")
    if record.events:
        columns_of["events"] = lambda: kept("events")
    if record.memberships_every:
        columns_of["memberships"] = lambda: kept("memberships")
    columns = {name: columns() for name, columns in columns_of.items() if name in names}
    labels = {
        "people.kind": world.kinds,
        "spells.kind": world.kinds,
        "groups.founder_kind": world.kinds,
        "groups.name": world.state.group_names,
        "groups.platform": tuple(world.scenario.platforms),
    }
    values = world.scenario.values.dimensions
    return {
        name: build_table(name, found, replicate=replicate, labels=labels, values=values)
        for name, found in columns.items()
    }


def _groups(world: World) -> dict[str, Any]:
    groups = world.state.groups
    levers = {name: groups[name].astype(np.float64) for name in GROUP_LEVERS}
    levers["days_to_cash"][np.isinf(levers["days_to_cash"])] = np.nan
    levers["levels"][levers["levels"] == 0] = -1
    columns: dict[str, Array] = {
        "group": np.arange(groups.rows),
        "name": np.arange(groups.rows),
        "parent": groups["parent"],
        "founder": groups["founder"],
        "platform": groups["platform"],
        "founded": groups["founded"],
        "ended": groups["ended"],
        "founder_kind": world.state.people["kind"][groups["founder"]],
    }
    for k, name in enumerate(world.scenario.values.dimensions):
        columns[f"core_{name}"] = groups["first_core"][:, k]
    return columns | levers


def _people(world: World) -> dict[str, Any]:
    people = world.state.people
    columns: dict[str, Any] = {
        "person": np.arange(people.rows),
        "kind": people["kind"],
        "contact_id": world.contact_ids or [None] * people.rows,
        "contacts": np.diff(world.state.contacts.first),
        "resource": people["resource"],
    }
    columns |= {name: people[name] for name in TRAITS if name != "ties"}
    for k, name in enumerate(world.scenario.values.dimensions):
        columns[f"value_{name}"] = world.born_values[:, k]
    return columns


def _spells(world: World) -> dict[str, Any]:
    spells = world.state.record.table("spells")
    invited_by = spells["invited_by"]
    kinds = world.state.people["kind"][spells["person"]] if invited_by.size else NOBODY
    return spells | {"kind": np.broadcast_to(kinds, invited_by.shape)}
