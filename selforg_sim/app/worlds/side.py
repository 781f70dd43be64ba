"""One world on the page: it lives day by day, can go back to any day, and its levers are pulled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from selforg_sim.app.worlds.history import History, parting
from selforg_sim.app.worlds.keyframes import Keyframes, frozen, thawed
from selforg_sim.app.worlds.turns import DAYS
from selforg_sim.engine.loop import Loop
from selforg_sim.happenings import begin_day
from selforg_sim.observe import observe
from selforg_sim.plan import PLAN
from selforg_sim.results.manifest import describe_run, now
from selforg_sim.results.store import Results
from selforg_sim.scenario import scenario_hash, to_toml
from selforg_sim.scenario.load import Variants
from selforg_sim.scenario.schema import Scenario
from selforg_sim.simulation import tables_of
from selforg_sim.world import build_world

__all__ = ["Side", "parting"]

KEPT = {
    "record.invitations": False, "record.series_every": 1, "record.memberships_every": 0,
    "record.spells": True, "record.events": True,
}  # fmt: skip
"""What a world on the page keeps, whatever its scenario says: enough for every story."""


class Side:
    """A world with the numbers of all its evenings.

    Parameters
    ----------
    scenario : what it is built from; what it records is replaced by what the page needs
    seed : key of all luck; the scenario's own if None

    Examples
    --------
    >>> from selforg_sim import load_scenario
    >>> side = Side(load_scenario("smoke"))
    >>> side.advance(); side.advance(); side.go_to(1); side.day
    1
    """

    def __init__(self, scenario: Scenario, seed: int | None = None) -> None:
        self.asked = scenario
        self.pulls: list[dict[str, Any]] = []
        self.seed = scenario.seed if seed is None else seed
        self.world = build_world(Variants(scenario).of(KEPT), self.seed)
        self.history = History()
        self.keyframes = Keyframes()
        self._loop = Loop(PLAN, 1)
        self.version = 0
        self._evening()

    @property
    def scenario(self) -> Scenario:
        """The scenario that this world follows by now, every pulled lever included."""
        record = {f"record.{key}": value for key, value in dict(self.asked.record).items()}
        return Variants(self.world.scenario).of(record)

    @property
    def day(self) -> int:
        """The day whose evening is shown."""
        return self.history.day

    @property
    def horizon(self) -> int:
        """The last day of the scenario."""
        return self.world.scenario.horizon

    @property
    def ended(self) -> bool:
        """Whether the last day is over."""
        return self.day >= self.horizon

    def advance(self) -> None:
        """Live one more day; nothing happens after the last one."""
        if self.ended:
            return
        with DAYS:
            begin_day(self.world)
            self._loop.advance(self.world.state)
            self._evening()

    def go_to(self, day: int) -> None:
        """Be in the evening of a day, back or forth; what came after it is forgotten."""
        day = max(0, min(day, self.horizon))
        if day < self.day:
            self._back(day)
        while self.day < day:
            self.advance()

    def mend(self, day: int) -> None:
        """After a day that failed, be in the evening of a day that was lived whole."""
        if (self.world.state.day, self.day) != (day, day):
            self._back(day)
            self.go_to(day)

    def change(
        self, levers: Mapping[str, Any], groups: list[str] | str = "all", day: int | None = None
    ) -> None:
        """Pull levers from a later day on, by an event of the scenario.

        After going back, what was pulled later happens again on its day, save for these levers.

        Parameters
        ----------
        levers : names of levers that can change while a group lives, with their new values
        groups : the groups in which they change
        day : the day on which they change; tomorrow if not said

        Raises
        ------
        ScenarioError
            If a lever or a value is not valid.
        """
        day = max(day or 0, self.day + 1)
        kept = [_without(pull, levers) if pull["day"] >= day else pull for pull in self.pulls]
        pull = {"day": day, "event": "rules_changed", "groups": groups, "set": dict(levers)}
        pulls = _joined([pull for pull in kept if pull["set"]], pull)
        events = [event.model_dump(exclude_none=True) for event in self.asked.events]
        self.world.scenario = Variants(self.world.scenario).of({"events": [*events, *pulls]})
        self.pulls = pulls

    def twin(self) -> Side:
        """Another world that has lived the same until now, with the same luck."""
        twin: Side = object.__new__(Side)
        twin.__dict__ |= self.__dict__
        twin.world = thawed(frozen(self.world), self.world)
        twin.history = self.history.copy()
        twin.pulls = list(self.pulls)
        twin.keyframes = self.keyframes.copy()
        twin._loop = Loop(PLAN, 1)
        return twin

    def results(self) -> Results:
        """Everything until today as results, as `selforg_sim.simulate` would return them."""
        scenario = self.world.scenario
        toml = to_toml(self.scenario)
        tables = tables_of(self.world)
        moment = now()
        manifest = describe_run(
            name=scenario.name, scenario_toml=toml, seed=self.seed, seeds=[self.seed],
            started=moment, finished=moment, performance={},
            values=scenario.values.dimensions, tables=list(tables),
            scenario_sha256=scenario_hash(scenario), last_day=self.day,
        )  # fmt: skip
        return Results(toml, manifest, tables)

    def close(self) -> None:
        """Let go of the world's threads."""
        self._loop.close()

    def _evening(self) -> None:
        state = self.world.state
        observed = observe(state)
        state.record.days["series"].append(observed)
        self.history.add(state, observed)
        self.keyframes.keep(self.world)

    def _back(self, day: int) -> None:
        self.world = self.keyframes.latest(day, self.world)
        self.keyframes.cut(day)
        self.history.cut(self.world.state.day)
        self.version += 1


def _without(pull: dict[str, Any], levers: Mapping[str, Any]) -> dict[str, Any]:
    """A pull without the levers that are pulled anew before it would happen."""
    return {**pull, "set": {k: v for k, v in pull["set"].items() if k not in levers}}


def _joined(pulls: list[dict[str, Any]], new: dict[str, Any]) -> list[dict[str, Any]]:
    """Pulls by day, those of one day in the same groups made one."""
    for place, pull in enumerate(pulls):
        if (pull["day"], pull["groups"]) == (new["day"], new["groups"]):
            both = {**new, "set": {**pull["set"], **new["set"]}}
            return [*pulls[:place], both, *pulls[place + 1 :]]
    return sorted([*pulls, new], key=lambda pull: int(pull["day"]))
