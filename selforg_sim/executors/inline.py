"""Work in this very process, one task after the other."""

from __future__ import annotations

from collections.abc import Generator

from selforg_sim.executors.protocol import Done, Failed, NextTask, Outcome, Work


class Inline:
    """One worker: this process.

    Examples
    --------
    >>> tasks = iter([2, 3])
    >>> [outcome.answer for outcome in Inline().run(abs, lambda: next(tasks, None))]
    [2, 3]
    """

    name = "this process"
    local = True
    expendable = False
    workers = 1

    def run(self, work: Work, next_task: NextTask) -> Generator[Outcome, None, None]:
        """Work on tasks until there are no more; see `Executor`."""
        while (task := next_task()) is not None:
            try:
                answer = work(task)
            except Exception as error:
                yield Failed(task, error)
            else:
                yield Done(task, answer)
