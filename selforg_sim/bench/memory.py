"""Bytes per person, membership and tie, and the most memory that a process holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from selforg_sim.bench import child
from selforg_sim.bench.settings import Settings
from selforg_sim.bench.worlds import grown_world
from selforg_sim.engine.columns import Array, Table
from selforg_sim.engine.state import State
from selforg_sim.engine.types import Ints


def measure(settings: Settings) -> dict[str, Any]:
    """Grown towns of every size of ``settings.memory_people``."""
    return {"sizes": [of_size(people, settings) for people in settings.memory_people]}


def of_size(people: int, settings: Settings) -> dict[str, Any]:
    """One size: what its arrays weigh, and a run in a process of its own."""
    found = weighed(grown_world(people, settings.grown_days).state)
    return found | {"process": child.ask("peak", people, settings.grown_days)}


def weighed(state: State) -> dict[str, Any]:
    """Bytes of a state's arrays.

    A tie is between two people and stands twice, once with each. What grows with people counts to
    them: their table, where their rows and their contacts begin.
    """
    people, members = state.people.rows, max(1, len(state.memberships))
    columns = {column.name for column in state.memberships.columns}
    per_person = bytes_of(state.people.arrays.values()) + state.contacts.first.nbytes
    per_person += bytes_of(a for n, a in state.memberships.arrays.items() if n not in columns)
    held = bytes_of(state.memberships[name] for name in columns)
    a_row = sum(state.memberships[name].itemsize for name in columns)
    rows = state.memberships[min(columns)].shape[0]
    record = state.record
    others = {
        "list of rows": bytes_of([state.memberships.rows()]),
        "asked": bytes_of(state.asked.arrays.values()),
        "requests": bytes_of(state.requests.arrays.values()),
        "groups": bytes_of(state.groups.arrays.values()),
        "record": bytes_of(recorded(record)),
    }
    ties = max(1, state.contacts.other.shape[0] // 2)
    return {
        "people": people,
        "memberships": members,
        "groups": state.groups.rows,
        "ties": ties,
        "bytes_per_person": per_person / people,
        "bytes_per_membership": a_row,
        "bytes_per_membership_held": held / members,
        "rows_held_per_membership": rows / members,
        "bytes_per_tie": state.contacts.other.nbytes / ties,
        "other_bytes_per_person": {name: size / people for name, size in others.items()},
        "all_bytes_per_person": (
            per_person + held + state.contacts.other.nbytes + sum(others.values())
        ) / people,
        "request_bytes": sum(array.itemsize for array in state.requests.arrays.values()),
        "group_bytes": bytes_of(array[:1] for array in state.groups.arrays.values()),
    }  # fmt: skip


def bytes_of(arrays: Any) -> int:
    """Bytes of some arrays together."""
    return sum(int(array.nbytes) for array in arrays)


def recorded(record: Any) -> Iterator[Array | Ints]:
    """All arrays of a record."""
    for table in vars(record).values():
        if isinstance(table, Table):
            yield from table.arrays.values()
    for days in record.days.values():
        for day in days:
            yield from day.values()
