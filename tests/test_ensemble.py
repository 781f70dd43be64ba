"""Many runs of what is on the page: they take turns, and what goes wrong with one is told."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from selforg_sim.app.worlds import ensemble
from selforg_sim.app.worlds.ensemble import Ensemble
from selforg_sim.scenario import changed, load_scenario

SMOKE = load_scenario("smoke")


class Runs:
    """Many runs, and a way to wait for what becomes of them."""

    def __init__(self, seeds: Sequence[Any], *changes: str) -> None:
        self._news = threading.Semaphore(0)
        self.ensemble = Ensemble([changed(SMOKE, changes)], seeds, self._news.release)

    @property
    def done(self) -> int:
        return int(self.ensemble.as_dict()["done"])

    def until_done(self, number: int) -> None:
        while self.done < number:
            assert self._news.acquire(timeout=300)
            assert self.ensemble.failed is None

    def until_failed(self, disturb: Callable[[], None] = lambda: None) -> str:
        while self.ensemble.failed is None:
            disturb()
            assert self._news.acquire(timeout=300)
        return self.ensemble.failed


Begin = Callable[..., Runs]
MANY = range(5000)


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Begins runs, and calls them off when the test is over."""
    begun: list[Runs] = []

    def begin(seeds: Sequence[Any], *changes: str) -> Runs:
        begun.append(Runs(seeds, *changes))
        return begun[-1]

    yield begin
    for runs in begun:
        runs.ensemble.cancel()


def kill_workers() -> None:
    for hand in ensemble._hands():
        if hand.worker:
            hand.worker.process.kill()
            hand.worker.process.join()


def test_many_runs_are_told_that_one_was_killed_and_others_go_on(begin: Begin) -> None:
    called_off, killed = begin(MANY), begin(MANY)
    called_off.until_done(1)
    killed.until_done(1)
    called_off.ensemble.cancel()
    assert killed.until_failed(kill_workers) == "killed"
    begin([1, 2], "horizon=5").until_done(2)


def test_a_process_that_was_killed_between_runs_is_replaced(begin: Begin) -> None:
    for _ in range(2):
        begin([1], "horizon=5").until_done(1)
        kill_workers()


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as on Linux and macOS")
def test_ctrl_c_in_a_terminal_is_not_for_the_processes(begin: Begin) -> None:
    runs = begin(MANY)
    for number in (1, 2, 3):
        runs.until_done(number)
        for hand in ensemble._hands():
            if hand.worker:
                os.kill(int(hand.worker.process.pid or 0), signal.SIGINT)
    runs.until_done(5)


def test_visitors_take_turns(begin: Begin) -> None:
    patient, short = begin(MANY), begin([1, 2, 3])
    short.until_done(3)
    assert patient.done <= 4 * len(ensemble._hands())


def test_what_is_called_off_is_run_no_more(begin: Begin) -> None:
    for _ in range(50):
        begin(MANY).ensemble.cancel()
    called_off = begin(MANY)
    called_off.until_done(1)
    called_off.ensemble.cancel()
    begin([1, 2, 3]).until_done(3)
    assert called_off.done <= len(ensemble._hands())
    assert called_off.ensemble.next_run() is None


def test_a_run_that_goes_wrong_ends_the_others_and_is_told(begin: Begin) -> None:
    runs = begin(["no seed", *MANY])
    assert "seed" in runs.until_failed()
    assert runs.ensemble.next_run() is None
    begin([1], "horizon=5").until_done(1)
