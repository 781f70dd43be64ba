"""Point 5, influence: it comes of labour and dedication, and a core layer forms by itself.

**Statement.** Influence grows with what one gives that fits the group and fades without. Those
who have much of it, and make no trouble, are the core layer; nobody appoints it. Members drift to
the values they belong to.

**Equations.**::

    s ← 0.95·s + y·fit·(1 + ζ·z)
    core layer: s > 2 × the mean of members who are not quiet, and no trouble
    v += α·b·(Ĉ − v), then to unit length

*Social influence off* sets λ = μ = α = δ = 0, drops the friends' terms and leaves inviting to the
owner; each has a switch of its own.

**Sources.** The talk, point 5; Centola & Macy (2007) on complex contagion; Friedkin & Johnsen
(1990) on drift.
"""

from __future__ import annotations

from selforg_sim.engine.codes import CONTRIBUTOR, CORE, LURKER, OWNER, QUIET, TROUBLEMAKER
from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.declarations import Column, Decision, Measure
from selforg_sim.engine.parameters import Parameters, parameter
from selforg_sim.engine.types import Flags, Floats, Ints
from selforg_sim.rules.value_core import to_unit_length


class Params(Parameters):
    """Parameters of the point *influence*."""

    influence_memory: float = parameter(
        0.95, "1/day", "Share of influence that lasts to the next day.", ge=0, le=1
    )
    status_weight: float = parameter(
        0.5, "1", "How much status adds to the influence of the same contribution (zeta).", ge=0
    )
    value_drift: float = parameter(
        0.0005,
        "1/day",
        "Rate at which members drift to the core they belong to (alpha).",
        ge=0,
        le=1,
    )
    core_influence: float = parameter(
        2.0, "1", "The core layer has more than this times the mean influence.", gt=0
    )
    friends_scale: float = parameter(
        2.0, "people", "Friends inside whose company does most of its work.", gt=0
    )
    contributing_days: int = parameter(
        14, "days", "A member who gave within this time counts as contributor.", ge=1
    )
    social_attraction: bool = parameter(
        True, "switch", "Others' giving draws members to give (lambda)."
    )
    social_returns_draw: bool = parameter(True, "switch", "Returns draw members to give (mu).")
    social_drift: bool = parameter(True, "switch", "Members' values drift to the core (alpha).")
    social_core_moves: bool = parameter(True, "switch", "The core follows what is given (delta).")
    social_friends: bool = parameter(True, "switch", "Friends inside count.")
    social_members_invite: bool = parameter(True, "switch", "Members invite, not the owner alone.")


COLUMNS = (
    Column("status", "person", "f8", "share", "Money, power, aura (z)."),
    Column("influence", "membership", "f8", "value", "Influence in the group (s)."),
    Column(
        "standing",
        "membership",
        "i1",
        "code",
        "Owner, core, contributor, lurker, quiet, troublemaker.",
    ),
    Column("sum_influence", "group", "f8", "value", "Influence of all members who are not quiet."),
    Column("sum_impact", "group", "f8", "value", "Influence gained today by all members."),
)

DECISIONS: tuple[Decision, ...] = ()


@compiled
def next_influence(
    influence: float, memory: float, given: float, fit: float, status: float, status_weight: float
) -> float:
    """Influence fades, and grows with what is given.

    >>> round(next_influence(1.0, 0.95, 0.4, 0.5, 0.5, 0.5), 6)
    1.2
    """
    return memory * influence + given * fit * (1.0 + status_weight * status)


@compiled
def standing_of(
    standing: int, influence: float, threshold: float, day: int, last_gave: int,
    contributing_days: int,
) -> int:  # fmt: skip
    """Standing of a member who is not the owner; quiet and trouble are left by turning back.

    >>> standing_of(3, 1.0, 0.5, 9, 9, 14), standing_of(3, 0.1, 0.5, 30, 20, 14)
    (1, 2)
    """
    if standing == QUIET or standing == TROUBLEMAKER:
        return standing
    if influence > threshold:
        return CORE
    if last_gave >= 0 and day - last_gave < contributing_days:
        return CONTRIBUTOR
    return LURKER


@compiled
def influence_and_stand(
    lo: int, hi: int, day: int, rows: Ints, member_person: Ints, member_group: Ints,
    owner: Ints, values: Floats, supplied: Floats, status: Floats, sum_influence: Floats,
    sum_impact: Floats, active: Ints, belonging: Floats, given: Floats, fit: Floats,
    last_gave: Ints, influence: Floats, standing: Flags,
    influence_memory: float, status_weight: float, value_drift: float, core_influence: float,
    contributing_days: int, social_drift: bool,
) -> None:  # fmt: skip
    """Influence, the core layer, and the drift of values."""
    for i in range(lo, hi):
        r = rows[i]
        p = member_person[r]
        g = member_group[r]
        influence[r] = next_influence(
            influence[r], influence_memory, given[r], fit[r], status[p], status_weight
        )
        if owner[g] == p:
            standing[r] = OWNER
        else:
            total = influence_memory * sum_influence[g] + sum_impact[g]
            threshold = core_influence * total / max(1, active[g])
            standing[r] = standing_of(
                standing[r], influence[r], threshold, day, last_gave[r],
                contributing_days,
            )  # fmt: skip
        if social_drift:
            step = value_drift * belonging[r]
            for k in range(values.shape[1]):
                values[p, k] += step * (supplied[g, k] - values[p, k])
            to_unit_length(values, p)


MEASURES = (
    Measure("core_layer", "int32", "people", "Members of the core layer."),
    Measure(
        "contributors", "int32", "people", "Members who gave within two weeks, core layer apart."
    ),
    Measure("lurkers", "int32", "people", "Members who read only."),
    Measure("quiet", "int32", "people", "Members who stay and do not care."),
    Measure("troublemakers", "int32", "people", "Members who make trouble."),
    Measure("owner_present", "int32", "flag", "The owner is a member."),
    Measure("gini", "float64", "share", "Inequality of giving in the last 14 days.", nullable=True),
)
