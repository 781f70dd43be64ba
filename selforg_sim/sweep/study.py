"""The study: an experiment with its scenarios read, its factors tried and its points drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from selforg_sim.errors import ScenarioError, UsageError
from selforg_sim.scenario import (
    contacts_digest,
    contacts_file,
    load_scenario,
    scenario_hash,
)
from selforg_sim.scenario.file_schema import about_setting
from selforg_sim.scenario.load import Variants
from selforg_sim.scenario.schema import Scenario
from selforg_sim.sweep.designs import Sample
from selforg_sim.sweep.experiment import Experiment
from selforg_sim.sweep.factors import Factor
from selforg_sim.sweep.known import FUNCTIONS
from selforg_sim.sweep.models import FunctionModel, Model, ScenarioModel, recorded

MOST_RUNS = 50_000_000
"""Runs of a sweep."""


MOST_TOLD = 10
"""Wrong values of a file that are told at once."""


@dataclass(frozen=True)
class Study:
    """Everything a sweep needs, checked.

    Attributes
    ----------
    experiment : as its file says
    models : what is run, one for each scenario
    sample : the rows of the design
    """

    experiment: Experiment
    models: tuple[Model, ...]
    sample: Sample

    @property
    def days(self) -> tuple[int, ...]:
        """Days on which outcomes are taken; empty for the last one."""
        return self.experiment.outcomes.days

    @property
    def targets(self) -> dict[str, float]:
        """Outcomes that are to be known to a half-width."""
        return self.experiment.replicates.until_halfwidth

    def identity(self) -> dict[str, Any]:
        """What must be the same for runs to go into the same folder.

        Factors, design and number of replicates are not among it: points and replicates may be
        added, and keep their luck.
        """
        keep = self.experiment.keep.model_dump(mode="json")
        return {
            "scenarios": [_hash(model) for model in self.models],
            "outcomes": self.experiment.outcomes.model_dump(mode="json"),
            "keep": keep,
            "seed": self.experiment.seed,
            "factors": sorted(self.experiment.factors),
        }


def study_of(experiment: Experiment, resolved: Sequence[Scenario] | None = None) -> Study:
    """Read the scenarios, try the factors at their ends, draw the points.

    Parameters
    ----------
    resolved : the scenarios with everything that is fixed, where they were read before

    Raises
    ------
    UsageError
        If a scenario, a factor, an outcome or the design is wrong; the text says where.
    """
    if experiment.function is not None:
        models: tuple[Model, ...] = (_function(experiment),)
    else:
        scenarios = resolved or [_fixed(experiment, name) for name in experiment.scenario]
        pairs = zip(experiment.scenario, scenarios, strict=True)
        models = tuple(_model(experiment, name, scenario) for name, scenario in pairs)
        _check_names(experiment, models)
    sample = experiment.design.sample(experiment.factors, experiment.seed)
    if not sample.rows:
        raise UsageError(f"The design of '{experiment.name}' has no rows, so there is no run.")
    _check_number(experiment, sample.rows * len(models))
    for model in models:
        if isinstance(model, ScenarioModel):
            _try_rows(experiment, model, sample)
    return Study(experiment, models, sample)


def _check_number(experiment: Experiment, rows: int) -> None:
    """Refuse more runs than anybody can wait for, before memory and disk are asked for them."""
    count = experiment.replicates.count
    if rows * count > MOST_RUNS:
        raise UsageError(
            f"'{experiment.name}': {rows:,} points with [replicates] count = {count:,} are "
            f"{rows * count:,} runs, more than {MOST_RUNS:,}. Take fewer replicates or points."
        )


def about_factor(key: str, factor: Factor) -> tuple[str, str]:
    """Unit and label of a factor."""
    unit, _ = about_setting(key)
    return factor.unit or unit, factor.label or key


def _hash(model: Model) -> str:
    if not isinstance(model, ScenarioModel):
        return model.name
    contacts = contacts_digest(model.scenario) or ""
    return hashlib.sha256(f"{scenario_hash(model.scenario)}{contacts}".encode()).hexdigest()


def _function(experiment: Experiment) -> FunctionModel:
    assert experiment.function is not None
    known = FUNCTIONS[experiment.function]
    names = {f"x{number}" for number in range(1, len(known.first) + 1)}
    if set(experiment.factors) != names or experiment.fixed:
        raise UsageError(
            f"'{experiment.name}': {experiment.function} takes the factors "
            f"{', '.join(sorted(names))} from {known.low:g} to {known.high:g}, and nothing else."
        )
    return FunctionModel(experiment.function)


def _fixed(experiment: Experiment, source: str) -> Scenario:
    """A scenario with what the experiment fixes, recording what is kept."""
    loaded = load_scenario(source)
    base = _tried(Variants(loaded), experiment.fixed, f"'{experiment.name}': [fixed] ")
    contacts_file(base)
    return Variants(base).of(recorded(experiment.keep.tables))


def _model(experiment: Experiment, source: str, scenario: Scenario) -> ScenarioModel:
    wanted = experiment.outcomes
    targets = experiment.replicates.until_halfwidth
    model = ScenarioModel(
        scenario,
        (source, tuple(experiment.fixed.items())),
        tuple(dict.fromkeys([*wanted.names, *targets])),
        tuple(sorted(set(wanted.days))),
        experiment.keep.tables,
        experiment.keep.series_every,
    )
    assert model.outcomes  # raises where one of them is not there
    _try_factors(experiment, model)
    return model


def _check_names(experiment: Experiment, models: Sequence[Model]) -> None:
    """Tables call scenarios by name, so that two of one name would be one."""
    source_of: dict[str, str] = {}
    for source, model in zip(experiment.scenario, models, strict=True):
        if model.name in source_of:
            raise UsageError(
                f"'{experiment.name}': scenario: {source_of[model.name]} and {source} are both "
                f"named '{model.name}', but each needs a name of its own. Leave one out, or write "
                'another name = "..." in its file.'
            )
        source_of[model.name] = source


def _try_factors(experiment: Experiment, model: ScenarioModel) -> None:
    """Each factor by itself at its ends, or with each value of its list."""
    horizons = [model.scenario.horizon]
    for key, factor in experiment.factors.items():
        table = "chosen" if key in experiment.chosen else "uncertain"
        where = f"'{experiment.name}': [{table}] "
        _check_unit(key, factor, where)
        grid = factor.grid() if factor.listed else None
        for value in factor.ends() if grid is None else grid:
            horizons.append(_tried(model.variants, {key: value}, where).horizon)
    _check_days(experiment, model, horizons)


def _try_rows(experiment: Experiment, model: ScenarioModel, sample: Sample) -> None:
    """Each row that somebody has written; what is wrong only in combination fails in its run."""
    horizons, wrong = [], []
    for number, place in enumerate(sample.places):
        row = {key: cells[number] for key, cells in sample.columns.items()}
        try:
            horizons.append(model.variants.of(row).horizon)
        except ScenarioError:
            wrong += _wrong_values(model, row, place)
        if len(wrong) >= MOST_TOLD:
            break
    if wrong:
        raise ScenarioError("\n".join(wrong))
    _check_days(experiment, model, horizons or [model.scenario.horizon])


def _wrong_values(model: ScenarioModel, row: Mapping[str, Any], place: str) -> list[str]:
    found = []
    for key, value in row.items():
        try:
            _tried(model.variants, {key: value}, f"{place}: ")
        except ScenarioError as error:
            found.append(str(error))
    return found


def _check_days(experiment: Experiment, model: ScenarioModel, horizons: Sequence[int]) -> None:
    for day in model.days:
        if not 0 <= day <= min(horizons):
            raise UsageError(
                f"'{experiment.name}': [outcomes] days: there is no day {day}; the shortest run "
                f"lasts from day 0 to {min(horizons)}."
            )


def _tried(variants: Variants, settings: Mapping[str, Any], where: str) -> Scenario:
    try:
        return variants.of(settings)
    except ScenarioError as error:
        lines = dict.fromkeys(str(error).splitlines())
        raise ScenarioError("\n".join(f"{where}{line}" for line in lines)) from None


def _check_unit(key: str, factor: Factor, where: str) -> None:
    unit, _ = about_setting(key)
    if factor.unit is not None and unit and factor.unit != unit:
        raise UsageError(f"{where}{key}: the unit is {unit}, not {factor.unit}.")


def scenario_files(models: Iterable[Model]) -> dict[str, Scenario]:
    """The scenarios by the names of their files in a folder."""
    return {model.name: model.scenario for model in models if isinstance(model, ScenarioModel)}
