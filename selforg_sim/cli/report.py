"""What ``selforg run`` prints when a run is over."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from selforg_sim.memory import peak_memory_mb
from selforg_sim.results.measures import Headline, headline
from selforg_sim.results.reasons import SHORT, reasons
from selforg_sim.results.store import Results

MAIN_REASONS = 4


def show(results: Results, folder: Path) -> None:
    """Print the headline numbers, the speed and the folder."""
    console = Console(highlight=False)
    console.print(headline_table(results))
    if told := reasons_line(results):
        console.print(told, soft_wrap=True)
    if "contacts" in results.manifest:
        console.print(f"Contacts: {results.manifest['contacts']}", markup=False)
    console.print(performance_line(results), style="dim")
    console.print("Results: ", end="")
    console.print(str(folder), style="bold", soft_wrap=True, markup=False)


def headline_table(results: Results) -> Table:
    """The headline numbers as a table; with their spread where there are several replicates."""
    several = results.replicates > 1
    runs = f", median of {results.replicates} runs" if several else ""
    table = Table(
        title=f"{results.name}, at the end of the run{runs}",
        title_justify="left",
        box=box.SIMPLE_HEAD,
    )
    table.add_column("measure")
    table.add_column("value", justify="right")
    if several:
        table.add_column("middle 80%", justify="right")
    table.add_column("what it says", style="dim")
    for number in headline(results):
        spread = (
            [f"{spoken(number, number.low)} - {spoken(number, number.high)}"] if several else []
        )
        table.add_row(number.label, spoken(number, number.median), *spread, number.meaning)
    return table


def reasons_line(results: Results) -> str:
    """Why people left of their own, in one line; empty where nobody did or nothing was kept."""
    found = reasons(results)
    if not found.left:
        return ""
    main = list(found.shares.items())[:MAIN_REASONS]
    told = ", ".join(f"{SHORT[name]} {share:.0%}" for name, share in main)
    rest = 1.0 - sum(share for _, share in main)
    times = "once" if found.left == 1 else f"{found.left:,} times"
    return f"Why people left ({times} of their own): {told}, other {max(0.0, rest):.0%}."


def spoken(number: Headline, value: float) -> str:
    """A headline number as people write it: shares in per cent, counts whole."""
    if not math.isfinite(value):
        return "none"
    if number.unit == "share":
        return f"{value:.0%}" if number.name != "belonging" else f"{value:.2f}"
    return f"{value:,.0f}" if value == round(value) or value >= 100 else f"{value:.1f}"


def performance_line(results: Results) -> str:
    """How much was computed, and how fast."""
    numbers = performance(results)
    parts = [f"{numbers['seconds']:.1f} s"]
    if numbers.get("compile_seconds"):
        parts[0] += f" after {numbers['compile_seconds']:.1f} s of compiling"
    if "membership_days_per_second" in numbers:
        parts.append(f"{numbers['membership_days_per_second']:,.0f} membership-days a second")
        parts.append(f"{numbers['person_days_per_second']:,.0f} person-days a second")
    if "memberships_per_person" in numbers:
        parts.append(f"{numbers['memberships_per_person']:.2f} memberships per person")
    if "peak_memory_mb" in numbers:
        parts.append(f"peak memory {numbers['peak_memory_mb']:,.0f} MB")
    return " · ".join(parts)


def performance(results: Results) -> dict[str, float]:
    """The manifest's numbers on speed, with rates and peak memory."""
    numbers = {"seconds": 0.0, **results.manifest.get("performance", {})}
    seconds = numbers["seconds"]
    if seconds > 0:
        for name in ("membership_days", "person_days"):
            numbers[f"{name}_per_second"] = numbers.get(name, 0) / seconds
    if numbers.get("person_days"):
        numbers["memberships_per_person"] = numbers["membership_days"] / numbers["person_days"]
    memory = peak_memory_mb()
    if memory is not None:
        numbers["peak_memory_mb"] = memory
    return numbers


def as_json(results: Results, folder: Path) -> dict[str, Any]:
    """The same for programs; null where a number is not defined."""
    return {
        "scenario": results.name,
        "folder": str(folder),
        "seed": results.manifest.get("seed"),
        "seeds": results.manifest.get("seeds"),
        "replicates": results.replicates,
        "headline": {number.name: _plain(number) for number in headline(results)},
        "why": {"left": (why := reasons(results)).left, "shares": why.shares},
        "performance": {name: _finite(value) for name, value in performance(results).items()},
    }


def _plain(number: Headline) -> dict[str, Any]:
    return {
        "median": _finite(number.median),
        "low": _finite(number.low),
        "high": _finite(number.high),
        "per_replicate": [_finite(value) for value in number.per_replicate],
        "unit": number.unit,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
