"""What has to be measured in a process of its own: ``python -m selforg_sim.bench.child WHAT ...``.

``peak PEOPLE DAYS`` prints the most memory that a run has held. ``counts PEOPLE DAYS`` prints how
often one week draws and calls slow functions; it must run uncompiled (``NUMBA_DISABLE_JIT=1``).
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

SLOW_FUNCTIONS = ("exp", "expm1", "log", "log1p", "pow", "sqrt", "cos")
UNCOMPILED = {"NUMBA_DISABLE_JIT": "1"}


def ask(what: str, people: int, days: int, **environment: str) -> dict[str, Any]:
    """Run this module in a new process and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", __name__, what, str(people), str(days)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the process that measures '{what}' failed: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def peak(people: int, days: int) -> dict[str, Any]:
    """Peak memory of this process after building a town and living some days in it."""
    from selforg_sim.bench.worlds import SEED, live, town_of
    from selforg_sim.engine.loop import Loop
    from selforg_sim.memory import peak_memory_mb
    from selforg_sim.plan import PLAN
    from selforg_sim.world import build_world

    before = peak_memory_mb()
    live(build_world(town_of(people), SEED), Loop(PLAN), days)
    return {"people": people, "days": days, "before_mb": before, "peak_mb": peak_memory_mb()}


def counts(people: int, days: int) -> dict[str, Any]:
    """Draws by decision and calls of slow functions in the week after some days."""
    from selforg_sim.bench.worlds import SEED, WEEK, live, town_of
    from selforg_sim.engine.loop import Loop
    from selforg_sim.plan import DECISIONS, PLAN
    from selforg_sim.world import build_world

    world, loop = build_world(town_of(people), SEED), Loop(PLAN)
    live(world, loop, days)
    names = {decision.number: decision.name for decision in DECISIONS}
    with counting() as (draws, calls):
        _, members = live(world, loop, WEEK)
    return {
        "draws": {names[number]: times for number, times in draws.most_common()},
        "calls": dict(calls.most_common()),
        "membership_days": members,
        "person_days": WEEK * people,
    }


@contextmanager
def counting() -> Iterator[tuple[Counter[int], Counter[str]]]:
    """Count every draw and every call of a slow function while the block runs."""
    from selforg_sim.engine import draws

    drawn: Counter[int] = Counter()
    called: Counter[str] = Counter()
    generator, slow = draws.philox, {name: getattr(math, name) for name in SLOW_FUNCTIONS}
    names = [name for name, value in vars(draws).items() if value is generator]

    def counted_philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> Any:
        drawn[c3 >> 16] += 1
        return generator(c0, c1, c2, c3, k0, k1)

    vars(draws).update(dict.fromkeys(names, counted_philox))
    for name, function in slow.items():
        setattr(math, name, counted(called, name, function))
    try:
        yield drawn, called
    finally:
        vars(draws).update(dict.fromkeys(names, generator))
        for name, function in slow.items():
            setattr(math, name, function)


def counted(calls: Counter[str], name: str, function: Callable[..., float]) -> Any:
    """The function, with its calls counted."""

    def call(*numbers: float) -> float:
        calls[name] += 1
        return function(*numbers)

    return call


if __name__ == "__main__":
    what, people, days = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    print(json.dumps({"peak": peak, "counts": counts}[what](people, days)))
