"""Work in processes beside this one, each with one thread."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from typing import Any, cast

from selforg_sim.executors.protocol import Done, Failed, Lost, NextTask, Outcome, Work

PATIENCE = 5.0
"""Seconds that an idle worker is given to end."""

ONE_THREAD = dict.fromkeys(
    ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)
"""Environment of workers: there is one for each core already."""


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Processes:
    """Worker processes on this machine; one that is ended from outside is replaced.

    Parameters
    ----------
    workers : how many, at most; the number of cores if None
    """

    local = True
    expendable = True

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or cores()
        self.name = f"{self.workers} process{'es' if self.workers > 1 else ''}"

    def run(self, work: Work, next_task: NextTask) -> Generator[Outcome, None, None]:
        """Work on tasks until there are no more; see `Executor`."""
        idle: list[Worker] = []
        busy: dict[Connection, Worker] = {}
        try:
            while True:
                while len(busy) < self.workers and (task := next_task()) is not None:
                    worker = idle.pop() if idle else Worker(work)
                    worker.give(task)
                    busy[worker.line] = worker
                if not busy:
                    return
                for line in cast("list[Connection]", wait(list(busy))):
                    worker = busy.pop(line)
                    outcome = worker.hear()
                    if not isinstance(outcome, Lost):
                        idle.append(worker)
                    yield outcome
        finally:
            for worker in [*idle, *busy.values()]:
                worker.end()


class Worker:
    """One worker process, and the line to it; it does not hear Ctrl-C, and ends with its parent.

    Parameters
    ----------
    work : what it does with every task that it is given
    """

    def __init__(self, work: Work) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, theirs = context.Pipe()
        self.task: Any = None
        self.process = context.Process(target=serve, args=(theirs, work), daemon=True)
        with environment(ONE_THREAD), deaf_to_ctrl_c():
            self.process.start()
        theirs.close()

    @property
    def lives(self) -> bool:
        """Whether nobody has ended it."""
        return self.process.is_alive()

    def give(self, task: Any) -> None:
        """Give it a task; it must have been heard about the last one."""
        self.task = task
        with suppress(OSError):  # it has ended meanwhile: heard as lost
            self.line.send(task)

    def hear(self) -> Done | Failed | Lost:
        """Wait for what becomes of its task."""
        try:
            answer, error = self.line.recv()
        except (EOFError, OSError):
            self.process.join(PATIENCE)
            code = self.process.exitcode
            self.end()
            return Lost(self.task, told(code))
        return Done(self.task, answer) if error is None else Failed(self.task, error)

    def end(self) -> None:
        """End it, whatever it does."""
        self.line.close()
        self.process.terminate()
        self.process.join(PATIENCE)


def told(code: int | None) -> str:
    """How a worker process came to its end, in words.

    >>> told(-9)
    'its process was ended from outside by signal 9; perhaps there was not enough memory'
    """
    if code is not None and code < 0:
        return (
            f"its process was ended from outside by signal {-code}; perhaps there was not enough "
            "memory"
        )
    return (
        f"its process ended by itself (exit code {code}); a script that uses several workers must "
        'begin its work under if __name__ == "__main__":'
    )


@contextmanager
def environment(changes: dict[str, str]) -> Iterator[None]:
    """Set variables for the processes that are started meanwhile; what the user set stays."""
    added = [name for name in changes if name not in os.environ]
    os.environ.update({name: changes[name] for name in added})
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


@contextmanager
def deaf_to_ctrl_c() -> Iterator[None]:
    """Let processes that are started meanwhile not hear Ctrl-C; ours is heard afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def serve(line: Connection, work: Work) -> None:
    """Work on tasks for as long as they come over the line; the life of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that handed out work
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):
        while True:
            task = line.recv()
            try:
                answer: Any = work(task)
                error: Exception | None = None
            except Exception as raised:
                answer, error = None, portable(raised)
            line.send((answer, error))


def portable(error: Exception) -> Exception:
    """The error itself if it can be sent to another process, else one that says the same."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _end_with_parent() -> None:
    """End at once when the parent is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
