"""One side of a comparison: a world that halts after every phase and answers questions.

This file is run as a program of its own, by its path, so that an older version of the package can
be watched, too: it imports from the package only what was always there. It reads and writes one
line of JSON at a time:

- at each halt it says the day, the phase, and a digest of every column that may have changed;
- ``{"show": FILE, "names": [...]}`` writes columns to a file, in the order of their keys;
- ``{"describe": [NAME, PLACE]}`` says in words what stands at one place of a column;
- ``{"phases": [...]}`` says after which phases to halt from now on;
- ``{}`` lets the world go on to the next halt.

Rows are put in the order of stable keys, and row numbers within columns are replaced by the keys
that they stand for, so that another numbering is no difference.
"""

from __future__ import annotations

import inspect
import json
import sys
import zlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import IO, Any

import numpy as np

from selforg_sim import __version__
from selforg_sim.engine import codes
from selforg_sim.engine.loop import Loop
from selforg_sim.happenings import begin_day
from selforg_sim.plan import PLAN
from selforg_sim.scenario import load_scenario
from selforg_sim.world import World, build_world

BIRTH, BEGIN, END = "at birth", "the day begins", "the day ends"
TABLES = ("people", "contacts", "memberships", "groups", "requests")
PERSON_ROWS = {"member_person", "invited_by", "owner", "founder", "request_from", "request_person"}
GROUP_ROWS = {"member_group", "parent", "request_group", "request_leaves"}
NUMBERING = {"spell", "kind"}
"""Columns of mere numbering: rows of the record, and kinds in the order of the file."""
UNSAID = ("title", "description")
INDEX_BITS, GROUP_BITS = 26, 32
WORDS = {
    "standing": codes.STANDINGS,
    "discovery": codes.DISCOVERIES,
    "entry": codes.ENTRIES,
    "removers": codes.REMOVERS,
    "request_outcome": codes.OUTCOMES,
}


class ByKey:
    """The tables of a world in the order of their keys, as they are at one moment."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.state = world.state
        self.person_key = self.state.people["person_key"].astype(np.uint64)
        self.group_key = self.state.groups["group_key"].astype(np.uint64)
        self.key_of_person = np.append(self.person_key.astype(np.int64), -1)
        self.key_of_group = np.append(self.group_key.astype(np.int64), -1)
        self.platforms = {zlib.crc32(n.encode()): n for n in world.scenario.platforms}

    def keys(self, table: str) -> Any:
        """Keys of the rows of a table, ascending; with two, the person's stands above."""
        return self._ordered(table)[0]

    def column(self, table: str, name: str) -> Any:
        """One column in the order of the keys, as whole numbers or floats of eight bytes."""
        array = self._array(table, name)[self._ordered(table)[1]]
        if name in PERSON_ROWS:
            array = self.key_of_person[array]
        if name in GROUP_ROWS:
            array = self.key_of_group[array]
        if name == "platform":
            array = np.array(list(self.platforms))[array]
        return array.astype(np.float64 if array.dtype.kind == "f" else np.int64, copy=False)

    def names(self) -> Iterator[tuple[str, str]]:
        """Table and name of every column that is compared."""
        for table in TABLES:
            if table != "contacts":
                for column in getattr(self.state, table).columns:
                    if column.name not in NUMBERING:
                        yield table, column.name

    def _array(self, table: str, name: str) -> Any:
        found = getattr(self.state, table)
        return found.arrays[name] if table == "memberships" else found[name]

    def _ordered(self, table: str) -> Any:
        return getattr(self, f"_{table}")

    @cached_property
    def _people(self) -> tuple[Any, Any]:
        order = np.argsort(self.person_key, kind="stable")
        return self.person_key[order], order

    @cached_property
    def _groups(self) -> tuple[Any, Any]:
        order = np.argsort(self.group_key, kind="stable")
        return self.group_key[order], order

    @cached_property
    def _memberships(self) -> tuple[Any, Any]:
        rows = self.state.memberships.rows()
        a = self.state.memberships.arrays
        keys = self._pairs(a["member_person"][rows], a["member_group"][rows])
        order = np.argsort(keys, kind="stable")
        return keys[order], rows[order]

    @cached_property
    def _requests(self) -> tuple[Any, Any]:
        found = self.state.requests
        keys = self._pairs(found["request_person"], found["request_group"])
        order = np.argsort(keys, kind="stable")
        return keys[order], order

    @cached_property
    def _contacts(self) -> tuple[Any, Any]:
        contacts = self.state.contacts
        person = np.repeat(self.person_key, np.diff(contacts.first))
        keys = (person << np.uint64(GROUP_BITS)) | self.person_key[contacts.other]
        return np.sort(keys), np.arange(keys.size)

    def _pairs(self, people: Any, groups: Any) -> Any:
        return (self.person_key[people] << np.uint64(GROUP_BITS)) | self.group_key[groups]

    def described(self, table: str, name: str, place: int, element: int) -> dict[str, Any]:
        """Whose the number at a place is, and what it says."""
        key = int(self.keys(table)[place])
        told: dict[str, Any] = {}
        if table == "groups":
            return {"group": self.group_name(key), **self._value(table, name, place, element)}
        told["person"] = self.person_name(key if table == "people" else key >> GROUP_BITS)
        if table == "contacts":
            told["other"] = self.person_name(key % 2**GROUP_BITS)
        elif table != "people":
            told["group"] = self.group_name(key % 2**GROUP_BITS)
        return told | self._value(table, name, place, element)

    def _value(self, table: str, name: str, place: int, element: int) -> dict[str, Any]:
        if not name:
            return {}
        value = self.column(table, name)[place]
        if not value.ndim:
            return {"value": self._in_words(name, value.item())}
        dimensions = self.world.scenario.values.dimensions
        label = dimensions[element] if value.size == len(dimensions) else str(element)
        return {"value": value[element].item(), "element": label}

    def _in_words(self, name: str, value: Any) -> Any:
        if name in PERSON_ROWS or name in GROUP_ROWS:
            say = self.person_name if name in PERSON_ROWS else self.group_name
            return say(value) if value >= 0 else "nobody" if name in PERSON_ROWS else "none"
        if name == "platform":
            return self.platforms[value]
        if name in WORDS and 0 <= value < len(WORDS[name]):
            return WORDS[name][value]
        return value

    def person_name(self, key: int) -> str:
        """Kind and number within it, as scenarios name a person."""
        row = int(np.flatnonzero(self.person_key == np.uint64(key))[0])
        kind = self.world.kinds[int(self.state.people["kind"][row])]
        return f"{kind}:{key % 2**INDEX_BITS}"

    def group_name(self, key: int) -> str:
        """A group's name in results."""
        row = int(np.flatnonzero(self.group_key == np.uint64(key))[0])
        return str(self.state.group_names[row])


class Watcher:
    """Halts a world, says digests, and answers until it is told to go on."""

    def __init__(self, world: World, answers: IO[str]) -> None:
        self.world = world
        self.answers = answers
        self.phases: set[str] = set()
        self.digests: dict[str, int] = {}
        self.changed: set[str] | None = set()

    def halt(self, phase: str, touched: Iterable[str] | None, **further: Any) -> None:
        """Halt after a phase that may have changed the ``touched`` columns; None for all."""
        self.changed = None if touched is None or self.changed is None else {
            *self.changed, *touched,
        }  # fmt: skip
        if phase not in self.phases and phase not in (BIRTH, BEGIN, END):
            return
        now = ByKey(self.world)
        told = self.fresh_digests(now, birth=phase == BIRTH)
        self.changed = set()
        day = self.world.state.day
        self.say({"day": day, "phase": phase, "digests": told, **further})
        while question := json.loads(sys.stdin.readline() or sys.exit()):
            self.answer(question, now)

    def fresh_digests(self, now: ByKey, *, birth: bool) -> dict[str, int]:
        """Digests that are not as they were when last said."""
        fresh: dict[str, int] = {}
        for table in TABLES if birth else TABLES[2:]:
            if self.changed is None:
                fresh[f"{table}."] = zlib.crc32(now.keys(table))
        for table, name in now.names():
            if self.changed is None or name in self.changed:
                fresh[f"{table}.{name}"] = zlib.crc32(now.column(table, name))
        fresh = {name: digest for name, digest in fresh.items() if digest != self.digests.get(name)}
        self.digests |= fresh
        return fresh

    def answer(self, question: dict[str, Any], now: ByKey) -> None:
        """Answer one question."""
        if "phases" in question:
            self.phases = set(question["phases"])
            self.say({})
        elif "show" in question:
            pairs = (name.split(".") for name in question["names"])
            shown = {
                f"{table}.{name}": now.column(table, name) if name else now.keys(table)
                for table, name in pairs
            }
            np.savez(question["show"], **shown)
            self.say({})
        else:
            name, place, element = question["describe"]
            table, _, column = name.partition(".")
            self.say(now.described(table, column, place, element))

    def say(self, told: dict[str, Any]) -> None:
        """Write one line."""
        self.answers.write(json.dumps(told) + "\n")
        self.answers.flush()


class WatchedLoop(Loop):
    """A loop that halts after every phase."""

    watcher: Watcher

    def run(self, state: Any, phase: Any) -> int:
        """Run one phase and halt."""
        wanted = super().run(state, phase)
        self.watcher.halt(phase.name, None if phase.span == "world" else written_by(phase.kernel))
        return wanted


def written_by(kernel: Any) -> Iterable[str]:
    """Names of the columns that a kernel may write: it has no others than its arguments."""
    return inspect.signature(getattr(kernel, "py_func", kernel)).parameters


def settings(value: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a scenario by its dotted key."""
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        inner = ((str(number), item) for number, item in enumerate(value, start=1))  # type: ignore[assignment]
    else:
        if where not in UNSAID and value is not None:
            yield where, value
        return
    for key, item in inner:
        yield from settings(item, f"{where}.{key}" if where else key)


def live(wanted: dict[str, Any], answers: IO[str]) -> None:
    """Build the world and live day after day, until nobody listens any more."""
    scenario = load_scenario(wanted["scenario"], wanted["changes"])
    seed = scenario.seed if wanted["seed"] is None else wanted["seed"]
    world = build_world(scenario, seed)
    watcher = Watcher(world, answers)
    watcher.halt(
        BIRTH,
        None,
        version=__version__,
        plan=[(phase.name, phase.step, phase.point) for phase in PLAN],
        horizon=scenario.horizon,
        settings=dict(settings(scenario.model_dump(mode="json"))) | {"seed": seed},
    )
    loop = WatchedLoop(PLAN, wanted["threads"])
    loop.watcher = watcher
    while True:
        begin_day(world)
        watcher.halt(BEGIN, None)
        loop.advance(world.state)
        watcher.halt(END, None)


def main() -> None:
    """Watch the world that the first argument asks for."""
    answers, sys.stdout = sys.stdout, sys.stderr  # whatever else prints must not come between
    try:
        live(json.loads(sys.argv[1]), answers)
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(1)
    except Exception as error:
        code = getattr(error, "exit_code", None)
        text = str(error) if code else f"{type(error).__name__}: {error}"
        answers.write(json.dumps({"failed": text, "code": code or 1}) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
