"""Many runs of what is on the page: they take turns, and what goes wrong with one is told."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

from selforg_sim.app.worlds import ensemble
from selforg_sim.app.worlds.ensemble import Ensemble
from selforg_sim.scenario import changed, load_scenario

SMOKE = load_scenario("smoke")


class Runs:
    """Many runs, and a way to wait for what becomes of them."""

    def __init__(self, seeds: int, *changes: str) -> None:
        self._news = threading.Semaphore(0)
        self.ensemble = Ensemble([changed(SMOKE, changes)], range(seeds), self._news.release)

    def until(self, holds: Callable[[Ensemble], bool]) -> None:
        while not holds(self.ensemble):
            assert self.ensemble.failed is None
            assert self._news.acquire(timeout=300)

    @property
    def done(self) -> int:
        return int(self.ensemble.as_dict()["done"])


def kill_workers() -> None:
    for hand in ensemble._hands():
        for number in list(hand.process._processes):
            os.kill(number, signal.SIGKILL)


def test_many_runs_are_told_that_one_was_killed_and_others_go_on() -> None:
    called_off = Runs(5000)
    called_off.until(lambda runs: runs.as_dict()["done"] > 0)
    killed = Runs(5000)
    called_off.ensemble.cancel()
    killed.until(lambda runs: runs.as_dict()["done"] > 0)
    kill_workers()
    killed.until(lambda runs: runs.failed is not None)
    assert killed.ensemble.failed == "killed"
    assert killed.done < 5000
    after = Runs(2, "horizon=5")
    after.until(lambda runs: runs.as_dict()["done"] == 2)
    assert after.ensemble.failed is None


def test_many_runs_of_visitors_take_turns_and_what_is_called_off_is_in_nobody_s_way() -> None:
    for _ in range(50):
        Runs(5000).ensemble.cancel()
    patient, short = Runs(5000), Runs(3)
    short.until(lambda runs: runs.as_dict()["done"] == 3)
    assert 2 <= patient.done <= 5 * (os.cpu_count() or 2)
    patient.ensemble.cancel()
    ran = patient.done
    Runs(2).until(lambda runs: runs.as_dict()["done"] == 2)
    assert patient.done <= ran + (os.cpu_count() or 2)


def test_a_run_that_goes_wrong_ends_the_others_and_is_told(monkeypatch: Any) -> None:
    monkeypatch.setattr(ensemble, "run_once", None)
    runs = Runs(5)
    runs.until(lambda runs: runs.failed is not None)
    assert str(runs.ensemble.failed).startswith("TypeError")
    assert runs.done == 0
