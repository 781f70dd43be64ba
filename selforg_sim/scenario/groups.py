"""Groups: every lever that an owner can pull."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, create_model
from pydantic.fields import FieldInfo

from selforg_sim.engine.limits import MOST_PEOPLE
from selforg_sim.engine.parameters import parameter, share
from selforg_sim.scenario.tables import Table, spoken

Levels = Annotated[Literal[1, 2, 3, "auto"], spoken('1, 2, 3 or "auto"')]
Seats = Annotated[
    Annotated[int, Field(ge=1, le=MOST_PEOPLE)] | Literal["none", "platform"],
    spoken(f'a whole number from 1 to {MOST_PEOPLE:,}, "none" or "platform"'),
]
DaysToCash = Annotated[
    Annotated[float, Field(gt=0)] | Literal["never"],
    spoken('a number of days above 0, or "never",'),
]
Weight = Annotated[float, Field(ge=0)]
ValueWeights = dict[str, Weight]


class Levers(Table):
    """What an owner can choose for a group; the table [group] holds the default of all groups."""

    platform: str = parameter("wechat", "name", "The platform on which the group lives.")
    opens: int = parameter(0, "day", "Day on which the group opens; 0: from the start.", ge=0)
    values: ValueWeights | None = parameter(
        None, "weights", "What the group is for, by value; absent: what its owner values."
    )
    clarity: float = share(0.7, "How clear the owner's core is against what members give (K).")
    rules_stated: float = share(0.5, "How much the posted rules promise (Rs).")
    rules_enforced: float = share(0.5, "How far posted rules are required of people (Re).")
    strictness: float = share(0.2, "How strict entry is; 0 takes everybody (S).")
    levels: Levels = parameter(
        2, "levels", 'Levels of looking after people, 1 to 3; "auto" adds one when needed.'
    )
    seats: Seats = parameter(
        "platform", "people", 'Most members, 40 to 2000; "platform": what the platform has.'
    )
    return_rate: float = parameter(
        0.3, "cash/value", "Cash made of a unit of aggregated supply; 0 to 1.", ge=0
    )
    days_to_cash: DaysToCash = parameter(
        30.0, "days", 'Time until made cash is paid out, 1 to 100; "never": it is kept.'
    )
    shared: float = share(0.5, "Part of the cash that goes to the members, not the owner.")
    attention_on_core: float = share(0.0, "Owner's attention that goes to the core layer alone.")
    advertising: float = parameter(
        0.0, "hours/day", "Time that advertising takes from who reads it; 0 to 2.", ge=0, le=24
    )
    advertising_values: ValueWeights = parameter(
        {"earning": 1.0}, "weights", "What the advertising is about, by value."
    )
    red_envelopes: float = parameter(
        0.0, "cash/day", "Cash that the owner gives away at random; 0 to 10.", ge=0
    )
    meet_ups: float = parameter(0.0, "1/month", "Meetings offline; 0 to 4.", ge=0, le=30)
    first_contacts: int = parameter(
        20, "people", "Own contacts that the founder brings first; 0 to 100.", ge=0, le=1000
    )
    splitting: bool = parameter(True, "switch", "Whether a part may leave as a daughter group.")


class GroupSpec(Levers):
    """One group: all levers, and who owns it."""

    owner: str | None = parameter(
        None, "kind:index", 'Who owns it, as "owner:3", from 0; absent: the next unused owner.'
    )


class SomeLevers(Table):
    """Levers of which only those given count."""

    def given(self) -> dict[str, Any]:
        """The levers that were given, by name."""
        return {name: value for name, value in self if value is not None}


FIXED = ("platform", "opens", "values", "seats", "first_contacts")
"""Levers that cannot change while a group lives."""


def _optional(info: FieldInfo) -> tuple[Any, Any]:
    kind: Any = info.annotation
    if info.metadata:
        kind = Annotated[(kind, *info.metadata)]
    extra = info.json_schema_extra
    return kind | None, Field(None, description=info.description, json_schema_extra=extra)


def _some_of(name: str, meaning: str, left_out: tuple[str, ...]) -> type[SomeLevers]:
    fields: dict[str, Any] = {
        key: _optional(info) for key, info in Levers.model_fields.items() if key not in left_out
    }
    return create_model(name, __base__=SomeLevers, __doc__=meaning, __module__=__name__, **fields)


if TYPE_CHECKING:
    LeverChanges = SomeLevers
    RivalLevers = SomeLevers
else:
    LeverChanges = _some_of("LeverChanges", "Levers that change on a day.", FIXED)
    RivalLevers = _some_of("RivalLevers", "Levers of a rival that differ from [group].", ("opens",))
