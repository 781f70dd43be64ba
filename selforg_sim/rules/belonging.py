"""Point 3, belonging: first trust in the owner, later the match with one's own values.

**Statement.** Belonging begins as trust in whoever opened the group and ends as experience of
what it is worth. Who does not belong leaves; rules count only where they are required of people.

**Equations.** Trust ``o``, experienced value ``x``, expectation ``θ``, evidence seen ``m``::

    o += (G/(G + G½) · (1 − noise) − o) / 15         G: the owner's giving, mean of 7 days
    m += min(1, Y/Y½)
    b += 0.15 · ((m₁·o + m·x/(x + θ)) / (m₁ + m) − b)
    chance to leave on a day: min(1, h₀·ψ·(1 − b)^ν), quiet members 0.3 of it
    order += 0.1 · (Rs·Re − order) on every day with disruption; it starts at Rs

Who disrupted today is removed with chance 0.2·Re by whoever may and is there. Quiet members who
have been silent for two weeks drift off besides.

**Sources.** The talk, point 3; Ren, Kraut & Kiesler (2007) on identity and bonds; Zhang et al.
(2016) on the falling hazard of leaving.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from selforg_sim.engine.codes import (
    CORE,
    DRIFTED_OFF,
    NOBODY,
    QUIET,
    QUIT,
    REMOVED,
    REMOVED_BY_CORE,
    REMOVED_BY_OWNER,
)
from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.declarations import Column, Decision, Measure
from selforg_sim.engine.draws import uniform
from selforg_sim.engine.memberships import list_marked, luck_of_members
from selforg_sim.engine.parameters import Parameters, parameter
from selforg_sim.engine.types import ROW, Flags, Floats, Ints
from selforg_sim.rules.structure import saturating

if TYPE_CHECKING:
    from selforg_sim.engine.state import State


class Params(Parameters):
    """Parameters of the point *belonging*."""

    trust_weight: float = parameter(
        10.0, "days", "Evidence at which own experience weighs as much as trust (m1).", gt=0
    )
    belonging_rate: float = parameter(
        0.15, "1/day", "Rate at which belonging follows trust and experience.", ge=0, le=1
    )
    trust_days: float = parameter(
        15.0, "days", "Time in which trust follows what the owner does.", ge=1
    )
    owner_days: float = parameter(
        7.0, "days", "Time over which the owner's giving is remembered.", ge=1
    )
    trusted_giving: float = parameter(
        0.25, "value/day", "The owner's giving that earns half of full trust.", gt=0
    )
    order_rate: float = parameter(
        0.1, "1/day", "Rate at which a day of disruption tests the posted rules.", ge=0, le=1
    )
    leaving_rate: float = parameter(
        1.2, "1/day", "Chance to leave on a day without any belonging (h0).", ge=0
    )
    leaving_power: float = parameter(4.0, "1", "How steeply belonging keeps people (nu).", ge=0)
    quiet_leaving: float = parameter(
        0.3, "1", "The same for quiet members, relative to others.", ge=0
    )
    drift_off_after: int = parameter(
        14, "days", "Silence after which quiet members drift off.", ge=0
    )
    drift_off_chance: float = parameter(0.02, "1/day", "Chance a day that they do.", ge=0, le=1)
    removal_chance: float = parameter(
        0.2,
        "1/day",
        "Chance that who disrupted today is removed, under full enforcement.",
        ge=0,
        le=1,
    )


COLUMNS = (
    Column("restlessness", "person", "f8", "1", "Readiness to leave, mean 1 (ψ)."),
    Column("expectation", "person", "f8", "1", "Value that satisfies him (θ)."),
    Column("belonging", "membership", "f8", "share", "Belonging (b)."),
    Column("trust", "membership", "f8", "share", "Trust in the owner (o)."),
    Column("experienced", "membership", "f8", "share", "Experienced value (x)."),
    Column("evidence", "membership", "f8", "days", "Evidence seen (m)."),
    Column("rules_stated", "group", "f8", "share", "Rules as posted (Rs)."),
    Column("rules_enforced", "group", "f8", "share", "Rules as required of people (Re)."),
    Column("order", "group", "f8", "share", "What people believe the rules to be worth."),
    Column(
        "attention_on_core", "group", "f8", "share", "Owner's attention for the core layer alone."
    ),
    Column("owner_today", "group", "f8", "value/day", "Given by the owner today."),
    Column("leader_today", "group", "f8", "value/day", "Given by the leading core member today."),
    Column("owner_giving", "group", "f8", "value/day", "The owner's giving, mean of 7 days (G)."),
    Column("removers", "group", "i1", "code", "Who may remove members."),
    Column("can_remove", "group", "i1", "flag", "Somebody who may remove members is there today."),
)

LEAVE, REMOVE, DRIFT_OFF = 30, 31, 32
DECISIONS = (
    Decision(LEAVE, "leave", "person", "group", "Does he leave today?"),
    Decision(REMOVE, "remove", "person", "group", "Is he removed for today's disruption?"),
    Decision(DRIFT_OFF, "drift off", "person", "group", "Does the quiet member drift off today?"),
)


@compiled
def tested_order(order: float, stated: float, enforced: float, rate: float) -> float:
    """Order after a day with disruption: what is posted is believed until tested.

    >>> round(tested_order(0.8, 0.8, 0.5, 0.1), 6)
    0.76
    """
    return order + rate * (stated * enforced - order)


@compiled
def attention(giving: float, on_core: float, in_core: bool, core_layer: int, size: int) -> float:
    """The owner's giving as one member meets it, when part of it goes to the core layer alone.

    >>> attention(1.0, 0.5, True, 10, 40), attention(1.0, 0.5, False, 10, 40)
    (2.5, 0.5)
    """
    if core_layer == 0:
        return giving
    felt = giving * (1.0 - on_core)
    if in_core:
        felt += giving * on_core * size / core_layer
    return felt


@compiled
def next_trust(trust: float, giving: float, half: float, noise: float, days: float) -> float:
    """Trust in the owner moves to what he gives.

    >>> round(next_trust(0.4, 0.75, 0.25, 0.0, 15.0), 6)
    0.423333
    """
    return trust + (saturating(giving, half) * (1.0 - noise) - trust) / days


@compiled
def belonging_target(
    trust: float, experienced: float, expectation: float, evidence: float, trust_weight: float
) -> float:
    """Where belonging moves: trust counts until there is something to judge by.

    >>> belonging_target(0.8, 0.2, 0.2, 30.0, 10.0)
    0.575
    """
    worth = 0.0
    if experienced > 0.0:
        worth = experienced / (experienced + expectation)
    return (trust_weight * trust + evidence * worth) / (trust_weight + evidence)


@compiled
def chance_to_leave(
    belonging: float, restlessness: float, rate: float, power: float, quiet_part: float
) -> float:
    """Chance to leave on a day.

    >>> round(chance_to_leave(0.5, 1.0, 1.2, 4.0, 1.0), 6)
    0.075
    """
    away = 1.0 - belonging
    if power == 4.0:  # the usual case, without the cost of a general power
        steep = away * away * away * away
    else:
        steep = math.pow(away, power)
    return quiet_part * min(1.0, rate * restlessness * steep)


@compiled
def watch_over(
    lo: int, hi: int, ended: Ints, owner: Ints, owner_muted: Ints, day: int, removers: Flags,
    core_layer: Ints, owner_today: Floats, leader_today: Floats, owner_giving: Floats,
    can_remove: Flags, owner_days: float,
) -> None:  # fmt: skip
    """What the owner has been giving, and whether anybody is there who may remove members."""
    for g in range(lo, hi):
        if ended[g] >= 0:
            continue
        today = owner_today[g] if owner[g] != NOBODY else leader_today[g]
        owner_giving[g] += (today - owner_giving[g]) / owner_days
        by_owner = owner[g] != NOBODY and owner_muted[g] <= day and removers[g] != REMOVED_BY_CORE
        by_core = core_layer[g] > 0 and removers[g] != REMOVED_BY_OWNER
        can_remove[g] = by_owner or by_core


@compiled
def belong(
    lo: int, hi: int, rows: Ints, member_person: Ints, member_group: Ints, owner: Ints,
    expectation: Floats, owner_giving: Floats, attention_on_core: Floats, core_layer: Ints,
    size: Ints, noise: Floats, sum_supply: Floats, standing: Flags, experienced: Floats,
    trust: Floats, evidence: Floats, belonging: Floats,
    trusted_giving: float, trust_days: float, half_supply: float, trust_weight: float,
    belonging_rate: float,
) -> None:  # fmt: skip
    """Trust follows the owner, evidence accrues, belonging follows both."""
    for i in range(lo, hi):
        r = rows[i]
        p = member_person[r]
        g = member_group[r]
        if owner[g] != p:
            giving = owner_giving[g]
            if attention_on_core[g] > 0.0:
                giving = attention(
                    giving, attention_on_core[g], standing[r] == CORE, core_layer[g], size[g]
                )
            trust[r] = next_trust(trust[r], giving, trusted_giving, noise[g], trust_days)
        evidence[r] += min(1.0, sum_supply[g] / half_supply)
        target = belonging_target(
            trust[r], experienced[r], expectation[p], evidence[r], trust_weight
        )
        belonging[r] += belonging_rate * (target - belonging[r])


@compiled
def stay_or_go(
    lo: int, hi: int, seed: int, day: int, person_key: Ints, rows: Ints, member_person: Ints,
    member_group: Ints, group_key: Ints, owner: Ints, restlessness: Floats, withheld: Flags,
    rules_enforced: Floats, can_remove: Flags, standing: Flags, disrupted: Floats,
    belonging: Floats, last_gave: Ints, joined: Ints, leaving: Flags,
    leaving_rate: float, leaving_power: float, quiet_leaving: float, drift_off_after: int,
    drift_off_chance: float, removal_chance: float,
) -> int:  # fmt: skip
    """Who is removed, who leaves, who drifts off; return how many."""
    total = 0
    luck = luck_of_members(
        lo, hi, seed, day, LEAVE, rows, member_person, member_group, person_key, group_key
    )
    for i in range(lo, hi):
        r = rows[i]
        p = member_person[r]
        g = member_group[r]
        if owner[g] == p:
            continue
        a, b = person_key[p], group_key[g]
        if disrupted[r] > 0.0 and can_remove[g]:
            if uniform(seed, day, REMOVE, a, b) < removal_chance * rules_enforced[g]:
                leaving[r] = 1 + REMOVED
                total += 1
                continue
        if withheld[p]:
            continue
        quiet = standing[r] == QUIET
        chance = chance_to_leave(
            belonging[r], restlessness[p], leaving_rate, leaving_power,
            quiet_leaving if quiet else 1.0,
        )  # fmt: skip
        if luck[i - lo] < chance:
            leaving[r] = 1 + QUIT
            total += 1
        elif quiet and day - max(last_gave[r], joined[r]) >= drift_off_after:
            if uniform(seed, day, DRIFT_OFF, a, b) < drift_off_chance:
                leaving[r] = 1 + DRIFTED_OFF
                total += 1
    return total


def depart(state: State) -> None:
    """Step 10, last part: those who leave are gone."""
    leaving, gone = state.memberships.arrays["leaving"], np.empty(state.wanted, dtype=ROW)
    gone = gone[: state.call(list_marked, marked=leaving, found=gone)]
    state.dismiss(gone, leaving[gone] - 1)


MEASURES = (
    Measure("belonging", "float64", "share", "Mean belonging of the members.", nullable=True),
    Measure("belonging_low", "float64", "share", "Lower quartile of belonging.", nullable=True),
    Measure("belonging_high", "float64", "share", "Upper quartile of belonging.", nullable=True),
    Measure("trust", "float64", "share", "Mean trust in the owner.", nullable=True),
    Measure("evidence", "float64", "days", "Mean evidence seen.", nullable=True),
    Measure("order", "float64", "share", "What people believe the rules to be worth."),
    Measure(
        "quits", "int32", "people", "Left of their own, since the last recorded day.", flow=True
    ),
    Measure("removals", "int32", "people", "Removed, since the last recorded day.", flow=True),
)
