"""Conservation: in small worlds of every sort nothing is lost and nothing comes from nowhere."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from selforg_sim.engine.codes import (
    DRIFTED_OFF,
    GROUP_ENDED,
    MOVED,
    OWNER_LEFT,
    QUIET,
    QUIT,
    REMOVED,
    SPLIT,
)
from selforg_sim.engine.loop import Loop
from selforg_sim.happenings import begin_day
from selforg_sim.plan import PLAN
from selforg_sim.scenario import scenario_from_dict
from selforg_sim.simulation import keep_day
from selforg_sim.world import World, build_world

ROUNDING = 1e-9
STANDINGS = (
    "owner_present", "core_layer", "contributors", "lurkers", "quiet", "troublemakers",
)  # fmt: skip
COUNTER_OF = {
    QUIT: "quits", DRIFTED_OFF: "quits", OWNER_LEFT: "quits", MOVED: "moved",
    REMOVED: "removals", SPLIT: "split_off", GROUP_ENDED: "ended",
}  # fmt: skip

share = st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]) | st.floats(0, 1).map(lambda x: round(x, 3))
days = st.integers(1, 40)


@st.composite
def levers(draw: Any) -> dict[str, Any]:
    """Some levers of a group, the others as they are."""
    every = {
        "platform": st.sampled_from(["wechat", "qq", "weibo", "forum"]),
        "clarity": share,
        "rules_stated": share,
        "rules_enforced": share,
        "strictness": share,
        "levels": st.sampled_from([1, 2, 3, "auto"]),
        "seats": st.integers(1, 30) | st.sampled_from(["none", "platform"]),
        "return_rate": st.sampled_from([0.0, 0.3, 2.0]),
        "days_to_cash": st.sampled_from([0.5, 1.0, 7.0, 100.0, "never"]),
        "shared": share,
        "attention_on_core": share,
        "advertising": st.sampled_from([0.0, 0.5, 5.0]),
        "red_envelopes": st.sampled_from([0.0, 0.7, 10.0]),
        "meet_ups": st.sampled_from([0.0, 4.0, 30.0]),
        "first_contacts": st.integers(0, 30),
        "splitting": st.booleans(),
    }
    return draw(st.fixed_dictionaries({}, optional=every))


@st.composite
def events(draw: Any, horizon: int) -> dict[str, Any]:
    """One event on some day, in all groups."""
    lasting = {"days": draw(st.integers(1, 10))}
    changes = draw(levers())
    for fixed in ("platform", "seats", "first_contacts"):
        changes.pop(fixed, None)
    every = {
        "owner_leaves": {},
        "owner_silent": lasting,
        "supply_stops": {"who": draw(st.sampled_from(["core", "others"])), **lasting},
        "advertising": {"hours": 2.0, **lasting},
        "red_envelopes": {"amount": 3.0, **lasting},
        "meet_up": {},
        "rules_changed": {"set": changes or {"strictness": 0.8}},
    }
    name = draw(st.sampled_from(sorted(every)))
    return {"event": name, "day": draw(st.integers(1, horizon)), **every[name]}


LIVELY = {
    "evolution": {
        "founding_chance": 0.02, "splitting_chance": 0.5, "splitting_influence": 0.0,
        "splitting_fit": 1.0, "dissolving_days": 4,
    },
    "initiation": {
        "invitations_per_day": 2.0, "ask_again_after": 3, "encounters_per_week": 7.0,
        "turning_chance": 0.5, "least_hours": 0.3,
    },
    "belonging": {"drift_off_after": 2, "drift_off_chance": 0.3, "removal_chance": 1.0},
}  # fmt: skip
"""Rules under which in a few days happens what else takes months."""


@st.composite
def scenarios(draw: Any) -> dict[str, Any]:
    """A world of 5 to 80 people and up to 6 groups, with everything drawn."""
    groups = draw(st.integers(0, 6))
    horizon = draw(st.integers(5, 40))
    counts = {
        "owner": groups + draw(st.integers(0, 3)),
        "influencer": draw(st.integers(0, 15)),
        "lurker": draw(st.integers(5, 46)),
        "troublemaker": draw(st.integers(0, 10)),
    }
    table = {
        "name": "drawn",
        "seed": draw(st.integers(0, 2**63 - 1)),
        "horizon": horizon,
        "people": {kind: {"count": count} for kind, count in counts.items()},
        "contacts": {
            "generator": draw(
                st.sampled_from(["small_world", "preferential_attachment", "blocks", "none"])
            ),
            "mean": draw(st.sampled_from([1.0, 6.0, 20.0])),
        },
        "founding": {"groups": groups, "free": draw(st.booleans())},
        "group": draw(levers()),
        "groups": {
            f"g{number}": {"opens": draw(st.integers(0, 5)), **draw(levers())}
            for number in range(1, groups + 1)
            if draw(st.booleans())
        },
        "events": draw(st.lists(events(horizon), max_size=3)),
        "record": {"memberships_every": 1},
    }
    if draw(st.booleans()):
        table["rules"] = LIVELY
    return table


class Days:
    """A world that is lived day by day, with checks in the middle of each."""

    def __init__(self, table: dict[str, Any]) -> None:
        scenario = scenario_from_dict(table)
        self.horizon = scenario.horizon
        self.world = build_world(scenario)
        self.loop = Loop(PLAN)
        self.before: np.ndarray = np.zeros(0)
        keep_day(self.world)

    def live(self) -> World:
        """Live all days; the checks raise."""
        check_end_of_day(self.world)
        hooks = {
            "spread time": check_time,
            "book envelopes": self.remember_returns,
            "receive": self.check_income,
            "request": check_requests,
        }
        for _ in range(self.horizon):
            begin_day(self.world)
            self.loop.advance(self.world.state, hooks)
            keep_day(self.world)
            check_end_of_day(self.world)
        return self.world

    def remember_returns(self, state: Any) -> None:
        self.before = state.memberships["returned"].copy()

    def check_income(self, state: Any) -> None:
        """What members receive is what their groups pay out and what owners lay out."""
        rows = state.memberships.rows()
        memory = state.parameters["returns_days"]
        was, now = self.before[rows], state.memberships["returned"][rows]
        income = was + (now - was) * memory
        received = np.bincount(
            state.memberships["member_group"][rows], income, minlength=state.groups.rows
        )
        paid = state.groups["paid_today"] + state.groups["envelope_today"]
        scale = 1.0 + np.abs(paid) + memory * np.abs(now).sum()
        assert np.all(np.abs(received - paid) <= ROUNDING * scale)


def check_time(state: Any) -> None:
    """Nobody spends more than his time."""
    rows = state.memberships.rows()
    people = state.memberships["member_person"][rows]
    hours, met = state.memberships["hours"][rows], state.memberships["met"][rows]
    assert np.all(hours >= 0) and np.all(met >= 0)
    spent = np.bincount(people, hours + met, minlength=state.people.rows)
    assert np.all(spent <= state.people["budget"] * (1 + ROUNDING))
    assert np.all(hours[state.memberships["standing"][rows] == QUIET] == 0)


def check_requests(state: Any) -> None:
    """Nobody is asked into a group that he is in, or that has ended, or twice on a day."""
    people, groups = state.requests["request_person"], state.requests["request_group"]
    pairs = set(zip(people.tolist(), groups.tolist(), strict=True))
    assert len(pairs) == state.requests.rows
    assert all(state.memberships.row(p, g) < 0 for p, g in pairs)
    assert np.all(state.groups["ended"][groups] < 0)


def check_end_of_day(world: World) -> None:
    check_table(world.state)
    check_friends(world.state)
    check_cash(world.state)
    check_ranges(world.state)


def check_table(state: Any) -> None:
    """Blocks of memberships do not overlap; nobody is twice in a group; sizes and seats."""
    a, groups = state.memberships.arrays, state.groups
    first, count = a["first_row"], a["member_count"]
    assert np.all(count >= 0)
    members = np.flatnonzero(count)
    order = members[np.argsort(first[members], kind="stable")]
    ends = first[order] + count[order]
    assert np.all(ends[:-1] <= first[order][1:])
    assert not order.size or ends[-1] <= state.memberships.capacity
    rows = state.memberships.rows()
    assert rows.tolist() == [int(first[p]) + k for p in members for k in range(int(count[p]))]
    assert np.array_equal(a["member_person"][rows], np.repeat(np.arange(count.size), count))
    marks = np.zeros(count.size, dtype=np.int64)
    bits = np.left_shift(np.int64(1), a["member_group"][rows].astype(np.int64) & 63)
    np.bitwise_or.at(marks, a["member_person"][rows], bits)
    assert np.array_equal(a["marks"], marks)
    pairs = np.stack([a["member_person"][rows], a["member_group"][rows]])
    assert np.unique(pairs, axis=1).shape[1] == rows.size, "nobody is twice in a group"
    sizes = np.bincount(a["member_group"][rows], minlength=groups.rows)
    assert np.array_equal(sizes, groups["size"])
    assert np.all((groups["seats"] < 0) | (groups["size"] <= groups["seats"]))
    assert np.all(groups["size"][groups["ended"] >= 0] == 0)
    owned = np.flatnonzero(groups["owner"] >= 0)
    assert all(state.memberships.row(int(groups["owner"][g]), int(g)) >= 0 for g in owned)


def check_friends(state: Any) -> None:
    """``friends`` is what one counts: contacts who are members too."""
    rows = state.memberships.rows()
    people = state.memberships["member_person"][rows].tolist()
    groups = state.memberships["member_group"][rows].tolist()
    inside = set(zip(people, groups, strict=True))
    first, other = state.contacts
    counted = [
        sum((friend, g) in inside for friend in other[first[p] : first[p + 1]].tolist())
        for p, g in zip(people, groups, strict=True)
    ]
    assert state.memberships["friends"][rows].tolist() == counted


def check_cash(state: Any) -> None:
    """Cash made is cash paid and cash in the pool."""
    groups = state.groups
    made, paid, pool = groups["cash_made"], groups["cash_paid"], groups["pool"]
    assert np.all(np.abs(made - paid - pool) <= ROUNDING * (1 + made))
    for name in ("pool", "paid_today", "envelope_today", "cash_outlay"):
        within(groups[name], 0.0, np.inf, name)


def check_ranges(state: Any) -> None:
    """Shares stay shares, and unit vectors of length 1."""
    a, rows = state.memberships.arrays, state.memberships.rows()
    for name in ("belonging", "trust", "experienced", "fit", "hoped"):
        within(a[name][rows], 0.0, 1.0, name)
    for name in ("influence", "evidence", "returned", "giving", "friends", "messages"):
        within(a[name][rows], 0.0, np.inf, name)
    for name in ("order", "quality", "noise", "manageability"):
        within(state.groups[name], 0.0, 1.0, name)
    for name in ("advertising", "red_envelopes", "sum_given", "sum_supply", "recent_giving"):
        within(state.groups[name], 0.0, np.inf, name)
    for vectors in (state.people["values"], state.groups["core"], state.groups["first_core"]):
        within(vectors, 0.0, 1.0, "values")
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-9)
    within(np.linalg.norm(state.groups["supplied"], axis=1), 0.0, 1.0, "supplied")


def within(numbers: np.ndarray, low: float, high: float, name: str) -> None:
    assert np.all(np.isfinite(numbers)), name
    assert np.all((numbers >= low - ROUNDING) & (numbers <= high + ROUNDING)), name


def check_counts(world: World) -> None:
    """Spells rebuild the members of every group on every day, and who joined and left."""
    record = world.state.record
    spells, series = record.table("spells"), record.table("series")
    left = np.where(spells["left"] < 0, np.inf, spells["left"])
    assert np.all(left >= spells["joined"])
    size_before: dict[int, int] = {}
    for i in range(series["day"].size):
        day, group = int(series["day"][i]), int(series["group"][i])
        mine = spells["group"] == group
        inside = mine & (spells["joined"] <= day) & (left > day)
        assert series["size"][i] == inside.sum(), f"day {day}, group {group}"
        assert series["joins"][i] == (mine & (spells["joined"] == day)).sum(), (day, group)
        check_leaves(series, i, spells["reason"][mine & (left == day)])
        leaves = sum(int(series[name][i]) for name in set(COUNTER_OF.values()))
        grown = int(series["joins"][i]) - leaves
        assert series["size"][i] == size_before.get(group, 0) + grown
        size_before[group] = int(series["size"][i])
        assert sum(int(series[name][i]) for name in STANDINGS) == series["size"][i]
        assert series["active"][i] == series["size"][i] - series["quiet"][i]
        assert series["ever_joined"][i] == (mine & (spells["joined"] <= day)).sum()


def check_leaves(series: dict[str, np.ndarray], i: int, reasons: np.ndarray) -> None:
    for name in set(COUNTER_OF.values()):
        codes = [code for code, counter in COUNTER_OF.items() if counter == name]
        assert series[name][i] == np.isin(reasons, codes).sum(), name


def check_snapshots(world: World) -> None:
    """Open spells are the memberships of every day."""
    record = world.state.record
    spells, snapshots = record.table("spells"), record.table("memberships")
    left = np.where(spells["left"] < 0, np.inf, spells["left"])
    for day in range(world.scenario.horizon + 1):
        inside = (spells["joined"] <= day) & (left > day)
        open_then = sorted(zip(spells["person"][inside], spells["group"][inside], strict=True))
        today = snapshots["day"] == day
        members = zip(snapshots["person"][today], snapshots["group"][today], strict=True)
        assert open_then == sorted(members), f"day {day}"


def check_outlays(world: World) -> None:
    """Red envelopes of all days are the owners' outlay; pay of all days is the cash paid."""
    series = world.state.record.table("series")
    for measure, total in (("envelopes", "cash_outlay"), ("paid", "cash_paid")):
        summed = np.bincount(series["group"], series[measure], minlength=world.state.groups.rows)
        booked = world.state.groups[total]
        assert np.all(np.abs(summed - booked) <= ROUNDING * (1 + booked)), measure


def check_invitations(world: World) -> None:
    """Each accepted request is one spell, begun on that day by that inviter."""
    asked = world.state.record.table("invitations")
    spells = world.state.record.table("spells")
    joined = asked["outcome"] == 0
    columns = ("day", "to", "group", "from")
    accepted = set(zip(*(asked[name][joined].tolist() for name in columns), strict=True))
    assert len(accepted) == joined.sum()
    names = ("joined", "person", "group", "invited_by")
    begun = set(zip(*(spells[name].tolist() for name in names), strict=True))
    assert accepted <= begun


def check_all_days(world: World) -> None:
    check_counts(world)
    check_snapshots(world)
    check_outlays(world)
    check_invitations(world)


@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # to make a failing world smaller would take minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(scenarios())
def test_nothing_is_lost_and_nothing_comes_from_nowhere(table):
    check_all_days(Days(table).live())


def busy_world(seed: int) -> dict[str, Any]:
    """A world in which every way of leaving a group is seen within 40 days."""
    return {
        "name": "busy",
        "seed": seed,
        "horizon": 40,
        "people": {
            "owner": {"count": 6},
            "influencer": {"count": 20},
            "lurker": {"count": 50},
            "troublemaker": {"count": 8, "temper": 1.0, "patience": 1},
        },
        "contacts": {"mean": 12},
        "founding": {"groups": 6, "free": True},
        "group": {"seats": 25, "red_envelopes": 2.0, "meet_ups": 10, "rules_enforced": 1.0},
        "groups": {
            "g1": {"platform": "qq"},
            "g2": {"platform": "forum"},
            "g3": {"return_rate": 2.0, "days_to_cash": 2},
        },
        "events": [
            {"event": "owner_leaves", "day": 9, "groups": ["g4"]},
            {"event": "supply_stops", "day": 12, "groups": ["g5"], "days": 20},
            {"event": "rival_opens", "day": 10, "name": "rival", "owner": "influencer:0"},
        ],
        "rules": LIVELY,
        "record": {"memberships_every": 1},
    }


def test_busy_worlds_in_which_everything_happens():
    reasons = set()
    for seed in (1, 2, 3):
        world = Days(busy_world(seed)).live()
        check_all_days(world)
        reasons |= set(world.state.record.table("spells")["reason"].tolist())
    assert reasons >= set(COUNTER_OF), "the worlds are busy enough to be worth checking"
