"""How fast the page is: until it can be used, days and frames a second, from lever to picture."""

from __future__ import annotations

import statistics
import tempfile
import time
from contextlib import nullcontext
from typing import Any

from selforg_sim.bench.page_server import PageServer, browser, open_page
from selforg_sim.bench.start import fresh

LINK = "?s=wechat_500&lang=en"
PEOPLE = 5_000
AIMS: dict[str, tuple[str, str, float]] = {
    "days_a_second": ("days a second shown, 5,000 people", "≥", 20.0),
    "frames_a_second": ("frames a second drawn meanwhile", "≥", 10.0),
    "lever_ms": ("lever to first new frame, ms (from today on)", "≤", 300.0),
    "restart_ms": ("lever to first new frame, ms (starts again)", "≤", 300.0),
    "listening_s": ("seconds until the server answers", "≤", 3.0),
    "usable_s": ("seconds until the page can be used", "≤", 5.0),
}
"""What is measured: its words, and what is aimed at."""

PULL = """([key, value]) => new Promise((done) => {
  const sg = window.__sg, began = performance.now();
  const side = sg.data.sides[0];
  sg.act("lever", { side: 0, key, value });
  let frames = null;
  const look = () => {
    if (frames === null && sg.ui.state.values[key] === value) frames = sg.frames;
    if (frames !== null && sg.frames > frames) done(performance.now() - began);
    else requestAnimationFrame(look);
  };
  look();
})"""


def measure(
    seconds: float = 10.0, cold: bool = True, chromium: Any | None = None
) -> dict[str, Any]:
    """Everything in `AIMS`, with kernels on disk, and the starts also without.

    Parameters
    ----------
    seconds : how long it plays
    cold : whether to start once with nothing on disk, too
    chromium : Playwright's ``Browser``; one of its own if None
    """
    complaints: list[str] = []
    with browser() if chromium is None else nullcontext(chromium) as chromium:
        found: dict[str, Any] = {}
        if cold:
            with tempfile.TemporaryDirectory() as folder:
                found["cold"] = _start(chromium, complaints, fresh(folder))
        _start(chromium, complaints)  # so that the next one finds everything on disk
        with PageServer() as server:
            page = open_page(chromium, server.address + LINK, complaints)
            warm = {
                "listening_s": server.listening_seconds,
                "usable_s": time.perf_counter() - server.began,
            }
            found["warm"] = warm | _speed(page, seconds) | _levers(page)
            page.context.close()  # else it would complain that the server is gone
    found["complaints"] = complaints
    return found


def rows(found: dict[str, Any]) -> list[tuple[str, str, str, str, str]]:
    """What was measured, what was aimed at, whether it is met, and how it was with empty caches."""
    return [
        (
            what,
            f"{sign} {bound:g}",
            f"{found['warm'][name]:.3g}",
            _met(found, name),
            _cold(found, name),
        )
        for name, (what, sign, bound) in AIMS.items()
    ]


def met(found: dict[str, Any], name: str) -> bool:
    """Whether an aim is met, with full caches."""
    _, sign, bound = AIMS[name]
    value = float(found["warm"][name])
    return value >= bound if sign == "≥" else value <= bound


def _met(found: dict[str, Any], name: str) -> str:
    return "yes" if met(found, name) else "no"


def _cold(found: dict[str, Any], name: str) -> str:
    value = found.get("cold", {}).get(name)
    return "" if value is None else f"{value:.3g}"


def _start(
    chromium: Any, complaints: list[str], environment: dict[str, str] | None = None
) -> dict[str, float]:
    with PageServer(environment=environment) as server:
        page = open_page(chromium, server.address + LINK, complaints)
        usable = time.perf_counter() - server.began
        page.context.close()
        return {"listening_s": server.listening_seconds, "usable_s": usable}


def _speed(page: Any, seconds: float) -> dict[str, float]:
    """Play at full speed; the days shown and the frames drawn in a second."""
    page.evaluate(
        "() => { __sg.act('pause'); __sg.act('reset'); __sg.act('speed', {speed: 'max'}); }"
    )
    page.wait_for_function("() => __sg.ui.state.speed === 'max' && __sg.ui.day < 30")
    page.evaluate("() => __sg.act('play')")
    page.wait_for_function("() => __sg.ui.day >= 5")
    shown = page.evaluate(
        """(seconds) => new Promise((done) => {
          const sg = window.__sg, began = performance.now(), day = sg.ui.day, frames = sg.frames;
          const look = () => {
            const passed = (performance.now() - began) / 1000;
            if (passed < seconds && sg.ui.day < sg.ui.state.horizon) requestAnimationFrame(look);
            else done([(sg.ui.day - day) / passed, (sg.frames - frames) / passed]);
          };
          look();
        })""",
        seconds,
    )
    return {"days_a_second": shown[0], "frames_a_second": shown[1]}


def _levers(page: Any) -> dict[str, float]:
    """Pull a lever five times while it plays; the middle time until a new frame is drawn."""
    page.evaluate(
        "() => { __sg.act('reset'); __sg.act('speed', {speed: '10'}); __sg.act('play'); }"
    )
    page.wait_for_function("() => __sg.ui.day >= 1 && __sg.ui.state.speed === '10'")
    found = {}
    for name, key, low in (("lever_ms", "strictness", 0.5), ("restart_ms", "dedication", 2.0)):
        times = [page.evaluate(PULL, [key, low + number / 10]) for number in range(5)]
        found[name] = statistics.median(times)
    return found
