"""A chunk: some runs that one worker does together, and the parts of the tables it writes."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from selforg_sim.memory import peak_memory_mb
from selforg_sim.sweep.factors import Value
from selforg_sim.sweep.failures import known_failure, note_failure
from selforg_sim.sweep.models import Answer, Model, RunTimeout, ScenarioModel
from selforg_sim.sweep.parts import FAILED, OK, TIMED_OUT, RunRow, write_part
from selforg_sim.sweep.watchdog import WATCHDOG

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Run:
    """One run: a point, a replicate of it, and everything needed to do it."""

    point: int
    replicate: int
    seed: int
    scenario: int
    settings: dict[str, Value]

    @property
    def name(self) -> str:
        """Its name among failures.

        >>> Run(12, 3, 4, 0, {}).name
        'p12-r3'
        """
        return f"p{self.point}-r{self.replicate}"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some runs, and the name of the parts they are written to."""

    name: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a worker tells of a chunk that is done and written.

    Attributes
    ----------
    status : one for each run, see `parts.STATUSES`
    values : of each run the values of the outcomes that decide on further replicates
    seconds : time that the runs took
    megabytes : the most memory that the worker has held; None where that cannot be told
    """

    status: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    seconds: float
    megabytes: float | None


@dataclass(frozen=True)
class ChunkWork:
    """What a worker does with a chunk: run every run, write the parts.

    Attributes
    ----------
    folder : of the sweep
    models : what is run, by number of the scenario
    targets : outcomes that decide on further replicates
    timeout : seconds that a run may take; None: any
    grace : seconds after its time that a run is given to notice by itself that it is over
    may_end : whether the worker may end itself when a run does not end; it is then lost, and
        another one goes on without that run
    """

    folder: Path
    models: tuple[Model, ...]
    targets: tuple[str, ...] = ()
    timeout: float | None = None
    grace: float = 10.0
    may_end: bool = False

    def __call__(self, chunk: Chunk) -> Report:
        self.warm_up()
        begun = time.perf_counter()
        rows: list[RunRow] = []
        tables: dict[str, list[pa.Table]] = {}
        values = []
        for run in chunk.runs:
            status, answer = self._one(run)
            rows.append(RunRow(run.point, run.replicate, run.seed, status, answer))
            values.append(self._deciding(answer))
            for name, table in (answer.tables if answer else {}).items():
                tables.setdefault(name, []).append(with_point(table, run.point))
        seconds = time.perf_counter() - begun
        write_part(self.folder, chunk.name, self.models[0].outcomes, rows, tables, seconds)
        return Report(tuple(r.status for r in rows), tuple(values), seconds, peak_memory_mb())

    def warm_up(self) -> None:
        """Compile or load the kernels, once in each process, before a run is timed."""
        if any(isinstance(model, ScenarioModel) for model in self.models):
            from selforg_sim.simulation import warm_up

            warm_up()

    def _one(self, run: Run) -> tuple[str, Answer | None]:
        before = known_failure(self.folder, run.name)
        if before is not None:
            return before, None
        model = self.models[run.scenario]
        until = math.inf if self.timeout is None else time.monotonic() + self.timeout
        try:
            with WATCHDOG.over(until + self.grace, lambda: self._give_up(run)):
                return OK, model.run(run.settings, run.seed, run.replicate, until)
        except MemoryError as error:
            return self._failed(run, FAILED, error)
        except Exception as error:
            status = TIMED_OUT if isinstance(error, RunTimeout) else FAILED
            return self._failed(run, status, error)

    def _failed(self, run: Run, status: str, error: BaseException) -> tuple[str, None]:
        again = self.models[run.scenario].again(run.settings, run.seed)
        note_failure(self.folder, run, status, error, again)
        return status, None

    def _give_up(self, run: Run) -> None:
        """A run that does not notice that its time is over: note it, and end this worker."""
        if not self.may_end:
            return
        import os

        over = f"{self.timeout:g} s and {self.grace:g} s more"
        error = RunTimeout(f"the run did not end within {over}")
        self._failed(run, TIMED_OUT, error)
        os._exit(TIMED_OUT_EXIT)

    def _deciding(self, answer: Answer | None) -> tuple[float, ...]:
        if answer is None or not self.targets:
            return ()
        return tuple(value for name in self.targets for value in answer.outcomes[name])


TIMED_OUT_EXIT = 75


def with_point(table: pa.Table, point: int) -> pa.Table:
    """A table of a single run with the number of its point before it."""
    import numpy as np
    import pyarrow as pa

    column = pa.array(np.full(table.num_rows, point, np.int64))
    field = pa.field("point", pa.int64(), False, {"unit": "number", "meaning": POINT})
    return table.add_column(0, field, column)


POINT = "Point of the design."
