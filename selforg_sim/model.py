"""The model as a Mesa model: one step is one day of the compiled rules.

Examples
--------
>>> import mesa
>>> def mean_belonging(model):
...     return model.agents.agg("belonging", np.mean)
>>> model = SelfOrgModel("smoke")
>>> collector = mesa.DataCollector(model_reporters={"belonging": mean_belonging})
>>> for _ in range(3):
...     model.step()
...     collector.collect(model)
>>> len(collector.get_model_vars_dataframe())
3
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import mesa
import numpy as np

from selforg_sim.agents.group import Group
from selforg_sim.agents.member import Member, class_of_kind, has_own_step
from selforg_sim.agents.views import Groups, Members
from selforg_sim.agents.wishes import Wishes, hooks_of
from selforg_sim.engine.codes import LURKER, QUIET, TROUBLEMAKER
from selforg_sim.engine.loop import Loop
from selforg_sim.engine.types import Ints
from selforg_sim.errors import UsageError, nearest
from selforg_sim.happenings import begin_day
from selforg_sim.plan import PLAN
from selforg_sim.results.manifest import describe_run, now
from selforg_sim.results.store import Results
from selforg_sim.scenario import load_scenario, scenario_hash, to_toml
from selforg_sim.scenario.schema import Scenario
from selforg_sim.simulation import keep_day, tables_of
from selforg_sim.world import build_world


class SelfOrgModel(mesa.Model):  # type: ignore[misc, unused-ignore]
    """A world that is stepped day by day, with its people and groups as views.

    Parameters
    ----------
    scenario : name of a shipped scenario, path of a scenario file, or a scenario
    seed : key of all luck, the scenario's own if None. ``model.random`` and ``model.rng`` get it
        too, for the user's code; the rules use neither.
    threads : threads for large worlds; results do not depend on it
    member_classes : classes of one's own by kind; a class that defines ``step`` takes the decisions
        of its people over, see `selforg_sim.agents.member`
    record : whether the days that the scenario asks for are kept for :meth:`results`

    Raises
    ------
    UsageError
        If the scenario is not valid, or a class is given for a kind that does not exist.

    Examples
    --------
    >>> model = SelfOrgModel("smoke", seed=7)
    >>> model.run_model()
    >>> model.day, model.running, len(model.results().table("series")) > 60
    (60, False, True)
    """

    def __init__(
        self,
        scenario: str | Path | Scenario = "smoke",
        *,
        seed: int | None = None,
        threads: int = 1,
        member_classes: Mapping[str, type[Member]] | None = None,
        record: bool = True,
    ) -> None:
        given = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
        seed = checked_seed(given.seed if seed is None else seed)
        super().__init__(rng=seed)
        self.given = given
        self.threads = threads
        self.record = record
        self.world = build_world(given, seed)
        self.wishes = Wishes()
        self.memories: dict[int, dict[str, Any]] = {}
        self.kind_classes = [class_of_kind(kind) for kind in self.world.kinds]
        self.started = now()
        self.seconds = 0.0
        self.membership_days = 0
        self._loop: Loop | None = None
        for kind, cls in (member_classes or {}).items():
            self.replace(kind, cls)
        self._end_day()

    def step(self) -> None:
        """Live one day.

        At the scenario's horizon ``running`` becomes False; one may step on.
        """
        begun = time.perf_counter()
        if self._loop is None:
            self._loop = Loop(PLAN, self.threads)
        state = self.world.state
        try:
            begin_day(self.world)
            self._loop.advance(state, after=hooks_of(self))
        except Exception as error:
            where = f"day {state.day}, phase '{state.phase}'"
            error.add_note(f"in '{self.given.name}' with seed {state.seed}, {where}")
            raise
        self._end_day()
        self.membership_days += len(state.memberships)
        self.seconds += time.perf_counter() - begun

    def _end_day(self) -> None:
        if self.record:
            keep_day(self.world)
        self.running = self.day < self.given.horizon

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_loop": None}

    @property
    def day(self) -> int:
        """Days lived, 0 before the first step."""
        return self.world.state.day

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Names of the values, in the order of ``member.values`` and ``group.core``."""
        return tuple(self.given.values.dimensions)

    @property
    def agents(self) -> Members:
        """Everybody, in row order; views are made when looked at."""
        return self.members(np.arange(self.world.state.people.rows))

    @agents.setter
    def agents(self, agents: Any) -> NoReturn:
        raise AttributeError("the people of a world are made by its scenario and cannot be set")

    @property
    def agent_types(self) -> list[type]:
        """The class of each kind, in the scenario's order."""
        return list(dict.fromkeys(self.kind_classes))

    @property
    def agents_by_type(self) -> dict[type, Members]:
        """The people of each class."""
        everybody = self.agents
        return {cls: everybody.select(agent_type=cls) for cls in self.agent_types}

    @property
    def groups(self) -> Groups:
        """The living groups, in the order of their opening."""
        return Groups(self, self.world.state.living_groups())

    @property
    def all_groups(self) -> Groups:
        """All groups that ever were, by their number in results."""
        return Groups(self, np.arange(self.world.state.groups.rows))

    def member(self, row: int) -> Member:
        """The person of a row, as results number people."""
        kind: int = self.world.state.people["kind"].item(row)
        return self.kind_classes[kind](self, row)

    def members(self, rows: Ints) -> Members:
        """The people of some rows."""
        return Members(self, rows)

    def group(self, row: int) -> Group:
        """The group of a row, as results number groups."""
        return Group(self, row)

    def replace(self, kind: str, cls: type[Member]) -> None:
        """From now on the people of a kind have this class.

        If it defines ``step``, they decide by that; who was quiet or made trouble starts anew as a
        lurker. If it does not, they go back to the rules.

        Raises
        ------
        UsageError
            If there is no such kind, or the class is not a `Member`.
        """
        if kind not in self.world.kinds:
            raise UsageError(f"There is no kind '{kind}'. {nearest(kind, self.world.kinds)}")
        if not (isinstance(cls, type) and issubclass(cls, Member)):
            raise UsageError(f"{kind}: {cls!r} was given; a class derived from Member is valid.")
        code = self.world.kinds.index(kind)
        self.kind_classes[code] = cls
        state = self.world.state
        people = state.people["kind"] == code
        state.people["withheld"][people] = has_own_step(cls)
        if has_own_step(cls):
            rows = state.memberships.rows()
            mine = rows[people[state.memberships["member_person"][rows]]]
            standing = state.memberships["standing"]
            turned = np.isin(standing[mine], (QUIET, TROUBLEMAKER))
            standing[mine[turned]] = LURKER

    def results(self) -> Results:
        """Results up to today, as ``simulate`` returns them.

        Raises
        ------
        UsageError
            If the model was made with ``record=False``.
        """
        if not self.record:
            raise UsageError("results: nothing was kept; make the model with record=True.")
        state, toml = self.world.state, to_toml(self.given)
        tables = tables_of(self.world)
        manifest = describe_run(
            name=self.given.name,
            scenario_toml=toml,
            seed=state.seed,
            seeds=[state.seed],
            started=self.started,
            finished=now(),
            performance={
                "membership_days": float(self.membership_days),
                "person_days": float(state.people.rows) * self.day,
                "seconds": self.seconds,
            },
            values=self.given.values.dimensions,
            tables=list(tables),
            command="SelfOrgModel, called from Python",
            scenario_sha256=scenario_hash(self.given),
            last_day=self.day,
        )
        return Results(toml, manifest, tables)

    def register_agent(self, agent: Any) -> NoReturn:
        """Refused: views are not registered, and nobody is added to a world."""
        raise UsageError("the people of a world are made by its scenario; none can be added.")

    def remove_all_agents(self) -> NoReturn:
        """Refused: nobody is taken out of a world."""
        raise UsageError("the people of a world cannot be removed; make a new model.")


def checked_seed(seed: Any) -> int:
    """A seed as a whole number.

    >>> checked_seed(np.int64(7))
    7
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**63:
        raise UsageError(f"seed: {seed!r} was given; a whole number of 0 or more is valid.")
    return int(seed)
