"""Are all lines of rules and engine reached by the tests? Prints a table; fails if one is not.

::

    python benchmarks/line_coverage.py

Kernels run interpreted (``NUMBA_DISABLE_JIT=1``), or coverage would not see into them. That takes
long, so only the tests below run, on two processes; other tests reach the same lines again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("selforg_sim/rules", "selforg_sim/engine")
TESTS = (
    "tests/test_rules.py",
    "tests/test_leaving.py",
    "tests/test_draws.py",
    "tests/test_traits.py",
    "tests/test_networks.py",
    "tests/test_kernel_cache.py",
    "tests/test_records.py",
    "tests/test_declarations.py",
    "tests/test_edges.py",
    "tests/test_twin.py",
    "tests/test_mesa.py",
    "tests/test_independence.py",
    *ROOMS,
)
LEFT_OUT = (
    "shipped_scenarios",
    "real_contacts",
    "changes_nobody",
    "changes_little",
    "communities",
    "another_seed",
    "the_same_interpreted",
    "fifty_models",
    "large_set",
    "stepping_equals",
    "picks_are_even",
    "broken_means",
    "weights_are_met",
    "wholly_rewired",
    "at_their_ends",
)
"""Parts of names of slow tests that reach nothing more."""


def command() -> list[str]:
    """The call of pytest."""
    covered = [f"--cov={room}" for room in ROOMS]
    chosen = " and ".join(f"not {name}" for name in LEFT_OUT)
    report = ["--cov-report=term-missing:skip-covered", "--cov-fail-under=100"]
    return [sys.executable, "-m", "pytest", "-q", "-n", "2", "-k", chosen,
            *covered, *report, *TESTS]  # fmt: skip


def main() -> int:
    """Run the tests under coverage; the exit code of pytest, 1 where a line is not reached."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "SELFORG_TWIN_WORLDS": "6"}
    return subprocess.run(command(), cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
