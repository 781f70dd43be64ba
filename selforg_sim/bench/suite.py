"""All parts in order, and the one object that they make together."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from selforg_sim.bench import (
    against_numpy,
    limit,
    memory,
    phases,
    size,
    start,
    threads,
    twin,
)
from selforg_sim.bench.machine import machine
from selforg_sim.bench.settings import Settings, check_names
from selforg_sim.bench.worlds import forget_worlds

SCHEMA = 1
"""Raised by one when a reader of the JSON would have to change."""

PARTS: dict[str, Callable[[Settings], dict[str, Any]]] = {
    "start": start.measure,
    "twin": twin.measure,
    "numpy": against_numpy.measure,
    "phases": phases.measure,
    "limit": limit.measure,
    "size": size.measure,
    "threads": threads.measure,
    "memory": memory.measure,
}
"""What can be measured, by the name that ``--only`` takes."""

Said = Callable[[str], Any]


def measure(
    settings: Settings, only: Sequence[str] = (), say: Said = lambda name: None
) -> dict[str, Any]:
    """Measure some parts, or all.

    Parameters
    ----------
    settings : how much
    only : names of parts; all if empty
    say : called with the name of each part before it begins

    Returns
    -------
    found : plain numbers; ``parts`` by name, ``left_out`` with the reason for each part that
        could not be measured here
    """
    check_names(only)
    begun = time.perf_counter()
    found = empty(settings)
    for name in PARTS if not only else [name for name in PARTS if name in only]:
        if name == "twin" and twin.tests_folder() is None:
            found["left_out"][name] = twin.NEEDS_CHECKOUT
            continue
        say(name)
        found["parts"][name] = PARTS[name](settings)
    forget_worlds()
    return found | {"seconds": time.perf_counter() - begun}


def measure_phases(settings: Settings, scenario: str, changes: Sequence[str]) -> dict[str, Any]:
    """The phases of any scenario, in the form of ``measure``."""
    begun = time.perf_counter()
    found = empty(settings)
    found["parts"]["phases"] = phases.measure_scenario(scenario, changes)
    return found | {"seconds": time.perf_counter() - begun}


def empty(settings: Settings) -> dict[str, Any]:
    """What is known before anything is measured."""
    return {
        "schema": SCHEMA,
        "machine": machine(),
        "settings": asdict(settings),
        "parts": {},
        "left_out": {},
    }
