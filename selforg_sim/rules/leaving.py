"""Point 3, belonging, second part: why people leave, as shares that add up to one.

**Method.** Who quits had a chance to leave. It follows from his belonging, and that moves to a
value that follows from seven quantities, each 1 where nothing is missing: fit, supply, being
looked after, calm, returns, trust and company. The chance under that value is taken apart into
what each shortfall adds to that of a member who lacks nothing. What one of them adds depends on
which others are missing already, so it is averaged over all orders in which they could go missing
(the Shapley value)::

    h(z) = min(1, h₀ · ψ · (1 − b(z))^ν)
    x(z) = [(1 − w)·fit·(supply·looked after·calm)·company + w·returns] · (1 − ½·(1 − calm))
    share of i = Σ over sets S without i of |S|! (6 − |S|)! / 7! · [h(S + i) − h(S)] / h(all)

with ``b(z)`` where belonging moves under these (``belonging_target``); trust is taken apart into
what the owner gives and calm, because noise drowns him, too. What remains,
``h(nothing missing) / h(all)``, is *restlessness*: who lacks nothing leaves at times, too. The
shares are not negative, because no shortfall makes anybody stay.

Who drifts off stopped caring because he experienced too little. His chance to drift off is the
same for everybody who does not care, so it is the value that he misses, ``x(nothing missing) −
x(z)``, that is taken apart in the same way. Trust has no part in it.

Other ends have their reason by themselves. Who moves to another group does so because both hold:
there is no time for both, and the other promises more; each alone would change nothing, so each
counts half. Who follows a rebel does so because his values are nearer to the rebel's.

**Sources.** Shapley (1953), "A value for n-person games"; the talk, points 2, 3, 4, 6 and 7.
"""

from __future__ import annotations

import math
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
from selforg_sim.engine.compiled import compiled, side_by_side
from selforg_sim.engine.declarations import Column
from selforg_sim.engine.types import Flags, Floats, Ints
from selforg_sim.rules.belonging import belonging_target, chance_to_leave
from selforg_sim.rules.interest import company, value_of_day, weight_of_return

if TYPE_CHECKING:
    from selforg_sim.engine.state import State

LANES = 16
"""So many members are reckoned side by side."""

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
OWN_PROGRAM = np.array([float(name == "own_program") for name in WHY])


@side_by_side
def shapley(worth: Floats, weights: Floats, parts: Floats) -> None:
    """Shapley values of several games side by side.

    Parameters
    ----------
    worth : (2**n, games) what each coalition is worth; bit i of its number stands for player i
    weights : (n,) weight of a coalition without the player, by its size
    parts : (n, games) what comes to each player, written here

    Examples
    --------
    >>> parts = np.empty((2, 1))
    >>> shapley(np.array([[0.0], [1.0], [3.0], [6.0]]), weights_of(2), parts)
    >>> parts.ravel().tolist()
    [2.0, 4.0]
    """
    parts[:] = 0.0
    for coalition in range(worth.shape[0]):
        size = 0
        for k in range(parts.shape[0]):
            size += coalition >> k & 1
        for i in range(parts.shape[0]):
            if coalition >> i & 1:
                continue
            joined = coalition | 1 << i
            weight = weights[size]
            for game in range(parts.shape[1]):
                parts[i, game] += weight * (worth[joined, game] - worth[coalition, game])


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


WEIGHTS = weights_of(len(SHORTFALLS))


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
    r: int, g: int, quality: Floats, recent_managed: Floats, recent_noise: Floats,
    sum_influence: Floats, standing: Flags, influence: Floats, fit: Floats, returned: Floats,
    trust: Floats, friends: Ints, half_return: float, friends_scale: float, alone_loss: float,
    social_friends: bool, z: Floats, lane: int,
) -> None:  # fmt: skip
    """Write the seven quantities of one membership, each between 0 and 1, into a lane of z."""
    calm = 1.0 - recent_noise[g]
    offered = recent_managed[g] * calm
    supply = min(1.0, quality[g] / offered) if offered > 0.0 else 0.0
    if standing[r] != QUIET and sum_influence[g] > 0.0:
        supply *= 1.0 - min(1.0, influence[r] / sum_influence[g])
    z[0, lane] = max(0.0, min(1.0, fit[r]))
    z[1, lane] = supply
    z[2, lane] = recent_managed[g]
    z[3, lane] = calm
    z[4, lane] = weight_of_return(returned[r], half_return)
    z[5, lane] = min(1.0, trust[r] / calm) if calm > 0.0 else 0.0
    z[6, lane] = company(friends[r], friends_scale, alone_loss) if social_friends else 1.0


@side_by_side
def chances(
    z: Floats, interest: Floats, expectation: Floats, evidence: Floats, restlessness: Floats,
    noise_weight: float, trust_weight: float, rate: float, power: float, chance: Floats,
) -> None:  # fmt: skip
    """Chance to leave under every set of shortfalls, of several members side by side.

    The same as ``chance_under`` but for rounding, written out so that several members are
    reckoned at once.

    Parameters
    ----------
    z : (8, lanes) the seven quantities, and a line of ones for what is not missing
    interest, expectation, evidence, restlessness : (lanes,) of the members
    chance : (128, lanes) by the set of shortfalls as a number in binary, written here
    """
    one = z.shape[0] - 1
    by_trust = trust_weight / (trust_weight + evidence)
    by_evidence = evidence / (trust_weight + evidence)
    for missing in range(chance.shape[0]):
        if missing & 32:
            continue  # reckoned with the set without distrust: the value is the same
        fit = 0 if missing & 1 else one
        supply = 1 if missing & 2 else one
        managed = 2 if missing & 4 else one
        calm = 3 if missing & 8 else one
        returns = 4 if missing & 16 else one
        friends = 6 if missing & 64 else one
        for lane in range(chance.shape[1]):
            quality = z[supply, lane] * z[managed, lane] * z[calm, lane]
            of_values = (1.0 - interest[lane]) * z[fit, lane] * quality * z[friends, lane]
            of_all = of_values + interest[lane] * z[returns, lane]
            experienced = of_all * (1.0 - noise_weight * (1.0 - z[calm, lane]))
            worth = experienced / (experienced + max(expectation[lane], 1e-300))
            of_worth = 1.0 - by_evidence[lane] * worth
            of_trust = by_trust[lane] * z[calm, lane]
            chance[missing, lane] = of_worth - of_trust
            chance[missing | 32, lane] = of_worth - of_trust * z[5, lane]
    if power != 4.0:
        for missing in range(chance.shape[0]):
            for lane in range(chance.shape[1]):
                chance[missing, lane] = math.pow(max(0.0, chance[missing, lane]), power)
    for missing in range(chance.shape[0]):
        for lane in range(chance.shape[1]):
            steep = chance[missing, lane]
            if power == 4.0:
                steep = steep * steep * steep * steep
            chance[missing, lane] = min(1.0, rate * restlessness[lane] * steep)


@side_by_side
def missed_values(z: Floats, interest: Floats, noise_weight: float, missed: Floats) -> None:
    """Value of a day that is missed under every set of shortfalls, of several members.

    Parameters
    ----------
    z, interest : as in ``chances``
    missed : (128, lanes) by the set of shortfalls as a number in binary, written here
    """
    one = z.shape[0] - 1
    for missing in range(missed.shape[0]):
        fit = 0 if missing & 1 else one
        supply = 1 if missing & 2 else one
        managed = 2 if missing & 4 else one
        calm = 3 if missing & 8 else one
        returns = 4 if missing & 16 else one
        friends = 6 if missing & 64 else one
        for lane in range(missed.shape[1]):
            quality = z[supply, lane] * z[managed, lane] * z[calm, lane]
            of_values = (1.0 - interest[lane]) * z[fit, lane] * quality * z[friends, lane]
            of_all = of_values + interest[lane] * z[returns, lane]
            missed[missing, lane] = 1.0 - of_all * (1.0 - noise_weight * (1.0 - z[calm, lane]))


@compiled
def write_shares(worth: Floats, parts: Floats, shares: Floats) -> None:
    """Parts of the whole as shares that add up to one; where there is nothing, restlessness.

    Parameters
    ----------
    worth : (128,) chance, or value missed, under every set of shortfalls
    parts : (7,) what comes to each shortfall; rounding may leave a hair below 0
    shares : those of the shortfalls and of restlessness, written here
    """
    n = parts.shape[0]
    whole = max(0.0, worth[0])
    for k in range(n):
        whole += max(0.0, parts[k])
    shares[n] = max(0.0, worth[0]) / whole if whole > 0.0 else 1.0
    for k in range(n):
        shares[k] = max(0.0, parts[k]) / whole if whole > 0.0 else 0.0


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
    """Write the shares of those who quit or drifted off, a line each, some members at a time.

    The first columns of ``shares`` are those of the shortfalls, the next is restlessness.
    """
    n = weights.shape[0]
    z, worth, parts = np.ones((n + 1, LANES)), np.empty((1 << n, LANES)), np.empty((n, LANES))
    of_person = np.ones((4, LANES))
    place = np.empty(LANES, np.int64)
    for end in (QUIT, DRIFTED_OFF):
        filled = 0
        for i in range(rows.shape[0]):
            if ends[i] == end:
                r = rows[i]
                p = member_person[r]
                quantities_of(
                    r, member_group[r], quality, recent_managed, recent_noise, sum_influence,
                    standing, influence, fit, returned, trust, friends, half_return,
                    friends_scale, alone_loss, social_friends, z, filled,
                )  # fmt: skip
                of_person[0, filled] = interest[p]
                of_person[1, filled] = expectation[p]
                of_person[2, filled] = evidence[r]
                of_person[3, filled] = restlessness[p]
                place[filled] = i
                filled += 1
            if filled == LANES or (filled > 0 and i == rows.shape[0] - 1):
                if end == QUIT:
                    chances(
                        z, of_person[0], of_person[1], of_person[2], of_person[3],
                        noise_weight, trust_weight, leaving_rate, leaving_power, worth,
                    )  # fmt: skip
                else:
                    missed_values(z, of_person[0], noise_weight, worth)
                shapley(worth, weights, parts)
                for lane in range(filled):
                    write_shares(worth[:, lane], parts[:, lane], shares[place[lane]])
                filled = 0


def account(state: State, rows: Ints, reasons: Array) -> dict[str, Array]:
    """What ending memberships had, and why they end; asked while they still stand in the table.

    Returns
    -------
    columns : one array for each of ``COLUMNS``, by name; the shares of a row add up to one
    """
    shares = PLAIN_SHARES[reasons]
    ends = reasons.astype(np.int8)
    state.call(explain, rows=rows, ends=ends, weights=WEIGHTS, shares=shares)
    if state.willed:
        shares[np.isin(rows, sorted(state.willed))] = OWN_PROGRAM
        state.willed.clear()
    had = {name: state.memberships.arrays[column][rows] for name, column in LEFT.items()}
    return had | {f"why_{name}": shares[:, k] for k, name in enumerate(WHY)}
