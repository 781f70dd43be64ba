"""Point 7, time and the speed of cash: a group is a claim on time, and pays back sooner or later.

**Statement.** What a person gives to one group he cannot give to another, and life outside takes
its part first. What the group makes together reaches people only as fast as it can be turned into
cash.

**Equations.** With budget ``T``, life outside ``A`` and belonging ``b`` to each group in which a
person is not quiet::

    hours = T · b / (A + Σ b)
    cash paid today = pool / days to cash
    R += (received today − R) / 14

A meet-up takes two hours off the budget of whoever comes (chance ``b``) before the rest is spread.
A troublemaker claims at least the time of belonging ½, in the sum too, so that nobody ever spends
more than his budget.

**Sources.** The talk, point 7; McPherson (1983) on groups as competitors for their members' time.
"""

from __future__ import annotations

import math

from selforg_sim.engine.codes import QUIET, TROUBLEMAKER
from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.declarations import Column, Decision, Measure
from selforg_sim.engine.draws import uniform, uniform_pair
from selforg_sim.engine.parameters import Parameters, parameter
from selforg_sim.engine.types import Flags, Floats, Ints


class Params(Parameters):
    """Parameters of the point *time and cash*."""

    outside_life: float = parameter(
        0.8,
        "belonging",
        "Weight of life outside all groups against the sum of belongings (A).",
        gt=0,
    )
    meet_up_hours: float = parameter(2.0, "hours", "Time a meet-up takes.", ge=0)
    meet_up_value: float = parameter(
        0.25, "1", "What a meet-up adds to the value of the day.", ge=0
    )
    returns_days: float = parameter(14.0, "days", "Time over which returns are remembered.", ge=1)


COLUMNS = (
    Column("budget", "person", "f8", "hours/day", "Time for all groups together."),
    Column("hours", "membership", "f8", "hours/day", "Time given to the group today, online."),
    Column("met", "membership", "f8", "hours/day", "Time spent at the group's meet-up today."),
    Column("returned", "membership", "f8", "cash/day", "Returns received, mean of 14 days."),
    Column("meeting", "group", "i1", "flag", "There is a meet-up today."),
    Column("even_pay", "group", "f8", "cash", "Paid today to each who is not quiet."),
    Column("giving_pay", "group", "f8", "cash per value", "Paid today per value given today."),
    Column("owner_pay", "group", "f8", "cash", "Paid today to the owner."),
)

COME, TAKE_ENVELOPE = 70, 71
DECISIONS = (
    Decision(COME, "come", "person", "group", "Does he come to the meet-up?"),
    Decision(
        TAKE_ENVELOPE, "take envelope", "person", "group", "Is he there, and what is his part?"
    ),
)


@compiled
def claim_on_time(belonging: float, standing: int, least_of_trouble: float) -> float:
    """Weight of one group in the spread of a person's time."""
    if standing == QUIET:
        return 0.0
    if standing == TROUBLEMAKER:
        return max(belonging, least_of_trouble)
    return belonging


@compiled
def hours_for(budget: float, claim: float, claims: float, outside_life: float) -> float:
    """Hours a day for one group of those that together claim ``claims``.

    >>> hours_for(1.0, 0.4, 0.4 + 0.8, 0.8)
    0.2
    """
    return budget * claim / (outside_life + claims)


@compiled
def follow(value: float, target: float, days: float) -> float:
    """Move a running mean of the given length in days to today's value.

    >>> follow(0.0, 1.0, 5.0)
    0.2
    """
    return value + (target - value) / days


@compiled
def envelope_part(u: float, w: float, belonging: float, gave: bool) -> float:
    """Weight of one member in the random split of a red envelope; 0 if he is not there.

    Who gave today is there, others with the chance of their belonging. Exponential weights make
    every split of the envelope equally likely.
    """
    if gave or u < belonging:
        return -math.log(w)
    return 0.0


@compiled
def spread_time(
    lo: int, hi: int, seed: int, day: int, person_key: Ints, rows: Ints, member_person: Ints,
    member_group: Ints, group_key: Ints, meeting: Flags, budget: Floats, belonging: Floats,
    standing: Flags, hours: Floats, met: Floats,
    outside_life: float, meet_up_hours: float, disrupting_belonging: float,
) -> None:  # fmt: skip
    """Spread everybody's time over his groups; a range never parts one person's rows."""
    first = lo
    while first < hi:
        p = member_person[rows[first]]
        free = budget[p]
        claims = 0.0
        end = first
        while end < hi and member_person[rows[end]] == p:
            r = rows[end]
            g = member_group[r]
            met[r] = 0.0
            if meeting[g] and standing[r] != QUIET:
                u = uniform(seed, day, COME, person_key[p], group_key[g])
                if u < belonging[r]:
                    met[r] = min(free, meet_up_hours)
                    free -= met[r]
            claims += claim_on_time(belonging[r], standing[r], disrupting_belonging)
            end += 1
        for i in range(first, end):
            r = rows[i]
            claim = claim_on_time(belonging[r], standing[r], disrupting_belonging)
            hours[r] = hours_for(free, claim, claims, outside_life)
        first = end


@compiled
def share_envelopes(
    lo: int, hi: int, seed: int, day: int, person_key: Ints, rows: Ints, member_person: Ints,
    member_group: Ints, group_key: Ints, envelope_today: Floats, envelope_parts: Floats,
    given: Floats, belonging: Floats, standing: Flags, came: Ints, envelope_weight: Floats,
) -> None:  # fmt: skip
    """Find out who is there when a red envelope is opened."""
    some = False
    for g in range(lo, hi):
        envelope_parts[g] = 0.0
        some = some or envelope_today[g] > 0.0
    if not some:
        return
    for i in range(rows.shape[0]):
        r = rows[i]
        p = member_person[r]
        g = member_group[r]
        if g < lo or g >= hi or envelope_today[g] <= 0.0:
            continue
        envelope_weight[r] = 0.0
        if standing[r] == QUIET:
            continue
        u, w = uniform_pair(seed, day, TAKE_ENVELOPE, person_key[p], group_key[g])
        envelope_weight[r] = envelope_part(u, w, belonging[r], given[r] > 0.0)
        envelope_parts[g] += envelope_weight[r]
        if envelope_weight[r] > 0.0:
            came[r] = day


@compiled
def receive(
    lo: int, hi: int, day: int, rows: Ints, member_person: Ints, member_group: Ints,
    owner: Ints, even_pay: Floats, giving_pay: Floats, owner_pay: Floats, envelope_today: Floats,
    envelope_parts: Floats, envelope_weight: Floats, given: Floats, standing: Flags, met: Floats,
    came: Ints, returned: Floats, returns_days: float,
) -> None:  # fmt: skip
    """Pay out; everybody remembers what he got over two weeks."""
    for i in range(lo, hi):
        r = rows[i]
        p = member_person[r]
        g = member_group[r]
        income = giving_pay[g] * given[r]
        if standing[r] != QUIET:
            income += even_pay[g]
        if owner[g] == p:
            income += owner_pay[g]
        if envelope_parts[g] > 0.0:
            income += envelope_today[g] * envelope_weight[r] / envelope_parts[g]
        returned[r] = follow(returned[r], income, returns_days)
        if met[r] > 0.0:
            came[r] = day


MEASURES = (
    Measure(
        "hours", "float64", "hours/day", "Time of all members in the group, meet-ups included."
    ),
    Measure(
        "time_share",
        "float64",
        "share",
        "Part of its members' whole time that the group has.",
        nullable=True,
    ),
)
