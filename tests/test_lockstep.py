"""Two worlds in lockstep: the first difference is named by day, phase, person and column."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import selforg_sim
from selforg_sim.errors import RunError, UsageError
from selforg_sim.lockstep import Pair, Side, first_difference
from selforg_sim.scenario import Scenario, scenario_from_dict, to_toml

PACKAGE = Path(selforg_sim.__file__).resolve().parent
TINY: dict[str, Any] = {
    "name": "tiny",
    "horizon": 6,
    "people": {
        "owner": {"count": 2}, "influencer": {"count": 3}, "lurker": {"count": 12},
        "troublemaker": {"count": 1},
    },
    "contacts": {"mean": 5},
    "founding": {"groups": 2},
    "groups": {"g2": {"platform": "forum"}},
}  # fmt: skip


def tiny(**tables: Any) -> Scenario:
    return scenario_from_dict(TINY | tables)


def plain(*changes: str, tree: Path | None = None, **tables: Any) -> Side:
    """The tiny world in plain Python, which starts fastest."""
    return Side(tiny(**tables), changes, interpreted=True, tree=tree)


def selforg(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run ``selforg debug diff``."""
    done = subprocess.run(
        [sys.executable, "-m", "selforg_sim", "debug", "diff", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert "Traceback" not in done.stderr + done.stdout
    return done


# ---------------------------------------------------------------- scenarios


def test_a_parameter_differs_from_the_phase_on_in_which_it_acts(tmp_path: Path) -> None:
    change = "rules.time_and_cash.outside_life=1.2"
    done = selforg("smoke", "--set-b", change, "--days", "9", "--json", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    assert (told["equal"], told["days"], told["notes"]) == (False, 9, [])
    assert told["settings"] == [["rules.time_and_cash.outside_life", 0.8, 1.2]]
    found = told["difference"]
    assert (found["day"], found["phase"]) == (1, "spread time")
    assert found["step"] == "step 1, time and cash"
    assert (found["person"], found["group"], found["column"]) == ("owner:0", "g1", "hours")
    assert found["a"] > found["b"] > 0, "more life outside leaves less time for the group"
    assert found["counts"] == [
        {"table": "memberships", "column": "hours", "differing": 6, "rows": 6}
    ]


def test_levers_that_an_event_pulls_differ_from_that_day_on(tmp_path: Path) -> None:
    shown = 'extends = "smoke"\n[[events]]\nday = 10\nevent = "rules_changed"\n'
    (tmp_path / "mine.toml").write_text(shown + "set = { strictness = 0.9 }\n", encoding="utf-8")
    done = selforg("smoke", "mine.toml", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert 'events.1.event: (absent) | "rules_changed"' in done.stdout
    assert "The two worlds are equal until day 10.\n" in done.stdout
    first = "day 10, before the first phase (groups open, events happen), group g1, strictness"
    assert f"First difference (A | B): {first}: 0.2 | 0.9\n" in done.stdout
    assert "  strictness: 8 of 8 groups\n" in done.stdout


def test_what_comes_of_a_request_differs_in_the_phase_that_judges_it() -> None:
    found = first_difference(plain(), plain("rules.initiation.screened_fit=10"))
    assert found is not None
    assert (found.phase, found.column) == ("judge", "request_outcome")
    assert (found.a, found.b) == ("joined", "refused")


def test_an_owner_who_leaves_is_missing_in_one_world() -> None:
    found = first_difference(plain('events=[{day=3, event="owner_leaves"}]'), plain())
    assert found is not None
    assert (found.day, found.phase) == (3, "the day begins")
    assert (found.person, found.group, found.a, found.b) == ("owner:0", "g1", "not there", "there")
    assert str(found.counts[0]) == "memberships that only one world has: 2 of 15"


def test_another_numbering_is_no_difference() -> None:
    people = dict(reversed(TINY["people"].items()))
    assert first_difference(plain(), plain(people=people), days=0) is None


def test_worlds_of_other_people_cannot_be_compared() -> None:
    with pytest.raises(UsageError, match=r"not the same people: 2 of 18 .* lurker:10 in A"):
        first_difference(plain(), plain("people.lurker.count=10"))


# ---------------------------------------------------------------- engines and versions


def test_compiled_and_interpreted_are_equal(tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(to_toml(tiny()), encoding="utf-8")
    done = selforg("tiny.toml", "--interpreted-b", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "The settings are the same.\nThe two worlds are equal to the bit over 6 days.\n"
    )


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package, to be edited; it runs interpreted, so nothing need be compiled."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kernels"))
    shutil.copytree(PACKAGE, tmp_path / "selforg_sim", ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("agents", "scenarios"):
        shutil.copytree(PACKAGE.parent / folder, tmp_path / folder)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_rule_edited_in_another_version_is_found_by_its_phase(tree: Path) -> None:
    edit(tree / "selforg_sim/rules/initiation.py", "/ hope_memory", "/ (hope_memory + 1.0)")
    with Pair(plain(), plain(tree=tree)) as pair:
        assert pair.settings == []
        found = pair.first_difference()
    assert found is not None
    assert (found.day, found.phase, found.column) == (1, "watch", "hoped")


def test_versions_with_other_plans_are_compared_at_the_ends_of_days(tree: Path) -> None:
    edit(tree / "selforg_sim/plan.py", '"watch over"', '"look after"')
    edit(tree / "selforg_sim/__init__.py", "__version__ = ", "__version__ = 'next ' ")
    with Pair(plain(), plain(tree=tree)) as pair:
        version, plans = pair.notes
        assert "B is version next" in version
        assert "Phases only in A: watch over. Phases only in B: look after." in plans
        assert pair.first_difference(2) is None


def test_a_version_that_fails_says_when_and_why(tree: Path) -> None:
    edit(tree / "selforg_sim/happenings.py", "world.state.day += 1", "world.state.day //= 0")
    with pytest.raises(RunError, match="B failed after day 0, 'at birth': ZeroDivisionError"):
        first_difference(plain(), plain(tree=tree))


# ---------------------------------------------------------------- the command


@pytest.mark.parametrize(
    ("side", "says"),
    [
        (Side("smok"), "A: smok: .* Did you mean 'smoke'?"),
        (Side("smoke", tree=Path("nowhere")), "nowhere does not hold the package selforg_sim"),
        (Side("smoke", python=Path("nowhere/python")), "A: nowhere/python cannot be started"),
    ],
)
def test_wrong_use_is_told_in_one_line(side: Side, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        first_difference(side, "smoke")


@pytest.mark.skipif(os.name != "posix", reason="signals as on Linux and macOS")
def test_ctrl_c_ends_both_worlds(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "selforg_sim", "debug", "diff", "smoke", "--days", "16000"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        start_new_session=True,
    ) as running:
        assert running.stdout is not None and running.stderr is not None
        assert running.stdout.readline() == "The settings are the same.\n"
        os.killpg(running.pid, signal.SIGINT)
        said = running.stderr.read()
    assert running.returncode == 130
    assert said == "Stopped by Ctrl-C. No folder was written.\n"
