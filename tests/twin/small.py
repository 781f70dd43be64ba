"""Strategies for small worlds: hypothesis leaves out of a failing one what does not matter."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from selforg_sim.scenario import Scenario, scenario_from_dict

SHARE = st.floats(0.0, 1.0).map(lambda x: round(x, 3))
LAST = st.one_of(st.none(), st.integers(1, 9))

LEVERS = {
    "platform": st.sampled_from(["wechat", "qq", "weibo", "forum"]),
    "clarity": SHARE, "rules_stated": SHARE, "rules_enforced": SHARE, "strictness": SHARE,
    "shared": SHARE, "attention_on_core": SHARE, "advertising": SHARE, "splitting": st.booleans(),
    "levels": st.sampled_from([1, 2, 3, "auto"]), "seats": st.integers(1, 12),
    "return_rate": st.floats(0.0, 3.0), "days_to_cash": st.sampled_from([0.5, 1.0, 7.0, "never"]),
    "red_envelopes": st.floats(0.0, 5.0), "meet_ups": st.floats(0.0, 30.0),
    "first_contacts": st.integers(0, 20),
}  # fmt: skip
FIXED = ("platform", "seats", "first_contacts")
CHANGES = {name: lever for name, lever in LEVERS.items() if name not in FIXED}

RULES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "initiation": {
        "invitations_per_day": st.floats(0.0, 3.0), "turning_chance": SHARE,
        "watched_share": st.floats(0.0, 2.0), "encounters_per_week": st.floats(0.0, 7.0),
        "ask_again_after": st.integers(1, 20),
    },
    "value_core": {"core_drift": SHARE, "supply_rate": SHARE, "disrupting_days": SHARE},
    "belonging": {
        "leaving_rate": st.floats(0.0, 3.0), "leaving_power": st.floats(0.0, 6.0),
        "removal_chance": SHARE, "drift_off_after": st.integers(0, 9), "drift_off_chance": SHARE,
    },
    "structure": {"span": st.floats(0.0, 9.0)},
    "influence": {
        "value_drift": SHARE, "social_friends": st.booleans(), "social_drift": st.booleans(),
        "social_members_invite": st.booleans(),
    },
    "aggregation": {"complementarity": st.floats(0.2, 1.0), "even_part": SHARE},
    "evolution": {
        "founding_chance": st.floats(0.0, 0.1), "splitting_chance": SHARE, "splitting_fit": SHARE,
        "splitting_influence": SHARE, "dissolving_days": st.integers(1, 14),
    },
}  # fmt: skip


def some_of(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Some keys of a table; what is not there is as by default."""
    return st.fixed_dictionaries({}, optional=fields)


def events(days: int) -> st.SearchStrategy[dict[str, Any]]:
    """One event on some day, to all groups."""

    def of(name: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
        when = {"event": st.just(name), "day": st.integers(1, days)}
        return st.fixed_dictionaries(when | fields)

    return st.one_of(
        of("meet_up"),
        of("owner_leaves"),
        of("owner_silent", days=LAST),
        of("supply_stops", who=st.just("others"), days=LAST),
        of("advertising", hours=st.floats(0.1, 5.0), days=st.integers(1, 9)),
        of("red_envelopes", amount=st.floats(0.1, 5.0), days=st.integers(1, 9)),
        of("rules_changed", set=some_of(CHANGES).filter(bool)),
    )


@st.composite
def small_worlds(draw: st.DrawFn) -> Scenario:
    """At most fifty people over at most three weeks."""
    days, groups = draw(st.integers(1, 21)), draw(st.integers(1, 3))
    counts = {"influencer": 4, "lurker": 30, "troublemaker": 10}
    people = {kind: {"count": draw(st.integers(0, most))} for kind, most in counts.items()}
    generators = ["none", "small_world", "preferential_attachment", "blocks"]
    return scenario_from_dict(
        {
            "name": "small",
            "horizon": days,
            "people": {"owner": {"count": groups}, **people},
            "contacts": {
                "generator": draw(st.sampled_from(generators)),
                "mean": draw(st.floats(0.0, 12.0)),
            },
            "founding": {"groups": groups, "free": draw(st.booleans())},
            "group": draw(some_of(LEVERS)),
            "groups": {"g1": draw(some_of(LEVERS | {"opens": st.integers(0, days)}))},
            "events": draw(st.lists(events(days), max_size=4)),
            "rules": draw(some_of({point: some_of(r) for point, r in RULES.items()})),
        }
    )
