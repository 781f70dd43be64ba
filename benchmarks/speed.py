"""How fast the engine is: membership-days a second, and the share of each phase of the day.

    python benchmarks/speed.py [SCENARIO] [KEY=VALUE ...]

Prints a Markdown table for one run on one thread, kernels compiled before. The default is ``town``.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from typing import ClassVar

from selforg_sim.engine.declarations import Phase
from selforg_sim.engine.loop import Loop
from selforg_sim.engine.state import State
from selforg_sim.scenario import load_scenario
from selforg_sim.simulation import run_world, warm_up


class TimedLoop(Loop):
    """A loop that notes the seconds spent in each phase."""

    seconds: ClassVar[defaultdict[str, float]] = defaultdict(float)

    def run(self, state: State, phase: Phase) -> int:
        begun = time.perf_counter()
        result = super().run(state, phase)
        self.seconds[phase.name] += time.perf_counter() - begun
        return result


def main(name: str, overrides: list[str]) -> None:
    """Run one scenario and print what it took."""
    scenario = load_scenario(name, overrides)
    warm_up()
    world, seconds, membership_days = run_world(scenario, scenario.seed, loop_class=TimedLoop)
    per = 1e9 / max(membership_days, 1.0)
    print(
        f"{scenario.name}: {world.state.people.rows:,} people, {scenario.horizon} days, one thread"
    )
    print(f"{seconds:.2f} s, {membership_days:,.0f} membership-days, ", end="")
    print(f"{membership_days / seconds:,.0f} a second, {seconds * per:.0f} ns each\n")
    print("| phase | seconds | ns per membership-day |\n|---|---:|---:|")
    for phase, spent in sorted(TimedLoop.seconds.items(), key=lambda item: -item[1]):
        print(f"| {phase} | {spent:.3f} | {spent * per:.1f} |")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "town", sys.argv[2:])
