"""What a sweep will take: runs, hours, memory and disk, measured on a few of its own runs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

from selforg_sim.memory import peak_memory_mb
from selforg_sim.sweep.chunk import Chunk, ChunkWork, Run
from selforg_sim.sweep.parts import OK
from selforg_sim.sweep.points import Points, points_of
from selforg_sim.sweep.store import make_folders
from selforg_sim.sweep.study import Study

TRIALS = 3


@dataclass(frozen=True)
class Estimate:
    """What a sweep will take.

    Attributes
    ----------
    points : different settings
    rows : rows of the design; several may be one point
    runs : runs at most
    tried : how many runs were tried; the next numbers are NaN if none
    seconds : mean time of a run, on one core
    megabytes : memory of a worker
    disk : bytes of a run on disk
    """

    points: int
    rows: int
    runs: int
    tried: int = 0
    seconds: float = float("nan")
    megabytes: float | None = None
    disk: float = float("nan")

    @property
    def core_hours(self) -> float:
        """Hours of one core for all runs."""
        return self.runs * self.seconds / 3600

    @property
    def disk_megabytes(self) -> float:
        """Megabytes on disk for all runs."""
        return self.runs * self.disk / 1e6


def estimate(study: Study, points: Points | None = None, *, trial: bool = True) -> Estimate:
    """Count the runs, and try a few of them to tell what all will take.

    Parameters
    ----------
    trial : whether a few runs, spread over the design, are tried

    Examples
    --------
    >>> from selforg_sim.sweep import load_experiment, study_of
    >>> study = study_of(load_experiment("smoke", vary=["group.levels=1,2", "seed=1:5:5"]))
    >>> estimate(study, trial=False).runs
    10
    """
    points = points_of(study) if points is None else points
    number = points.current.size
    runs = number * study.experiment.replicates.count
    rows = int((points.table["row"] >= 0).sum())
    if not trial:
        return Estimate(number, rows, runs)
    places = sorted({0, number // 2, number - 1})[:TRIALS]
    chosen = points.current[places].tolist()
    seed = study.experiment.seed
    tries = tuple(
        Run(point, 0, seed, scenario, settings)
        for point, (scenario, settings) in zip(chosen, points.of(chosen), strict=True)
    )
    with TemporaryDirectory() as place:
        folder = Path(place)
        make_folders(folder, study)
        work = ChunkWork(folder, study.models)
        work.warm_up()
        seconds, sizes = [], []
        for number_of_try, run in enumerate(tries):
            begun = time.perf_counter()
            report = work(Chunk(f"try-{number_of_try}", (run,)))
            if report.status == (OK,):
                seconds.append(time.perf_counter() - begun)
                sizes.append(sum(p.stat().st_size for p in folder.glob(f"*/try-{number_of_try}.*")))
    if not seconds:
        return Estimate(points.current.size, rows, runs)
    return Estimate(
        points.current.size, rows, runs, len(seconds), fmean(seconds), peak_memory_mb(),
        fmean(sizes),
    )  # fmt: skip
