"""Point 2, the value core: a group lives on what is given in it, day after day.

**Statement.** A group starts with the values of its owner; a clear core attracts and unites. What
members give may move the core to other values, and without supply the group dies.

**Equations.** A member is drawn by ``κ`` and gives ``y = h·q`` with chance ``1 − (1 − a)^κ``::

    κ = b · (m₀ + λ·Q + ρ·order + μ·R/(R + R½))
    V̄ += 0.1 · (mean of values given today − V̄)
    Ĉ = K·C + (1 − K)·V̄            not normalised: scatter costs fit
    fit = v·Ĉ,   Y = Σ y·fit,   noise = D/(D + Σ y)
    C += δ · (mean of values given today − C), then to unit length

``D`` are the hours disrupted and those of advertising × (1 − its fit).

**Sources.** The talk, points 2 and 8; Butler (2001) on membership size and activity as resources.
"""

from __future__ import annotations

import math

from selforg_sim.engine.codes import CORE, NEVER, QUIET, TROUBLEMAKER
from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.declarations import Column, Decision, Measure
from selforg_sim.engine.draws import poisson, standard_normal, uniform
from selforg_sim.engine.memberships import luck_of_members
from selforg_sim.engine.parameters import Parameters, parameter
from selforg_sim.engine.types import Flags, Floats, Ints
from selforg_sim.rules.belonging import tested_order
from selforg_sim.rules.interest import weight_of_return
from selforg_sim.rules.structure import looked_after

MOST_EXPECTED_MESSAGES = 500.0
MOST_VOICE = 1.0 - 1e-12


class Params(Parameters):
    """Parameters of the point *value core*."""

    drawn_base: float = parameter(
        0.05, "1", "Readiness to give at full belonging whatever the group is like (m0).", ge=0
    )
    drawn_quality: float = parameter(
        4.0, "1", "Readiness to give that a group of full quality adds (lambda).", ge=0
    )
    drawn_order: float = parameter(0.5, "1", "Readiness to give that full order adds (rho).", ge=0)
    drawn_returns: float = parameter(0.5, "1", "Readiness to give that returns add (mu).", ge=0)
    messages_log_mean: float = parameter(
        0.6931471805599453,
        "log",
        "Mean of the logarithm of the expected further messages on a day of giving.",
    )
    messages_log_sd: float = parameter(1.0, "log", "Its standard deviation.", ge=0, le=3)
    disrupting_days: float = parameter(
        0.5, "share", "Share of days on which a troublemaker disrupts.", ge=0, le=1
    )
    disrupting_belonging: float = parameter(
        0.5, "share", "A troublemaker takes at least the time of this belonging.", ge=0, le=1
    )
    supply_rate: float = parameter(
        0.1, "1/day", "Rate at which the values given lately follow those given today.", ge=0, le=1
    )
    core_drift: float = parameter(
        0.01, "1/day", "Rate at which the core follows what is given (delta).", ge=0, le=1
    )


COLUMNS = (
    Column("values", "person", "f8", "unit vector", "What a person cares about.", width="values"),
    Column("dedication", "person", "f8", "value/hour", "Value given per hour."),
    Column("voice", "person", "f8", "share", "Chance to give on a day when fully drawn once."),
    Column("log_silence", "person", "f8", "log", "Logarithm of 1 − voice."),
    Column(
        "withheld",
        "person",
        "i1",
        "flag",
        "Not decided for: acts by a program of his own, or takes no part.",
    ),
    Column("given", "membership", "f8", "value/day", "Value given today."),
    Column("giving", "membership", "f8", "value/day", "Value given, mean of 14 days."),
    Column("messages", "membership", "i4", "count", "Messages written today."),
    Column(
        "disrupted", "membership", "f8", "hours/day", "Hours disrupted today, times dedication."
    ),
    Column("fit", "membership", "f8", "1", "Match of his values with what is supplied."),
    Column("last_gave", "membership", "i4", "day", "Day of the last giving, -1 before any.", NEVER),
    Column("muted_until", "membership", "i4", "day", "Neither gives nor invites before this day."),
    Column("core", "group", "f8", "unit vector", "The value core.", width="values"),
    Column("first_core", "group", "f8", "unit vector", "The core when founded.", width="values"),
    Column(
        "recent_values", "group", "f8", "vector", "Running mean of values given.", width="values"
    ),
    Column(
        "supplied", "group", "f8", "vector", "Core and lately given values, mixed.", width="values"
    ),
    Column("clarity", "group", "f8", "share", "Weight of the core in what is supplied."),
    Column("owner_voice", "group", "f8", "share", "The owner's voice in his own group."),
    Column("advertising", "group", "f8", "hours/day", "Advertising in the group."),
    Column(
        "advertised_values", "group", "f8", "unit vector", "What it appeals to.", width="values"
    ),
    Column("noise", "group", "f8", "share", "Disruption and advertising among all that is said."),
    Column("last_given", "group", "i4", "day", "Last day on which anybody gave."),
    Column("recent_giving", "group", "f8", "value/day", "Value given, mean of 7 days."),
    Column("sum_given", "group", "f8", "value/day", "Value given today."),
    Column("sum_values", "group", "f8", "value/day", "Values given today.", width="values"),
    Column("sum_supply", "group", "f8", "value/day", "Value given today × fit (Y)."),
    Column("sum_disrupted", "group", "f8", "hours/day", "Disruption today."),
    Column("disruptions", "group", "i4", "count", "Members who disrupted today."),
    Column("givers", "group", "i4", "count", "Members who gave today."),
    Column("sum_messages", "group", "i4", "count", "Messages today."),
    Column("active", "group", "i4", "people", "Members who are not quiet."),
    Column("gathered", "group", "i4", "people", "Members when giving was added up."),
)

GIVE, MESSAGES, MESSAGES_MEAN, DISRUPT = 20, 21, 22, 23
DECISIONS = (
    Decision(GIVE, "give", "person", "group", "Does he give today?"),
    Decision(MESSAGES, "messages", "person", "group", "In how many messages?"),
    Decision(MESSAGES_MEAN, "messages' mean", "person", "group", "How talkative is he today?"),
    Decision(DISRUPT, "disrupt", "person", "group", "Does the troublemaker disrupt today?"),
)


@compiled
def drawn(
    belonging: float, quality: float, order: float, return_weight: float,
    base: float, by_quality: float, by_order: float, by_returns: float,
) -> float:  # fmt: skip
    """How much a member is drawn to give (κ).

    >>> round(drawn(0.5, 0.4, 0.8, 0.2, 0.05, 4.0, 0.5, 0.5), 6)
    1.075
    """
    return belonging * (base + by_quality * quality + by_order * order + by_returns * return_weight)


@compiled
def chance_to_give(log_silence: float, kappa: float) -> float:
    """Chance to give on a day, ``1 − (1 − a)^κ``.

    >>> import math
    >>> round(chance_to_give(math.log1p(-0.5), 2.0), 6)
    0.75
    """
    if kappa <= 0.0:
        return 0.0
    return 1.0 - math.exp(kappa * log_silence)


@compiled
def gives(u: float, log_silence: float, kappa: float) -> bool:
    """Whether a member gives, by one uniform number.

    The chance is never above ``−κ·log(1 − a)``; most people's draw lies above that bound, which
    saves them the exponential.

    >>> import math
    >>> gives(0.74, math.log1p(-0.5), 2.0), gives(0.76, math.log1p(-0.5), 2.0)
    (True, False)
    """
    if u >= -kappa * log_silence:
        return False
    return u < chance_to_give(log_silence, kappa)


@compiled
def number_of_messages(
    seed: int, day: int, person: int, group: int, log_mean: float, log_sd: float
) -> int:
    """Messages on a day of giving: one, and a Poisson number of log-normal mean of others."""
    normal = standard_normal(seed, day, MESSAGES_MEAN, person, group)
    mean = min(math.exp(log_mean + log_sd * normal), MOST_EXPECTED_MESSAGES)
    return 1 + poisson(mean, uniform(seed, day, MESSAGES, person, group))


@compiled
def share_of_noise(disrupted: float, given: float) -> float:
    """Noise among all that is said.

    >>> share_of_noise(1.0, 3.0)
    0.25
    """
    if disrupted <= 0.0:
        return 0.0
    return disrupted / (disrupted + given)


@compiled
def dot(a: Floats, i: int, b: Floats, j: int) -> float:
    """Product of row ``i`` of one table of vectors with row ``j`` of another."""
    total = 0.0
    for k in range(a.shape[1]):
        total += a[i, k] * b[j, k]
    return total


@compiled
def to_unit_length(vectors: Floats, i: int) -> None:
    """Scale one row to length 1; a row of zeros stays."""
    length = math.sqrt(dot(vectors, i, vectors, i))
    if length > 0.0:
        scale = 1.0 / length
        for k in range(vectors.shape[1]):
            vectors[i, k] *= scale


@compiled
def normalise_rows(vectors: Floats) -> None:
    """Scale every row to length 1."""
    for i in range(vectors.shape[0]):
        to_unit_length(vectors, i)


@compiled
def quieten(voice: Floats, log_silence: Floats) -> None:
    """Logarithm of 1 − voice, the form in which giving needs it."""
    for i in range(voice.shape[0]):
        log_silence[i] = math.log1p(-min(voice[i], MOST_VOICE))


@compiled
def give(
    lo: int, hi: int, seed: int, day: int, person_key: Ints, rows: Ints, member_person: Ints,
    member_group: Ints, group_key: Ints, owner: Ints, owner_voice: Floats, quality: Floats,
    order: Floats, belonging: Floats, standing: Flags, returned: Floats, hours: Floats,
    muted_until: Ints, dedication: Floats, log_silence: Floats, withheld: Flags, given: Floats,
    messages: Ints, disrupted: Floats, last_gave: Ints,
    drawn_base: float, drawn_quality: float, drawn_order: float, drawn_returns: float,
    half_return: float, messages_log_mean: float, messages_log_sd: float, disrupting_days: float,
) -> None:  # fmt: skip
    """Everybody decides whether to give; troublemakers whether to disrupt."""
    luck = luck_of_members(
        lo, hi, seed, day, GIVE, rows, member_person, member_group, person_key, group_key
    )
    for i in range(lo, hi):
        r = rows[i]
        p = member_person[r]
        g = member_group[r]
        given[r] = 0.0
        disrupted[r] = 0.0
        messages[r] = 0
        if withheld[p] or standing[r] == QUIET or muted_until[r] > day:
            continue
        a, b = person_key[p], group_key[g]
        if standing[r] == TROUBLEMAKER:
            if uniform(seed, day, DISRUPT, a, b) < disrupting_days:
                disrupted[r] = hours[r] * dedication[p]
            continue
        silence = log_silence[p]
        if owner[g] == p:
            silence = math.log1p(-min(owner_voice[g], MOST_VOICE))
        kappa = drawn(
            belonging[r], quality[g], order[g], weight_of_return(returned[r], half_return),
            drawn_base, drawn_quality, drawn_order, drawn_returns,
        )  # fmt: skip
        if gives(luck[i - lo], silence, kappa):
            given[r] = hours[r] * dedication[p]
            if given[r] > 0.0:
                messages[r] = number_of_messages(
                    seed, day, a, b, messages_log_mean, messages_log_sd
                )
                last_gave[r] = day


@compiled
def gather(
    lo: int, hi: int, rows: Ints, member_person: Ints, member_group: Ints, owner: Ints,
    values: Floats, standing: Flags, hours: Floats, given: Floats, giving: Floats, messages: Ints,
    disrupted: Floats, influence: Floats, returned: Floats, owner_muted: Ints, day: int,
    sum_given: Floats, sum_values: Floats, sum_disrupted: Floats, disruptions: Ints, givers: Ints,
    sum_messages: Ints, gathered: Ints, active: Ints, core_layer: Ints, core_care: Floats,
    owner_hours: Floats, leader_hours: Floats, owner_today: Floats, leader_today: Floats,
    sum_influence: Floats, sum_returned: Floats,
    span: float, care_time: float, contributing_days: int,
) -> None:  # fmt: skip
    """Add up over the members of each group what was given, and by whom."""
    for g in range(lo, hi):
        sum_given[g] = 0.0
        sum_disrupted[g] = 0.0
        disruptions[g] = 0
        givers[g] = 0
        sum_messages[g] = 0
        gathered[g] = 0
        active[g] = 0
        core_layer[g] = 0
        core_care[g] = 0.0
        owner_hours[g] = 0.0
        leader_hours[g] = 0.0
        owner_today[g] = 0.0
        leader_today[g] = 0.0
        sum_influence[g] = 0.0
        sum_returned[g] = 0.0
        for k in range(sum_values.shape[1]):
            sum_values[g, k] = 0.0
    for i in range(rows.shape[0]):
        r = rows[i]
        p = member_person[r]
        g = member_group[r]
        if g < lo or g >= hi:
            continue
        gathered[g] += 1
        y = given[r]
        giving[r] += (y - giving[r]) / contributing_days
        sum_returned[g] += returned[r]
        if y > 0.0:
            sum_given[g] += y
            givers[g] += 1
            sum_messages[g] += messages[r]
            for k in range(values.shape[1]):
                sum_values[g, k] += y * values[p, k]
        if disrupted[r] > 0.0:
            sum_disrupted[g] += disrupted[r]
            disruptions[g] += 1
        if standing[r] == QUIET:
            continue
        active[g] += 1
        sum_influence[g] += influence[r]
        if owner[g] == p:
            if owner_muted[g] <= day:
                owner_hours[g] = hours[r]
            owner_today[g] = y
        elif standing[r] == CORE:
            core_layer[g] += 1
            core_care[g] += looked_after(hours[r], care_time, span)
            if hours[r] > leader_hours[g]:
                leader_hours[g] = hours[r]
                leader_today[g] = y


@compiled
def supply(
    lo: int, hi: int, day: int, ended: Ints, core: Floats, clarity: Floats, recent_values: Floats,
    supplied: Floats, rules_stated: Floats, rules_enforced: Floats, order: Floats,
    advertising_today: Floats, advertised_values: Floats, sum_given: Floats, sum_values: Floats,
    sum_disrupted: Floats, disruptions: Ints, noise: Floats, last_given: Ints,
    recent_giving: Floats, supply_rate: float, order_rate: float, owner_days: float,
) -> None:  # fmt: skip
    """What each group supplies today, how noisy it is, and what its rules are worth."""
    for g in range(lo, hi):
        if ended[g] >= 0:
            continue
        if sum_given[g] > 0.0:
            last_given[g] = day
            for k in range(core.shape[1]):
                today = sum_values[g, k] / sum_given[g]
                recent_values[g, k] += supply_rate * (today - recent_values[g, k])
        for k in range(core.shape[1]):
            supplied[g, k] = clarity[g] * core[g, k] + (1.0 - clarity[g]) * recent_values[g, k]
        if disruptions[g] > 0:
            order[g] = tested_order(order[g], rules_stated[g], rules_enforced[g], order_rate)
        spam = 0.0
        if advertising_today[g] > 0.0:
            spam = advertising_today[g] * max(0.0, 1.0 - dot(advertised_values, g, supplied, g))
        noise[g] = share_of_noise(sum_disrupted[g] + spam, sum_given[g])
        recent_giving[g] += (sum_given[g] - recent_giving[g]) / owner_days


@compiled
def weigh(
    lo: int, hi: int, rows: Ints, member_person: Ints, member_group: Ints, values: Floats,
    supplied: Floats, resource: Flags, status: Floats, given: Floats, fit: Floats,
    sum_supply: Floats, supply_by_resource: Floats, sum_impact: Floats, status_weight: float,
) -> None:  # fmt: skip
    """Measure every member's fit and, with it, the value of what was given."""
    for g in range(lo, hi):
        sum_supply[g] = 0.0
        sum_impact[g] = 0.0
        for k in range(supply_by_resource.shape[1]):
            supply_by_resource[g, k] = 0.0
    for i in range(rows.shape[0]):
        r = rows[i]
        p = member_person[r]
        g = member_group[r]
        if g < lo or g >= hi:
            continue
        fit[r] = dot(values, p, supplied, g)
        if given[r] > 0.0:
            value = given[r] * fit[r]
            sum_supply[g] += value
            supply_by_resource[g, resource[p]] += value
            sum_impact[g] += value * (1.0 + status_weight * status[p])


@compiled
def move_core(
    lo: int, hi: int, ended: Ints, core: Floats, sum_given: Floats, sum_values: Floats,
    core_drift: float, social_core_moves: bool,
) -> None:  # fmt: skip
    """The core follows what is given."""
    if not social_core_moves:
        return
    for g in range(lo, hi):
        if ended[g] >= 0 or sum_given[g] <= 0.0:
            continue
        for k in range(core.shape[1]):
            core[g, k] += core_drift * (sum_values[g, k] / sum_given[g] - core[g, k])
        to_unit_length(core, g)


MEASURES = (
    Measure("supply", "float64", "value/day", "Value given today × fit with the group."),
    Measure("givers", "int32", "people", "Members who gave today."),
    Measure("messages", "int32", "count", "Messages today."),
    Measure("disruptions", "int32", "people", "Members who disrupted today."),
    Measure("noise", "float64", "share", "Disruption and advertising among all that is said."),
    Measure("fit", "float64", "1", "Mean match of members' values with the supply.", nullable=True),
    Measure(
        "core_distance", "float64", "radians", "Angle between the core and its founding position."
    ),
)
