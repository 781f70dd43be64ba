"""What is compared: two scenarios with the same people, and whom the second world lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selforg_sim.errors import UsageError, nearest
from selforg_sim.scenario import (
    changed,
    contacts_digest,
    contacts_file,
    diff,
    load_scenario,
    scenario_hash,
)
from selforg_sim.scenario.contact_files import read_contacts
from selforg_sim.scenario.events import Event
from selforg_sim.scenario.schema import Scenario

Source = Scenario | str | Path
"""A scenario, or the file or name of one."""

KEPT = (
    "record.series_every=1",
    "record.memberships_every=0",
    "record.invitations=false",
    "record.events=false",
)
"""What both runs keep: the groups day by day, so that the day on which they part can be told."""

WAYS = (
    "--without takes person:ROW (a row of the table of people), kind:NAME (everybody of a kind), "
    "or NAME:NUMBER (one of a kind, from 0)"
)


@dataclass(frozen=True)
class Pair:
    """Two worlds that are to be run with the same luck.

    Attributes
    ----------
    a, b : the two scenarios
    without : whom the second world lacks, as asked
    absent : rows of these people, ascending
    settings : settings that differ, as (dotted key, value in ``a``, value in ``b``)
    """

    a: Scenario
    b: Scenario
    without: tuple[str, ...]
    absent: tuple[int, ...]
    settings: tuple[tuple[str, Any, Any], ...]

    @property
    def days(self) -> int:
        """How many days both worlds live."""
        return self.a.horizon

    @property
    def names(self) -> tuple[str, str]:
        """How the two worlds are called; alike where both come from one scenario."""
        return self.a.name, self.b.name

    def differences(self) -> list[str]:
        """What differs, a line for each setting, event and person left out.

        Where the two have different kinds of events, those that only one of them has are told.
        """
        kinds = [[event.event for event in world.events] for world in (self.a, self.b)]
        alike = kinds[0] == kinds[1]
        lines = [
            f"{key}: {setting(one)} in A, {setting(other)} in B"
            for key, one, other in self.settings
            if alike or not key.startswith("events.")
        ]
        if not alike:
            for name, world, other_world in (("A", self.a, self.b), ("B", self.b, self.a)):
                there = [event_told(event) for event in other_world.events]
                only = [event_told(e) for e in world.events if event_told(e) not in there]
                lines += [f"only in {name}: {told}" for told in only]
        if self.without:
            people = f"{len(self.absent):,} people" if len(self.absent) > 1 else "1 person"
            lines.append(f"B is without {', '.join(self.without)} ({people})")
        return lines

    def identity(self) -> dict[str, Any]:
        """What makes this pair this pair: two pairs alike in it give the same results."""
        return {
            "a": scenario_hash(self.a),
            "b": scenario_hash(self.b),
            "without": sorted(self.without),
            "contacts": contacts_digest(self.a),
        }


def pair_of(
    a: Source,
    b: Source | None = None,
    *,
    changes: Sequence[str] = (),
    changes_a: Sequence[str] = (),
    without: Sequence[str] = (),
    days: int | None = None,
) -> Pair:
    """Make a pair of worlds, or say why the two cannot be compared.

    Parameters
    ----------
    a, b : scenarios, files or names; without ``b`` the second world is made from ``a``
    changes, changes_a : texts ``key=value`` laid over the second and over the first
    without : whom the second world lacks: ``person:17``, ``kind:troublemaker``, ``lurker:3``
    days : how many days both live, instead of the scenarios'

    Raises
    ------
    UsageError
        If nothing differs by intent, the people differ, or somebody to be left out is not there.

    Examples
    --------
    >>> pair = pair_of("smoke", changes=["group.strictness=0.8"], without=["owner:0"])
    >>> pair.settings, pair.absent
    ((('group.strictness', 0.2, 0.8),), (0,))
    """
    first = _loaded(a)
    if b is None and not (changes or changes_a or without):
        raise UsageError(
            "There is one scenario only, and nothing is changed in it. Name a second one, change "
            "one value with --set KEY=VALUE, or leave somebody out with --without."
        )
    _refuse_idle([*changes, *changes_a], days)
    also = [*KEPT, *([] if days is None else [f"horizon={days}"])]
    one = changed(first, [*changes_a, *also])
    other = changed(first if b is None else _loaded(b), [*changes, *also])
    _check_comparable(one, other)
    counts = _counts(other)
    absent = sorted({row for text in without for row in _rows(text, counts)})
    settings = tuple(setting for setting in diff(one, other) if setting[0] not in ABOUT)
    return Pair(one, other, tuple(without), tuple(absent), settings)


def _refuse_idle(changes: Sequence[str], days: int | None) -> None:
    """Refuse changes that would do nothing, or that something else decides."""
    for text in changes:
        key = text.split("=")[0].strip()
        if key in IDLE or key.startswith("record."):
            raise UsageError(
                f"--set {text}: this changes nothing in a world, so there is nothing to compare."
            )
        if key == "seed":
            raise UsageError(
                f"--set {text}: the two worlds share their luck; --seed N says with which seed to "
                "begin, --seeds N how many there are."
            )
        if key == "horizon" and days is not None:
            raise UsageError(
                f"--set {text}: --days {days} says how long both worlds live; leave one of the two "
                "out."
            )


def setting(value: Any) -> str:
    """A value of a setting in words.

    >>> setting(None), setting(0.8), setting(("g1", "g2"))
    ('(none)', '0.8', 'g1, g2')
    """
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key} {setting(inner)}" for key, inner in value.items())
    return "(none)" if value is None else str(value)


def event_told(event: Event) -> str:
    """An event in words.

    >>> from selforg_sim.scenario.events import OwnerLeaves
    >>> event_told(OwnerLeaves(event="owner_leaves", day=60, groups=["g1", "g2"]))
    'day 60, owner leaves (groups g1, g2)'
    """
    given = event.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    told = [f"{key} {setting(value)}" for key, value in given.items() if key not in EVENT_ITSELF]
    about = f" ({'; '.join(told)})" if told else ""
    return f"day {event.day}, {event.event.replace('_', ' ')}{about}"


EVENT_ITSELF = ("day", "event")
IDLE = ("name", "title", "description")
ABOUT = (*IDLE, "seed")
"""Settings that change nothing in a world whose seed is given."""


def _loaded(source: Source) -> Scenario:
    return source if isinstance(source, Scenario) else load_scenario(source)


def _counts(scenario: Scenario) -> dict[str, int]:
    path = contacts_file(scenario)
    return scenario.counts(None if path is None else len(read_contacts(path).ids))


def _check_comparable(a: Scenario, b: Scenario) -> None:
    """Refuse two scenarios whose worlds would not have the same people and days."""
    if a.horizon != b.horizon:
        raise UsageError(
            f"A ({a.name}) lasts {a.horizon} days and B ({b.name}) {b.horizon}. "
            "Say how long both are to run, as in --days 180."
        )
    if contacts_file(a) != contacts_file(b):
        raise UsageError(
            f"A ({a.name}) and B ({b.name}) take their contacts from different places "
            f"({_contacts(a)}; {_contacts(b)}), so their people are not the same. Only worlds of "
            "the same people can be compared."
        )
    one, other = _counts(a), _counts(b)
    if one != other:
        kinds = [kind for kind in {**one, **other} if one.get(kind, 0) != other.get(kind, 0)]
        told = "; ".join(f"{kind}: {one.get(kind, 0)} and {other.get(kind, 0)}" for kind in kinds)
        raise UsageError(
            f"A ({a.name}) and B ({b.name}) have different people ({told}). Only worlds of the "
            "same people can be compared: give both the same counts (--set-a changes A, --set "
            "changes B). To take people away, use --without."
        )
    if list(one) != list(other):
        raise UsageError(
            f"A ({a.name}) and B ({b.name}) name the kinds of people in different orders "
            f"({', '.join(one)}; {', '.join(other)}). Write [people] in the same order in both."
        )
    if a.values.dimensions != b.values.dimensions:
        told = "; ".join(", ".join(world.values.dimensions) for world in (a, b))
        raise UsageError(
            f"A ({a.name}) and B ({b.name}) have different values ({told}), so their people are "
            "not the same."
        )


def _contacts(scenario: Scenario) -> str:
    return str(contacts_file(scenario) or scenario.contacts.generator)


def _rows(text: str, counts: dict[str, int]) -> range:
    """Rows of the people that ``--without`` names."""
    what, _, which = text.partition(":")
    if what == "kind" and which:
        return _rows_of_kind(text, which, counts)
    if not which.isdecimal() or len(which) > 18:
        guess = f"Did you mean person:{text}? " if text.isdecimal() else ""
        guess = "Give --without once for each. " if "," in text else guess
        guess = f"Did you mean kind:{text} or {text}:0? " if text in counts else guess
        raise UsageError(f"--without {text}: this names nobody. {guess}{WAYS}.")
    number, total = int(which), sum(counts.values())
    if what == "person":
        if number >= total:
            raise UsageError(
                f"--without {text}: there is no such person; the rows are 0 to {total - 1}."
            )
        return range(number, number + 1)
    rows = _rows_of_kind(text, what, counts)
    if number >= len(rows):
        raise UsageError(
            f"--without {text}: of the kind '{what}' there are people numbered from 0 to "
            f"{len(rows) - 1}."
        )
    return rows[number : number + 1]


def _rows_of_kind(text: str, kind: str, counts: dict[str, int]) -> range:
    if kind not in counts:
        raise UsageError(
            f"--without {text}: there is no kind of people '{kind}'. {nearest(kind, counts)}"
        )
    start = 0
    for name, count in counts.items():
        if name == kind:
            break
        start += count
    if not counts[kind]:
        raise UsageError(f"--without {text}: nobody is of the kind '{kind}' in this scenario.")
    return range(start, start + counts[kind])
