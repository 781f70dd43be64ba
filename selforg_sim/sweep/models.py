"""What is run at a point: a scenario with some settings changed, or a function known by heart.

A model takes settings and a seed and gives numbers; it knows nothing of sweeps.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from selforg_sim.errors import RunError, SelforgError
from selforg_sim.outcomes import Outcome, curves_of, outcome_of
from selforg_sim.results.schema import TABLES
from selforg_sim.scenario.load import Variants
from selforg_sim.scenario.schema import Scenario
from selforg_sim.sweep.factors import Value
from selforg_sim.sweep.thinned import thinned

if TYPE_CHECKING:
    import pyarrow as pa

    from selforg_sim.world import World

Settings = Mapping[str, Value]


class RunTimeout(RunError):
    """A run took longer than it was given."""


@dataclass(frozen=True)
class Answer:
    """What one run gave.

    Attributes
    ----------
    days : on which days the outcomes were taken
    outcomes : by name, one number for each of the days; NaN where not defined
    tables : tables of single runs by name, as in a folder of results
    """

    days: tuple[int, ...]
    outcomes: dict[str, list[float]]
    tables: dict[str, pa.Table]


class Model(Protocol):
    """What is run at a point."""

    @property
    def name(self) -> str:
        """How it is called."""
        ...

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What it answers, in order."""
        ...

    def run(self, settings: Settings, seed: int, replicate: int, until: float = math.inf) -> Answer:
        """Run it once.

        Parameters
        ----------
        until : moment of ``time.monotonic`` after which it gives up

        Raises
        ------
        SelforgError
            If the settings are not valid or the run fails.
        """
        ...

    def again(self, settings: Settings, seed: int) -> str:
        """The command that repeats a run."""
        ...


@dataclass(frozen=True)
class ScenarioModel:
    """A scenario as a model.

    Attributes
    ----------
    scenario : what points are variants of, with everything that is fixed
    source : the scenario's name or file, and what was fixed, for commands
    asked : names of outcomes
    days : days on which they are taken; the last day if none are named
    tables : tables of single runs that are kept
    series_every : days between rows of the table series; 0: the days of the outcomes
    """

    scenario: Scenario
    source: tuple[str, tuple[tuple[str, Any], ...]]
    asked: tuple[str, ...]
    days: tuple[int, ...] = ()
    tables: tuple[str, ...] = ()
    series_every: int = 0

    @property
    def name(self) -> str:
        """The scenario's name."""
        return self.scenario.name

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What is asked of every run."""
        groups = [*self.scenario.resolved_groups(), *self.scenario.rivals()]
        return tuple(outcome_of(name, groups) for name in self.asked)

    def __getstate__(self) -> dict[str, Any]:
        """What is sent to workers: not what was reckoned from it."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @cached_property
    def variants(self) -> Variants:
        """Makes the scenario of a point."""
        return Variants(self.scenario)

    def run(self, settings: Settings, seed: int, replicate: int, until: float = math.inf) -> Answer:
        """Let the world of a point live; see `Model`."""
        from selforg_sim.simulation import run_world

        scenario = self.variants.of(settings)
        watch = None if math.isinf(until) else _watch(until, scenario.name, seed)
        world, _, _ = run_world(scenario, seed, progress=watch)
        days = self.days or (scenario.horizon,)
        curves = curves_of(world, self.asked)
        return Answer(
            days,
            {name: [float(curve[day]) for day in days] for name, curve in curves.items()},
            self._kept(world, replicate, days),
        )

    def _kept(self, world: World, replicate: int, days: Sequence[int]) -> dict[str, pa.Table]:
        if not self.tables:
            return {}
        from selforg_sim.simulation import tables_of

        if "series" in self.tables:
            last, every = world.scenario.horizon, self.series_every
            kept = {*range(0, last + 1, every), last} if every else set(days)
            if len(kept) <= last:
                rows = thinned(world.state.record.table("series"), sorted(kept))
                world.state.record.days["series"] = [rows]
        return tables_of(world, replicate, self.tables)

    def again(self, settings: Settings, seed: int) -> str:
        """The command that repeats a run."""
        import shlex

        name, fixed = self.source
        changes = [f"--set={key}={written(value)}" for key, value in (*fixed, *settings.items())]
        return shlex.join(["selforg", "run", name, *changes, f"--seed={seed}"])


def written(value: Any) -> str:
    """A value as after ``--set``.

    >>> written(0.5), written(True), written("wechat"), written([1, 2])
    ('0.5', 'true', 'wechat', '[1, 2]')
    """
    from selforg_sim.scenario.write import toml_value

    return value if isinstance(value, str) else toml_value(value)


def _watch(until: float, name: str, seed: int) -> Callable[[int, int, int, int], None]:
    def advance(_: int, day: int, people: int, members: int) -> None:
        if time.monotonic() > until:
            raise RunTimeout(
                f"the run of '{name}' with seed {seed} was not over in the time given to a run; it "
                f"had come to day {day} with {people:,} people in groups ({members:,} memberships)"
            )

    return advance


def recorded(tables: Sequence[str]) -> dict[str, Any]:
    """Settings that make a run record what a sweep wants, and nothing else.

    Every day is recorded, since outcomes such as churn look back; spells, since people in groups
    are counted from them.
    """
    unknown = set(tables) - set(TABLES)
    assert not unknown, unknown
    return {
        "record.series_every": 1,
        "record.spells": True,
        "record.invitations": "invitations" in tables,
        "record.events": "events" in tables,
    }


@dataclass(frozen=True)
class FunctionModel:
    """A function of x1, x2, ... with known indices, in place of a scenario."""

    name: str

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """One number, ``y``."""
        return (Outcome("y", "y", "1", f"Value of the function {self.name}.", _nothing),)

    def run(self, settings: Settings, seed: int, replicate: int, until: float = math.inf) -> Answer:
        """The function's value; there is no luck in it."""
        from selforg_sim.sweep.known import FUNCTIONS

        x = [float(settings[key]) for key in sorted(settings, key=lambda key: int(key[1:]))]
        return Answer((0,), {"y": [FUNCTIONS[self.name].of(x)]}, {})

    def again(self, settings: Settings, seed: int) -> str:
        """How to call it in Python."""
        return f"selforg_sim.sweep.known.FUNCTIONS[{self.name!r}].of({list(settings.values())})"


def _nothing(_: Any) -> Any:
    raise SelforgError("a function has no world")
