"""The scenario: everything that a run is made from, checked and frozen."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from selforg_sim.engine.limits import LAST_DAY, MOST_OF_A_KIND
from selforg_sim.engine.parameters import parameter
from selforg_sim.errors import ScenarioError
from selforg_sim.scenario.events import Event, RivalOpens
from selforg_sim.scenario.groups import GroupSpec, Levers
from selforg_sim.scenario.people import Contacts, Kind, Population, Values
from selforg_sim.scenario.platforms import PRESETS, Platform
from selforg_sim.scenario.rule_parameters import RuleParameters
from selforg_sim.scenario.tables import Name, Problems, Table

ScenarioName = Annotated[
    str, StringConstraints(min_length=1, max_length=80, pattern=r"^\w[\w.-]*$")
]


class Founding(Table):
    """How many groups there are, and whether people found more."""

    groups: int = parameter(
        0, "groups", "Groups without a table of their own; they are named g1, g2, ...", ge=0
    )
    free: bool = parameter(False, "switch", "Whether people found groups as days pass.")


class Record(Table):
    """What a run keeps."""

    series_every: int = parameter(1, "days", "Days between rows of the table series.", ge=1)
    memberships_every: int = parameter(
        0, "days", "Days between snapshots of all memberships; 0: none.", ge=0
    )
    invitations: bool = parameter(True, "switch", "Whether each invitation is kept.")
    spells: bool = parameter(True, "switch", "Whether each membership is kept, from join to leave.")
    events: bool = parameter(True, "switch", "Whether what happened to groups is kept.")


class Scenario(Table):
    """A scenario with all cards and defaults filled in.

    Files are read by :func:`selforg_sim.scenario.load_scenario`. ``groups`` holds the groups that
    have a table of their own, each with all levers; :meth:`resolved_groups` gives every group.
    """

    name: ScenarioName = parameter(..., "name", "Short name; folders of results are named by it.")
    title: str = parameter("", "text", "One line that says what the scenario is about.")
    description: str = parameter("", "text", "What it shows, and what to look at.")
    seed: int = parameter(1, "1", "Number that all luck follows from.", ge=0, le=2**63 - 1)
    horizon: int = parameter(..., "days", "How many days the run lasts.", ge=0, le=LAST_DAY)
    population: Population = Field(default_factory=Population)
    people: dict[Name, Kind] = Field(default_factory=dict)
    values: Values = Field(default_factory=Values)
    contacts: Contacts = Field(default_factory=Contacts)
    platforms: dict[Name, Platform] = Field(default_factory=dict)
    founding: Founding = Field(default_factory=Founding)
    group: Levers = Field(default_factory=Levers)
    groups: dict[Name, GroupSpec] = Field(default_factory=dict)
    events: Annotated[tuple[Event, ...], Field(strict=False)] = ()
    rules: RuleParameters = Field(default_factory=RuleParameters)
    record: Record = Field(default_factory=Record)

    @model_validator(mode="before")
    @classmethod
    def _defaults_of_groups_and_platforms(cls, data: Any) -> Any:
        return with_defaults(data) if isinstance(data, dict) else data

    @model_validator(mode="after")
    def _consistent(self) -> Scenario:
        from selforg_sim.scenario.checks import problems

        found = problems(self)
        if found:
            raise Problems(found)
        return self

    def counts(self, people_in_file: int | None = None) -> dict[str, int]:
        """People of each kind, with "rest" worked out.

        Parameters
        ----------
        people_in_file
            People in the file of contacts, where there is one. If the scenario has more, those
            beyond the file have no contacts.

        Raises
        ------
        ScenarioError
            If the file has too few people for the kinds, or too many, or the total is not known.
        """
        from selforg_sim.scenario.checks import counted

        try:
            return counted(self, people_in_file)
        except Problems as error:
            raise ScenarioError(f"{self.name}: {error}") from None

    def given_names(self) -> list[str]:
        """Names of all groups that are not rivals: g1, g2, ... first, then those of own tables."""
        given = [f"g{number}" for number in range(1, self.founding.groups + 1)]
        known = set(given)
        return given + [name for name in self.groups if name not in known]

    def resolved_groups(self) -> dict[str, GroupSpec]:
        """Every group by name, in order, each with all levers and its owner.

        An owner that is not named is the next person of kind "owner" that no group has yet.
        """
        return {name: spec for name, spec in self._owned().items() if name not in self.rivals()}

    def resolved_rivals(self) -> dict[str, GroupSpec]:
        """The groups that open by an event, in order of events, ``opens`` being the day."""
        owned = self._owned()
        return {name: owned[name] for name in self.rivals()}

    def rivals(self) -> dict[str, RivalOpens]:
        """The events that open a group, by the group's name."""
        return {event.name: event for event in self.events if isinstance(event, RivalOpens)}

    def seats_of(self, spec: GroupSpec) -> int | None:
        """Most members that a group may have; None: no limit."""
        seats = self.platforms[spec.platform].seats if spec.seats == "platform" else spec.seats
        return None if seats == "none" else int(seats)

    def rival_spec(self, event: RivalOpens) -> GroupSpec:
        """The levers of a rival: those of [group], and what the event sets."""
        levers = dict(self.group) | event.set.given() | {"opens": event.day, "owner": event.owner}
        return GroupSpec.model_construct(**levers)

    def _owned(self) -> dict[str, GroupSpec]:
        plain = GroupSpec.model_construct(**dict(self.group), owner=None)
        specs = {name: self.groups.get(name, plain) for name in self.given_names()}
        specs |= {name: self.rival_spec(event) for name, event in self.rivals().items()}
        taken = {spec.owner for spec in specs.values()}
        owners = (f"owner:{index}" for index in range(MOST_OF_A_KIND))
        free = (owner for owner in owners if owner not in taken)
        return {
            name: spec if spec.owner else spec.model_copy(update={"owner": next(free)})
            for name, spec in specs.items()
        }


def with_defaults(data: dict[str, Any]) -> dict[str, Any]:
    """Fill [group] into each [groups.<name>], and the presets into [platforms.<name>]."""
    data = dict(data)
    group, groups = data.get("group", {}), data.get("groups", {})
    base = dict(group) if isinstance(group, dict | Levers) else {}
    if isinstance(groups, dict):
        data["groups"] = {
            name: {**base, **spec} if isinstance(spec, dict) else spec
            for name, spec in groups.items()
        }
    platforms = data.get("platforms", {})
    if isinstance(platforms, dict):
        data["platforms"] = {
            name: {**PRESETS.get(name, {}), **spec} if isinstance(spec, dict) else spec
            for name, spec in {**{preset: {} for preset in PRESETS}, **platforms}.items()
        }
    return data
