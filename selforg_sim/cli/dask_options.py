"""Options that send a sweep to a Dask cluster, and what is made of them."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer

from selforg_sim.errors import UsageError

if TYPE_CHECKING:
    from selforg_sim.executors import Executor

PANEL = "On a Dask cluster"
DASK = Annotated[
    str | None,
    typer.Option(
        "--dask",
        metavar="WHERE",
        help="Run on a Dask cluster: the address or file of a scheduler; local: processes of this "
        "machine; slurm, pbs or lsf: jobs of a batch system.",
        rich_help_panel=PANEL,
    ),
]
JOBS = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        metavar="N",
        min=1,
        help="How many jobs, or processes with --dask local.",
        rich_help_panel=PANEL,
    ),
]
WALLTIME = Annotated[
    str | None,
    typer.Option(
        "--walltime",
        metavar="HH:MM:SS",
        help="Time of a job; one that ends is submitted again.",
        rich_help_panel=PANEL,
    ),
]
MEMORY = Annotated[
    str | None,
    typer.Option("--memory", metavar="8GB", help="Memory of a job.", rich_help_panel=PANEL),
]
QUEUE = Annotated[
    str | None,
    typer.Option(
        "--queue", metavar="NAME", help="Queue or partition of the jobs.", rich_help_panel=PANEL
    ),
]
JOB_EXTRA = Annotated[
    list[str] | None,
    typer.Option(
        "--job-extra",
        metavar="DIRECTIVE",
        help="What else is asked for, as --job-extra=--account=lab. May be repeated.",
        rich_help_panel=PANEL,
    ),
]
CORES = Annotated[
    int | None,
    typer.Option(
        "--cores",
        metavar="N",
        min=1,
        help="Cores of a job, each with a process.",
        rich_help_panel=PANEL,
    ),
]
INTERFACE = Annotated[
    str | None,
    typer.Option(
        "--interface",
        metavar="NAME",
        help="Network over which the jobs reach this machine, as ib0.",
        rich_help_panel=PANEL,
    ),
]
DRY_RUN = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Print the script of a job, and submit nothing.",
        rich_help_panel=PANEL,
    ),
]


class OfJobs(TypedDict):
    """What is asked of each job of a batch system; see `selforg_sim.executors.clusters.Jobs`."""

    walltime: str | None
    memory: str | None
    queue: str | None
    extra: tuple[str, ...]
    cores: int | None
    interface: str | None


@dataclass(frozen=True)
class Where:
    """Where a sweep is run: in processes of this machine, or on a Dask cluster.

    Attributes
    ----------
    workers : processes
    dask : which cluster, as written after ``--dask``
    jobs : how many jobs or processes make the cluster
    of_jobs : what is asked of each job
    dry_run : whether the script of a job is to be printed and nothing run

    Raises
    ------
    UsageError
        If they do not go together.
    """

    workers: int | None
    dask: str | None
    jobs: int | None
    of_jobs: OfJobs
    dry_run: bool

    def __post_init__(self) -> None:
        from selforg_sim.executors.clusters import SYSTEMS

        systems = ", ".join(SYSTEMS)
        if self.dry_run and self.dask not in SYSTEMS:
            raise UsageError(
                f"--dry-run is only for batch systems, whose jobs have a script: add --dask with "
                f"one of {systems}."
            )
        if self.dask is None and (self.jobs is not None or any(self.of_jobs.values())):
            raise UsageError(
                "Options of jobs need a cluster: say which one with --dask, or how many processes "
                "of this machine with --workers."
            )
        if self.dask is not None and self.workers is not None:
            raise UsageError(
                "--workers is for processes without Dask, and does not go together with --dask: "
                "say --dask local --jobs N, or leave out one of them."
            )

    @classmethod
    def said(
        cls,
        workers: int | None,
        dask: str | None,
        jobs: int | None,
        walltime: str | None,
        memory: str | None,
        queue: str | None,
        extra: list[str] | None,
        cores: int | None,
        interface: str | None,
        dry_run: bool,
    ) -> Where:
        """What the options of the command line say."""
        of_jobs = OfJobs(
            walltime=walltime, memory=memory, queue=queue, extra=tuple(extra or ()), cores=cores,
            interface=interface,
        )  # fmt: skip
        return cls(workers, dask, jobs, of_jobs, dry_run)

    def script(self) -> str:
        """The script of a job."""
        from selforg_sim.executors.clusters import job_script_for

        assert self.dask is not None
        return job_script_for(self.dask, **self.of_jobs)

    def executor(self, timeout: float | None) -> AbstractContextManager[Executor]:
        """What runs the sweep, for as long as the block lasts."""
        if self.dask is None:
            return processes(self.workers, timeout)
        from selforg_sim.executors.clusters import executor_for

        return executor_for(self.dask, jobs=self.jobs, **self.of_jobs)


def processes(workers: int | None, timeout: float | None) -> AbstractContextManager[Executor]:
    """Processes of this machine; with one worker, this process.

    Where runs are to be given up after some time, work is never done in this process: a run that
    does not end can be ended only with its process.
    """
    from selforg_sim.executors import Inline, Processes

    here = workers == 1 and timeout is None
    executor: Executor = Inline() if here else Processes(workers)
    return nullcontext(executor)
