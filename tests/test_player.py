"""The thread that plays the worlds of a visit: what is new is shown, as the page can take it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from selforg_sim.app.worlds import player
from selforg_sim.app.worlds.player import Player


class Stage:
    """Says what its player does with it."""

    def __init__(self) -> None:
        self.shown = threading.Semaphore(0)
        self.done = threading.Semaphore(0)
        self.player = Player(self, on_end=lambda: None)

    def do(self, name: str, data: dict[str, Any]) -> None:
        self.player.news = True
        self.done.release()

    def live_a_day(self) -> bool:
        return False

    def show(self) -> None:
        self.shown.release()

    def failed(self, error: Exception) -> None:
        raise error


@pytest.fixture
def stage() -> Iterator[Stage]:
    found = Stage()
    found.player.start()
    yield found
    found.player.stop()
    found.player.join()


def test_what_is_new_is_shown_as_soon_as_the_last_frame_was_drawn(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(player, "UNSEEN", 1e6)
    stage.player.ask("anything", {})
    assert stage.shown.acquire(timeout=60)
    stage.player.ask("anything", {})
    for _ in range(2):
        assert stage.done.acquire(timeout=60)
    assert not stage.shown.acquire(blocking=False), "the page has not drawn the last one yet"
    stage.player.drawn()
    assert stage.shown.acquire(timeout=60)


def test_a_frame_of_which_nothing_is_heard_keeps_the_next_one_only_for_a_while(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(player, "UNSEEN", 0.1)
    for _ in range(2):
        stage.player.ask("anything", {})
        assert stage.shown.acquire(timeout=60)
