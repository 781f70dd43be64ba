"""Sweeps: what an experiment's file says, which points are run, and what is refused in words."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from selforg_sim.errors import UsageError
from selforg_sim.scenario import load_scenario
from selforg_sim.scenario.load import Variants
from selforg_sim.simulation import run_world
from selforg_sim.sweep import load_experiment, study_of
from selforg_sim.sweep.chunk import Chunk, Report
from selforg_sim.sweep.designs import Sample
from selforg_sim.sweep.designs.explicit import Explicit, as_csv
from selforg_sim.sweep.factors import Factor
from selforg_sim.sweep.known import FUNCTIONS
from selforg_sim.sweep.load import experiment_files
from selforg_sim.sweep.parts import OK
from selforg_sim.sweep.points import Points, points_of
from selforg_sim.sweep.schedule import Schedule, Shard
from selforg_sim.sweep.study import Study
from selforg_sim.sweep.thinned import thinned

# Factors


def factor(table: Any) -> Factor:
    return Factor.model_validate(table)


@pytest.mark.parametrize(
    ("table", "at", "values"),
    [
        ({"low": 2, "high": 4}, [0.0, 0.25, 1.0], [2.0, 2.5, 4.0]),
        ([1, 2, "auto"], [0.0, 0.34, 0.67, 1.0], [1, 2, "auto", "auto"]),
        ({"distribution": "integers", "low": 1, "high": 3}, [0.0, 0.34, 0.99, 1.0], [1, 2, 3, 3]),
        ({"distribution": "loguniform", "low": 1, "high": 100}, [0.0, 0.5, 1.0], [1, 10, 100]),
        ({"distribution": "normal", "mean": 3, "sd": 2, "low": 2}, [0.5, 0.0], [3.0, 2.0]),
        ({"distribution": "lognormal", "mu": 0, "sigma": 1}, [0.5], [1.0]),
        ({"distribution": "beta", "a": 1, "b": 1}, [0.25], [0.25]),
        ({"distribution": "gamma", "shape": 1, "mean": 2}, [0.5], [2 * np.log(2)]),
    ],
)
def test_values_follow_the_inverse_distribution_function(table, at, values):
    found = factor(table).values(np.array(at))
    for one, wanted in zip(found, values, strict=True):
        assert one == (
            pytest.approx(wanted, rel=1e-6) if isinstance(wanted, float | int) else wanted
        )
        assert type(one) is type(wanted) or isinstance(one, float), "whole numbers stay whole"


def test_a_grid_takes_lists_whole_numbers_and_steps():
    assert factor([3, 1]).grid() == (3, 1)
    assert factor({"distribution": "integers", "low": 1, "high": 3}).grid() == (1, 2, 3)
    assert factor({"low": 0, "high": 1, "steps": 3}).grid() == (0.0, 0.5, 1.0)
    log = {"distribution": "loguniform", "low": 1, "high": 100, "steps": 3}
    assert factor(log).grid() == pytest.approx((1, 10, 100))
    assert factor({"low": 0, "high": 1}).grid() is None


# Experiments


def written(tmp_path: Path, text: str, name: str = "mine.toml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


WHOLE = """
name = "mine"
title = "Strict or not"
scenario = "smoke"
seed = 7

[fixed]
horizon = 20
group.platform = "qq"

[chosen]
group.strictness = [0, 0.5, 1]
group.levels = { values = [1, 2], label = "levels" }

[uncertain]
"rules.structure.care_time" = { low = 0.005, high = 0.02, unit = "hours/day", steps = 2 }

[outcomes]
names = ["size", "belonging@g1"]
days = [10, 20]

[replicates]
count = 3
"""


def test_a_file_says_everything(tmp_path):
    study = study_of(load_experiment(written(tmp_path, WHOLE)))
    experiment, model = study.experiment, study.models[0]
    assert list(experiment.factors) == [
        "group.strictness", "group.levels", "rules.structure.care_time",
    ]  # fmt: skip
    assert model.scenario.horizon == 20 and model.scenario.group.platform == "qq"
    assert (model.asked, model.days) == (("size", "belonging@g1"), (10, 20))
    assert study.sample.rows == 12 and experiment.seed == 7
    answer = model.run({"group.strictness": 0.5}, seed=7, replicate=0)
    assert answer.days == (10, 20) and list(answer.outcomes) == ["size", "belonging@g1"]


def test_a_scenario_is_an_experiment(tmp_path):
    mine = written(tmp_path, 'extends = "smoke"\nhorizon = 9\n', "nine.toml")
    study = study_of(load_experiment(mine, vary=["group.levels=1:3:3", "seed=5:8:4"]))
    assert (study.experiment.name, study.experiment.seed) == ("nine", 5)
    assert study.experiment.replicates.count == 4 and study.sample.rows == 3
    assert study.models[0].scenario.horizon == 9
    assert study_of(load_experiment("smoke")).sample.rows == 1


def test_the_command_line_replaces_what_the_file_says(tmp_path):
    experiment = load_experiment(
        written(tmp_path, WHOLE), vary=["group.levels=3,auto"], changes=["horizon=30"],
        replicates=9, seed=2, outcomes=["happy"], days=[5],
        design={"method": "latin_hypercube", "n": 8},
    )  # fmt: skip
    assert experiment.factors["group.levels"].grid() == (3, "auto")
    assert experiment.fixed == {"horizon": 30, "group.platform": "qq"}
    assert (experiment.replicates.count, experiment.seed) == (9, 2)
    assert (experiment.outcomes.names, experiment.outcomes.days) == (("happy",), (5,))
    assert study_of(experiment).sample.rows == 8


def test_shipped_experiments_can_be_run():
    assert "which_lever" in experiment_files()
    for name in experiment_files():
        study = study_of(load_experiment(name))
        assert study.experiment.title and points_of(study).current.size > 1, name


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('scenario="smok"', "no such file, and no shipped scenario"),
        ('scenario="smoke"\n[chosen]\ngroup.strictnes=[0,1]', "Did you mean 'strictness'?"),
        ('scenario="smoke"\n[chosen]\ngroup.strictness=[0,2]', "[chosen] group.strictness"),
        ('scenario="smoke"\n[chosen]\ngroup.strictness={low=1,high=0}', "low = 1 is above"),
        ('scenario="smoke"\n[chosen]\ngroup.strictness={low=0,high=1}', "needs single values"),
        ('scenario="smoke"\n[chosen]\ngroup.strictness=[]', "at least 1"),
        ('scenario="smoke"\n[chosen]\ngroup.levels=[1,1]', "named twice"),
        ('scenario="smoke"\n[chosen]\nseed=[1,2]', "[replicates] count"),
        ('scenario="smoke"\n[outcomes]\nnames=["sise"]', "Did you mean 'size'?"),
        ('scenario="smoke"\n[outcomes]\ndays=[61]', "no day 61"),
        ('scenario="smoke"\n[fixed]\ngroup.clarity=2', "[fixed] group.clarity"),
        ('scenario="smoke"\n[fixed]\nhorizon=9\n[chosen]\nhorizon=[5]', "cannot be fixed as well"),
        ('scenario="smoke"\n[design]\nmethod="sobl"', "Did you mean 'sobol'?"),
        ('scenario="smoke"\n[design]\nmethod="sobol"\nn=8', "vary at least two"),
        ('scenario="smoke"\n[design]\nmethod="list"\nfile="no.csv"', "cannot be read"),
        ('scenario="smoke"\nfunction="ishigami"', "name one"),
        ('scenario=["smoke","smoke"]', "both named 'smoke'"),
        ('scenario="smoke"\n[chose]\na=[1]', "Did you mean 'chosen'?"),
        ('scenario="smoke"\n[chosen]\ngroup.levels={values=[1],unit="days"}', "the unit is levels"),
        ('scenario="smoke"\n[chosen]\ncontacts.mean=[1,nan]', "mean.1: nan was given; a finite"),
        (
            'scenario="smoke"\n[chosen]\ncontacts.mean={low=1,high=inf}',
            "mean.high: inf was given; a finite",
        ),
        ('scenario="smoke"\nseed=4294967296', "at most 4294967295 is valid"),
        ('scenario="smoke"\n[replicates]\ncount=1_000_000_000_000', "more than 50,000,000"),
        ('function="ishigami"', "takes the factors x1, x2, x3"),
    ],
)
def test_wrong_experiments_are_refused_in_words(tmp_path, text, says):
    path = written(tmp_path, text)
    with pytest.raises(UsageError) as refused:
        study_of(load_experiment(path))
    assert says.lower() in str(refused.value).lower()
    assert refused.value.exit_code == 2


def test_the_setting_decides_whether_numbers_are_whole():
    vary = ["contacts.mean=10:20", "group.levels=1:3"]
    design = {"method": "latin_hypercube", "n": 50}
    columns = study_of(load_experiment("smoke", vary=vary, design=design)).sample.columns
    assert all(type(value) is float for value in columns["contacts.mean"])
    assert len(set(columns["contacts.mean"])) == 50
    assert set(columns["group.levels"]) == {1, 2, 3}
    assert all(type(value) is int for value in columns["group.levels"])


def test_settings_may_have_the_names_of_the_keys_of_a_factor(tmp_path):
    text = """scenario="smoke"
[chosen]
people.lurker.budget.low = [0.1, 0.2]
people.lurker.budget.high = { low = 1, high = 2, steps = 3 }
group.values.fun = { values = [0.5, 1], label = "fun" }
"""
    factors = load_experiment(written(tmp_path, text)).factors
    assert {key: factor.grid() for key, factor in factors.items()} == {
        "people.lurker.budget.low": (0.1, 0.2),
        "people.lurker.budget.high": (1.0, 1.5, 2.0),
        "group.values.fun": (0.5, 1),
    }


@pytest.mark.parametrize(
    ("vary", "design", "says"),
    [
        (["group.levels=1,2", "group.levels=3"], {}, "group.levels is varied already"),
        (["contacts.mean=1:inf:3"], {}, "'inf' is no finite number"),
        (["contacts.mean=nan:3"], {}, "'nan' is no finite number"),
        (["contacts.mean=1:2:1000000000"], {}, "at most 1,000,000"),
        (["contacts.mean=1:2"], {"n": 5}, "--points 5: a grid has the points of its values"),
    ],
)
def test_wrong_words_of_the_command_line_are_refused(vary, design, says):
    with pytest.raises(UsageError, match=says):
        load_experiment("smoke", vary=vary, design=design)


def test_points_go_to_the_design_of_the_file(tmp_path):
    text = (
        'scenario="smoke"\n[chosen]\ncontacts.mean={low=1,high=9}\n'
        '[design]\nmethod="latin_hypercube"\nn=3\n'
    )
    experiment = load_experiment(written(tmp_path, text), design={"n": 7})
    assert study_of(experiment).sample.rows == 7


# Designs


LISTED = """scenario="smoke"
[chosen]
group.strictness={low=0,high=1}
group.levels=[1,2,"auto"]
[design]
method="list"
file="points.csv"
"""
HEADER = "group.levels,group.strictness\n"


def listed(tmp_path: Path, text: str) -> Study:
    """The study of a list of points."""
    written(tmp_path, text, "points.csv")
    return study_of(load_experiment(written(tmp_path, LISTED)))


def test_points_of_a_list_stand_in_a_file(tmp_path):
    points = points_of(listed(tmp_path, f"{HEADER}1,0.5\nauto,1\n\n2,0\n"))
    assert [settings for _, settings in points.of(points.current.tolist())] == [
        {"group.strictness": 0.5, "group.levels": 1},
        {"group.strictness": 1, "group.levels": "auto"},
        {"group.strictness": 0, "group.levels": 2},
    ]


@given(
    st.lists(
        st.integers(-(2**63), 2**63 - 1)
        | st.booleans()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(codec="utf-8"))
    )
)
@example(["", " a ", "3 # or 4", "a\nb", "3", "true", '"', "#", "\x7f"])
def test_a_list_of_points_that_is_written_is_read_as_the_same(values):
    with TemporaryDirectory() as folder:
        file = Path(folder) / "points.csv"
        file.write_text(as_csv(Sample({"a": values})), encoding="utf-8", newline="\n")
        factors = {"a": Factor(distribution="uniform", low=0.0, high=1.0)}
        read = Explicit(method="list", file=str(file)).sample(factors, 1)
    assert repr(read.columns["a"]) == repr(values)


def test_the_columns_of_a_list_are_the_factors_where_none_is_named(tmp_path):
    numbers = "".join(f"{number % 3 + 1},0.{number:02d}\n" for number in range(30))
    written(tmp_path, f"group.levels,group.strictness\n{numbers}auto,0.5\n", "points.csv")
    text = 'scenario="smoke"\n[design]\nmethod="list"\nfile="points.csv"\n'
    study = study_of(load_experiment(written(tmp_path, text)))
    factors = study.experiment.factors
    assert factors["group.levels"].grid() == (1, 2, 3, "auto")
    assert not factors["group.strictness"].listed
    assert factors["group.strictness"].ends() == (0.0, 0.5)
    assert study.sample.rows == 31
    written(tmp_path, "group.levels\n", "points.csv")
    with pytest.raises(UsageError, match="no line below the names"):
        load_experiment(written(tmp_path, text))
    written(tmp_path, "group.strictnes\n0.5\n", "points.csv")
    with pytest.raises(UsageError, match="Did you mean 'strictness'"):
        study_of(load_experiment(written(tmp_path, text)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("group.levels;group.strictness\n1;0\n", "separated by semicolons; save it with commas"),
        ("group.levels\n1\n", "no column for group.strictness"),
        ("group.levels,group.strictnes\n1,1\n", "Did you mean 'group.strictness'?"),
        ("group.levels,group.strictness,group.levels\n1,1,2\n", "columns 1 and 3 are both named"),
        ("", "the file is empty"),
        (HEADER, "has no rows"),
        (f"{HEADER}1\n", "line 2: 1 values, but 2 columns"),
        (f"{HEADER}\n1,\n", "line 3: group.strictness: the cell is empty"),
        (f"{HEADER}1,nan\n", "line 2: group.strictness: nan was given"),
        (f"{HEADER}1,-inf\n", "line 2: group.strictness: -inf was given"),
        (f"{HEADER}1,0.1 # x\n", "line 2: group.strictness: '0.1 # x' was given"),
        (f'{HEADER}1,"0.1\n"\n', "line 2: group.strictness: there is a line break"),
        (f'{HEADER}1,"0"5\n', "line 2: this is no CSV"),
        (f"{HEADER}1,0.1\n2,1.5\n", "line 3: group.strictness: .* 1.5 was given; at most 1"),
        (f"{HEADER}1.5,0.1\n", "line 2: group.levels: .*1.5 was given"),
        (f"{HEADER}1,high\n", 'line 2: group.strictness: .*"high" was given'),
    ],
)
def test_lists_of_points_that_are_wrong_are_refused_in_words(tmp_path, text, says):
    with pytest.raises(UsageError, match=says):
        listed(tmp_path, text)


def test_each_wrong_value_of_a_list_is_told(tmp_path):
    with pytest.raises(UsageError) as refused:
        listed(tmp_path, f"{HEADER}1,2\nmany,0.5\n2,0.5\n3,high\n")
    lines = str(refused.value).splitlines()
    assert [line.split(", line ")[1].split(":")[0] for line in lines] == ["2", "3", "5"]


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol", "morris"])
def test_drawn_designs_cover_each_factor_and_are_the_same_every_time(method):
    def drawn() -> Study:
        vary = ["group.strictness=0:1", "group.clarity=0:1", "group.shared=0:1"]
        return study_of(load_experiment("smoke", vary=vary, design={"method": method, "n": 16}))

    one, other = drawn(), drawn()
    assert one.sample.columns == other.sample.columns
    rows = {"latin_hypercube": 16, "sobol": 16 * 5, "morris": 16 * 4}[method]
    assert one.sample.rows == rows
    for values in one.sample.columns.values():
        assert min(values) < 0.2 and max(values) > 0.8 and 0.4 < np.mean(values) < 0.6
    if method == "latin_hypercube":
        for values in one.sample.columns.values():
            assert sorted(int(16 * v) for v in values) == list(range(16)), "each part once"


def test_one_at_a_time_is_the_scenario_and_each_factor_alone():
    vary = ["group.strictness=0,0.9", "group.levels=1,3"]
    study = study_of(load_experiment("smoke", vary=vary, design={"method": "one_at_a_time"}))
    points = points_of(study)
    assert [settings for _, settings in points.of(points.current.tolist())] == [
        {}, {"group.strictness": 0}, {"group.strictness": 0.9}, {"group.levels": 1},
        {"group.levels": 3},
    ]  # fmt: skip


# Points


def with_levels(levels: str, strictness: str = "0:1:3", **more: Any) -> Study:
    vary = [f"group.levels={levels}", f"group.strictness={strictness}"]
    return study_of(load_experiment("smoke", vary=vary, **more))


def test_points_that_were_there_keep_their_numbers():
    before = points_of(with_levels("1,2"))
    after = points_of(with_levels("1,auto,2", "0:1:5"), before.table)
    old = dict(zip(map(repr, before.of(range(6))), range(6), strict=True))
    for point in after.current.tolist():
        told = repr(after.of([point])[0])
        assert old.get(told, point) == point
    assert after.number == 15 and sorted(after.current.tolist()) == list(range(15))
    fewer = points_of(with_levels("2", "0:1:2"), after.table)
    assert fewer.number == 15, "numbers of points that are gone are not given again"
    assert repr(fewer.of(fewer.current.tolist())) == repr(after.of(fewer.current.tolist()))


def test_rows_with_the_same_settings_are_one_point():
    study = with_levels("1:3", "0:1", design={"method": "sobol", "n": 8})
    points = points_of(study)
    assert study.sample.rows == 32 > points.current.size
    for point, rows in points.table.groupby("point"):
        assert len(set(map(tuple, rows[["group.levels", "group.strictness"]].to_numpy()))) == 1, (
            point
        )


def test_a_larger_sobol_sample_holds_the_smaller_one():
    small = points_of(with_levels("1:3", "0:1", design={"method": "sobol", "n": 8}))
    large = points_of(with_levels("1:3", "0:1", design={"method": "sobol", "n": 16}), small.table)
    assert set(small.current.tolist()) < set(large.current.tolist())


def test_a_larger_latin_hypercube_is_another_one():
    """As the page on sweeps says."""
    few, many = (
        with_levels("1:3", "0:1", design={"method": "latin_hypercube", "n": n}) for n in (8, 16)
    )
    before = points_of(few)
    after = points_of(many, before.table)
    assert not set(before.current.tolist()) & set(after.current.tolist())


# Schedules


def lived(schedule: Schedule, value: Any = None, most: int = 10_000) -> list[tuple[int, int, int]]:
    """Run through a schedule; returns point, replicate and seed of each run in order."""
    seen: list[tuple[int, int, int]] = []
    while len(seen) < most and (chunk := schedule.next_chunk()) is not None:
        seen += [(run.point, run.replicate, run.seed) for run in chunk.runs]
        schedule.hear(chunk, told(chunk, value))
    return seen


def told(chunk: Chunk, value: Any = None) -> Report:
    values = tuple((() if value is None else (value(r.point, r.replicate),)) for r in chunk.runs)
    return Report((OK,) * len(chunk.runs), values, 0.1 * len(chunk.runs), None)


def scheduled(study: Study, points: Points | None = None, **more: Any) -> Schedule:
    return Schedule(study, points or points_of(study), "now", **more)


def test_a_replicate_has_the_same_luck_at_every_point_and_a_stopped_sweep_is_balanced():
    study = with_levels("1,2,3", replicates=4, seed=50)
    seen = lived(scheduled(study))
    assert len(seen) == len(set(seen)) == 9 * 4
    assert all(seed == 50 + replicate for _, replicate, seed in seen)
    for number in range(1, len(seen)):
        times = np.bincount([point for point, _, _ in seen[:number]], minlength=9)
        assert times.max() - times.min() <= 1, "no point is ahead of the others by two"
    assert [p for p, _, _ in seen[:9]] != list(range(9)), "points of a grid are shuffled"


def test_more_replicates_and_points_move_no_old_seed():
    few = lived(scheduled(with_levels("1,2", replicates=2)))
    before = points_of(with_levels("1,2"))
    more = with_levels("1,2,3", replicates=5)
    many = lived(scheduled(more, points_of(more, before.table)))
    assert set(few) < set(many)


@given(st.integers(1, 7), st.integers(1, 4), st.booleans())
@settings(derandomize=True, deadline=None, max_examples=20)
def test_shards_are_all_runs_each_once(of, replicates, adaptive):
    study = with_levels("1,2", replicates=replicates + 2)
    if adaptive:
        table = study.experiment.model_dump(exclude_none=True)
        table["replicates"] |= {"until_halfwidth": {"size": 0.5}, "least": 2}
        study = study_of(type(study.experiment).model_validate(table))
    noise = np.random.Generator(np.random.Philox(key=of)).normal(size=(6, 10))

    def value(point: int, replicate: int) -> float:
        return float(noise[point, replicate])

    whole = lived(scheduled(study), value)
    parts = [lived(scheduled(study, shard=Shard(i, of)), value) for i in range(1, of + 1)]
    assert sorted(run for part in parts for run in part) == sorted(whole)
    assert len(set(whole)) == len(whole)


def adaptive(target: float, most: int = 40) -> Study:
    experiment = load_experiment("smoke", vary=["group.levels=1,2"])
    table = experiment.model_dump(exclude_none=True)
    table["replicates"] = {"count": most, "least": 4, "until_halfwidth": {"size": target}}
    return study_of(type(experiment).model_validate(table))


def test_replicates_are_added_until_the_interval_is_narrow():
    """The first point scatters, the second does not."""

    def value(point: int, replicate: int) -> float:
        return 10.0 * (replicate % 2) * (point == 0) + 0.001 * replicate

    seen = lived(scheduled(adaptive(3.0)), value)
    times = np.bincount([point for point, _, _ in seen])
    assert times[1] == 4
    # t(n - 1)·sd/√n ≤ 3 with sd of about 5: first so at n = 14, looked at 4, 9, 14, ...
    assert times[0] == 14
    assert max(np.bincount([p for p, _, _ in lived(scheduled(adaptive(1e-9)), value)])) == 40


def test_an_interrupted_adaptive_sweep_ends_where_it_would_have_ended():
    def value(point: int, replicate: int) -> float:
        return float(np.sin(12.9898 * point + 78.233 * replicate) * 10)

    study = adaptive(4.0)
    whole = lived(scheduled(study), value)
    for stop in (1, 5, 9, len(whole) - 1):
        first = lived(scheduled(study), value, most=stop)
        rest = scheduled(study)
        points, replicates, _ = (np.array(column) for column in zip(*first, strict=True))
        values = [[value(p, r)] for p, r, _ in first]
        rest.note_done(points, replicates, np.array(values))
        assert sorted(first + lived(rest, value)) == sorted(whole)


def test_chunks_take_some_seconds_and_get_smaller_towards_the_end():
    study = with_levels("1,2", replicates=500)
    schedule = scheduled(study, workers=lambda: 2)
    sizes = []
    while (chunk := schedule.next_chunk()) is not None:
        sizes.append(len(chunk.runs))
        seconds = 0.02 * len(chunk.runs)
        schedule.hear(
            chunk, Report((OK,) * len(chunk.runs), ((),) * len(chunk.runs), seconds, None)
        )
    assert sum(sizes) == 3000
    assert sizes[0] == 1, "until it is known how long a run takes"
    assert max(sizes) == 125, "2.5 seconds of 0.02"
    assert min(sizes[1:-1]) >= 12, "not below a quarter of a second"


# Models


def test_a_run_of_a_sweep_is_that_of_the_scenario():
    study = study_of(
        load_experiment("smoke", vary=["group.strictness=0:1:3"], changes=["horizon=15"])
    )
    answer = study.models[0].run({"group.strictness": 0.5}, seed=9, replicate=3)
    world, _, _ = run_world(load_scenario("smoke", ["group.strictness=0.5", "horizon=15"]), 9)
    assert answer.outcomes["size"] == [len(world.state.memberships)]
    series = answer.tables["series"].to_pandas()
    assert set(series["day"]) == {15} and set(series["replicate"]) == {3}
    assert series["size"].sum() == len(world.state.memberships)


@pytest.mark.parametrize("every", [1, 7, 30])
def test_a_thinned_series_is_that_of_a_run_that_records_fewer_days(every):
    changes = ["horizon=60", "rules.evolution.dissolving_days=5"]
    daily, _, _ = run_world(load_scenario("smoke", changes), 3)
    fewer, _, _ = run_world(load_scenario("smoke", [*changes, f"record.series_every={every}"]), 3)
    wanted = fewer.state.record.table("series")
    found = thinned(daily.state.record.table("series"), sorted({*range(0, 61, every), 60}))
    assert found.keys() == wanted.keys()
    for name, column in wanted.items():
        assert np.array_equal(found[name], column, equal_nan=column.dtype.kind == "f"), name
    assert (daily.state.groups["ended"] >= 0).any(), "some group ends in between"


def test_variants_are_checked_like_files():
    variants = Variants(load_scenario("owner_leaves"))
    assert variants.of({"events.2.day": 90}).events[1].day == 90
    assert variants.of({"people.owner.dedication": 2}).people["owner"].dedication.value == 2
    for settings_, says in (
        ({"events.3.day": 9}, "there are 2 in the list"),
        ({"group.levels": 9}, '1, 2, 3 or "auto" is valid'),
        ({"groups.g99.levels": 1}, "no group 'g99'"),
    ):
        with pytest.raises(UsageError, match=says):
            variants.of(settings_)


def test_known_functions_have_the_indices_of_the_literature():
    ishigami, g = FUNCTIONS["ishigami"], FUNCTIONS["g_function"]
    assert ishigami.first == pytest.approx((0.3139, 0.4424, 0), abs=5e-5)
    assert ishigami.total == pytest.approx((0.5576, 0.4424, 0.2437), abs=5e-5)
    assert g.first[:4] == pytest.approx((0.7165, 0.1791, 0.0237, 0.0072), abs=5e-4)


def test_the_plan_of_an_experiment_is_told(capsys):
    from selforg_sim.cli.main import app

    arguments = [
        "--vary",
        "group.strictness=0:1:11",
        "--vary",
        "seed=1:20:20",
        "--set",
        "horizon=3",
    ]
    app(["sweep", "plan", "smoke", *arguments], standalone_mode=False)
    said = capsys.readouterr().out
    for part in (
        "220",
        "0, 0.1, 0.2",
        "(share)",
        "of one core",
        "MB a worker",
        "kB a run",
        "and 6",
    ):
        assert part in said, part
    app(["sweep", "plan", "smoke", *arguments, "--json"], standalone_mode=False)
    told = json.loads(capsys.readouterr().out)
    assert (told["runs"], told["tried"], len(told["first_points"])) == (220, 3, 5)
    assert told["seconds"] > 0 and told["core_hours"] > 0
