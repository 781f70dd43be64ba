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

    It is a thread of its own, because a run may be deep in a kernel when its time is over; it
    begins with the first use. Several threads of a worker may each have a run watched.
    """

    def __init__(self) -> None:
        self._watched: dict[int, tuple[float, Callable[[], None]]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self, until: float, late: Callable[[], None]) -> Iterator[None]:
        """Call ``late`` if the block is not over at this moment of ``time.monotonic``."""
        if math.isinf(until):
            yield
            return
        whose = threading.get_ident()
        with self._lock:
            self._watched[whose] = until, late
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._look, daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._watched.pop(whose, None)

    def _look(self) -> None:
        while True:
            time.sleep(LOOKS_EVERY)
            for late in self._over():
                late()

    def _over(self) -> list[Callable[[], None]]:
        """What is to be called for blocks that are not over in time, each once."""
        now = time.monotonic()
        with self._lock:
            whose = [one for one, (until, _) in self._watched.items() if now > until]
            return [self._watched.pop(one)[1] for one in whose]


WATCHDOG = Watchdog()
"""That of this process."""
