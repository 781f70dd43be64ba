"""Why people leave: shares by hand, in drawn cases, in whole runs, and told in sentences."""

from __future__ import annotations

import json
import random
import shlex
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from circles import ALIKE, circle
from hypothesis import given, settings
from hypothesis import strategies as st
from test_cli import selforg
from twin.drawn import drawn_scenario

from selforg_sim.engine.codes import DRIFTED_OFF, QUIT, REASONS, STANDINGS, WHY
from selforg_sim.engine.loop import Loop
from selforg_sim.errors import ResultsError
from selforg_sim.happenings import begin_day
from selforg_sim.plan import PLAN
from selforg_sim.results.lives import life_of
from selforg_sim.results.reasons import COLUMNS, largest, reasons
from selforg_sim.results.store import Results
from selforg_sim.results.story import as_dict, because, story
from selforg_sim.results.worth_asking import overview
from selforg_sim.rules.leaving import (
    LANES,
    PLAIN_SHARES,
    SHORTFALLS,
    WEIGHTS,
    chance_under,
    chances,
    explain,
    shapley,
    weights_of,
)
from selforg_sim.scenario import load_scenario, scenario_from_dict
from selforg_sim.simulation import simulate
from selforg_sim.world import build_world

SHARE = st.floats(0.0, 1.0)
POWERS = st.sampled_from([0.5, 1.0, 4.0, 6.0])


# ---------------------------------------------------------------- the method


def values(worth: list[float]) -> list[float]:
    players = len(worth).bit_length() - 1
    parts = np.empty((players, 1))
    shapley(np.array(worth)[:, None], weights_of(players), parts)
    return parts.ravel().tolist()


def test_two_players_share_what_they_make_together() -> None:
    # Alone 1 and 3, together 6: the 2 that they make more are halved.
    assert values([0.0, 1.0, 3.0, 6.0]) == [2.0, 4.0]


def test_three_players_by_hand() -> None:
    # The glove game: 1 has a left glove, 2 and 3 a right one each; a pair is worth 1.
    worth = [0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0]
    assert values(worth) == pytest.approx([2 / 3, 1 / 6, 1 / 6], abs=1e-15)


def test_who_adds_nothing_gets_nothing_and_equals_get_the_same() -> None:
    # The third adds nothing to any coalition; the first two are alike.
    worth = [0.0, 2.0, 2.0, 7.0, 0.0, 2.0, 2.0, 7.0]
    assert values(worth) == [3.5, 3.5, 0.0]


def test_values_of_a_sum_of_games_are_sums_of_values() -> None:
    luck = random.Random(3)
    one, two = ([0.0, *(luck.random() for _ in range(7))] for _ in range(2))
    both = [a + b for a, b in zip(one, two, strict=True)]
    sums = [a + b for a, b in zip(values(one), values(two), strict=True)]
    assert values(both) == pytest.approx(sums, abs=1e-15)
    assert sum(values(one)) == pytest.approx(one[-1], abs=1e-15)


@pytest.mark.parametrize("players", [1, 2, 3, 7])
def test_weights_say_how_often_a_coalition_comes_just_before(players: int) -> None:
    orders = list(permutations(range(players)))
    for size, weight in enumerate(weights_of(players)):
        before = sum(set(order[: order.index(0)]) == set(range(1, size + 1)) for order in orders)
        assert weight == pytest.approx(before / len(orders), abs=1e-15)


def test_chance_under_by_hand() -> None:
    # Nothing missing but half the supply and a tenth of calm; interest 0.25, no returns.
    # quality 0.5 * 0.9 = 0.45; value 0.75 * 0.45 * (1 - 0.5 * 0.1) = 0.320625
    # worth 0.320625 / 0.520625; belonging (10 * 0.9 + 30 * worth) / 40
    worth = 0.320625 / 0.520625
    belonging = (9.0 + 30.0 * worth) / 40.0
    found = chance_under(
        1.0, 0.5, 1.0, 0.9, 0.0, 1.0, 1.0, 0.25, 0.2, 30.0, 0.5, 0.5, 10.0, 1.2, 4.0
    )
    assert found == pytest.approx(0.6 * (1.0 - belonging) ** 4, rel=1e-14)


@st.composite
def members(draw: st.DrawFn) -> dict[str, Any]:
    """The seven quantities of a member, and what else his chance depends on."""
    return {
        "z": [draw(SHARE) for _ in SHORTFALLS],
        "interest": draw(SHARE),
        "expectation": draw(st.floats(0.01, 2.0)),
        "evidence": draw(st.floats(0.0, 200.0)),
        "restlessness": draw(st.floats(0.001, 20.0)),
        "noise_weight": draw(SHARE),
        "trust_weight": draw(st.floats(0.1, 50.0)),
        "rate": draw(st.floats(0.01, 3.0)),
        "power": draw(POWERS),
    }


def all_chances(m: dict[str, Any]) -> np.ndarray:
    """The chance under every set of shortfalls."""
    z = np.ones((len(SHORTFALLS) + 1, 1))
    z[:-1, 0] = m["z"]
    names = ("interest", "expectation", "evidence", "restlessness")
    chance = np.empty((1 << len(SHORTFALLS), 1))
    chances(
        z, *(np.array([m[name]]) for name in names), m["noise_weight"], m["trust_weight"],
        m["rate"], m["power"], chance,
    )  # fmt: skip
    return chance


def one_chance(m: dict[str, Any], missing: int) -> float:
    z = [m["z"][k] if missing >> k & 1 else 1.0 for k in range(len(SHORTFALLS))]
    return chance_under(
        *z, m["interest"], m["expectation"], m["evidence"], m["restlessness"], m["noise_weight"],
        m["trust_weight"], m["rate"], m["power"],
    )  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=200)
@given(members())
def test_chances_of_all_sets_are_those_of_the_rules_and_no_shortfall_keeps_anybody(m) -> None:
    chance = all_chances(m)
    for missing in range(chance.shape[0]):
        # where hardly anything is missing, rounding shows: 1 less what is nearly 1
        assert chance[missing, 0] == pytest.approx(one_chance(m, missing), rel=1e-9, abs=1e-14)
        for k in range(len(SHORTFALLS)):
            more = chance[missing | 1 << k, 0]
            assert more >= chance[missing, 0] - 1e-13 * max(1.0, more)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(members())
def test_parts_are_not_negative_and_make_up_the_chance(m) -> None:
    chance, parts = all_chances(m), np.empty((len(SHORTFALLS), 1))
    shapley(chance, WEIGHTS, parts)
    assert parts.min() >= -1e-13
    assert parts.sum() + chance[0, 0] == pytest.approx(chance[-1, 0], abs=1e-12)
    for k, quantity in enumerate(m["z"]):
        assert quantity < 1.0 or parts[k, 0] == 0.0, "what is not missing has no part"


def test_parts_are_means_over_all_orders() -> None:
    z = [0.7, 0.4, 0.9, 0.8, 0.1, 0.5, 0.95]
    m = {
        "z": z, "interest": 0.3, "expectation": 0.2, "evidence": 12.0, "restlessness": 1.5,
        "noise_weight": 0.5, "trust_weight": 10.0, "rate": 1.2, "power": 4.0,
    }  # fmt: skip
    chance, parts = all_chances(m), np.empty((len(SHORTFALLS), 1))
    shapley(chance, WEIGHTS, parts)
    orders, by_hand = list(permutations(range(7))), np.zeros(7)
    for order in orders:
        missing = 0
        for k in order:
            by_hand[k] += chance[missing | 1 << k, 0] - chance[missing, 0]
            missing |= 1 << k
    assert parts.ravel() == pytest.approx(by_hand / len(orders), rel=1e-12)


def explained(count: int = 1, **changed: float) -> np.ndarray:
    """Shares of members who lack nothing but what is changed, asked as the engine asks."""
    usual = {
        "interest": 0.0, "expectation": 0.2, "restlessness": 1.0, "evidence": 10.0, "quality": 1.0,
        "recent_managed": 1.0, "recent_noise": 0.0, "sum_influence": 0.0, "influence": 0.0,
        "fit": 1.0, "returned": 0.0, "trust": 1.0,
    }  # fmt: skip
    arrays = {name: np.full(count, changed.get(name, value)) for name, value in usual.items()}
    rows, shares = np.arange(count), np.zeros((count, len(WHY)))
    ends = np.full(count, QUIT, np.int8)
    ends[1::2] = DRIFTED_OFF
    a = arrays
    explain(
        rows, ends, rows, rows, a["interest"], a["expectation"], a["restlessness"], a["evidence"],
        a["quality"], a["recent_managed"], a["recent_noise"], a["sum_influence"],
        np.full(count, 3, np.int8), a["influence"], a["fit"], a["returned"], a["trust"],
        np.zeros(count, np.int32), 0.1, 2.0, 0.0, True, 0.5, 10.0, 1.2, 4.0, WEIGHTS, shares,
    )  # fmt: skip
    return shares


@pytest.mark.parametrize(
    "reason, changed",
    [
        ("little_trust", {"trust": 0.1}),
        ("value_mismatch", {"fit": 0.1}),
        ("weak_supply", {"quality": 0.1}),
        ("crowding", {"recent_managed": 0.1, "quality": 0.1}),
        ("trouble", {"recent_noise": 0.9, "quality": 0.1, "trust": 0.1}),
        ("no_returns", {"interest": 1.0, "returned": 0.001}),
    ],
)
def test_what_alone_is_missing_is_named(reason: str, changed: dict[str, float]) -> None:
    shares = dict(zip(WHY, explained(**changed)[0], strict=True))
    others = {name: share for name, share in shares.items() if share > 1e-12}
    assert set(others) == {reason, "restlessness"}
    assert shares[reason] > 0.5
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-15)


# ---------------------------------------------------------------- the ledger, reckoned anew

MOST_RECKONED = 130
ORDERS = tuple(permutations(range(len(SHORTFALLS))))


class Reckoned:
    """Notes the state of every membership when it ends, and its shares reckoned in plain Python.

    Written from docs/why.md, without the kernels.
    """

    def __init__(self, world: Any) -> None:
        self.original, self.lines = world.state.account, []
        world.state.account = self.account

    def account(self, state: Any, rows: np.ndarray, reasons: np.ndarray) -> dict[str, Any]:
        found = self.original(state, rows, reasons)
        written = np.stack([found[f"why_{name}"] for name in WHY], axis=1)
        for row, reason, shares in zip(rows.tolist(), reasons.tolist(), written, strict=True):
            if reason == DRIFTED_OFF or (reason == QUIT and len(self.lines) < MOST_RECKONED):
                self.lines.append((reason, self.by_hand(state, row, reason), shares))
        return found

    def by_hand(self, state: Any, row: int, reason: int) -> list[float]:
        m, g, p = state.memberships.arrays, state.groups.arrays, state.people.arrays
        group, person = int(m["member_group"][row]), int(m["member_person"][row])
        number = state.parameters
        calm, managed = 1 - g["recent_noise"][group], g["recent_managed"][group]
        supply = min(1.0, g["quality"][group] / (managed * calm)) if managed * calm > 0 else 0.0
        if STANDINGS[m["standing"][row]] != "quiet" and g["sum_influence"][group] > 0:
            supply *= 1 - min(1.0, m["influence"][row] / g["sum_influence"][group])
        back = m["returned"][row] / (m["returned"][row] + number["half_return"])
        company = 1 - number["alone_loss"] * np.exp(-m["friends"][row] / number["friends_scale"])
        trust = min(1.0, m["trust"][row] / calm) if calm > 0 else 0.0
        z = [max(0.0, min(1.0, m["fit"][row])), supply, managed, calm, back, trust, company]
        w, expected = p["interest"][person], p["expectation"][person]
        seen, power = m["evidence"][row], number["leaving_power"]

        def whole(missing: frozenset[int]) -> float:
            fit, some, care, quiet, cash, owner, friends = (
                z[k] if k in missing else 1.0 for k in range(7)
            )
            x = (1 - w) * fit * some * care * quiet * friends + w * cash
            x *= 1 - number["noise_weight"] * (1 - quiet)
            if reason == DRIFTED_OFF:
                return 1 - x
            target = number["trust_weight"] * owner * quiet + seen * x / (x + expected)
            belonging = target / (number["trust_weight"] + seen)
            risk = number["leaving_rate"] * p["restlessness"][person]
            return min(1.0, risk * max(0.0, 1 - belonging) ** power)

        worth: dict[frozenset[int], float] = {}
        parts = [0.0] * 7
        for order in ORDERS:
            missing: frozenset[int] = frozenset()
            for k in order:
                more = missing | {k}
                for one in (missing, more):
                    if one not in worth:
                        worth[one] = whole(one)
                parts[k] += (worth[more] - worth[missing]) / len(ORDERS)
                missing = more
        everything = worth[frozenset(range(7))]
        shares = [part / everything for part in parts]
        return [*shares, worth[frozenset()] / everything]


def test_shares_of_a_run_are_those_of_the_method() -> None:
    days = 50
    world = build_world(load_scenario("smoke", [f"horizon={days}"]), 2)
    ledger = Reckoned(world)
    live(world, days)
    quits = [line for line in ledger.lines if line[0] == QUIT]
    drifts = [line for line in ledger.lines if line[0] == DRIFTED_OFF]
    assert len(quits) > 3 * LANES and drifts, "several lanes are filled more than once"
    for _, by_hand, written in ledger.lines:
        assert written[: len(by_hand)] == pytest.approx(by_hand, abs=1e-6)
        assert not written[len(by_hand) :].any()
    seen = np.array([line[2] for line in ledger.lines])
    assert (seen[:, list(WHY).index("no_friends")] > 0.01).any()


def live(world: Any, days: int) -> None:
    """Let days pass, as a run does."""
    loop = Loop(PLAN)
    for _ in range(days):
        begin_day(world)
        loop.advance(world.state)


def test_who_drifts_off_missed_value_and_is_not_told_of_trust_or_restlessness() -> None:
    shares = dict(zip(WHY, explained(2, trust=0.1, fit=0.2, restlessness=0.0)[1], strict=True))
    assert {name for name, share in shares.items() if share > 1e-12} == {"value_mismatch"}


def test_who_lacks_nothing_was_restless() -> None:
    assert explained()[0, len(SHORTFALLS)] == 1.0


def test_ends_without_chance_have_their_reason() -> None:
    shares = {
        end: {name: share for name, share in zip(WHY, line, strict=True) if share}
        for end, line in zip(REASONS, PLAIN_SHARES.tolist(), strict=True)
    }
    assert shares == {
        "quit": {}, "drifted off": {},
        "moved": {"no_time": 0.5, "better_group": 0.5}, "removed": {"removed": 1.0},
        "split": {"value_mismatch": 1.0}, "group ended": {"group_ended": 1.0},
        "owner left": {"event": 1.0},
    }  # fmt: skip


# ---------------------------------------------------------------- whole runs


@pytest.fixture(scope="module")
def smoke() -> Results:
    return simulate(load_scenario("smoke"))


def check_shares(results: Results) -> set[str]:
    """Every ended membership has shares that add up to one, open ones have none."""
    spells = results.table("spells")
    shares, is_open = spells[list(COLUMNS)].astype(float), spells["left"].isna()
    assert shares[is_open].isna().all(axis=None)
    ended = shares[~is_open]
    assert (ended >= 0.0).all(axis=None)
    assert (ended.sum(axis=1) - 1.0).abs().max() < 1e-6
    had = spells[["experienced_left", "returns_left", "trust_left", "belonging_left"]]
    assert (had.isna().all(axis=1) == is_open).all()
    return set(spells["reason"].dropna())


def test_shares_of_every_ended_membership_add_up_to_one(smoke: Results) -> None:
    seen = check_shares(smoke)
    seen |= check_shares(simulate(load_scenario("ads_or_red_envelopes", ["horizon=62"])))
    for number in range(4):
        seen |= check_shares(simulate(drawn_scenario(random.Random(number)), seed=number))
    assert seen == set(REASONS)


def test_moves_and_removals_carry_their_reason(smoke: Results) -> None:
    spells = smoke.table("spells")
    moved, removed = (spells[spells["reason"] == reason] for reason in ("moved", "removed"))
    assert len(moved) > 0 and len(removed) > 0
    assert (moved[["why_no_time", "why_better_group"]] == 0.5).all(axis=None)
    assert (removed["why_removed"] == 1.0).all()


def test_a_world_without_trouble_has_no_trouble_share() -> None:
    calm = [f"people.{kind}.temper=0" for kind in ("owner", "influencer", "lurker", "troublemaker")]
    results = simulate(load_scenario("smoke", calm))
    spells = results.table("spells")
    assert results.table("series")["noise"].max() == 0.0
    assert (spells["reason"] == "quit").sum() > 100
    assert spells["why_trouble"].max() == 0.0


def test_a_world_in_which_only_trust_is_missing_names_trust() -> None:
    alike = {**ALIKE, "voice": 1.0, "restlessness": 0.02}
    table = circle(
        30,
        values={"dimensions": ["sharing"]},
        people={"owner": alike, "lurker": alike},
        rules={
            "structure": {"half_supply": 1e-9, "care_time": 1e-6},
            "interest": {"alone_loss": 0.0},
            "value_core": {"drawn_base": 100.0},
            "belonging": {
                "leaving_rate": 1.2,
                "trusted_giving": 1e9,
                "trust_days": 1.0,
                "trust_weight": 1000.0,
            },
            "initiation": {"trust_base": 0.0, "asked_base": 0.0},
        },
    )
    results = simulate(scenario_from_dict({**table, "horizon": 60}))
    spells = results.table("spells")
    left = spells[(spells["reason"] == "quit") & (spells["left"] > 25)]
    assert len(left) > 5
    assert set(largest(left)) == {"little_trust"}
    assert left["why_little_trust"].mean() > 0.9


def test_summary_over_all_is_the_mean_of_the_table(smoke: Results) -> None:
    spells, found = smoke.table("spells"), reasons(smoke)
    own = spells[spells["reason"].isin(["quit", "moved", "drifted off"])]
    assert found.left == len(own)
    assert list(found.shares.values()) == sorted(found.shares.values(), reverse=True)
    for name, share in found.shares.items():
        assert share == pytest.approx(own[f"why_{name}"].astype(float).mean(), abs=1e-12)


# ---------------------------------------------------------------- stories


def test_a_story_tells_the_numbers_of_the_tables(smoke: Results) -> None:
    spells = smoke.table("spells")
    quits = spells[(spells["reason"] == "quit") & (spells["left"] > spells["joined"] + 10)]
    row = quits[quits["invited_by"].notna()].iloc[0]
    name = smoke.table("groups").set_index("group")["name"][row["group"]]
    life = life_of(smoke, int(row["person"]), str(name))
    stay = next(s for s in life.stays if s.spell["joined"] == row["joined"])
    text = story(life)[1 + life.stays.index(stay)]
    series = smoke.table("series")
    series = series[series["group"] == row["group"]].set_index("day")
    first, last = int(row["joined"]), int(row["left"])
    size, later = series["size"][first], series["size"][last]
    assert text.startswith(f"{name}: person {row['invited_by']:.0f} (")
    assert f"joined on day {first}." in text and f"he left on day {last}," in text.lower()
    assert f"That evening it had {size:,} member" in text
    assert f"({row['fit']:.2f})" in text and f"({row['trust']:.2f})" in text
    assert f"value of {row['experienced_left']:.2f}" in text
    assert f"to {later:,}" in text or f"stayed {later:,}" in text
    share = row[list(COLUMNS)].astype(float)
    assert f"({share.max():.0%})" in text
    assert stay.reasons[share.idxmax().removeprefix("why_")] == share.max()
    assert as_dict(life)["memberships"][life.stays.index(stay)]["left"] == last


def test_every_person_of_a_run_has_a_story(smoke: Results) -> None:
    texts = [story(life_of(smoke, person)) for person in range(0, 300, 3)]
    assert all("nan" not in line and "None" not in line for text in texts for line in text)
    told = " ".join(line for text in texts for line in text)
    ways = ("invited him", "founded it", "still a member", "He moved to", "The group ended")
    assert [way for way in ways if way not in told] == []


def test_small_reasons_are_summed_up() -> None:
    text = because({"trouble": 0.5, "crowding": 0.44, "no_friends": 0.04, "weak_supply": 0.02})
    assert text == (
        "half because trouble and advertising drowned the rest (50%), partly because the group "
        "was too large to be looked after (44%); other reasons 6%"
    )


def test_without_a_person_the_most_frequent_reasons_are_told(smoke: Results) -> None:
    found, spells = overview(smoke), smoke.table("spells")
    ended = spells[spells["left"].notna()]
    assert found["left"] == len(ended)
    by_name = {one["reason"]: one for one in found["reasons"]}
    assert sum(one["mean_share"] for one in found["reasons"]) == pytest.approx(1.0)
    assert [one["mean_share"] for one in found["reasons"]] == sorted(
        (one["mean_share"] for one in found["reasons"]), reverse=True
    )
    moved = ended[ended["reason"] == "moved"]
    assert len(moved) == by_name["no_time"]["largest"] == by_name["better_group"]["largest"] > 0
    assert by_name["little_trust"]["largest"] == (largest(ended) == "little_trust").sum()
    for one in found["people"]:
        life = life_of(smoke, one["person"], None if one["group"] is None else str(one["group"]))
        assert any(not stay.open for stay in life.stays)


@pytest.mark.parametrize(
    "person, group, replicate, says",
    [
        (300, None, 0, "people are numbered 0 to 299"),
        (-1, None, 0, "people are numbered 0 to 299"),
        (3, None, 1, "only replicate 0"),
        (3, "g9x", 0, "There is no group 'g9x'"),
        (3, "999", 0, "groups are numbered 0 to"),
        (3, "g1", 0, "was never in g1: he was in g4"),
    ],
)
def test_wrong_questions_are_answered_in_words(smoke, person, group, replicate, says) -> None:
    with pytest.raises(ResultsError, match=says):
        life_of(smoke, person, group, replicate)


def test_results_without_memberships_or_reasons_cannot_say_why(smoke: Results) -> None:
    bare = simulate(load_scenario("smoke", ["horizon=3", "record.spells=false"]))
    with pytest.raises(ResultsError, match=r"record\.spells"):
        life_of(bare, 0)
    assert reasons(bare).left == 0
    old = smoke.arrow("spells").drop_columns(list(COLUMNS))
    with pytest.raises(ResultsError, match="Run the scenario again"):
        overview(Results("", smoke.manifest, {**smoke.tables, "spells": old}))


def test_the_command_tells_of_all_and_of_one(tmp_path, smoke: Results) -> None:
    folder = smoke.save(tmp_path / "a run", figures=False)
    told = selforg("why", "a run", cwd=tmp_path)
    assert (
        told.returncode == 0 and "a better group" in told.stdout and "Traceback" not in told.stderr
    )
    asked = next(line for line in told.stdout.splitlines() if "--group" in line)
    words = shlex.split(asked)
    one = selforg(*words[1:], cwd=tmp_path)
    assert one.returncode == 0, one.stderr
    person, group = words[words.index("--person") + 1], words[words.index("--group") + 1]
    assert f"Person {person} is a" in one.stdout and f"{group}: " in one.stdout
    told = json.loads(selforg(*words[1:], "--json", cwd=tmp_path).stdout)
    assert told["person"]["person"] == int(person)
    (tmp_path / "results" / "smoke-001").mkdir(parents=True)
    hint = selforg("why", "smoke", cwd=tmp_path).stderr
    assert "Did you mean results/smoke-001?" in " ".join(hint.split())
    wrong = selforg("why", str(folder), "--person", "9" * 20, cwd=tmp_path)
    assert wrong.returncode == 2 and "numbered 0 to 299" in wrong.stderr


def test_each_replicate_has_its_own_reasons_and_stories() -> None:
    results = simulate(load_scenario("smoke", ["horizon=25"]), replicates=2)
    one, other = overview(results, 0), overview(results, 1)
    assert one["left"] != other["left"]
    alone = simulate(load_scenario("smoke", ["horizon=25"]), seed=2)
    assert {**overview(alone), "replicate": 1, "replicates": 2} == other
    person = other["people"][0]["person"]
    assert story(life_of(results, person, replicate=1)) == story(life_of(alone, person))


# ---------------------------------------------------------------- is it right?


def test_who_left_for_trouble_leaves_less_where_nobody_disrupts() -> None:
    from importlib.util import module_from_spec, spec_from_file_location
    from pathlib import Path

    path = Path(__file__).parent.parent / "benchmarks" / "without_trouble.py"
    spec = spec_from_file_location("without_trouble", path)
    assert spec and spec.loader
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    by_reason = {}
    for without in ((), ("kind:troublemaker",)):
        pairs = pd.concat([script.compared("hobby_club", 120, seed, without) for seed in (1, 2)])
        met = pairs[pairs["met"]]
        again = met.groupby("main")["left_too"].agg(["size", "mean"])
        assert again["size"]["trouble"] > 200
        by_reason[without] = again["mean"]
        assert again["mean"]["trouble"] < again["mean"]["little_trust"]
    quiet, without_kind = by_reason.values()
    assert quiet["trouble"] < quiet["little_trust"] - 0.2
    assert quiet["trouble"] < without_kind["trouble"], "the disappointed make trouble, too"
