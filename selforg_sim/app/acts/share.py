"""Taking things out of the page and into it: links, files, a command, a scenario of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from selforg_sim.app.acts.lessons import report, take
from selforg_sim.app.lessons.course import Course
from selforg_sim.app.levers import pulled, settings_for
from selforg_sim.app.link import Moved, Wanted, decode, encode
from selforg_sim.app.seen import checked, command_of, is_shipped, wanted_of
from selforg_sim.app.tables import groups_csv, series_csv
from selforg_sim.app.upload import scenario_from_text
from selforg_sim.errors import SelforgError, nearest
from selforg_sim.scenario import Scenario, load_scenario, scenario_names, to_toml
from selforg_sim.scenario.load import Variants

if TYPE_CHECKING:
    from selforg_sim.app.visit import Visit

Given = tuple[str, str]
"""A text, and the name of the file it is to be kept in."""


def share(visit: Visit, data: dict[str, Any]) -> None:
    """Give something to take along: a link, the command, or a file."""
    what = str(data.get("what"))
    if what not in GIFTS:
        raise SelforgError(f"There is no '{what}' to take along. {nearest(what, GIFTS)}")
    text, file = GIFTS[what](visit)
    visit.answer("share", {"what": what, "text": text, "file": file})


def upload(visit: Visit, data: dict[str, Any]) -> None:
    """Live a scenario that the visitor sends."""
    file = str(data.get("file", ""))[:100] or "scenario.toml"
    scenario = scenario_from_text(str(data.get("text", "")), file, visit.limits)
    visit.own = scenario
    live(visit, scenario)


def live(visit: Visit, scenario: Scenario) -> None:
    """Live a scenario from its first day, and tell the page all about it."""
    from selforg_sim.app.acts.opening import begin

    visit.begin(scenario)
    visit.course, visit.when = None, "now"
    visit.player.playing = True
    begin(visit)


def open_link(visit: Visit, query: str) -> None:
    """Bring back what a link asks for; its day is reached as fast as can be.

    Raises
    ------
    SelforgError
        If the link is broken or asks for too much; then nothing has changed.
    """
    wanted = decode(query)
    if wanted == Wanted():
        return
    course = None if wanted.lesson is None else Course(wanted.lesson)
    scenario, of = _scenario(visit, wanted) if course is None else course.world()
    sides = [wanted.a] if wanted.b is None else [wanted.a, wanted.b]
    for moves in sides:
        checked(moves, scenario)
    first = [{move.key: move.value for move in moves if not move.day} for moves in sides]
    seed = scenario.seed if wanted.seed is None else wanted.seed
    visit.live(scenario, seed, first, of)
    visit.language = wanted.lang or visit.language
    if wanted.own is not None:
        visit.own = scenario
    if course is not None:
        take(visit, course)
    visit.hand = len(sides) - 1
    for number, moves in enumerate(sides):
        _pull_later(visit, number, moves)
    if visit.course is not None and visit.course.untold:
        visit.course.waits_for = min(wanted.day or 0, scenario.horizon)
    else:
        _reach(visit, wanted.day)


def _reach(visit: Visit, day: int | None) -> None:
    """Stand on that day, as soon as the worlds have come to it; play if there is none."""
    if day is not None:
        visit.player.playing = False
        visit.player.hurry = min(day, visit.sides[0].horizon) or None


def _scenario(visit: Visit, wanted: Wanted) -> tuple[Scenario, str | None]:
    """The scenario of a link, and the group on which levers act."""
    scenario = _without_group(visit, wanted)
    if wanted.of is not None and wanted.of not in scenario.groups:
        raise SelforgError(
            f"This link pulls levers of the group '{wanted.of}', which there is not. "
            f"{nearest(wanted.of, scenario.groups)}"
        )
    return scenario, wanted.of


def _without_group(visit: Visit, wanted: Wanted) -> Scenario:
    if wanted.own is not None:
        return scenario_from_text(wanted.own, "The scenario of the link", visit.limits)
    name = wanted.scenario
    if name is None:
        return visit.preset
    if name not in scenario_names():
        raise SelforgError(
            f"This link asks for the scenario '{name}', which there is not. "
            f"{nearest(name, scenario_names())}"
        )
    scenario = load_scenario(name)
    visit.limits.check(scenario)
    return scenario


def _pull_later(visit: Visit, number: int, moves: tuple[Moved, ...]) -> None:
    """Have levers pulled on their day, once the world comes to it."""
    standing, of = dict(visit.first[number]), visit.levers_of
    for move in sorted(moves, key=lambda move: move.day):
        if move.day:
            scenario = pulled(visit.preset, standing, of)[0]
            visit.change(number, settings_for(scenario, move.key, move.value, of), move.day)
            standing[move.key] = move.value


def _link(visit: Visit) -> Given:
    return encode(wanted_of(visit)), ""


def _command(visit: Visit) -> Given:
    scenario = visit.preset
    return command_of(visit), "" if is_shipped(scenario) else f"{scenario.name}.toml"


def _toml(visit: Visit) -> Given:
    side = visit.sides[visit.hand]
    scenario = Variants(side.scenario).of({"seed": visit.seed})
    return to_toml(scenario), f"{scenario.name}-as-seen.toml"


def _preset(visit: Visit) -> Given:
    return to_toml(visit.preset), f"{visit.preset.name}.toml"


def _series(visit: Visit) -> Given:
    return series_csv(visit.sides), f"{visit.preset.name}-days.csv"


def _groups(visit: Visit) -> Given:
    return groups_csv(visit.sides), f"{visit.preset.name}-groups.csv"


GIFTS: dict[str, Callable[[Visit], Given]] = {
    "report": report,
    "link": _link,
    "command": _command,
    "toml": _toml,
    "preset": _preset,
    "series": _series,
    "groups": _groups,
}

ACTS = {"share": share, "upload": upload}
