"""Who knows whom, and friends inside: short lists, long lists, large circles."""

from __future__ import annotations

import numpy as np
import pytest
from twin.comparison import agree

from selforg_sim.engine.ties import SHORT_LIST, are_contacts
from selforg_sim.rules.interest import COUNTED_FRIENDS
from selforg_sim.scenario import scenario_from_dict
from selforg_sim.simulation import run_world


@pytest.mark.parametrize("known", [0, 1, SHORT_LIST - 1, SHORT_LIST, SHORT_LIST + 1, 300])
def test_short_and_long_lists_of_contacts_tell_the_same(known):
    other = np.arange(2, 2 + 3 * known, 3, dtype=np.int32)
    first = np.array([0, known], dtype=np.int64)
    asked = range(2 * known + 1000)
    found = [b for b in asked if are_contacts(0, b, first, other)]
    assert found == [b for b in asked if b in set(other.tolist())]


def test_the_company_of_very_many_friends_is_that_of_the_twin():
    circle = scenario_from_dict(
        {
            "name": "everybody_knows_everybody",
            "horizon": 12,
            "people": {"owner": {"count": 1}, "lurker": {"count": 139}},
            "contacts": {"mean": 130},
            "founding": {"groups": 1},
            "group": {"first_contacts": 130, "clarity": 0.9},
            "rules": {"influence": {"friends_scale": 40.0}},
        }
    )
    friends = run_world(circle, 1)[0].state.memberships["friends"]
    assert friends.max() > COUNTED_FRIENDS, "else nothing is tested here"
    agree(circle, 1)
