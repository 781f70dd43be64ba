"""``selforg sweep``: many runs with some settings varied, stopped and gone on with at will."""

from __future__ import annotations

import json as json_text
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from selforg_sim.cli.dask_options import (
    CORES,
    DASK,
    DRY_RUN,
    INTERFACE,
    JOB_EXTRA,
    JOBS,
    MEMORY,
    QUEUE,
    WALLTIME,
    Where,
    processes,
)
from selforg_sim.cli.progress import counting_bar
from selforg_sim.errors import Interrupted, UsageError

if TYPE_CHECKING:
    from selforg_sim.executors import Executor
    from selforg_sim.sweep import Shard, State, Study

sweep_app = typer.Typer(
    no_args_is_help=True,
    help="Run a scenario many times with some settings varied, and go on after any interruption.",
    context_settings={"help_option_names": ["-h", "--help"]},
)

FILE = Annotated[
    str,
    typer.Argument(
        metavar="FILE_OR_NAME",
        help="An experiment's file or name, or a scenario (then say what to vary).",
        show_default=False,
    ),
]
DIR = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a sweep.")]
OUT = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="Folder of the sweep.", show_default=False)
]
VARY = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        metavar="KEY=FROM:TO:N",
        help="Vary a setting over N values, ends included; KEY=V1,V2,... over these; KEY=FROM:TO "
        "is a range to draw from; seed=1:20:20 runs every point with 20 seeds. May be repeated.",
    ),
]
SET = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Fix a setting. May be repeated."),
]
REPLICATES = Annotated[
    int | None, typer.Option("--replicates", metavar="N", min=1, help="Runs of every point.")
]
SEED = Annotated[
    int | None,
    typer.Option("--seed", metavar="N", min=0, max=2**32 - 1, help="Seed of the first replicate."),
]
OUTCOME = Annotated[
    list[str] | None,
    typer.Option("--outcome", metavar="NAME", help="What to ask of every run. May be repeated."),
]
DAY = Annotated[
    list[int] | None,
    typer.Option("--day", metavar="N", help="On which day; the last one if not said."),
]
DESIGN = Annotated[
    str | None,
    typer.Option(
        "--design",
        metavar="METHOD",
        help="grid, latin_hypercube, sobol, morris or one_at_a_time, in place of the file's.",
    ),
]
POINTS = Annotated[
    int | None,
    typer.Option("--points", metavar="N", min=1, help="n of a design that draws its points."),
]
WORKERS = Annotated[
    int | None,
    typer.Option("--workers", metavar="N", min=1, help="Processes; without it, one a core."),
]
TIMEOUT = Annotated[
    float | None,
    typer.Option("--run-timeout", metavar="SECONDS", help="A run that takes longer is given up."),
]
RETRY = Annotated[
    bool, typer.Option("--retry-failed", help="Try runs again that failed or timed out.")
]
ACCEPT = Annotated[
    bool,
    typer.Option("--accept-code", help="Go on although another version of the program began."),
]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]


@sweep_app.command()
def plan(
    experiment: FILE,
    vary: VARY = None,
    changes: SET = None,
    replicates: REPLICATES = None,
    seed: SEED = None,
    outcomes: OUTCOME = None,
    days: DAY = None,
    design: DESIGN = None,
    points: POINTS = None,
    trial: Annotated[
        bool, typer.Option(" /--no-trial", help="Do not try a few runs to tell time and size.")
    ] = True,
    json: JSON = False,
) -> None:
    """Say what a sweep will take, before it is run: runs, hours, memory, disk, first points.

    [bold]Examples[/bold]

      selforg sweep plan which_lever

      selforg sweep plan smoke --vary group.strictness=0:1:11 --vary seed=1:20:20
    """
    from selforg_sim.cli import sweep_report
    from selforg_sim.sweep.estimate import estimate
    from selforg_sim.sweep.points import points_of

    study = _study(experiment, vary, changes, replicates, seed, outcomes, days, design, points)
    numbered = points_of(study)
    found = estimate(study, numbered, trial=trial)
    sweep_report.show_plan(study, numbered, found, json=json)


@sweep_app.command()
def run(
    experiment: FILE,
    out: OUT,
    vary: VARY = None,
    changes: SET = None,
    replicates: REPLICATES = None,
    seed: SEED = None,
    outcomes: OUTCOME = None,
    days: DAY = None,
    design: DESIGN = None,
    points: POINTS = None,
    workers: WORKERS = None,
    timeout: TIMEOUT = None,
    retry_failed: RETRY = False,
    accept_code: ACCEPT = False,
    json: JSON = False,
    dask: DASK = None,
    jobs: JOBS = None,
    walltime: WALLTIME = None,
    memory: MEMORY = None,
    queue: QUEUE = None,
    job_extra: JOB_EXTRA = None,
    cores: CORES = None,
    interface: INTERFACE = None,
    dry_run: DRY_RUN = False,
) -> None:
    """Run a sweep into a folder; the same command goes on where it was stopped.

    [bold]Examples[/bold]

      selforg sweep run which_lever --out results/levers

      selforg sweep run smoke --vary group.strictness=0:1:11 --vary seed=1:20:20 --out results/s

      selforg sweep run which_lever --out results/levers --dask slurm --jobs 20 --walltime 04:00:00
    """
    where = Where.said(
        workers, dask, jobs, walltime, memory, queue, job_extra, cores, interface, dry_run
    )
    study = _study(experiment, vary, changes, replicates, seed, outcomes, days, design, points)
    if where.dry_run:
        typer.echo(where.script())
        return
    _work(
        study, out, where.executor(timeout), None, timeout, retry_failed=retry_failed,
        accept_code=accept_code, json=json,
    )  # fmt: skip


@sweep_app.command()
def resume(
    folder: DIR,
    workers: WORKERS = None,
    timeout: TIMEOUT = None,
    retry_failed: RETRY = False,
    accept_code: ACCEPT = False,
    json: JSON = False,
    dask: DASK = None,
    jobs: JOBS = None,
    walltime: WALLTIME = None,
    memory: MEMORY = None,
    queue: QUEUE = None,
    job_extra: JOB_EXTRA = None,
    cores: CORES = None,
    interface: INTERFACE = None,
    dry_run: DRY_RUN = False,
) -> None:
    """Go on with a sweep, from what lies in its folder.

    [bold]Example[/bold]

      selforg sweep resume results/strict
    """
    from selforg_sim.sweep.store import read_study

    where = Where.said(
        workers, dask, jobs, walltime, memory, queue, job_extra, cores, interface, dry_run
    )
    study = read_study(folder)
    if where.dry_run:
        typer.echo(where.script())
        return
    _work(
        study, folder, where.executor(timeout), None, timeout, retry_failed=retry_failed,
        accept_code=accept_code, json=json,
    )  # fmt: skip


@sweep_app.command()
def shard(
    which: Annotated[str, typer.Argument(metavar="I/N", help="Which part of how many, as 3/10.")],
    experiment: FILE,
    out: OUT,
    vary: VARY = None,
    changes: SET = None,
    replicates: REPLICATES = None,
    seed: SEED = None,
    outcomes: OUTCOME = None,
    days: DAY = None,
    design: DESIGN = None,
    points: POINTS = None,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", min=1, help="Processes of this shard.")
    ] = 1,
    timeout: TIMEOUT = None,
    retry_failed: RETRY = False,
    accept_code: ACCEPT = False,
    json: JSON = False,
) -> None:
    """Run one part of a sweep, as a job of an array does; no other process is needed.

    Shards may write to one folder on a common disk, or each to a folder of its own, to be
    brought together by [bold]selforg sweep merge[/bold].

    [bold]Example[/bold], in a job array of Slurm:

      selforg sweep shard $SLURM_ARRAY_TASK_ID/10 which_lever --out results/levers
    """
    part = _shard(which)
    study = _study(experiment, vary, changes, replicates, seed, outcomes, days, design, points)
    _work(
        study, out, processes(workers, timeout), part, timeout, retry_failed=retry_failed,
        accept_code=accept_code, json=json,
    )  # fmt: skip


@sweep_app.command()
def status(folder: DIR, json: JSON = False) -> None:
    """Say how far a sweep has come; it may be running meanwhile.

    [bold]Example[/bold]

      selforg sweep status results/strict
    """
    from selforg_sim.cli import sweep_report
    from selforg_sim.sweep.status import status_of

    sweep_report.show_status(status_of(folder.expanduser()), folder, json=json)


@sweep_app.command()
def merge(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders of one sweep.")],
    out: OUT,
) -> None:
    """Bring together what was run in several folders.

    [bold]Example[/bold]

      selforg sweep merge part-1 part-2 part-3 --out results/levers
    """
    from selforg_sim.sweep.merge import merge as merged
    from selforg_sim.sweep.store import resume_command

    done, total = merged(folders, out)
    typer.echo(f"{done:,} of {total:,} runs are in {out}.")
    if done < total:
        typer.echo(f"Run the others with: {resume_command(out)}")


@sweep_app.command()
def compact(folder: DIR) -> None:
    """Put the many small files of a sweep together to a few large ones.

    [bold]Example[/bold]

      selforg sweep compact results/strict
    """
    from selforg_sim.sweep.compact import compact as put_together

    before, after = put_together(folder)
    typer.echo(f"{before:,} parts have become {after:,}.")


def _study(
    experiment: str,
    vary: list[str] | None,
    changes: list[str] | None,
    replicates: int | None,
    seed: int | None,
    outcomes: list[str] | None,
    days: list[int] | None,
    design: str | None,
    points: int | None,
) -> Study:
    from selforg_sim.sweep import load_experiment, study_of

    return study_of(
        load_experiment(
            experiment,
            vary=vary or (),
            changes=changes or (),
            replicates=replicates,
            seed=seed,
            outcomes=outcomes or (),
            days=days or (),
            design=_design(design, points),
        )
    )


def _design(method: str | None, points: int | None) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    if method is not None:
        chosen["method"] = method
    if points is not None:
        chosen["n"] = points
    return chosen


def _shard(text: str) -> Shard:
    from selforg_sim.sweep import Shard

    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise UsageError(
            f"'{text}' is no shard: write which part of how many, from 1/N to N/N, as 3/10."
        )
    return Shard(int(found[1]), int(found[2]))


def _work(
    study: Study,
    out: Path,
    executor: AbstractContextManager[Executor],
    shard: Shard | None,
    timeout: float | None,
    *,
    retry_failed: bool,
    accept_code: bool,
    json: bool,
) -> None:
    from selforg_sim.cli import sweep_report
    from selforg_sim.sweep import run_sweep

    if timeout is not None and not timeout > 0:
        raise UsageError(f"--run-timeout {timeout:g}: more than 0 seconds is valid.")
    with _kept(out), executor as workers, counting_bar(study.experiment.name) as tell:
        state = run_sweep(
            study,
            out,
            executor=workers,
            shard=shard,
            timeout=timeout,
            retry_failed=retry_failed,
            accept_code=accept_code,
            progress=lambda now: tell(now.done, now.total, _state(now)),
        )
    if json:
        typer.echo(json_text.dumps(sweep_report.state_as_json(state, out)))
    else:
        sweep_report.show_end(state, out)


def _state(state: State) -> str:
    """How far it has come, for the bar."""
    fresh = state.done - state.before
    rate = f" · {fresh / state.seconds:.3g} a second" if fresh and state.seconds > 0 else ""
    failed = f" · {state.failed:,} failed" if state.failed else ""
    return f"{state.done:,} of {state.total:,} runs{rate}{failed} · {_spoken(state.workers)}"


def _spoken(workers: int) -> str:
    """How many work now; on a cluster they come and go."""
    if workers == 0:
        return "waiting for workers"
    return f"{workers:,} worker{'' if workers == 1 else 's'}"


@contextmanager
def _kept(out: Path) -> Iterator[None]:
    """Say what an interruption has left, and how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        if not (out.expanduser() / "experiment.json").is_file():
            raise
        from selforg_sim.sweep.store import resume_command

        raise Interrupted(
            f"What is done is kept in {out}; go on with: {resume_command(out)}"
        ) from None
