"""The model under Mesa: views, sets of views, own classes, copies, memory. Warnings are errors."""

from __future__ import annotations

import copy
import gc
import pickle
import tracemalloc
import weakref

import mesa
import numpy as np
import pytest

from selforg_sim.agents import Group, Influencer, Lurker, Member, Members, Owner, Troublemaker
from selforg_sim.agents.member import class_of_kind
from selforg_sim.engine.codes import INVITATION, JOINED, OFFERED
from selforg_sim.engine.limits import LAST_DAY
from selforg_sim.errors import RunError, UsageError
from selforg_sim.model import SelfOrgModel
from selforg_sim.scenario import load_scenario, scenario_from_dict
from selforg_sim.simulation import simulate


def lived(days=10, scenario="smoke", **given):
    model = SelfOrgModel(scenario, **given)
    for _ in range(days):
        model.step()
    return model


@pytest.fixture(scope="module")
def model():
    return lived(10)


class Giver(Influencer):
    """Joins where invited, gives everything, remembers how often."""

    def step(self):
        for invitation in self.invitations:
            self.join(invitation.group)
        for group in self.groups:
            self.contribute(group)
        self.memory["days"] = self.memory.get("days", 0) + 1


class Idle(Influencer):
    def step(self):
        pass


class Wondering(Influencer):
    """No step of its own: the rules decide."""


# ------------------------------------------------------------------ the same model as simulate()


def test_stepping_equals_simulate():
    scenario = load_scenario("smoke")
    model = SelfOrgModel(scenario)
    model.run_model()
    theirs, mine = simulate(scenario), model.results()
    assert model.day == scenario.horizon and not model.running
    assert set(mine.tables) == set(theirs.tables)
    for name in theirs.tables:
        assert mine.arrow(name).equals(theirs.arrow(name)), name


def test_threads_and_users_luck_change_nothing():
    one = SelfOrgModel("smoke", seed=5)
    two = SelfOrgModel("smoke", seed=5, threads=2)
    for _ in range(8):
        one.step()
        two.random.random()
        two.rng.random()
        two.agents.shuffle_do("step")
        two.step()
    assert one.results().arrow("series").equals(two.results().arrow("series"))


def test_a_class_without_step_changes_nothing():
    other = lived(10, member_classes={"influencer": Wondering})
    assert other.results().arrow("series").equals(lived(10).results().arrow("series"))
    assert type(other.agents.select(agent_type=Influencer)[0]) is Wondering


def test_scenario_by_name_path_or_object(tmp_path):
    path = tmp_path / "tiny.toml"
    path.write_text("horizon = 0\n[people.owner]\ncount = 1\n")
    assert len(SelfOrgModel(path).agents) == len(SelfOrgModel(str(path)).agents) == 1
    assert not SelfOrgModel(path).running
    nobody = SelfOrgModel(scenario_from_dict({"name": "nobody", "horizon": 1}))
    nobody.run_model()
    assert nobody.agents.get("budget") == [] and nobody.groups.to_list() == []


@pytest.mark.parametrize("seed", [-1, 1.5, "one", True])
def test_bad_seed(seed):
    with pytest.raises(UsageError, match="whole number of 0 or more"):
        SelfOrgModel("smoke", seed=seed)


# --------------------------------------------------------------------------------------- people


def test_class_is_kind(model):
    counts = {cls.__name__: len(people) for cls, people in model.agents_by_type.items()}
    assert counts == {"Owner": 6, "Influencer": 12, "Lurker": 267, "Troublemaker": 15}
    assert model.agent_types == [Owner, Influencer, Lurker, Troublemaker]
    assert all(isinstance(person, mesa.Agent) for person in model.agents)
    assert {p.kind for p in model.agents_by_type[Lurker]} == {"lurker"}
    assert model.agents[7].unique_id == 7 and model.agents[7].random is model.random


def test_views_are_equal_and_keep_nothing(model):
    person = model.agents[3]
    assert person is not model.agents[3] and person == model.agents[3] != model.agents[4]
    assert len({person, model.agents[3]}) == 1
    assert person != SelfOrgModel("smoke").agents[3]
    with pytest.raises(AttributeError, match=r"self\.memory\['mood'\]"):
        person.mood = "good"


def test_traits_can_be_read_and_set():
    model = SelfOrgModel("smoke")
    person, people = model.agents[0], model.world.state.people
    person.budget = 2
    person.voice = 0.5
    assert people["budget"][0] == person.budget == 2.0
    assert people["log_silence"][0] == np.log1p(-0.5)
    assert model.groups["g1"].owner == person
    assert model.world.state.groups["owner_voice"][0] == 0.5
    person.values = [3, 4, 0, 0, 0]
    assert person.values == pytest.approx([0.6, 0.8, 0, 0, 0])
    assert model.dimensions[0] == "sharing"


@pytest.mark.parametrize(
    "name, value, said",
    [
        ("budget", -1, "0 or more is valid"),
        ("budget", "much", "'much' was given"),
        ("voice", 1.2, "0 to 1 is valid"),
        ("voice", float("nan"), "0 to 1 is valid"),
        ("values", [1, 2], "5 numbers of 0 or more"),
        ("values", "all", "5 numbers of 0 or more"),
        ("kind", "owner", "can be read but not set"),
        ("ties", 2, "can be read but not set"),
    ],
)
def test_traits_refuse(name, value, said):
    model = SelfOrgModel("smoke")
    before = model.world.state.people["budget"].copy()
    with pytest.raises(UsageError, match=said):
        setattr(model.agents[0], name, value)
    with pytest.raises(UsageError, match=said):
        model.agents.set(name, value)
    assert (model.world.state.people["budget"] == before).all()


def test_memberships_and_contacts(model):
    someone = model.agents.select(model.agents.column("group_count") >= 2)[0]
    own = someone.memberships
    assert [m.group for m in own] == someone.groups
    assert someone.belonging == pytest.approx(np.mean([m.belonging for m in own]))
    assert own[0].standing in ("owner", "core", "contributor", "lurker", "quiet", "troublemaker")
    assert own[0].member == someone and someone.membership(own[0].group) == own[0]
    assert all(someone in friend.contacts for friend in someone.contacts)
    friends = sum(friend.membership(own[0].group) is not None for friend in someone.contacts)
    assert own[0].friends == friends
    with pytest.raises(UsageError, match="can be read but not set"):
        own[0].trust = 1.0


def test_a_membership_that_is_over_says_so():
    model = lived(5)
    member = next(p for p in model.groups["g1"].members if p != model.groups["g1"].owner)
    spell = member.membership(model.groups["g1"])
    member.quit(model.groups["g1"])
    model.step()
    assert spell.left == 6 and member.membership(model.groups["g1"]) is None
    with pytest.raises(UsageError, match="he left on day 6"):
        _ = spell.trust


# ------------------------------------------------------------------------------- sets of people


def test_select(model):
    people = model.agents
    by_function = people.select(lambda person: person.budget > 1)
    by_mask = people.select(people.column("budget") > 1)
    assert by_function == by_mask and 0 < len(by_mask) < 300
    assert len(people.select(at_most=10)) == 10 and len(people.select(at_most=0.5)) == 150
    assert len(people.select(at_most=1)) == 1 and len(people.select(at_most=1.0)) == 300
    lurkers = people.select(by_mask.rows.size * [True] + (300 - len(by_mask)) * [False])
    assert len(lurkers) == len(by_mask)
    both = people.select(people.column("budget") > 1, agent_type=Lurker)
    assert both == by_mask.select(agent_type=Lurker)
    assert people.select(agent_type=Lurker, at_most=3).to_list() == people[18:21]
    with pytest.raises(UsageError, match="a mask of 300 truth values"):
        people.select([True])


def test_get_and_agg(model):
    people = model.agents
    assert people.get("budget") == [person.budget for person in people]
    assert people.get("belonging") == [person.belonging for person in people]
    assert people.get("kind") == [person.kind for person in people]
    assert people.get(["unique_id", "kind"])[0] == [0, "owner"]
    assert people.agg("budget", [min, max]) == [
        min(people.get("budget")),
        max(people.get("budget")),
    ]
    assert people.agg("budget", np.mean) == np.mean(people.get("budget"))
    assert people.agg("groups", len) == 300
    assert people.get("nothing", handle_missing="default", default_value=1) == [1] * 300
    with pytest.raises(AttributeError, match="nothing"):
        people.get("nothing")


def test_an_overridden_attribute_is_honoured():
    class Poor(Lurker):
        budget = 0.0

    model = SelfOrgModel("smoke", member_classes={"lurker": Poor})
    assert model.agents_by_type[Poor].agg("budget", max) == 0.0
    assert model.agents.agg("budget", max) > 0.0


def test_order_and_doing():
    model = SelfOrgModel("smoke")
    people = model.agents
    largest = people.sort("budget")
    assert largest[0].budget == people.agg("budget", max)
    assert people.sort(lambda p: p.budget, ascending=True)[0].budget == people.agg("budget", min)
    assert people.sort("status", inplace=True) is people and people != largest[:0]
    shuffled = people.shuffle()
    assert shuffled == people and shuffled.rows.tolist() != people.rows.tolist()
    seen = []
    people.do(seen.append).shuffle_do(seen.append)
    assert len(seen) == 600 and set(seen[:300]) == set(seen[300:])
    assert people.map(lambda person, more: person.unique_id + more, 1) == (people.rows + 1).tolist()
    assert people.map("__repr__")[0].startswith("<")
    assert people.set("budget", 0.5) is people and people.agg("budget", max) == 0.5


def test_set_behaviour(model):
    people = model.agents
    few, more = people.select(at_most=3), people.select(at_most=5)
    assert few & more == few and few | more == more and len(more - few) == 2
    assert few <= more and few < more and model.agents[0] in few and model.agents[4] not in few
    few.add(model.agents[4])
    few.add(model.agents[4])
    few.remove(model.agents[0])
    assert few.get("unique_id") == [1, 2, 4] and len(model.agents) == 300
    with pytest.raises(KeyError):
        few.remove(model.agents[0])
    assert [p.row for p in people[-2:]] == [298, 299] and people[-1].row == 299
    assert people.index(model.agents[9]) == 9 and copy.copy(people) == people
    with pytest.raises(IndexError):
        people[300]


def test_groupby(model):
    by_kind = model.agents.groupby("kind")
    assert by_kind.count()["troublemaker"] == 15 and len(by_kind) == 4
    means = by_kind.agg("budget", np.mean)
    assert means["owner"] == model.agents_by_type[Owner].agg("budget", np.mean)
    assert by_kind.map(len) == by_kind.count()
    assert by_kind.do("set", "budget", 1.0) is by_kind
    lists = model.agents.groupby(lambda person: person.row % 2, result_type="list")
    assert {key: len(some) for key, some in lists} == {0: 150, 1: 150}
    assert lists.agg("budget", sum) == {0: 150.0, 1: 150.0}


def test_a_large_set_makes_no_views_until_looked_at(monkeypatch):
    town = {"name": "many", "horizon": 1, "people": {"lurker": {"count": 100_000}}}
    model = SelfOrgModel(scenario_from_dict(town | {"contacts": {"generator": "none"}}))
    made = []
    monkeypatch.setattr(SelfOrgModel, "member", lambda self, row: made.append(row))
    people = model.agents
    people.agg("budget", [np.mean, max])
    people.select(people.column("budget") > 1, agent_type=Lurker).set("budget", 1.0)
    people.groupby("kind").agg("belonging", np.mean)
    people.sort("status").shuffle()
    assert made == [] and len(people) == 100_000


# --------------------------------------------------------------------------------------- groups


def test_groups(model):
    group = model.groups["g1"]
    assert group == model.groups[0] == model.group(0) and len({group, model.groups[0]}) == 1
    assert group.size == len(group.members) == len(group.memberships)
    assert group.owner.kind == "owner" and group.founder == group.owner and group.parent is None
    assert group.belonging == pytest.approx(np.mean([m.belonging for m in group.memberships]))
    assert model.groups.get("belonging")[0] == group.belonging
    assert group.core.shape == (5,) and group.platform == "wechat" and group.seats == 500
    assert (group.levels, group.days_to_cash, group.splitting) == (2, 30.0, True)
    assert isinstance(model.all_groups[0], Group) and model.groups.names[:2] == ["g1", "g2"]
    with pytest.raises(UsageError, match="Did you mean 'g1'"):
        model.groups["g1x"]


def test_levers():
    model = lived(3)
    group = model.groups["g2"]
    group.strictness = 0.9
    group.days_to_cash = "never"
    group.levels = "auto"
    group.splitting = False
    group.change(rules_stated=0.9, advertising=1.0)
    assert (group.strictness, group.days_to_cash, group.levels) == (0.9, "never", "auto")
    assert (group.splitting, group.order, group.advertising) == (False, 0.9, 1.0)
    model.step()
    events = model.results().table("events")
    assert (events["event"] == "rules_changed").sum() == 5


@pytest.mark.parametrize(
    "lever, value, said",
    [
        ("strictness", 1.5, r"g2\.strictness: 1\.5 was given; at most 1 is valid"),
        ("strictness", None, "nothing was given"),
        ("splitting", "yes", "true or false is valid"),
        ("days_to_cash", 0, "above 0"),
    ],
)
def test_levers_refuse(lever, value, said):
    group = SelfOrgModel("smoke").groups["g2"]
    with pytest.raises(UsageError, match=said):
        setattr(group, lever, value)
    with pytest.raises(UsageError, match="unknown key"):
        group.change(strictnes=0.5)
    with pytest.raises(UsageError, match="no value here"):
        group.change(advertising_values={"fun": 1.0})
    with pytest.raises(AttributeError):
        group.seats = 5


# ---------------------------------------------------------------------- classes of one's own


def test_own_step_takes_over():
    model = lived(30, member_classes={"influencer": Giver})
    givers = model.agents_by_type[Giver]
    assert model.world.state.people["withheld"].sum() == len(givers) == 12
    assert givers.map(lambda person: person.memory["days"]) == [30] * 12
    outcomes = model.world.state.record.invitations
    own = np.isin(outcomes["to"], givers.rows)
    assert set(outcomes["outcome"][own].tolist()) >= {OFFERED, JOINED}
    inside = [m for giver in givers for m in giver.memberships]
    assert inside and all(m.given == pytest.approx(m.hours * m.member.dedication) for m in inside)
    assert all(m.messages >= 1 for m in inside if m.given > 0)
    assert all(m.invited_by is not None for m in inside)


def test_idle_people_do_nothing():
    model = lived(20, member_classes={"influencer": Idle})
    assert model.agents_by_type[Idle].agg("group_count", sum) == 0
    assert any(person.invitations for person in model.agents_by_type[Idle])


def test_idle_people_do_not_keep_those_after_them_from_looking_for_groups():
    people = {"influencer": {"count": 3}, "owner": {"count": 2}, "lurker": {"count": 30}}
    given = {
        "name": "looking", "horizon": 10, "people": people, "founding": {"groups": 2},
        "contacts": {"generator": "none"}, "group": {"platform": "forum"},
        "rules": {"initiation": {"encounters_per_week": 7.0}},
    }  # fmt: skip
    model = lived(10, scenario_from_dict(given), member_classes={"influencer": Idle})
    idle = set(model.agents_by_type[Idle].rows.tolist())
    asked = set(model.world.state.record.table("invitations")["to"].tolist())
    assert idle == {0, 1, 2} and asked and not asked & idle


def test_own_steps_run_in_row_order_after_giving():
    seen = []

    class Watcher(Lurker):
        def step(self):
            seen.append((self.model.world.state.phase, self.row))

    model = lived(1, member_classes={"lurker": Watcher})
    assert seen == [("give", row) for row in model.agents_by_type[Watcher].rows.tolist()]


def test_contribute_is_bounded_by_hours():
    class Measured(Owner):
        def step(self):
            group = self.groups[0]
            here = self.membership(group)
            assert self.contribute(group, 1000.0) == here.hours * self.dedication
            assert self.contribute(group, here.hours / 2) == here.hours / 2 * self.dedication
            with pytest.raises(UsageError, match="0 or more are valid"):
                self.contribute(group, -1.0)
            with pytest.raises(UsageError, match="not a member"):
                self.contribute(self.model.groups[5] if self.row == 0 else self.model.groups[0])

    model = lived(2, member_classes={"owner": Measured})
    assert model.groups["g1"].owner.membership(model.groups["g1"]).given > 0
    with pytest.raises(UsageError, match="within their own `step`"):
        model.groups["g1"].owner.contribute(model.groups["g1"])


def test_quit_and_an_owner_who_quits():
    model = lived(5)
    group, owner = model.groups["g1"], model.groups["g1"].owner
    outsider = next(p for p in model.agents if p.membership(group) is None)
    with pytest.raises(UsageError, match="not a member of 'g1'"):
        outsider.quit(group)
    owner.quit(group)
    model.step()
    assert group.owner is None and group.founder == owner and group.ended is None
    model.run_model()
    spells = model.results().table("spells")
    reason = spells[(spells["person"] == owner.row) & (spells["group"] == group.row)]["reason"]
    assert "owner left" in reason.tolist()
    assert group.size == len(group.members)
    assert why_left(model, owner.row, group.row) == {"own_program": 1.0}


def why_left(model, person: int, group: int) -> dict[str, float]:
    """Shares of the reasons of an ended membership, those of nothing left out."""
    spells = model.results().table("spells")
    own = spells[(spells["person"] == person) & (spells["group"] == group)].iloc[0]
    shares = {name.removeprefix("why_"): own[name] for name in spells if name.startswith("why_")}
    return {name: share for name, share in shares.items() if share}


def test_who_quits_by_a_program_has_no_invented_reasons():
    model = lived(8)
    group = model.groups["g1"]
    leavers = [person for person in group.members if person != group.owner][:3]
    for person in leavers:
        person.quit(group)
    model.step()
    for person in leavers:
        assert why_left(model, person.row, group.row) == {"own_program": 1.0}
    model.run_model()
    spells = model.results().table("spells")
    assert (spells["why_own_program"] == 1.0).sum() == len(leavers) == 3
    assert (spells["reason"] == "quit").sum() > 3 + 10


def test_join_is_judged_by_the_group_only():
    table = {
        "name": "forum", "horizon": 20,
        "people": {"owner": {"count": 2}, "influencer": {"count": 3}, "lurker": {"count": 20}},
        "founding": {"groups": 2}, "group": {"platform": "forum", "seats": 3, "first_contacts": 0},
        "contacts": {"generator": "none"},
        "rules": {"initiation": {"encounters_per_week": 0.0}},
    }  # fmt: skip

    class Joiner(Influencer):
        def step(self):
            group = self.model.groups["g1"]
            if self.membership(group) is None:
                self.join(group)

    model = lived(1, scenario_from_dict(table), member_classes={"influencer": Joiner})
    joined = model.agents_by_type[Joiner].agg("group_count", sum)
    assert model.groups["g1"].size == 3 and joined == 2
    asked = model.results().table("invitations")
    own = asked["to"].isin(model.agents_by_type[Joiner].rows)
    assert sorted(asked["outcome"][own].astype(str)) == ["full", "joined", "joined"]
    inside = next(p for p in model.agents_by_type[Joiner] if p.groups)
    with pytest.raises(UsageError, match="already a member"):
        inside.join(model.groups["g1"])


def test_invited_people_only():
    model = SelfOrgModel("smoke", member_classes={"influencer": Idle})
    assert model.world.state.groups["discovery"][0] == INVITATION
    with pytest.raises(UsageError, match="open to invited people only"):
        model.agents_by_type[Idle][0].join(model.groups[0])


def test_invite():
    model = SelfOrgModel("smoke")
    group, owner = model.groups["g1"], model.groups["g1"].owner
    friend = next(p for p in owner.contacts if p.kind == "lurker")
    stranger = next(p for p in model.agents if p not in owner.contacts and p != owner)
    with pytest.raises(UsageError, match="no contact of"):
        owner.invite(stranger, group)
    with pytest.raises(UsageError, match="already a member"):
        owner.invite(owner, group)
    with pytest.raises(UsageError, match="not a member"):
        friend.invite(owner, group)
    assert owner.invite(friend, group) is True
    assert owner.invite(friend, group) is False
    model.step()
    asked = model.results().table("invitations")
    mine = asked[(asked["to"] == friend.row) & (asked["group"] == group.row)]
    assert mine["from"].tolist() == [owner.row] and mine["day"].tolist() == [1]


def test_replace_gives_people_back_to_the_rules():
    model = lived(20)
    model.replace("influencer", Idle)
    people = model.agents_by_type[Idle]
    standings = {m.standing for person in people for m in person.memberships}
    assert standings <= {"core", "contributor", "lurker", "owner"}
    model.replace("influencer", Influencer)
    assert not model.world.state.people["withheld"].any()
    with pytest.raises(UsageError, match="Did you mean 'lurker'"):
        model.replace("lurkers", Lurker)
    with pytest.raises(UsageError, match="derived from Member"):
        model.replace("lurker", mesa.Agent)


def test_an_error_in_own_code_is_shown_as_it_is():
    class Wrong(Owner):
        def step(self):
            raise ZeroDivisionError("mine")

    model = SelfOrgModel("smoke", member_classes={"owner": Wrong})
    with pytest.raises(ZeroDivisionError, match="mine") as caught:
        model.step()
    assert "day 1, phase 'give'" in caught.value.__notes__[0]


def test_nobody_is_added_or_removed(model):
    for attempt in (
        lambda: Lurker.create_agents(model, 3),
        lambda: mesa.Agent(model),
        lambda: model.agents[0].remove(),
        model.remove_all_agents,
    ):
        with pytest.raises(UsageError):
            attempt()
    with pytest.raises(AttributeError):
        model.agents = []
    assert len(model.agents) == 300


# ------------------------------------------------------------------------ data, copies, memory


def count_members(model):
    return len(model.world.state.memberships)


def quality_sum(model):
    return model.groups.agg("quality", np.sum)


def test_data_collector():
    model = SelfOrgModel("smoke")
    model.datacollector = mesa.DataCollector(
        model_reporters={"members": count_members, "quality": quality_sum, "day": "day"},
        agent_reporters={"belonging": "belonging", "kind": "kind"},
        agenttype_reporters={Owner: {"groups": "group_count"}},
    )
    for _ in range(3):
        model.step()
        model.datacollector.collect(model)
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame["day"].tolist() == [1, 2, 3] and frame["members"].iloc[-1] == count_members(model)
    agents = model.datacollector.get_agent_vars_dataframe()
    assert len(agents) == 900
    assert agents["belonging"].to_numpy()[-300:].tolist() == model.agents.get("belonging")
    assert len(model.datacollector.get_agenttype_vars_dataframe(Owner)) == 18


def test_a_model_of_ones_own_collects_as_it_steps():
    class Collecting(SelfOrgModel):
        def __init__(self, **given):
            super().__init__(**given)
            self.datacollector = mesa.DataCollector(model_reporters={"members": count_members})

        def step(self):
            super().step()
            self.datacollector.collect(self)

    model = Collecting(seed=3)
    for _ in range(4):
        model.step()
    assert model.day == 4 and len(model.datacollector.get_model_vars_dataframe()) == 4


def by_pickle(model):
    return pickle.loads(pickle.dumps(model))


@pytest.mark.parametrize("copied", [copy.deepcopy, by_pickle])
@pytest.mark.parametrize("classes", [{}, {"influencer": Giver}], ids=["rules", "own step"])
def test_copies_go_on_alike(copied, classes):
    model = lived(12, member_classes=classes)
    model.favourites = {model.agents[3], model.agents[4]}
    twin = copied(model)
    assert twin.day == 12 and twin.agents[3] in twin.favourites
    assert next(iter(twin.favourites)).model is twin
    for _ in range(15):
        twin.step()
    assert (model.day, twin.day) == (12, 27)
    for _ in range(15):
        model.step()
    for name in ("series", "spells", "invitations"):
        assert model.results().arrow(name).equals(twin.results().arrow(name)), name
    assert model.memories == twin.memories


def test_views_and_sets_can_be_pickled(model):
    person, people = by_pickle(model.agents[5]), by_pickle(model.agents.select(at_most=4))
    assert person.row == 5 and person.budget == model.agents[5].budget
    assert people.get("budget") == model.agents.get("budget")[:4] and isinstance(people, Members)
    assert by_pickle(model.groups["g2"]).name == "g2"


def test_class_of_a_further_card(tmp_path):
    hermit = {"card": "lurker", "count": 5}
    scenario = scenario_from_dict({"name": "h", "horizon": 5, "people": {"night_owl": hermit}})
    model = lived(2, scenario)
    made = type(model.agents[0])
    assert made.__name__ == "NightOwl" and made is class_of_kind("night_owl")
    assert issubclass(made, Member) and type(by_pickle(model).agents[0]) is made
    with pytest.raises(UsageError, match="no kind 'lurker'"):
        SelfOrgModel(scenario, member_classes={"lurker": Lurker})


def test_fifty_models_leave_nothing_behind():
    def use(seed):
        model = lived(1, seed=seed, member_classes={"influencer": Giver}, record=False)
        model.agents.select(at_most=20).map("__hash__")
        return weakref.ref(model)

    use(0)
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        left = [use(seed) for seed in range(50)]
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [ref for ref in left if ref() is not None] == []
    assert after - before < 200_000


def test_a_model_stops_in_words_on_the_last_day_there_is_room_for():
    model = SelfOrgModel(scenario_from_dict({"name": "late", "horizon": 1}))
    model.world.state.day = LAST_DAY - 1
    model.step()
    with pytest.raises(RunError, match=str(LAST_DAY)):
        model.step()
