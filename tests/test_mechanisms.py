"""Every mechanism is seen at work in the shipped scenarios, and ``docs/odd.md`` is up to date."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from selforg_sim.happenings import DECISIONS as EVENT_DECISIONS
from selforg_sim.plan import DECISIONS, PLAN
from selforg_sim.rules import POINTS

ROOT = Path(__file__).resolve().parent.parent
SHORT = {
    "smoke": (),
    "hobby_club": ("horizon=30",),
    "group_buying": ("horizon=120",),
    "ads_or_red_envelopes": ("horizon=62",),
    "four_platforms": (),
}
"""Enough of the shipped scenarios to see everything, and how far they are run."""


@pytest.fixture(scope="module")
def mechanisms() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "mechanisms", ROOT / "benchmarks" / "mechanisms.py"
    )
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def document() -> str:
    return (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")


def test_every_mechanism_is_seen_at_work(mechanisms: ModuleType) -> None:
    seen: Counter[str] = Counter()
    for name, overrides in SHORT.items():
        seen += mechanisms.tally(name, overrides)
    missing = [name for name in mechanisms.MECHANISMS if not seen[name]]
    assert not missing


def test_tally_agrees_with_the_tables_of_results(mechanisms: ModuleType) -> None:
    from selforg_sim.scenario import load_scenario
    from selforg_sim.simulation import simulate

    counts = mechanisms.tally("smoke")
    results = simulate(load_scenario("smoke"))
    invitations, series = results.table("invitations"), results.table("series")
    joined = invitations[invitations["outcome"] == "joined"]
    assert counts["invited in"] == joined["from"].notna().sum()
    assert counts["found by search"] == joined["from"].isna().sum()
    assert counts["full house"] == (invitations["outcome"] == "full").sum()
    assert counts["refused for fit"] == (invitations["outcome"] == "refused").sum()
    assert counts["removed"] == series["removals"].sum()
    assert counts["moved"] == series["moved"].sum()


def test_counting_changes_nothing(mechanisms: ModuleType) -> None:
    assert mechanisms.tally("smoke", ["horizon=20"]) == mechanisms.tally("smoke", ["horizon=20"])


def test_a_network_can_be_made_for_real_contacts(mechanisms: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "contacts.txt"
    mechanisms.made_up_contacts(path, people=200, mean=10)
    ties = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    assert 800 <= len(ties) <= 1000
    assert all(int(a) < int(b) for a, b in ties)


def test_the_table_goes_into_its_place(mechanisms: ModuleType) -> None:
    old = f"before\n{mechanisms.BEGIN}\nold\n{mechanisms.END}\nafter\n"
    new = mechanisms.written_into(old, "new")
    assert new == f"before\n{mechanisms.BEGIN}\nnew\n{mechanisms.END}\nafter\n"


def test_document_has_the_table(mechanisms: ModuleType, document: str) -> None:
    table = document.split(mechanisms.BEGIN)[1].split(mechanisms.END)[0]
    assert [name for name in mechanisms.shipped_names() if f"`{name}`" not in table] == []
    missing = [text for text in mechanisms.MECHANISMS.values() if f"| {text} |" not in table]
    assert missing == []


@pytest.mark.parametrize("point", POINTS)
def test_document_gives_every_parameter_with_its_value(point: str, document: str) -> None:
    wrong = []
    for name, field in POINTS[point].Params.model_fields.items():
        default = field.default
        value = "on" if default is True else f"{default:g}"
        if not re.search(rf"\| `{name}` \|[^|]*\| {re.escape(value)} \|", document):
            wrong.append(f"{name} = {value}")
    assert not wrong


def test_document_names_every_phase_and_decision(document: str) -> None:
    phases = [phase.name for phase in PLAN if f"| {phase.name} |" not in document]
    decisions = [d for d in (*DECISIONS, *EVENT_DECISIONS) if d.number < 100]
    unnamed = [d.name for d in decisions if f"*{d.name}*" not in document]
    assert (phases, unnamed) == ([], [])
