"""The schedule: which runs are still to be done, in which order, in chunks of which size.

Runs are interleaved: every point once, then every point a second time, and so on; and the points
of a design without an order of its own are shuffled. So a sweep that is stopped is balanced.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from selforg_sim.compare.statistics import half_width, spread
from selforg_sim.engine.types import Flags, Floats, Ints
from selforg_sim.sweep.chunk import Chunk, Report, Run
from selforg_sim.sweep.points import Points
from selforg_sim.sweep.study import Study

AIM = 2.5
"""Seconds that a chunk should take."""
LEAST = 0.25
"""Seconds that it takes at least, also towards the end, when chunks become smaller."""
MOST_RUNS = 1000
"""Runs of one chunk, however short they are."""
STEP = 5
"""Replicates that are added to a point at a time while its interval is too wide."""

Key = tuple[int, int]
"""Place of a point in the order, and replicate."""


@dataclass(frozen=True)
class Shard:
    """One of several parts of a sweep that run side by side, counted from 1.

    >>> Shard(2, 4).has(5), Shard(2, 4).has(6)
    (True, False)
    """

    number: int = 1
    of: int = 1

    def has(self, place: int) -> bool:
        """Whether the thing at this place, counted from 0, is of this shard."""
        return place % self.of == self.number - 1


class Schedule:
    """Gives chunk after chunk, and hears what became of them.

    Parameters
    ----------
    study, points : what is to be run
    session : a name for the chunks of this session
    workers : how many work at once, asked whenever a chunk is made
    shard : which part of the sweep is to be run

    Attributes
    ----------
    done : runs that are done, float the runs of this shard
    """

    def __init__(
        self,
        study: Study,
        points: Points,
        session: str,
        workers: Callable[[], int] = lambda: 1,
        shard: Shard | None = None,
    ) -> None:
        self.study, self.points, self.session, self.workers = study, points, session, workers
        self.order = order_of(study, points)
        self.place_of = np.full(points.number, -1, dtype=np.int64)
        self.place_of[self.order] = np.arange(self.order.size)
        self.most = study.experiment.replicates.count
        kind = _Adaptive if study.targets else _Fixed
        self.plan: _Adaptive | _Fixed = kind(self, shard or Shard())
        self._back: deque[Chunk] = deque()
        self._seconds = math.nan
        self._chunks = 0

    @property
    def total(self) -> int:
        """Runs in all, those that are done included; more may come while replicates are added."""
        return self.plan.total

    @property
    def done(self) -> int:
        """Runs that are done."""
        return self.plan.done

    @property
    def wide(self) -> int:
        """Points with all replicates that are allowed, and an interval still wider than asked."""
        return self.plan.wide

    def note_done(self, points: Ints, replicates: Ints, values: Floats | None = None) -> None:
        """Note runs of earlier sessions.

        Parameters
        ----------
        values : for each run the values that decide on further replicates
        """
        places = self.place_of[points]
        known = (places >= 0) & (replicates < self.most)
        self.plan.note(places[known], replicates[known], None if values is None else values[known])

    def next_chunk(self) -> Chunk | None:
        """The next chunk; None if there is none at the moment."""
        if self._back:
            return self._back.popleft()
        size = self._size()
        keys: list[Key] = []
        for key in self.plan.hand_out():
            keys.append(key)
            if len(keys) == size:
                break
        if not keys:
            return None
        self._chunks += 1
        return Chunk(f"{self.session}-{self._chunks:06d}", self._runs(keys))

    def _size(self) -> int:
        """Runs of the next chunk: one until it is known how long they take."""
        if math.isnan(self._seconds):
            return 1
        each = max(self._seconds, 1e-9)
        fair = -(-self.plan.left // (2 * max(1, self.workers())))
        return max(1, min(max(fair, int(LEAST / each)), int(AIM / each), MOST_RUNS))

    def _runs(self, keys: Sequence[Key]) -> tuple[Run, ...]:
        points = self.order[[place for place, _ in keys]].tolist()
        seed = self.study.experiment.seed
        return tuple(
            Run(point, replicate, seed + replicate, scenario, settings)
            for point, (_, replicate), (scenario, settings) in zip(
                points, keys, self.points.of(points), strict=True
            )
        )

    def hear(self, chunk: Chunk, report: Report) -> None:
        """Note that a chunk is done."""
        each = report.seconds / len(chunk.runs)
        known = not math.isnan(self._seconds)
        self._seconds = 0.7 * self._seconds + 0.3 * each if known else each
        width = self.plan.width
        values = np.array([v if v else (math.nan,) * width for v in report.values], dtype=float)
        points = np.array([run.point for run in chunk.runs])
        self.note_done(points, np.array([run.replicate for run in chunk.runs]), values)

    def give_back(self, chunk: Chunk) -> None:
        """Let a chunk be done once more, next."""
        self._back.appendleft(chunk)


def order_of(study: Study, points: Points) -> Ints:
    """Points in the order in which they are run, int64[points]."""
    current = points.current
    if not study.sample.shuffled:
        return current
    luck = np.random.Generator(np.random.Philox(key=study.experiment.seed))
    return np.asarray(luck.permutation(current))


class _Fixed:
    """As many replicates of every point as asked for.

    Attributes
    ----------
    total, done : runs of this shard
    left : runs that are neither done nor handed out
    """

    width = 0
    wide = 0

    def __init__(self, schedule: Schedule, shard: Shard) -> None:
        shape = (schedule.most, schedule.order.size)
        self.waiting: Flags = np.ones(shape, dtype=bool)
        if shard.of > 1:
            places = np.arange(self.waiting.size).reshape(shape)
            self.waiting &= places % shard.of == shard.number - 1
        self.handed_out = np.zeros(shape, dtype=bool)
        self.total = self.left = int(np.count_nonzero(self.waiting))
        self.done = 0
        self._next = 0

    def note(self, places: Ints, replicates: Ints, values: Floats | None) -> None:
        """Runs, each named once, are done."""
        new = self.waiting[replicates, places] | self.handed_out[replicates, places]
        self.left -= int(np.count_nonzero(self.waiting[replicates, places]))
        self.done += int(np.count_nonzero(new))
        self.waiting[replicates, places] = self.handed_out[replicates, places] = False

    def hand_out(self) -> Iterator[Key]:
        """Runs, replicate after replicate."""
        points = self.waiting.shape[1]
        while self._next < self.waiting.size:
            replicate, place = divmod(self._next, points)
            self._next += 1
            if self.waiting[replicate, place]:
                self.waiting[replicate, place] = False
                self.handed_out[replicate, place] = True
                self.left -= 1
                yield place, replicate


class _Adaptive:
    """Replicates of a point until the intervals asked for are narrow enough.

    Whether they are is asked at fixed numbers of replicates, and of the first replicates in
    order. So it depends neither on which worker was faster nor on interruptions.

    Attributes
    ----------
    total, done : runs of this shard that were asked for until now, and those of them that are done
    """

    def __init__(self, schedule: Schedule, shard: Shard) -> None:
        replicates = schedule.study.experiment.replicates
        self.targets = list(schedule.study.targets.values())
        days = max(1, len(schedule.study.days))
        self.width = len(self.targets) * days
        self.limits = np.repeat(self.targets, days)
        self.most, least = schedule.most, min(replicates.least, schedule.most)
        places = np.arange(schedule.order.size)
        self.mine = places[places % shard.of == shard.number - 1]
        shape = (schedule.order.size, self.most)
        self.known = np.zeros(shape, dtype=bool)
        self.values = np.full((*shape, self.width), np.nan)
        self.need = np.zeros(schedule.order.size, dtype=np.int64)
        self.need[self.mine] = least
        self.total, self.done = int(self.need.sum()), 0
        self._done_of = np.zeros(schedule.order.size, dtype=np.int64)
        self._wide: set[int] = set()
        self._queue: deque[Key] = deque(
            (int(place), replicate) for replicate in range(least) for place in self.mine
        )

    @property
    def left(self) -> int:
        """Runs that have not been handed out."""
        return len(self._queue)

    @property
    def wide(self) -> int:
        """See `Schedule.wide`."""
        return len(self._wide)

    def note(self, places: Ints, replicates: Ints, values: Floats | None) -> None:
        """Runs are done; those that failed have no values."""
        self.known[places, replicates] = True
        if values is not None:
            some = np.isfinite(values).any(axis=1)
            self.values[places[some], replicates[some]] = values[some]
        for place in np.unique(places):
            if self.need[place]:
                self._extend(int(place))
                self._count(int(place))

    def _extend(self, place: int) -> None:
        """Ask for more replicates of a point where its intervals are too wide."""
        self._wide.discard(place)
        while self.known[place, : self.need[place]].all() and not self._narrow(place):
            before = int(self.need[place])
            if before == self.most:
                self._wide.add(place)
                return
            self.need[place] = min(self.most, before + STEP)
            self.total += int(self.need[place]) - before
            self._queue.extend((place, r) for r in range(before, int(self.need[place])))

    def _count(self, place: int) -> None:
        done = int(np.count_nonzero(self.known[place, : self.need[place]]))
        self.done += done - int(self._done_of[place])
        self._done_of[place] = done

    def _narrow(self, place: int) -> bool:
        values = self.values[place, : self.need[place]]
        for column, limit in enumerate(self.limits):
            some = values[np.isfinite(values[:, column]), column]
            if not half_width(spread(some), some.size) <= limit:
                return False
        return True

    def hand_out(self) -> Iterator[Key]:
        """Runs, as they come up."""
        while self._queue:
            place, replicate = self._queue.popleft()
            if not self.known[place, replicate]:
                yield place, replicate
