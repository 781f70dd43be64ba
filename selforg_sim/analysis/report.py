"""An analysis in words: tables for the terminal, sentences, and plain values for programs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from selforg_sim.analysis.analysis import Analysis, Finding
from selforg_sim.analysis.found import Index, counted
from selforg_sim.analysis.methods import METHODS
from selforg_sim.analysis.pictures.effects import ranked
from selforg_sim.analysis.pictures.frame import wrapped
from selforg_sim.analysis.words import change_text, share_text, span_text, value_text

if TYPE_CHECKING:
    from rich.table import Table

MOST_ROWS = 24
MOST_PAIRS = 6
UNSURE = "·"
ROUNDING = 1e-6
"""Effects below this share of the largest one are shown as 0."""
ROOM_FOR_NAMES = {1: 50, 2: 40, 3: 28}
"""Characters of a line of names, by the number of columns beside them."""
SHOWN = {
    "first": "by itself",
    "total": "in total",
    "pawn": "PAWN",
    "mu": "mu",
    "mu_star": "mu*",
    "sigma": "sigma",
}
"""Indices of single factors in the table of a finding, and what heads their columns."""
LEGENDS = {
    "sobol": "Shares of the variance between points: by itself, and together with others (total).",
    "grid": "Shares of the variance between points: by itself, and together with others (total).",
    "given_data": "By itself: share of the variance between points. PAWN: how far the distribution "
    "moves, 0 to 1.",
    "morris": "Effects over the whole range of a factor. mu: mean; mu*: mean size; sigma: spread.",
    "one_at_a_time": "Differences are those of runs with the same seed.",
    "means": "Means over the runs at each value.",
}


def beginning(analysis: Analysis) -> Iterator[str]:
    """What was analysed, and how far it has come, in lines."""
    sweep, progress = analysis.sweep, analysis.progress
    factors, points = len(sweep.factors), sum(a.points.size for a in analysis.answers)
    parts = [counted(factors, "factor"), counted(points, "point"), counted(progress.done, "run")]
    yield f"{sweep.experiment.title or sweep.experiment.name}   ({', '.join(parts)})"
    if not progress.finished:
        done = progress.done + progress.failed
        lacking = "more replicates may be added"
        if progress.asked is not None:
            lacking = f"{done:,} of {counted(progress.asked, 'run')} are done"
        yield f"The sweep is not finished: {lacking}. What follows may change."
    if progress.failed:
        yield f"{counted(progress.failed, 'run')} failed: see {sweep.folder / 'failures'}."
    if analysis.replicates < 2 and sweep.experiment.function is None:
        yield _once(sweep.experiment.replicates.count)
        if sweep.experiment.design.method == "sobol":
            yield "Total indices are too large by what luck does."


def _once(asked: int) -> str:
    """What to know where no point has a second run.

    >>> print(_once(4))
    So far each point was run once: luck cannot be told from the settings yet.
    """
    if asked > 1:
        return "So far each point was run once: luck cannot be told from the settings yet."
    return (
        "Each point was run once, so luck cannot be told from the settings. More replicates "
        "would tell: [replicates] count = 10."
    )


def method(findings: tuple[Finding, ...]) -> Iterator[str]:
    """Which methods were used, and why; each once."""
    told = {f"Method: {METHODS[f.found.method]}; {f.found.why}." for f in findings}
    yield from sorted(told)


def notes(findings: tuple[Finding, ...]) -> Iterator[str]:
    """What to keep in mind, each sentence with the outcomes it holds for."""
    told: dict[str, list[str]] = {}
    for finding in findings:
        for note in (*finding.found.notes, *_own_notes(finding)):
            told.setdefault(note, []).append(finding.case.label)
    for note, labels in told.items():
        names = list(dict.fromkeys(labels))
        everywhere = len(names) == len({f.case.label for f in findings}) and len(names) > 1
        yield note if everywhere or len(findings) == 1 else f"{', '.join(names)}: {note}"


def _own_notes(finding: Finding) -> Iterator[str]:
    case, found = finding.case, finding.found
    if case.undefined:
        yield f"not defined in {counted(case.undefined, 'run')} that were done."
    if found.method in ("sobol", "grid") and (first := found.of_kind("first")):
        single = sum(index.value for index in first)
        if single < 0.995:
            yield (
                f"single factors explain about {max(single, 0.0):.0%} of the variance between "
                "points, interactions the rest."
            )
    left = case.chance.left
    if found.method in ("sobol", "given_data", "morris") and left >= 0.005:
        after = "more replicates would lessen it"
        if found.method == "sobol":
            after = "it is taken off the indices, but widens their intervals"
        yield f"{left:.0%} of the variance between the means of points is luck still; {after}."


CHANGE = "Change: what the mean at a value is more than that which it is held against."
POINTS = "Changes of shares are in percentage points."


def means_table(findings: tuple[Finding, ...], day: str) -> Table:
    """Means of all outcomes on a day, and how much of them is luck."""
    table = _table(f"Over all points, {day}", "outcome")
    for heading in ("mean", "95% interval", "points from .. to", "luck", "95%"):
        table.add_column(heading, justify="right", no_wrap=True)
    for finding in findings:
        case, mean, chance = finding.case, finding.case.overall, finding.case.chance
        unit, rows = case.outcome.unit, case.rows[~_nan(case.rows)]
        ends = (rows.min(), rows.max()) if rows.size else (math.nan, math.nan)
        low, high = (mean.points_low, mean.points_high) if case.drawn else (mean.low, mean.high)
        table.add_row(
            case.label,
            value_text(unit, mean.mean),
            span_text(unit, low, high),
            span_text(unit, *ends),
            _per_cent(chance.share),
            "-" if math.isnan(chance.low) else f"{chance.low:.0%}-{chance.high:.0%}",
        )
    return table


def means_legend(findings: tuple[Finding, ...]) -> str:
    """How the table of means is to be read."""
    over = "other points drawn alike" if findings[0].case.drawn else "other seeds"
    return (
        f"95% interval: of the mean, with {over}. Luck: share of the variance of single runs that "
        "seeds make, not settings."
    )


def tables(finding: Finding) -> Iterator[Table]:
    """What was found of one outcome, as tables."""
    found = finding.found
    if found.indices:
        yield _index_table(finding)
        if found.of_kind("second"):
            yield _pair_table(finding)
    if _by_value(finding):
        yield _effect_table(finding)
    elif found.method == "means" and finding.case.axes and not finding.case.constant:
        yield _level_table(finding)


def _by_value(finding: Finding) -> bool:
    """Whether effects of single values are shown."""
    method = finding.found.method
    return method == "one_at_a_time" or (method == "grid" and len(finding.case.axes) < 3)


def _index_table(finding: Finding) -> Table:
    found = finding.found
    kinds = [kind for kind in SHOWN if kind in found.kinds]
    table = _table(finding.title, "factor")
    for kind in kinds:
        table.add_column(SHOWN[kind], justify="right", no_wrap=True)
    by_factor = {(i.factors, i.kind): i for i in found.indices}
    for key in ranked(finding):
        cells = [_index_text(finding, by_factor.get(((key,), kind))) for kind in kinds]
        name = wrapped(finding.case.axis(key).label, ROOM_FOR_NAMES[len(kinds)])
        table.add_row(name, *cells)
    return table


def _pair_table(finding: Finding) -> Table:
    second = sorted(finding.found.of_kind("second"), key=lambda index: -index.value)
    table = _table("Two together, beyond each by itself", "factors")
    table.add_column("share", justify="right", no_wrap=True)
    for index in second[:MOST_PAIRS]:
        names = " × ".join(finding.case.axis(key).label for key in index.factors)
        table.add_row(names, _index_text(finding, index))
    if len(second) > MOST_PAIRS:
        table.caption, table.caption_justify = (
            f"{len(second) - MOST_PAIRS} more: indices.csv",
            "left",
        )
    return table


def _index_text(finding: Finding, index: Index | None) -> str:
    """An index with half the width of its interval, marked where it may be nothing."""
    if index is None:
        return "-"
    if index.kind in ("mu", "mu_star", "sigma"):
        largest = max(i.value for i in finding.found.of_kind("mu_star"))
        text, half = (
            change_text(finding.case.outcome.unit, 0.0 if abs(x) < ROUNDING * largest else x)
            for x in (index.value, (index.high - index.low) / 2)
        )
        text, half = text.removeprefix("" if index.kind == "mu" else "+"), half.removeprefix("+")
    else:
        text, half = share_text(index.value), share_text((index.high - index.low) / 2)
    if index.kind == "sigma":
        return text
    text = text if math.isnan(index.low) else f"{text} ±{half}"
    return f"{text} {UNSURE if index.unsure else ' '}"


def _effect_table(finding: Finding) -> Table:
    found, unit = finding.found, finding.case.outcome.unit
    effects = [effect for effect in found.effects if len(effect.factors) == 1]
    against = "scenario as it is" if found.method == "one_at_a_time" else "mean of all"
    table = _table(f"{finding.title}: against the {against}", "factor")
    for heading in ("value", "mean", "change", "95% interval"):
        table.add_column(heading, justify="right", no_wrap=heading != "value")
    before = ""
    for effect in effects[:MOST_ROWS]:
        name, before = "" if effect.factors[0] == before else effect.factors[0], effect.factors[0]
        known = math.isfinite(effect.low)
        span = f"{change_text(unit, effect.low)} .. {change_text(unit, effect.high)}"
        table.add_row(
            finding.case.axis(name).label if name else "",
            effect.levels[0],
            value_text(unit, effect.mean),
            change_text(unit, effect.value),
            f"{span if known else '-'} {UNSURE if effect.unsure else ' '}",
        )
    _say_more(table, len(effects), "effects.csv")
    return table


def _level_table(finding: Finding) -> Table:
    unit = finding.case.outcome.unit
    table = _table(finding.title, "factor")
    for heading in ("value", "rows", "mean", "95% interval"):
        table.add_column(heading, justify="right", no_wrap=heading != "value")
    lines = [
        ("" if place else axis.label, text, f"{mean.rows:,}", value_text(unit, mean.mean),
         span_text(unit, *((mean.points_low, mean.points_high) if finding.case.drawn
                           else (mean.low, mean.high))))
        for axis in finding.case.axes
        for levels in (axis.levels(),)
        for place, (text, mean) in enumerate(
            zip(levels.texts, finding.case.at_levels(levels), strict=True)
        )
    ]  # fmt: skip
    for line in lines[:MOST_ROWS]:
        table.add_row(*line)
    _say_more(table, len(lines), "levels.csv")
    return table


def _say_more(table: Table, rows: int, file: str) -> None:
    if rows > MOST_ROWS:
        table.caption, table.caption_justify = f"{rows - MOST_ROWS} more: {file}", "left"


def legend(findings: tuple[Finding, ...]) -> str:
    """How the tables of findings are to be read."""
    methods = dict.fromkeys(f.found.method for f in findings if f.case.axes)
    words = [LEGENDS[name] for name in methods]
    if any(_by_value(finding) for finding in findings):
        words.append(CHANGE)
    changes = any(_by_value(f) or f.found.of_kind("mu_star") for f in findings)
    if changes and any(f.case.outcome.unit == "share" for f in findings):
        words.append(POINTS)
    unsure = {index.kind for f in findings for index in f.found.indices if index.unsure}
    if unsure or any(effect.unsure for f in findings for effect in f.found.effects):
        words.append(f"{UNSURE}: the interval covers zero, so it may be nothing.")
    if "pawn" in unsure:
        words.append("(PAWN: a shuffled factor comes to as much.)")
    if "mu_star" in unsure:
        words.append("(mu*: luck alone may come to as much.)")
    shares = any(finding.found.of_kind("first") for finding in findings)
    return " ".join(word for word in words if shares or word != LEGENDS["grid"])


def _table(title: str, first: str) -> Table:
    from rich import box
    from rich.table import Table

    found = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    found.add_column(first, min_width=8, overflow="fold")
    return found


def _per_cent(share: float) -> str:
    return f"{share:.0%}" if math.isfinite(share) else "-"


def _nan(values: Any) -> Any:
    return values != values


def as_json(analysis: Analysis) -> dict[str, Any]:
    """Everything for programs; null where a number is not defined."""
    return {
        "sweep": analysis.sweep.experiment.name,
        "design": analysis.sweep.experiment.design.method,
        "progress": asdict(analysis.progress),
        "findings": [_finding(finding) for finding in analysis.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    case, found = finding.case, finding.found
    told = {
        "scenario": case.scenario,
        "outcome": case.outcome.name,
        "unit": case.outcome.unit,
        "day": case.day,
        "method": found.method,
        "why": found.why,
        "notes": [*found.notes, *_own_notes(finding)],
        "used": found.used,
        "left_out": found.left_out,
        "failed": case.failed,
        "undefined": case.undefined,
        "mean": asdict(case.overall),
        "chance": asdict(case.chance),
        "indices": [{**asdict(index), "unsure": index.unsure} for index in found.indices],
        "effects": [{**asdict(effect), "unsure": effect.unsure} for effect in found.effects],
    }
    plain: dict[str, Any] = _plain(told)
    return plain


def _plain(value: Any) -> Any:
    """The same with null in place of what is not finite."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
