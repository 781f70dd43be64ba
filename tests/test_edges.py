"""The edges: nobody, nothing, nowhere, never — every such run ends well and can be read."""

from __future__ import annotations

from typing import Any

import pytest

from selforg_sim.errors import RunError
from selforg_sim.results.schema import TABLES
from selforg_sim.results.store import Results
from selforg_sim.rules import initiation
from selforg_sim.scenario import scenario_from_dict
from selforg_sim.simulation import run_world, simulate

HORIZON = 12
ORDINARY: dict[str, Any] = {
    "name": "edge",
    "horizon": HORIZON,
    "people": {
        "owner": {"count": 3},
        "influencer": {"count": 6},
        "lurker": {"count": 25},
        "troublemaker": {"count": 3},
    },
    "contacts": {"mean": 8},
    "founding": {"groups": 2},
    "record": {"memberships_every": 3},
}


def run(**changes: Any) -> Results:
    """Run the ordinary scenario with some tables changed; read every table."""
    results = simulate(scenario_from_dict({**ORDINARY, **changes}))
    assert set(results.tables) == set(TABLES)
    for name, table in results.tables.items():
        table.validate(full=True)
        assert len(results.table(name)) == table.num_rows
    return results


def columns(results: Results, table: str) -> dict[str, list[Any]]:
    return results.tables[table].to_pydict()


def rows(results: Results) -> dict[str, int]:
    return {name: table.num_rows for name, table in results.tables.items()}


def sizes_on(results: Results, day: int) -> list[int]:
    series = columns(results, "series")
    return [s for s, d in zip(series["size"], series["day"], strict=True) if d == day]


def test_nobody_at_all():
    assert set(rows(run(people={}, founding={"groups": 0})).values()) == {0}


def test_nobody_at_all_even_with_free_founding_and_kinds_of_nobody():
    people = {"owner": {"count": 0}, "lurker": {"count": 0}}
    results = run(people=people, founding={"groups": 0, "free": True})
    assert set(rows(results).values()) == {0}


@pytest.mark.parametrize("generator", ["small_world", "preferential_attachment", "blocks", "none"])
def test_one_person_without_a_group(generator):
    results = run(
        people={"lurker": {"count": 1}},
        founding={"groups": 0},
        contacts={"generator": generator, "mean": 20},
    )
    assert columns(results, "people")["contacts"] == [0]
    assert rows(results)["spells"] == 0


def test_one_person_with_a_group():
    results = run(people={"owner": {"count": 1}}, founding={"groups": 1})
    assert set(columns(results, "series")["size"]) <= {0, 1}
    assert rows(results)["spells"] == 1


def test_one_person_who_founds_group_after_group():
    rules = {"evolution": {"founding_chance": 1.0, "dissolving_days": 1}}
    results = run(
        people={"lurker": {"count": 1, "voice": 0.0}},
        founding={"groups": 0, "free": True},
        rules=rules,
    )
    groups = columns(results, "groups")
    assert len(groups["group"]) > 2
    assert groups["parent"] == [None] * len(groups["group"])


def test_two_people_one_tie():
    people = {"owner": {"count": 1}, "lurker": {"count": 1}}
    results = run(people=people, founding={"groups": 1}, contacts={"mean": 1})
    assert max(columns(results, "series")["size"]) <= 2


def test_one_group_and_no_contacts():
    results = run(founding={"groups": 1}, contacts={"generator": "none"})
    assert set(columns(results, "people")["contacts"]) == {0}
    assert set(columns(results, "series")["size"]) <= {0, 1}, "nobody can be invited"
    assert rows(results)["invitations"] == 0


def test_no_contacts_in_a_place_that_is_browsed():
    group = {"platform": "forum"}
    rules = {"initiation": {"encounters_per_week": 7.0, "choice_width": 5.0}}
    results = run(founding={"groups": 2}, contacts={"generator": "none"}, group=group, rules=rules)
    assert set(columns(results, "invitations")["from"]) <= {None}


SILENT_FORUMS: dict[str, Any] = {
    "contacts": {"generator": "none"},
    "group": {"platform": "forum", "strictness": 1.0},
    "rules": {
        "initiation": {"encounters_per_week": 7.0, "screened_fit": 1.0},
        "evolution": {"dissolving_days": 2},
    },
}
"""People look for groups every day, and none lets them in: its owner alone keeps it alive."""


def found_after_its_end(results: Results) -> list[int]:
    """Groups that somebody came across after they had ended."""
    asked, ended = columns(results, "invitations"), columns(results, "groups")["ended"]
    found = zip(asked["group"], asked["day"], strict=True)
    return [g for g, day in found if ended[g] is not None and day > ended[g]]


def test_where_all_groups_have_ended_nobody_comes_across_any():
    people = {"owner": {"count": 3, "voice": 1.0}, "lurker": {"count": 25, "voice": 0.0}}
    gone = [{"event": "owner_leaves", "day": 4}]
    results = run(people=people, events=gone, **SILENT_FORUMS)
    assert max(columns(results, "groups")["ended"]) < HORIZON - 3
    assert columns(results, "invitations")["group"] and not found_after_its_end(results)


def test_the_one_left_of_many_groups_is_found_at_its_place():
    people = {"owner": {"count": 40, "voice": 1.0}, "lurker": {"count": 25, "voice": 0.0}}
    names = [f"g{number}" for number in range(1, 41) if number != 30]
    gone = [{"event": "owner_leaves", "day": 4, "groups": names}]
    results = run(people=people, founding={"groups": 40}, events=gone, **SILENT_FORUMS)
    ended = columns(results, "groups")["ended"]
    assert [g for g, day in enumerate(ended) if day is None] == [29]
    days = columns(results, "invitations")["day"]
    assert max(days) > HORIZON - 3 and not found_after_its_end(results)


def test_a_group_too_many_ends_the_run_in_words(monkeypatch):
    monkeypatch.setattr(initiation, "MOST_GROUPS", 3)  # instead of 4 million
    rules = {"evolution": {"founding_chance": 0.2}}
    crowded = {**ORDINARY, "founding": {"groups": 3, "free": True}, "rules": rules}
    with pytest.raises(RunError, match=r"phase 'found': .* more than 3 groups: there is no room"):
        run_world(scenario_from_dict(crowded), 1)
    full = {**ORDINARY, "founding": {"groups": 3}}
    assert run_world(scenario_from_dict(full), 1)[0].state.groups.rows == 3


def test_everybody_knows_everybody():
    results = run(contacts={"mean": 130})
    assert max(columns(results, "people")["contacts"]) == 36


@pytest.mark.parametrize("seats", [1, 2])
def test_every_seat_taken(seats):
    results = run(group={"seats": seats, "first_contacts": 30})
    assert max(columns(results, "series")["size"]) == seats
    outcomes = columns(results, "invitations")["outcome"]
    assert "full" in outcomes
    assert outcomes.count("joined") + 2 == rows(results)["spells"]
    assert (outcomes.count("joined") > 0) == (seats == 2)


def test_horizon_0():
    results = run(horizon=0)
    assert set(columns(results, "series")["day"]) == {0}
    assert sizes_on(results, 0) == [1, 1], "the owners are in"
    assert rows(results)["invitations"] == 0
    assert columns(results, "memberships")["day"] == [0, 0]


def test_horizon_0_with_a_group_that_cannot_open():
    results = run(horizon=0, people={}, founding={"groups": 0})
    assert set(rows(results).values()) == {0}


def test_a_horizon_of_one_day_recorded_seldom():
    record = {"series_every": 100, "memberships_every": 100}
    results = run(horizon=1, record=record)
    assert set(columns(results, "series")["day"]) == {0, 1}, "the last day is always recorded"


def test_no_groups():
    counts = rows(run(founding={"groups": 0}))
    assert counts.pop("people") == 37
    assert set(counts.values()) == {0}


def test_a_group_that_opens_on_the_last_day():
    results = run(groups={"late": {"opens": HORIZON}})
    groups = columns(results, "groups")
    assert groups["founded"][groups["name"].index("late")] == HORIZON
    spells = columns(results, "spells")
    assert HORIZON in spells["joined"]
    assert len(sizes_on(results, HORIZON - 1)) == 2 and len(sizes_on(results, HORIZON)) == 3


def test_a_rival_founded_on_the_day_of_its_event():
    results = run(events=[{"event": "rival_opens", "day": 5, "name": "rival"}])
    groups, events = columns(results, "groups"), columns(results, "events")
    rival = groups["name"].index("rival")
    assert groups["founded"][rival] == 5
    days = {d for d, g in zip(events["day"], events["group"], strict=True) if g == rival}
    assert min(days) == 5


@pytest.mark.parametrize("who", [["g1"], "all"])
def test_the_owner_leaves_on_day_1(who):
    results = run(events=[{"event": "owner_leaves", "day": 1, "groups": who}])
    spells = columns(results, "spells")
    left = [g for g, r in zip(spells["group"], spells["reason"], strict=True) if r == "owner left"]
    assert left == ([0] if who == ["g1"] else [0, 1])
    series = columns(results, "series")
    present = list(zip(series["day"], series["group"], series["owner_present"], strict=True))
    assert (0, 0, 1) in present and (1, 0, 1) not in present


def test_the_owner_leaves_twice_and_falls_silent_when_gone():
    events = [
        {"event": "owner_leaves", "day": 1},
        {"event": "owner_leaves", "day": 1},
        {"event": "owner_silent", "day": 1},
        {"event": "supply_stops", "day": 2, "who": "others"},
        {"event": "red_envelopes", "day": 2, "amount": 5.0, "days": 3},
        {"event": "advertising", "day": 2, "hours": 5.0, "days": 3},
        {"event": "meet_up", "day": 2},
    ]
    results = run(events=events)
    assert set(columns(results, "series")["envelopes"]) == {0.0}, "nobody is there to give any"
    reasons = columns(results, "spells")["reason"]
    assert reasons.count("owner left") == 2


def test_a_group_of_the_owner_alone_whose_owner_leaves_on_day_1():
    results = run(contacts={"generator": "none"}, events=[{"event": "owner_leaves", "day": 1}])
    assert columns(results, "groups")["ended"] == [1, 1], "a group of nobody ends"
    assert "belonging" in columns(results, "series")


def test_all_groups_dissolve():
    silent = {kind: {**spec, "voice": 0.0} for kind, spec in ORDINARY["people"].items()}
    results = run(people=silent, rules={"evolution": {"dissolving_days": 3}})
    assert columns(results, "groups")["ended"] == [3, 3]
    assert set(columns(results, "spells")["reason"]) >= {"group ended"}
    assert None not in columns(results, "spells")["left"]
    assert set(columns(results, "series")["messages"]) == {0}
    memberships = columns(results, "memberships")
    assert max(memberships["day"]) < 3


def test_events_in_groups_that_have_ended():
    silent = {kind: {**spec, "voice": 0.0} for kind, spec in ORDINARY["people"].items()}
    names = ("owner_leaves", "owner_silent", "supply_stops", "meet_up")
    results = run(
        people=silent,
        rules={"evolution": {"dissolving_days": 3}},
        events=[{"event": name, "day": 8, "groups": ["g1"]} for name in names],
    )
    assert 8 not in columns(results, "events")["day"], "nothing happens to what is no more"


def test_what_is_laid_on_for_some_days_ends_in_daughters_too():
    rules = {"splitting_chance": 1.0, "splitting_influence": 0.0, "splitting_fit": 1.0}
    results = run(
        contacts={"mean": 20},
        rules={"evolution": rules},
        events=[
            {"event": "advertising", "day": 3, "hours": 3.0, "days": 4},
            {"event": "red_envelopes", "day": 3, "amount": 3.0, "days": 4},
        ],
    )
    groups = columns(results, "groups")
    assert any(
        parent is not None and 3 <= founded < 7
        for parent, founded in zip(groups["parent"], groups["founded"], strict=True)
    ), "daughters are founded meanwhile"
    assert set(groups["advertising"]) == {0.0}
    assert set(groups["red_envelopes"]) == {0.0}


def test_rules_changed_while_something_is_laid_on_for_some_days():
    results = run(
        events=[
            {"event": "advertising", "day": 2, "hours": 3.0, "days": 4},
            {"event": "rules_changed", "day": 4, "set": {"advertising": 0.5}},
        ]
    )
    series = columns(results, "series")
    assert set(columns(results, "groups")["advertising"]) == {0.5}, "the new rule stays"
    pairs = zip(series["day"], series["advertised"], strict=True)
    assert {hours for day, hours in pairs if day >= 6} == {0.5}


def test_what_is_in_the_pool_is_paid_even_when_no_more_is_made():
    results = run(
        group={"return_rate": 1.0, "days_to_cash": 2},
        events=[{"event": "rules_changed", "day": 6, "set": {"return_rate": 0.0}}],
    )
    series = columns(results, "series")
    first = [i for i, g in enumerate(series["group"]) if g == 0]
    pool = {series["day"][i]: series["pool"][i] for i in first}
    assert pool[5] > 0
    assert pool[8] == pytest.approx(pool[5] / 8), "half of it is paid on each of days 6, 7 and 8"


def test_an_owner_silent_for_good_is_not_woken_by_another_event():
    results = run(
        people={**ORDINARY["people"], "owner": {"count": 2, "voice": 1.0}},
        events=[
            {"event": "owner_silent", "day": 2},
            {"event": "supply_stops", "day": 3, "days": 2},
        ],
    )
    series = columns(results, "series")
    pairs = zip(series["day"], series["messages"], strict=True)
    assert sum(messages for day, messages in pairs if day == 1) > 0
    memberships = columns(results, "memberships")
    owners = [i for i, s in enumerate(memberships["standing"]) if s == "owner"]
    influence: dict[tuple[int, int], list[float]] = {}
    for i in owners:
        if memberships["day"][i] >= 3:
            key = (memberships["person"][i], memberships["group"][i])
            influence.setdefault(key, []).append(memberships["influence"][i])
    assert influence
    for fading in influence.values():
        assert fading == sorted(fading, reverse=True), "who gives nothing loses influence"


@pytest.mark.parametrize(
    "lever",
    [
        {"strictness": 1.0},
        {"strictness": 0.0},
        {"clarity": 0.0},
        {"clarity": 1.0},
        {"days_to_cash": "never", "return_rate": 1.0},
        {"days_to_cash": 0.001, "return_rate": 1.0},
        {"return_rate": 0.0},
        {"levels": "auto"},
        {"levels": 1},
        {"levels": 3},
        {"first_contacts": 0},
        {"first_contacts": 1_000},
        {"shared": 1.0, "attention_on_core": 1.0},
        {"shared": 0.0, "attention_on_core": 0.0},
        {"rules_stated": 0.0, "rules_enforced": 0.0},
        {"rules_stated": 1.0, "rules_enforced": 1.0},
        {"advertising": 24.0},
        {"red_envelopes": 1e9},
        {"meet_ups": 30},
        {"values": {"earning": 1}, "advertising_values": {"friendship": 2}, "advertising": 1.0},
    ],
    ids=lambda lever: ",".join(f"{name}={value}" for name, value in lever.items()),
)
def test_levers_at_their_ends(lever):
    results = run(group=lever)
    series = columns(results, "series")
    assert sizes_on(results, 0) == [1, 1]
    if lever.get("days_to_cash") == "never":
        assert set(series["paid"]) == {0.0}
        assert max(series["pool"]) > 0
    if lever.get("return_rate") == 0.0:
        assert set(series["pool"]) == {0.0}
    if lever.get("strictness") == 1.0:
        assert "refused" in columns(results, "invitations")["outcome"]
    if lever.get("levels") == "auto":
        assert columns(results, "groups")["levels"] == [None, None]


@pytest.mark.parametrize(
    "trait",
    [
        {"budget": 0.0},
        {"dedication": 0.0},
        {"voice": 1.0},
        {"voice": 0.0},
        {"interest": 1.0},
        {"interest": 0.0},
        {"expectation": 0.0},
        {"expectation": 100.0},
        {"patience": 0, "temper": 1.0, "expectation": 1.0},
        {"restlessness": 0.0},
        {"restlessness": 1000.0},
        {"status": 1.0},
        {"ties": 0.0},
        {"ties": 10.0},
    ],
    ids=lambda trait: ",".join(f"{name}={value}" for name, value in trait.items()),
)
def test_people_at_their_ends(trait):
    people = {kind: {**spec, **trait} for kind, spec in ORDINARY["people"].items()}
    results = run(people=people)
    if trait.get("budget") == 0.0 or trait.get("dedication") == 0.0:
        assert set(columns(results, "series")["supply"]) == {0.0}


def test_one_value_and_one_resource():
    results = run(values={"dimensions": ["sharing"]}, population={"resources": 1})
    assert columns(results, "people")["value_sharing"] == pytest.approx([1.0] * 37)
    assert set(columns(results, "people")["resource"]) == {0}
    assert set(columns(results, "series")["pool"]) == {0.0}, "no projects, no earning, no cash"


@pytest.mark.parametrize("concentration", [0.001, 0.01, 1000.0])
def test_people_value_something_however_one_sided_they_are(concentration):
    results = run(values={"concentration": concentration})
    people = columns(results, "people")
    names = [name for name in people if name.startswith("value_")]
    for weights in zip(*(people[name] for name in names), strict=True):
        assert sum(w * w for w in weights) == pytest.approx(1.0)


def test_everything_switched_off():
    switches = (
        "social_attraction", "social_returns_draw", "social_drift", "social_core_moves",
        "social_friends", "social_members_invite",
    )  # fmt: skip
    results = run(rules={"influence": dict.fromkeys(switches, False)})
    inviting = set(columns(results, "invitations")["from"])
    assert inviting <= set(columns(results, "groups")["founder"]), "the owners alone invite"


def test_nothing_kept():
    record = {"invitations": False, "spells": False, "events": False, "memberships_every": 0}
    results = simulate(scenario_from_dict({**ORDINARY, "record": record}))
    assert set(results.tables) == {"series", "groups", "people"}


def test_the_greatest_seed():
    results = simulate(scenario_from_dict({**ORDINARY, "seed": 2**63 - 1}))
    assert results.tables["series"].num_rows
