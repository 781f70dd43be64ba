"""The engine against its twin in plain Mesa: the same scenario, the same days, by turns.

The twin is what somebody would write with Mesa and nothing else. It stands beside the tests, so
this part needs a checkout of the repository. Drawing as the engine does is slow in plain Python
and nobody would do it there, so the twin is also timed with ``random.random()``: that one counts.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from statistics import median
from typing import Any

import selforg_sim
from selforg_sim.bench.clock import NANO, seconds_of, spread
from selforg_sim.bench.settings import Settings
from selforg_sim.bench.worlds import SEED, live_a_day, town_of
from selforg_sim.engine.loop import Loop
from selforg_sim.plan import PLAN
from selforg_sim.scenario import Scenario
from selforg_sim.simulation import warm_up
from selforg_sim.world import World, build_world

NEEDS_CHECKOUT = (
    "This part needs a checkout of the repository: the twin in plain Mesa stands in tests/twin, "
    "which is no part of the installed package."
)


def tests_folder() -> Path | None:
    """The folder of a checkout in which the twin stands; None in an installed package."""
    tests = Path(selforg_sim.__file__).resolve().parent.parent / "tests"
    return tests if (tests / "twin" / "model.py").is_file() else None


def twin_of(scenario: Scenario, plain_draws: bool) -> Any:
    """A twin of the scenario's world, with the engine's draws or with plain ones."""
    folder = tests_folder()
    if folder is None:
        raise FileNotFoundError(NEEDS_CHECKOUT)
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    model = importlib.import_module("twin.model").TwinModel
    if not plain_draws:
        return model(scenario, SEED)
    luck = importlib.import_module("twin.luck").PlainLuck(SEED)
    return model(scenario, SEED, luck=luck)


def measure(settings: Settings) -> dict[str, Any]:
    """Both twins at every size of ``settings.twin_people``."""
    warm_up()
    return {
        "worlds": [
            side_by_side(people, plain, settings)
            for people in settings.twin_people
            for plain in (False, True)
        ]
    }


def side_by_side(people: int, plain_draws: bool, settings: Settings) -> dict[str, Any]:
    """Live the days by turns; the last ``settings.twin_timed`` of them count."""
    scenario = town_of(people)
    world, loop = build_world(scenario, SEED), Loop(PLAN)
    twin = twin_of(scenario, plain_draws)
    ours: list[float] = []
    theirs: list[float] = []
    equal = True
    for day in range(1, settings.twin_days + 1):
        engine_seconds = seconds_of(lambda: live_a_day(world, loop))
        twin_seconds = seconds_of(twin.step)
        equal = equal and (plain_draws or standing_of_twin(twin) == standing_of(world))
        if day > settings.twin_days - settings.twin_timed:
            ours.append(engine_seconds * NANO / max(1, len(world.state.memberships)))
            theirs.append(twin_seconds * NANO / max(1, len(memberships_of(twin))))
    return {
        "people": people,
        "draws": "plain" if plain_draws else "as verified",
        "days": len(ours),
        "memberships": len(world.state.memberships),
        "memberships_of_twin": len(memberships_of(twin)),
        "engine_ns": spread(ours),
        "twin_ns": spread(theirs),
        "times_faster": median(theirs) / median(ours),
        "equal": None if plain_draws else equal,
    }


def standing_of(world: World) -> list[tuple[int, int, float]]:
    """Person, group and belonging of every membership."""
    members = world.state.memberships
    rows = members.rows()
    columns = [members[c][rows].tolist() for c in ("member_person", "member_group", "belonging")]
    return list(zip(*columns, strict=True))


def standing_of_twin(twin: Any) -> list[tuple[int, int, float]]:
    """The same of the twin."""
    return [(m.person.row, m.group.row, m.belonging) for m in memberships_of(twin)]


def memberships_of(twin: Any) -> list[Any]:
    """The twin's memberships, by person and order of joining."""
    return [m for person in twin.people for m in person.memberships.values()]
