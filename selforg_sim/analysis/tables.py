"""The tables of an analysis as data frames, with unit and meaning of each column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from selforg_sim.analysis.analysis import Analysis, Finding

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

TABLES = {
    "means": "mean of each outcome over all points",
    "levels": "mean of each outcome at each level of each factor",
    "points": "mean of each outcome at each point, over its replicates",
    "chance": "how much of the variance is luck",
    "indices": "indices of factors and of pairs of factors",
    "effects": "effects of single values, and of pairs of values",
}
"""Every table, and what it says."""

OF_OUTCOME = "as the outcome"
OF_INDEX = "share, or as the outcome"
COLUMNS = {
    "scenario": ("", "Scenario."),
    "outcome": ("", "Outcome."),
    "unit": ("", "Unit of the outcome."),
    "day": ("day", "Day of the outcome; missing: the last day, where runs differ in length."),
    "replicate": ("number", "Which run of the same point, counted from 0."),
    "seed": ("1", "Seed of the run, the same for a replicate of any point."),
    "status": ("", "ok; failed, timed out or lost."),
    "point": ("number", "Point of the design."),
    "rows": ("number", "Rows of the design that have a value."),
    "points": ("number", "Points with two runs or more."),
    "runs": ("number", "Runs in which the outcome is defined."),
    "failed": ("number", "Runs that failed, timed out or were lost."),
    "undefined": ("number", "Runs that were done, but in which the outcome is not defined."),
    "missing": ("number", "Runs asked for that are not done yet."),
    "replicates": ("number", "Runs of a point, on average."),
    "mean": (OF_OUTCOME, "Mean; over replicates, then over rows of the design."),
    "sd": (OF_OUTCOME, "Standard deviation over replicates."),
    "low": (OF_OUTCOME, "Lower end of the 95% interval over luck (seeds)."),
    "high": (OF_OUTCOME, "Upper end of the 95% interval over luck (seeds)."),
    "points_low": (OF_OUTCOME, "Lower end of the 95% interval over points, where they are drawn."),
    "points_high": (OF_OUTCOME, "Upper end of the 95% interval over points, where they are drawn."),
    "sd_of_points": (OF_OUTCOME, "Standard deviation of the means of rows of the design."),
    "least": (OF_OUTCOME, "Least of the means of points."),
    "greatest": (OF_OUTCOME, "Greatest of the means of points."),
    "factor": ("", "Factor."),
    "second_factor": ("", "The other factor of a pair; missing for single factors."),
    "level": ("", "Value of the factor, or range of values."),
    "second_level": ("", "Value of the other factor."),
    "at": ("as the factor", "Value or mean value at the level; place in a list of texts."),
    "effect": (
        OF_OUTCOME,
        "Against the scenario as it is or the general mean; of pairs what goes beyond.",
    ),
    "within": ("outcome squared", "Variance of runs of the same point."),
    "between": ("outcome squared", "Variance of what the points would come to without luck."),
    "share": ("share", "Variance that is luck, of all."),
    "share_low": ("share", "Lower end of its 95% interval."),
    "share_high": ("share", "Upper end of its 95% interval."),
    "alike": ("share", "Variance that luck makes by moving all points alike, of all."),
    "left": ("share", "Luck that is left in the variance between the means of points."),
    "method": ("", "Method."),
    "kind": ("", "Kind of index."),
    "value": (OF_INDEX, "Estimate."),
    "value_low": (OF_INDEX, "Lower end of the 95% interval."),
    "value_high": (OF_INDEX, "Upper end of the 95% interval."),
    "nothing": (OF_INDEX, "What a factor without influence comes to, at most."),
    "unsure": ("switch", "Whether a factor or value without influence might come to this."),
    "used": ("number", "Blocks, paths, rows or replicates that it rests on."),
    "left_out": ("number", "Those left out, since a value is missing or not defined."),
}
"""Unit and meaning of every column; factors in the table of points have those of the design."""


def tables_of(analysis: Analysis) -> dict[str, pd.DataFrame]:
    """All tables by name, those without rows too."""
    import pandas as pd

    makers = {
        "means": _means, "levels": _levels, "chance": _chance, "indices": _indices,
        "effects": _effects,
    }  # fmt: skip
    found = {"points": _points(analysis)}
    for name, rows_of in makers.items():
        rows = [
            {**_key(finding), **row} for finding in analysis.findings for row in rows_of(finding)
        ]
        frame = pd.DataFrame(rows) if rows else pd.DataFrame(columns=list(EMPTY[name]))
        found[name] = _with_types(frame)
    return {name: found[name] for name in TABLES}


EMPTY = {
    "means": ("scenario", "outcome", "day", "mean"),
    "levels": ("scenario", "outcome", "day", "factor", "level", "mean"),
    "chance": ("scenario", "outcome", "day", "share"),
    "indices": ("scenario", "outcome", "day", "factor", "kind", "value"),
    "effects": ("scenario", "outcome", "day", "factor", "level", "effect"),
}
"""Columns of tables that have no rows."""


def _with_types(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype({"day": "Int32"})


def _key(finding: Finding) -> dict[str, Any]:
    case = finding.case
    return {
        "scenario": case.scenario,
        "outcome": case.outcome.name,
        "unit": case.outcome.unit,
        "day": case.day,
    }


def _means(finding: Finding) -> Iterator[dict[str, Any]]:
    case = finding.case
    rows = case.rows[np.isfinite(case.rows)]
    yield {
        **asdict(case.overall),
        "sd_of_points": float(rows.std(ddof=1)) if rows.size > 1 else np.nan,
        "least": float(rows.min()) if rows.size else np.nan,
        "greatest": float(rows.max()) if rows.size else np.nan,
        "failed": case.failed,
        "undefined": case.undefined,
        "missing": case.waiting,
    }


def _levels(finding: Finding) -> Iterator[dict[str, Any]]:
    for axis in finding.case.axes:
        levels = axis.levels()
        for code, mean in enumerate(finding.case.at_levels(levels)):
            at = {"level": levels.texts[code], "at": float(levels.at[code])}
            yield {"factor": axis.key, **at, **asdict(mean)}


def _chance(finding: Finding) -> Iterator[dict[str, Any]]:
    told = asdict(finding.case.chance)
    yield {LONGER.get(name, name): value for name, value in told.items()}


LONGER = {"low": "share_low", "high": "share_high"}


def _indices(finding: Finding) -> Iterator[dict[str, Any]]:
    found = finding.found
    for index in found.indices:
        yield {
            "factor": index.factors[0],
            "second_factor": index.factors[1] if len(index.factors) > 1 else None,
            "method": found.method,
            "kind": index.kind,
            "value": index.value,
            "value_low": index.low,
            "value_high": index.high,
            "nothing": index.nothing,
            "unsure": None if index.kind == "sigma" else index.unsure,
            "used": found.used,
            "left_out": found.left_out,
        }


def _effects(finding: Finding) -> Iterator[dict[str, Any]]:
    for effect in finding.found.effects:
        pair = len(effect.factors) > 1
        yield {
            "factor": effect.factors[0],
            "level": effect.levels[0],
            "second_factor": effect.factors[1] if pair else None,
            "second_level": effect.levels[1] if pair else None,
            "mean": effect.mean,
            "effect": effect.value,
            "low": effect.low,
            "high": effect.high,
            "unsure": effect.unsure,
            "runs": effect.runs,
        }


def _points(analysis: Analysis) -> pd.DataFrame:
    """One row for each point, outcome and day, with the values of the factors."""
    import pandas as pd

    frames = []
    designs = {answers.scenario: answers.design for answers in analysis.answers}
    for finding in analysis.findings:
        case, means = finding.case, finding.case.means
        design = designs[case.scenario].drop_duplicates("point").sort_values("point")
        frame = pd.DataFrame({"point": case.points, **_key(finding)})
        frame = frame[["scenario", "point", "outcome", "unit", "day"]]
        for axis in case.axes:
            frame[axis.key] = design[axis.key].to_numpy()
        frame["runs"], frame["mean"], frame["sd"] = means.runs, means.mean, means.sd
        frame["low"], frame["high"] = means.mean - means.half, means.mean + means.half
        frames.append(_with_types(frame))
    return pd.concat(frames, ignore_index=True)


def arrow_of(analysis: Analysis, frame: pd.DataFrame) -> pa.Table:
    """A table as Arrow has it, with unit and meaning of each column in its field."""
    import pyarrow as pa

    about = {factor.name: (factor.unit, factor.meaning) for factor in analysis.sweep.factors}
    about |= {outcome.name: (outcome.unit, outcome.meaning) for outcome in analysis.sweep.outcomes}
    known = {**COLUMNS, **about}
    table = pa.Table.from_pandas(frame, preserve_index=False)
    fields = [
        field.with_metadata(dict(zip(("unit", "meaning"), known[field.name], strict=True)))
        for field in table.schema
    ]
    return table.cast(pa.schema(fields)).replace_schema_metadata(None)
