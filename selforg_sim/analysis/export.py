"""Export: all runs as one table or as a cube, to go on with elsewhere.

The cube has the dimensions ``point``, ``replicate`` and ``day``. Everything about points (scenario,
factors) is a coordinate along ``point``; ``design_point`` names the point of each row of the
design, in whose order the methods work.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from selforg_sim.analysis.analysis import Analysis
from selforg_sim.analysis.answers import Answers
from selforg_sim.analysis.axes import Axis, axis_of
from selforg_sim.engine.types import Floats, Ints

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

STATES = "0: not done, 1: done, 2: failed"
LAST_DAY = -1
"""Stands for the last day, where runs differ in their length."""


def runs_of(analysis: Analysis) -> pd.DataFrame:
    """One row for each run and day: scenario, values of the factors, seed, status, outcomes."""
    import pandas as pd

    keys = [factor.name for factor in analysis.sweep.factors]
    points = pd.concat(
        answers.design.drop_duplicates("point").assign(scenario=answers.scenario)
        for answers in analysis.answers
    )[["point", "scenario", *keys]]
    frame = points.merge(analysis.sweep.runs, on="point")
    frame = frame.sort_values(["point", "replicate", "day"], ignore_index=True)
    before = ["point", "replicate", "seed", "scenario", *keys, "status", "day"]
    return frame[[*before, *_outcomes(analysis)]]


def cube_of(analysis: Analysis) -> xr.Dataset:
    """All runs as a data set of xarray, point × replicate × day."""
    import xarray as xr

    several = analysis.answers
    most = max(answers.replicates for answers in several)
    days = sorted({LAST_DAY if day is None else day for a in several for day in a.days})
    order = np.argsort(np.concatenate([answers.points for answers in several]))
    about = {outcome.name: outcome for outcome in analysis.sweep.outcomes}
    data: dict[str, Any] = {
        name: (
            ("point", "replicate", "day"),
            np.concatenate([_padded(a, a.values[name], most, days) for a in several])[order],
            {"units": about[name].unit, "long_name": about[name].meaning},
        )
        for name in _outcomes(analysis)
    }
    state = [np.pad(a.state, ((0, 0), (0, most - a.replicates))) for a in several]
    data["state"] = (("point", "replicate"), np.concatenate(state)[order], {"long_name": STATES})
    rows = analysis.sweep.design["point"].to_numpy(np.int64)
    data["design_point"] = ("row", rows, {"long_name": "Point of each row of the design."})
    experiment = analysis.sweep.experiment
    words = {
        "title": experiment.title or experiment.name,
        "source": "selforg_sim",
        "design": experiment.design.method,
    }
    return xr.Dataset(data, _coordinates(analysis, most, days, order), words)


def _coordinates(analysis: Analysis, most: int, days: list[int], order: Ints) -> dict[str, Any]:
    several = analysis.answers
    points = np.concatenate([answers.points for answers in several])[order]
    scenarios = [answers.scenario for answers in several for _ in answers.points]
    seeds = analysis.sweep.experiment.seed + np.arange(most, dtype=np.int64)
    when = f"Day of the outcomes; {LAST_DAY}: the last day of each run."
    # NetCDF 3 has no whole numbers above 2^31
    exact = seeds if seeds.max() <= np.iinfo(np.int32).max else seeds.astype(np.float64)
    return {
        "point": ("point", points, {"long_name": "Point of the design."}),
        "replicate": ("replicate", np.arange(most), {"long_name": "Which run of a point."}),
        "day": ("day", days, {"long_name": when, "units": "day"}),
        "seed": ("replicate", exact, {"long_name": "Seed, the same at every point."}),
        "scenario": ("point", np.array(scenarios)[order], {"long_name": "Scenario."}),
        **_factors(analysis, order),
    }


def _outcomes(analysis: Analysis) -> list[str]:
    return list(dict.fromkeys(finding.case.outcome.name for finding in analysis.findings))


def _padded(answers: Answers, values: Floats, replicates: int, days: list[int]) -> Floats:
    """A scenario's values among all replicates and days; NaN where it has none."""
    cube = np.full((values.shape[0], replicates, len(days)), np.nan)
    slots = [days.index(LAST_DAY if day is None else day) for day in answers.days]
    cube[:, : values.shape[1], slots] = values
    return cube


def _factors(analysis: Analysis, order: Ints) -> dict[str, Any]:
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
