"""Every mechanism is seen at work in the shipped scenarios, and ``docs/odd.md`` is up to date."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from selforg_sim.plan import DECISIONS, PLAN
from selforg_sim.rules import POINTS
from selforg_sim.scenario import load_scenario, scenario_hash

ROOT = Path(__file__).resolve().parent.parent
SHORT = {
    "smoke": (),
    "hobby_club": ("horizon=30",),
    "group_buying": ("horizon=120",),
    "ads_or_red_envelopes": ("horizon=62",),
    "four_platforms": (),
}
"""Enough of the shipped scenarios to see everything, and how far they are run."""


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def mechanisms() -> ModuleType:
    return script("mechanisms")


@pytest.fixture(scope="module")
def findings(mechanisms: ModuleType) -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "mechanisms", mechanisms)
        yield script("findings")


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
    begin, end = mechanisms.marks("mechanisms")
    new = mechanisms.written_into(f"before\n{begin}\nold\n{end}\nafter\n", "new")
    assert new == f"before\n{begin}\nnew\n{end}\nafter\n"


def table_in(document: str, marks: tuple[str, str]) -> str:
    begin, end = marks
    return document.split(begin)[1].split(end)[0]


def test_document_has_the_table(mechanisms: ModuleType, document: str) -> None:
    table = table_in(document, mechanisms.marks("mechanisms"))
    assert [name for name in mechanisms.shipped_names() if f"`{name}`" not in table] == []
    missing = [text for text in mechanisms.MECHANISMS.values() if f"| {text} |" not in table]
    assert missing == []


def test_document_has_every_finding(
    mechanisms: ModuleType, findings: ModuleType, document: str
) -> None:
    tables = {
        name: table_in(document, mechanisms.marks(f"findings, {name}"))
        for name in findings.SECTIONS
    }
    assert all("nan" not in table and table.count("\n|") > 3 for table in tables.values())
    assert [label for label in findings.LEVERS if f"| {label} |" not in tables["levers"]] == []
    compared = tables["speaking"] + tables["founding"]
    assert [name for name in findings.FACTS if f"| {name} |" not in compared] == []


def test_what_findings_change_can_be_changed(findings: ModuleType) -> None:
    changes = [*findings.LEVERS.values(), findings.FREE_FOUNDING]
    changed = [load_scenario("wechat_500", overrides) for overrides in changes]
    assert len({scenario_hash(scenario) for scenario in changed}) == len(changes)


def test_findings_of_a_short_run(findings: ModuleType) -> None:
    heard = findings.Speakers()
    world = findings.run("smoke", ["horizon=90"], 1, **heard.hooks)
    assert len(heard.months) == 4 and not heard.months[-1]
    assert 0 < len(heard.spells) < world.state.record.spells.rows
    sizes = findings.of_given(world, "size", 90, 6)
    assert sizes.sum() == world.state.groups["size"][:6].sum()


@pytest.mark.parametrize("shape", [0.5, 1.0, 2.0])
def test_shape_of_lifetimes_is_found_though_some_go_on(findings: ModuleType, shape: float) -> None:
    chance = (np.arange(20_000) + 0.5) / 20_000
    times = 10_000.0 * (-np.log1p(-chance)) ** (1.0 / shape)
    seen = np.minimum(times, 15_000.0)
    assert findings.weibull_shape(seen, times < 15_000.0) == pytest.approx(shape, rel=0.03)


@pytest.mark.parametrize(
    "values, text",
    [([0.5, 0.25], ".38 (.25 to .50)"), ([1200, 10], "605 (10 to 1,200)"), ([0, 0], "0 (0 to 0)")],
)
def test_numbers_are_written_shortly(findings: ModuleType, values: list[float], text: str) -> None:
    assert findings.spread(values) == text


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
    decisions = [d for d in DECISIONS if d.number < 100]
    unnamed = [d.name for d in decisions if f"*{d.name}*" not in document]
    assert (phases, unnamed) == ([], [])
