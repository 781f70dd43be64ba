"""Benchmarks: they compare what computes the same, and tell all of it; how long is never asked."""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import selforg_sim
from selforg_sim.bench import against_numpy, kernels, limit, suite, vectorised
from selforg_sim.bench.phases import AROUND
from selforg_sim.bench.report import SECTIONS, as_markdown
from selforg_sim.bench.settings import DOING, TINY
from selforg_sim.bench.worlds import grown_world, live_a_day, same_everywhere
from selforg_sim.engine.births import uniforms
from selforg_sim.engine.columns import Array
from selforg_sim.engine.loop import Loop
from selforg_sim.plan import DECISIONS, PLAN
from selforg_sim.world import COLUMNS

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("performance.md", "scale.md")


# ---------------------------------------------------------------- parts


@pytest.mark.parametrize("part", suite.PARTS)
def test_a_part_measures_what_it_says_and_tells_it(part: str) -> None:
    found = suite.measure(TINY, [part])
    text = json.dumps(found, allow_nan=False)
    assert json.loads(text)["schema"] == suite.SCHEMA
    assert list(found["parts"]) == [part] and not found["left_out"]
    CHECKS[part](found["parts"][part])
    section = SECTIONS[part](found["parts"][part])
    assert section.rows and {len(row) for row in section.rows} == {len(section.headings)}
    assert "NO" not in as_markdown(section)
    assert str(ROOT) not in text and str(Path.home()) not in text
    assert platform.node() not in found["machine"].values()


def test_every_part_has_words_for_whoever_waits_and_reads() -> None:
    assert list(DOING) == list(suite.PARTS)
    assert SECTIONS.keys() == CHECKS.keys() == suite.PARTS.keys()


def twin(part: dict[str, Any]) -> None:
    assert [(w["draws"], w["equal"]) for w in part["worlds"]] == [
        ("as verified", True), ("plain", None)
    ]  # fmt: skip
    verified = part["worlds"][0]
    assert verified["memberships"] == verified["memberships_of_twin"] > TINY.twin_people[0] // 20


def numpy(part: dict[str, Any]) -> None:
    assert part["not_in_the_plan"] == []
    assert [phase["equal"] for phase in part["phases"]] == [True] * len(vectorised.PHASES)


def phases(part: dict[str, Any]) -> None:
    assert {p["phase"] for p in part["phases"]} == {*AROUND, *(phase.name for phase in PLAN)}
    assert sum(p["share"] for p in part["phases"]) == pytest.approx(1.0)
    assert part["days"] == 10 and part["people"] == 5000


def the_limit(part: dict[str, Any]) -> None:
    draws = part["draws_per_membership_day"]
    assert draws.keys() <= {decision.name for decision in DECISIONS}
    assert 0.5 < draws["give"] <= 1.0 and 0.5 < draws["invite"] <= 1.0
    assert part["limit_ns"] == part["columns_once_ns"] + part["draws_ns"] > 0.0
    assert all(line["times"] > 0.0 for line in part["breakdown"])


def size(part: dict[str, Any]) -> None:
    assert [s["people"] for s in part["sizes"]] == list(TINY.size_people)
    assert all(s["memberships_per_person"] > 0.05 for s in part["sizes"])
    assert all(s["joins_per_person_day"] > 0.0 for s in part["sizes"])


def threads(part: dict[str, Any]) -> None:
    assert [(s["people"], s["equal"]) for s in part["sizes"]] == [
        (people, True) for people in TINY.thread_people
    ]


def memory(part: dict[str, Any]) -> None:
    size = part["sizes"][0]
    a_row = sum(np.dtype(c.dtype).itemsize for c in COLUMNS if c.table == "membership")
    assert size["bytes_per_membership"] == a_row
    assert size["bytes_per_membership_held"] >= a_row
    assert size["bytes_per_tie"] == 8
    assert 8 <= size["ties"] / size["people"] <= 12
    assert size["process"]["peak_mb"] > size["process"]["before_mb"] > 10


def start(part: dict[str, Any]) -> None:
    assert list(part["warm"]) == ["help", "import", "first result"]
    assert "cold" not in part


CHECKS: dict[str, Callable[[dict[str, Any]], None]] = {
    "twin": twin, "numpy": numpy, "phases": phases, "limit": the_limit, "size": size,
    "threads": threads, "memory": memory, "start": start,
}  # fmt: skip


# ---------------------------------------------------------------- comparing fairly


def test_a_numpy_version_that_is_off_by_a_hair_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def off(tables: vectorised.Tables) -> dict[str, Array]:
        right = vectorised.belong(tables)
        return right | {"belonging": right["belonging"] + 1e-9}

    monkeypatch.setitem(vectorised.PHASES, "belong", off)
    equal = {p["phase"]: p["equal"] for p in against_numpy.measure(TINY)["phases"]}
    assert equal == {name: name != "belong" for name in vectorised.PHASES}


def test_measuring_changes_nothing_in_the_world() -> None:
    watched, left_alone = (grown_world(TINY.one_world, TINY.grown_days) for _ in range(2))
    live_a_day(watched, against_numpy.SideBySide())
    live_a_day(left_alone, Loop(PLAN))
    limit.columns_once(watched.state, 2)
    limit.priced(watched.state, 1)
    assert same_everywhere(watched, left_alone)
    watched.state.memberships["trust"][watched.state.memberships.rows()[0]] += 1e-12
    assert not same_everywhere(watched, left_alone)


def test_the_limit_makes_the_draws_of_the_engine() -> None:
    a, b, out = np.arange(50), np.full(50, 7), np.empty(50)
    kernels.draw(2**40 + 3, 11, a, b, np.zeros(50, dtype=np.int64), out)
    drawn = uniforms(a, 2**40 + 3, kernels.ANY_DECISION, 7, 11)
    assert out.tolist() == drawn.tolist()


# ---------------------------------------------------------------- the command


def selforg(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run ``selforg bench`` with the package that stands in ``cwd``, else with this one."""
    return subprocess.run(
        [sys.executable, "-m", "selforg_sim", "bench", *arguments],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "120", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_json_is_one_object_and_nothing_else(tmp_path: Path) -> None:
    words = ["--only", "phases", "--scenario", "smoke", "--set", "horizon=3", "--json", "-"]
    done = selforg(*words, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["parts"]["phases"]["scenario"] == "smoke"
    assert found["parts"]["phases"]["days"] == 3
    assert found["machine"]["versions"]["selforg_sim"] == selforg_sim.__version__


def test_help_names_every_part(tmp_path: Path) -> None:
    said = selforg("--help", cwd=tmp_path).stdout.split("PART", 1)[1]
    assert not [name for name in suite.PARTS if name not in said]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--only", "phases", "--only", "speed"],
            "There is no part 'speed' to measure. Valid names: limit, memory",
        ),
        (["--scenario", "smoke"], "go with --only phases"),
    ],
)
def test_wrong_use_ends_with_2(words: list[str], said: str, tmp_path: Path) -> None:
    done = selforg(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split()) and "Traceback" not in done.stderr


def test_without_a_checkout_the_twin_is_left_out_in_words(tmp_path: Path) -> None:
    package = Path(selforg_sim.__file__).resolve().parent
    shutil.copytree(package, tmp_path / "selforg_sim", ignore=shutil.ignore_patterns("__pycache__"))
    done = selforg("--only", "twin", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Left out. This part needs a checkout of the repository" in done.stdout


# ---------------------------------------------------------------- the documents


@pytest.fixture(scope="module")
def performance() -> Iterator[ModuleType]:
    """The script that writes the documents."""
    path = ROOT / "benchmarks" / "performance.py"
    spec = importlib.util.spec_from_file_location("performance", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [*sys.path])
        spec.loader.exec_module(module)
        yield module


@pytest.fixture(scope="module")
def found(performance: ModuleType) -> dict[str, Any]:
    """The numbers that the documents were written from."""
    numbers: dict[str, Any] = json.loads(performance.NUMBERS.read_text(encoding="utf-8"))
    return numbers


def test_the_documents_say_what_was_measured(
    performance: ModuleType, found: dict[str, Any]
) -> None:
    assert list(found["parts"]) == list(suite.PARTS)
    for name, tables in performance.blocks(found).items():
        text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        for mark, table in tables.items():
            assert f"<!-- {mark}: begin -->\n{table}\n<!-- {mark}: end -->" in text, (name, mark)


def test_the_figure_can_be_drawn(
    performance: ModuleType, found: dict[str, Any], tmp_path: Path
) -> None:
    for kind, begin in (("svg", b"<?xml"), ("png", b"\x89PNG")):
        picture = tmp_path / f"performance.{kind}"
        performance.performance_figure.draw(found, picture)
        assert picture.read_bytes().startswith(begin)


def test_what_is_beyond_one_machine_is_in_proportion(
    performance: ModuleType, found: dict[str, Any]
) -> None:
    measured = performance.scale.of_largest(found)
    once, twice = (performance.scale.exchanged(measured, n) for n in (10**8, 2 * 10**8))
    assert twice == pytest.approx({what: 2.0 * sent for what, sent in once.items()})
    assert 0.0 <= measured.serial <= 1.0
