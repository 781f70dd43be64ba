"""What the tables of results hold: one schema for single runs and for sweeps.

Every table starts with ``replicate``. A column whose name ends in ``{value}`` stands for one
column per value dimension of the scenario (``value_sharing``, ``value_learning``, ...).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from selforg_sim.engine.codes import EVENTS, OUTCOMES, REASONS, STANDINGS, WHY
from selforg_sim.results.measured import SERIES_MEASURES

SCHEMA_VERSION = "1"

Dtype = Literal["int32", "int64", "float32", "float64", "bool", "category", "string"]


@dataclass(frozen=True, slots=True)
class Output:
    """One column of a table of results.

    ``categories`` lists the words of a category column; None means that each run brings its own
    words (names of kinds, groups, platforms).
    """

    name: str
    dtype: Dtype
    unit: str
    meaning: str
    nullable: bool = False
    categories: tuple[str, ...] | None = None


_REPLICATE = Output(
    "replicate", "int32", "number", "Which run of the same scenario, counted from 0."
)
_DAY = Output("day", "int32", "day", "Day of the run, counted from 0.")
_GROUP = Output("group", "int32", "row", "Row of the group in the table groups.")
_PERSON = Output("person", "int32", "row", "Row of the person in the table people.")
_KIND = Output("kind", "category", "", "Kind of person: the role card, fixed at birth.")


def _share(name: str, meaning: str, nullable: bool = False) -> Output:
    return Output(name, "float64", "share", meaning, nullable)


def _number(name: str, unit: str, meaning: str, nullable: bool = False) -> Output:
    return Output(name, "float64", unit, meaning, nullable)


_SERIES = (
    _DAY,
    _GROUP,
    *(
        Output(m.name, m.dtype, m.unit, m.meaning, m.nullable, m.categories)
        for m in SERIES_MEASURES
    ),
)

_GROUPS = (
    _GROUP,
    Output("name", "category", "", "Name of the group."),
    Output("parent", "int32", "row", "Group it split from; null if it did not split off.", True),
    Output("founder", "int32", "row", "Person who founded it."),
    Output("platform", "category", "", "Platform the group lives on."),
    Output("founded", "int32", "day", "Day on which it opened."),
    Output("ended", "int32", "day", "Day on which it dissolved; null while it lives.", True),
    Output("founder_kind", "category", "", "Kind of the person who founded it.", True),
    _share("clarity", "How clearly the owner states what the group is for."),
    _share("rules_stated", "How much is laid down in posted rules."),
    _share("rules_enforced", "How often a breach of the rules has consequences."),
    _share("strictness", "How strictly newcomers are screened."),
    Output(
        "levels",
        "int32",
        "levels",
        "Levels of structure; null if the group sets them itself.",
        True,
    ),
    Output(
        "seats", "int32", "people", "Largest number of members; null if there is no limit.", True
    ),
    _number("return_rate", "cash/value", "Cash made per unit of aggregated supply."),
    _number("days_to_cash", "days", "Days until the pool is paid out; null if never.", True),
    _share("shared", "Part of the returns that is shared among members."),
    _share("attention_on_core", "Part of the owner's attention that goes to the core layer alone."),
    _number("advertising", "hours/day", "Time given to advertising."),
    _number("red_envelopes", "cash/day", "The owner's outlay on red envelopes."),
    _number("meet_ups", "1/month", "Meetings in person."),
    Output("first_contacts", "int32", "people", "Contacts the founder brings on the first day."),
    Output("splitting", "bool", "", "Whether the core layer may split off a daughter group."),
    _share("core_{value}", "Weight of this value in what the group stood for when it opened."),
)

_PEOPLE = (
    _PERSON,
    _KIND,
    Output("contact_id", "string", "", "Name in the file of contacts; null without one.", True),
    Output("contacts", "int32", "people", "People he knows."),
    _number("budget", "hours/day", "Time he has for all groups together."),
    _number("dedication", "value/hour", "Value of an hour he gives."),
    _share("status", "Money, power, aura."),
    _share("voice", "Chance to give on a day when fully drawn once."),
    _share("interest", "Weight of material return in his judgement."),
    _number("expectation", "value", "Experienced value with which he is content."),
    _number("patience", "days", "Days he watches before he turns away."),
    _share("temper", "Chance that disappointment turns to trouble."),
    _number("restlessness", "", "Readiness to leave, relative to the average person."),
    Output("resource", "int32", "", "Kind of resource he can bring, counted from 0."),
    _share("value_{value}", "Weight of this value for him (the weights have length one)."),
)

_SPELLS = (
    _PERSON,
    _GROUP,
    replace(_KIND, meaning="Kind of the person."),
    Output("invited_by", "int32", "row", "Person who asked him in; null if nobody did.", True),
    Output("joined", "int32", "day", "Day of joining."),
    _share("fit", "How well his values fitted the group when joining."),
    _share("trust", "Trust in the owner when joining."),
    _share("belonging", "Belonging when joining."),
    Output("left", "int32", "day", "Day of leaving; null while he is a member.", True),
    Output("reason", "category", "", "Why the membership ended; null while open.", True, REASONS),
    _share("belonging_left", "Belonging when leaving; null while open.", True),
    Output(
        "experienced_left",
        "float32",
        "value",
        "Value experienced lately when leaving; null while open.",
        True,
    ),
    Output(
        "returns_left",
        "float32",
        "cash/day",
        "Own returns, mean of 14 days, when leaving; null while open.",
        True,
    ),
    Output(
        "trust_left",
        "float32",
        "share",
        "Trust in the owner when leaving; null while open.",
        True,
    ),
    *(
        Output(f"why_{name}", "float32", "share", f"{meaning} Null while open.", True)
        for name, meaning in WHY.items()
    ),
)

_INVITATIONS = (
    _DAY,
    Output(
        "from", "int32", "row", "Person who asked; null if he found the group by himself.", True
    ),
    Output("to", "int32", "row", "Person who was asked or who asked to come in."),
    _GROUP,
    Output("outcome", "category", "", "What came of it.", False, OUTCOMES),
)

_EVENTS = (
    _DAY,
    Output("event", "category", "", "What happened.", False, EVENTS),
    replace(_GROUP, nullable=True, meaning="Group concerned; null if none."),
    replace(_PERSON, nullable=True, meaning="Person concerned; null if none."),
    Output(
        "other",
        "int32",
        "row",
        "Other group concerned (the daughter of a split); null if none.",
        True,
    ),
)

_MEMBERSHIPS = (
    _DAY,
    _PERSON,
    _GROUP,
    Output("standing", "category", "", "What the person is in this group.", False, STANDINGS),
    _share("belonging", "Feeling of belonging."),
    _share("trust", "Trust in the owner."),
    _number("experienced", "value", "Value experienced lately."),
    _number("hope", "value", "What he hoped for."),
    _number("evidence", "", "What he has seen to judge by."),
    _number("influence", "value", "Influence from what he gave."),
    _number("returns", "cash/day", "Own returns, mean of 14 days."),
    Output("friends", "int32", "people", "Contacts inside the group."),
    _number("hours", "hours/day", "Time he spends in it."),
)

TABLES: dict[str, tuple[Output, ...]] = {
    "series": (_REPLICATE, *_SERIES),
    "groups": (_REPLICATE, *_GROUPS),
    "people": (_REPLICATE, *_PEOPLE),
    "spells": (_REPLICATE, *_SPELLS),
    "invitations": (_REPLICATE, *_INVITATIONS),
    "events": (_REPLICATE, *_EVENTS),
    "memberships": (_REPLICATE, *_MEMBERSHIPS),
}


def outputs(table: str, values: Sequence[str] = ()) -> tuple[Output, ...]:
    """The columns of a table, with one column per value dimension where the schema says so.

    Examples
    --------
    >>> [o.name for o in outputs("groups", ["sharing", "earning"])][-2:]
    ['core_sharing', 'core_earning']
    """
    found: list[Output] = []
    for output in TABLES[table]:
        if "{value}" in output.name:
            found += [replace(output, name=output.name.format(value=value)) for value in values]
        else:
            found.append(output)
    return tuple(found)
