"""A comparison in words: a table, a sentence for each outcome, and plain values for programs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from selforg_sim.compare.comparison import Comparison
from selforg_sim.compare.statistics import Effect
from selforg_sim.outcomes import Outcome

if TYPE_CHECKING:
    from rich.table import Table

SETTINGS_SHOWN = 8


def beginning(comparison: Comparison) -> Iterator[str]:
    """What the two worlds are, in lines."""
    pair = comparison.pair
    a, b = pair.names
    yield f"A: {a}   B: {b}   ({len(comparison.runs)} seeds, {pair.days} days)"
    for key, one, other in pair.settings[:SETTINGS_SHOWN]:
        yield f"  {key}: {setting(one)} | {setting(other)}"
    if len(pair.settings) > SETTINGS_SHOWN:
        yield f"  and {len(pair.settings) - SETTINGS_SHOWN} more settings that differ"
    if pair.without:
        people = f"{len(pair.absent):,} people" if len(pair.absent) > 1 else "1 person"
        yield f"  B is without {', '.join(pair.without)} ({people})"


def equality(comparison: Comparison) -> str:
    """The sentence for worlds that never part."""
    return f"The two worlds are equal in all {len(comparison.runs)} seeds."


def parting(comparison: Comparison) -> str:
    """When the worlds part, in a sentence."""
    days, seeds = comparison.parted, len(comparison.runs)
    first, last, middle = min(days), max(days), float(np.median(days))
    when = f"on day {first} in every seed" if first == last else (
        f"on day {middle:g} (median; between day {first} and day {last})"
    )  # fmt: skip
    if len(days) < seeds:
        when = f"{when.replace(' in every seed', '')} in {len(days)} of {seeds} seeds"
        when += ", and are equal in the others"
    return f"The worlds part {when}."


def sentences(comparison: Comparison) -> Iterator[str]:
    """One sentence for each outcome and day."""
    by_name = {outcome.name: outcome for outcome in comparison.outcomes}
    for effect in comparison.effects:
        yield _sentence(by_name[effect.outcome], effect)


def _sentence(outcome: Outcome, effect: Effect) -> str:
    subject = f"Day {effect.day}, {outcome.label}:"
    if effect.seeds < 2:
        return f"{subject} defined in {effect.seeds} seeds only, too few for an interval."
    if effect.difference == 0.0 and effect.half_width == 0.0:
        return f"{subject} the same in both worlds in all {effect.seeds} seeds."
    unit = " points" if outcome.unit == "share" else ""
    change, low, high = (
        difference(outcome, value)
        for value in (effect.difference, effect.boot_low, effect.boot_high)
    )
    said = f"{subject} {change}{unit} in B, {verdict(effect)} (bootstrap {low} to {high}"
    if math.isfinite(effect.effect_size):
        said += f"; effect size {effect.effect_size:+.2f}"
    if math.isfinite(effect.narrower):
        said += f"). Pairing made the interval {effect.narrower:.1f} times narrower"
        return f"{said} than that of as many independent runs."
    return f"{said})."


def verdict(effect: Effect) -> str:
    """What may be concluded."""
    if effect.shown:
        return "a difference"
    if effect.p < 0.05:
        return "perhaps a difference, not shown among so many outcomes"
    return "no difference is shown"


def table(comparison: Comparison, day: int) -> Table:
    """The statistics of one day as a table for the terminal."""
    from rich import box
    from rich.table import Table

    found = Table(
        title=f"On day {day}", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    found.add_column("outcome", no_wrap=True)
    for heading in ("A", "B", "B - A", "95% interval", "sign", "p", "pairing"):
        found.add_column(heading, justify="right", no_wrap=True)
    by_name = {outcome.name: outcome for outcome in comparison.outcomes}
    for effect in comparison.effects:
        if effect.day == day:
            found.add_row(*_cells(by_name[effect.outcome], effect))
    return found


def _cells(outcome: Outcome, effect: Effect) -> list[str]:
    return [
        outcome.label,
        level(outcome, effect.mean_a),
        level(outcome, effect.mean_b),
        difference(outcome, effect.difference),
        f"{difference(outcome, effect.low)} .. {difference(outcome, effect.high)}",
        _number(effect.same_sign, ".0%"),
        "<0.001" if effect.p_holm < 0.001 else _number(effect.p_holm, ".3f"),
        _number(effect.narrower, ".1f", "x"),
    ]


LEGEND = (
    "Means over the seeds; differences of shares in points. 95% interval: by t. sign: share of "
    "the seeds that differ in this direction. p: paired t test, corrected after Holm for all "
    "outcomes and days. pairing: how many times narrower the interval is than that of as many "
    "independent runs. effect size: mean by standard deviation of the differences."
)


def level(outcome: Outcome, value: float) -> str:
    """A value of an outcome as people write it."""
    if not math.isfinite(value):
        return "none"
    if outcome.unit == "share":
        return f"{value:.1%}"
    return f"{value:.3f}" if outcome.unit == "0 to 1" else _count(value, "")


def difference(outcome: Outcome, value: float) -> str:
    """A difference of an outcome, with its sign; those of shares in points of a hundred."""
    if not math.isfinite(value):
        return "none"
    if outcome.unit == "share":
        return f"{100 * value:+.2f}"
    return f"{value:+.3f}" if outcome.unit == "0 to 1" else _count(value, "+")


def _count(value: float, sign: str) -> str:
    return f"{value:{sign},.0f}" if abs(value) >= 100 else f"{value:{sign}.1f}"


def _number(value: float, form: str, unit: str = "") -> str:
    return f"{value:{form}}{unit}" if math.isfinite(value) else "-"


def setting(value: Any) -> str:
    """A value of a setting in words.

    >>> setting(None), setting(0.8)
    ('(absent)', '0.8')
    """
    return "(absent)" if value is None else str(value)


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Everything for programs; null where a number is not defined."""
    pair, days = comparison.pair, comparison.parted
    units = {outcome.name: outcome.unit for outcome in comparison.outcomes}
    return {
        "equal": comparison.equal,
        "a": pair.a.name,
        "b": pair.b.name,
        "days": pair.days,
        "seeds": [run.seed for run in comparison.runs],
        "settings": [list(setting) for setting in pair.settings],
        "without": list(pair.without),
        "absent": list(pair.absent),
        "parted": {
            "median": float(np.median(days)) if days else None,
            "per_seed": [run.parted for run in comparison.runs],
        },
        "effects": [
            {**_plain(effect), "unit": units[effect.outcome]} for effect in comparison.effects
        ],
    }


def _plain(effect: Effect) -> dict[str, Any]:
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in asdict(effect).items()
    }
