"""What every executor promises."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Protocol

Work = Callable[[Any], Any]
"""What is done with a task. It is sent to workers, so it must be picklable."""
NextTask = Callable[[], Any]
"""Gives the next task, or None where there is none at the moment."""


@dataclass(frozen=True, slots=True)
class Done:
    """The work was done; ``answer`` is what it returned."""

    task: Any
    answer: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """The work raised an error."""

    task: Any
    error: Exception


@dataclass(frozen=True, slots=True)
class Lost:
    """The worker was ended from outside while it had the task; ``why`` says what is known."""

    task: Any
    why: str


@dataclass(frozen=True, slots=True)
class Changed:
    """Workers have joined or left, which is no outcome of a task; with 0, tasks wait for some."""

    workers: int


Outcome = Done | Failed | Lost | Changed


class Executor(Protocol):
    """Does work on tasks.

    Attributes
    ----------
    name : how it is called in a sentence
    local : whether all its workers are on this machine
    expendable : whether a worker may be ended, or end itself, without harm to this process
    """

    name: str
    local: bool

    @property
    def expendable(self) -> bool:
        """See above."""
        ...

    @property
    def workers(self) -> int:
        """How many tasks are worked on at once; may change while it runs, and be 0 meanwhile."""
        ...

    def run(self, work: Work, next_task: NextTask) -> Generator[Outcome, None, None]:
        """Work on tasks until there are no more.

        Whenever a worker is free, ``next_task`` is asked; it is asked again after every outcome,
        so that what became of one task may bring others. It ends when all workers are free and
        there is no task. Closing the iterator ends the workers.
        """
        ...
