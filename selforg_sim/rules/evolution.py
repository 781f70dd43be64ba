"""Point 9, evolution: groups are founded, split, fade, and pass through stages.

**Statement.** People found groups, sooner when no group satisfies them. A leader whom a group no
longer fits takes those along who are nearer to him and tied to him. A group in which nobody gives
any more is dissolved.

**Equations.** 5 in 10,000 people found a group on a day, four times as many of those with no
satisfying group (``x ≥ θ``) for 14 days. A member of the core layer with a quarter of the
influence and ``fit < 0.7`` founds a daughter with chance 0.02 a day; a member follows if his
values are nearer to the rebel's than to the core and he is tied to the rebel or to one who
follows; without followers there is no daughter. Fourteen days without giving: dissolved.

Stages are *measured*, never advanced: forming (trust outweighs evidence), value, commerce
(returns matter more than value), life (both matter, and the group has a quarter of its members'
time or meets offline), silent.

**Sources.** The talk, point 9; Zachary (1977) on fission along ties; Kairam, Wang & Leskovec
(2012) on the life of groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from selforg_sim.engine.codes import (
    COMMERCE,
    DISSOLVED,
    FORMING,
    FOUNDED,
    GROUP_ENDED,
    LIFE,
    OWNER,
    QUIET,
    SILENT,
    STAGES,
    VALUE,
)
from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.declarations import Column, Decision, Measure
from selforg_sim.engine.draws import uniform, words
from selforg_sim.engine.parameters import Parameters, parameter
from selforg_sim.engine.quantiles import beta_quantile
from selforg_sim.engine.types import Flags, Floats, Ints
from selforg_sim.rules.initiation import open_groups

if TYPE_CHECKING:
    from selforg_sim.engine.state import State


class Params(Parameters):
    """Parameters of the point *evolution*."""

    founding_chance: float = parameter(
        0.0005, "1/day", "Chance that a person founds a group on a day.", ge=0, le=1
    )
    founding_boost: float = parameter(
        4.0, "1", "The same, relative, for those without a satisfying group.", ge=0
    )
    unsatisfied_days: int = parameter(
        14, "days", "Time without a satisfying group after which they do.", ge=1
    )
    founder_voice_a: float = parameter(
        0.25,
        "1",
        "First shape of the Beta law of an ordinary founder's voice in his own group.",
        gt=0,
    )
    founder_voice_b: float = parameter(10.0, "1", "Second shape.", gt=0)
    founder_contacts: int = parameter(
        5, "people", "Contacts that an ordinary founder brings first.", ge=0, le=1000
    )
    splitting_chance: float = parameter(
        0.02, "1/day", "Chance that a core member who could found a daughter does.", ge=0, le=1
    )
    splitting_influence: float = parameter(
        0.25, "share", "Share of the group's influence that he needs.", ge=0, le=1
    )
    splitting_fit: float = parameter(0.7, "1", "His fit must be below this.", ge=0, le=1)
    dissolving_days: int = parameter(
        14, "days", "A group without giving for this long is dissolved.", ge=1
    )
    silent_days: int = parameter(
        7, "days", "A group without giving for this long is in its silent stage.", ge=1
    )
    life_share: float = parameter(
        0.25,
        "share",
        "Share of the members' time that a group has in its stage of life.",
        ge=0,
        le=1,
    )
    both_matter: float = parameter(
        0.25, "share", "Value and returns both matter from this part of their sum on.", ge=0, le=1
    )


COLUMNS = (
    Column("unsatisfied", "person", "i4", "days", "Days without a satisfying group."),
    Column("founding", "person", "i1", "flag", "Founds a group today."),
    Column("follows", "person", "i1", "flag", "Follows the rebel of the moment."),
    Column("rebelling", "membership", "i1", "flag", "Founds a daughter group today."),
    Column("splitting", "group", "i1", "flag", "The group may split.", 1),
)

FOUND, REBEL, FOUNDERS_VOICE, NEW_KEY = 40, 41, 42, 43
DECISIONS = (
    Decision(FOUND, "found", "person", "none", "Does he found a group today?"),
    Decision(REBEL, "rebel", "person", "group", "Does he found a daughter today?"),
    Decision(
        FOUNDERS_VOICE, "founder's voice", "person", "group", "His voice in a group of his own."
    ),
    Decision(NEW_KEY, "new key", "person", "parent", "The stable key of a group that he founds."),
)


@compiled
def chance_to_found(unsatisfied: int, chance: float, boost: float, after: int) -> float:
    """Chance to found a group on a day.

    >>> chance_to_found(3, 0.0005, 4.0, 14), chance_to_found(14, 0.0005, 4.0, 14)
    (0.0005, 0.002)
    """
    return chance * boost if unsatisfied >= after else chance


@compiled
def stage_of(
    evidence: float, trust_weight: float, of_value: float, of_returns: float, time_share: float,
    meets: bool, days_silent: int, silent_days: int, life_share: float, both_matter: float,
) -> int:  # fmt: skip
    """Stage of a group from what its members live on.

    ``of_value`` and ``of_returns`` are the two parts of what members get. Both matter when the
    smaller is at least ``both_matter`` of their sum.

    >>> STAGES[stage_of(3.0, 10.0, 0.3, 0.0, 0.1, False, 0, 7, 0.25, 0.25)]
    'forming'
    >>> STAGES[stage_of(30.0, 10.0, 0.1, 0.3, 0.1, False, 0, 7, 0.25, 0.25)]
    'commerce'
    """
    if days_silent >= silent_days:
        return SILENT
    if evidence < trust_weight:
        return FORMING
    smaller = min(of_value, of_returns)
    both = of_returns > 0.0 and smaller >= both_matter * (of_value + of_returns)
    if both and (meets or time_share >= life_share):
        return LIFE
    return COMMERCE if of_returns > of_value else VALUE


@compiled
def wish_to_found(
    lo: int, hi: int, seed: int, day: int, person_key: Ints, first_row: Ints, member_count: Ints,
    withheld: Flags, expectation: Floats, experienced: Floats, standing: Flags,
    unsatisfied: Ints, founding: Flags, founding_chance: float, founding_boost: float,
    unsatisfied_days: int, free_founding: bool,
) -> int:  # fmt: skip
    """Who founds a group today; return how many."""
    if not free_founding:
        return 0
    wishes = 0
    for p in range(lo, hi):
        founding[p] = 0
        satisfied = False
        owns = False
        for r in range(first_row[p], first_row[p] + member_count[p]):
            owns = owns or standing[r] == OWNER
            if standing[r] != QUIET and experienced[r] >= expectation[p]:
                satisfied = True
        unsatisfied[p] = 0 if satisfied else unsatisfied[p] + 1
        if owns or withheld[p]:
            continue
        chance = chance_to_found(unsatisfied[p], founding_chance, founding_boost, unsatisfied_days)
        if uniform(seed, day, FOUND, person_key[p], 0) < chance:
            founding[p] = 1
            wishes += 1
    return wishes


@compiled
def new_key(day: int, person_key: int, parent_key: int) -> int:
    """Stable key of a new group: depends on its founder and day, not on groups founded
    elsewhere."""
    w0, _, _, _ = words(0, day, NEW_KEY, person_key, parent_key, 0)
    return w0


@compiled
def draw_new_groups(
    seed: int, day: int, person_key: Ints, founders: Ints, parent_key: int, keys: Ints, u: Floats
) -> None:
    """Keys of new groups, and the numbers from which their founders' voices follow."""
    for i in range(founders.shape[0]):
        keys[i] = new_key(day, person_key[founders[i]], parent_key)
        u[i] = uniform(seed, day, FOUNDERS_VOICE, person_key[founders[i]], keys[i])


def keys_and_voices(state: State, founders: Ints, parent_key: int = 0) -> tuple[Ints, Floats]:
    """Stable keys of groups about to be founded, and their founders' voices in them.

    The voice is the founder's own, or what the law for ordinary founders gives if that is more.
    """
    keys, u = np.empty(founders.size, dtype=np.int64), np.empty(founders.size)
    state.call(draw_new_groups, founders=founders, parent_key=parent_key, keys=keys, u=u)
    p = state.parameters
    drawn = beta_quantile(u, p["founder_voice_a"], p["founder_voice_b"])
    return keys, np.maximum(state.people["voice"][founders], drawn)


def found_groups(state: State) -> None:
    """Step 12, founding: everybody who wishes to opens a group of his own values."""
    if not state.wanted:
        return
    founders = np.flatnonzero(state.people["founding"])
    keys, voices = keys_and_voices(state, founders)
    first = state.groups.rows + 1
    names = [f"new{first + i}" for i in range(founders.size)]
    levers = dict(state.founding_levers, owner_voice=voices)
    groups = open_groups(state, founders, levers, names, keys)
    state.record.add(
        state.record.events, day=state.day, event=FOUNDED, group=groups, person=founders
    )


def fade_groups(state: State) -> None:
    """Step 12, fading: groups without giving or without members end."""
    groups = state.groups
    living = groups["ended"] < 0
    silent = state.day - groups["last_given"] >= state.parameters["dissolving_days"]
    ending = np.flatnonzero(living & (silent | (groups["size"] == 0)))
    if not ending.size:
        return
    state.dismiss(state.members_of(ending.tolist()), GROUP_ENDED)
    groups["ended"][ending] = state.day
    owners = groups["owner"].copy()
    groups["owner"][ending] = -1
    for group in ending:
        state.record.event(state.day, DISSOLVED, int(group), int(owners[group]))


MEASURES = (
    Measure(
        "split_off",
        "int32",
        "people",
        "Left with a daughter, since the last recorded day.",
        flow=True,
    ),
    Measure(
        "ended",
        "int32",
        "people",
        "Members when it was dissolved, if since the last recorded day.",
        flow=True,
    ),
    Measure("stage", "category", "code", "Stage, measured on the day.", categories=STAGES),
    Measure("involved", "int32", "people", "Members who gave or came within seven days."),
)
