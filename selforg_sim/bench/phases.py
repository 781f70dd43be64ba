"""The share of each phase of the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from selforg_sim.bench.clock import NANO, seconds_of, spread
from selforg_sim.bench.settings import Settings
from selforg_sim.engine.declarations import Phase
from selforg_sim.engine.loop import Loop
from selforg_sim.engine.state import State
from selforg_sim.happenings import begin_day
from selforg_sim.plan import PLAN
from selforg_sim.scenario import load_scenario
from selforg_sim.simulation import keep_day, warm_up
from selforg_sim.world import World, build_world

AROUND = ("events of the day", "record")


class TimedLoop(Loop):
    """A loop that notes the seconds spent in each phase, in ``seconds``."""

    def __init__(self, plan: Sequence[Phase], threads: int = 1) -> None:
        super().__init__(plan, threads)
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def run(self, state: State, phase: Phase) -> int:
        """Run one phase on the clock."""
        returned: list[int] = []
        run = super().run
        self.seconds[phase.name] += seconds_of(lambda: returned.append(run(state, phase)))
        return returned[0]


def measure(settings: Settings) -> dict[str, Any]:
    """The scenario *town* from its first day, several times: the fastest run, and all speeds."""
    runs = [measure_scenario("town", settings.town) for _ in range(settings.town_runs)]
    fastest = min(runs, key=lambda run: float(run["seconds"]))
    return fastest | {"ns_of_all_runs": spread([run["ns_per_membership_day"] for run in runs])}


def measure_scenario(name: str, changes: Sequence[str] = ()) -> dict[str, Any]:
    """Any scenario from its first day to its horizon."""
    scenario = load_scenario(name, list(changes))
    warm_up()
    world = build_world(scenario)
    keep_day(world)
    return timed(world, scenario.horizon)


def timed(world: World, days: int) -> dict[str, Any]:
    """Live some days with every phase on the clock."""
    loop, members = TimedLoop(PLAN), 0
    for _ in range(days):
        loop.seconds[AROUND[0]] += seconds_of(lambda: begin_day(world))
        loop.advance(world.state)
        loop.seconds[AROUND[1]] += seconds_of(lambda: keep_day(world))
        members += len(world.state.memberships)
    total = sum(loop.seconds.values())
    people = world.state.people.rows
    slowest_first = sorted(loop.seconds.items(), key=lambda item: -item[1])
    return {
        "scenario": world.scenario.name,
        "people": people,
        "days": days,
        "membership_days": members,
        "seconds": total,
        "ns_per_membership_day": total * NANO / max(1, members),
        "membership_days_a_second": members / total if total else 0.0,
        "person_days_a_second": people * days / total if total else 0.0,
        "memberships_per_person": members / max(1, people * days),
        "phases": [
            {
                "phase": name,
                "share": seconds / total if total else 0.0,
                "ns_per_membership_day": seconds * NANO / max(1, members),
            }
            for name, seconds in slowest_first
        ],
    }
