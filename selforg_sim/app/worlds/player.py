"""The thread of a visit: it alone touches the worlds, does what is asked, and lets days pass."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

SPEEDS: dict[str, float] = {"1": 2.0, "10": 20.0, "max": float("inf")}
"""Days a second by the name of the speed."""
FRAMES = 15.0
"""Most frames sent in a second."""
UNSEEN = 3.0
"""Seconds after which a frame that was not said to be drawn is taken for lost."""

Asked = tuple[str, dict[str, Any]]
STOP, WAKE = object(), object()
"""Asked of the thread itself: to end, and to see whether a frame may be sent now."""
T = TypeVar("T")


class Stage(Protocol):
    """What a player moves."""

    def do(self, name: str, data: dict[str, Any]) -> None:
        """Do what somebody asked for."""
        ...

    def live_a_day(self) -> bool:
        """Let a day pass everywhere; False if the last one is over."""
        ...

    def show(self) -> None:
        """Send what is new."""
        ...

    def failed(self, error: Exception) -> None:
        """Say that a day could not be lived or shown."""
        ...


class Player(threading.Thread):
    """Plays the worlds of one visit.

    Parameters
    ----------
    stage : what is played
    on_end : called in this thread when it ends

    Attributes
    ----------
    playing : whether days pass by themselves
    speed : a name of `SPEEDS`
    hurry : a day to be reached as fast as can be, or None
    """

    def __init__(self, stage: Stage, on_end: Callable[[], None]) -> None:
        super().__init__(name="selforg-visit", daemon=True)
        self.stage = stage
        self.on_end = on_end
        self.playing = False
        self.speed = "10"
        self.hurry: int | None = None
        self.news = False
        self._asked: queue.SimpleQueue[Asked | object] = queue.SimpleQueue()
        self._drawn = True
        self._sent = 0.0
        self._due = 0.0

    def ask(self, name: str, data: dict[str, Any]) -> None:
        """Have something done between two days; may be called from any thread."""
        self._asked.put((name, data))

    def stop(self) -> None:
        """End the thread after what it is doing."""
        self._asked.put(STOP)

    def drawn(self) -> None:
        """Note that the page has drawn the newest frame."""
        self._drawn = True
        self._asked.put(WAKE)  # it may be asleep until the frame would be taken for lost

    def run(self) -> None:
        """Live until stopped."""
        try:
            while self._turn():
                pass
        finally:
            self.on_end()

    def _turn(self) -> bool:
        """One turn: everything asked for, a day if it is due, a frame if the page can take it."""
        if not self._done_as_asked():
            return False
        moving = self.playing or self.hurry is not None
        if moving and time.monotonic() >= self._due:
            pause = 0.0 if self.hurry is not None else 1.0 / SPEEDS[self.speed]
            self._due = max(self._due + pause, time.monotonic() - pause)
            self.news = True
            if not self._tried(self.stage.live_a_day):
                self.playing, self.hurry = False, None
        if self.news and self._may_send():
            self.news, self._drawn, self._sent = False, False, time.monotonic()
            self._tried(self.stage.show)
        return True

    def _tried(self, act: Callable[[], T]) -> T | None:
        """What an act gives; None if it fails, which is said, and the visit goes on."""
        try:
            return act()
        except Exception as error:
            self.stage.failed(error)
            return None

    def _done_as_asked(self) -> bool:
        wait = self._spare()
        while True:
            try:
                asked = self._asked.get(timeout=wait) if wait else self._asked.get_nowait()
            except queue.Empty:
                return True
            if asked is STOP:
                return False
            if asked is not WAKE:
                self.stage.do(*cast("Asked", asked))
            wait = 0.0

    def _spare(self) -> float:
        """Seconds until something is due."""
        now = time.monotonic()
        waits = [3600.0]
        if self.playing or self.hurry is not None:
            waits.append(self._due - now)
        if self.news:
            seen = self._sent + (1.0 / FRAMES if self._drawn else UNSEEN)
            waits.append(seen - now)
        return max(0.0, min(waits))

    def _may_send(self) -> bool:
        since = time.monotonic() - self._sent
        return since >= (1.0 / FRAMES if self._drawn else UNSEEN)
