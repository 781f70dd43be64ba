"""Tables, folders, measures and figures of results."""

from __future__ import annotations

import json
import math
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_up_results import LABELS, VALUES, columns, made_up

from selforg_sim.errors import ResultsError, StorageError
from selforg_sim.plan import MEASURES
from selforg_sim.results import folder as folders
from selforg_sim.results import plots
from selforg_sim.results.manifest import code_version, describe_outputs, digest
from selforg_sim.results.measured import ORDER
from selforg_sim.results.measures import HEADLINES, headline, headline_table, leaving_curve
from selforg_sim.results.schema import TABLES, outputs
from selforg_sim.results.store import Results, next_free_dir
from selforg_sim.results.tables import arrow_schema, build_table, build_tables, concatenate

FIGURES = {"size_and_belonging", "standings", "success", "leaving", "why"}


def left_behind(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ---------------------------------------------------------------- schema and tables


def test_every_output_has_a_meaning_and_a_unit_or_is_a_word() -> None:
    for table, columns_of_table in TABLES.items():
        names = [output.name for output in columns_of_table]
        assert names[0] == "replicate"
        assert len(set(names)) == len(names), table
        for output in columns_of_table:
            assert output.meaning.endswith("."), (table, output.name)


def test_the_series_hold_every_measure_of_the_rules_and_no_other() -> None:
    names = [output.name for output in TABLES["series"]]
    assert names == ["replicate", "day", "group", *ORDER]
    assert {measure.name for measure in MEASURES} == set(ORDER)


def test_columns_for_each_value_dimension() -> None:
    names = [output.name for output in outputs("people", VALUES)]
    assert names[-2:] == ["value_sharing", "value_earning"]


def test_one_schema_for_runs_with_and_without_rows() -> None:
    with_rows, without = made_up(3, 20), made_up(0, 0)
    for name in TABLES:
        schema = arrow_schema(name, VALUES)
        assert with_rows.arrow(name).schema.equals(schema, check_metadata=True)
        assert without.arrow(name).schema.equals(schema, check_metadata=True)


def test_nulls_where_the_schema_says_so() -> None:
    groups = made_up(4, 20).arrow("groups")
    assert groups["parent"].null_count == 4
    assert groups["ended"].to_pylist() == [None, None, None, 12]
    assert groups["days_to_cash"].to_pylist() == [30.0, None, 30.0, None]
    series = made_up(4, 20).table("series")
    assert series.loc[series["size"] == 0, "belonging"].isna().all()
    assert series["size"].dtype == np.int32


def test_minus_one_is_a_number_where_nothing_can_be_missing() -> None:
    data = columns("events", 1)
    data["day"] = np.array([-1])
    data["person"] = np.array([-1])
    table = build_table("events", data, replicate=0, labels=LABELS, values=VALUES)
    assert table["day"].to_pylist() == [-1]
    assert table["person"].to_pylist() == [None]


def test_unknown_and_missing_columns_are_refused() -> None:
    data = columns("events", 1)
    data["wrong"] = data.pop("event")
    with pytest.raises(ValueError, match=r"missing \['event'\].*\['wrong'\]"):
        build_table("events", data, replicate=0, labels=LABELS, values=VALUES)
    with pytest.raises(ValueError, match="no words given for the category column kind"):
        build_table("people", columns("people", 1), replicate=0, labels={}, values=VALUES)


def test_replicates_lie_one_under_the_other() -> None:
    table = made_up(2, 5, replicates=3).table("series")
    assert table["replicate"].tolist() == sorted([0, 1, 2] * 12)
    assert set(build_tables([{}], labels=LABELS, values=VALUES)) == set()


def test_joining_runs_with_different_words() -> None:
    one, two = (
        build_table(
            "groups",
            {**columns("groups", 1)},
            replicate=0,
            labels={**LABELS, "groups.name": (name,)},
            values=VALUES,
        )
        for name in ("old", "new")
    )
    assert concatenate([one, two])["name"].to_pylist() == ["old", "new"]


# ---------------------------------------------------------------- folders


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    results = made_up(3, 30, replicates=2)
    folder = results.save(tmp_path / "out", csv=True)
    loaded = Results.load(folder)
    assert loaded.scenario_toml == results.scenario_toml
    assert loaded.manifest == json.loads(json.dumps(results.manifest))
    assert list(loaded.tables) == list(results.tables)
    for name, table in results.tables.items():
        assert loaded.arrow(name).equals(table, check_metadata=True)
        pd.testing.assert_frame_equal(
            loaded.table(name), results.table(name), check_categorical=False
        )
    assert left_behind(tmp_path) == ["out"]
    assert left_behind(folder) == [
        "README.md",
        "figures",
        "manifest.json",
        "scenario.toml",
        "tables",
    ]


def test_tables_are_read_when_asked_for(tmp_path: Path) -> None:
    folder = made_up().save(tmp_path / "out", figures=False)
    (folder / "tables" / "spells.parquet").write_bytes(b"torn")
    loaded = Results.load(folder)
    assert len(loaded.table("series")) == 183
    with pytest.raises(ResultsError, match=r"spells\.parquet cannot be read"):
        loaded.table("spells")


def test_csv_holds_the_same(tmp_path: Path) -> None:
    results = made_up(3, 10)
    folder = results.save(tmp_path / "out", csv=True, figures=False)
    read = pd.read_csv(folder / "tables" / "spells.csv")
    table = results.table("spells")
    assert list(read) == list(table)
    np.testing.assert_array_equal(read["left"], table["left"])
    assert read["reason"].dropna().unique().tolist() == ["quit"]


def test_units_are_in_manifest_and_parquet(tmp_path: Path) -> None:
    folder = made_up().save(tmp_path / "out", figures=False)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["outputs"]["series"]["hours"]["unit"] == "hours/day"
    assert manifest["scenario"]["sha256"] == digest((folder / "scenario.toml").read_text())
    field = pq.read_schema(folder / "tables" / "series.parquet").field("hours")
    assert field.metadata[b"unit"] == b"hours/day"
    assert set(describe_outputs()) == set(TABLES)
    assert len(code_version()["sha256"] or "") == 64


def test_readme_shows_python_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = made_up(2, 3).save(tmp_path / "out", figures=False)
    text = (folder / "README.md").read_text()
    monkeypatch.chdir(folder)
    exec(text.split("```python\n")[1].split("```")[0], {})
    assert "size" in capsys.readouterr().out


def test_a_folder_of_a_sweep_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "design.parquet").write_bytes(b"")
    with pytest.raises(ResultsError, match=r"holds a sweep.*selforg analyze"):
        Results.load(tmp_path)


def test_a_taken_folder_is_refused(tmp_path: Path) -> None:
    made_up(name="old").save(tmp_path / "out", figures=False)
    with pytest.raises(ResultsError, match=r"exists already.*--overwrite"):
        made_up(name="new").save(tmp_path / "out", figures=False)
    made_up(name="new").save(tmp_path / "out", overwrite=True, figures=False)
    assert Results.load(tmp_path / "out").name == "new"
    assert left_behind(tmp_path) == ["out"]


def test_only_results_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("precious")
    with pytest.raises(ResultsError, match="does not hold results"):
        made_up().save(tmp_path / "thesis", overwrite=True)
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "precious"
    with pytest.raises(ResultsError, match="is a file"):
        made_up().save(tmp_path / "thesis" / "chapter.txt", overwrite=True)


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt, OSError(28, "No space left on device"), ValueError]
)
@pytest.mark.parametrize("old", [False, True])
def test_nothing_half_written_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, old: bool
) -> None:
    target = tmp_path / "a" / "b" / "out"
    if old:
        made_up(name="old").save(target, figures=False)

    def break_off(*_: object) -> None:
        raise error

    monkeypatch.setattr(plots, "save_figures", break_off)
    expected = StorageError if isinstance(error, OSError) else error
    with pytest.raises(expected):
        made_up(name="new").save(target, overwrite=old)
    if old:
        assert Results.load(target).name == "old"
        assert left_behind(target.parent) == ["out"]
    else:
        assert left_behind(tmp_path) == []


def test_the_old_folder_survives_a_failing_exchange(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_up(name="old").save(tmp_path / "out", figures=False)
    rename, calls = folders.os.rename, []

    def fail_second(source: Path, target: Path) -> None:
        calls.append(source)
        if len(calls) == 2:
            raise PermissionError(13, "Permission denied")
        rename(source, target)

    monkeypatch.setattr(folders.os, "rename", fail_second)
    with pytest.raises(StorageError, match=r"Permission denied.*may write"):
        made_up(name="new").save(tmp_path / "out", overwrite=True, figures=False)
    assert Results.load(tmp_path / "out").name == "old"
    assert left_behind(tmp_path) == ["out"]


def test_the_next_free_number(tmp_path: Path) -> None:
    assert next_free_dir(tmp_path / "results", "town").name == "town-001"
    for name in ("town-002", "town-010", "town-x", "townhouse-099"):
        (tmp_path / name).mkdir()
    assert next_free_dir(tmp_path, "town").name == "town-011"
    assert made_up(0, 0).save_next(tmp_path, "town", figures=False).name == "town-011"


def test_two_runs_never_share_a_number(tmp_path: Path) -> None:
    meet, found = threading.Barrier(6), []

    def save() -> None:
        def fill(place: Path) -> None:
            (place / "one").write_text("")
            meet.wait()

        found.append(folders.write_next_folder(tmp_path / "results", "town", fill).name)

    runs = [threading.Thread(target=save) for _ in range(6)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert (
        sorted(found) == [f"town-00{n}" for n in range(1, 7)] == left_behind(tmp_path / "results")
    )


def test_what_is_not_results_is_not_loaded(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="There is no folder"):
        Results.load(tmp_path / "nowhere")
    with pytest.raises(ResultsError, match="does not hold results"):
        Results.load(tmp_path)
    with pytest.raises(ResultsError, match=r"no table 'serie'.*'series'"):
        made_up().table("serie")


# ---------------------------------------------------------------- measures


def test_headline_numbers_by_hand() -> None:
    results = made_up(2, 10)
    series = results.table("series")
    end = series[series["day"] == 10]
    number = {h.name: h.median for h in headline(results)}
    assert number["memberships"] == end["size"].sum()
    assert number["happy"] == pytest.approx(end["happy"].sum() / end["size"].sum())
    assert number["retained"] == pytest.approx(end["size"].sum() / end["ever_joined"].sum())
    series = series[series["day"] > 0]  # what is counted on day 0 lies before the run
    lost = series[["quits", "moved", "removals", "split_off", "ended"]].to_numpy().sum()
    assert number["churn"] == pytest.approx(
        lost / series.groupby("day")["size"].sum().mean() * 30 / 10
    )
    assert number["people_in_groups"] == results.table("spells")["left"].isna().sum()


def test_spread_over_replicates() -> None:
    results = made_up(3, 20, replicates=5)
    table = headline_table(results)
    assert list(table) == list(HEADLINES)
    assert len(table) == 5
    size = next(number for number in headline(results) if number.name == "mean_size")
    assert size.per_replicate == tuple(table["mean_size"])
    assert size.low < size.median < size.high


@pytest.mark.parametrize(("groups", "days"), [(0, 0), (0, 30), (3, 0)])
def test_headlines_of_nearly_nothing(groups: int, days: int) -> None:
    number = {h.name: h.median for h in headline(made_up(groups, days))}
    assert number["groups_alive"] == groups
    assert math.isnan(number["happy"]) == (groups == 0)


def test_chance_of_leaving_by_hand() -> None:
    # Four memberships seen until day 10: left after 1, 2 and 2 days, and one still open after 5.
    data = columns("spells", 5)
    data["joined"] = np.array([0, 0, 4, 5, 0])
    data["left"] = np.array([1, 2, 6, -1, 1])
    data["reason"] = np.array([0, 0, 2, -1, 5])
    table = build_table("spells", data, replicate=0, labels=LABELS, values=VALUES)
    results = made_up(1, 10)
    curve = leaving_curve(Results("", results.manifest, {**results.tables, "spells": table}))
    assert curve["tenure_low"].tolist() == [1, 2, 4]
    assert curve["at_risk"].tolist() == [5, 3, 1]
    assert curve["leaves"].tolist() == [1, 2, 0]
    assert curve["days"].tolist() == [5, 4, 2]
    assert curve["hazard"].tolist() == [0.2, 0.5, 0.0]


# ---------------------------------------------------------------- figures


@pytest.mark.parametrize(
    ("groups", "days", "replicates"),
    [(3, 20, 1), (12, 20, 1), (3, 20, 3), (12, 20, 3), (3, 0, 1), (0, 0, 2)],
)
def test_figures_are_drawn(tmp_path: Path, groups: int, days: int, replicates: int) -> None:
    from matplotlib.image import imread

    written = plots.save_figures(made_up(groups, days, replicates), tmp_path)
    assert {path.stem for path in written} == FIGURES
    for path in written:
        grey = imread(path)[..., :3].mean(axis=2)
        assert grey.shape[0] > 500
        assert (grey < 0.9).mean() > 0.001


def test_figures_on_axes_of_ones_own() -> None:
    from matplotlib.figure import Figure

    results, axes = made_up(), Figure().subplots(2, 3).ravel()
    left, right = plots.plot_size_and_belonging(results, axes[:2])
    assert (left, right) == (axes[0], axes[1])
    assert plots.plot_standings(results, axes[2]) is axes[2]
    assert plots.plot_leaving(results, axes[3]).get_xlabel() == "days as a member"
    assert plots.plot_success(results, axes[4]) is axes[4]
    assert left.get_title(loc="left") == "Members of the groups"
    assert left.get_ylabel() == "members"


def test_a_table_without_dictionaries() -> None:
    from selforg_sim.results.tables import plain

    table = plain(made_up().arrow("groups"))
    assert table.schema.field("name").type == pa.string()
