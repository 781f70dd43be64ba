"""The results of three scenarios are those of the baseline, and the changelog says why they are."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
REFRESH = "if this is meant: python benchmarks/baseline.py --refresh, and an entry in CHANGELOG.md"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("baseline", ROOT / "benchmarks" / "baseline.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def now(script: ModuleType) -> dict[str, Any]:
    found: dict[str, Any] = script.measured()
    return found


@pytest.fixture(scope="module")
def baseline(script: ModuleType) -> dict[str, Any]:
    found: dict[str, Any] = script.read()
    return found


def test_sizes_joins_leaves_belonging_and_returns_are_those_of_the_baseline(script, now, baseline):
    assert list(script.changes(baseline["scenarios"], now, digests=False)) == [], REFRESH


def test_all_tables_are_those_of_the_baseline_to_the_bit(script, now, baseline):
    if baseline["machine"] != script.machine():
        pytest.skip(f"the baseline was taken on {baseline['machine']}")
    assert list(script.changes(baseline["scenarios"], now, digests=True)) == [], REFRESH


def test_the_scenarios_of_the_baseline_are_busy(baseline):
    numbers = [scenario["numbers"] for scenario in baseline["scenarios"].values()]
    seen = {key for scenario in numbers for key, value in scenario.items() if value}
    left = ("quit", "moved", "removed", "split", "drifted off", "group ended")
    asked = ("joined", "declined", "refused", "full", "busy")
    assert seen >= {f"left: {reason}" for reason in left}
    assert seen >= {f"invitations: {outcome}" for outcome in asked}
    assert seen >= {"daughter groups", "returns paid", "red envelopes", "disruptions"}


def test_every_baseline_has_an_entry_in_the_changelog(script, baseline):
    told = script.entries((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert sorted(told) == list(range(1, baseline["results"] + 1)), REFRESH


def test_a_refresh_says_what_changed_and_asks_for_an_entry(
    script, now, baseline, tmp_path, monkeypatch
):
    path, changelog = tmp_path / "baseline.json", tmp_path / "CHANGELOG.md"
    changelog.write_text("- **results change 1**: the first.\n", encoding="utf-8")
    monkeypatch.setattr(script, "measured", lambda: now)
    path.write_text(json.dumps(baseline | {"results": 1, "scenarios": now}), encoding="utf-8")
    assert script.refresh(path, changelog) == [], "nothing has changed, nothing is written"

    before = json.loads(json.dumps(now))
    before["smoke"]["numbers"]["joins"] *= 2
    before["smoke"]["digests"]["series"] = "another"
    path.write_text(json.dumps(baseline | {"results": 1, "scenarios": before}), encoding="utf-8")
    joins, tables, advice = script.refresh(path, changelog)
    assert joins.startswith("smoke: joins: ") and joins.endswith("(-50.00%)")
    assert tables == "smoke: tables that differ: series"
    assert "an entry marked **results change 2**" in advice
    assert script.read(path)["results"] == 2
    assert script.entries(changelog.read_text(encoding="utf-8")) == [1], "so the tests fail"
    assert script.next_number(2, changelog.read_text(encoding="utf-8")) == 2, (
        "one change, one entry"
    )
