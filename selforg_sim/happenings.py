"""Events of a scenario: what happens to groups on a given day, before the day begins.

An event changes columns and nothing else; what follows from it is left to the rules. What is laid
on for some days only is noted as a promise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from selforg_sim.engine.births import uniforms
from selforg_sim.engine.codes import CORE, EVENTS, OWNER, OWNER_LEFT, QUIET
from selforg_sim.engine.declarations import Decision
from selforg_sim.engine.limits import LAST_DAY
from selforg_sim.engine.state import Promise, State
from selforg_sim.engine.types import Ints
from selforg_sim.errors import RunError
from selforg_sim.scenario.groups import GroupSpec
from selforg_sim.world import World, lever_columns, open_given_group, open_given_groups

FOR_GOOD = 2**31 - 1

SILENCED = 50
DECISIONS = (Decision(SILENCED, "silenced", "person", "group", "Lot among those who fall silent."),)


def begin_day(world: World) -> None:
    """Let the next day begin: groups open, and what the scenario lays down for it happens.

    Raises
    ------
    RunError
        After the last day that there is room for.
    """
    if world.state.day >= LAST_DAY:
        raise RunError(f"day {LAST_DAY} is the last that a world can live; start another one")
    world.state.day += 1
    day = world.state.day
    open_given_groups(world, day)
    for event in world.scenario.events:
        if event.day == day:
            happen(world, event, day)
    lay_on_extras(world.state, day)


def lay_on_extras(state: State, day: int) -> None:
    """What events lay on for some days, added up for the day that begins."""
    state.promises = [promise for promise in state.promises if promise.until > day]
    for column in ("extra_advertising", "extra_envelopes"):
        state.groups[column][:] = 0.0
    for promise in state.promises:
        state.groups[promise.column][promise.group] += promise.amount


def happen(world: World, event: Any, day: int) -> None:
    """Let one event happen to every group that it names and that lives."""
    code = EVENTS.index(event.event)
    if event.event == "rival_opens":
        spec = world.scenario.resolved_rivals()[event.name]
        open_given_group(world, event.name, spec, code)
        return
    for group in addressed(world.state, event.groups):
        owner = int(world.state.groups["owner"][group])
        if owner >= 0 or event.event in WITHOUT_OWNER:
            HAPPENINGS[event.event](world, event, group, day)
            world.state.record.event(day, code, group, owner)


def addressed(state: State, groups: Any) -> list[int]:
    """Rows of the living groups that an event names."""
    living = [int(g) for g in state.living_groups()]
    if groups == "all":
        return living
    return [g for g in living if state.group_names[g] in groups]


def owner_leaves(world: World, event: Any, group: int, day: int) -> None:
    """The owner leaves for good; whatever he laid on ends with it."""
    state = world.state
    owner = int(state.groups["owner"][group])
    state.dismiss(_row_of(state, owner, group), OWNER_LEFT)
    state.groups["owner"][group] = -1


def owner_silent(world: World, event: Any, group: int, day: int) -> None:
    """The owner stays, gives nothing and looks after nobody."""
    state = world.state
    owner = int(state.groups["owner"][group])
    row = _row_of(state, owner, group)
    until = _until(event, day)
    _mute(state, row, until)
    muted = state.groups["owner_muted"]  # a longer silence leaves him looking after people
    muted[group] = max(int(muted[group]), until)


def supply_stops(world: World, event: Any, group: int, day: int) -> None:
    """The owner and the core layer stop giving, or as many others drawn by lot.

    They go on looking after people: only what they gave is missing.
    """
    state = world.state
    rows = state.members_of([group])
    standing = state.memberships["standing"][rows]
    leading = (standing == CORE) | (standing == OWNER)
    stopped = rows[leading]
    if event.who == "others":
        others = rows[~leading & (standing != QUIET)]
        people = state.memberships["member_person"][others]
        keys = state.people["person_key"][people]
        group_key = int(state.groups["group_key"][group])
        lots = uniforms(keys, state.seed, SILENCED, group_key, day)
        stopped = others[np.argsort(lots, kind="stable")[: stopped.size]]
    _mute(state, stopped, _until(event, day))


def advertising(world: World, event: Any, group: int, day: int) -> None:
    """More advertising for some days."""
    promise = Promise("extra_advertising", group, event.hours, day + event.days)
    world.state.promises.append(promise)


def red_envelopes(world: World, event: Any, group: int, day: int) -> None:
    """More red envelopes for some days."""
    promise = Promise("extra_envelopes", group, event.amount, day + event.days)
    world.state.promises.append(promise)


def meet_up(world: World, event: Any, group: int, day: int) -> None:
    """One meeting offline."""
    world.state.groups["meet_up_on"][group] = day


def rules_changed(world: World, event: Any, group: int, day: int) -> None:
    """The owner pulls levers."""
    changes = event.set.given()
    spec = GroupSpec.model_construct(**(dict(world.scenario.group) | changes), owner=None)
    columns = lever_columns(world.scenario, spec)
    groups = world.state.groups
    for lever in changes:
        column = "advertised_values" if lever == "advertising_values" else lever
        groups[column][group] = columns[column]
    if "rules_stated" in changes:
        groups["order"][group] = columns["rules_stated"]


HAPPENINGS: dict[str, Callable[[World, Any, int, int], None]] = {
    "owner_leaves": owner_leaves,
    "owner_silent": owner_silent,
    "supply_stops": supply_stops,
    "advertising": advertising,
    "red_envelopes": red_envelopes,
    "meet_up": meet_up,
    "rules_changed": rules_changed,
}


WITHOUT_OWNER = ("supply_stops",)
"""Events that happen to a group without an owner, too; all others are the owner's doing."""


def _row_of(state: State, person: int, group: int) -> Ints:
    row = state.memberships.row(person, group)
    assert row >= 0, "an owner is a member of his group"
    return np.array([row])


def _until(event: Any, day: int) -> int:
    return FOR_GOOD if event.days is None else day + int(event.days)


def _mute(state: State, rows: Ints, until: int) -> None:
    """Let members fall silent, or stay so for longer."""
    muted = state.memberships["muted_until"]
    muted[rows] = np.maximum(muted[rows], until)
