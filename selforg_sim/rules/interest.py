"""Point 6, interest: what a member gets of it, in values and in returns.

**Statement.** Interest moves people, and moves them more where it is united with values.

**Equations.** Interest ``w``, fit, quality ``Q``, returns ``R``, own share of the group's
influence ``σ``::

    u = [(1 − w)·fit·Q·(1 − σ)·(1 − ½·e^(−friends/2)) + w·R/(R + R½)] · (1 − ½·noise)
    x += (u − x) / 5

One does not feed on what one gives oneself (``1 − σ``), and a group without a friend is worth
half. A day with a meet-up adds ¼ for those who come.

**Sources.** The talk, point 6; Foote et al. (2020) on exposure by friends and expected benefit.
"""

from __future__ import annotations

import math

import numpy as np

from selforg_sim.engine.codes import QUIET
from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.declarations import Column, Decision, Measure
from selforg_sim.engine.parameters import Parameters, parameter
from selforg_sim.engine.types import Flags, Floats, Ints
from selforg_sim.rules.structure import saturating

COUNTED_FRIENDS = 64
"""The company of so many friends is reckoned once a day, that of more when it is met with."""


class Params(Parameters):
    """Parameters of the point *interest*."""

    half_return: float = parameter(
        0.1, "cash/day", "Return that counts half of what any return can count (R half).", gt=0
    )
    experience_days: float = parameter(
        5.0, "days", "Time in which experience follows today's value.", ge=1
    )
    noise_weight: float = parameter(
        0.5, "1", "Part of a day's value that full noise spoils.", ge=0, le=1
    )
    alone_loss: float = parameter(
        0.5, "1", "Part of the value that somebody without a friend inside misses.", ge=0, le=1
    )


COLUMNS = (
    Column("interest", "person", "f8", "share", "Weight of material return (w)."),
    Column("sum_returned", "group", "f8", "cash/day", "Returns of all members, mean of 14 days."),
)

DECISIONS: tuple[Decision, ...] = ()


@compiled
def weight_of_return(returned: float, half: float) -> float:
    """What returns count, between 0 and 1.

    >>> round(weight_of_return(0.3, 0.1), 6)
    0.75
    """
    if returned <= 0.0:
        return 0.0
    return saturating(returned, half)


@compiled
def company(friends: int, scale: float, alone_loss: float) -> float:
    """Part of the value that a member with some friends inside gets.

    >>> company(0, 2.0, 0.5), round(company(4, 2.0, 0.5), 4)
    (0.5, 0.9323)
    """
    return 1.0 - alone_loss * math.exp(-friends / scale)


@compiled
def value_of_day(
    interest: float, fit: float, quality: float, own_share: float, shared: float,
    return_weight: float, noise: float, noise_weight: float,
) -> float:  # fmt: skip
    """Value that a member gets on a day (u), before any meet-up.

    >>> round(value_of_day(0.4, 0.8, 0.5, 0.1, 0.5, 0.75, 0.2, 0.5), 6)
    0.3672
    """
    of_values = (1.0 - interest) * fit * quality * (1.0 - own_share) * shared
    return (of_values + interest * return_weight) * (1.0 - noise_weight * noise)


@compiled
def experience(
    lo: int, hi: int, rows: Ints, member_person: Ints, member_group: Ints, interest: Floats,
    quality: Floats, noise: Floats, sum_influence: Floats, fit: Floats, influence: Floats,
    friends: Ints, returned: Floats, standing: Flags, met: Floats, experienced: Floats,
    half_return: float, noise_weight: float, alone_loss: float, friends_scale: float,
    experience_days: float, meet_up_value: float, social_friends: bool,
) -> None:  # fmt: skip
    """Everybody experiences the day."""
    company_of = np.empty(COUNTED_FRIENDS)
    for f in range(COUNTED_FRIENDS):
        company_of[f] = company(f, friends_scale, alone_loss) if social_friends else 1.0
    for i in range(lo, hi):
        r = rows[i]
        p = member_person[r]
        g = member_group[r]
        own_share = 0.0
        if standing[r] != QUIET and sum_influence[g] > 0.0:
            own_share = min(1.0, influence[r] / sum_influence[g])
        shared = company_of[min(friends[r], COUNTED_FRIENDS - 1)]
        if friends[r] >= COUNTED_FRIENDS and social_friends:
            shared = company(friends[r], friends_scale, alone_loss)
        u = value_of_day(
            interest[p], fit[r], quality[g], own_share, shared,
            weight_of_return(returned[r], half_return), noise[g], noise_weight,
        )  # fmt: skip
        if met[r] > 0.0:
            u += meet_up_value
        experienced[r] += (min(1.0, u) - experienced[r]) / experience_days


MEASURES = (
    Measure("experienced", "float64", "share", "Mean experienced value.", nullable=True),
    Measure(
        "with_results", "int32", "people", "With returns or learning above what they expected."
    ),
    Measure("happy", "int32", "people", "Whose experienced value is at least what they expected."),
)
