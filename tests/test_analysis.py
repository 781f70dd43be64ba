"""Analyses as a whole: scenarios, days, failed and missing runs, tables, files, pictures."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import xarray as xr
from made_up_sweep import NOT_DEFINED, WAITING, function_sweep, luck, made_up_sweep

from selforg_sim.analysis import analyze
from selforg_sim.analysis.export import cube_of, runs_of, write_netcdf
from selforg_sim.analysis.folder import left_undrawn, pictured, write_analysis
from selforg_sim.analysis.pictures import pictures_of
from selforg_sim.analysis.report import as_json, beginning, legend, notes, tables
from selforg_sim.analysis.tables import COLUMNS, TABLES, arrow_of
from selforg_sim.errors import ResultsError, UsageError
from selforg_sim.sweep import Inline, Sweep, load_experiment, run_sweep, study_of

TWO = {"group.levels": [1, 2, 3], "group.strictness": [0.0, 0.5, 1.0]}
DAYS = {"names": ["size", "happy"], "days": [10, 20]}
PNG = b"\x89PNG\r\n"


def bent(settings, replicate):
    levels, strictness = settings["group.levels"], settings["group.strictness"]
    own = luck(replicate + 1, int(1000 * levels + 10 * strictness))
    return 100 + 20 * levels * (1 - strictness) + 5 * luck(replicate + 1) + own


@pytest.fixture(scope="module")
def grid(tmp_path_factory):
    """A grid of two factors, four replicates, two days."""
    return made_up_sweep(
        tmp_path_factory.mktemp("grid"), bent, chosen=TWO, outcomes=DAYS, replicates={"count": 4}
    )  # fmt: skip


@pytest.fixture(scope="module")
def two_scenarios(tmp_path_factory):
    """The same grid in two scenarios; all answers of the second one are ten more."""
    return made_up_sweep(
        tmp_path_factory.mktemp("scenarios"), bent, chosen=TWO, replicates={"count": 3},
        scenario=["smoke", "hobby_club"],
    )  # fmt: skip


# Cases


def test_real_runs_are_found_where_they_belong(tmp_path):
    experiment = load_experiment(
        "smoke", vary=["group.strictness=0,0.9"], changes=["horizon=8"], replicates=2, days=[4, 8],
    )  # fmt: skip
    run_sweep(study_of(experiment), tmp_path, executor=Inline())
    sweep = Sweep.load(tmp_path)
    case = analyze(sweep).of("size", 4).case
    for _, run in sweep.runs[sweep.runs["day"] == 4].iterrows():
        place = case.points.tolist().index(run["point"])
        assert case.values[place, run["replicate"]] == run["size"]
    assert case.values.shape == (2, 2)


def test_each_outcome_and_day_is_a_finding_of_its_own(grid):
    found = analyze(grid)
    assert [(f.case.outcome.name, f.case.day) for f in found.findings] == [
        ("size", 10), ("size", 20), ("happy", 10), ("happy", 20),
    ]  # fmt: skip
    assert found.of("size", 10).case.overall.mean == pytest.approx(
        found.of("size").case.overall.mean / 2
    )
    assert [f.case.day for f in found.last] == [20, 20]
    some = analyze(grid, outcomes=["happy"], days=[10])
    assert len(some.findings) == 1


def test_scenarios_are_analysed_apart(two_scenarios):
    found = analyze(two_scenarios)
    one, other = (found.of("size", scenario=name) for name in ("smoke", "hobby_club"))
    assert other.case.overall.mean == pytest.approx(one.case.overall.mean + 10)
    assert not set(one.case.points) & set(other.case.points)
    for mine, theirs in zip(one.found.indices, other.found.indices, strict=True):
        assert mine.value == pytest.approx(theirs.value)


def test_runs_of_different_length_meet_on_their_last_day(tmp_path):
    experiment = load_experiment("smoke", vary=["horizon=3,5"], replicates=2)
    run_sweep(study_of(experiment), tmp_path, executor=Inline())
    case = analyze(tmp_path).of("size").case
    assert case.day is None and case.when == "the last day"
    assert np.isfinite(case.values).all()
    table = analyze(tmp_path).tables()["means"]
    assert table["day"].isna().all()


def test_a_sweep_that_is_not_finished_is_analysed_as_far_as_it_is(tmp_path):
    def reply(settings, replicate):
        return WAITING if replicate == 2 and settings["group.levels"] > 1 else bent(
            settings, replicate
        )  # fmt: skip

    sweep = made_up_sweep(tmp_path, reply, chosen=TWO, replicates={"count": 3})
    found = analyze(sweep)
    assert found.progress.asked == 27 and found.progress.done == 21
    assert not found.progress.finished
    assert any("21 of 27 runs are done" in line for line in beginning(found))
    assert found.of("size").found.used == 2
    assert found.of("size").case.means.runs.tolist() == [3, 3, 3, 2, 2, 2, 2, 2, 2]


def test_failed_and_undefined_runs_are_counted_and_told(tmp_path):
    def reply(settings, replicate):
        if settings["group.levels"] == 3 and replicate == 0:
            return None
        return NOT_DEFINED if settings["group.strictness"] == 1 and replicate == 1 else bent(
            settings, replicate
        )  # fmt: skip

    sweep = made_up_sweep(tmp_path, reply, chosen=TWO, replicates={"count": 4})
    found = analyze(sweep)
    means = found.tables()["means"].set_index("outcome").loc["size"]
    assert (means["failed"], means["undefined"], means["runs"]) == (3, 3, 30)
    assert any("3 runs failed" in line for line in beginning(found))
    assert "not defined in 3 runs that were done." in list(notes(found.findings))
    assert found.of("size").found.used == 2


def test_a_constant_outcome_is_said_to_be_constant(tmp_path):
    for number, design in enumerate(
        ({"method": "grid"}, {"method": "sobol", "n": 32}, {"method": "latin_hypercube", "n": 60})
    ):
        sweep = made_up_sweep(
            tmp_path / str(number), lambda settings, replicate: 0.1 + 0.2, chosen=TWO,
            design=design, replicates={"count": 2},
        )  # fmt: skip
        finding = analyze(sweep).of("size")
        assert finding.found.method == "means" and not finding.found.indices
        assert finding.found.why == "members is the same in all runs, so nothing can be explained"
        assert not list(pictures_of(finding)) and not list(tables(finding))


def test_an_outcome_that_is_never_defined_is_said_to_be_so(tmp_path):
    sweep = made_up_sweep(tmp_path, lambda settings, replicate: NOT_DEFINED, chosen=TWO)
    finding = analyze(sweep).of("size")
    assert finding.found.why == "members is not defined in any run that is done"
    assert math.isnan(finding.case.overall.mean)
    assert not list(pictures_of(finding))


def test_without_factors_there_is_luck_alone(tmp_path):
    sweep = made_up_sweep(
        tmp_path, lambda settings, replicate: float(replicate), replicates={"count": 3}
    )  # fmt: skip
    finding = analyze(sweep).of("size")
    assert "nothing is varied" in finding.found.why
    assert (finding.case.overall.mean, finding.case.means.runs.tolist()) == (1.0, [3])
    assert math.isnan(finding.case.chance.share)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"outcomes": ["siz"]}, "asked for no outcome 'siz'. Did you mean 'size'?"),
        ({"outcomes": ["members"]}, "What is shown as 'members' is called 'size'."),
        ({"days": [15]}, "Day 15 is none on which outcomes were taken: 10, 20."),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(grid, asked, said):
    with pytest.raises(UsageError, match=r".") as refused:
        analyze(grid, **asked)
    assert said in str(refused.value)


def test_a_sweep_without_any_answer_is_refused(tmp_path):
    sweep = made_up_sweep(tmp_path, lambda settings, replicate: None, chosen=TWO)
    with pytest.raises(UsageError, match=r"All runs in .* failed, so there is nothing to analyse"):
        analyze(sweep)
    with pytest.raises(ResultsError, match="There is no folder"):
        analyze(tmp_path / "nowhere")


# Tables


def test_tables_say_what_the_findings_say(grid):
    found = analyze(grid)
    table = found.tables()
    assert tuple(table) == tuple(TABLES)
    finding = found.of("size", 20)
    indices = table["indices"].query("outcome == 'size' and day == 20 and kind == 'first'")
    first = {index.factors[0]: index for index in finding.found.of_kind("first")}
    assert indices.set_index("factor")["value"].to_dict() == {k: i.value for k, i in first.items()}
    points = table["points"].query("outcome == 'size' and day == 20")
    assert points["mean"].to_numpy() == pytest.approx(finding.case.means.mean)
    assert points["group.levels"].tolist() == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    levels = table["levels"].query("outcome == 'size' and day == 20 and factor == 'group.levels'")
    by_hand = finding.case.values.reshape(3, 3, 4).mean(axis=(1, 2))
    assert levels["mean"].to_numpy() == pytest.approx(by_hand)
    assert (levels["low"] < levels["mean"]).all() and levels["points_low"].isna().all()


@pytest.mark.parametrize("method", ["grid", "sobol", "morris", "latin_hypercube", "one_at_a_time"])
def test_every_column_of_every_table_has_its_unit_and_meaning(tmp_path, method):
    sizes = {"sobol": 16, "morris": 8, "latin_hypercube": 60}
    design = {"method": method, **({"n": sizes[method]} if method in sizes else {})}

    def reply(settings, replicate):
        return 10.0 * settings.get("group.levels", 2) + settings.get("group.strictness", 0.2)

    found = analyze(made_up_sweep(tmp_path, reply, chosen=TWO, design=design))
    for name, frame in found.tables().items():
        for field in arrow_of(found, frame).schema:
            assert {b"unit", b"meaning"} <= set(field.metadata), (name, field.name)
            assert field.metadata[b"meaning"].endswith(b"."), (name, field.name)
    assert all(meaning.endswith(".") for _, meaning in COLUMNS.values())


def test_json_has_null_where_nothing_is_defined(grid, tmp_path):
    single = made_up_sweep(tmp_path, bent, chosen=TWO)
    for sweep in (grid, single):
        told = as_json(analyze(sweep))
        assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["findings"][0]["mean"]["low"] is None
    assert told["findings"][0]["chance"]["share"] is None


# Export


def test_netcdf_is_read_back_as_it_was(grid, two_scenarios, tmp_path):
    for number, sweep in enumerate((grid, two_scenarios)):
        found = analyze(sweep)
        file = tmp_path / f"{number}.nc"
        write_netcdf(found, file)
        with xr.open_dataset(file, engine="scipy") as read:
            xr.testing.assert_equal(read.load(), cube_of(found))
            assert read["size"].attrs["units"] == "members"
            assert read["group.strictness"].attrs["units"] == "share"
            assert read["size"].dims == ("point", "replicate", "day")


def test_the_cube_has_every_run_at_its_place(two_scenarios):
    cube = cube_of(analyze(two_scenarios))
    for _, run in two_scenarios.runs.iterrows():
        at = cube.sel(point=run["point"], replicate=run["replicate"], day=60)
        assert float(at["size"]) == run["size"]
        assert int(at["seed"]) == run["seed"]
    assert set(cube["scenario"].values) == {"smoke", "hobby_club"}
    assert cube["design_point"].values.tolist() == two_scenarios.design["point"].tolist()


def test_a_seed_beyond_the_whole_numbers_of_netcdf_is_kept(tmp_path):
    sweep = made_up_sweep(tmp_path / "sweep", bent, chosen=TWO, seed=2**32 - 2)
    write_netcdf(analyze(sweep), tmp_path / "runs.nc")
    with xr.open_dataset(tmp_path / "runs.nc", engine="scipy") as read:
        assert int(read["seed"][0]) == 2**32 - 2


def test_lists_of_texts_and_settings_left_alone_are_exported(tmp_path):
    lists = {"group.platform": ["wechat", "qq"], "group.levels": [1, 3]}
    design = {"method": "one_at_a_time"}
    sweep = made_up_sweep(
        tmp_path / "sweep", lambda settings, replicate: 1.0 * len(settings), chosen=lists,
        design=design,
    )  # fmt: skip
    write_netcdf(analyze(sweep), tmp_path / "runs.nc")
    with xr.open_dataset(tmp_path / "runs.nc", engine="scipy") as read:
        assert read["group.platform"].values.tolist() == ["", "wechat", "qq", "", ""]
        assert np.isnan(read["group.levels"].values).tolist() == [True, True, True, False, False]


def test_all_runs_as_one_table(grid):
    frame = runs_of(analyze(grid))
    assert len(frame) == 9 * 4 * 2
    assert frame["seed"].tolist() == (frame["replicate"] + 1).tolist()
    row = frame.query("`group.levels` == 3 and `group.strictness` == 0.5 and replicate == 2")
    assert row["size"].tolist()[-1] == bent({"group.levels": 3, "group.strictness": 0.5}, 2)


# The folder


def test_the_folder_holds_tables_pictures_and_what_they_are(grid, tmp_path):
    target = tmp_path / "analysis"
    write_analysis(analyze(grid, outcomes=["size"]), target, csv=True, netcdf=True)
    names = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
    read_me = (target / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in read_me for name in names - {"README.md"})
    for path in target.glob("*.csv"):
        from_csv, from_parquet = pd.read_csv(path), pd.read_parquet(path.with_suffix(".parquet"))
        assert from_csv.shape == from_parquet.shape and len(from_csv)
    assert pq.read_schema(target / "means.parquet").field("mean").metadata[b"unit"]
    pictures = list((target / "pictures").glob("size-day-20-*.png"))
    assert len(pictures) == 5
    for path in pictures:
        content = path.read_bytes()
        assert content.startswith(PNG) and len(content) > 10_000


def test_an_earlier_analysis_is_replaced_and_anything_else_is_not(grid, tmp_path):
    target = tmp_path / "analysis"
    found = analyze(grid, outcomes=["size"])
    write_analysis(found, target, pictures=False)
    (target / "old").touch()
    write_analysis(found, target, pictures=False)
    assert not (target / "old").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    with pytest.raises(ResultsError, match="holds something, but no analysis"):
        write_analysis(found, tmp_path / "mine")
    with pytest.raises(ResultsError, match="holds something, but no analysis"):
        write_analysis(found, grid.folder)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_an_analysis_inside_its_sweep_leaves_the_sweep_as_it_was(tmp_path):
    experiment = load_experiment(
        "smoke", vary=["group.strictness=0,0.9"], changes=["horizon=4"], replicates=2
    )  # fmt: skip
    study = study_of(experiment)
    run_sweep(study, tmp_path, executor=Inline())
    before = analyze(tmp_path).tables()["points"]
    write_analysis(analyze(tmp_path), tmp_path / "analysis", pictures=False)
    assert run_sweep(study, tmp_path, executor=Inline()).total == 4
    pd.testing.assert_frame_equal(analyze(tmp_path).tables()["points"], before)
    assert (tmp_path / "analysis" / "means.csv").exists()


# Pictures


DESIGNS = {
    "sobol": ({"n": 16, "second_order": True}, {"indices", "map"}),
    "morris": ({"n": 8}, {"elementary_effects", "map"}),
    "latin_hypercube": ({"n": 60}, {"indices", "map"}),
    "one_at_a_time": ({}, {"changes"}),
    "grid": ({}, {"indices", "map"}),
}
USUAL = {"main_effects", "interactions", "parallel"}


@pytest.mark.parametrize("method", DESIGNS)
def test_every_design_has_its_pictures(tmp_path, method):
    more, wanted = DESIGNS[method]
    factors = {"group.levels": [1, 2, 3], "group.strictness": {"low": 0, "high": 1, "steps": 4}}

    def reply(settings, replicate):
        levels, strictness = (settings.get(key, 0.2) for key in factors)
        return 100 + 20 * levels * (1 - strictness) + luck(replicate, int(1000 * strictness))

    sweep = made_up_sweep(
        tmp_path / "sweep", reply, chosen=factors, design={"method": method, **more},
        replicates={"count": 2},
    )  # fmt: skip
    finding = analyze(sweep).of("happy")
    saved = dict(pictures_of(finding))
    assert set(saved) == (wanted if method == "one_at_a_time" else wanted | USUAL)
    for name, save in saved.items():
        save(tmp_path / name)
        content = (tmp_path / name).read_bytes()
        assert content.startswith(PNG) and len(content) > 8_000, name


LONG = {
    "rules.structure.care_time": {"low": 0.005, "high": 0.02},
    "rules.structure.half_supply": {"low": 0.5, "high": 2.0},
    "rules.belonging.belonging_rate": {"low": 0.05, "high": 0.3},
    "rules.initiation.invitations_per_day": {
        "distribution": "loguniform", "low": 0.02, "high": 0.5},
    "rules.value_core.disrupting_belonging": {"low": 0.0, "high": 1.0},
    "rules.time_and_cash.outside_life": {"low": 0.5, "high": 1.0},
    "rules.evolution.founding_chance": {"low": 1e-4, "high": 1e-2},
    "rules.aggregation.complementarity": {"low": 0.1, "high": 1.0},
    "rules.influence.social_attraction": [True, False],
    "group.strictness": {"low": 0.0, "high": 1.0},
    "group.levels": [1, 2, 3],
    "group.platform": ["wechat", "qq"],
}  # fmt: skip


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_names_of_a_dozen_factors_are_neither_cut_off_nor_on_top_of_one_another(tmp_path, method):
    from matplotlib.text import Text

    from selforg_sim.analysis import pictures
    from selforg_sim.analysis.pictures.frame import page

    def reply(settings, replicate):
        return 10.0 * settings["group.strictness"] + settings["group.levels"]

    design = {"method": method, "n": 16}
    finding = analyze(made_up_sweep(tmp_path, reply, uncertain=LONG, design=design)).of("size")
    with page(2, 9.0, 6.0, across=1) as sheet:
        if method == "sobol":
            pictures.plot_indices(finding, ("first", "total"), sheet.axes[0])
        else:
            pictures.plot_elementary_effects(finding, sheet.axes[0])
        pictures.plot_parallel(finding, sheet.axes[1])
        sheet.save(tmp_path / "picture.png", "Long names", ("below",))
        sheet.figure.draw_without_rendering()
        inside = sheet.figure.bbox.padded(1)
        for ax in sheet.axes:
            low, high = ax.get_xlim()
            ticks = [t for t in ax.get_xticklabels() if low <= t.get_position()[0] <= high]
            names = [t for t in (*ax.get_yticklabels(), *ax.texts) if "." in t.get_text()]
            boxes = [(t.get_text(), Text.get_window_extent(t)) for t in names]  # without arrows
            for text, box in [*boxes, *((t.get_text(), t.get_window_extent()) for t in ticks)]:
                assert inside.contains(box.x0, box.y0) and inside.contains(box.x1, box.y1), text
            for number, (text, box) in enumerate(boxes):
                for other, beside in boxes[:number]:
                    assert not box.padded(-2).overlaps(beside), (text, other)


def test_pictures_draw_what_may_be_nothing_pale(tmp_path):
    from selforg_sim.analysis.pictures import plot_indices
    from selforg_sim.analysis.pictures.frame import page

    sweep = function_sweep(tmp_path, "ishigami", {"method": "sobol", "n": 128})
    finding = analyze(sweep).of("y")
    unsure = [index.unsure for index in finding.found.of_kind("first")]
    assert unsure == [False, False, True]
    with page(1, 5, 3) as sheet:
        plot_indices(finding, ("first",), sheet.axes[0])
        shades = {round(float(bar.get_alpha()), 2) for bar in sheet.axes[0].patches}
    assert shades == {0.3, 1.0}


def test_lines_meet_the_values_that_stand_beside_them_where_some_points_failed(tmp_path):
    from selforg_sim.analysis.pictures import plot_parallel
    from selforg_sim.analysis.pictures.frame import page

    def reply(settings, replicate):
        long = settings["group.days_to_cash"] == 100
        return None if long else 1.0 * settings["group.days_to_cash"]

    factors = {"group.days_to_cash": [1, 10, 100], "group.levels": [1, 2]}
    finding = analyze(made_up_sweep(tmp_path, reply, chosen=factors)).of("size")
    with page(1, 7, 4) as sheet:
        ax = plot_parallel(finding, sheet.axes[0])
        stands = {text.get_text(): text.xy for text in ax.texts if text.xy[0] == 0}
        assert stands["10"][1] == pytest.approx(0.5), "in orders of magnitude"
        highest = max(line.get_ydata()[0] for line in ax.lines if len(line.get_ydata()) == 3)
        assert highest == pytest.approx(stands["10"][1], abs=0.03)


def test_changes_of_shares_are_drawn_and_told_in_percentage_points(tmp_path):
    from selforg_sim.analysis.pictures import plot_changes
    from selforg_sim.analysis.pictures.frame import page

    sweep = made_up_sweep(
        tmp_path, lambda settings, replicate: 50.0 + 5 * settings.get("group.levels", 2),
        chosen={"group.levels": [1, 3]}, design={"method": "one_at_a_time"},
        replicates={"count": 2},
    )  # fmt: skip
    found = analyze(sweep, outcomes=["happy"])
    assert "percentage points" in legend(found.findings)
    with page(1, 7, 4) as sheet:
        ax = plot_changes(found.findings[0], sheet.axes[0])
        sheet.figure.draw_without_rendering()
        assert ax.get_xlabel() == "change of happy, percentage points"
        assert {"-4", "4"} <= {label.get_text() for label in ax.get_xticklabels()}


def test_no_more_than_eighteen_findings_are_drawn_and_it_is_said(grid, monkeypatch):
    found = analyze(grid)
    assert len(pictured(found)) == 2 and not left_undrawn(found)
    monkeypatch.setattr("selforg_sim.analysis.folder.MOST_PICTURED", 1)
    assert len(pictured(found)) == 1
    assert left_undrawn(found).startswith("Pictures are drawn of 1 of 2 outcomes")


def test_words_below_tables_name_what_is_shown(grid):
    found = analyze(grid)
    words = legend(found.findings)
    assert words.startswith("Shares of the variance between points")
    assert Path(found.sweep.folder).is_dir()
