"""Long use of the page: one visitor who pulls levers at random, and many visitors at once."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from selforg_sim.bench.page_server import PageServer, open_page

SIZES = {"people", "contacts", "groups", "rivals"}
"""Levers that make a world larger; memory is not flat when they are pulled, and need not be."""

FULL_SPEED = "() => { __sg.act('speed', {speed: 'max'}); __sg.act('play'); }"
LOOK = """() => new Promise((done) => {
  const began = performance.now();
  requestAnimationFrame(() => setTimeout(() => {
    if (window.gc) window.gc();
    done([performance.now() - began, performance.memory.usedJSHeapSize / 1e6]);
  }, 0));
})"""
AGAIN = "() => { if (__sg.ui.day >= __sg.ui.state.horizon) __sg.act('play'); }"


@dataclass
class Long:
    """What was seen in a long use.

    Attributes
    ----------
    days : the latest day that was shown, of several visitors to the one who saw least
    frames : drawn in all, the fewest of all visitors
    levers : how many were pulled
    server_mb, page_mb : memory of the server and of the page's script, look by look
    answer_ms : how long the page took to answer, look by look
    refusals : sentences that the page showed as errors
    complaints : errors of the console, and failed requests
    """

    days: int = 0
    frames: int = 0
    levers: int = 0
    server_mb: list[float] = field(default_factory=list)
    page_mb: list[float] = field(default_factory=list)
    answer_ms: list[float] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def play_long(
    chromium: Any,
    seconds: float,
    query: str = "?s=wechat_500&lang=en",
    seed: int = 1,
    each: float = 1.0,
    told: Callable[[Long], None] = lambda so_far: None,
) -> Long:
    """Play at full speed and pull a lever at random again and again.

    Parameters
    ----------
    chromium : as from `selforg_sim.bench.page_server.browser`
    seconds : how long
    query : the world, as the query of a link
    seed : of the levers
    each : seconds between two levers
    told : called after every look
    """
    found, luck = Long(), random.Random(seed)
    with PageServer() as server:
        page = open_page(chromium, server.address + query, found.complaints)
        page.evaluate(FULL_SPEED)
        levers = [lever for lever in page.evaluate("__sg.ui.levers") if lever["key"] not in SIZES]
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            _pull(page, luck, levers, found)
            page.wait_for_timeout(1000 * each)
            _look(page, server, found)
            told(found)
        page.context.close()
    return found


def visit_together(
    chromium: Any, seconds: float, visitors: int, query: str = "?s=wechat_500&lang=en"
) -> Long:
    """Many visitors at once, each with a world of his own that plays at full speed."""
    found = Long()
    with PageServer(("--max-worlds", str(visitors))) as server:
        address = server.address + query
        pages = [open_page(chromium, address, found.complaints) for _ in range(visitors)]
        for page in pages:
            page.evaluate(FULL_SPEED)
        before = [page.evaluate("__sg.frames") for page in pages]
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            for page in pages:
                page.evaluate(AGAIN)
                _look(page, server, found)
        after = [page.evaluate("__sg.frames") for page in pages]
        found.frames = min(b - a for a, b in zip(before, after, strict=True))
        found.days = min(page.evaluate("__sg.ui.day") for page in pages)
        for page in pages:
            page.context.close()
    return found


def drift(numbers: list[float], skip: float = 0.2) -> float:
    """By which share the last third lies above the first, the beginning left out.

    >>> drift([9, 1, 1, 1, 1, 1, 1.5, 1.5, 1.5, 1.5])
    0.5
    """
    kept = numbers[int(len(numbers) * skip) :]
    third = max(1, len(kept) // 3)
    return statistics.median(kept[-third:]) / statistics.median(kept[:third]) - 1.0


def _pull(page: Any, luck: random.Random, levers: list[dict[str, Any]], found: Long) -> None:
    lever = luck.choice(levers)
    page.evaluate(
        """([when, key, value]) => {
          __sg.act('when', {when});
          __sg.act('lever', {side: 0, key, value});
        }""",
        [luck.choice(["now", "now", "now", "restart"]), lever["key"], _anywhere(lever, luck)],
    )
    found.levers += 1


def _anywhere(lever: dict[str, Any], luck: random.Random) -> Any:
    if lever["kind"] == "switch":
        return luck.random() < 0.5
    if lever["kind"] == "choice":
        return luck.choice(lever["choices"])
    return lever["low"] + round((lever["high"] - lever["low"]) * luck.random(), 2)


def _look(page: Any, server: PageServer, found: Long) -> None:
    answer, heap = page.evaluate(LOOK)
    notice = page.evaluate("__sg.ui.notice")
    if notice and notice["kind"] == "error":
        found.refusals.append(notice["text"])
        page.evaluate("() => { __sg.ui.notice = null; }")
    page.evaluate(AGAIN)
    found.answer_ms.append(answer)
    found.page_mb.append(heap)
    found.server_mb.append(server.memory_mb())
    found.frames = page.evaluate("__sg.frames")
    found.days = max(found.days, page.evaluate("__sg.ui.day"))
