"""A real server and a real browser for the tests of the page, and pages that must stay clean."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
HOW = (
    "No Chromium was found. On Debian and Ubuntu: apt install chromium; or set SELFORG_BROWSER to "
    "the program of one."
)
PATIENCE = 180_000
"""Milliseconds that a browser waits for what must come, also beside a first compilation."""


def find_browser() -> str:
    """The program of a Chromium; without one the test is skipped, or fails if it is required."""
    found = os.environ.get("SELFORG_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), "")
    if not found:
        if os.environ.get("SELFORG_REQUIRE_BROWSER") == "1":
            pytest.fail(HOW)
        pytest.skip(HOW)
    return found


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[str, int]]:
    """`selforg app` as a process of its own: its address, and its number."""
    command = [sys.executable, "-m", "selforg_sim", "app", "--no-browser", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=environment,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert "http://" in line, line + process.stdout.read()
            yield line.split("http://")[1].split()[0].join(("http://", "")), process.pid
        finally:
            process.kill()


@contextmanager
def browsing() -> Iterator[Any]:
    """A headless Chromium that asks nobody but the server."""
    program = find_browser()
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-background-networking", "--disable-component-update",
                 "--enable-precise-memory-info", "--js-flags=--expose-gc"]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """One tab of a browser, and everything that went wrong in it."""

    page: Any
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("requestfailed", lambda r: self.wrong.append(f"failed: {r.url}"))
        self.page.on("console", self._heard)
        self.page.on("request", self._asked)

    def _heard(self, message: Any) -> None:
        if message.type == "error":
            self.wrong.append(f"console: {message.text}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith(("http://127.0.0.1", "data:", "blob:")):
            self.wrong.append(f"asked outside: {request.url}")

    def open(self, address: str) -> Visitor:
        """Open the page and wait until it lives."""
        self.page.goto(address)
        self.at("day").wait_for()
        return self

    def at(self, testid: str) -> Any:
        """What carries this mark."""
        return self.page.get_by_test_id(testid)

    def click(self, testid: str) -> None:
        """Click on it."""
        self.at(testid).click()

    def text(self, testid: str) -> str:
        """What is read there."""
        return str(self.at(testid).inner_text())

    def says(self, testid: str, text: str) -> None:
        """Wait until exactly this is read there."""
        expression = "([mark, text]) => document.querySelector(mark)?.innerText.trim() === text"
        self.page.wait_for_function(expression, arg=[f"[data-testid={testid}]", text])

    def day(self) -> int:
        """The day that is shown."""
        return int(self.page.evaluate("window.__sg.ui.day"))

    def until(self, condition: str, argument: Any = None) -> None:
        """Wait until a condition, written in JavaScript with SG as the page's own, holds."""
        expression = f"(given) => {{ const SG = window.__sg; return {condition}; }}"
        self.page.wait_for_function(expression, arg=argument)

    def reach(self, day: int) -> None:
        """Wait until a day is shown, or a later one."""
        self.until("SG.ui.day >= given", day)

    def pause(self) -> int:
        """Stop the world, and return the day on which it stands."""
        self.page.evaluate("document.querySelector('[data-testid=pause]')?.click()")
        self.at("play").wait_for()
        self.until("!SG.ui.state.playing && SG.ui.day === SG.ui.state.day")
        return self.day()

    def go_to(self, day: int) -> None:
        """Go to a day by the slide, as one would by dragging."""
        self.page.evaluate(
            """(day) => { const slide = document.querySelector('[data-testid=slide]');
            slide.value = day; slide.dispatchEvent(new Event('input'));
            slide.dispatchEvent(new Event('change')); }""",
            day,
        )
        self.until(
            "SG.ui.state.day === given && SG.ui.day === given && SG.ui.state.hurry === null", day
        )


class Line:
    """The connection of a visitor's page, made before he opens it, which can be broken."""

    def __init__(self, visitor: Visitor) -> None:
        self.page = visitor.page
        self.connections: list[tuple[Any, Any]] = []
        self.broken = False
        self.lost: list[str] = []
        self.page.route_web_socket("**/*", self._connect)

    def _connect(self, page: Any) -> None:
        server = page.connect_to_server()
        server.on_message(
            lambda text: self.lost.append(str(text)) if self.broken else page.send(text)
        )
        self.connections.append((page, server))

    def break_down(self) -> None:
        """From now on nothing reaches the page, which does not know it."""
        self.broken, self.lost = True, []

    def until_lost(self, *words: str) -> None:
        """Wait until messages with each of these words got lost."""
        for _ in range(60 * 30):
            if all(any(word in text for text in self.lost) for word in words):
                return
            self.page.evaluate("new Promise(requestAnimationFrame)")  # lets messages come
        raise AssertionError(f"{words} was not sent")

    def mend(self) -> None:
        """From now on messages arrive again."""
        self.broken = False

    def cut(self) -> None:
        """Close the connection; the page makes another."""
        for end in self.connections[-1]:
            end.close(code=3001)
        self.mend()


@contextmanager
def visiting(
    browser: Any, width: int = 1440, height: int = 900, **context: Any
) -> Iterator[Visitor]:
    """A tab of its own, which at its end must have had no error."""
    room = browser.new_context(viewport={"width": width, "height": height}, **context)
    visitor = Visitor(room.new_page())
    try:
        yield visitor
        assert visitor.wrong == [], "\n".join(visitor.wrong)
    finally:
        room.close()
