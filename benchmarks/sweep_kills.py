"""Is anything lost or doubled when a sweep is killed again and again?

A sweep runs in two processes and is killed (kill -9) at twenty random moments, each time gone on
with by the same command. Its tables must be, row for row, those of a sweep that nobody disturbed.

    python benchmarks/sweep_kills.py             # 20 kills, some minutes
    python benchmarks/sweep_kills.py --kills 3
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from selforg_sim.sweep import Sweep
from selforg_sim.sweep.status import status_of

SWEEP = (
    "smoke", "--vary", "group.strictness=0:1:6", "--vary", "group.levels=1,2,3", "--vary",
    "seed=1:40:40", "--set", "horizon=30",
)  # fmt: skip
LONGEST = 4.0
"""Seconds after the first run of a session within which it is killed."""


def begin(folder: Path) -> subprocess.Popen[bytes]:
    """The sweep in a process of its own, with two workers."""
    command = ["-m", "selforg_sim", "sweep", "run", *SWEEP, "--workers", "2", "--out", str(folder)]
    return subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL)


def parts(folder: Path) -> int:
    """Parts of runs that are there."""
    return len(list((folder / "runs").glob("*.parquet")))


def killed(folder: Path, wait: float) -> bool:
    """Go on with the sweep and kill it after a while; whether it was still at work."""
    before = parts(folder)
    with begin(folder) as running:
        while running.poll() is None and parts(folder) == before:
            time.sleep(0.01)
        try:
            running.wait(wait)
            return False
        except subprocess.TimeoutExpired:
            running.kill()
    return running.returncode == -signal.SIGKILL


def same(one: Path, other: Path) -> None:
    """Raise if two sweeps do not hold the same tables, row for row."""
    a, b = Sweep.load(one), Sweep.load(other)
    pd.testing.assert_frame_equal(a.design, b.design)
    pd.testing.assert_frame_equal(a.runs, b.runs)
    pd.testing.assert_frame_equal(a.table("series"), b.table("series"))


def main() -> None:
    """Kill, go on, compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    kills = parser.parse_args().kills
    luck = np.random.Generator(np.random.Philox(key=20))
    with TemporaryDirectory() as place:
        whole, disturbed = Path(place) / "whole", Path(place) / "disturbed"
        assert begin(whole).wait() == 0
        number = sessions = 0
        while number < kills:
            sessions += 1
            number += killed(disturbed, luck.uniform(0.0, LONGEST))
            done = len(Sweep.load(disturbed).runs)
            print(f"session {sessions}: {done:,} runs are there, {number} kills", flush=True)
            if status_of(disturbed).finished and number < kills:
                print("the sweep is over; it is begun anew")
                same(disturbed, whole)
                disturbed = disturbed.with_name(f"disturbed-{sessions}")
        assert begin(disturbed).wait() == 0
        same(disturbed, whole)
        runs = len(Sweep.load(whole).runs)
        print(f"{runs:,} runs, {number} kills: nothing lost, nothing twice, every row the same.")


if __name__ == "__main__":
    main()
