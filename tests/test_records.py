"""Records say what happened: who left when, which groups ended, which events took place."""

from __future__ import annotations

import random

import numpy as np
import pytest

from selforg_sim.model import SelfOrgModel
from selforg_sim.observe import LARGE_GROUP, take_inequality
from selforg_sim.results.measures import headline
from selforg_sim.scenario import scenario_from_dict
from selforg_sim.simulation import run_world, simulate

PEOPLE = {"owner": {"count": 2}, "influencer": {"count": 4}, "lurker": {"count": 40}}


def scenario(**tables):
    return scenario_from_dict(
        {"name": "told", "horizon": 12, "people": PEOPLE, "founding": {"groups": 2}, **tables}
    )


def test_a_group_that_ends_between_recorded_days_is_told_of():
    results = simulate(
        scenario(
            horizon=5,
            people={"owner": {"count": 2}},
            contacts={"generator": "none"},
            events=[{"event": "owner_leaves", "day": 2}],
            record={"series_every": 5},
        )
    )
    series = results.table("series")
    gone = series["quits"].sum() + series["ended"].sum()
    assert series["joins"].sum() == gone > 0
    last = series[series["day"] == 5]
    assert last["size"].tolist() == [0, 0] and set(last["stage"]) == {"ended"}
    number = {h.name: h.median for h in headline(results)}
    assert number["memberships"] == 0 and number["groups_alive"] == 0


def test_an_event_that_finds_no_owner_is_not_told():
    events = [{"event": "owner_leaves", "day": day} for day in (2, 3)]
    events += [{"event": "red_envelopes", "day": 4, "amount": 1.0}]
    told = simulate(scenario(events=events)).table("events")
    assert told["event"].tolist().count("owner_leaves") == 2
    assert "red_envelopes" not in set(told["event"])
    assert told.loc[told["event"] == "owner_leaves", "person"].tolist() == [0, 1]


def test_a_rival_is_told_of_once():
    events = [{"event": "rival_opens", "day": 3, "name": "rival"}]
    people = PEOPLE | {"owner": {"count": 3}}
    told = simulate(scenario(people=people, events=events)).table("events")
    assert told.loc[told["group"] == 2, "event"].tolist() == ["rival_opens"]
    assert told.loc[told["group"] == 2, "person"].tolist() == [2]


def test_a_split_names_mother_rebel_and_daughter():
    rules = {
        "evolution": {
            "splitting_chance": 1.0, "splitting_influence": 0.0, "splitting_fit": 1.0,
        }
    }  # fmt: skip
    results = simulate(scenario(horizon=30, rules=rules))
    told, groups = results.table("events"), results.table("groups")
    splits = told[told["event"] == "split"]
    assert len(splits) > 0
    for split in splits.itertuples():
        daughter = groups[groups["group"] == split.other].iloc[0]
        assert daughter["parent"] == split.group and daughter["founder"] == split.person


def test_silenced_others_are_drawn_group_by_group():
    people = {"owner": {"count": 2}, "lurker": {"count": 30}}
    table = scenario(
        people=people,
        contacts={"mean": 40},
        group={"first_contacts": 30},
        events=[{"event": "supply_stops", "who": "others", "day": 8}],
    )
    world, _, _ = run_world(table, 3)
    a = world.state.memberships.arrays
    rows = world.state.memberships.rows()
    rows = rows[a["muted_until"][rows] > 12]
    silenced = [set(a["member_person"][rows[a["member_group"][rows] == g]]) for g in (0, 1)]
    assert all(silenced) and silenced[0] != silenced[1]


@pytest.mark.parametrize("every", [1, 7, 10])
def test_losses_of_a_month_do_not_depend_on_how_often_is_recorded(every):
    results = simulate(scenario(horizon=70, record={"series_every": every}))
    spells = results.table("spells")
    recorded = np.unique(results.table("series")["day"])
    since = recorded[recorded <= 40][-1]
    left = ((spells["left"] > since) & (spells["left"] <= 70)).sum()
    series = results.table("series").query("day > @since")
    present = series.groupby("day")["size"].sum().mean()
    number = {h.name: h.median for h in headline(results)}
    assert number["churn"] == pytest.approx(left / present * 30 / (70 - since))


def test_results_stay_as_they_are_while_the_model_goes_on():
    model = SelfOrgModel(scenario())
    for _ in range(5):
        model.step()
    before = model.results()
    budget = before.table("people")["budget"].tolist()
    spells = before.table("spells")
    model.agents.set("budget", 9.0)
    for _ in range(5):
        model.step()
    assert before.table("people")["budget"].tolist() == budget
    assert before.table("spells").equals(spells)


def test_people_beyond_the_file_know_nobody(tmp_path):
    path = tmp_path / "ties.txt"
    path.write_text("a b\nb c\nc a\n")
    contacts = {"generator": "file", "path": str(path)}
    people = simulate(scenario(contacts=contacts)).table("people")
    assert people["contact_id"].notna().sum() == 3
    assert (people.loc[people["contact_id"].isna(), "contacts"] == 0).all()
    assert (people.loc[people["contact_id"].notna(), "contacts"] == 2).all()


@pytest.mark.parametrize("givers", [LARGE_GROUP - 1, LARGE_GROUP, LARGE_GROUP + 1])
def test_inequality_of_small_and_large_groups_is_the_same_number(givers):
    luck = random.Random(givers)
    amounts = np.array([luck.random() for _ in range(givers)])
    spread = np.abs(np.subtract.outer(amounts, amounts)).sum() / (2 * givers * amounts.sum())
    given = np.concatenate([amounts, amounts])
    starts = np.array([0, givers])
    ends = starts + givers
    found = np.empty(2)
    given[:givers].sort()
    take_inequality(np.array([givers, givers]), starts, ends, given, found)
    assert found[0] == pytest.approx(spread)
    if givers < LARGE_GROUP:
        assert found[1] == found[0], "a small group need not be sorted before"
