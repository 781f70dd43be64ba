"""Is anything lost or doubled when workers of a Dask cluster are killed and others join late?

A scheduler and two workers run a sweep, each a process of its own. At random moments a worker is
killed (kill -9), every third time both; new ones join some seconds later. The tables must be, row
for row, those of the same sweep in two processes that nobody disturbed.

    python benchmarks/dask_cluster.py              # 4,500 runs, 12 kills, seven minutes
    python benchmarks/dask_cluster.py --kills 3 --seeds 50
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from selforg_sim.sweep import Sweep
from selforg_sim.sweep.status import status_of

WORKERS = 2
QUIET = (1.0, 5.0)
"""Seconds without a disturbance, at least and at most."""
ABSENT = (0.0, 4.0)
"""Seconds until another worker takes the place of one that was killed."""


def begin(*arguments: str, log: Path) -> subprocess.Popen[bytes]:
    """A Python module in a process of its own; what it says is kept in a file."""
    with log.open("ab") as file:
        return subprocess.Popen([sys.executable, "-m", *arguments], stdout=file, stderr=file)


def sweep(seeds: int, *where: str, out: Path) -> subprocess.Popen[bytes]:
    """The sweep in a process of its own."""
    vary = ("group.strictness=0:1:6", "group.levels=1,2,3", f"seed=1:{seeds}:{seeds}")
    what = ["smoke", *(f"--vary={text}" for text in vary), "--set=horizon=30"]
    log = out.with_suffix(".log")
    return begin("selforg_sim", "sweep", "run", *what, *where, f"--out={out}", log=log)


class Cluster:
    """A scheduler, and workers that come and go."""

    def __init__(self, place: Path) -> None:
        self.place, self.file = place, place / "scheduler.json"
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._begin(
            "scheduler", "--host=127.0.0.1", "--port=0", "--dashboard-address=:0",
            f"--scheduler-file={self.file}",
        )  # fmt: skip
        while not self._address():
            time.sleep(0.05)

    def _begin(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        return begin("dask", what, *arguments, "--no-dashboard", log=self.place / "cluster.log")

    def _address(self) -> str:
        try:
            return str(json.loads(self.file.read_text(encoding="utf-8"))["address"])
        except (OSError, ValueError):
            return ""

    def join(self) -> None:
        """Let one more worker come."""
        asked = ("--nthreads=1", "--no-nanny", "--host=127.0.0.1")
        self.workers.append(self._begin("worker", self._address(), *asked))

    def kill(self, number: int) -> None:
        """Kill the workers that have been there longest."""
        for worker in self.workers[:number]:
            worker.kill()
            worker.wait()
        del self.workers[:number]

    def end(self) -> None:
        """Let nothing of it go on."""
        self.kill(len(self.workers))
        self.scheduler.kill()
        self.scheduler.wait()


def disturb(cluster: Cluster, running: subprocess.Popen[bytes], kills: int, out: Path) -> int:
    """Kill workers while the sweep is running; returns how many were killed."""
    luck = np.random.Generator(np.random.Philox(key=21))

    def over_after(seconds: float) -> bool:
        try:
            running.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    while not (out / "manifest.json").exists() or not list((out / "runs").glob("*.parquet")):
        if over_after(0.05):
            return 0
    killed = 0
    while killed < kills and not over_after(luck.uniform(*QUIET)):
        number = min(WORKERS if killed % 3 == 2 else 1, kills - killed)
        cluster.kill(number)
        killed += number
        left = WORKERS - number
        print(
            f"{killed} killed, {left} left, {len(Sweep.load(out).runs):,} runs are there",
            flush=True,
        )
        for _ in range(number):
            over_after(luck.uniform(*ABSENT))
            cluster.join()
    return killed


def same(one: Path, other: Path) -> int:
    """Raise if two sweeps do not hold the same tables, row for row; returns their runs."""
    a, b = Sweep.load(one), Sweep.load(other)
    pd.testing.assert_frame_equal(a.design, b.design)
    pd.testing.assert_frame_equal(a.runs, b.runs)
    pd.testing.assert_frame_equal(a.table("series"), b.table("series"))
    return len(a.runs)


def main() -> None:
    """Kill, let others join, compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--seeds", type=int, default=250, help="runs of each of 18 points")
    asked = parser.parse_args()
    with TemporaryDirectory() as place:
        whole, disturbed = Path(place) / "whole", Path(place) / "disturbed"
        assert sweep(asked.seeds, f"--workers={WORKERS}", out=whole).wait() == 0
        cluster = Cluster(Path(place))
        try:
            for _ in range(WORKERS):
                cluster.join()
            running = sweep(asked.seeds, f"--dask={cluster.file}", out=disturbed)
            killed = disturb(cluster, running, asked.kills, disturbed)
            code = running.wait()
        finally:
            cluster.end()
        assert code == 0, disturbed.with_suffix(".log").read_text(encoding="utf-8")
        runs = same(disturbed, whole)
        failed = status_of(disturbed).failed
        print(f"{runs:,} runs, {killed} workers killed, {failed} runs failed.")
        print("Nothing lost, nothing twice, every row that of two processes.")


if __name__ == "__main__":
    main()
