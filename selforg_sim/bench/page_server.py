"""The page, served by a process of its own and opened in a real browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from selforg_sim.errors import UsageError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SIZE = {"width": 1280, "height": 900}


class PageServer:
    """``selforg app`` in a process of its own; ends it on leaving.

    Parameters
    ----------
    arguments : further words of the command
    environment : further variables

    Attributes
    ----------
    address : where the page is
    began : when the process was started, a time of `time.perf_counter`
    listening_seconds : from the start until the first answer
    """

    def __init__(
        self, arguments: tuple[str, ...] = (), environment: dict[str, str] | None = None
    ) -> None:
        words = [sys.executable, "-m", "selforg_sim", "app", "--no-browser", "--port", "0"]
        self.began = time.perf_counter()
        self._process = subprocess.Popen(
            [*words, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        self.address = self._printed_address()
        with urllib.request.urlopen(self.address) as answer:
            answer.read()
        self.listening_seconds = time.perf_counter() - self.began

    def memory_mb(self) -> float:
        """Memory that the server holds now, in megabytes (Linux)."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024 / 1e6

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        try:
            self._process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def __enter__(self) -> PageServer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _printed_address(self) -> str:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            for word in line.split():
                if word.startswith("http://"):
                    return word
        self.close()
        raise RuntimeError("The server of the page did not start: run selforg app to see why.")


def find_browser() -> str:
    """The path of Chromium.

    Raises
    ------
    UsageError
        If there is none, or Playwright is not installed.
    """
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        raise UsageError(
            'This needs Playwright: python -m pip install "selforg_sim[test]"'
        ) from None
    named = os.environ.get("SELFORG_BROWSER")
    found = [named] if named else [path for path in map(shutil.which, BROWSERS) if path]
    if not found or not Path(found[0]).is_file():
        raise UsageError(
            "This needs Chromium, which was not found: install it (apt-get install chromium), or "
            "name its path in the variable SELFORG_BROWSER."
        )
    return found[0]


@contextmanager
def browser() -> Iterator[Any]:
    """Chromium without a window, as Playwright's ``Browser``."""
    path = find_browser()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--enable-precise-memory-info", "--js-flags=--expose-gc"],
        )
        try:
            yield chromium
        finally:
            chromium.close()


def open_page(chromium: Any, address: str, complaints: list[str]) -> Any:
    """The page in a context of its own, as soon as a first frame is drawn.

    Parameters
    ----------
    chromium : from `browser`
    address : of the page, with the query of a link if there is one
    complaints : errors of the console and failed requests are added to it
    """
    page = chromium.new_context(viewport=SIZE, locale="en-US").new_page()
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(f"failed: {request.url}"))
    page.goto(address)
    page.wait_for_function("() => window.__sg && window.__sg.frames > 0", timeout=300_000)
    return page
