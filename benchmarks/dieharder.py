"""A battery of tests of randomness on the luck of the model, in the order in which it is drawn.

    python benchmarks/dieharder.py --quick       # seven tests, under a minute
    python benchmarks/dieharder.py               # all but long lagged sums, 25 minutes, one core
    python benchmarks/dieharder.py --all         # every test of "dieharder -a" but 14, an hour
    python benchmarks/dieharder.py --only 102 --samples 400 --seed 1000   # one test, more data
    python benchmarks/dieharder.py --quick --rounds 2       # a generator that must fail

The program ``dieharder`` must be installed (``apt-get install dieharder``). Every test reads a
stream of its own: seed, seed + 1, ... Words go out day by day, decision by decision in the order of
the plan, person by person and group by group, and of every draw those that the model uses: two for
a number, four for a pair. Exit code 1 if a test has failed or has given no answer.
"""

from __future__ import annotations

import argparse
import importlib.util
import platform
import shlex
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

import numba
import numpy as np

from selforg_sim import __version__
from selforg_sim.engine import draws
from selforg_sim.plan import DECISIONS
from selforg_sim.world import SLOT_BITS, group_key

PEOPLE, GROUPS, GROUPS_A_PERSON = 2000, 40, 3
OUTCOMES = ("PASSED", "WEAK", "FAILED")
COLUMNS = ("test_name", "ntuple", "tsamples", "psamples", "pvalues", "assessment")

USES = {
    "come": (2, 1), "give": (2, 1), "messages' mean": (4, 1), "messages": (2, 1),
    "take envelope": (4, 1), "turn": (4, 1), "remove": (2, 1), "leave": (2, 1),
    "drift off": (2, 1), "invite": (2, 1), "pick contact": (2, 4), "encounter": (2, 1),
    "pick group": (1, 4), "stop at": (2, 4), "join": (2, 1), "seat": (2, 1), "rebel": (2, 2),
    "found": (2, 1),
}  # fmt: skip
"""The decisions of a day in the order of the plan: words that each draw uses, and attempts."""


class Test(NamedTuple):
    """A test of the battery, by its number and the length of the tuples it looks at."""

    number: int
    tuples: tuple[int, ...] = (0,)


QUICK = (Test(0), Test(2), Test(8), Test(15), Test(100), Test(101), Test(204))
ALL = (
    *(Test(n) for n in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17)),
    *(Test(n) for n in (100, 101, 204, 205)),
    Test(206, (256,)), Test(207, (32,)), Test(208), Test(206, (128,)), Test(209, (12,)),
    Test(202, (2, 3, 4, 5)), Test(201, (2, 3, 4, 5)), Test(102), Test(203, tuple(range(5))),
    Test(200, tuple(range(1, 13))), Test(203, tuple(range(5, 14))), Test(203, tuple(range(14, 33))),
)  # fmt: skip
USUAL = ALL[:-1]
"""All but the longest. ``diehard_sums`` (14) is left out everywhere, as its authors advise, and 208
runs once: its second part comes with the first, and asked for alone makes dieharder crash."""


def weakened(rounds: int) -> Any:
    """The module of draws once more, with another number of rounds."""
    spec = importlib.util.spec_from_file_location("weakened_draws", draws.__file__)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.__dict__["ROUNDS"] = rounds  # read when the functions are compiled, on first use
    module.__dict__["philox"] = numba.njit(module.philox.py_func)
    module.__dict__["words"] = numba.njit(module.words.py_func)
    return module


def filler(words: Callable[..., Any]) -> Callable[..., int]:
    """A compiled loop that writes the words of one day and one decision."""

    @numba.njit(nogil=True)
    def fill(
        seed: int, day: int, decision: int, used: int, attempts: int, people: Any, groups: Any,
        together: int, out: Any, n: int,
    ) -> int:  # fmt: skip
        for i in range(people.shape[0]):
            for k in range(max(1, together)):
                b = groups[(i + 13 * k) % groups.shape[0]] if together else 0
                for attempt in range(attempts):
                    w = words(seed, day, decision, people[i], b, attempt)
                    for j in range(used):
                        out[n] = w[j]
                        n += 1
        return n

    return fill


def stream(seed: int, words: Callable[..., Any]) -> Iterator[bytes]:
    """The words of day after day, 32 bits each."""
    fill = filler(words)
    half = np.arange(PEOPLE // 2, dtype=np.int64)
    people = np.concatenate([half, (2 << SLOT_BITS) + half])  # two kinds of people
    groups = np.array([group_key(f"g{n + 1}") for n in range(GROUPS)])
    named = {decision.name: decision for decision in DECISIONS}
    out = np.empty(PEOPLE * GROUPS_A_PERSON * sum(w * t for w, t in USES.values()), dtype=np.uint32)
    day = 0
    while True:
        day, n = day + 1, 0
        for name, (used, attempts) in USES.items():
            together = 0 if named[name].b == "none" else GROUPS_A_PERSON
            n = fill(
                seed, day, named[name].number, used, attempts, people, groups, together, out, n
            )
        yield out[:n].tobytes()


def command(test: int, tuples: int, samples: int | None) -> list[str]:
    """The command line of one test; raw words of 32 bits come on its standard input."""
    line = ["dieharder", "-g", "200", "-d", str(test), "-n", str(tuples), "-c", ","]
    line += [part for column in COLUMNS for part in ("-D", column)]
    return line if samples is None else [*line, "-p", str(samples)]


def run(line: list[str], words_of_days: Iterator[bytes]) -> list[list[str]]:
    """Feed one test until it has had enough; return its lines."""
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as battery:
        assert battery.stdin is not None and battery.stdout is not None
        with suppress(BrokenPipeError):  # it ends when it has had enough
            for day in words_of_days:
                battery.stdin.write(day)
        with suppress(BrokenPipeError):
            battery.stdin.close()
        told = battery.stdout.read().decode()
    rows = [[cell.strip() for cell in row.split(",")] for row in told.splitlines()]
    found = [row for row in rows if row and row[-1] in OUTCOMES]
    return found or [[" ".join(line[3:7]), "", "", "", "", f"NO ANSWER ({battery.returncode})"]]


def version() -> str:
    """What the battery calls itself."""
    told = subprocess.run(["dieharder", "-l"], capture_output=True, text=True, check=False).stdout
    return next((row.strip("# ") for row in told.splitlines() if "version" in row), "dieharder")


def main() -> int:
    """Run the tests and print a table of what they found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument("--quick", action="store_true", help="seven fast tests")
    extent.add_argument("--all", action="store_true", help="every test, about an hour")
    extent.add_argument("--only", type=int, nargs="+", help="numbers of tests, see dieharder -l")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first test's stream")
    parser.add_argument("--samples", type=int, help="p-values per test; 100 for most if absent")
    parser.add_argument("--rounds", type=int, help="rounds of Philox, to see a weak one fail")
    chosen = parser.parse_args()
    if shutil.which("dieharder") is None:
        print("dieharder is not installed; on Debian: apt-get install dieharder", file=sys.stderr)
        return 2
    tests = QUICK if chosen.quick else ALL if chosen.all else USUAL
    if chosen.only:
        tests = tuple(test for test in ALL if test.number in chosen.only)
    words = draws.words if chosen.rounds is None else weakened(chosen.rounds).words
    print(f"{version()}; selforg_sim {__version__}, Python {platform.python_version()}")
    print(f"each test: words | {shlex.join(command(0, 0, chosen.samples))} (its own -d and -n)\n")
    print("| test | -n | samples | p-values | p | outcome | seed | seconds |")
    print("|---|---:|---:|---:|---:|---|---:|---:|")
    counts: Counter[str] = Counter()
    runs = [(test.number, tuples) for test in tests for tuples in test.tuples]
    for seed, (number, tuples) in enumerate(runs, chosen.seed):
        begun = time.perf_counter()
        for row in run(command(number, tuples, chosen.samples), stream(seed, words)):
            counts[row[-1]] += 1
            seconds = time.perf_counter() - begun
            print(f"| {' | '.join(row)} | {seed} | {seconds:.0f} |", flush=True)
    print("\n" + ", ".join(f"{counts[name]} {name}" for name in OUTCOMES), end="; ")
    print(f"of a perfect source {counts.total() / 100:.1f} of {counts.total()} would be WEAK")
    return 0 if counts.total() == counts["PASSED"] + counts["WEAK"] else 1


if __name__ == "__main__":
    sys.exit(main())
