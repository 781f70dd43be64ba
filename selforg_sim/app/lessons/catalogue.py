"""The lessons as data: nine lessons, a sandbox and three puzzles, one file each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from selforg_sim.app.lessons.conditions import Condition, condition
from selforg_sim.scenario.load import load_scenario, scenario_from_dict
from selforg_sim.scenario.schema import Scenario

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Prediction:
    """What the learner is asked before the world runs.

    Parameters
    ----------
    kind : "choose" one of some options, "draw" a curve over the days, "guess" numbers
    options : for "choose", what makes each option the right one; the first that holds counts
    measure, of : for "draw", whose curve
    low, high : for "draw", the range of the picture
    measures : for "guess", whose values on the last day
    """

    kind: str
    options: tuple[Condition | None, ...] = ()
    measure: str = "size"
    of: str = "all"
    low: float = 0.0
    high: float = 1.0
    measures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lesson:
    """One lesson.

    Parameters
    ----------
    key : its name in links
    number : its place among the lessons or the puzzles
    kind : "lesson", "puzzle" or "sandbox"
    days : days of the first run
    levers : which are shown; None: all
    levers_of : the group on which levers of groups act; None: all groups
    words : title, question, steps, prediction, options, compare and tasks, by language
    scenario_table : its scenario, as in a scenario's file; or the name of a shipped one
    prediction : what is asked first
    tasks : what is to be done at last
    solution : levers with which it is done, for the tests
    """

    key: str
    number: int
    kind: str
    days: int
    words: Mapping[str, Mapping[str, Any]]
    scenario_table: Mapping[str, Any] | str
    levers: tuple[str, ...] | None = None
    levers_of: str | None = None
    prediction: Prediction | None = None
    tasks: tuple[tuple[Condition, ...], ...] = ()
    solution: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its name in links, once more."""
        return self.key

    @property
    def steps(self) -> int:
        """How many steps it has."""
        return len(self.words["en"]["steps"])

    def scenario(self) -> Scenario:
        """The scenario that it is about."""
        table = self.scenario_table
        if isinstance(table, str):
            return load_scenario(table)
        title = self.words["en"]["title"]
        return scenario_from_dict({"name": f"lesson_{self.key}", "title": title, **table})


def read(path: Path) -> Lesson:
    """Read the file of a lesson."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    asked = table.pop("prediction", None)
    levers = table.pop("levers", None)
    return Lesson(
        words={"en": table.pop("en"), "zh": table.pop("zh")},
        scenario_table=table.pop("scenario"),
        prediction=_prediction(asked) if asked else None,
        levers=None if levers is None else tuple(levers),
        tasks=tuple(_task(task) for task in table.pop("task", ())),
        **table,
    )


def _prediction(table: dict[str, Any]) -> Prediction:
    options = tuple(condition(o) if o else None for o in table.pop("options", ()))
    return Prediction(options=options, measures=tuple(table.pop("measures", ())), **table)


def _task(table: dict[str, Any]) -> tuple[Condition, ...]:
    return tuple(condition(part) for part in table.get("all", [table]))


def _all() -> dict[str, Lesson]:
    found = [read(path) for path in HERE.glob("*.toml")]
    order = {"lesson": 0, "sandbox": 1, "puzzle": 2}
    return {x.key: x for x in sorted(found, key=lambda x: (order[x.kind], x.number))}


LESSONS: dict[str, Lesson] = _all()
"""Every lesson by its key: the nine, the sandbox, the puzzles."""


def menu(language: str) -> list[dict[str, Any]]:
    """What the menu of the page shows."""
    return [
        {
            "id": lesson.key, "kind": lesson.kind, "number": lesson.number,
            "title": lesson.words[language]["title"],
        }
        for lesson in LESSONS.values()
    ]  # fmt: skip
