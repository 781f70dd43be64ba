"""Twin worlds: what is compared, how pairs are run and kept, and what is said of them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from test_cli import selforg
from test_independence import apart, bits, community, two_communities  # noqa: F401

from selforg_sim.compare import OUTCOMES, Comparison, compare, pair_of
from selforg_sim.compare.parting import parting_day
from selforg_sim.compare.pictures import plot_difference_over_time, worlds
from selforg_sim.compare.report import _cells, as_json, parting, sentences
from selforg_sim.errors import SelforgError, UsageError
from selforg_sim.outcomes import curves_of, lived, people_in_groups
from selforg_sim.results.measures import headline_table
from selforg_sim.scenario import load_scenario, scenario_from_dict
from selforg_sim.simulation import run_world, simulate, tables_of
from selforg_sim.world import World

STRICTER = 'events=[{day=8,event="rules_changed",set={strictness=0.8}}]'
SMALL: dict[str, Any] = {"changes": [STRICTER], "seeds": 4, "days": 20, "workers": 1}


@pytest.fixture(scope="module")
def small() -> Comparison:
    return compare("smoke", at_days=[5, 20], **SMALL)


# Outcomes


def test_outcomes_are_the_headline_numbers_of_a_run():
    scenario = load_scenario("smoke", ["horizon=45", "rules.evolution.dissolving_days=3"])
    world = run_world(scenario, 3)[0]
    wanted = headline_table(simulate(scenario, seed=3)).iloc[0]
    curves = curves_of(world)
    shared = {"size": "memberships"} | {name: name for name in set(curves) & set(wanted.index)}
    assert len(shared) >= 12
    assert (world.state.groups["ended"] >= 0).any(), "some group has ended"
    for mine, theirs in shared.items():
        assert curves[mine][-1] == pytest.approx(wanted[theirs]), mine


def test_who_is_in_two_groups_is_one_of_the_people_in_groups():
    world = run_world(load_scenario("smoke", ["horizon=25"]), 4)[0]
    found = people_in_groups(lived(world))
    spells = world.state.record.table("spells")
    for day in (0, 1, 13, 25):
        inside = (spells["joined"] <= day) & ((spells["left"] < 0) | (spells["left"] > day))
        assert found[day] == np.unique(spells["person"][inside]).size
    assert found[-1] < len(world.state.memberships), "some are in two"


def test_an_outcome_of_one_group_is_that_of_its_series():
    world = run_world(load_scenario("smoke", ["horizon=12"]), 4)[0]
    curves = curves_of(world, ["size@g2", "belonging@g2", "size@g99"])
    series = tables_of(world)["series"].to_pandas()
    of_group = series[series["group"] == world.state.group_names.index("g2")]
    assert curves["size@g2"].tolist() == of_group["size"].tolist()
    assert curves["belonging@g2"] == pytest.approx(of_group["belonging"].to_numpy())
    assert not curves["size@g99"].any(), "a group that never opens has nobody"


# The day on which worlds part


def first_unlike_day(a: World, b: World) -> int | None:
    """The slow way: by names of groups, in tables of results."""
    frames = []
    for world in (a, b):
        tables = tables_of(world)
        names = tables["groups"].to_pandas().set_index("group")["name"].astype(str)
        series = tables["series"].to_pandas()
        frames.append(series.assign(group=series["group"].map(names)))
    for day in range(int(frames[0]["day"].max()) + 1):
        one, other = (
            frame[frame["day"] == day].sort_values("group").reset_index(drop=True)
            for frame in frames
        )
        if not one.equals(other):
            return day
    return None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_worlds_part_on_the_first_day_on_which_a_table_differs(seed):
    base = ["horizon=20", "founding.free=false"]
    a = run_world(load_scenario("smoke", base), seed)[0]
    b = run_world(load_scenario("smoke", [*base, STRICTER]), seed)[0]
    found = parting_day(a, b)
    assert found is not None and found >= 8
    assert found == first_unlike_day(a, b)
    assert parting_day(a, a) is None


def test_worlds_that_differ_in_one_number_of_one_group_part_there():
    a, b = (run_world(load_scenario("smoke", ["horizon=6"]), 2)[0] for _ in range(2))
    assert parting_day(a, b) is None
    b.state.record.days["series"][4]["noise"][3] += 1e-12
    assert parting_day(a, b) == 4


@pytest.mark.parametrize("day", [4, 6])
@pytest.mark.parametrize("choose", [np.argmin, np.argmax])
def test_worlds_part_on_the_day_on_which_one_of_them_lacks_a_group(choose, day):
    """Wherever its key puts the group among the others, also on the last day."""
    a, b = (run_world(load_scenario("smoke", ["horizon=6"]), 2)[0] for _ in range(2))
    series = b.state.record.days["series"]
    missing = choose(b.state.groups["group_key"][series[day]["group"]])
    series[day] = {name: np.delete(column, missing) for name, column in series[day].items()}
    assert parting_day(a, b) == parting_day(b, a) == day


def test_worlds_part_when_a_group_opens_in_one_of_them():
    rival = 'events=[{event="rival_opens",day=4,owner="influencer:0"}]'
    a = run_world(load_scenario("smoke", ["horizon=6"]), 2)[0]
    b = run_world(load_scenario("smoke", ["horizon=6", rival]), 2)[0]
    assert parting_day(a, b) == first_unlike_day(a, b) == 4


def test_groups_are_matched_by_their_keys_not_by_their_order(two_communities):  # noqa: F811
    table = apart(two_communities)
    turned = {**table, "groups": dict(reversed(table["groups"].items()))}
    a, b = (run_world(scenario_from_dict(each), 5)[0] for each in (table, turned))
    assert a.state.group_names[:4] == b.state.group_names[:4][::-1]
    assert parting_day(a, b) is None


def test_nothing_differs_before_the_change(small):
    assert min(small.parted) >= 8 and len(small.parted) == 4
    for name in OUTCOMES:
        a, b = small.curves(name)
        assert np.array_equal(a[:, :8], b[:, :8], equal_nan=True), name
    assert small.effect("size", 5).difference == 0.0
    assert small.effect("size").difference < 0.0, "strict entry lets fewer in"
    assert small.effect("size").narrower > 1.5


# Somebody is missing


def test_who_is_left_out_is_in_no_group_and_changes_nobody_apart(two_communities):  # noqa: F811
    table = apart(two_communities)
    pair = pair_of(scenario_from_dict(table), without=["here:3"])
    assert pair.absent == (3,)
    plain = run_world(scenario_from_dict(table), 5)[0]
    less = run_world(scenario_from_dict(table), 5, absent=pair.absent)[0]
    assert 3 in plain.state.record.table("spells")["person"]
    assert 3 not in less.state.record.table("spells")["person"]
    assert community(plain, "there") == community(less, "there")
    assert community(plain, "here") != community(less, "here")


def test_who_is_left_out_is_born_known_and_asked_but_never_answers(two_communities):  # noqa: F811
    scenario = scenario_from_dict(apart(two_communities))
    plain, less = run_world(scenario, 5)[0], run_world(scenario, 5, absent=[3])[0]
    one, other = tables_of(plain), tables_of(less)
    for name in one["people"].column_names:
        assert bits(one["people"][name]) == bits(other["people"][name]), name
    invitations = other["invitations"].to_pandas()
    to_him = invitations[invitations["to"] == 3]
    assert len(to_him) and set(to_him["outcome"]) == {"offered"}
    assert 3 not in set(invitations["from"])


def test_the_groups_of_an_owner_who_is_left_out_do_not_open(two_communities):  # noqa: F811
    rival = {"event": "rival_opens", "day": 8, "name": "rival", "owner": "here:5"}
    scenario = scenario_from_dict({**apart(two_communities), "events": [rival]})
    plain = run_world(scenario, 5)[0]
    less = run_world(scenario, 5, absent=[0, 5])[0]
    assert {"a", "rival"} <= set(plain.state.group_names)
    assert not {"a", "rival"} & set(less.state.group_names)
    assert not {0, 5} & set(less.state.groups["founder"].tolist()), "nor do they found any"
    assert community(plain, "there") == community(less, "there")
    assert parting_day(plain, less) == 0


def test_a_kind_is_left_out_as_a_whole():
    found = pair_of("smoke", without=["kind:troublemaker", "person:0", "lurker:2"])
    counts = found.b.counts()
    first = list(counts).index("troublemaker")
    begin = sum(list(counts.values())[:first])
    lurkers = sum(list(counts.values())[: list(counts).index("lurker")])
    assert found.absent == tuple(sorted({0, lurkers + 2, *range(begin, begin + 15)}))
    without = run_world(found.b, 1, absent=found.absent)[0]
    spells = without.state.record.table("spells")
    assert spells["person"].size and not np.isin(spells["person"], found.absent).any()


def test_a_world_without_anybody_has_no_groups():
    kinds = ["kind:owner", "kind:influencer", "kind:lurker", "kind:troublemaker"]
    found = compare("smoke", without=kinds, seeds=2, days=3, workers=1)
    assert found.effect("size").mean_b == 0.0 < found.effect("size").mean_a
    assert found.effect("belonging").seeds == 0
    assert "too few for an interval" in " ".join(sentences(found))
    json.dumps(as_json(found), allow_nan=False)


# Equal worlds


def test_two_equal_scenarios_are_equal(tmp_path):
    done = selforg("compare", "smoke", "smoke", "--seeds", "3", "--days", "8", "--workers", "1",
                   cwd=tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "The two worlds are equal in all 3 seeds." in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_change_that_acts_late_leaves_worlds_equal_until_then():
    late = ["rules.evolution.dissolving_days=15"]
    found = compare("smoke", changes=late, seeds=2, days=7, workers=1)
    assert found.equal and found.pair.settings
    assert {effect.p for effect in found.effects} == {1.0}


# Words


def test_when_worlds_part_is_said(small):
    days = small.parted
    said = parting(small)
    assert str(min(days)) in said and "part" in said
    some = Comparison(small.pair, small.outcomes, small.days, (
        small.runs[0], small.runs[1].__class__(**{**vars(small.runs[1]), "parted": None}),
    ))  # fmt: skip
    assert "in 1 of 2 seeds" in parting(some)


def in_process(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command prints, without a process of its own."""
    from selforg_sim.cli.main import app

    app(["compare", *arguments], standalone_mode=False)
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out


QUICK = ("smoke", "--set", STRICTER, "--seeds", "3", "--days", "20", "--workers", "1")


def test_the_command_prints_a_table_sentences_and_what_pairing_was_worth(capsys):
    said = in_process(capsys, *QUICK, "--day", "12", "--day", "20")
    for part in ("On day 12", "On day 20", "members", "95% interval", "strictness"):
        assert part in said
    assert " ".join(said.split()).count("Pairing made the intervals") == 1
    assert "…" not in said, "nothing is cut off on a terminal of 80 columns"


def test_json_is_one_object_with_everything(capsys):
    told = json.loads(in_process(capsys, *QUICK, "--json"))
    assert told["seeds"] == [1, 2, 3] and not told["equal"]
    assert told["parted"]["per_seed"] and told["parted"]["median"] >= 8
    size = told["effects"][0]
    assert size["outcome"] == "size" and size["low"] < size["difference"] < size["high"]


# Wrong use


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["smoke"], "one scenario only"),
        (["smoke", "smok"], "Did you mean 'smoke'?"),
        (["smoke", "wechat_500", "--days", "9"], "different people (owner: 6 and 40"),
        (["smoke", "smoke", "--set", "horizon=9"], "A (smoke) lasts 60 days and B (smoke) 9"),
        (["smoke", "smoke", "--set", "contacts.generator=file"], "no file of contacts"),
        (["smoke", "--without", "kind:trublemaker"], "Did you mean 'troublemaker'?"),
        (["smoke", "--without", "person:300"], "the rows are 0 to 299"),
        (["smoke", "--without", "owner:6"], "numbered from 0 to 5"),
        (["smoke", "--without", "hermit:0"], "no kind of people 'hermit'"),
        (["smoke", "--without", "troublemaker"], "Did you mean kind:troublemaker"),
        (["smoke", "--without", "17"], "Did you mean person:17?"),
        (["smoke", "--without", "nobody"], "kind:NAME"),
        (["smoke", "--without", "person:1,2"], "Give --without once for each"),
        (["smoke", "--set", "horizon=9", "--days", "20"], "leave one of the two out"),
        (["smoke", "smoke", "--seeds", "1"], "too few"),
        (["smoke", "smoke", "--outcome", "sise"], "Did you mean 'size'?"),
        (["smoke", "smoke", "--outcome", "size@g7"], "no group 'g7'"),
        (["smoke", "smoke", "--day", "61"], "from day 0 to 60"),
        (["smoke", "smoke", "--outcome", "stayed"], "is called 'retained'"),
        (["smoke", "smoke", "--until-halfwidth", "size"], "a number above 0"),
        (["smoke", "smoke", "--until-halfwidth", "retained=2"], "write retained=0.02"),
        (["smoke", "smoke", "--until-halfwidth", "size=9", "--seeds", "9"], "Allow more"),
        (["smoke", "--set", "seed=9"], "share their luck"),
        (["smoke", "--set", "title=mine"], "changes nothing in a world"),
        (["smoke", "--set", "record.spells=false"], "changes nothing in a world"),
        (["smoke", "--without", "owner:" + "9" * 5000], "names nobody"),
        (["smoke", "smoke", "--seeds", "1000000000"], "too many"),
        (["smoke", "--set", "group.strictnes=1"], "strictness"),
    ],
)
def test_wrong_use_is_refused_in_words(arguments, says, capsys):
    from selforg_sim.cli.main import app

    with pytest.raises(SelforgError) as refused:
        app(["compare", *arguments], standalone_mode=False)
    assert refused.value.exit_code == 2
    assert says in str(refused.value)


def test_wrong_use_ends_with_2(tmp_path):
    done = selforg("compare", "smoke", "--out", "there", cwd=tmp_path)
    assert done.returncode == 2 and "--without" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_other_values_or_contacts_are_other_people(two_communities):  # noqa: F811
    table = apart(two_communities)
    plain = scenario_from_dict(table)
    others = scenario_from_dict({**table, "contacts": {"generator": "none"}})
    with pytest.raises(UsageError, match="contacts from different places"):
        pair_of(plain, others)
    values = {"dimensions": ["sharing", "earning"]}
    with pytest.raises(UsageError, match="different values"):
        pair_of(plain, scenario_from_dict({**table, "values": values}))


def test_pictures_name_the_one_thing_that_differs():
    one = compare("smoke", changes=["group.levels=1"], seeds=2, days=2, workers=1)
    assert worlds(one) == "smoke, 2 seeds. group.levels: 2 in A, 1 in B"
    missing = compare("smoke", without=["owner:0"], seeds=2, days=2, workers=1)
    assert worlds(missing) == "smoke, 2 seeds. B is without owner:0 (1 person)"
    event = 'events=[{day=1,event="meet_up"}]'
    more = compare("smoke", changes=["group.levels=1", event], seeds=2, days=2, workers=1)
    assert worlds(more) == (
        "smoke, 2 seeds. group.levels: 2 in A, 1 in B; only in B: day 1, meet up"
    )
    many = [f"rules.initiation.{name}=0.3" for name in ("hope", "asked_load", "trust_base")]
    three = compare("smoke", changes=many, seeds=2, days=2, workers=1)
    assert worlds(three).endswith("more differences: see comparison.json")


def test_whether_the_half_width_was_reached_is_said():
    asked = {**SMALL, "seeds": 12}
    near = compare("smoke", **asked, outcomes=["size"], until_halfwidth={"size": 1e9})
    assert near.reached and len(near.runs) == 10
    assert "stopped after 10 seeds: size ±1e+09 was reached" in " ".join(sentences(near))
    far = compare("smoke", **asked, outcomes=["size"], until_halfwidth={"size": 1e-9})
    assert not far.reached
    assert "was not reached with 12 seeds; it came to size ±" in " ".join(sentences(far))
    assert as_json(far)["halfwidth_reached"] is False


def test_the_table_shows_the_corrected_p_and_points(small):
    effect = small.effect("retained")
    assert effect.p < 0.9 * effect.p_holm, "otherwise this test shows nothing"
    cells = _cells(OUTCOMES["retained"], effect)
    assert cells[6] == f"{effect.p_holm:.3f}"
    assert cells[1:4] == [
        f"{effect.mean_a:.1%}", f"{effect.mean_b:.1%}", f"{100 * effect.difference:+.2f}",
    ]  # fmt: skip


def test_pictures_show_points_and_the_interval_of_the_table(small):
    from matplotlib.figure import Figure

    ax = Figure().subplots()
    plot_difference_over_time(small, OUTCOMES["retained"], ax)
    effect = small.effect("retained")
    assert ax.lines[-1].get_ydata()[-1] == pytest.approx(100 * effect.difference)
    band = ax.collections[0].get_paths()[0].vertices
    at_end = band[band[:, 0] == 20][:, 1]
    assert (at_end.min(), at_end.max()) == pytest.approx((100 * effect.low, 100 * effect.high))
    assert "points" in ax.get_ylabel()


@pytest.mark.parametrize("columns", ["80", "40"])
def test_nothing_is_cut_off_on_a_narrow_terminal(columns, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    names = [f"--outcome={name}" for name in (*OUTCOMES, "people_in_groups@g1")]
    said = in_process(capsys, *QUICK, *names)
    assert "…" not in said and "pairing" in said


def test_an_outcome_that_has_not_happened_is_not_known_exactly():
    """Ten seeds in which nobody was removed say nothing about how often somebody is."""
    asked = {"seeds": 12, "days": 3, "workers": 1, "outcomes": ["removals"]}
    found = compare(
        "smoke", changes=["group.strictness=0.8"], **asked, until_halfwidth={"removals": 5}
    )
    assert len(found.runs) == 12
