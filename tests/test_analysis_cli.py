"""``selforg analyze``, tried as people use it: in a process of its own."""

from __future__ import annotations

import json
import os

import pytest
from made_up_sweep import WAITING, luck, made_up_sweep
from test_cli import selforg

LONG = {
    "rules.structure.care_time": {"low": 0.005, "high": 0.02},
    "rules.value_core.disrupting_belonging": {"low": 0.0, "high": 1.0},
    "group.levels": [1, 2, 3],
}


def reply(settings, replicate):
    return 123456.0 + 1000.0 * settings["group.levels"] + 500 * luck(
        replicate + 1, int(1e6 * settings["rules.structure.care_time"])
    )  # fmt: skip


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    return made_up_sweep(
        tmp_path_factory.mktemp("sweep"), reply, uncertain=LONG, replicates={"count": 2},
        design={"method": "sobol", "n": 32, "second_order": True},
        outcomes={"names": ["size", "happy"], "days": [10, 20]},
    ).folder  # fmt: skip


def test_help(tmp_path):
    done = selforg("analyze", "--help", cwd=tmp_path)
    assert done.returncode == 0 and "Usage: selforg analyze" in done.stdout


def test_it_prints_tables_of_eighty_columns_and_writes_the_folder(sweep, tmp_path, monkeypatch):
    monkeypatch.setitem(os.environ, "COLUMNS", "80")
    out = tmp_path / "out"
    done = selforg(
        "analyze", str(sweep), "--outcome", "size", "--out", str(out), "--no-pictures",
        "--netcdf", cwd=tmp_path,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert 'Method: indices of Sobol; the design is "sobol": 32 base points' in done.stdout
    assert "…" not in done.stdout, "no number is cut off"
    assert "members, day 20" in done.stdout and "members, day 10" not in done.stdout
    assert "Other days are in the tables" in done.stdout
    assert done.stdout.endswith(f"Results: {out}\n")
    assert (out / "indices.csv").exists() and (out / "runs.nc").exists()
    assert not (out / "pictures").exists()


def test_by_default_it_writes_into_the_sweep(sweep, tmp_path):
    done = selforg("analyze", str(sweep), "--outcome", "happy", "--day", "10", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert list((sweep / "analysis" / "pictures").glob("happy-day-10-*.png"))
    again = selforg("analyze", str(sweep), "--no-pictures", cwd=tmp_path)
    assert again.returncode == 0 and not (sweep / "analysis" / "pictures").exists()


def test_json_is_one_object(sweep, tmp_path):
    done = selforg(
        "analyze", str(sweep), "--json", "--out", "found", "--no-pictures", cwd=tmp_path
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["design"] == "sobol" and told["folder"] == "found"
    assert {(f["outcome"], f["day"]) for f in told["findings"]} == {
        ("size", 10), ("size", 20), ("happy", 10), ("happy", 20),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "There is no folder nowhere."),
        (["{tmp}"], "holds no sweep: it has no manifest.json. Give the folder that"),
        ([__file__], "is a file; give the folder of a sweep."),
        (["{sweep}", "--outcome", "sise"], "Did you mean 'size'?"),
        (["{sweep}", "--day", "11"], "Day 11 is none on which outcomes were taken: 10, 20."),
        (["{sweep}", "--out", "{sweep}"], "holds something, but no analysis"),
    ],
)
def test_wrong_use_is_told_in_words_and_ends_with_two(sweep, tmp_path, arguments, said):
    filled = [text.format(sweep=sweep, tmp=tmp_path) for text in arguments]
    done = selforg("analyze", *filled, cwd=tmp_path)
    assert done.returncode == 2 and said in done.stderr
    assert not [path for path in tmp_path.iterdir() if path.name != "nowhere"]


def test_a_sweep_without_runs_and_an_analysis_are_told_from_one_with(sweep, tmp_path):
    made_up_sweep(tmp_path / "begun", lambda settings, replicate: WAITING, uncertain=LONG,
                  design={"method": "morris", "n": 6})  # fmt: skip
    for part in (tmp_path / "begun" / "runs").iterdir():
        part.unlink()
    done = selforg("analyze", "begun", cwd=tmp_path)
    assert done.returncode == 2
    assert "no run is done yet. Go on with: selforg sweep resume begun" in done.stderr
    found = selforg("analyze", str(sweep), "--no-pictures", "--out", "found", cwd=tmp_path)
    assert found.returncode == 0
    done = selforg("analyze", "found", cwd=tmp_path)
    assert done.returncode == 2 and "this is an analysis" in done.stderr


def test_one_replicate_is_told_to_give_no_share_of_luck(tmp_path):
    made_up_sweep(tmp_path / "one", reply, uncertain=LONG, design={"method": "morris", "n": 6})
    done = selforg("analyze", "one", "--no-pictures", cwd=tmp_path)
    assert done.returncode == 0
    assert "Each point was run once" in done.stdout.replace("\n", " ")
