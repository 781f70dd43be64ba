"""Limits with known answers, second part: what stays or comes to rest; time, cash, founding.

Every answer is derived here from the equations of the rules, never by calling their functions.
"""

from __future__ import annotations

import numpy as np
import pytest
from circles import EVERYBODY_GIVES, STEADY, circle, days_of, lived, merged, of_members

DEVIATIONS = 4.0
OUTSIDE_LIFE = 0.8

# Social influence off: values stay


BUSY = {
    "name": "busy",
    "people": {"owner": {"count": 4}, "influencer": {"count": 8}, "lurker": {"count": 100}},
    "contacts": {"mean": 12},
    "founding": {"groups": 4, "free": True},
    "rules": {"evolution": {"founding_chance": 0.005}},
}
OFF = {"social_drift": False, "social_core_moves": False}


def test_values_stay_to_the_bit_without_social_influence():
    world = lived(merged(BUSY, {"rules": {"influence": OFF}}), 60)
    groups = world.state.groups
    assert np.array_equal(world.state.people["values"], world.born_values)
    assert np.array_equal(groups["core"], groups["first_core"])
    assert len(world.state.memberships) > 60
    moved = lived(BUSY, 60)
    assert np.count_nonzero(moved.state.people["values"] != moved.born_values) > 100
    assert np.count_nonzero(moved.state.groups["core"] != moved.state.groups["first_core"]) > 10


def test_a_drift_of_0_leaves_values_but_for_the_rounding_of_their_length():
    world = lived(merged(BUSY, {"rules": {"influence": {"value_drift": 0.0}}}), 60)
    change = np.abs(world.state.people["values"] - world.born_values).max()
    assert change <= 2 * np.finfo(float).eps


def test_values_turn_to_the_core_along_the_shortest_way():
    # b = 1 and only the owner gives, so the core stays: v ← (1 − α)·v + α·C, then to unit length
    drift, days = 0.05, 40
    table = circle(
        60,
        people={"owner": {"voice": 1.0}, "lurker": {"voice": 0.0}},
        rules={"belonging": STEADY, "influence": {"value_drift": drift}},
    )
    world = lived(table, days)
    core = world.state.groups["first_core"][0]
    people = of_members(world, "member_person")[of_members(world, "joined") == 1]
    cosine = world.born_values[people] @ core
    for _ in range(days - 1):
        along = (1.0 - drift) * cosine + drift
        cosine = along / np.sqrt(along**2 + (1.0 - drift) ** 2 * (1.0 - cosine**2))
    assert people.size > 50
    assert np.allclose(world.state.people["values"][people] @ core, cosine, rtol=0, atol=1e-12)
    assert np.allclose(world.state.groups["core"][0], core, rtol=0, atol=1e-13)
    given = world.state.memberships["last_gave"][world.state.memberships.rows()]
    assert np.count_nonzero(given >= 0) == 1, "the owner alone gives"


# One closed circle: belonging comes to rest


def at_rest(people: int, trust_weight: float, evidence: float) -> tuple[float, float]:
    """Belonging of owner and members where nothing moves any more.

    All are alike and give every day ``y = b/(0.8 + b)``; the owner trusts himself fully::

        Y = y_owner + (n − 1)·y,  Q = Y/(Y + 1),  x = Q·(1 − y/Y),  o = y_owner/(y_owner + ¼)
        b = (m₁·o + m·x/(x + θ)) / (m₁ + m)
    """
    owner = member = 0.5
    for _ in range(2000):
        by_owner, by_member = owner / (OUTSIDE_LIFE + owner), member / (OUTSIDE_LIFE + member)
        supply = by_owner + (people - 1) * by_member
        quality = supply / (supply + 1.0)

        def target(trust: float, given: float, supply=supply, quality=quality) -> float:
            x = quality * (1.0 - given / supply)
            return (trust_weight * trust + evidence * x / (x + 0.2)) / (trust_weight + evidence)

        owner = target(1.0, by_owner)
        member = target(by_owner / (by_owner + 0.25), by_member)
    return owner, member


@pytest.mark.parametrize(
    ("trust_weight", "exact"), [(1e-9, 1e-9), (1e9, 1e-6), (10.0, 1e-4)],
    ids=["experience alone", "trust alone", "both"],
)  # fmt: skip
def test_belonging_of_a_closed_circle_comes_to_its_point_of_rest(trust_weight, exact):
    people, days = 20, 900
    table = circle(
        people,
        people={"owner": {"voice": 1.0}, "lurker": {"voice": 1.0}},
        values={"dimensions": ["sharing"]},
        rules={
            "belonging": {"trust_weight": trust_weight},
            "influence": {"social_friends": False},
            "structure": {"care_time": 1e-9},
            "value_core": EVERYBODY_GIVES,
        },
    )
    world = lived(table, days)
    belonging = of_members(world, "belonging")
    assert belonging.size == people
    evidence = float(days - 1)  # a day of full supply counts one
    owner, member = at_rest(people, trust_weight, evidence)
    assert belonging[0] == pytest.approx(owner, abs=exact)
    assert np.allclose(belonging[1:], member, rtol=0, atol=exact)
    assert 0.1 < member < 0.9


# Time, cash, founding


def test_time_is_spread_as_claims_against_life_outside():
    table = circle(
        40, founding={"groups": 3}, people={"owner": {"count": 3}, "lurker": {"budget": 0.7}},
        rules={"belonging": STEADY, "initiation": {"trust_base": 0.4, "trust_friends": 0.0,
                                                   "trust_owner_tie": 0.0}},
    )  # fmt: skip
    world = lived(table, 10)
    hours = np.zeros(world.state.people.rows)
    np.add.at(hours, of_members(world, "member_person"), of_members(world, "hours"))
    assert np.all(world.state.memberships["member_count"] == 3), "everybody is in all three"
    owners = world.state.people["kind"] == 0
    # an owner claims 1 + 0.4 + 0.4, everybody else 3 · 0.4; a budget of one hour, and of 0.7
    assert np.allclose(hours[owners], 1.8 / (OUTSIDE_LIFE + 1.8), rtol=1e-14)
    assert np.allclose(hours[~owners], 0.7 * 1.2 / (OUTSIDE_LIFE + 1.2), rtol=1e-14)


@pytest.mark.parametrize("days_to_cash", [1.0, 10.0, "never"])
def test_the_pool_of_cash_fills_and_empties_geometrically(days_to_cash):
    # each gives 1/(0.8 + 1) a day, the core is projects alone: made = rate · members/1.8
    rate, change = 0.3, 40
    table = circle(
        20,
        people={"owner": {"voice": 1.0}, "lurker": {"voice": 1.0}},
        values={"dimensions": ["projects"]},
        population={"resources": 1},
        group={"return_rate": rate, "days_to_cash": days_to_cash},
        rules={"belonging": STEADY, "value_core": EVERYBODY_GIVES},
        events=[{"event": "rules_changed", "day": change, "set": {"return_rate": 0.0}}],
    )
    worlds = days_of(table, 70)
    seen = np.array([[w.state.groups[name][0] for name in ("pool", "size")] for w in worlds])
    kept = 1.0 if days_to_cash == "never" else 1.0 - 1.0 / days_to_cash
    pool, members, expected = 0.0, 1, []
    for day, size in enumerate(seen[:, 1], 1):
        made = rate * members / (OUTSIDE_LIFE + 1.0) if day < change else 0.0
        pool, members = (pool + made) * kept, size
        expected.append(pool)
    assert members == 20
    assert np.allclose(seen[:, 0], expected, rtol=1e-12, atol=1e-12)


def test_founding_is_a_race_of_equal_chances_that_quickens_after_two_weeks():
    people, chance, days = 3000, 0.01, 40
    table = {
        "name": "founding",
        "people": {"lurker": {"count": people}},
        "contacts": {"generator": "none"},
        "founding": {"groups": 0, "free": True},
        "rules": {
            "evolution": {
                "founding_chance": chance, "founding_boost": 4.0, "unsatisfied_days": 14,
                "dissolving_days": 10_000,
            }
        },
    }  # fmt: skip
    founded = np.array([world.state.groups.rows for world in days_of(table, days)])
    t = np.arange(1, days + 1)
    without = (1.0 - chance) ** np.minimum(t, 13) * (1.0 - 4.0 * chance) ** np.maximum(t - 13, 0)
    bound = DEVIATIONS * np.sqrt(people * without * (1.0 - without))
    assert np.all(np.abs(founded - people * (1.0 - without)) <= bound)
