"""Sweeps on a Dask cluster: a scheduler and workers, each a process of its own, on this machine."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sweeping import CHANGES, RUNS, VARY, made, same_tables, small
from test_cli import environment, posix, selforg

from selforg_sim.errors import RunError, SelforgError, UsageError
from selforg_sim.executors import Dask
from selforg_sim.executors.clusters import executor_for
from selforg_sim.sweep import Inline, State, Sweep, run_sweep
from selforg_sim.sweep.run import Session
from selforg_sim.sweep.status import status_of

SWEEP = ["smoke", *(f"--vary={text}" for text in VARY), *(f"--set={text}" for text in CHANGES)]


class Cluster:
    """A scheduler, and the workers that were begun.

    Parameters
    ----------
    folder : where what they say is kept
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[str]] = []
        self.scheduler = self._begun(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address", ":0"
        )
        self.address = _heard(self.scheduler, "Scheduler at:")

    def worker(self) -> subprocess.Popen[str]:
        """Begin a worker, and wait until the scheduler knows it."""
        asked = ["--nthreads", "1", "--no-nanny", "--host", "127.0.0.1"]
        worker = self._begun("worker", self.address, *asked)
        _heard(worker, "Registered to:")
        return worker

    def _begun(self, what: str, *arguments: str) -> subprocess.Popen[str]:
        begun = subprocess.Popen(
            [sys.executable, "-m", "dask", what, *arguments, "--no-dashboard"],
            cwd=self.folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        self.processes.append(begun)
        return begun

    def end(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.communicate()


def _heard(process: subprocess.Popen[str], what: str) -> str:
    """What a process says behind these words, as soon as it does."""
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if what in line:
            return line.rpartition(what)[2].strip()
    raise AssertionError("".join(said))


@contextmanager
def cluster_in(folder: Path) -> Iterator[Cluster]:
    cluster = Cluster(folder)
    try:
        yield cluster
    finally:
        cluster.end()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler with two workers."""
    with cluster_in(tmp_path_factory.mktemp("cluster")) as cluster:
        cluster.worker()
        cluster.worker()
        yield cluster


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small sweep, run in this process in one go."""
    folder = tmp_path_factory.mktemp("sweep") / "whole"
    run_sweep(small(), folder, executor=Inline())
    return folder


# The same tables, wherever the workers are


def test_a_cluster_gives_what_one_process_gives(tmp_path, whole, cluster):
    done = selforg("sweep", "run", *SWEEP, "--dask", cluster.address, "--out", "there",
                   cwd=tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "20 of 20 runs are done" in done.stdout and not done.stderr
    assert same_tables(tmp_path / "there", whole)
    session = status_of(tmp_path / "there").sessions[-1]
    assert (session["executor"], session["workers"]) == (f"Dask at {cluster.address}", 2)


def test_a_sweep_is_gone_on_with_on_a_cluster_that_a_file_names(tmp_path, whole, cluster):
    run_sweep(small(vary=VARY[:2], replicates=2, seed=3), tmp_path / "begun", executor=Inline())
    (tmp_path / "scheduler.json").write_text(json.dumps({"address": cluster.address}))
    done = selforg("sweep", "run", *SWEEP, "--dask", "scheduler.json", "--out", "begun", "--json",
                   cwd=tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stderr
    state = json.loads(done.stdout)
    assert (state["before"], state["done"]) == (8, RUNS)
    assert same_tables(tmp_path / "begun", whole)


def test_processes_of_this_machine_may_be_the_cluster(tmp_path, whole):
    done = selforg("sweep", "run", *SWEEP, "--dask", "local", "--jobs", "2", "--out", "there",
                   cwd=tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not done.stderr, "Dask's own chatter is kept from the terminal"
    assert same_tables(tmp_path / "there", whole)
    assert status_of(tmp_path / "there").sessions[-1]["executor"] == "Dask with 2 processes"


# Workers that come and go


@posix
def test_workers_may_be_killed_and_others_join_late(tmp_path, whole):
    """One worker holds its tasks and does nothing; both are killed; later a third one comes."""
    folder, seen = tmp_path / "there", []
    with cluster_in(tmp_path) as cluster:
        idle, busy = cluster.worker(), cluster.worker()
        idle.send_signal(signal.SIGSTOP)

        def disturb(state: State) -> None:
            seen.append(state.workers)
            if state.done and busy.poll() is None:
                assert list((folder / "runs").glob("*.parquet")), "what is done is there"
                for worker in (idle, busy):
                    worker.kill()
                    worker.wait()
            elif state.workers == 0:
                cluster.worker()

        with Dask(cluster.address) as executor:
            state = run_sweep(small(), folder, executor=executor, progress=disturb)
    assert (state.done, state.failed) == (RUNS, 0)
    seen = [seen[0], *seen[seen.index(0) :]]  # one may be seen between the two deaths
    assert [now for i, now in enumerate(seen) if now not in seen[:i]] == [2, 0, 1]
    assert same_tables(folder, whole)


@posix
def test_a_scheduler_that_is_gone_ends_the_sweep_in_words_and_it_can_be_gone_on_with(
    tmp_path, whole
):
    with cluster_in(tmp_path) as cluster:
        cluster.worker()

        def disturb(state: State) -> None:
            if state.done:
                cluster.scheduler.kill()

        executor = Dask(cluster.address, patience=1.0)
        with executor, pytest.raises(RunError, match="was lost"):
            run_sweep(small(), tmp_path / "there", executor=executor, progress=disturb)
    state = run_sweep(small(), tmp_path / "there", executor=Inline())
    assert state.before > 0 and same_tables(tmp_path / "there", whole)


# Runs that fail


def test_a_run_that_raises_is_noted_and_the_others_go_on(tmp_path, cluster):
    study = made([{"x": 1}, {"x": 2, "do": "raise"}, {"x": 3}])
    with Dask(cluster.address) as executor:
        state = run_sweep(study, tmp_path / "there", executor=executor)
    assert (state.done, state.failed) == (3, 1)
    assert sorted(Sweep.load(tmp_path / "there").runs["status"]) == ["failed", "ok", "ok"]
    noted = json.loads(next((tmp_path / "there" / "failures").glob("*.json")).read_text())
    assert noted["error"] == "ZeroDivisionError: nobody to divide by"
    assert noted["repeat_with"].startswith("made") and noted["traceback"]


@posix
def test_a_run_that_kills_its_worker_is_lost_and_the_others_are_done(tmp_path):
    study = made([{"x": 1}, {"x": 2, "do": "end"}, {"x": 3}])
    with executor_for("local", jobs=2) as executor:
        state = run_sweep(study, tmp_path / "there", executor=executor)
    assert (state.done, state.failed) == (3, 1)
    runs = Sweep.load(tmp_path / "there").runs
    assert runs.set_index("point")["status"].to_dict() == {0: "ok", 1: "lost", 2: "ok"}


def test_workers_with_another_version_are_refused(tmp_path, cluster):
    with Dask(cluster.address) as executor:
        session = Session(small(), tmp_path, executor, None, None)
        session.work = replace(session.work, code="another")
        session.begin(retry_failed=False, accept_code=False)
        with pytest.raises(UsageError, match="has another version of the program"):
            session.go_on(None)


# Batch systems


@pytest.mark.parametrize(
    ("system", "directives"),
    [
        ("slurm", ["-p long", "-t 02:30:00", "--mem=8G", "--cpus-per-task=2", "--account=lab"]),
        ("pbs", ["-q long", "-l walltime=02:30:00", "ncpus=2:mem=7630MB", "--account=lab"]),
        ("lsf", ["-q long", "-W 02:30", "-M 8000000", "-n 2", "--account=lab"]),
    ],
)
def test_a_dry_run_prints_the_script_of_a_job_and_submits_nothing(
    tmp_path, capsys, monkeypatch, system, directives
):
    monkeypatch.chdir(tmp_path)
    asked = ["--walltime=02:30:00", "--memory=8GB", "--queue=long", "--cores=2"]
    command = ["sweep", "run", *SWEEP, "--out=there", f"--dask={system}", "--jobs=3", *asked]
    _called([*command, "--job-extra=--account=lab", "--dry-run"])
    script = capsys.readouterr().out
    sign = {"slurm": "#SBATCH", "pbs": "#PBS", "lsf": "#BSUB"}[system]
    told = [line.removeprefix(sign) for line in script.splitlines() if line.startswith(sign)]
    for directive in directives:
        assert any(directive in line for line in told), (directive, told)
    assert "export NUMBA_NUM_THREADS=1" in script and "--nworkers 2" in script
    assert list(tmp_path.iterdir()) == []


SUBMIT = """#!/bin/bash
job=$(mktemp "$PWD/job-XXXX")
cp "$1" "$job"
setsid bash "$job" > "$job.log" 2>&1 &
echo "Submitted batch job $!"
"""
CANCEL = """#!/bin/bash
kill -- "-$1"
"""


def _program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


@posix
def test_jobs_of_a_batch_system_are_the_workers(tmp_path, whole, monkeypatch):
    """The place of Slurm is taken by two programs that begin and end what is submitted."""
    _program(tmp_path / "sbatch", SUBMIT)
    _program(tmp_path / "scancel", CANCEL)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    done = selforg(
        "sweep", "run", *SWEEP, "--dask=slurm", "--jobs=2", "--interface=lo", "--memory=1GB",
        "--out=there", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert same_tables(tmp_path / "there", whole)
    assert status_of(tmp_path / "there").sessions[-1]["executor"] == "Dask with 2 jobs of slurm"


@posix
def test_what_a_batch_system_refuses_is_told_in_its_words(tmp_path, monkeypatch):
    _program(tmp_path / "sbatch", "#!/bin/bash\necho 'Invalid partition: long' >&2\nexit 1\n")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    done = selforg("sweep", "run", *SWEEP, "--dask=slurm", "--interface=lo", "--out=there",
                   cwd=tmp_path)  # fmt: skip
    assert done.returncode == 1
    assert "slurm has not taken the jobs: Invalid partition: long" in done.stderr


# Wrong use


def _called(arguments: list[str]) -> None:
    from selforg_sim.cli.main import app

    with suppress(SystemExit):
        app(arguments, standalone_mode=False)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["--dask=slurm"], "there is no sbatch on this machine"),
        (["--dask=pbs"], "there is no qsub on this machine"),
        (["--dask=slrum"], "Did you mean 'slurm'?"),
        (["--dask=notes.txt"], "is no file of a Dask scheduler"),
        (["--dask=local", "--workers=2"], "does not go together with --dask"),
        (["--dask=local", "--walltime=01:00:00"], "--dask local does not take --walltime"),
        (["--dask=tcp://127.0.0.1:9", "--jobs=2"], "its workers are there already"),
        (["--dask=local", "--dry-run"], "--dry-run is only for batch systems"),
        (["--dry-run"], "--dry-run is only for batch systems"),
        (["--jobs=3"], "need a cluster: say which one with --dask"),
        (["--dask=slurm", "--walltime=2h", "--dry-run"], "hours, minutes and seconds are valid"),
    ],
)
@pytest.mark.parametrize("verb", ["run", "resume"])
def test_wrong_use_is_refused_in_words(tmp_path, monkeypatch, whole, verb, asked, says):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "notes.txt").write_text("mine")
    what = ["run", *SWEEP, "--out=there"] if verb == "run" else ["resume", str(whole)]
    with pytest.raises(SelforgError) as refused:
        _called(["sweep", *what, *asked])
    assert says in str(refused.value) and refused.value.exit_code == 2
    assert not (tmp_path / "there").exists(), "nothing is left of what could not be begun"


def test_nobody_answers(tmp_path):
    done = selforg("sweep", "run", *SWEEP, "--dask=tcp://127.0.0.1:9", "--out=there", cwd=tmp_path)
    assert done.returncode == 2
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_somebody_listens_who_is_no_scheduler():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(UsageError, match="No Dask scheduler answers"):
            Dask(address, patience=0.5)
