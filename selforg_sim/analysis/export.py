"""Export: all runs as one table or as a cube, to go on with elsewhere.

The cube has the dimensions ``point``, ``replicate`` and ``day``. Everything about points (scenario,
factors) is a coordinate along ``point``; ``design_point`` names the point of each row of the design,
in whose order the methods work.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from selforg_sim.analysis.analysis import Analysis
from selforg_sim.analysis.answers import Answers
from selforg_sim.analysis.axes import Axis, axis_of

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

STATES = "0: not done, 1: done, 2: failed"
LAST_DAY = -1
"""Stands for the last day, where runs differ in their length."""


def runs_of(analysis: Analysis) -> pd.DataFrame:
    """One row for each run and day: scenario, values of the factors, seed, status, outcomes."""
    sweep = analysis.sweep
    keys = [factor.name for factor in sweep.factors]
    points = sweep.design.drop_duplicates("point")[["point", "scenario", *keys]]
    outcomes = list(dict.fromkeys(f.case.outcome.name for f in analysis.findings))
    runs = sweep.runs[["point", "replicate", "seed", "status", "day", *outcomes]]
    frame = points.merge(runs, on="point", how="inner").sort_values(
        ["point", "replicate", "day"], ignore_index=True
    )
    return frame[["point", "replicate", "seed", "scenario", *keys, "status", "day", *outcomes]]


def cube_of(analysis: Analysis) -> xr.Dataset:
    """All runs as a data set of xarray, point × replicate × day."""
    import xarray as xr

    several = analysis.answers
    replicates = max(answers.replicates for answers in several)
    days = sorted({LAST_DAY if day is None else day for a in several for day in a.days})
    points = np.concatenate([answers.points for answers in several])
    order = np.argsort(points)
    coords: dict[str, Any] = {
        "point": ("point", points[order], {"long_name": "Point of the design."}),
        "replicate": ("replicate", np.arange(replicates), {"long_name": "Which run of a point."}),
        "day": ("day", days, {"long_name": f"Day; {LAST_DAY}: the last of each run.", "unit": "day"}),
        "seed": ("replicate", max((a.seeds for a in several), key=len), {"long_name": "Seed."}),
        "scenario": ("point", np.repeat(
            [a.scenario for a in several], [a.points.size for a in several])[order],
            {"long_name": "Scenario."}),
        **_factors(analysis, order),
    }  # fmt: skip
    cubes = {
        outcome.name: ("point", "replicate", "day")
        for outcome in analysis.sweep.outcomes
        if any(finding.case.outcome.name == outcome.name for finding in analysis.findings)
    }
    about = {outcome.name: outcome for outcome in analysis.sweep.outcomes}
    data: dict[str, Any] = {
        name: (
            dimensions,
            np.concatenate([_padded(a, a.values[name], replicates, days) for a in several])[order],
            {"units": about[name].unit, "long_name": about[name].meaning},
        )
        for name, dimensions in cubes.items()
    }
    state = [np.pad(a.state, ((0, 0), (0, replicates - a.replicates))) for a in several]
    data["state"] = (("point", "replicate"), np.concatenate(state)[order], {"long_name": STATES})
    rows = analysis.sweep.design["point"].to_numpy(np.int64)
    data["design_point"] = ("row", rows, {"long_name": "Point of each row of the design."})
    experiment = analysis.sweep.experiment
    about_all = {
        "title": experiment.title or experiment.name,
        "source": "selforg_sim",
        "design": experiment.design.method,
    }
    return xr.Dataset(data, coords, about_all)


def _padded(answers: Answers, values: Any, replicates: int, days: list[int]) -> Any:
    """A scenario's values among all replicates and days; NaN where it has none."""
    cube = np.full((values.shape[0], replicates, len(days)), np.nan)
    slots = [days.index(LAST_DAY if day is None else day) for day in answers.days]
    cube[:, : values.shape[1], slots] = values
    return cube


def _factors(analysis: Analysis, order: Any) -> dict[str, Any]:
    """The factors as coordinates of the points: numbers, or texts."""
    sweep, found = analysis.sweep, {}
    frames = [
        answers.design.drop_duplicates("point").sort_values("point") for answers in analysis.answers
    ]
    for about in sweep.factors:
        parts = [
            _cells(axis_of(about, sweep.experiment.factors[about.name], frame[about.name]))
            for frame in frames
        ]
        attributes = {"units": about.unit, "long_name": about.meaning}
        found[about.name] = ("point", np.concatenate(parts)[order], attributes)
    return found


def _cells(axis: Axis) -> Any:
    """Values of a factor; where it is as the scenario has it, NaN or an empty text."""
    if not axis.names:
        return axis.numbers
    return np.array(["" if np.isnan(n) else axis.names[int(n)] for n in axis.numbers], dtype=str)


def write_netcdf(analysis: Analysis, place: Path) -> None:
    """Write the cube as a NetCDF file (version 3, which every reader knows)."""
    cube_of(analysis).to_netcdf(place, engine="scipy", format="NETCDF3_64BIT")
