"""Starting: the command's help, the import, the first result; with full caches and with none."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from selforg_sim.bench.clock import seconds_of, spread
from selforg_sim.bench.settings import Settings

FIRST_RESULT = (
    "from selforg_sim.simulation import simulate\n"
    "from selforg_sim.scenario import load_scenario\n"
    "results = simulate(load_scenario('smoke'))\n"
    "results.table('series')\n"
    "print(results.manifest['performance']['compile_seconds'])"
)
STARTS = {
    "help": ["-m", "selforg_sim", "--help"],
    "import": ["-c", "import selforg_sim"],
    "first result": ["-c", FIRST_RESULT],
}
"""What is started, each in a process of its own; the last one prints its seconds of compiling."""


def measure(settings: Settings) -> dict[str, Any]:
    """Warm starts some times over; cold ones, which compile everything, once."""
    if settings.starts > 1:
        python(STARTS["first result"])  # else a cold start would be among the warm ones
    runs = {
        name: [started(words) for _ in range(settings.starts)] for name, words in STARTS.items()
    }
    loading = [float(printed) for _, printed in runs["first result"]]
    found: dict[str, Any] = {
        "warm": {name: spread([seconds for seconds, _ in run]) for name, run in runs.items()},
        "load_kernels_seconds": spread(loading),
    }
    if settings.cold:
        cold = {name: cold_start(words) for name, words in STARTS.items()}
        found["cold"] = {name: seconds for name, (seconds, _) in cold.items()}
        found["compile_seconds"] = float(cold["first result"][1])
    return found


def cold_start(words: list[str]) -> tuple[float, str]:
    """Seconds of a start that finds neither bytecode nor kernels on disk, and what it prints."""
    with tempfile.TemporaryDirectory() as folder:
        return started(words, fresh(folder))


def started(words: list[str], environment: dict[str, str] | None = None) -> tuple[float, str]:
    """Seconds that a process of Python takes, and what it prints."""
    printed: list[str] = []
    seconds = seconds_of(lambda: printed.append(python(words, environment)))
    return seconds, printed[0]


def fresh(folder: str) -> dict[str, str]:
    """An environment in which bytecode and kernels are kept in a folder that is still empty."""
    return {
        "XDG_CACHE_HOME": folder,
        "LOCALAPPDATA": folder,
        "NUMBA_CACHE_DIR": "",
        "PYTHONPYCACHEPREFIX": str(Path(folder) / "bytecode"),
    }


def python(words: list[str], environment: dict[str, str] | None = None) -> str:
    """Run Python in a new process; return what it prints."""
    done = subprocess.run(
        [sys.executable, *words],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"Python could not be started for a measurement: {done.stderr[-2000:]}")
    return done.stdout
