"""Point 4, structure: people need looking after, and there is only so much care to go round.

**Statement.** One person holds together only so many; leaders under him carry a group onward. How
large a group can be follows from hours and levels, not from a number in a rule.

**Equations.** Looking after one person takes ``κc`` hours a day. The owner (when he is gone or
silent, the core member with the most hours) cares for ``c₀ = h/κc`` people, core member ``j`` for
``min(span, h_j/κc)``::

    Σ = Σ_core min(span, h_j/κc) · min(1, c₀/core)
    limit = c₀ + [levels ≥ 2]·Σ + [levels ≥ 3]·span·Σ
    M = min(1, limit / members who are not quiet)
    Q += (Y/(Y + Y½) · M · (1 − noise) − Q) / 5

``levels = "auto"`` uses as many of the three as the group needs.

**Sources.** The talk, point 4; Graicunas (1937) and Urwick (1956) on the span of control; Zhou et
al. (2005) on circle sizes.
"""

from __future__ import annotations

from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.declarations import Column, Decision, Measure
from selforg_sim.engine.parameters import Parameters, parameter
from selforg_sim.engine.types import Flags, Floats, Ints


class Params(Parameters):
    """Parameters of the point *structure*."""

    care_time: float = parameter(
        0.01,
        "hours/day",
        "Time that looking after one person takes a day (kappa_c; 36 seconds).",
        gt=0,
    )
    span: float = parameter(
        7.5,
        "people",
        "People that one member of the core layer can look after (six to nine).",
        ge=0,
    )
    half_supply: float = parameter(
        1.0,
        "value/day",
        "Supply at which quality is half of what it can be (Y half).",
        gt=0,
    )
    quality_days: float = parameter(5.0, "days", "Time in which quality follows the supply.", ge=1)


COLUMNS = (
    Column(
        "levels",
        "group",
        "i1",
        "levels",
        "Levels of leadership: 1, 2 or 3; 0 for as many as needed.",
    ),
    Column("owner_hours", "group", "f8", "hours/day", "The owner's hours in the group today."),
    Column("leader_hours", "group", "f8", "hours/day", "Most hours of any core member today."),
    Column("core_layer", "group", "i4", "people", "Members of the core layer."),
    Column("core_care", "group", "f8", "people", "People that the core layer could look after."),
    Column("manageability", "group", "f8", "share", "Part of the group that is looked after (M)."),
    Column("quality", "group", "f8", "share", "Quality of what the group offers (Q)."),
    Column(
        "recent_managed", "group", "f8", "share", "Part that is looked after, mean of 5 days.", 1
    ),
    Column("recent_noise", "group", "f8", "share", "Noise, mean of 5 days."),
)

DECISIONS: tuple[Decision, ...] = ()


@compiled
def looked_after(hours: float, care_time: float, span: float) -> float:
    """People that one core member can look after.

    >>> looked_after(0.05, 0.01, 7.5), looked_after(1.0, 0.01, 7.5)
    (5.0, 7.5)
    """
    return min(span, hours / care_time)


@compiled
def most_people(
    leader_care: float, core_care: float, core_layer: int, levels: int, span: float
) -> float:
    """People that a group can look after with its levels of leadership.

    >>> most_people(40.0, 20.0, 4, 1, 7.5), most_people(40.0, 20.0, 4, 2, 7.5)
    (40.0, 60.0)
    """
    if levels == 1 or core_layer == 0:
        return leader_care
    reach = core_care * min(1.0, leader_care / core_layer)
    if levels == 2:
        return leader_care + reach
    return leader_care + reach + span * reach


@compiled
def part_managed(limit: float, active: int) -> float:
    """Share of a group that is looked after.

    >>> part_managed(30.0, 40)
    0.75
    """
    if active == 0:
        return 1.0
    return min(1.0, limit / active)


@compiled
def saturating(amount: float, half: float) -> float:
    """``amount / (amount + half)``: 0 for nothing, ½ at ``half``, towards 1 for much.

    >>> saturating(3.0, 1.0)
    0.75
    """
    return amount / (amount + half)


@compiled
def offered_quality(supply: float, half: float, manageability: float, noise: float) -> float:
    """Quality that today's supply is worth.

    >>> offered_quality(1.0, 1.0, 0.8, 0.5)
    0.2
    """
    return saturating(supply, half) * manageability * (1.0 - noise)


@compiled
def manage(
    lo: int, hi: int, day: int, ended: Ints, levels: Flags, owner: Ints, owner_muted: Ints,
    owner_hours: Floats, leader_hours: Floats, core_layer: Ints, core_care: Floats, active: Ints,
    noise: Floats, sum_supply: Floats, manageability: Floats, quality: Floats,
    recent_managed: Floats, recent_noise: Floats, care_time: float, span: float,
    half_supply: float, quality_days: float,
) -> None:  # fmt: skip
    """How much of each group is looked after, and how good it is."""
    for g in range(lo, hi):
        if ended[g] >= 0:
            continue
        owner_leads = owner[g] >= 0 and owner_muted[g] <= day
        leading = owner_hours[g] if owner_leads else leader_hours[g]
        limit = most_people(leading / care_time, core_care[g], core_layer[g], levels[g], span)
        manageability[g] = part_managed(limit, active[g])
        today = offered_quality(sum_supply[g], half_supply, manageability[g], noise[g])
        quality[g] += (today - quality[g]) / quality_days
        recent_managed[g] += (manageability[g] - recent_managed[g]) / quality_days
        recent_noise[g] += (noise[g] - recent_noise[g]) / quality_days


MEASURES = (
    Measure("quality", "float64", "share", "Quality of what the group offers (Q)."),
    Measure("manageability", "float64", "share", "Part of the group that is looked after (M)."),
)
