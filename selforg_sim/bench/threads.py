"""One thread against two: the same days in two copies of a world, by turns."""

from __future__ import annotations

from statistics import median
from typing import Any

from selforg_sim.bench.clock import NANO, interleaved, spread
from selforg_sim.bench.settings import Settings
from selforg_sim.bench.worlds import WEEK, grown_world, live_a_day, same_everywhere
from selforg_sim.engine.loop import Loop
from selforg_sim.plan import PLAN


def measure(settings: Settings) -> dict[str, Any]:
    """Every size of ``settings.thread_people``."""
    return {"sizes": [one_against_two(n, settings) for n in settings.thread_people]}


def one_against_two(people: int, settings: Settings) -> dict[str, Any]:
    """How much faster two threads are, and whether both worlds end equal."""
    worlds = [grown_world(people, settings.grown_days) for _ in range(2)]
    loops = [Loop(PLAN, threads) for threads in (1, 2)]
    one, two = interleaved(
        lambda: live_a_day(worlds[0], loops[0]),
        lambda: live_a_day(worlds[1], loops[1]),
        settings.weeks * WEEK,
    )
    for loop in loops:
        loop.close()
    per = NANO / max(1, len(worlds[0].state.memberships))
    return {
        "people": people,
        "one_thread_ns": spread([s * per for s in one]),
        "two_threads_ns": spread([s * per for s in two]),
        "times_faster": median(one) / median(two),
        "equal": same_everywhere(*worlds),
    }
