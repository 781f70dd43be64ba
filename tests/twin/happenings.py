"""What the scenario lays down for a day: groups that open, and events."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from selforg_sim.engine import codes as code
from selforg_sim.happenings import FOR_GOOD, SILENCED
from selforg_sim.scenario.groups import GroupSpec
from selforg_sim.world import group_key, lever_columns
from twin.group import Extra, Group

if TYPE_CHECKING:
    from twin.model import TwinModel


def begin_day(model: TwinModel) -> None:
    """Open the groups of the day, let its events happen, add up what they lay on."""
    for name, spec in model.given.resolved_groups().items():
        if spec.opens == model.day:
            open_given_group(model, name, spec, code.OPENED)
    for event in model.given.events:
        if event.day == model.day:
            happen(model, event)
    model.living.do("lay_on_extras")


def open_given_group(model: TwinModel, name: str, spec: GroupSpec, event: int) -> None:
    """Open a group whose levers and owner the scenario gives."""
    owner = model.person_named(str(spec.owner))
    levers = lever_columns(model.given, spec) | {"owner_voice": owner.voice}
    group = model.open_group(name, group_key(name), owner, levers)
    model.note(event, group, owner)


def happen(model: TwinModel, event: Any) -> None:
    """Let one event happen; what is an owner's doing needs an owner."""
    number = code.EVENTS.index(event.event)
    if event.event == "rival_opens":
        spec = model.given.resolved_rivals()[event.name]
        open_given_group(model, event.name, spec, number)
        return
    for group in model.living:
        named = event.groups == "all" or group.name in event.groups
        if named and (group.owner or event.event == "supply_stops"):
            owner = group.owner
            HAPPENINGS[event.event](group, event)
            model.note(number, group, owner)


def end_of(group: Group, event: Any) -> int:
    """First day on which an event is over."""
    return FOR_GOOD if event.days is None else group.model.day + event.days


def owner_leaves(group: Group, event: Any) -> None:
    """The owner leaves for good."""
    group.part(group.members[group.owner], code.OWNER_LEFT)
    group.owner = None


def owner_silent(group: Group, event: Any) -> None:
    """The owner gives nothing and looks after nobody."""
    until = end_of(group, event)
    group.members[group.owner].mute(until)
    group.owner_muted = max(group.owner_muted, until)


def supply_stops(group: Group, event: Any) -> None:
    """Owner and core layer give nothing, or as many others drawn by lot."""
    members = sorted(group.members.values(), key=lambda m: m.person.row)
    leading = [m for m in members if m.standing in (code.CORE, code.OWNER)]
    others = [m for m in members if m.standing not in (code.CORE, code.OWNER, code.QUIET)]
    others.sort(key=lambda m: m.draw(SILENCED))
    for m in leading if event.who == "core" else others[: len(leading)]:
        m.mute(end_of(group, event))


def advertising(group: Group, event: Any) -> None:
    """More advertising for some days."""
    group.extras.append(Extra("extra_advertising", event.hours, end_of(group, event)))


def red_envelopes(group: Group, event: Any) -> None:
    """More red envelopes for some days."""
    group.extras.append(Extra("extra_envelopes", event.amount, end_of(group, event)))


def meet_up(group: Group, event: Any) -> None:
    """One meeting offline today."""
    group.meet_up_on = group.model.day


def rules_changed(group: Group, event: Any) -> None:
    """The owner pulls levers; new posted rules are believed until tested."""
    given, changes = group.model.given, event.set.given()
    spec = GroupSpec.model_construct(**dict(given.group) | changes, owner=None)
    columns = lever_columns(given, spec)
    names = {"advertising_values": "advertised_values"}
    group.pull({name: columns[name] for name in (names.get(c, c) for c in changes)})
    if "rules_stated" in changes:
        group.order = group.rules_stated


HAPPENINGS: dict[str, Callable[[Group, Any], None]] = {
    "owner_leaves": owner_leaves,
    "owner_silent": owner_silent,
    "supply_stops": supply_stops,
    "advertising": advertising,
    "red_envelopes": red_envelopes,
    "meet_up": meet_up,
    "rules_changed": rules_changed,
}
