"""The watchdog: one thread in a worker that looks whether a run is over its time."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOKS_EVERY = 0.5
"""Seconds."""


class Watchdog:
    """Calls a function if something is not over by a given moment.

    It is a thread of its own, because a run may be deep in a kernel when its time is over. The
    thread begins with the first use.
    """

    def __init__(self) -> None:
        self._until = math.inf
        self._late: Callable[[], None] = lambda: None
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self, until: float, late: Callable[[], None]) -> Iterator[None]:
        """Call ``late`` if the block is not over at this moment of ``time.monotonic``."""
        if math.isinf(until):
            yield
            return
        self._late, self._until = late, until
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._look, daemon=True)
            self._thread.start()
        try:
            yield
        finally:
            self._until = math.inf

    def _look(self) -> None:
        while True:
            time.sleep(LOOKS_EVERY)
            if time.monotonic() > self._until:
                self._until = math.inf
                self._late()


WATCHDOG = Watchdog()
"""That of this process."""
