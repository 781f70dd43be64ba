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
    names = f"A and B: {a}" if a == b else f"A: {a}   B: {b}"
    yield f"{names}   ({len(comparison.runs)} seeds, {pair.days} days)"
    lines = pair.differences()
    yield from (f"  {line}" for line in lines[:SETTINGS_SHOWN])
    if len(lines) > SETTINGS_SHOWN:
        yield f"  and {counted(len(lines) - SETTINGS_SHOWN, 'more difference')}"


def counted(number: int, what: str) -> str:
    """A number of things.

    >>> counted(1, "seed"), counted(2, "seed")
    ('1 seed', '2 seeds')
    """
    return f"{number:,} {what}" + ("" if number == 1 else "s")


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
        when += "; in the others they are equal"
    return f"The worlds part {when}."


def sentences(comparison: Comparison) -> Iterator[str]:
    """One sentence for each outcome and day, one for all on the pairing, one on the seeds."""
    by_name = {outcome.name: outcome for outcome in comparison.outcomes}
    for effect in comparison.effects:
        yield _sentence(by_name[effect.outcome], effect)
    if pairing := _pairing([e.narrower for e in comparison.effects if math.isfinite(e.narrower)]):
        yield pairing
    if comparison.targets:
        yield _enough(comparison)


def _sentence(outcome: Outcome, effect: Effect) -> str:
    subject = f"Day {effect.day}, {outcome.label}:"
    if effect.seeds < 2:
        return (
            f"{subject} defined in {counted(effect.seeds, 'seed')} only, too few for an interval."
        )
    if effect.difference == 0.0 and effect.half_width == 0.0:
        return f"{subject} the same in both worlds in all {effect.seeds} seeds."
    unit = " points" if outcome.unit == "share" else ""
    change, low, high = (
        difference(outcome, value)
        for value in (effect.difference, effect.boot_low, effect.boot_high)
    )
    if math.isnan(effect.half_width):
        same = f"the same difference in all {effect.seeds} seeds"
        return f"{subject} {change}{unit}, {verdict(effect)} ({same}, so that it has no interval)."
    size = round(effect.effect_size, 2) + 0.0  # so that there is no -0.00
    sure = f"; effect size {size:+.2f}" if math.isfinite(size) else ""
    told = f"bootstrap {low} to {high}{sure}"
    if math.isnan(effect.boot_low):
        told = f"too few seeds for the bootstrap{sure}"
    return f"{subject} {change}{unit}, {verdict(effect)} ({told})."


def _pairing(times: list[float]) -> str:
    """What the pairing was worth, over all outcomes."""
    if not times:
        return ""
    least, most = min(times), max(times)
    span = f"{least:.1f}" if f"{least:.1f}" == f"{most:.1f}" else f"{least:.1f} to {most:.1f}"
    less = " (below 1: wider)" if least < 1.0 else ""
    return (
        f"Pairing made the intervals {span} times narrower{less} than those of as many independent "
        "runs."
    )


def _enough(comparison: Comparison) -> str:
    """Whether the intervals asked for were reached."""
    goals = " and ".join(f"{name} ±{width:g}" for name, width in comparison.targets.items())
    seeds = len(comparison.runs)
    if comparison.reached:
        return (
            f"It stopped after {seeds} seeds: {goals} was reached on every day asked for. Such an "
            "interval is a little too narrow, since it stopped where it happened to be narrow."
        )
    widths = {
        name: max(e.half_width for e in comparison.effects if e.outcome == name)
        for name in comparison.targets
    }
    found = " and ".join(f"{name} ±{width:.3g}" for name, width in widths.items())
    return f"{goals} was not reached with {seeds} seeds; it came to {found}. Ask for more --seeds."


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
    found.add_column("outcome", min_width=8)
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
        _interval(outcome, effect),
        _number(effect.same_sign, ".0%"),
        "<0.001" if effect.p_holm < 0.001 else _number(effect.p_holm, ".3f"),
        _number(effect.narrower, ".1f", "x"),
    ]


def _interval(outcome: Outcome, effect: Effect) -> str:
    if math.isnan(effect.half_width):
        return "-"
    return f"{difference(outcome, effect.low)} .. {difference(outcome, effect.high)}"


LEGEND = (
    "Means over the seeds; differences of shares in points. 95% interval by t; p of the paired t "
    "test, after Holm; sign: seeds with this direction; pairing: how many times narrower than with "
    "independent runs; effect size: mean of the differences divided by their standard deviation."
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
        return _signed(100 * value, 2)
    return _signed(value, 3) if outcome.unit == "0 to 1" else _count(value, "+")


def _signed(value: float, digits: int) -> str:
    """A number with its sign; with more digits where the usual ones would show nothing.

    >>> _signed(0.00031, 3), _signed(0.0, 3), _signed(1.5, 2)
    ('+0.0003', '+0.000', '+1.50')
    """
    text = f"{value:+.{digits}f}"
    return f"{value:+.1g}" if value and float(text) == 0.0 else text


def _count(value: float, sign: str) -> str:
    if abs(value) >= 100:
        return f"{value:{sign},.0f}"
    return _signed(value, 1) if sign else f"{value:.1f}"


def _number(value: float, form: str, unit: str = "") -> str:
    return f"{value:{form}}{unit}" if math.isfinite(value) else "-"


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
        "until_halfwidth": dict(comparison.targets),
        "halfwidth_reached": comparison.reached if comparison.targets else None,
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
