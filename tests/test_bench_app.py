"""``selforg bench app``: what it measures, and how it tells."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from selforg_sim.bench import page
from selforg_sim.bench.page_server import find_browser as the_browser
from selforg_sim.errors import UsageError


def test_everything_that_is_aimed_at_is_measured(browser: Any) -> None:
    found = page.measure(seconds=3.0, cold=False, chromium=browser)
    assert found["complaints"] == []
    assert set(found["warm"]) == set(page.AIMS)
    assert all(value > 0 for value in found["warm"].values())
    assert len(page.rows(found)) == len(page.AIMS)


def test_an_aim_is_met_or_not() -> None:
    found = {"warm": {"days_a_second": 19.9, "lever_ms": 300.0}}
    assert not page.met(found, "days_a_second")
    assert page.met(found, "lever_ms")


def test_without_a_browser_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("playwright")
    monkeypatch.setenv("SELFORG_BROWSER", "/nowhere/chromium")
    with pytest.raises(UsageError, match="apt-get install chromium"):
        the_browser()


def test_the_verb_has_help() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "selforg_sim", "bench", "app", "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    assert "Usage: selforg bench app" in done.stdout
