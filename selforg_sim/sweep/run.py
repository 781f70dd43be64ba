"""Running a sweep: chunk after chunk, through any executor, with nothing lost and nothing twice."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from selforg_sim.durable import drop_partial
from selforg_sim.errors import RunError
from selforg_sim.executors import Changed, Done, Executor, Failed, Inline, Lost, Outcome, Processes
from selforg_sim.lock import Permit, locked
from selforg_sim.results.manifest import code_digest, now
from selforg_sim.sweep.chunk import Chunk, ChunkWork, Report
from selforg_sim.sweep.failures import (
    forget_failure,
    known_failure,
    note_failure,
    noted_failures,
)
from selforg_sim.sweep.parts import LOST, OK, Part
from selforg_sim.sweep.points import Points, points_of
from selforg_sim.sweep.schedule import Schedule, Shard
from selforg_sim.sweep.store import Store, check_folder, done_runs, read_design
from selforg_sim.sweep.study import Study

if TYPE_CHECKING:
    import pandas as pd

TRIES = 3
"""How often a chunk is given to a worker before its runs are tried one by one, and a run before it
counts as lost."""
LOST_IN_A_ROW = 12
"""Workers that end one after the other without any work done: something else is wrong."""


@dataclass(frozen=True)
class State:
    """How far a sweep has come, as told to ``progress``.

    Attributes
    ----------
    done, total : runs; the total may grow while replicates are added
    failed : runs that failed, timed out or were lost, in this session
    seconds : since this session began
    before : runs that were done when it began
    workers : how many work; 0: it waits for some
    megabytes : the most memory that a worker has held
    wide : points with all replicates that are allowed, and an interval still wider than asked
    """

    done: int
    total: int
    failed: int = 0
    seconds: float = 0.0
    before: int = 0
    workers: int = 1
    megabytes: float | None = None
    wide: int = 0
    retired: int = 0


Progress = Callable[[State], None]


def run_sweep(
    study: Study,
    folder: str | Path,
    *,
    executor: Executor | None = None,
    shard: Shard | None = None,
    timeout: float | None = None,
    retry_failed: bool = False,
    accept_code: bool = False,
    progress: Progress | None = None,
) -> State:
    """Run what is still to be run, and keep every chunk as soon as it is done.

    Parameters
    ----------
    study : what is to be run
    folder : where it is kept; a folder of the same sweep is gone on with
    executor : where runs are done; as many processes as there are cores if None
    shard : only this part of the sweep
    timeout : seconds that a run may take
    retry_failed : whether runs that failed before are tried again
    accept_code : whether runs of another version of the program may stand beside new ones
    progress : called when it begins, after every chunk, and when workers join or leave

    Raises
    ------
    ResultsError
        If the folder holds something else, or somebody is working on it.
    StorageError
        If the disk refuses; what is done is kept.
    RunError
        If no worker can be kept alive. A failed run raises nothing: it is noted.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from selforg_sim.sweep import Inline, load_experiment, study_of
    >>> study = study_of(load_experiment("smoke", vary=["group.levels=1,2"], changes=["horizon=2"]))
    >>> with TemporaryDirectory() as place:
    ...     state = run_sweep(study, place, executor=Inline())
    >>> state.done, state.failed
    (2, 0)
    """
    folder = Path(folder).expanduser()
    check_folder(folder)
    name = None if shard is None else f"{shard.number}-of-{shard.of}"
    with locked(folder, name) as permit:
        session = Session(study, folder, executor or Processes(), shard, timeout, permit)
        session.begin(retry_failed=retry_failed, accept_code=accept_code)
        return session.go_on(progress)


class Session:
    """One stretch of work on a sweep, by one process and its workers."""

    def __init__(
        self,
        study: Study,
        folder: Path,
        executor: Executor,
        shard: Shard | None,
        timeout: float | None,
        permit: Permit | None = None,
    ) -> None:
        self.study, self.executor, self.shard = study, executor, shard
        self.store = Store(folder)
        self.name = _session_name(shard)
        self.work = ChunkWork(
            folder.resolve(),
            study.models,
            tuple(study.targets),
            timeout,
            may_end=executor.expendable,
            permit=permit,
            code=code_digest(),
        )
        self.tries: Counter[str] = Counter()
        self.to_forget: set[str] = set()
        self.lost_in_a_row = 0
        self.failed = 0
        self.retired = 0
        self.megabytes: float | None = None
        self.begun = time.monotonic()

    def begin(self, *, retry_failed: bool, accept_code: bool) -> None:
        """Look at what is done, and make the schedule of the rest."""
        alone = self.shard is None
        points = self.store.settle(self.study, accept_code=accept_code, alone=alone)
        if retry_failed:
            self.to_forget = noted_failures(self.store.folder)
        self._look(points, retry_failed=retry_failed)

    def _look(self, points: Points, *, retry_failed: bool) -> None:
        self.retired = points.retired
        parts = self.store.whole_parts()
        self.schedule = Schedule(
            self.study, points, self.name, lambda: self.executor.workers, self.shard
        )
        self._note_done(parts, points, retry_failed=retry_failed)
        self.before = self.schedule.done

    @classmethod
    def to_count(cls, study: Study, folder: Path) -> Session:
        """A session that only looks at what is done."""
        session = cls(study, folder, Inline(), None, None)
        session._look(points_of(study, read_design(folder)), retry_failed=False)
        return session

    def _note_done(self, parts: Sequence[Part], points: Points, *, retry_failed: bool) -> None:
        targets = tuple(self.study.targets)
        days = max(1, len(self.study.days))
        for frame in done_runs(self.store.folder, parts, targets, days):
            frame = frame[frame["status"] == OK] if retry_failed else frame
            known = frame[frame["point"] < points.number]
            self.schedule.note_done(
                known["point"].to_numpy(), known["replicate"].to_numpy(), _values(known, targets)
            )

    def go_on(self, progress: Progress | None) -> State:
        """Work until everything is done."""
        tell = progress or (lambda state: None)
        tell(self.state())
        how = "finished"
        try:
            if self.schedule.done < self.schedule.total and self.executor.local:
                self.work.warm_up()  # so that the workers find compiled kernels
            outcomes = self.executor.run(self.work, self._next_chunk)
            with closing(outcomes):
                for outcome in outcomes:
                    self._hear(outcome)
                    tell(self.state())
        except BaseException as error:
            how = f"ended by {type(error).__name__}"
            raise
        finally:
            if self.shard is None:  # workers that were ended in the middle have left something
                drop_partial(self.store.folder)
            self._note_session(how)
        state = self.state()
        if self.shard is None:
            self.store.note_finished(state.done)
        return state

    def _next_chunk(self) -> Chunk | None:
        """The next chunk; what was noted of its runs in earlier sessions is forgotten only now."""
        chunk = self.schedule.next_chunk()
        for run in chunk.runs if chunk is not None and self.to_forget else ():
            if run.name in self.to_forget:
                self.to_forget.remove(run.name)
                forget_failure(self.store.folder, run.name)
        return chunk

    def state(self) -> State:
        """How far it has come."""
        return State(
            self.schedule.done,
            self.schedule.total,
            self.failed,
            time.monotonic() - self.begun,
            self.before,
            self.executor.workers,
            self.megabytes,
            self.schedule.wide,
            self.retired,
        )

    def _hear(self, outcome: Outcome) -> None:
        match outcome:
            case Changed():
                pass  # the state tells it
            case Done(chunk, report):
                self._done(chunk, report)
            case Failed(_, error):
                raise error
            case Lost(chunk, why):
                self._lost(chunk, why)

    def _done(self, chunk: Chunk, report: Report) -> None:
        self.lost_in_a_row = 0
        self.schedule.hear(chunk, report)
        self.failed += sum(status != OK for status in report.status)
        if report.megabytes is not None:
            self.megabytes = max(self.megabytes or 0.0, report.megabytes)

    def _lost(self, chunk: Chunk, why: str) -> None:
        """A worker has ended: try again, then one run at a time, then do without the run.

        A worker that ended itself because a run did not end has noted that run; the next one goes
        on behind it, so this is no try of the chunk.
        """
        self.lost_in_a_row += 1
        if self.lost_in_a_row > max(LOST_IN_A_ROW, 3 * self.executor.workers):
            raise RunError(
                f"{self.lost_in_a_row} workers in a row ended without any work done ({why}). "
                "Perhaps there is not enough memory for so many, or something ends them. What is "
                "done is kept; try again with fewer workers."
            )
        noted = [r for r in chunk.runs if known_failure(self.store.folder, r.name) is not None]
        if len(noted) > self.tries[f"{chunk.name} noted"]:
            self.tries[f"{chunk.name} noted"] = len(noted)
            self.lost_in_a_row = 0
            self.schedule.give_back(chunk)
            return
        self.tries[chunk.name] += 1
        if self.tries[chunk.name] < TRIES:
            self.schedule.give_back(chunk)
        elif len(chunk.runs) > 1:
            for number, run in enumerate(chunk.runs):
                self.schedule.give_back(replace(chunk, name=f"{chunk.name}-{number}", runs=(run,)))
        else:
            run = chunk.runs[0]
            again = self.study.models[run.scenario].again(run.settings, run.seed)
            note_failure(
                self.store.folder, run, LOST, RunError(f"lost {TRIES} times: {why}"), again
            )
            self.schedule.give_back(chunk)

    def _note_session(self, how: str) -> None:
        state = self.state()
        self.store.note_session(
            {
                "session": self.name,
                "how": how,
                "executor": self.executor.name,
                "workers": self.executor.workers,
                "shard": None if self.shard is None else [self.shard.number, self.shard.of],
                "runs": state.done - state.before,
                "done": state.done,
                "total": state.total,
                "failed": state.failed,
                "seconds": round(state.seconds, 3),
                "megabytes": None if state.megabytes is None else round(state.megabytes),
            }
        )


def _session_name(shard: Shard | None) -> str:
    """A name that no other session has, on whichever machine; by name, earlier ones are first."""
    of = "" if shard is None else f"-s{shard.number}"
    return f"{now():%Y%m%dT%H%M%S}-{uuid.uuid4().hex}{of}"


def _values(frame: pd.DataFrame, targets: tuple[str, ...]) -> np.ndarray | None:
    """Deciding values of each run, the days of an outcome side by side."""
    if not targets:
        return None
    return frame[[name for name in frame.columns if name.startswith("value:")]].to_numpy(float)
