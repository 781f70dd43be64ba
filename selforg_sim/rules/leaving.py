"""Point 3, belonging, second part: why people leave, as shares that add up to one.

**Method.** Who leaves of his own, or drifts off, had a chance to leave. It follows from seven
quantities, each 1 where nothing is missing: fit, supply, being looked after, calm, returns, trust
and company. The chance of today is taken apart into what each shortfall adds to that of a member
who lacks nothing. What one of them adds depends on which others are missing already, so it is
averaged over all orders in which they could go missing (the Shapley value)::

    h(z) = q · min(1, h₀ · ψ · (1 − b(z))^ν)
    x(z) = [(1 − w)·fit·(supply·looked after·calm)·company + w·returns] · (1 − ½·(1 − calm))
    share of i = Σ over sets S without i of |S|! (6 − |S|)! / 7! · [h(S + i) − h(S)] / h(all)

with ``b(z)`` where belonging moves under these (``belonging_target``); trust is taken apart into
what the owner gives and calm, because noise drowns him, too. What remains,
``h(nothing missing) / h(all)``, is *restlessness*: who lacks nothing leaves at times, too. The
shares are not negative, because no shortfall makes anybody stay.

Other ends have their reason by themselves. Who moves to another group does so because both hold:
there is no time for both, and the other promises more; each alone would change nothing, so each
counts half. Who follows a rebel does so because his values are nearer to the rebel's.

**Sources.** Shapley (1953), "A value for n-person games"; the talk, points 2, 3, 4, 6 and 7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from selforg_sim.engine.codes import (
    DRIFTED_OFF,
    GROUP_ENDED,
    MOVED,
    OWNER_LEFT,
    QUIET,
    QUIT,
    REASONS,
    REMOVED,
    SPLIT,
    WHY,
)
from selforg_sim.engine.columns import Array
from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.declarations import Column
from selforg_sim.engine.types import Flags, Floats, Ints
from selforg_sim.rules.belonging import belonging_target, chance_to_leave
from selforg_sim.rules.interest import company, value_of_day, weight_of_return

if TYPE_CHECKING:
    from selforg_sim.engine.state import State

SHORTFALLS = (
    "value_mismatch", "weak_supply", "crowding", "trouble", "no_returns", "little_trust",
    "no_friends",
)  # fmt: skip
"""What can be missing, in the order of the seven quantities."""

LEFT = {"experienced_left": "experienced", "returns_left": "returned", "trust_left": "trust"}
"""What is noted of an ending membership, and the column of memberships in which it stands."""

COLUMNS = (
    Column("experienced_left", "membership", "f4", "value", "Experienced value.", float("nan")),
    Column("returns_left", "membership", "f4", "cash/day", "Returns.", float("nan")),
    Column("trust_left", "membership", "f4", "share", "Trust in the owner.", float("nan")),
    *(
        Column(f"why_{reason}", "membership", "f4", "share", meaning, float("nan"))
        for reason, meaning in WHY.items()
    ),
)

PLAIN_REASONS = {
    MOVED: {"no_time": 0.5, "better_group": 0.5},
    REMOVED: {"removed": 1.0},
    SPLIT: {"value_mismatch": 1.0},
    GROUP_ENDED: {"group_ended": 1.0},
    OWNER_LEFT: {"event": 1.0},
}
"""Reasons of ends that were not a matter of chance."""

PLAIN_SHARES = np.array(
    [[PLAIN_REASONS.get(end, {}).get(name, 0.0) for name in WHY] for end in range(len(REASONS))]
)
"""The same as a table: a line for each way to end, a column for each reason."""


@compiled
def shapley(worth: Floats, weights: Floats, parts: Floats) -> None:
    """Shapley values of a game, ``worth`` by coalition as a number in binary.

    Parameters
    ----------
    worth : (2**n,) what each coalition is worth; bit i of its number stands for player i
    weights : (n,) weight of a coalition without the player, by its size
    parts : (n,) what comes to each player, written here

    Examples
    --------
    >>> parts = np.empty(2)
    >>> shapley(np.array([0.0, 1.0, 3.0, 6.0]), weights_of(2), parts)
    >>> parts.tolist()
    [2.0, 4.0]
    """
    n = parts.shape[0]
    parts[:] = 0.0
    for coalition in range((1 << n) - 1):
        size = 0
        rest = coalition
        while rest:
            rest &= rest - 1
            size += 1
        for i in range(n):
            if not coalition >> i & 1:
                parts[i] += weights[size] * (worth[coalition | 1 << i] - worth[coalition])


def weights_of(players: int) -> Floats:
    """Weight of a coalition by its size: the share of all orders in which it comes just before.

    >>> weights_of(3).round(4).tolist()
    [0.3333, 0.1667, 0.3333]
    """
    weights = np.empty(players)
    weights[0] = 1.0 / players
    for size in range(1, players):
        weights[size] = weights[size - 1] * size / (players - size)
    return weights


WEIGHTS = np.array(
    [
        np.pad(weights_of(players), (0, len(SHORTFALLS) - players))
        for players in range(1, len(SHORTFALLS) + 1)
    ]
)
"""Weights of a coalition by its size, a line by the number of players (the first: one)."""


@compiled
def chance_under(
    fit: float, supply: float, managed: float, calm: float, returns: float, trust: float,
    friends: float, interest: float, expectation: float, evidence: float, restlessness: float,
    noise_weight: float, trust_weight: float, rate: float, power: float,
) -> float:  # fmt: skip
    """Chance to leave where belonging would move under these seven quantities.

    >>> round(chance_under(1, 1, 1, 1, 1, 0.5, 1, 0.5, 1.0, 10.0, 1.0, 0.5, 10.0, 1.2, 4.0), 6)
    0.075
    """
    quality = supply * managed * calm
    experienced = value_of_day(
        interest, fit, quality, 0.0, friends, returns, 1.0 - calm, noise_weight
    )
    belonging = belonging_target(trust * calm, experienced, expectation, evidence, trust_weight)
    return chance_to_leave(belonging, restlessness, rate, power, 1.0)


@compiled
def quantities_of(
    r: int, p: int, g: int, quality: Floats, recent_managed: Floats, recent_noise: Floats,
    sum_influence: Floats, standing: Flags, influence: Floats, fit: Floats, returned: Floats,
    trust: Floats, friends: Ints, half_return: float, friends_scale: float, alone_loss: float,
    social_friends: bool, z: Floats,
) -> None:  # fmt: skip
    """Write the seven quantities of one membership, each between 0 and 1."""
    calm = 1.0 - recent_noise[g]
    offered = recent_managed[g] * calm
    supply = min(1.0, quality[g] / offered) if offered > 0.0 else 0.0
    if standing[r] != QUIET and sum_influence[g] > 0.0:
        supply *= 1.0 - min(1.0, influence[r] / sum_influence[g])
    z[0] = max(0.0, min(1.0, fit[r]))
    z[1] = supply
    z[2] = recent_managed[g]
    z[3] = calm
    z[4] = weight_of_return(returned[r], half_return)
    z[5] = min(1.0, trust[r] / calm) if calm > 0.0 else 0.0
    z[6] = company(friends[r], friends_scale, alone_loss) if social_friends else 1.0


@compiled
def chances(
    actual: Floats, short: Ints, players: int, interest: float, expectation: float,
    evidence: float, restlessness: float, noise_weight: float, trust_weight: float,
    rate: float, power: float, given: Floats, chance: Floats,
) -> None:  # fmt: skip
    """Chance to leave under every set of shortfalls, by the set as a number in binary.

    From one set to the next one shortfall comes or goes (a Gray code).
    """
    given[:] = 1.0
    missing = 0
    for step in range(1 << players):
        if step:
            k = 0
            while not step >> k & 1:
                k += 1
            missing ^= 1 << k
            given[short[k]] = actual[short[k]] if missing >> k & 1 else 1.0
        chance[missing] = chance_under(
            given[0], given[1], given[2], given[3], given[4], given[5], given[6],
            interest, expectation, evidence, restlessness, noise_weight, trust_weight, rate, power,
        )  # fmt: skip


@compiled
def explain(
    rows: Ints, ends: Array, member_person: Ints, member_group: Ints, interest: Floats,
    expectation: Floats, restlessness: Floats, evidence: Floats, quality: Floats,
    recent_managed: Floats, recent_noise: Floats, sum_influence: Floats, standing: Flags,
    influence: Floats, fit: Floats, returned: Floats, trust: Floats, friends: Ints,
    half_return: float, friends_scale: float, alone_loss: float, social_friends: bool,
    noise_weight: float, trust_weight: float, leaving_rate: float, leaving_power: float,
    weights: Floats, shares: Floats,
) -> None:  # fmt: skip
    """Write the shares of those who quit or drifted off, a line each.

    The first columns of ``shares`` are those of the shortfalls, the next is restlessness. What is
    not short takes no part: it would get nothing. ``weights`` has a line by number of players,
    from one.
    """
    n = weights.shape[0]
    actual, given, parts = np.empty(n), np.empty(n), np.empty(n)
    chance, short = np.empty(1 << n), np.empty(n, np.int64)
    for i in range(rows.shape[0]):
        if ends[i] != QUIT and ends[i] != DRIFTED_OFF:
            continue
        r = rows[i]
        p = member_person[r]
        g = member_group[r]
        quantities_of(
            r, p, g, quality, recent_managed, recent_noise, sum_influence, standing, influence,
            fit, returned, trust, friends, half_return, friends_scale, alone_loss, social_friends,
            actual,
        )  # fmt: skip
        players = 0
        for k in range(n):
            if actual[k] < 1.0:
                short[players] = k
                players += 1
        chances(
            actual, short, players, interest[p], expectation[p], evidence[r], restlessness[p],
            noise_weight, trust_weight, leaving_rate, leaving_power, given, chance,
        )  # fmt: skip
        shapley(chance, weights[players - 1], parts[:players])
        whole = chance[(1 << players) - 1]
        shares[i, n] = chance[0] / whole if whole > 0.0 else 1.0
        for k in range(players):
            # rounding may leave a part of nothing a hair below 0
            shares[i, short[k]] = max(0.0, parts[k] / whole) if whole > 0.0 else 0.0


def account(state: State, rows: Ints, reasons: Array) -> dict[str, Array]:
    """What ending memberships had, and why they end; asked while they still stand in the table.

    Returns
    -------
    columns : one array for each of ``COLUMNS``, by name; the shares of a row add up to one
    """
    shares = PLAIN_SHARES[reasons]
    ends = reasons.astype(np.int8)
    state.call(explain, rows=rows, ends=ends, weights=WEIGHTS, shares=shares)
    had = {name: state.memberships.arrays[column][rows] for name, column in LEFT.items()}
    return had | {f"why_{name}": shares[:, k] for k, name in enumerate(WHY)}
