"""The command line, tried as people use it: in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from selforg_sim.results.store import Results
from selforg_sim.results.tables import arrow_schema

HERE = Path(__file__).parent
HEAVY = ("numba", "mesa", "matplotlib", "pandas", "pyarrow", "numpy", "networkx", "scipy")
posix = pytest.mark.skipif(os.name != "posix", reason="signals and limits as on Linux and macOS")


def environment() -> dict[str, str]:
    paths = os.pathsep.join([str(HERE), str(HERE.parent), os.environ.get("PYTHONPATH", "")])
    wide = {"COLUMNS": "120", "NO_COLOR": "1", "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"}
    return {**os.environ, **wide}


def selforg(
    *arguments: str, cwd: Path, stub: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command; ``stub`` puts a made-up simulation behind it."""
    start = ["-m", "selforg_sim"] if stub is None else [str(HERE / "stub_cli.py"), stub]
    done = subprocess.run(
        [sys.executable, *start, *arguments],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert "Traceback" not in done.stderr + done.stdout
    return done


# ---------------------------------------------------------------- help


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; from selforg_sim.cli.main import app\n"
        "try: app(['--help'])\n"
        f"except SystemExit: print([m for m in {HEAVY} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    "verb",
    [(), ("run",), ("why",), ("plan",), ("scenario",), ("scenario", "check"), ("scenario", "diff")],
)
def test_every_verb_has_help(tmp_path: Path, verb: tuple[str, ...]) -> None:
    done = selforg(*verb, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "Usage: selforg" in done.stdout


def test_version(tmp_path: Path) -> None:
    from selforg_sim import __version__

    done = selforg("--version", cwd=tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, f"selforg {__version__}")


# ---------------------------------------------------------------- wrong use


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["rum"], "Did you mean 'run'?"),
        (["run", "smoke", "--sed", "3"], "--seed"),
        (["run", "smoke", "--replicates", "0"], "--replicates"),
        (["run", "smok"], "smoke"),
        (["run", "nowhere.toml"], "no such file"),
        (["run", "smoke", "--set", "group.strictnes=0.8"], "strictness"),
        (["run", "smoke", "--set", "group.strictness=2"], "group"),
        (["run", "smoke", "--set", "strictness"], "key=value"),
        (["run", "smoke", "--contacts", "nowhere.txt"], "nowhere.txt"),
        (["run", "smoke", "--overwrite"], "--out DIR"),
        (["why", "nowhere"], "There is no folder nowhere"),
        (["why", "nowhere", "--group", "g1"], "There is no folder nowhere"),
        (["scenario", "check", "nowhere.toml"], "no such file"),
        (["scenario", "chekc"], "Did you mean 'check'?"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_is_valid(
    tmp_path: Path, arguments: list[str], says: str
) -> None:
    done = selforg(*arguments, cwd=tmp_path, stub="ok")
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_broken_toml(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text('name = "broken"\nhorizon = 3\n[people\n')
    done = selforg("scenario", "check", "broken.toml", cwd=tmp_path)
    assert done.returncode == 2
    assert "broken.toml, line 3" in done.stderr


# ---------------------------------------------------------------- scenarios


def test_list_check_show_diff_schema(tmp_path: Path) -> None:
    assert "smoke" in selforg("scenario", "list", cwd=tmp_path).stdout
    assert "smoke can be run" in selforg("scenario", "check", "smoke", cwd=tmp_path).stdout
    shown = selforg("scenario", "show", "smoke", "--set", "seed=7", cwd=tmp_path).stdout
    (tmp_path / "mine.toml").write_text(shown, encoding="utf-8")
    differing = selforg("scenario", "diff", "smoke", "mine.toml", cwd=tmp_path).stdout
    assert ["seed", "1", "7"] in [line.split() for line in differing.splitlines()]
    same = selforg("scenario", "diff", "mine.toml", "mine.toml", cwd=tmp_path).stdout
    assert "the same in every value" in same
    assert json.loads(selforg("scenario", "schema", cwd=tmp_path).stdout)["properties"]["horizon"]


# ---------------------------------------------------------------- runs


def test_a_run_leaves_a_numbered_folder(tmp_path: Path) -> None:
    for number in ("001", "002"):
        done = selforg("run", "smoke", "--days", "5", "--seed", "4", cwd=tmp_path, stub="ok")
        assert done.returncode == 0, done.stderr
        assert f"smoke-{number}" in done.stdout
    assert "membership-days a second" in done.stdout
    assert "middle 80%" not in done.stdout
    assert done.stderr == ""
    folder = tmp_path / "results" / "smoke-002"
    manifest = Results.load(folder).manifest
    assert manifest["command"] == "selforg run smoke --days 5 --seed 4"
    assert len(list((folder / "figures").glob("*.png"))) == 5
    assert sorted(path.name for path in folder.parent.iterdir()) == ["smoke-001", "smoke-002"]


def test_json_is_one_object_and_nothing_else(tmp_path: Path) -> None:
    done = selforg(
        "run",
        "smoke",
        "--replicates",
        "3",
        "--json",
        "--no-figures",
        "--csv",
        cwd=tmp_path,
        stub="ok",
    )
    told = json.loads(done.stdout)
    assert told["replicates"] == 3
    assert len(told["headline"]["happy"]["per_replicate"]) == 3
    assert told["performance"]["membership_days_per_second"] == 2000
    folder = tmp_path / told["folder"]
    assert (folder / "tables" / "series.csv").is_file()
    assert not (folder / "figures").exists()


def test_quiet_prints_the_folder_only(tmp_path: Path) -> None:
    done = selforg("run", "smoke", "--out", "there", "--quiet", cwd=tmp_path, stub="ok")
    assert (done.stdout, done.stderr) == ("there\n", "")


def test_spread_is_shown_with_replicates(tmp_path: Path) -> None:
    done = selforg("run", "smoke", "--replicates", "2", "--no-figures", cwd=tmp_path, stub="ok")
    assert "median of 2 runs" in done.stdout
    assert "middle 80%" in done.stdout


def test_overwrite_must_be_asked_for(tmp_path: Path) -> None:
    arguments = ("run", "smoke", "--out", "there", "--no-figures")
    assert selforg(*arguments, cwd=tmp_path, stub="ok").returncode == 0
    # The refusal comes before the run: this one would never end.
    refused = selforg(*arguments, cwd=tmp_path, stub="endless")
    assert refused.returncode == 2
    assert "--overwrite" in refused.stderr
    assert selforg(*arguments, "--overwrite", cwd=tmp_path, stub="ok").returncode == 0
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("precious")
    refused = selforg("run", "smoke", "--out", "thesis", "--overwrite", cwd=tmp_path, stub="ok")
    assert refused.returncode == 2
    assert (tmp_path / "thesis" / "chapter.txt").is_file()


def test_a_failed_run_says_how_to_repeat_it(tmp_path: Path) -> None:
    done = selforg("run", "smoke", "--seed", "9", cwd=tmp_path, stub="fail")
    assert done.returncode == 1
    for part in ("'smoke'", "seed 9", "ZeroDivisionError", "selforg run smoke --seed 9"):
        assert part in done.stderr
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    import resource

    done = subprocess.run(
        [sys.executable, str(HERE / "stub_cli.py"), "ok", "run", "smoke", "--out", "a/there"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)),
    )
    assert done.returncode == 1
    assert "File too large" in done.stderr
    assert "Free some space" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def hear_ctrl_c() -> None:
    """Let a started program hear Ctrl-C even if the tests run in the background of a shell."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@posix
def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, str(HERE / "stub_cli.py"), "endless", "run", "smoke", "--out", "there"],
        cwd=tmp_path,
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_ctrl_c,
    ) as running:
        assert running.stderr is not None
        assert running.stderr.readline() == "begun\n"
        running.send_signal(signal.SIGINT)
        said = running.stderr.read()
    assert running.returncode == 130
    assert said == "Stopped by Ctrl-C. No folder was written.\n"
    assert list(tmp_path.iterdir()) == []


def interrupted_on_a_terminal(tmp_path: Path, start: list[str], until: bytes) -> str:
    """Run with a terminal as error stream, send Ctrl-C when ``until`` is seen; returns what was
    seen."""
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, *start],
        cwd=tmp_path,
        env={**environment(), "TERM": "xterm"},
        stderr=theirs,
        stdout=subprocess.PIPE,
        preexec_fn=hear_ctrl_c,
    ) as running:
        os.close(theirs)
        seen = b""
        while until not in seen:
            seen += os.read(ours, 4096)
        running.send_signal(signal.SIGINT)
        with suppress(OSError):  # what Linux says when the other end is closed
            while more := os.read(ours, 4096):
                seen += more
    os.close(ours)
    assert running.returncode == 130
    assert list(tmp_path.iterdir()) == []
    return seen.decode()


@posix
def test_the_bar_on_a_terminal(tmp_path: Path) -> None:
    start = [str(HERE / "stub_cli.py"), "endless", "run", "smoke"]
    seen = interrupted_on_a_terminal(tmp_path, start, b"20 members")
    assert "day 1 of 60 · 10 people in groups" in seen
    assert "Stopped by Ctrl-C. No folder was written." in seen
    assert "Traceback" not in seen


# ---------------------------------------------------------------- with the real simulation


def test_the_plan_of_a_day(tmp_path: Path) -> None:
    done = selforg("plan", "smoke", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "One day, in order" in done.stdout
    assert "care_time" in done.stdout


def test_smoke_from_end_to_end(tmp_path: Path) -> None:
    done = selforg("run", "smoke", "--replicates", "2", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    results = Results.load(tmp_path / told["folder"])
    assert results.name == "smoke"
    for name in results.tables:
        wanted = arrow_schema(name, results.manifest["values"])
        assert results.arrow(name).schema.equals(wanted, check_metadata=True)
    assert told["headline"]["memberships"]["median"] > 0


@posix
def test_ctrl_c_in_the_middle_of_a_real_run(tmp_path: Path) -> None:
    start = ["-m", "selforg_sim", "run", "smoke", "--days", "16000"]
    seen = interrupted_on_a_terminal(tmp_path, start, b"members")
    assert "Stopped by Ctrl-C. No folder was written." in seen
    assert "Traceback" not in seen
