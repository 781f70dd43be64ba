"""Events of a scenario: what happens to groups on a given day, before the day begins.

An event changes columns and nothing else; what follows from it is left to the rules. What it
changes for some days only is noted as a promise to change it back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from selforg_sim.engine.births import uniforms
from selforg_sim.engine.codes import CORE, EVENTS, OWNER, OWNER_LEFT, QUIET
from selforg_sim.engine.declarations import Decision
from selforg_sim.engine.state import State
from selforg_sim.scenario.groups import GroupSpec
from selforg_sim.world import World, lever_columns, open_given_group, open_given_groups

FOR_GOOD = 2**31 - 1

SILENCED = 50
DECISIONS = (Decision(SILENCED, "silenced", "person", "none", "Lot among those who fall silent."),)


def begin_day(world: World) -> None:
    """Everything that the scenario lays down for the coming day."""
    state, day = world.state, world.state.day + 1
    for column, group, amount in state.promises.pop(day, ()):
        left = state.groups.arrays[column][group] - amount
        state.groups.arrays[column][group] = 0.0 if abs(left) < 1e-9 else left
    open_given_groups(world, day)
    for event in world.scenario.events:
        if event.day == day:
            happen(world, event, day)


def happen(world: World, event: Any, day: int) -> None:
    """Let one event happen to every group that it names and that lives."""
    code = EVENTS.index(event.event)
    if event.event == "rival_opens":
        spec = world.scenario.resolved_rivals()[event.name]
        group = open_given_group(world, event.name, spec)
        world.state.record.event(day, code, group, int(world.state.groups["owner"][group]))
        return
    for group in addressed(world.state, event.groups):
        owner = int(world.state.groups["owner"][group])
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
    if owner < 0:
        return
    row = state.memberships.row(owner, group)
    state.day += 1  # the spell ends on the day that is about to begin
    state.dismiss(np.array([row]), OWNER_LEFT)
    state.day -= 1
    state.groups["owner"][group] = -1
    state.groups["owner_hours"][group] = 0.0


def owner_silent(world: World, event: Any, group: int, day: int) -> None:
    """The owner stays, gives nothing and looks after nobody."""
    state = world.state
    owner = int(state.groups["owner"][group])
    if owner >= 0:
        until = _until(event, day)
        state.groups["owner_muted"][group] = until
        state.memberships["muted_until"][state.memberships.row(owner, group)] = until


def supply_stops(world: World, event: Any, group: int, day: int) -> None:
    """The owner and the core layer stop giving, or as many others drawn by lot."""
    state = world.state
    rows = state.members_of([group])
    standing = state.memberships["standing"][rows]
    leading = (standing == CORE) | (standing == OWNER)
    stopped = rows[leading]
    if event.who == "others":
        others = rows[~leading & (standing != QUIET)]
        people = state.memberships["member_person"][others]
        lots = uniforms(state.people["person_key"][people], state.seed, SILENCED, day % 2**16)
        stopped = others[np.argsort(lots, kind="stable")[: stopped.size]]
    state.memberships["muted_until"][stopped] = _until(event, day)


def advertising(world: World, event: Any, group: int, day: int) -> None:
    """More advertising for some days."""
    _for_some_days(world.state, "advertising", group, event.hours, day + event.days)


def red_envelopes(world: World, event: Any, group: int, day: int) -> None:
    """More red envelopes for some days."""
    _for_some_days(world.state, "red_envelopes", group, event.amount, day + event.days)


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


def _until(event: Any, day: int) -> int:
    return FOR_GOOD if event.days is None else day + int(event.days)


def _for_some_days(state: State, column: str, group: int, amount: float, until: int) -> None:
    state.groups[column][group] += amount
    state.promises.setdefault(until, []).append((column, group, amount))
