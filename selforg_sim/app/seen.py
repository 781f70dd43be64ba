"""What a visitor sees, put into a link or a command line, and brought back from a link."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from selforg_sim.app.levers import LEVERS, pulled, values_of
from selforg_sim.app.link import Moved, Wanted
from selforg_sim.errors import UsageError, nearest
from selforg_sim.scenario import Scenario, load_scenario, scenario_hash, scenario_names, to_toml
from selforg_sim.scenario.write import toml_value

if TYPE_CHECKING:
    from selforg_sim.app.visit import Visit
    from selforg_sim.app.worlds.side import Side

BY_SETTING = {
    lever.setting.removeprefix("group."): lever.key for lever in LEVERS.values() if lever.live
}
"""The keys of live levers by the name of what they set in a group."""


def wanted_of(visit: Visit) -> Wanted:
    """What a link must ask for to bring back what this visitor sees."""
    lesson = lesson_of(visit)
    shipped = lesson is None and is_shipped(visit.preset)
    own = None if lesson is not None or shipped else to_toml(visit.preset)
    of = visit.levers_of
    both = zip(visit.first, visit.sides, strict=True)
    sides = [tuple(_moves(first, side)) for first, side in both]
    return Wanted(
        scenario=visit.preset.name if shipped else None,
        own=own,
        a=sides[0],
        b=sides[1] if len(sides) > 1 else None,
        seed=visit.seed,
        day=visit.sides[0].day,
        lesson=lesson,
        lang=visit.language,
        of=of if lesson is None else None,
    )


def lesson_of(visit: Visit) -> str | None:
    """The key of the lesson that is open."""
    return None if visit.course is None else visit.course.lesson.key


def is_shipped(scenario: Scenario) -> bool:
    """Whether a scenario is, in every value, the shipped one of its name."""
    if scenario.name not in scenario_names():
        return False
    return scenario_hash(load_scenario(scenario.name)) == scenario_hash(scenario)


def standing(side: Side, of: str | None = None) -> dict[str, Any]:
    """The levers of a side, or of a group of it, by key, as they stand or were pulled today."""
    return values_of(side.asked, of) | pulled_by(side)


def pulled_by(side: Side) -> dict[str, Any]:
    """The levers that were pulled while a side lived, until its day and on it."""
    values: dict[str, Any] = {}
    for pull in side.pulls:
        if pull["day"] <= side.day + 1:
            values |= {BY_SETTING.get(name, name): value for name, value in pull["set"].items()}
    return values


def command_of(visit: Visit) -> str:
    """The command that lives the same days without the page.

    A scenario that is not a shipped one is called by the name under which it is downloaded.
    """
    preset = visit.preset
    name = preset.name if is_shipped(preset) else f"{preset.name}.toml"
    words = ["selforg", "run" if len(visit.sides) == 1 else "compare", name]
    last = ["--set"] if len(visit.sides) == 1 else ["--set-a", "--set"]
    for option, first, side in zip(last, visit.first, visit.sides, strict=True):
        for setting in _settings(side, pulled(preset, first, visit.levers_of)[1]):
            words += [option, setting]
    words += ["--seed", str(visit.seed), "--days", str(visit.sides[0].horizon)]
    return shlex.join(words)


def checked(moves: tuple[Moved, ...], scenario: Scenario) -> None:
    """Refuse levers that there are not, or that cannot move once a world lives.

    Raises
    ------
    UsageError
        With one sentence.
    """
    for move in moves:
        if move.key not in LEVERS:
            raise UsageError(
                f"This link pulls the lever '{move.key}', which there is not. "
                f"{nearest(move.key, LEVERS)}"
            )
        if move.day and not LEVERS[move.key].live:
            raise UsageError(f"This link pulls '{move.key}' on day {move.day}; it acts from day 0.")
        if move.day > scenario.horizon:
            raise UsageError(
                f"This link pulls '{move.key}' on day {move.day}; the last day is "
                f"{scenario.horizon}."
            )


def _moves(first: Mapping[str, Any], side: Side) -> Iterator[Moved]:
    for key, value in first.items():
        yield Moved(key, value)
    for pull in side.pulls:
        for name, value in pull["set"].items():
            yield Moved(BY_SETTING.get(name, name), value, int(pull["day"]))


def _settings(side: Side, settings: Mapping[str, Any]) -> Iterator[str]:
    """The settings of the first day, and what was pulled later, as after ``--set``."""
    for key, value in settings.items():
        yield f"{key}={'' if value is None else toml_value(value)}"
    if side.pulls:
        own = [event.model_dump(mode="json", exclude_none=True) for event in side.asked.events]
        yield f"events={toml_value([*own, *side.pulls])}"
