"""Point 8, resource aggregation: what different people bring together can be worth more than its
parts.

**Statement.** One and one make more than two where resources differ and business values agree.
Advertising pays one side only and is noise to the others; a red envelope is shared by all who are
there.

**Equations.** With supply ``Y_r`` of each kind of resource and ``e²`` the core's share in
projects and earning::

    made today = rate · e · (Σ_r Y_r^p)^(1/p)
    pool += made;  paid = pool / days to cash
    of what is paid: the shared part half evenly to who is not quiet, half by giving; the rest to
    the owner

``p`` below 1 makes different kinds complements. A red envelope is an owner's outlay, booked apart.

**Sources.** The talk, point 8; Armington (1969) for the mean of power p; Yuan et al. (2024) on
red packets.
"""

from __future__ import annotations

import math

from selforg_sim.engine.codes import NOBODY
from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.declarations import Column, Decision, Measure
from selforg_sim.engine.draws import uniform
from selforg_sim.engine.parameters import Parameters, parameter
from selforg_sim.engine.types import Flags, Floats, Ints

DAYS_A_MONTH = 30.0


class Params(Parameters):
    """Parameters of the point *aggregation*."""

    complementarity: float = parameter(
        0.75,
        "1",
        "Power p of the mean over kinds of resources; 1: none complements another.",
        gt=0,
        le=1,
    )
    even_part: float = parameter(
        0.5,
        "share",
        "Part of the shared returns that is split evenly; the rest goes by giving.",
        ge=0,
        le=1,
    )


COLUMNS = (
    Column("resource", "person", "i1", "code", "Kind of resource he brings."),
    Column(
        "came",
        "membership",
        "i4",
        "day",
        "Last day on which he came: to a meet-up, or for a red envelope.",
        -1,
    ),
    Column("envelope_weight", "membership", "f8", "1", "Weight in today's red envelope."),
    Column("return_rate", "group", "f8", "cash/value", "Cash that a unit of joint supply makes."),
    Column(
        "days_to_cash", "group", "f8", "days", "Time to turn returns into cash; infinite for never."
    ),
    Column("shared", "group", "f8", "share", "Part of the returns that members get."),
    Column("red_envelopes", "group", "f8", "cash/day", "Red envelopes of the owner."),
    Column("extra_advertising", "group", "f8", "hours/day", "Advertising laid on for some days."),
    Column("extra_envelopes", "group", "f8", "cash/day", "Red envelopes laid on for some days."),
    Column("meet_ups", "group", "f8", "1/month", "Meet-ups."),
    Column("meet_up_on", "group", "i4", "day", "A day with an extra meet-up.", -1),
    Column("owner_muted", "group", "i4", "day", "The owner is silent before this day."),
    Column("envelope_today", "group", "f8", "cash", "Red envelopes opened today."),
    Column("envelope_parts", "group", "f8", "1", "Sum of weights in today's red envelopes."),
    Column("advertising_today", "group", "f8", "hours", "Advertising today."),
    Column("supply_by_resource", "group", "f8", "value/day", "Supply by kind.", width="resources"),
    Column("pool", "group", "f8", "cash", "Made and not yet paid out."),
    Column("cash_made", "group", "f8", "cash", "Made ever."),
    Column("cash_paid", "group", "f8", "cash", "Paid ever, red envelopes apart."),
    Column("cash_outlay", "group", "f8", "cash", "Owner's outlay on red envelopes ever."),
    Column("paid_today", "group", "f8", "cash/day", "Paid today, red envelopes apart."),
)

MEET_UP = 80
DECISIONS = (Decision(MEET_UP, "meet-up", "group", "none", "Does the group meet today?"),)


@compiled
def joint_product(supply_by_resource: Floats, g: int, power: float) -> float:
    """What supplies of different kinds are worth together, ``(Σ Y_r^p)^(1/p)``.

    >>> import numpy as np
    >>> round(joint_product(np.array([[1.0, 1.0]]), 0, 0.5), 6)
    4.0
    """
    total = 0.0
    for k in range(supply_by_resource.shape[1]):
        if supply_by_resource[g, k] > 0.0:
            total += math.pow(supply_by_resource[g, k], power)
    return math.pow(total, 1.0 / power) if total > 0.0 else 0.0


@compiled
def share_in(core: Floats, g: int, first: int, second: int) -> float:
    """Share of a core in two dimensions (-1: not among the named ones); the core has length 1.

    >>> import numpy as np
    >>> round(share_in(np.array([[0.8, 0.6, 0.0]]), 0, 1, 2), 6)
    0.6
    """
    total = 0.0
    if first >= 0:
        total += core[g, first] * core[g, first]
    if second >= 0:
        total += core[g, second] * core[g, second]
    return math.sqrt(total)


@compiled
def split_payment(
    paid: float, shared: float, even_part: float, active: int, given: float, has_owner: bool
) -> tuple[float, float, float]:
    """Pay for each who is not quiet, pay per value given, and pay for the owner.

    >>> split_payment(10.0, 0.6, 0.5, 3, 1.5, True)
    (1.0, 2.0, 4.0)
    """
    for_members = paid * shared
    evenly = for_members * even_part if given > 0.0 else for_members
    by_giving = (for_members - evenly) / given if given > 0.0 else 0.0
    each = evenly / active if active > 0 else 0.0
    return each, by_giving, (paid - for_members) if has_owner else 0.0


@compiled
def open_day(
    lo: int, hi: int, seed: int, day: int, group_key: Ints, ended: Ints, owner: Ints,
    owner_muted: Ints, red_envelopes: Floats, extra_envelopes: Floats, advertising: Floats,
    extra_advertising: Floats, meet_ups: Floats,
    meet_up_on: Ints, envelope_today: Floats, advertising_today: Floats, meeting: Flags,
) -> None:  # fmt: skip
    """What each owner lays on today: red envelopes, advertising, a meet-up."""
    for g in range(lo, hi):
        there = ended[g] < 0 and owner[g] != NOBODY and owner_muted[g] <= day
        envelope_today[g] = 0.0
        advertising_today[g] = 0.0
        meeting[g] = 0
        if not there:
            continue
        envelope_today[g] = red_envelopes[g] + extra_envelopes[g]
        advertising_today[g] = advertising[g] + extra_advertising[g]
        if meet_ups[g] > 0.0:
            chance = meet_ups[g] / DAYS_A_MONTH
            meeting[g] = uniform(seed, day, MEET_UP, group_key[g], 0) < chance
        if meet_up_on[g] == day:
            meeting[g] = 1


@compiled
def aggregate(
    lo: int, hi: int, ended: Ints, owner: Ints, core: Floats, supply_by_resource: Floats,
    return_rate: Floats, days_to_cash: Floats, shared: Floats, active: Ints, sum_given: Floats,
    pool: Floats, cash_made: Floats, cash_paid: Floats, paid_today: Floats, even_pay: Floats,
    giving_pay: Floats, owner_pay: Floats,
    complementarity: float, even_part: float, projects: int, earning: int,
) -> None:  # fmt: skip
    """Make cash of what was given together, and pay out what can be realised."""
    for g in range(lo, hi):
        even_pay[g] = 0.0
        giving_pay[g] = 0.0
        owner_pay[g] = 0.0
        paid_today[g] = 0.0
        if ended[g] >= 0 or (return_rate[g] <= 0.0 and pool[g] <= 0.0):
            continue
        business = share_in(core, g, projects, earning)
        made = return_rate[g] * business * joint_product(supply_by_resource, g, complementarity)
        pool[g] += made
        cash_made[g] += made
        if active[g] == 0:
            continue
        each, by_giving, to_owner = split_payment(
            pool[g] / days_to_cash[g], shared[g], even_part, active[g], sum_given[g],
            owner[g] != NOBODY,
        )  # fmt: skip
        even_pay[g] = each
        giving_pay[g] = by_giving
        owner_pay[g] = to_owner
        paid_today[g] = each * active[g] + by_giving * sum_given[g] + to_owner
        pool[g] = max(0.0, pool[g] - paid_today[g])
        cash_paid[g] += paid_today[g]


@compiled
def book_envelopes(
    lo: int, hi: int, envelope_today: Floats, envelope_parts: Floats, cash_outlay: Floats
) -> None:
    """An envelope that nobody is there to take stays with the owner."""
    for g in range(lo, hi):
        if envelope_parts[g] <= 0.0:
            envelope_today[g] = 0.0
        cash_outlay[g] += envelope_today[g]


MEASURES = (
    Measure("pool", "float64", "cash", "Made and not yet paid out."),
    Measure("paid", "float64", "cash/day", "Paid out today, red envelopes apart."),
    Measure("envelopes", "float64", "cash/day", "Red envelopes today."),
    Measure("advertised", "float64", "hours/day", "Advertising today."),
)
