"""Keyframes: worlds as they were on some evenings, from which any day is reached quickly."""

from __future__ import annotations

import io
import pickle
from typing import Any

from selforg_sim.world import World

EVERY = 30
MOST = 8


class Keyframes:
    """Frozen worlds by day. When there are too many, every second one goes.

    What never changes is not frozen but shared: contacts, and the recorded days.
    """

    def __init__(self) -> None:
        self.every = EVERY
        self._frozen: dict[int, bytes] = {}

    def keep(self, world: World) -> None:
        """Freeze the world if its day is one to be kept."""
        day = world.state.day
        if day % self.every or day in self._frozen:
            return
        self._frozen[day] = frozen(world)
        if len(self._frozen) > MOST:
            self.every *= 2
            self._frozen = {d: f for d, f in self._frozen.items() if d % self.every == 0}

    def copy(self) -> Keyframes:
        """The same frozen worlds, to go on from apart."""
        copy = Keyframes()
        copy.every, copy._frozen = self.every, dict(self._frozen)
        return copy

    def cut(self, day: int) -> None:
        """Forget the worlds after a day."""
        self._frozen = {d: f for d, f in self._frozen.items() if d <= day}

    def latest(self, day: int, world: World) -> World:
        """The latest frozen world up to a day; ``world`` lends what is shared.

        Raises
        ------
        LookupError
            If there is none; there is always one of day 0 once it was kept.
        """
        before = [d for d in self._frozen if d <= day]
        if not before:
            raise LookupError(f"no world is kept of day {day} or before")
        return thawed(self._frozen[max(before)], world)


def frozen(world: World) -> bytes:
    """A world without what it shares with its later self."""
    into = io.BytesIO()
    series = world.state.record.days["series"]
    world.state.record.days["series"] = []
    try:
        _Freezer(into, _shared(world)).dump(world)
    finally:
        world.state.record.days["series"] = series
    return into.getvalue()


def thawed(frozen: bytes, world: World) -> World:
    """The world again; contacts and recorded days come from ``world``, its later self or twin."""
    found: World = _Thawer(io.BytesIO(frozen), _shared(world)).load()
    days = world.state.record.days["series"]
    found.state.record.days["series"] = days[: found.state.day + 1]
    return found


def _shared(world: World) -> list[Any]:
    contacts = world.state.contacts
    return [contacts, contacts.first, contacts.other, world.born_values, world.scenario]


class _Freezer(pickle.Pickler):
    def __init__(self, into: io.BytesIO, shared: list[Any]) -> None:
        super().__init__(into, protocol=pickle.HIGHEST_PROTOCOL)
        self._places = {id(thing): place for place, thing in enumerate(shared)}

    def persistent_id(self, obj: Any) -> int | None:
        return self._places.get(id(obj))


class _Thawer(pickle.Unpickler):
    def __init__(self, source: io.BytesIO, shared: list[Any]) -> None:
        super().__init__(source)
        self._shared = shared

    def persistent_load(self, pid: Any) -> Any:
        return self._shared[pid]
