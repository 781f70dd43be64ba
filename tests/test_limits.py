"""Limits with known answers, first part: how a group spreads, and how it empties.

Every answer is derived here from the equations of the rules, never by calling their functions.
Seeds are fixed, so bounds of four standard deviations hold once and for all.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from circles import STEADY, circle, days_of, lived, merged
from scipy import stats

from selforg_sim.engine.codes import QUIT

DEVIATIONS = 4.0
RAREST = 1e-3
SEEDS = range(1, 7)

# Spread without leaving: the logistic curve


def spread(size: int, daily: float, tries: int, **changes: Any) -> dict[str, Any]:
    """One group among people who meet at random, entered at once by whoever is asked.

    All members make ``daily`` invitations a day on average; the owner brings a tenth of all first.
    """
    table = circle(
        size,
        contacts={"mean": min(size - 1, 200), "rewire": 1.0},
        group={"first_contacts": size // 10},
        rules={
            "belonging": STEADY,
            "initiation": {"invitations_per_day": daily, "invitation_tries": tries},
        },
    )
    return merged(table, changes)


def sizes(table: dict[str, Any], people: int, days: int, seed: int = 1) -> np.ndarray:
    """Share of all people in the group, day by day."""
    return np.array([w.state.groups["size"][0] / people for w in days_of(table, days, seed)])


def mean_field(first: float, days: int, daily: float, tries: int) -> tuple[np.ndarray, np.ndarray]:
    """Expected share of members on each day, and its variance times the number of people.

    A day begins with a share ``x`` of members, each of whom makes an invitation with chance
    ``daily``, one after the other. An invitation finds somebody new unless all ``tries`` contacts
    that are thought of are in, or asked, already. With ``y`` the share of those, and ``a``
    invitations per head of all people made so far today::

        dy/da = p = 1 − y^tries,      a from 0 to daily·x

    For one try this is ``x' = 1 − (1 − x)·exp(−daily·x)``, for short days the logistic curve. The
    variance is that of the coins and of the number of invitations (van Kampen's linear noise).
    """
    steps = 40
    shares, variances = [first], [0.0]
    for _ in range(days - 1):
        x, v = shares[-1], variances[-1]
        y, noise, passed_on = x, 0.0, 1.0
        for _ in range(steps):
            da = daily * x / steps
            middle = y + 0.5 * da * (1.0 - y**tries)
            p, slope = 1.0 - middle**tries, -tries * middle ** (tries - 1)
            noise += da * (p * (1.0 - p) + 2.0 * slope * noise)
            passed_on += da * slope * passed_on
            y += da * p
        p = 1.0 - y**tries
        noise += p * p * x * daily * (1.0 - daily)
        shares.append(y)
        variances.append(noise + (passed_on + daily * p) ** 2 * v)
    return np.array(shares), np.array(variances)


@pytest.mark.parametrize("tries", [1, 4])
def test_spread_without_leaving_comes_ever_nearer_to_the_mean_field(tries):
    days, largest = 35, []
    for people in (200, 800, 3200):
        table, found = spread(people, 0.2, tries), []
        for seed in SEEDS:
            seen = sizes(table, people, days, seed)
            expected, variance = mean_field(seen[0], days, 0.2, tries)
            deviation = math.sqrt(variance.max() / people)
            found.append(np.abs(seen - expected).max())
            assert found[-1] < DEVIATIONS * deviation, f"{people} people, seed {seed}"
        largest.append(float(np.mean(found)))
        assert 0.4 < largest[-1] / deviation < 2.0, "neither too far nor too near"
    assert largest[0] > largest[1] > largest[2]
    assert largest[0] > 2.0 * largest[2], "16 times the people: about a quarter is expected"


def test_spread_with_few_invitations_a_day_is_the_logistic_curve():
    people, daily, days = 3200, 0.03, 220
    seen = sizes(spread(people, daily, 1), people, days)
    t = np.arange(days)
    logistic = 1.0 / (1.0 + (1.0 / seen[0] - 1.0) * np.exp(-daily * t))
    expected, variance = mean_field(seen[0], days, daily, 1)
    length_of_day = np.abs(logistic - expected).max()
    assert length_of_day < daily / 2, "what is left of the day's being discrete"
    bound = DEVIATIONS * math.sqrt(variance.max() / people) + length_of_day
    assert np.abs(seen - logistic).max() < bound
    assert seen[-1] > 0.95 and seen[0] < 0.12


def test_everybody_is_asked_once_and_a_fair_coin_decides():
    # e = hope · trust = 0.6 and θ · 0.6 = 0.6: the logistic choice is a fair coin
    people = 800
    table = spread(
        people, 0.5, 32,
        people={kind: {"expectation": 1.0, "voice": 0.0} for kind in ("owner", "lurker")},
        values={"dimensions": ["sharing"]},
        platforms={"wechat": {"entry": "asked"}},
        rules={"initiation": {"ask_again_after": 1000}},
        record={"invitations": True},
    )  # fmt: skip
    world = lived(table, 60)
    asked = world.state.record.invitations
    assert len(set(asked["to"].tolist())) == asked.rows == people - 1, "nobody is asked twice"
    joined = int(world.state.groups["size"][0]) - 1
    assert stats.binomtest(joined, people - 1, 0.5).pvalue > RAREST


# Leaving without joining: survival


LEAVERS = {
    "group": {"platform": "forum", "first_contacts": 1000},
    "platforms": {"forum": {"discovery": "invitation", "entry": "dragged", "first_trust": 1.0}},
    "rules": {
        "belonging": {"leaving_rate": 1.2},
        "initiation": {"invitations_per_day": 0.0, "trust_base": 0.5, "trust_friends": 0.0,
                       "trust_owner_tie": 0.0},
    },
}  # fmt: skip
"""Everybody comes on the first day and nobody after; first trust is one half for all."""


def test_survival_at_steady_belonging_is_the_exponential_of_the_hazard():
    table, days = merged(circle(1000, **LEAVERS), {"rules": {"belonging": STEADY}}), 40
    runs = [days_of(table, days, seed) for seed in SEEDS]
    left = np.sum([[int(w.state.groups["size"][0]) - 1 for w in run] for run in runs], axis=0)
    hazard = 1.2 * 0.5**4
    survival = (1.0 - hazard) ** np.arange(days)
    bound = DEVIATIONS * np.sqrt(left[0] * survival * (1.0 - survival))
    assert np.all(np.abs(left - left[0] * survival) <= bound)
    # the discrete day: (1 − h)^t is the exponential of −t·(h + h²/2 + ...)
    assert np.allclose(survival, np.exp(np.arange(days) * math.log1p(-hazard)), rtol=1e-12)
    assert left[0] > 900 * len(SEEDS) and left[-1] < 0.1 * left[0]


def test_unequal_restlessness_makes_the_hazard_of_a_group_fall():
    unequal = {"restlessness": {"distribution": "gamma", "shape": 0.7, "mean": 1.0}}
    table = merged(circle(1000, **LEAVERS), {"rules": {"belonging": STEADY}})
    table, days = merged(table, {"people": {"lurker": unequal}}), 60
    left, expected, variance = np.zeros(days), np.zeros(days), np.zeros(days)
    for seed in SEEDS:
        worlds = days_of(table, days, seed)
        state = next(worlds).state
        people = state.memberships["member_person"][state.memberships.rows()].copy()
        hazards = np.minimum(1.0, 1.2 * state.people["restlessness"][people] * 0.5**4)
        hazards[people == state.groups["owner"][0]] = 0.0
        stays = (1.0 - hazards[:, None]) ** np.arange(days)
        left += [people.size, *(len(world.state.memberships) for world in worlds)]
        expected += stays.sum(axis=0)
        variance += (stays * (1.0 - stays)).sum(axis=0)
    assert np.all(np.abs(left - expected) <= DEVIATIONS * np.sqrt(variance) + 1e-9)
    assert left[-1] / left[-11] > left[10] / left[0] + 0.2, "who is restless goes first"


def hazards_day_by_day(
    table: dict[str, Any], days: int, seed: int
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Members at the start of each day and quits on it, and the hazard of each from the columns.

    Belonging does not move any more on the day after it is decided who stays; that of who left
    stands in his spell.
    """
    counts, hazards = [], []
    for world in days_of(table, days, seed):
        state, members = world.state, world.state.memberships
        rows, spells = members.rows(), state.record.spells
        gone = np.flatnonzero((spells["left"] == state.day) & (spells["reason"] == QUIT))
        came_before = members["joined"][rows] < state.day
        here = rows[came_before & (members["member_person"][rows] != state.groups["owner"][0])]
        people = np.append(members["member_person"][here], spells["person"][gone])
        belonging = np.append(members["belonging"][here], spells["belonging_left"][gone])
        restless = state.people["restlessness"][people]
        hazards.append(np.minimum(1.0, 1.2 * restless * (1.0 - belonging) ** 4))
        counts.append((here.size + gone.size, gone.size))
    return np.array(counts[1:]), hazards[1:]  # nobody has come on the first morning


def test_survival_is_the_product_of_the_hazards_whatever_belonging_does():
    kinds = {kind: {"restlessness": 1.0, "temper": 0.0} for kind in ("owner", "lurker")}
    table = merged(circle(1000, **LEAVERS), {"rules": {"belonging": {"trusted_giving": 0.05}}})
    table = merged(table, {"people": kinds})
    runs = [hazards_day_by_day(table, 60, seed) for seed in SEEDS]
    start, quits = sum(counts for counts, _ in runs).T
    hazards = [np.concatenate(day) for day in zip(*(found for _, found in runs), strict=True)]
    means = np.array([h.mean() for h in hazards])
    survival = np.cumprod(1.0 - means)
    bound = DEVIATIONS * np.sqrt(start[0] * survival * (1.0 - survival))
    assert np.all(np.abs(start - quits - start[0] * survival) <= bound)
    assert means.max() > 1.5 * means.min(), "belonging does move"
    expected, variance = (sum(f(h) for h in hazards) for f in (np.sum, lambda h: (h - h * h).sum()))
    assert abs(quits.sum() - expected) < DEVIATIONS * math.sqrt(variance)
    assert quits.sum() > 300 * len(SEEDS)
