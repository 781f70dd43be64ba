"""Work on a Dask cluster: workers anywhere, which may come, go and be killed while it lasts."""

from __future__ import annotations

import pickle
import time
import uuid
from collections import deque
from collections.abc import Callable, Generator
from contextlib import suppress
from functools import lru_cache
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Self

from selforg_sim.errors import RunError, UsageError
from selforg_sim.executors.dask_client import PATIENCE, connect, is_of_dask, threads
from selforg_sim.executors.processes import portable
from selforg_sim.executors.protocol import Changed, Done, Failed, Lost, NextTask, Outcome, Work

if TYPE_CHECKING:
    from distributed import Client, Future

LOOKS_EVERY = 0.5
"""Seconds between two looks at how many workers there are."""
SPARE = 2
"""Tasks that are handed out for each thread, so that none waits for the next one."""


class Dask:
    """The workers of a Dask cluster, one task for each of their threads.

    Tasks of a worker that is killed are given to another one, by Dask itself and then by whoever
    is told that they were lost. With no worker there it waits; ``workers`` is 0 meanwhile.

    Parameters
    ----------
    to : address of a scheduler, as tcp://host:8786, or a client, which is left open
    name : how it is called in a sentence
    local : whether all workers are on this machine
    patience : seconds to wait for a scheduler that does not answer
    keep_up : called from time to time, to replace workers that are gone

    Raises
    ------
    UsageError
        If Dask is not installed, or no scheduler answers.
    """

    def __init__(
        self,
        to: Client | str,
        *,
        name: str | None = None,
        local: bool = False,
        patience: float = PATIENCE,
        keep_up: Callable[[], None] = lambda: None,
    ) -> None:
        self.local, self.keep_up, self._patience = local, keep_up, patience
        self._address = to if isinstance(to, str) else None
        self._client: Client | None = connect(to, patience) if isinstance(to, str) else to
        address = self._client.scheduler.address
        self.name = name or f"Dask at {address}"
        self.expendable = not address.startswith("inproc")  # workers that are threads of ours
        self._workers = threads(self._client)
        self._looked = time.monotonic()

    @property
    def workers(self) -> int:
        """Threads of all workers that are there now; of those last seen when it is closed."""
        client = self._client
        if client is not None and time.monotonic() - self._looked >= LOOKS_EVERY:
            with suppress(OSError, TimeoutError):
                self._workers = threads(client) if client.status == "running" else 0
            self._looked = time.monotonic()
        return self._workers

    def run(self, work: Work, next_task: NextTask) -> Generator[Outcome, None, None]:
        """Work on tasks until there are no more; see `Executor`."""
        if self._client is None:
            assert self._address is not None
            self._client = connect(self._address, self._patience)
        flight = _Flight(self._client, pickle.dumps(work))
        seen = self.workers
        try:
            while flight.fill(next_task, self.workers):
                outcome = flight.hear()
                if outcome is not None:
                    yield outcome
                if self.workers != seen or seen == 0:
                    seen = self.workers
                    yield Changed(seen)
                self.keep_up()
        finally:
            flight.cancel()
            self.close()

    def close(self) -> None:
        """Leave the cluster; a client that was given stays open."""
        if self._address is not None and self._client is not None:
            client, self._client = self._client, None
            with suppress(Exception):  # a scheduler that is gone cannot be left
                client.close(timeout=PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Flight:
    """Tasks that are with the scheduler, and what is heard of them.

    A task that was lost may have killed its worker, and with it tasks that only waited there. So
    it is given again when there are no others, and then none waits behind it.
    """

    def __init__(self, client: Client, job: bytes) -> None:
        self.client, self.job = client, job
        self.tasks: dict[Future, Any] = {}
        self.heard: SimpleQueue[Future] = SimpleQueue()
        self.suspects: list[Any] = []
        self.held: deque[Any] = deque()

    def fill(self, next_task: NextTask, workers: int) -> bool:
        """Hand out tasks for as many threads as there are; False if all are done."""
        room = max(1, workers)
        while len(self.tasks) < SPARE * room and (task := next_task()) is not None:
            if any(task is suspect for suspect in self.suspects):
                self.held.append(task)
            else:
                self.submit(task)
        while len(self.tasks) < room and self.held:
            self.submit(self.held.popleft())
        return bool(self.tasks)

    def submit(self, task: Any) -> None:
        future = self.client.submit(
            do, self.job, task, key=f"selforg-{uuid.uuid4().hex}", pure=False
        )
        self.tasks[future] = task
        future.add_done_callback(self.heard.put)

    def hear(self) -> Outcome | None:
        """What became of a task; None if nothing is heard for a while."""
        try:
            future = self.heard.get(timeout=LOOKS_EVERY)
        except Empty:
            return None
        task = self.tasks.pop(future)
        outcome = self.outcome(future, task)
        if isinstance(outcome, Lost):
            self.suspects.append(task)
        return outcome

    def outcome(self, future: Future, task: Any) -> Outcome:
        """Tell errors of the work from those of the cluster."""
        try:
            answer, error = future.result(timeout=PATIENCE)
        except Exception as raised:
            if self.client.status in ("closing", "closed"):
                raise RunError(
                    "The connection to the Dask scheduler was lost and did not come back. What is "
                    "done is kept; give the command again when the scheduler is there."
                ) from None
            if is_of_dask(raised):
                return Lost(task, f"{type(raised).__name__}: {' '.join(str(raised).split())}")
            raise UsageError(
                f"A Dask worker could not begin its work ({type(raised).__name__}: {raised}). The "
                "same version of selforg_sim, and of Python, must be installed for the workers."
            ) from raised
        return Done(task, answer) if error is None else Failed(task, error)

    def cancel(self) -> None:
        """Let what has not begun not begin."""
        if self.tasks:
            with suppress(Exception):
                self.client.cancel(list(self.tasks))


def do(job: bytes, task: Any) -> tuple[Any, Exception | None]:
    """Work on a task, on a worker.

    Errors of the work are answers: raised, they would be told on the terminal of the worker, too.
    """
    work = _work(job)
    try:
        return work(task), None
    except Exception as error:
        return None, portable(error)


@lru_cache(maxsize=4)
def _work(job: bytes) -> Work:
    """The work; it comes with every task, so that no worker depends on another to have it."""
    work: Work = pickle.loads(job)
    return work
