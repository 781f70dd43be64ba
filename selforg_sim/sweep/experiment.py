"""The experiment: what is varied, how, what is asked, how often; checked and frozen."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from selforg_sim.engine.parameters import parameter
from selforg_sim.outcomes import USUAL
from selforg_sim.scenario.file_schema import takes_whole_numbers
from selforg_sim.scenario.schema import ScenarioName
from selforg_sim.scenario.tables import Problems, Table
from selforg_sim.sweep.designs import Design, Grid
from selforg_sim.sweep.factors import Factor, flat_table, is_factor

TableName = Literal[
    "series", "groups", "people", "spells", "invitations", "events", "memberships"
]  # fmt: skip
MOST_SEED = 2**32 - 1


def _each_once(days: tuple[int, ...]) -> tuple[int, ...]:
    """Days in their order; one that is named twice is one day."""
    return tuple(sorted(set(days)))


class Outcomes(Table):
    """What is asked of every run."""

    names: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] = parameter(
        USUAL, "names", "Outcomes by name; size@g1 is that of one group."
    )
    days: Annotated[tuple[int, ...], Field(strict=False), AfterValidator(_each_once)] = parameter(
        (), "days", "Days on which they are taken; absent: the last day."
    )


class Replicates(Table):
    """How often each point is run, each time with other luck."""

    count: int = parameter(1, "runs", "Runs of each point; at most, with until_halfwidth.", ge=1)
    until_halfwidth: dict[str, float] = parameter(
        {}, "as the outcome", "Stop a point when the 95% interval of an outcome is this narrow."
    )
    least: int = parameter(10, "runs", "Runs of each point before until_halfwidth is asked.", ge=2)

    @model_validator(mode="after")
    def _positive(self) -> Replicates:
        for name, width in self.until_halfwidth.items():
            if not width > 0:
                raise Problems([(("until_halfwidth", name), f"{width} was given; more than 0 is")])
        return self


class Keep(Table):
    """Which tables of single runs are kept, beside the outcomes."""

    tables: Annotated[tuple[TableName, ...], Field(strict=False)] = parameter(
        ("series",), "names", "Tables kept of every run; [] keeps the outcomes alone."
    )
    series_every: int = parameter(
        0, "days", "Days between rows of series; 0: the days of the outcomes only.", ge=0
    )


def as_written(given: dict[str, Any]) -> dict[str, Any]:
    """The table of an experiment with dotted keys in place of tables of tables."""
    given = dict(given)
    if isinstance(given.get("scenario"), str):
        given["scenario"] = [given["scenario"]]
    if isinstance(given.get("fixed"), dict):
        given["fixed"] = flat_table(given["fixed"])
    for kind in ("chosen", "uncertain"):
        if isinstance(given.get(kind), dict):
            factors = flat_table(given[kind], is_factor)
            given[kind] = {key: _with_law(key, table) for key, table in factors.items()}
    return given


def _with_law(key: str, table: Any) -> Any:
    """A range without a law is uniform, over whole numbers where the setting takes no others."""
    if not isinstance(table, dict) or not {"low", "high"} & set(table):
        return table
    return {"distribution": "integers" if takes_whole_numbers(key) else "uniform", **table}


class Experiment(Table):
    """An experiment as its file says it.

    Read by :func:`selforg_sim.sweep.load.load_experiment`. ``scenarios`` are names or paths;
    ``function`` is a known function in their place, for checking the machinery.
    """

    name: ScenarioName = parameter(..., "name", "Short name.")
    title: str = parameter("", "text", "One line that says what is asked.")
    description: str = parameter("", "text", "What it shows, and what to look at.")
    scenario: Annotated[tuple[str, ...], Field(strict=False)] = parameter(
        (), "names", "The scenario, or several of them; a name or a path."
    )
    function: Literal["ishigami", "g_function"] | None = parameter(
        None, "name", "A function with known indices in place of a scenario."
    )
    seed: int = parameter(
        1, "1", "Seed of the first replicate and of the design.", ge=0, le=MOST_SEED
    )
    fixed: dict[str, Any] = parameter(
        {}, "as the setting", "Settings that differ from the scenario."
    )
    chosen: dict[str, Factor] = parameter({}, "factor", "What somebody can choose.")
    uncertain: dict[str, Factor] = parameter({}, "factor", "What nobody knows.")
    outcomes: Outcomes = Field(default_factory=Outcomes)
    design: Design = Field(default_factory=Grid)
    replicates: Replicates = Field(default_factory=Replicates)
    keep: Keep = Field(default_factory=Keep)

    @model_validator(mode="before")
    @classmethod
    def _as_written(cls, given: Any) -> Any:
        return as_written(given) if isinstance(given, dict) else given

    @model_validator(mode="after")
    def _consistent(self) -> Experiment:
        found: list[tuple[tuple[str | int, ...], str]] = []
        if bool(self.scenario) == (self.function is not None):
            text = 'name one, as in scenario = "wechat_500" (or a list of several)'
            found.append((("scenario",), text))
        for key in self.uncertain:
            if key in self.chosen:
                found.append((("uncertain", key), "is among the chosen factors already"))
        for key in self.factors:
            if key in self.fixed:
                found.append((("fixed", key), "is a factor, so it cannot be fixed as well"))
            if key in ABOUT_LUCK:
                found.append((self._place(key), ABOUT_LUCK[key]))
        if found:
            raise Problems(found)
        return self

    def _place(self, key: str) -> tuple[str, str]:
        return ("chosen" if key in self.chosen else "uncertain", key)

    @property
    def factors(self) -> dict[str, Factor]:
        """All factors by key, the chosen ones first."""
        return {**self.chosen, **self.uncertain}


ABOUT_LUCK = {
    "seed": "luck is no factor: say [replicates] count = 20 (or --vary seed=1:20:20)",
    "name": "the name changes nothing in a run",
}
"""Keys that cannot be factors, and why."""
