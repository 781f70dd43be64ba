"""Twin worlds: how pairs are run in processes, kept in folders, stopped and gone on with."""

from __future__ import annotations

import json
import multiprocessing
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from test_cli import environment, hear_ctrl_c, posix
from test_compare import SMALL, STRICTER

from selforg_sim.compare import OUTCOMES, Comparison, compare, pair_of
from selforg_sim.compare.runs import run_pairs
from selforg_sim.compare.statistics import effect_of
from selforg_sim.errors import ResultsError, RunError, StorageError, UsageError
from selforg_sim.lock import locked
from selforg_sim.scenario import load_scenario


@pytest.fixture(scope="module")
def small() -> Comparison:
    return compare("smoke", at_days=[5, 20], **SMALL)


# Seeds enough


def test_it_stops_at_the_first_number_of_seeds_that_is_enough(tmp_path):
    asked = {**SMALL, "seeds": 16, "out": tmp_path / "there", "outcomes": ["size"]}
    a, b = (side[:, 20] for side in compare("smoke", **asked).curves("size"))
    widths = {n: effect_of("size", 20, a[:n], b[:n]).half_width for n in range(10, 17)}
    target = sorted(widths.values())[2]
    first = next(n for n, width in widths.items() if width <= target)
    assert 10 < first < 16, "otherwise this test shows nothing"
    assert len(compare("smoke", **asked, until_halfwidth={"size": target}).runs) == first
    assert len(compare("smoke", **asked, until_halfwidth={"size": 1e9}).runs) == 10
    assert len(compare("smoke", **asked, until_halfwidth={"size": 1e-9}).runs) == 16


# Folders, workers, interruptions

SCRIPT = """
import sys
from selforg_sim.compare import compare

if __name__ == "__main__":

    def tell(done, most):
        print(done, flush=True)
        if done == 3:
            sys.stdin.readline()

    compare("smoke", changes=[sys.argv[2]], seeds=12, days=20, workers=2, out=sys.argv[1],
            progress=tell)
"""
"""Compares until three seeds are done, and goes on when told to."""


def same_rows(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    return bool(one.equals(other))


@posix
def test_killed_in_the_middle_it_goes_on_without_loss_or_doubling(tmp_path):
    whole = compare("smoke", **{**SMALL, "seeds": 12})
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "there"), STRICTER],
        env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        while running.stdout.readline().strip() not in ("3", ""):
            pass
        running.kill()
        running.stdout.read()  # ends when the workers have ended, too
    assert running.returncode == -signal.SIGKILL
    kept = {path.name: path.stat().st_mtime_ns for path in parts_in(tmp_path / "there")}
    assert 3 <= len(kept) < 12
    assert not json.loads((tmp_path / "there" / "comparison.json").read_text())["finished"]
    progress: list[int] = []
    resumed = compare(
        "smoke", **{**SMALL, "seeds": 12}, out=tmp_path / "there",
        progress=lambda done, _: progress.append(done),
    )  # fmt: skip
    assert progress[0] == len(kept) and progress[-1] == 12
    now = {path.name: path.stat().st_mtime_ns for path in parts_in(tmp_path / "there")}
    assert len(now) == 12 and kept.items() <= now.items(), "what was done is not done again"
    assert same_rows(resumed.table(), whole.table())
    assert resumed.effects == whole.effects
    written = pq.read_table(tmp_path / "there" / "seeds.parquet").to_pandas()
    assert written["size_b"].tolist() == whole.table()["size_b"].tolist()


def parts_in(folder: Path) -> Sequence[Path]:
    return sorted((folder / "parts").glob("seed-*"))


@posix
def test_ctrl_c_keeps_what_is_done_and_says_so(tmp_path):
    import pty

    ours, theirs = pty.openpty()
    command = ["compare", "smoke", "--set", STRICTER, "--seeds", "5000", "--workers", "2"]
    with subprocess.Popen(
        [sys.executable, "-m", "selforg_sim", *command, "--out", "there"],
        cwd=tmp_path, env={**environment(), "TERM": "xterm"}, stderr=theirs,
        stdout=subprocess.DEVNULL, preexec_fn=hear_ctrl_c,
    ) as running:  # fmt: skip
        os.close(theirs)
        seen = b""
        while b"2 of 5000 seeds" not in seen:
            seen += os.read(ours, 4096)
        running.send_signal(signal.SIGINT)
        with suppress(OSError):
            while more := os.read(ours, 4096):
                seen += more
    os.close(ours)
    kept = len(parts_in(tmp_path / "there"))
    assert running.returncode == 130
    assert kept >= 2 and f"{kept} seeds are kept in there" in seen.decode()
    assert "Traceback" not in seen.decode()


def test_workers_give_what_one_process_gives(small):
    assert same_rows(compare("smoke", at_days=[5, 20], **{**SMALL, "workers": 2}).table(),
                     small.table())  # fmt: skip


def test_a_worker_that_is_ended_from_outside_is_named():
    pairs = run_pairs(pair_of("smoke", changes=[STRICTER]), range(1, 60), workers=2)
    next(pairs)
    for child in multiprocessing.active_children():
        child.kill()
        child.join()  # it is gone before it is given the next seed
    with pytest.raises(RunError, match="was ended from outside by signal 9"):
        list(pairs)
    assert not multiprocessing.active_children()


def test_a_folder_holds_everything_and_goes_on(tmp_path, small):
    folder = tmp_path / "there"
    first = compare("smoke", at_days=[5, 20], **{**SMALL, "seeds": 2}, out=folder)
    names = {path.name for path in folder.iterdir() if not path.name.startswith(".lock")}
    assert names == {
        "a.toml", "b.toml", "comparison.json", "seeds.parquet", "parts",
        "difference_over_time.png", "paired_differences.png",
    }  # fmt: skip
    assert json.loads((folder / "comparison.json").read_text())["finished"]
    assert load_scenario(folder / "b.toml") == first.pair.b
    unit = pq.read_schema(folder / "seeds.parquet").field("size_a").metadata[b"unit"]
    assert unit == b"members"
    part = parts_in(folder)[1]
    part.write_bytes(part.read_bytes()[:-40])  # as if the disk had lost its end
    more = compare("smoke", at_days=[5, 20], **SMALL, out=folder)
    assert same_rows(more.table(), small.table())
    assert part.with_suffix(".torn").exists() and len(list(folder.glob("parts/*.parquet"))) == 4


def test_a_folder_that_was_only_just_begun_is_gone_on_with(tmp_path):
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / ".comparison.json.0a1b2c3d.partial").write_text("{")
    assert len(compare("smoke", **{**SMALL, "seeds": 2}, out=folder).runs) == 2
    assert not list(folder.glob(".*.partial"))


def test_a_folder_with_other_contacts_is_refused(tmp_path):
    """The file of contacts has the same name, but other people in it."""
    friends = tmp_path / "friends.txt"
    asked = {"changes": ["group.levels=1"], "seeds": 2, "days": 3, "workers": 1}
    network = ["contacts.generator=file", f'contacts.path="{friends}"']
    asked |= {"changes": [*network, *asked["changes"]], "changes_a": network}
    ring = "".join(f"{i} {(i + 1) % 300}\n" for i in range(300))
    friends.write_text(ring)
    compare("smoke", **asked, out=tmp_path / "there")
    friends.write_text(ring.replace("0 1\n", "0 2\n"))
    with pytest.raises(UsageError, match="the files of contacts differ"):
        compare("smoke", **asked, out=tmp_path / "there")


def test_without_somebody_else_is_another_comparison(tmp_path):
    asked = {"seeds": 2, "days": 3, "workers": 1, "out": tmp_path / "there"}
    compare("smoke", without=["owner:0"], **asked)
    with pytest.raises(UsageError, match="the people left out differ"):
        compare("smoke", without=["owner:1"], **asked)


def test_a_part_that_the_disk_cannot_give_is_no_torn_part(tmp_path):
    asked = {**SMALL, "seeds": 2, "out": tmp_path / "there"}
    compare("smoke", **asked)
    part = parts_in(tmp_path / "there")[0]
    kept = part.read_bytes()
    part.unlink()
    part.mkdir()  # reading it is an error of the disk, not of its content
    with pytest.raises(StorageError, match="cannot be read"):
        compare("smoke", **asked)
    part.rmdir()
    part.write_bytes(kept)
    assert len(compare("smoke", **asked).runs) == 2


def test_a_folder_is_worked_on_by_one_process_at_a_time(tmp_path):
    with locked(tmp_path / "there"), pytest.raises(ResultsError, match="Another process"):
        compare("smoke", **{**SMALL, "seeds": 2}, out=tmp_path / "there")
    assert len(compare("smoke", **{**SMALL, "seeds": 2}, out=tmp_path / "there").runs) == 2


def test_a_folder_of_something_else_is_refused(tmp_path):
    stricter = ["group.strictness=0.8"]
    compare("smoke", changes=stricter, seeds=2, days=3, workers=1, out=tmp_path / "there")
    with pytest.raises(UsageError, match="the settings of the second world"):
        compare("smoke", "smoke", seeds=2, days=3, workers=1, out=tmp_path / "there")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="no comparison"):
        compare("smoke", "smoke", seeds=2, days=3, workers=1, out=tmp_path / "mine")
    with pytest.raises(UsageError, match="is a file"):
        compare("smoke", "smoke", seeds=2, workers=1, out=tmp_path / "mine" / "notes.txt")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


# Pages

DOCS = Path(__file__).parent.parent / "docs"


def commands_of(page: str) -> list[list[str]]:
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    return [shlex.split(line)[1:] for line in lines if line.startswith("selforg compare ")]


@pytest.mark.parametrize("command", commands_of("six_questions.md"), ids=lambda line: line[-1])
def test_every_command_of_the_six_questions_can_be_run(command):
    """Asked for one seed only it is refused for that alone: everything else is as it should be."""
    from selforg_sim.cli.main import app

    with pytest.raises(UsageError, match="too few"):
        app([*command, "--seeds", "1"], standalone_mode=False)


def test_all_six_questions_have_commands():
    text = (DOCS / "six_questions.md").read_text(encoding="utf-8")
    sections = text.split("\n## ")[1:]
    assert len(sections) == 6
    assert all("\nselforg compare " in section for section in sections)


def test_the_page_names_every_outcome_as_it_is():
    text = (DOCS / "comparing.md").read_text(encoding="utf-8")
    for outcome in OUTCOMES.values():
        assert (
            f"| `{outcome.name}` | {outcome.label} | {outcome.unit} | {outcome.meaning} |" in text
        )
