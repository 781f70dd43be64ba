"""Events: what happens to groups on a given day."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from selforg_sim.engine.limits import LAST_DAY
from selforg_sim.engine.parameters import parameter
from selforg_sim.scenario.groups import LeverChanges, RivalLevers
from selforg_sim.scenario.tables import Name, Table, spoken

GroupNames = Annotated[
    Annotated[tuple[str, ...], Field(strict=False)] | Literal["all"],
    spoken('a list of names of groups, as ["g1", "g2"], or "all",'),
]


class OneDay(Table):
    """Something that happens on a day."""

    day: int = parameter(..., "day", "Day on which it happens; the first day is 1.", ge=1)


class ToGroups(OneDay):
    """Something that happens to groups."""

    groups: GroupNames = parameter("all", "names", "The groups that it happens to.")


class OwnerLeaves(ToGroups):
    """The owner leaves the group for good."""

    event: Literal["owner_leaves"]


class OwnerSilent(ToGroups):
    """The owner stays but gives nothing and looks after nobody."""

    event: Literal["owner_silent"]
    days: Annotated[int, Field(ge=1, le=LAST_DAY)] | None = parameter(
        None, "days", "How long; absent: for good."
    )


class SupplyStops(ToGroups):
    """Some people stop giving, and stay members."""

    event: Literal["supply_stops"]
    who: Literal["core", "others"] = parameter(
        "core", "name", "The core layer, or as many others drawn at random."
    )
    days: Annotated[int, Field(ge=1, le=LAST_DAY)] | None = parameter(
        None, "days", "How long; absent: for good."
    )


class AdvertisingStarts(ToGroups):
    """Advertising, in addition to what the group has anyway."""

    event: Literal["advertising"]
    hours: float = parameter(..., "hours/day", "Time that it takes a day.", gt=0, le=24)
    days: int = parameter(1, "days", "How long.", ge=1, le=LAST_DAY)


class RedEnvelopes(ToGroups):
    """Red envelopes, in addition to what the group has anyway."""

    event: Literal["red_envelopes"]
    amount: float = parameter(..., "cash/day", "Cash given away a day.", gt=0)
    days: int = parameter(1, "days", "How long.", ge=1, le=LAST_DAY)


class MeetUp(ToGroups):
    """One meeting offline."""

    event: Literal["meet_up"]


class RulesChanged(ToGroups):
    """The owner pulls levers; platform, opening day, values, seats and owner stay."""

    event: Literal["rules_changed"]
    set: LeverChanges = parameter(..., "levers", "The levers that change, with their new values.")


class RivalOpens(OneDay):
    """A further group opens; its levers are those of [group] and what ``set`` says."""

    event: Literal["rival_opens"]
    name: Name = parameter("rival", "name", "Name of the new group.")
    owner: str | None = parameter(
        None, "kind:index", 'Who owns it, as "owner:3", from 0; absent: the next unused owner.'
    )
    set: RivalLevers = parameter(RivalLevers(), "levers", "Levers that differ from [group].")


Event = Annotated[
    OwnerLeaves
    | OwnerSilent
    | SupplyStops
    | AdvertisingStarts
    | RedEnvelopes
    | MeetUp
    | RulesChanged
    | RivalOpens,
    Field(discriminator="event"),
]
