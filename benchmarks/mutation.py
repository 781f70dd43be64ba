"""Make small mistakes in the rules, one at a time, and count those that the tests notice.

::

    python benchmarks/mutation.py                    # 400 mistakes, drawn evenly over the files
    python benchmarks/mutation.py --sample 0         # all of them, a matter of hours
    python benchmarks/mutation.py --only 283 belonging:164 entry
    python benchmarks/mutation.py --only 283 --thorough    # minutes for each that is left

Kernels run interpreted, so that nothing has to be compiled anew. Each mistake is made in a process
split off from one that has everything imported; there the checks run, the quickest first, until one
fails. A process that takes too long has failed, too. Needs ``fork`` (Linux, macOS).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import resource
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "selforg_sim" / "rules"
if __name__ == "__main__":
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from mutants import Mutant, mutants_of  # noqa: E402

WORLDS = (2, 31, 33, 23, 4, 20)
"""Drawn worlds that are soon over, and in which groups are founded, split, left and paid or not."""
ALL_WORLDS = range(40)
LIMIT, LONG_LIMIT = 60, 600
"""Seconds of a processor after which a mistake counts as noticed: the process runs for ever."""
MEMORY = 6 << 30
SAMPLE = 400
TESTS = (
    "tests/test_mesa.py::test_own_step_takes_over",
    "tests/test_mesa.py::test_idle_people_do_nothing",
    "tests/test_mesa.py::test_idle_people_do_not_keep_those_after_them_from_looking_for_groups",
    "tests/test_mesa.py::test_join_is_judged_by_the_group_only",
    "tests/test_mesa.py::test_invited_people_only",
    "tests/test_mesa.py::test_invite",
    "tests/test_mesa.py::test_replace_gives_people_back_to_the_rules",
    "tests/test_edges.py::test_the_one_left_of_many_groups_is_found_at_its_place",
    "tests/test_edges.py::test_where_all_groups_have_ended_nobody_comes_across_any",
    "tests/test_records.py",
    "tests/test_twin.py::test_engine_and_twin_agree_where_a_hundred_friends_are_inside",
    "tests/test_twin.py::test_engine_and_twin_agree_where_first_and_last_rows_split_groups",
    "tests/test_twin.py::test_engine_and_twin_agree_where_meet_ups_are_rare_and_the_pool_runs_dry",
)
"""Quick tests of what the drawn worlds lack: people with code of their own, empty places."""
MORE_TESTS = (
    "tests/test_edges.py",
    "tests/test_independence.py::test_the_same_on_several_threads",
    "tests/test_independence.py::test_groups_taken_in_two_parts_are_the_same",
)


def by_hand() -> None:
    """Every case of ``tests/test_rules.py``, and the vectors and keys beside them."""
    import test_rules

    for point, name, arguments, answer in (case.values for case in test_rules.EACH_CASE):
        test_rules.test_a_rule_function_gives_the_number_worked_out_by_hand(
            point, name, arguments, answer
        )
    for name, test in vars(test_rules).items():
        if name.startswith("test_") and not getattr(test, "pytestmark", None):
            test()


def by_twin() -> None:
    """A few drawn worlds, engine and twin side by side."""
    side_by_side(WORLDS)


def by_tests() -> None:
    """Tests of what the drawn worlds lack."""
    run_tests(TESTS)


def by_all_worlds() -> None:
    """All drawn worlds that the tests of the twin go through."""
    side_by_side(ALL_WORLDS)


def by_more_tests() -> None:
    """Slow tests."""
    run_tests(MORE_TESTS)


def side_by_side(worlds: Iterable[int]) -> None:
    """Compare engine and twin in drawn worlds.

    The twin is imported here and no sooner: it copies the rule functions as they are then.
    """
    from twin.comparison import agree
    from twin.drawn import drawn_scenario

    for world in worlds:
        agree(drawn_scenario(random.Random(world)), world)


def run_tests(tests: Iterable[str]) -> None:
    """Run tests until one fails, with pytest in this process."""
    import pytest

    options = ["-o", "addopts=", "--assert=plain", "-x", "-q", "-p", "no:cacheprovider"]
    if pytest.main([*options, *tests]):
        raise AssertionError("a test fails")


Check = Callable[[], None]
QUICK: tuple[Check, ...] = (by_hand, by_twin, by_tests)
THOROUGH: tuple[Check, ...] = (*QUICK, by_more_tests, by_all_worlds)
SURVIVED, TIMED_OUT = "survived", "time"


def chosen(sample: int, seed: int, only: Iterable[str]) -> list[Mutant]:
    """The mutants to try, drawn evenly over the files if there are more than ``sample``."""
    of_file: dict[str, list[Mutant]] = {}
    for path in sorted(RULES.glob("*.py")):
        start = sum(map(len, of_file.values()))
        of_file[path.stem] = mutants_of(path, start)
    found = [m for each in of_file.values() for m in each]
    if wanted := set(only):
        return [m for m in found if wanted & {m.file, f"{m.file}:{m.line}", str(m.number)}]
    luck = random.Random(seed)
    part = min(1.0, sample / len(found)) if sample else 1.0
    drawn = [luck.sample(each, round(part * len(each))) for each in of_file.values()]
    return sorted((m for each in drawn for m in each), key=lambda m: m.number)


def warm_up() -> None:
    """Import what the checks need, so that no split-off process has to; the twin apart."""
    warnings.simplefilter("error")
    for name in ("pytest", "hypothesis", "selforg_sim.model", "test_rules"):
        import_module(name)


def outcome_of(mutant: Mutant | None, checks: Sequence[Check]) -> int:
    """Run the checks on a mutant, or on the rules as they are: the number of the first to fail."""
    os.chdir(ROOT)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    limit = LONG_LIMIT if len(checks) > len(QUICK) else LIMIT
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    if mutant is not None:
        home = import_module(f"selforg_sim.rules.{mutant.file}")
        getattr(home, mutant.function).__code__ = mutant.code
    for number, check in enumerate(checks, start=1):
        try:
            check()
        except BaseException:
            return number
    return 0


def started(mutant: Mutant | None, checks: Sequence[Check]) -> int:
    """Split off a process that tries one mutant."""
    process = os.fork()
    if process:
        return process
    code = len(checks)
    with contextlib.suppress(BaseException):
        code = outcome_of(mutant, checks)
    os._exit(code)


def ended(status: int) -> str:
    """What came of a mutant, from the end of its process."""
    if os.WIFSIGNALED(status):
        return TIMED_OUT
    code = os.waitstatus_to_exitcode(status)
    return THOROUGH[code - 1].__name__ if code else SURVIVED


def tried(mutants: Iterable[Mutant], checks: Sequence[Check], processes: int) -> dict[Mutant, str]:
    """What came of each mutant."""
    waiting = list(mutants)[::-1]
    running: dict[int, Mutant] = {}
    outcomes: dict[Mutant, str] = {}
    while waiting or running:
        while waiting and len(running) < processes:
            mutant = waiting.pop()
            running[started(mutant, checks)] = mutant
        process, status = os.wait()
        mutant = running.pop(process)
        outcomes[mutant] = ended(status)
        if outcomes[mutant] == SURVIVED:
            print(f"  {mutant.number:5} {mutant}", flush=True)
    return outcomes


def report(outcomes: dict[Mutant, str], seconds: float) -> str:
    """A line for each file, and the whole."""
    lines = []
    for file in sorted({m.file for m in outcomes}):
        counts = Counter(outcome for m, outcome in outcomes.items() if m.file == file)
        lines.append(f"{file:16} {told(counts)}")
    lines.append(f"{'all':16} {told(Counter(outcomes.values()))}, {seconds / 60:.1f} minutes")
    return "\n".join(lines)


def told(counts: Counter[str]) -> str:
    """Mutants, those noticed and by what, in words."""
    total, left = counts.total(), counts[SURVIVED]
    noticed = ", ".join(
        f"{counts[c.__name__]} {c.__name__}" for c in THOROUGH if counts[c.__name__]
    )
    return (
        f"{total:5} mistakes, {total - left:5} noticed ({(total - left) / total:.1%}): {noticed}, "
        f"{counts[TIMED_OUT]} {TIMED_OUT}; {left} not"
    )


def main(arguments: Iterable[str]) -> int:
    """Try the mutants; 1 only if the checks fail without any: survivors are for people to judge."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sample", type=int, default=SAMPLE, help="how many mistakes; 0 for all")
    parser.add_argument("--seed", type=int, default=1, help="which sample")
    parser.add_argument("--only", nargs="+", default=[], help="file, file:line, or number")
    parser.add_argument("--thorough", action="store_true", help="go on to slow checks")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args(list(arguments))
    mutants = chosen(asked.sample, asked.seed, asked.only)
    checks = THOROUGH if asked.thorough else QUICK
    begun = time.monotonic()
    warm_up()
    as_they_are = ended(os.waitpid(started(None, checks), 0)[1])
    if as_they_are != SURVIVED:
        print(f"The rules as they are do not pass: {as_they_are}.")
        return 1
    print(f"Of {len(mutants)} mistakes these were not noticed:", flush=True)
    print(report(tried(mutants, checks, asked.processes), time.monotonic() - begun))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
