"""Who lives a day next, where many worlds share few cores."""

from __future__ import annotations

import os
import threading
from collections import deque
from types import TracebackType


class Turns:
    """Lets so many threads go on at a time, the others in the order in which they came.

    Without it, ten worlds at full speed leave the page's own thread hardly a moment; with a plain
    lock, whoever has just let go would take it again before anybody else wakes up.

    Parameters
    ----------
    at_once : how many may go on at a time

    Examples
    --------
    >>> turns = Turns(1)
    >>> with turns:
    ...     print("a day")
    a day
    """

    def __init__(self, at_once: int) -> None:
        self._lock = threading.Lock()
        self.at_once = at_once
        self._free = at_once
        self._waiting: deque[threading.Lock] = deque()

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._waiting)

    def __enter__(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            gate = threading.Lock()
            gate.acquire()
            self._waiting.append(gate)
        gate.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1


DAYS = Turns(max(1, (os.cpu_count() or 2) - 1))
"""Turns of all visits of this process; one core is left to the page."""
