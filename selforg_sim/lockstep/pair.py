"""Two worlds in lockstep: phase after phase, until they differ."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from selforg_sim.errors import UsageError
from selforg_sim.lockstep.difference import (
    ABSENT,
    PRESENT,
    TABLES,
    Difference,
    Found,
    differing_rows,
    missing_rows,
)
from selforg_sim.lockstep.side import Running, Side

if TYPE_CHECKING:
    from selforg_sim.scenario import Scenario

Progress = Callable[[int], None]
"""Called once a day as ``progress(day)``."""

LABELS = ("A", "B")


class Pair:
    """Two worlds, just born, each in a process of its own; to be used in a ``with`` statement.

    Parameters
    ----------
    a, b : what they are made from

    Attributes
    ----------
    settings : settings that differ, as (dotted key, value in a, value in b)
    notes : sentences on what cannot be compared
    horizon : days of the shorter scenario
    """

    def __init__(self, a: Side, b: Side) -> None:
        with ExitStack() as stack:
            self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            self.sides = []
            for side, label in zip((a, b), LABELS, strict=True):
                self.sides.append(Running(side, label, self.folder))
                stack.callback(self.sides[-1].close)
            one, two = self.births = [side.answer() for side in self.sides]
            self.digests: list[dict[str, int]] = [one["digests"], two["digests"]]
            self.horizon = min(one["horizon"], two["horizon"])
            self.settings = differing_settings(one["settings"], two["settings"])
            self.notes = self._agree_on_phases()
            self._stack = stack.pop_all()

    def __enter__(self) -> Pair:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def first_difference(
        self, days: int | None = None, progress: Progress | None = None
    ) -> Difference | None:
        """Let both live until they differ, or ``days`` are over; those of the shorter if None.

        Raises
        ------
        UsageError
            If the two worlds have not the same people.
        RunError
            If one of them fails.
        """
        last = self.horizon if days is None else days
        day, phase = 0, self.births[0]["phase"]
        while True:
            found = self._difference(day, phase)
            if found is not None or (day == last and phase in ("at birth", "the day ends")):
                return found
            told = self._ask_both()
            for digests, now in zip(self.digests, told, strict=True):
                digests |= now["digests"]
            if progress and told[0]["day"] != day:
                progress(told[0]["day"])
            day, phase = told[0]["day"], told[0]["phase"]

    def _agree_on_phases(self) -> list[str]:
        """Choose the phases after which to compare; say what is left out."""
        plans = [[name for name, _, _ in birth["plan"]] for birth in self.births]
        columns = [set(digests) for digests in self.digests]
        notes = []
        versions = [birth["version"] for birth in self.births]
        if versions[0] != versions[1]:
            notes.append(f"A is version {versions[0]}, B is version {versions[1]}.")
        if plans[0] == plans[1]:
            self._ask_both(phases=plans[0])
        else:
            notes.append(
                "The plans of a day differ, so the worlds are compared at its beginning and its "
                f"end.{_only('Phases', set(plans[0]), set(plans[1]))}"
            )
        if columns[0] != columns[1]:
            notes.append(f"Not all columns are in both.{_only('Columns', *columns)}")
        return notes

    def _ask_both(self, **question: Any) -> list[dict[str, Any]]:
        for side in self.sides:
            side.ask(**question)
        return [side.answer() for side in self.sides]

    def _difference(self, day: int, phase: str) -> Difference | None:
        one, two = self.digests
        names = [name for name in one if name in two and one[name] != two[name]]
        if not names:
            return None
        found = self._found(names)
        first = found[0]
        told = self._told(first)
        if first.count.table == "people" and not first.count.column:
            raise UsageError(self._other_people(first))
        a, b = (
            [t.get("value") for t in told]
            if first.count.column
            else [PRESENT if t else ABSENT for t in told]
        )
        whose = {**told[0], **told[1]}
        steps = {name: (step, point) for name, step, point in self.births[0]["plan"]}
        step = f"step {steps[phase][0]}, {_words(steps[phase][1])}" if phase in steps else None
        return Difference(
            day, phase, first.count.table, first.count.column, a, b,
            **{key: whose.get(key) for key in ("person", "other", "group", "element")},
            step=step, counts=tuple(f.count for f in found),
        )  # fmt: skip

    def _found(self, names: list[str]) -> list[Found]:
        """Of every table the rows that are missing, then the columns that differ."""
        tables = [t for t in TABLES if any(name.startswith(f"{t}.") for name in names)]
        wanted = {*names, *(f"{table}." for table in tables)}
        files = [self.folder / f"{label}.npz" for label in LABELS]
        for side, file in zip(self.sides, files, strict=True):
            side.ask(show=str(file), names=sorted(wanted))
        for side in self.sides:
            side.answer()
        found: list[Found | None] = []
        with np.load(files[0]) as a, np.load(files[1]) as b:
            for table in tables:
                keys = a[f"{table}."], b[f"{table}."]
                found.append(missing_rows(table, *keys))
                for name in names:
                    of, column = name.split(".")
                    if of == table and column:
                        found.append(differing_rows(table, column, *keys, a[name], b[name]))
        return [rows for rows in found if rows is not None]

    def _told(self, found: Found) -> list[dict[str, Any]]:
        """What either side says of the first differing row; nothing where it has none."""
        name = f"{found.count.table}.{found.count.column}"
        told = []
        for side, place in zip(self.sides, (found.place_a, found.place_b), strict=True):
            if place is not None:
                side.ask(describe=[name, place, found.element])
            told.append({} if place is None else side.answer())
        return told

    def _other_people(self, found: Found) -> str:
        whose = {k: v for told in self._told(found) for k, v in told.items()}
        label = LABELS[0] if found.place_b is None else LABELS[1]
        return (
            f"The two worlds cannot be compared, as they have not the same people: "
            f"{found.count.differing:,} of {found.count.rows:,} are in one of them only, the first "
            f"being {whose['person']} in {label}. Give both as many people of each kind."
        )


def first_difference(
    a: Side | Scenario | Path | str, b: Side | Scenario | Path | str, days: int | None = None
) -> Difference | None:
    """The first difference of two worlds; None if they are equal to the bit.

    Parameters
    ----------
    a, b : scenarios, their files or names, or sides with further choices
    days : how many days to compare; those of the shorter scenario if None

    Raises
    ------
    UsageError
        If a world cannot be made, or the two have not the same people.
    RunError
        If one of them fails.

    Examples
    --------
    >>> found = first_difference("smoke", Side("smoke", seed=2), days=0)
    >>> found.phase, found.person
    ('at birth', 'owner:0')
    """
    sides = [side if isinstance(side, Side) else Side(side) for side in (a, b)]
    with Pair(*sides) as pair:
        return pair.first_difference(days)


def differing_settings(a: dict[str, Any], b: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Keys whose values differ, with both; None where there is none.

    >>> differing_settings({"seed": 1, "horizon": 60}, {"seed": 2, "horizon": 60})
    [('seed', 1, 2)]
    """
    keys = dict.fromkeys([*a, *b])
    return [(key, a.get(key), b.get(key)) for key in keys if a.get(key) != b.get(key)]


def _words(name: str) -> str:
    return name.replace("_", " ")


def _only(what: str, a: set[str], b: set[str]) -> str:
    """What is found on one side only, in words."""
    parts = [
        f" {what} only in {label}: {', '.join(sorted(names))}."
        for label, names in zip(LABELS, (a - b, b - a), strict=True)
        if names
    ]
    return "".join(parts)
