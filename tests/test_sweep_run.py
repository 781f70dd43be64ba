"""Sweeps that are run: in processes, in shards, stopped, killed, gone on with, brought together."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shlex
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sweeping import CHANGES, RUNS, VARY, Made, made, program, same_tables, small
from test_cli import posix, selforg

from selforg_sim.cli.dask_options import processes
from selforg_sim.cli.sweep_report import show_end
from selforg_sim.ctrl_c import ctrl_c_is_heard
from selforg_sim.errors import ResultsError, RunError, StorageError
from selforg_sim.lock import locked, who_holds
from selforg_sim.sweep import (
    Inline,
    Processes,
    Shard,
    State,
    Sweep,
    load_experiment,
    run_sweep,
    study_of,
)
from selforg_sim.sweep.compact import compact
from selforg_sim.sweep.merge import merge
from selforg_sim.sweep.parts import part_names, part_path
from selforg_sim.sweep.run import Session
from selforg_sim.sweep.status import size_of, status_of
from selforg_sim.sweep.store import Store, read_study
from selforg_sim.sweep.study import Study


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small sweep, run in this process in one go."""
    folder = tmp_path_factory.mktemp("sweep") / "whole"
    state = run_sweep(small(), folder, executor=Inline())
    assert (state.done, state.total, state.failed) == (RUNS, RUNS, 0)
    return folder


# The same tables, whoever runs it


def test_tables_hold_every_run_once(whole):
    sweep = Sweep.load(whole)
    runs, series = sweep.runs, sweep.table("series")
    assert runs[["point", "replicate"]].drop_duplicates().shape[0] == len(runs) == RUNS
    assert (runs["seed"] == 3 + runs["replicate"]).all() and (runs["status"] == "ok").all()
    assert [about.name for about in sweep.outcomes][:2] == ["size", "retained"]
    assert sweep.outcomes[0].unit == "members" and sweep.factors[1].unit == "share"
    of_groups = series.groupby(["point", "replicate"])["size"].sum()
    wanted = runs.set_index(["point", "replicate"])["size"]
    pd.testing.assert_series_equal(of_groups, wanted, check_dtype=False)
    columns = ["point", "replicate", "day", "group"]
    assert series.columns[:4].tolist() == columns, "as in single runs, the point before"


def test_workers_give_what_one_process_gives(tmp_path, whole):
    run_sweep(small(), tmp_path / "two", executor=Processes(2))
    assert same_tables(tmp_path / "two", whole)


def test_shards_merged_give_what_one_process_gives(tmp_path, whole):
    for number in range(1, 5):
        state = run_sweep(
            small(), tmp_path / f"part-{number}", executor=Inline(), shard=Shard(number, 4)
        )
        assert state.done == state.total == 5
    parts = [tmp_path / f"part-{number}" for number in range(1, 5)]
    assert merge(parts[:3], tmp_path / "all") == (15, RUNS)
    assert not Sweep.load(tmp_path / "all").manifest["finished"]
    assert merge([tmp_path / "all", *parts], tmp_path / "all") == (RUNS, RUNS)
    assert same_tables(tmp_path / "all", whole)
    assert len(status_of(tmp_path / "all").sessions) == 4


def test_a_folder_with_a_list_of_points_needs_no_file_of_another_place(tmp_path):
    listed = tmp_path / "points.csv"
    listed.write_text("group.levels,group.strictness\n1,0.5\nauto,1\n2,0\n")
    design = {"method": "list", "file": str(listed)}
    vary = ["group.levels=1,2,auto", "group.strictness=0:1"]
    study = study_of(load_experiment("smoke", vary=vary, changes=["horizon=3"], design=design))
    run_sweep(study, tmp_path / "part", executor=Inline(), shard=Shard(1, 2))
    listed.unlink()
    (tmp_path / "part").rename(tmp_path / "moved")
    assert merge([tmp_path / "moved"], tmp_path / "merged")[1] == 3
    for place in ("moved", "merged"):
        state = run_sweep(read_study(tmp_path / place), tmp_path / place, executor=Inline())
        assert (state.done, state.total) == (3, 3)
        sweep = Sweep.load(tmp_path / place)
        assert sweep.design["group.levels"].tolist() == ["1", "auto", "2"]
        assert sweep.runs["status"].tolist() == ["ok"] * 3


def test_points_added_to_a_list_are_there_even_if_it_ended_just_then(tmp_path, monkeypatch):
    def ended(*about: Any) -> None:
        raise KeyboardInterrupt

    def study(number: int) -> Study:
        lines = ["group.levels", "1", "2", "auto"][: number + 1]
        (tmp_path / "points.csv").write_text("\n".join(lines))
        design = {"method": "list", "file": str(tmp_path / "points.csv")}
        vary = ["group.levels=1,2,auto"]
        return study_of(load_experiment("smoke", vary=vary, changes=["horizon=3"], design=design))

    folder = tmp_path / "there"
    assert run_sweep(study(2), folder, executor=Inline()).total == 2
    with monkeypatch.context() as patch:
        patch.setattr(Store, "_write_about", ended)
        with pytest.raises(KeyboardInterrupt):
            Store(folder).settle(study(3))
    assert run_sweep(read_study(folder), folder, executor=Inline()).total == 3
    grid = load_experiment("smoke", vary=["group.levels=1,2"], changes=["horizon=3"])
    with monkeypatch.context() as patch:
        patch.setattr(Store, "_write_about", ended)
        with pytest.raises(KeyboardInterrupt):
            Store(folder).settle(study_of(grid))
    assert read_study(folder).sample.rows == 3
    assert run_sweep(study_of(grid), folder, executor=Inline()).total == 2
    assert not (folder / "points.csv").exists()


def test_points_that_are_no_longer_asked_for_are_told(tmp_path, capsys):
    for values, retired in (("1,2,3", 0), ("1", 2)):
        study = study_of(
            load_experiment("smoke", vary=[f"group.levels={values}"], changes=["horizon=2"])
        )
        state = run_sweep(study, tmp_path / "there", executor=Inline())
        show_end(state, tmp_path / "there")
        assert state.retired == retired
        told = "2 points of an earlier design" in capsys.readouterr().out
        assert told == bool(retired)


def test_shards_on_a_common_disk_need_no_merging(tmp_path, whole):
    with locked(tmp_path / "there", "1-of-2"):
        run_sweep(small(), tmp_path / "there", executor=Inline(), shard=Shard(2, 2))
        with pytest.raises(ResultsError, match="Another process is working on"):
            run_sweep(small(), tmp_path / "there", executor=Inline())
    assert status_of(tmp_path / "there").done == RUNS // 2
    run_sweep(small(), tmp_path / "there", executor=Inline(), shard=Shard(1, 2))
    assert same_tables(tmp_path / "there", whole)
    assert status_of(tmp_path / "there").done == RUNS


@posix
@pytest.mark.parametrize("workers", [1, 2])
def test_killed_in_the_middle_it_goes_on_without_loss_or_doubling(tmp_path, whole, workers):
    folder = tmp_path / "there"
    with program(folder, workers) as running:
        assert running.stdout is not None
        while running.stdout.readline().strip() == "0":
            pass
        running.kill()
        running.stdout.read()  # ends when the workers have ended, too
    assert running.returncode == -signal.SIGKILL
    kept = {path: path.stat().st_mtime_ns for path in (folder / "runs").glob("*.parquet")}
    assert 0 < len(Sweep.load(folder).runs) < RUNS
    seen: list[int] = []
    run_sweep(read_study(folder), folder, executor=Inline(), progress=lambda s: seen.append(s.done))
    assert seen[0] > 0 and seen[-1] == RUNS
    assert all(path.stat().st_mtime_ns == time for path, time in kept.items()), "done once"
    assert same_tables(folder, whole)
    assert not list(folder.rglob("*.partial"))


@posix
def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(tmp_path):
    import pty
    import subprocess
    import sys

    from test_cli import environment, hear_ctrl_c

    ours, theirs = pty.openpty()
    command = ["sweep", "run", "smoke", "--vary", "seed=1:9999:9999", "--set", "horizon=9"]
    with subprocess.Popen(
        [sys.executable, "-m", "selforg_sim", *command, "--workers", "2", "--out", "there"],
        cwd=tmp_path, env={**environment(), "TERM": "xterm"}, stderr=theirs,
        stdout=subprocess.DEVNULL, preexec_fn=hear_ctrl_c,
    ) as running:  # fmt: skip
        os.close(theirs)
        seen = b""
        while b"a second" not in seen:  # the bar says how fast it goes: some runs are done
            seen += os.read(ours, 4096)
        running.send_signal(signal.SIGINT)
        with suppress(OSError):
            while more := os.read(ours, 4096):
                seen += more
    os.close(ours)
    assert running.returncode == 130
    assert "go on with: selforg sweep resume there" in seen.decode()
    assert "Traceback" not in seen.decode()
    assert len(Sweep.load(tmp_path / "there").runs) >= 1
    sessions = status_of(tmp_path / "there").sessions
    assert sessions[-1]["how"] == "ended by KeyboardInterrupt"


def go_on() -> None:
    pass


def fail() -> None:
    raise RuntimeError("no compiled object yet")


def take_a_minute() -> None:
    for _ in range(2_000_000_000):
        pass
    pytest.fail("Ctrl-C was heard only at the end")


@pytest.fixture
def ctrl_c_is_not_ignored() -> Iterator[None]:
    """It is where the tests run in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c_is_not_ignored")
@pytest.mark.parametrize("then", [go_on, fail, take_a_minute])
def test_ctrl_c_that_a_compiler_swallows_is_heard(then, capfd):
    """Errors are lost where C calls Python, whatever the compiler does then."""
    called_from_c = ctypes.CFUNCTYPE(None)(lambda: signal.raise_signal(signal.SIGINT))

    def compiling() -> None:
        called_from_c()
        then()

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), ctrl_c_is_heard():
        compiling()
    assert capfd.readouterr().err == ""
    assert signal.getsignal(signal.SIGINT) == before
    with pytest.raises(RuntimeError), ctrl_c_is_heard():
        fail()


# Going on


def test_replicates_and_points_may_be_added(tmp_path, whole):
    folder = tmp_path / "there"
    run_sweep(small(vary=("group.levels=2", "group.strictness=0:1:2"), replicates=2, seed=3),
              folder, executor=Inline())  # fmt: skip
    before = Sweep.load(folder).runs
    state = run_sweep(small(), folder, executor=Inline())
    assert (state.before, state.done) == (4, RUNS)
    after = Sweep.load(folder)
    assert after.runs.merge(before).shape[0] == len(before), "old runs are as they were"
    one = after.design.merge(after.runs, on="point").drop(columns=["row", "point"])
    other = Sweep.load(whole).design.merge(Sweep.load(whole).runs, on="point")
    keys = ["group.levels", "group.strictness", "replicate"]
    pd.testing.assert_frame_equal(
        one.sort_values(keys, ignore_index=True),
        other.drop(columns=["row", "point"]).sort_values(keys, ignore_index=True),
    )


def test_a_folder_has_all_that_is_needed_to_go_on(tmp_path, whole):
    folder = shutil.copytree(whole, tmp_path / "moved")
    study = read_study(folder)
    assert study.identity() == small().identity()
    assert study.models[0].again({"group.levels": 1}, 4) == (
        "selforg run smoke --set=horizon=12 --set=group.levels=1 --seed=4"
    )
    for name in list(part_names(folder))[:2]:
        (folder / "runs" / f"{name}.parquet").unlink()
    state = run_sweep(study, folder, executor=Inline())
    assert state.before < RUNS == state.done
    assert same_tables(folder, whole)


def test_another_sweep_or_version_is_refused(tmp_path, whole):
    folder = shutil.copytree(whole, tmp_path / "there")
    for other, says in (
        (small(changes=("horizon=13",)), "the scenarios"),
        (small(outcomes=["size"]), "the outcomes"),
        (small(vary=("group.clarity=0,1",)), "the seed and the factors differ"),
    ):
        with pytest.raises(ResultsError, match=says):
            run_sweep(other, folder, executor=Inline())
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "code": "another"}))
    with pytest.raises(ResultsError, match="another version of the program"):
        run_sweep(small(), folder, executor=Inline())
    run_sweep(small(), folder, executor=Inline(), accept_code=True)
    run_sweep(small(), folder, executor=Inline())
    assert json.loads((folder / "manifest.json").read_text())["earlier_code"] == ["another"]
    scenario = folder / "scenarios" / "smoke.toml"
    scenario.write_text(scenario.read_text().replace("horizon = 12", "horizon = 11"))
    with pytest.raises(ResultsError, match="no longer those with which the sweep was begun"):
        read_study(folder)


def test_changed_contacts_are_noticed(tmp_path):
    friends = tmp_path / "friends.txt"
    friends.write_text("".join(f"{i} {(i + 1) % 300}\n" for i in range(300)))
    network = ("contacts.generator=file", f'contacts.path="{friends}"', *CHANGES)
    run_sweep(small(changes=network, replicates=1), tmp_path / "there", executor=Inline())
    friends.write_text("".join(f"{i} {(i + 2) % 300}\n" for i in range(300)))
    with pytest.raises(ResultsError, match="files of contacts"):
        run_sweep(small(changes=network), tmp_path / "there", executor=Inline())


def test_torn_parts_are_set_aside_and_run_again(tmp_path, whole):
    folder = shutil.copytree(whole, tmp_path / "there")
    names = list(part_names(folder))
    torn = folder / "runs" / f"{names[0]}.parquet"
    torn.write_bytes(torn.read_bytes()[:-50])  # the disk lost its end
    lost = folder / "series" / f"{names[1]}.parquet"
    lost.write_bytes(b"")
    orphan = folder / "series" / "orphan.parquet"  # its chunk was not finished
    shutil.copyfile(folder / "series" / f"{names[2]}.parquet", orphan)
    assert status_of(folder).torn == 2
    state = run_sweep(small(), folder, executor=Inline())
    assert state.before < RUNS == state.done
    assert len(list((folder / "quarantine").iterdir())) == 2
    assert not orphan.exists()
    assert same_tables(folder, whole)
    assert status_of(folder).set_aside == 2


def test_the_status_bears_files_that_vanish(tmp_path, whole):
    folder = shutil.copytree(whole, tmp_path / "there")
    (folder / "runs" / "gone.parquet").symlink_to("nowhere")  # listed, but no more to be read
    told = status_of(folder)
    assert (told.done, told.torn) == (RUNS, 0)
    assert size_of([folder / "gone", folder, folder / "README.md"]) > 100


def add_up(folder: Path) -> tuple[int, int, int]:
    """Runs done, failed and to do; they are all that were asked for."""
    told = status_of(folder)
    assert told.done + told.to_do == told.asked and told.failed <= told.done
    assert told.finished == (told.to_do == 0)
    return told.done - told.failed, told.failed, told.to_do


def test_the_numbers_of_the_status_add_up(tmp_path, whole):
    folder = shutil.copytree(whole, tmp_path / "there")
    assert add_up(folder) == (RUNS, 0, 0)
    names = list(part_names(folder))
    (folder / "series" / f"{names[0]}.parquet").write_bytes(b"")
    (folder / "runs" / f"{names[-1]}.parquet").write_bytes(b"")
    ok, failed, to_do = add_up(folder)
    assert ok < RUNS and failed == 0 and to_do == RUNS - ok, "torn parts are to be run again"
    Store(folder).whole_parts()
    assert add_up(folder) == (ok, 0, to_do), "and so are those in the quarantine"
    merge([folder, whole], tmp_path / "all")
    assert add_up(tmp_path / "all") == (RUNS, 0, 0)
    run_sweep(small(vary=VARY[:2], replicates=2, seed=3), folder, executor=Inline())
    assert add_up(folder) == (8, 0, 0), "runs that are no longer asked for do not count"


def test_the_numbers_of_the_status_add_up_when_runs_fail(tmp_path):
    study, folder = made([{"x": x, "do": "raise"} for x in range(4)]), tmp_path / "there"
    run_sweep(study, folder, executor=Inline())
    assert add_up(folder) == (0, 4, 0)

    def stop(state: State) -> None:
        if state.done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_sweep(study, folder, executor=Inline(), retry_failed=True, progress=stop)
    assert add_up(folder) == (0, 4, 0)
    assert len(list((folder / "failures").iterdir())) == 4, "what is not tried again stays noted"


def test_compact_makes_one_part_of_many_and_loses_nothing(tmp_path, whole):
    folder = shutil.copytree(whole, tmp_path / "there")
    before = len(list(part_names(folder)))
    assert compact(folder) == (before, 1)
    assert same_tables(folder, whole)
    about = pq.read_table(part_path(folder, next(part_names(folder))))
    assert about.schema.field("size").metadata[b"unit"] == b"members"
    assert run_sweep(small(), folder, executor=Inline()).before == RUNS
    assert compact(folder) == (1, 1)


def rows_in_files(folder: Path, table: str) -> int:
    """Rows of a table as programs see it that know nothing of sweeps."""
    return sum(pq.read_metadata(path).num_rows for path in (folder / table).glob("*.parquet"))


def test_shards_that_overlap_double_nothing(tmp_path, whole):
    shards = [Shard(1, 2), Shard(2, 2), Shard(1, 3)]
    parts = [tmp_path / f"part-{shard.number}-{shard.of}" for shard in shards]
    for part, shard in zip(parts, shards, strict=True):
        run_sweep(small(), part, executor=Inline(), shard=shard)
    merge(parts, tmp_path / "all")
    assert same_tables(tmp_path / "all", whole)
    rows = rows_in_files(whole, "series")
    assert rows_in_files(tmp_path / "all", "series") > rows
    assert Sweep.load(tmp_path / "all").table("series", ["size"]).shape == (rows, 1)
    assert not set(as_readme_says(tmp_path / "all")["point"].value_counts()) - {5}
    compact(tmp_path / "all", large=1)
    assert same_tables(tmp_path / "all", whole)
    assert rows_in_files(tmp_path / "all", "series") == rows
    assert rows_in_files(tmp_path / "all", "runs") == RUNS
    assert run_sweep(small(), tmp_path / "all", executor=Inline()).before == RUNS


def as_readme_says(folder: Path) -> pd.DataFrame:
    """What one gets who reads a folder as its README shows it for Python."""
    code = (folder / "README.md").read_text(encoding="utf-8").split("```python\n")[1]
    found: dict[str, Any] = {}
    with contextlib.chdir(folder):
        exec(code.split("```")[0], found)
    return found["table"]


def test_parts_that_were_put_together_twice_are_not_doubled_by_those_of_before(tmp_path, whole):
    folder = shutil.copytree(whole, tmp_path / "there")
    compact(folder)
    more = ("group.levels=1,2", "group.strictness=0:1:2", "seed=3:8:6")
    run_sweep(small(vary=more), folder, executor=Inline())
    once = shutil.copytree(folder, tmp_path / "once")
    assert compact(folder)[1] == 1
    for path in (whole / "runs").glob("*.parquet"):
        shutil.copyfile(path, folder / "runs" / path.name)
    assert same_tables(folder, once)
    old = shutil.copytree(once, tmp_path / "old")
    for path in whole.glob("*/*-*.parquet"):
        shutil.copyfile(path, old / path.relative_to(whole))
    merge([old], folder)
    assert len(list(part_names(folder))) == 1 and same_tables(folder, once)


def test_compact_clears_away_what_one_that_was_killed_has_left(tmp_path, whole):
    folder = shutil.copytree(whole, tmp_path / "there")
    some = next(part_names(folder, "series"))
    half, partial = (folder / "series" / name for name in ("half.parquet", ".a.parquet.1.partial"))
    for left in (half, partial):
        shutil.copyfile(part_path(folder, some, "series"), left)
    compact(folder)
    assert not half.exists() and not partial.exists() and same_tables(folder, whole)


def test_compact_holds_a_small_share_of_a_large_table_at_a_time(tmp_path):
    """Six parts or more, of 100,000 rows each, are put together to one."""
    for number in range(1, 7):
        run_sweep(small(), tmp_path / "there", executor=Inline(), shard=Shard(number, 6))
    in_all = 0
    for name in part_names(tmp_path / "there"):
        path = part_path(tmp_path / "there", name, "series")
        table = pq.read_table(path)
        table = table.take(list(range(table.num_rows)) * (100_000 // table.num_rows))
        in_all += table.nbytes
        pq.write_table(table, path)
    before = pa.default_memory_pool()
    pool = pa.proxy_memory_pool(before)
    pa.set_memory_pool(pool)
    try:
        compact(tmp_path / "there")
    finally:
        pa.set_memory_pool(before)
    assert 0 < pool.max_memory() < in_all / 2


def test_compact_ended_in_the_middle_doubles_nothing(tmp_path, whole):
    folder = shutil.copytree(whole, tmp_path / "there")
    kept = {path: path.read_bytes() for path in folder.glob("*/*.parquet")}
    compact(folder)
    for path, content in kept.items():
        path.write_bytes(content)  # as if it had been ended before it removed the old parts
    assert same_tables(folder, whole), "whoever reads in between sees every run once"
    assert run_sweep(small(), folder, executor=Inline()).before == RUNS
    assert len(list(part_names(folder))) == 1 and same_tables(folder, whole)


def test_a_merge_that_was_ended_at_its_beginning_is_given_again(tmp_path, whole):
    (tmp_path / "all").mkdir()
    for name in ("manifest.json", "README.md", "experiment.json"):
        shutil.copyfile(whole / name, tmp_path / "all" / name)
    assert merge([whole], tmp_path / "all") == (RUNS, RUNS)
    assert same_tables(tmp_path / "all", whole)


def test_folders_of_different_sweeps_are_not_merged(tmp_path, whole):
    run_sweep(small(changes=("horizon=11",)), tmp_path / "other", executor=Inline())
    with pytest.raises(ResultsError, match="not of one sweep: the scenarios"):
        merge([whole, tmp_path / "other"], tmp_path / "all")
    with pytest.raises(ResultsError, match="holds no sweep"):
        merge([whole, tmp_path], tmp_path / "all")
    run = tmp_path / "run"
    run.mkdir()
    (run / "manifest.json").write_text('{"kind": "run"}')
    with pytest.raises(ResultsError, match="perhaps results of a single run"):
        merge([whole], run)
    assert [path.name for path in run.iterdir()] == ["manifest.json"]


def test_merging_leaves_its_sources_as_they_are(tmp_path, whole):
    source = shutil.copytree(whole, tmp_path / "there")
    with locked(source), pytest.raises(ResultsError, match="Another process is working on"):
        merge([source], tmp_path / "all")
    torn = part_path(source, next(part_names(source)))
    torn.write_bytes(torn.read_bytes()[:-50])
    for hidden in source.glob(".*"):  # as who copies a folder may leave out
        hidden.unlink()
    before = {path: path.stat().st_mtime_ns for path in source.rglob("*")}
    content = {path: path.read_bytes() for path in before if path.is_file()}
    done, total = merge([source], tmp_path / "all")
    assert done < total == RUNS
    assert {path: path.read_bytes() for path in source.rglob("*") if path.is_file()} == content
    assert set(source.rglob("*")) == set(before), "no part was set aside, no lock is left"


def test_no_two_sessions_write_parts_of_one_name(tmp_path):
    """Nor do thousands of shards that begin in the same second on as many machines."""
    study, shards = made([{"x": 1}]), [Shard(1, 2), Shard(2, 2)] * 50
    names = {Session(study, tmp_path, Inline(), shard, None).name for shard in shards}
    assert len(names) == len(shards)
    assert all(len(name.split("-")[1]) == 32 for name in names), "128 bits of luck"
    assert {name.split("-")[2] for name in names} == {"s1", "s2"}


def test_a_folder_in_which_points_have_other_numbers_is_not_merged_into(tmp_path, whole):
    other = ("group.levels=2,1", *VARY[1:])
    run_sweep(small(vary=other), tmp_path / "other", executor=Inline())
    before = Sweep.load(tmp_path / "other").runs
    with pytest.raises(ResultsError, match="values of the factors differ"):
        merge([whole], tmp_path / "other")
    pd.testing.assert_frame_equal(Sweep.load(tmp_path / "other").runs, before)
    run_sweep(small(replicates=2), tmp_path / "fewer", executor=Inline())
    with pytest.raises(ResultsError, match="numbers of replicates differ"):
        merge([whole], tmp_path / "fewer")


def test_points_of_a_design_that_has_grown_keep_their_numbers_when_merged(tmp_path, whole):
    grown = tmp_path / "grown"
    fewer = ("group.levels=2", *VARY[1:])
    run_sweep(small(vary=fewer), grown, executor=Inline())
    run_sweep(small(), grown, executor=Inline())
    assert merge([grown], tmp_path / "all") == (RUNS, RUNS)
    assert same_tables(tmp_path / "all", grown)
    with pytest.raises(ResultsError, match="numbers of their points"):
        merge([whole], grown)


def test_merging_tells_by_which_versions_of_the_program_runs_were_made(tmp_path, whole):
    old = shutil.copytree(whole, tmp_path / "old")
    manifest = json.loads((old / "manifest.json").read_text())
    (old / "manifest.json").write_text(json.dumps({**manifest, "code": "0" * 64}))
    for _ in range(2):  # a merge that was interrupted is given again
        merge([old], tmp_path / "all")
    assert Sweep.load(tmp_path / "all").manifest["code"] == "0" * 64
    with pytest.raises(ResultsError, match="versions of the program differ"):
        merge([whole], tmp_path / "all")


def test_replicates_are_added_until_the_interval_is_narrow(tmp_path):
    experiment = small(replicates=30).experiment
    table = experiment.model_dump(exclude_none=True)
    table["replicates"] = {"count": 30, "least": 4, "until_halfwidth": {"size": 9.0}}
    study = study_of(type(experiment).model_validate(table))
    one, two = tmp_path / "one", tmp_path / "two"
    run_sweep(study, one, executor=Inline())
    run_sweep(study, two, executor=Processes(2))
    assert same_tables(one, two)
    runs = Sweep.load(one).runs
    times = runs.groupby("point")["size"].agg(["size", "std"])
    assert times["size"].nunique() > 1 and times["size"].min() >= 4
    from scipy.stats import t

    half = t.ppf(0.975, times["size"] - 1) * times["std"] / times["size"] ** 0.5
    assert ((half <= 9.0) | (times["size"] == 30)).all()


def test_adaptive_replicates_bear_failed_runs_and_say_what_cannot_be_reached(tmp_path, capsys):
    """Of the four points, that of six groups with two owners always fails."""
    (tmp_path / "two.toml").write_text('extends = "smoke"\nhorizon = 5\nfounding.groups = 2\n')
    vary = ["founding.groups=2,6", "people.owner.count=2,6"]
    experiment = load_experiment(tmp_path / "two.toml", vary=vary, days=[5, 4, 4])
    table = experiment.model_dump(exclude_none=True)
    table["replicates"] = {"count": 3, "least": 2, "until_halfwidth": {"size": 1e-9}}
    study, folder = study_of(type(experiment).model_validate(table)), tmp_path / "there"
    state = run_sweep(study, folder, executor=Inline())
    assert (state.done, state.failed, state.wide) == (12, 3, 4)
    assert Sweep.load(folder).runs["day"].value_counts().to_dict() == {4: 9, 5: 9}
    show_end(state, folder)
    assert "At 4 points the interval of an outcome is still wider" in capsys.readouterr().out
    for name in list(part_names(folder))[::2]:
        part_path(folder, name).unlink()
    compact(folder)
    again = run_sweep(study, folder, executor=Inline())
    assert 0 < again.before < 12 and (again.done, again.total, again.wide) == (12, 12, 4)
    assert run_sweep(study, folder, executor=Inline()).before == 12


# Runs that fail


def test_a_run_that_raises_is_noted_and_the_others_go_on(tmp_path):
    state = run_sweep(made([{"x": 1}, {"x": 2, "do": "raise"}, {"x": 3}]), tmp_path / "there",
                      executor=Inline())  # fmt: skip
    assert (state.done, state.failed) == (3, 1)
    runs = Sweep.load(tmp_path / "there").runs
    assert sorted(runs["status"]) == ["failed", "ok", "ok"]
    assert runs.loc[runs["status"] == "failed", "y"].isna().all()
    noted = json.loads(next((tmp_path / "there" / "failures").glob("*.json")).read_text())
    assert noted["error"] == "ZeroDivisionError: nobody to divide by"
    assert "nobody to divide by" in "".join(noted["traceback"])
    assert noted["repeat_with"].startswith("made") and noted["settings"]["x"] == 2
    assert status_of(tmp_path / "there").failed == 1


def test_settings_that_do_not_go_together_fail_their_runs_only(tmp_path):
    """Each value is valid by itself, but six groups want more than two owners."""
    (tmp_path / "two.toml").write_text('extends = "smoke"\nhorizon = 3\nfounding.groups = 2\n')
    vary = ["--vary=founding.groups=2,6", "--vary=people.owner.count=2,6"]
    done = selforg("sweep", "run", "two.toml", *vary, "--out", "there", "--workers", "2",
                   cwd=tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "4 of 4 runs are done" in done.stdout and "1 run failed" in done.stdout
    noted = json.loads(next((tmp_path / "there" / "failures").glob("*.json")).read_text())
    assert "4 are missing" in noted["error"]
    again = shlex.split(noted["repeat_with"])
    assert again[:2] == ["selforg", "run"]
    repeated = selforg(*again[1:], cwd=tmp_path)
    assert repeated.returncode == 2 and "4 are missing" in repeated.stderr


@posix
def test_a_run_that_kills_its_worker_is_lost_and_the_others_are_done(tmp_path):
    rows = [{"x": 1}, {"x": 2, "do": "end"}, {"x": 3}, {"x": 4}]
    state = run_sweep(made(rows), tmp_path / "there", executor=Processes(2))
    assert (state.done, state.failed) == (4, 1)
    runs = Sweep.load(tmp_path / "there").runs
    assert runs.set_index("point")["status"].to_dict() == {0: "ok", 1: "lost", 2: "ok", 3: "ok"}
    noted = json.loads(next((tmp_path / "there" / "failures").glob("*.json")).read_text())
    assert "ended from outside by signal 9" in noted["error"]


def test_a_run_that_never_ends_is_given_up_and_the_others_are_done(tmp_path):
    rows = [{"x": 1}, {"x": 2, "do": "go on for ever"}, {"x": 3}]
    session = Session(made(rows), tmp_path / "there", Processes(1), None, 0.2)
    session.work = replace(session.work, grace=0.2)
    session.begin(retry_failed=False, accept_code=False)
    state = session.go_on(None)
    assert (state.done, state.failed) == (3, 1)
    runs = Sweep.load(tmp_path / "there").runs
    assert sorted(runs["status"]) == ["ok", "ok", "timed out"]


def test_a_run_that_is_over_its_time_stops_at_the_end_of_a_day(tmp_path):
    done = selforg(
        "sweep", "run", "smoke", "--vary", "horizon=3,16000", "--run-timeout", "1", "--out",
        "there", "--workers", "1", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "2 of 2 runs are done" in done.stdout and "1 run failed" in done.stdout
    noted = json.loads(next((tmp_path / "there" / "failures").glob("*.json")).read_text())
    assert noted["status"] == "timed out" and "it had come to day" in noted["error"]
    told = selforg("sweep", "status", "there", cwd=tmp_path).stdout
    assert "failed   1" in told and "finished" in told


@pytest.mark.parametrize("workers", [1, 2])
def test_with_a_timeout_work_is_done_where_it_can_be_ended(workers):
    with processes(workers, timeout=1.0) as executor:
        assert executor.expendable and executor.workers == workers
    with processes(1, timeout=None) as executor:
        assert not executor.expendable


def test_commands_in_hints_can_be_copied_from_any_folder(tmp_path, capsys):
    folder = tmp_path / "my results"
    state = run_sweep(made([{"x": 1, "do": "raise"}]), folder, executor=Inline())
    show_end(state, folder)
    commands = [line.split("with")[1] for line in capsys.readouterr().out.splitlines()[1:]]
    again, analyze = (shlex.split(command.strip(" :")) for command in commands)
    assert again == ["selforg", "sweep", "resume", str(folder), "--retry-failed"]
    assert analyze == ["selforg", "analyze", str(folder)]


def test_failed_runs_are_tried_again_when_asked(tmp_path, monkeypatch):
    rows = [{"x": 1}, {"x": 2, "do": "raise"}]
    run_sweep(made(rows), tmp_path / "there", executor=Inline())
    study = made(rows)
    assert run_sweep(study, tmp_path / "there", executor=Inline()).before == 2
    monkeypatch.setitem(Made.doing, "raise", lambda: None)  # it has been mended meanwhile
    state = run_sweep(study, tmp_path / "there", executor=Inline(), retry_failed=True)
    assert (state.before, state.done, state.failed) == (1, 2, 0)
    runs = Sweep.load(tmp_path / "there").runs
    assert len(runs) == 2 and (runs["status"] == "ok").all()
    assert status_of(tmp_path / "there").failed == 0
    assert not list((tmp_path / "there" / "failures").iterdir())
    assert compact(tmp_path / "there")[1] == 1
    assert rows_in_files(tmp_path / "there", "runs") == 2
    again = run_sweep(study, tmp_path / "there", executor=Inline(), retry_failed=True)
    assert again.before == 2, "what went well at last is not tried once more"


def test_workers_that_all_end_at_once_end_the_sweep_in_words(tmp_path):
    class Never:
        name, local, expendable, workers = "nobody", True, True, 2

        def run(self, work: Any, next_task: Any) -> Any:
            from selforg_sim.executors import Lost

            while (task := next_task()) is not None:
                yield Lost(task, "its process was ended from outside by signal 9")

    with pytest.raises(RunError, match="workers in a row ended without any work done"):
        run_sweep(small(), tmp_path / "there", executor=Never())


# Beginning

FILES = ("manifest.json", "design.parquet", "README.md", "experiment.json")
"""What a sweep writes before its first run, in this order."""


@pytest.mark.parametrize("written", range(len(FILES) + 1))
def test_a_sweep_ended_before_its_first_run_is_begun_again_by_the_same_command(
    tmp_path, whole, written
):
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / ".manifest.json.0123abcd.partial").write_text("{")  # the power went just then
    for name in FILES[:written]:
        shutil.copyfile(whole / name, folder / name)
    if 0 < written < len(FILES):
        with pytest.raises(ResultsError, match="Give the command again that began it"):
            read_study(folder)
    run_sweep(small(), folder, executor=Inline())
    assert same_tables(folder, whole)


PROGRAM_OF_A_SHARD = """
import sys
from sweeping import small
from selforg_sim.sweep import Inline, Shard, run_sweep

study = small()
print("ready", flush=True)
sys.stdin.readline()
run_sweep(study, sys.argv[1], executor=Inline(), shard=Shard(int(sys.argv[2]), 4))
"""


def test_shards_may_begin_in_one_folder_at_the_same_moment(tmp_path, whole):
    import subprocess
    import sys

    from test_cli import environment

    folder = tmp_path / "there"
    folder.mkdir()
    (folder / ".lock").touch()  # left by somebody who was ended
    shards = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM_OF_A_SHARD, str(folder), str(number)],
            env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )
        for number in range(1, 5)
    ]  # fmt: skip
    for shard in shards:
        assert shard.stdout is not None and shard.stdout.readline() == "ready\n"
    for shard in shards:
        assert shard.stdin is not None
        shard.stdin.write("\n")
        shard.stdin.flush()
    for shard in shards:
        _, told = shard.communicate()
        assert shard.returncode == 0, told
    assert same_tables(folder, whole)


def test_the_files_of_locks_stay_and_say_nothing_when_nobody_works(tmp_path):
    """A file that was removed could still be locked by somebody whom nobody sees."""
    with locked(tmp_path) as permit:
        held = (tmp_path / ".lock").stat().st_ino
        assert permit.holds() and len(who_holds(tmp_path)) == 1
    assert (tmp_path / ".lock").stat().st_ino == held
    assert not permit.holds() and who_holds(tmp_path) == []
    assert not list(tmp_path.glob("*.who"))


# Places that will not do


def test_a_folder_on_which_somebody_works_is_refused(tmp_path):
    with locked(tmp_path / "there"):
        done = selforg(
            "sweep", "run", "smoke", "--out", "there", "--set", "horizon=2", cwd=tmp_path
        )
    assert done.returncode == 2
    assert f"Another process is working on there (process {os.getpid()}" in done.stderr


@posix
def test_a_full_disk_ends_the_sweep_in_words_and_it_can_be_gone_on_with(tmp_path, whole):
    import resource
    import subprocess
    import sys

    from test_cli import environment

    command = [sys.executable, "-m", "selforg_sim", "sweep", "run", "smoke", "--out", "there"]
    command += [f"--vary={text}" for text in VARY] + [f"--set={text}" for text in CHANGES]
    done = subprocess.run(
        [*command, "--workers", "2"],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000)),
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "could not be written to" in done.stderr and "Free some space" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "there").rglob("*.partial"))
    run_sweep(small(), tmp_path / "there", executor=Inline())
    assert same_tables(tmp_path / "there", whole)


@pytest.mark.parametrize(
    ("arguments", "says", "code"),
    [
        (["run", "smoke", "--out", "file"], "is a file", 2),
        (["run", "smoke", "--out", "mine"], "holds something, but no sweep", 2),
        (["run", "smoke", "--vary", "group.strictnes=0:1:3", "--out", "x"], "Did you mean", 2),
        (["run", "smoke", "--outcome", "sise", "--out", "x"], "Did you mean 'size'?", 2),
        (["run", "nothing", "--out", "x"], "no such file", 2),
        (["run", "smoke", "--run-timeout", "0", "--out", "x"], "more than 0 seconds", 2),
        (["run", "smoke", "--design", "soboll", "--out", "x"], "Did you mean 'sobol'?", 2),
        (["resume", "nowhere"], "There is no folder nowhere", 2),
        (["resume", "mine"], "holds no sweep", 2),
        (["status", "mine"], "holds no sweep", 2),
        (["compact", "mine"], "holds no sweep", 2),
        (["shard", "5/4", "smoke", "--out", "x"], "from 1/N to N/N", 2),
        (["merge", "mine", "--out", "x"], "holds no sweep", 2),
    ],
)
def test_wrong_use_is_refused_in_words(tmp_path, arguments, says, code, monkeypatch):
    from selforg_sim.cli.main import app
    from selforg_sim.errors import SelforgError

    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("mine")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(SelforgError) as refused:
        app(["sweep", *arguments], standalone_mode=False)
    assert says in str(refused.value) and refused.value.exit_code == code
    assert not (tmp_path / "x").exists(), "nothing is left of what could not be begun"


@posix
def test_a_place_that_cannot_be_written_to_is_told():
    """Not even root may make a folder there."""
    with pytest.raises(StorageError, match="/proc/sweep could not be written to"):
        run_sweep(small(), "/proc/sweep", executor=Inline())


def test_the_state_says_how_far_it_has_come(tmp_path):
    seen: list[State] = []
    run_sweep(small(), tmp_path / "there", executor=Inline(), progress=seen.append)
    assert seen[0].done == 0 and seen[-1].done == RUNS
    assert [s.done for s in seen] == sorted(s.done for s in seen)
    assert {s.total for s in seen} == {RUNS}
    assert seen[-1].seconds > 0 and (seen[-1].megabytes or 1) > 0
