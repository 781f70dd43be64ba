"""A visitor's way through a lesson: predict, run, compare, do the task."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from selforg_sim.app.lessons.catalogue import LESSONS, Lesson
from selforg_sim.app.lessons.conditions import Held
from selforg_sim.app.lessons.measures import series
from selforg_sim.app.lessons.seen import held, note, seen
from selforg_sim.engine.limits import LAST_DAY
from selforg_sim.errors import UsageError, nearest
from selforg_sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from selforg_sim.app.visit import Visit

Lived = tuple[Mapping[str, Any], Held, bool]

LOOKED_EVERY = 5
"""Days between two looks at the task."""
MOST_POINTS = 200


class Course:
    """One lesson, and how far the visitor is with it.

    Parameters
    ----------
    key : the lesson's key

    Attributes
    ----------
    step : the step that is shown, from 0
    predicted : what the visitor predicted
    found : what the lesson's own run showed, in the same form
    done : for each task how far it is, 1 once it was done
    waits_for : a day that a link asks for, to be shown once there is a prediction

    Raises
    ------
    UsageError
        If there is no such lesson.
    """

    def __init__(self, key: str) -> None:
        if key not in LESSONS:
            raise UsageError(f"There is no lesson '{key}'. {nearest(key, LESSONS)}")
        self.lesson: Lesson = LESSONS[key]
        self.step = 0
        self.predicted: dict[str, Any] | None = None
        self.found: dict[str, Any] | None = None
        self.first: dict[str, Any] | None = None
        self.done = [0.0 for _ in self.lesson.tasks]
        self.waits_for = 0
        self._scenario = self.lesson.scenario()
        self._notes: dict[int, dict[str, Any]] = {}

    def world(self) -> tuple[Scenario, str | None]:
        """The scenario of the lesson, and the group on which its levers act."""
        return self._scenario, self.lesson.levers_of

    def go_to_step(self, step: Any) -> None:
        """Show another step."""
        if not isinstance(step, int) or not 0 <= step < self.lesson.steps:
            raise UsageError(f"This lesson has no step {step}.")
        self.step = step

    def predict(self, given: Mapping[str, Any]) -> None:
        """Take a prediction: {"choice": n}, {"points": [[day, value], ...]} or {"guesses": {...}}.

        Raises
        ------
        UsageError
            If it does not fit the lesson's question.
        """
        asked = self.lesson.prediction
        checks = {"choose": _choice, "draw": _points, "guess": _guesses}
        if asked is None:
            raise UsageError("This lesson asks for no prediction.")
        self.predicted = checks[asked.kind](given, asked)

    def look(self, *worlds: Lived) -> bool:
        """Look at the worlds; whether anything came of it that the page should show.

        A task is as far as it is in that world in which it is farthest; what was done stays done.

        Parameters
        ----------
        worlds : of each its history, as made by `selforg_sim.app.lessons.seen.seen`; what its
            levers have been since day 0; and whether it is another than the lesson's own
        """
        before = (self.found is None, self._shown())
        for history, _, changed in worlds:
            if self.found is None and not changed and history["day"] >= self.lesson.days:
                self.first = dict(history)
                self.found = self._found(history)
        for number, task in enumerate(self.lesson.tasks):
            parts = (
                min(part.progress(history, self.first, levers) for part in task)
                for history, levers, _ in worlds
            )
            self.done[number] = 1.0 if self.done[number] >= 1 else max(parts)
        return before != (self.found is None, self._shown())

    def watch(self, visit: Visit) -> bool:
        """Look at a visit's worlds in the evening; whether the page should be told."""
        side = visit.sides[0]
        moving = visit.player.playing or visit.player.hurry is not None
        if moving and side.day % LOOKED_EVERY and side.day not in (side.horizon, self.lesson.days):
            return False
        self._notes = {day: n for day, n in self._notes.items() if day < side.day}
        self._notes[side.day] = note(side)
        return self.look(*self._worlds(visit))

    def _worlds(self, visit: Visit) -> Iterator[Lived]:
        for number, (world, levers) in enumerate(zip(visit.sides, visit.pulled, strict=True)):
            notes = self._notes if number == 0 else None
            changed = bool(levers or world.pulls or world.seed != visit.preset.seed)
            yield seen(world, notes), held(world, visit.levers_of), changed

    def begin_again(self) -> None:
        """Forget the first run, to have it once more."""
        self.found, self.first = None, None
        self._notes = {}

    @property
    def untold(self) -> bool:
        """Whether a prediction is asked for and has not been given."""
        return self.lesson.prediction is not None and self.predicted is None

    @property
    def needs_first(self) -> bool:
        """Whether a task compares with the lesson's own run, and that has not been run."""
        return self.first is None and any(p.of_first for task in self.lesson.tasks for p in task)

    @property
    def finished(self) -> bool:
        """Whether every task is done."""
        return bool(self.done) and all(part >= 1 for part in self.done)

    def as_dict(self, language: str) -> dict[str, Any]:
        """What the page shows of it."""
        lesson, words = self.lesson, self.lesson.words[language]
        tasks = [
            {"text": text, "done": part >= 1, "progress": round(part, 2)}
            for text, part in zip(words.get("tasks", ()), self.done, strict=True)
        ]
        return {
            "id": lesson.key, "kind": lesson.kind, "number": lesson.number,
            "title": words["title"], "question": words["question"], "steps": list(words["steps"]),
            "step": self.step, "days": lesson.days, "prediction": self._asked(words),
            "predicted": self.predicted, "found": self.found, "compare": words.get("compare", ""),
            "levers": None if lesson.levers is None else list(lesson.levers),
            "tasks": tasks, "done": self.finished, "needs_first": self.needs_first,
            "seed": self._scenario.seed,
        }  # fmt: skip

    def _asked(self, words: Mapping[str, Any]) -> dict[str, Any] | None:
        asked = self.lesson.prediction
        if asked is None:
            return None
        return {
            "kind": asked.kind, "text": words["prediction"],
            "options": list(words.get("options", ())), "measures": list(asked.measures),
            "measure": asked.measure, "low": asked.low, "high": asked.high,
        }  # fmt: skip

    def _found(self, history: Mapping[str, Any]) -> dict[str, Any]:
        asked = self.lesson.prediction
        if asked is None:
            return {}
        if asked.kind == "choose":
            met = (o is None or o.progress(history) >= 1 for o in asked.options)
            return {"choice": next(n for n, holds in enumerate(met) if holds)}
        if asked.kind == "guess":
            last = {name: series(history, name)[self.lesson.days] for name in asked.measures}
            return {"guesses": last}
        values = series(history, asked.measure, asked.of)[: self.lesson.days + 1]
        return {"points": [[day, v] for day, v in enumerate(values) if v is not None]}

    def _shown(self) -> list[int]:
        """Progress in steps of a tenth, so that the page is not told of each day."""
        return [math.floor(10 * part) for part in self.done]


def _choice(given: Mapping[str, Any], asked: Any) -> dict[str, Any]:
    choice = given.get("choice")
    if not isinstance(choice, int) or not 0 <= choice < len(asked.options):
        raise UsageError("Choose one of the answers.")
    return {"choice": choice}


def _points(given: Mapping[str, Any], asked: Any) -> dict[str, Any]:
    points = given.get("points")
    if not isinstance(points, list) or not 2 <= len(points) <= MOST_POINTS:
        raise UsageError("Draw a curve from left to right.")
    pairs = [_pair(point) for point in points]
    drawn = {_number(day, 0, LAST_DAY): _number(v, asked.low, asked.high) for day, v in pairs}
    return {"points": [[day, drawn[day]] for day in sorted(drawn)]}


def _guesses(given: Mapping[str, Any], asked: Any) -> dict[str, Any]:
    guesses = given.get("guesses")
    if not isinstance(guesses, dict):
        raise UsageError("Guess every number.")
    return {"guesses": {name: _number(guesses.get(name), 0, 1) for name in asked.measures}}


def _pair(point: Any) -> tuple[Any, Any]:
    if not isinstance(point, list | tuple) or len(point) != 2:
        raise UsageError("A point of the curve has a day and a value.")
    return point[0], point[1]


def _number(given: Any, low: float, high: float) -> float:
    number = isinstance(given, int | float) and not isinstance(given, bool)
    if not number or not math.isfinite(given):
        raise UsageError(f"{given!r} was given; a number from {low:g} to {high:g} is valid.")
    return min(max(float(given), low), high)
