"""Clocks: seconds on the monotonic clock, and what is told of several of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

NANO = 1e9


def seconds_of(act: Callable[[], Any]) -> float:
    """Seconds that a call takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def interleaved(
    first: Callable[[], Any], second: Callable[[], Any], repeats: int
) -> tuple[list[float], list[float]]:
    """Seconds of two calls made by turns, so that both meet the same weather of the machine.

    Who goes first changes from turn to turn.

    >>> [len(seconds) for seconds in interleaved(lambda: 1, lambda: 2, 3)]
    [3, 3]
    """
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(repeats):
        for which in (0, 1) if turn % 2 == 0 else (1, 0):
            times[which].append(seconds_of((first, second)[which]))
    return times


def spread(values: Sequence[float]) -> dict[str, float]:
    """Least and middle of several numbers, and how many there are.

    >>> spread([3.0, 1.0, 2.0])
    {'min': 1.0, 'median': 2.0, 'repeats': 3}
    """
    return {"min": min(values), "median": statistics.median(values), "repeats": len(values)}
