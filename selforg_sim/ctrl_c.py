"""Ctrl-C where a compiler may swallow it."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

AGAIN_AFTER = 0.1
"""Seconds after which what was lost is raised once more."""


@contextmanager
def ctrl_c_is_heard() -> Iterator[None]:
    """See to it that Ctrl-C ends the block soon, and at its end at the latest.

    An error that is raised while C calls Python, as numba's compiler does, is printed and lost.
    The compiler then goes on, or fails for another reason.

    Raises
    ------
    KeyboardInterrupt
        If Ctrl-C was pressed, whatever became of it inside.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield  # Ctrl-C is heard elsewhere, or not at all
        return
    pressed = False

    def hear(number: int, frame: FrameType | None) -> None:
        nonlocal pressed
        pressed = True
        before(number, frame)

    signal.signal(signal.SIGINT, hear)
    try:
        with _lost_is_raised_again():
            yield
    except Exception:
        if not pressed:
            raise
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt


@contextmanager
def _lost_is_raised_again() -> Iterator[None]:
    """Do not print a KeyboardInterrupt that is lost: raise it a little later."""
    before, timers = sys.unraisablehook, list[threading.Timer]()

    def tell(lost: sys.UnraisableHookArgs) -> None:
        if not issubclass(lost.exc_type, KeyboardInterrupt):
            before(lost)
            return
        timers.append(threading.Timer(AGAIN_AFTER, _thread.interrupt_main))
        timers[-1].start()

    sys.unraisablehook = tell
    try:
        yield
    finally:
        with suppress(KeyboardInterrupt):  # it is known already
            for timer in timers:
                timer.cancel()
                timer.join()
        sys.unraisablehook = before
