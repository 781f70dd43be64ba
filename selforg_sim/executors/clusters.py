"""Dask clusters by a word: a scheduler's address, this machine, or jobs of a batch system."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import shlex
import shutil
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selforg_sim.errors import RunError, UsageError, nearest
from selforg_sim.executors import processes
from selforg_sim.executors.dask import Dask
from selforg_sim.executors.dask_client import library, quiet
from selforg_sim.executors.processes import ONE_THREAD, deaf_to_ctrl_c

SYSTEMS = {
    "slurm": ("SLURMCluster", "sbatch"),
    "pbs": ("PBSCluster", "qsub"),
    "lsf": ("LSFCluster", "bsub"),
}
"""Batch systems: their class in dask_jobqueue, and the program that submits a job."""
LOCAL = "local"
MEMORY = 4
"""Gigabytes of a job for each of its cores."""
OWN_SCHEDULER = {"dashboard": False, "dashboard_address": ":0", "allowed_failures": 0}
"""Of workers on this machine: any free port; who handed out a task decides on trying it again."""
RESUBMIT_EVERY = 30.0
"""Seconds between two looks whether jobs have ended, which are then submitted again."""


@dataclass(frozen=True)
class Jobs:
    """What is asked of a batch system; what is None is as dask-jobqueue's own file says.

    Attributes
    ----------
    system : slurm, pbs or lsf
    number : of jobs
    walltime : of a job, HH:MM:SS
    memory : of a job, as 8GB
    queue : name of the queue or partition
    extra : further directives, as they stand behind #SBATCH, #PBS or #BSUB
    cores : of a job; each has one worker process
    interface : name of the network over which jobs and scheduler reach each other
    """

    system: str
    number: int = 1
    walltime: str | None = None
    memory: str | None = None
    queue: str | None = None
    extra: tuple[str, ...] = ()
    cores: int | None = None
    interface: str | None = None

    def known(self, key: str) -> Any:
        """What dask-jobqueue's own file says."""
        import dask

        return dask.config.get(f"jobqueue.{self.system}.{key}", None)

    def scheduler(self) -> dict[str, Any]:
        """Options of the scheduler; it shows its own page at any free port."""
        return {"dashboard_address": ":0", **(self.known("scheduler-options") or {})}

    def options(self) -> dict[str, Any]:
        """Options of the jobs, for the classes of dask_jobqueue."""
        known = self.known
        cores = self.cores or known("cores") or 1
        exports = [f"export {name}={value}" for name, value in ONE_THREAD.items()]
        asked = {
            "walltime": _walltime(self.walltime, self.system),
            "queue": self.queue,
            "interface": self.interface,
        }
        return {
            "cores": cores,
            "processes": cores,
            "memory": self.memory or known("memory") or f"{MEMORY * cores}GB",
            "python": known("python") or shlex.quote(sys.executable),
            "job_name": "selforg",
            "job_script_prologue": [*(known("job-script-prologue") or []), *exports],
            "job_extra_directives": [*(known("job-extra-directives") or []), *self.extra],
            **{key: value for key, value in asked.items() if value is not None},
        }


@contextmanager
def executor_for(
    text: str,
    *,
    jobs: int | None = None,
    walltime: str | None = None,
    memory: str | None = None,
    queue: str | None = None,
    extra: Sequence[str] = (),
    cores: int | None = None,
    interface: str | None = None,
) -> Iterator[Dask]:
    """The executor that ``--dask`` asks for; its cluster lives as long as the block.

    Parameters
    ----------
    text : a scheduler's address (tcp://host:8786) or file, ``local``, or ``slurm``, ``pbs``,
        ``lsf``
    jobs : how many jobs, or worker processes on this machine (one for each core if None)
    walltime, memory, queue, extra, cores, interface : of a job, see `Jobs`

    Raises
    ------
    UsageError
        If Dask is not installed, the text says no cluster, an option is not for it, or nobody
        answers there.
    RunError
        If the batch system refuses the jobs.
    """
    of_jobs = {
        "--walltime": walltime, "--memory": memory, "--queue": queue, "--job-extra": tuple(extra),
        "--cores": cores, "--interface": interface,
    }  # fmt: skip
    if text not in SYSTEMS and (given := [name for name, value in of_jobs.items() if value]):
        raise UsageError(
            f"--dask {text} does not take {', '.join(given)}: only {', '.join(SYSTEMS)} do."
        )
    library("distributed")
    with quiet():
        if text in SYSTEMS:
            asked = Jobs(text, jobs or 1, walltime, memory, queue, tuple(extra), cores, interface)
            with _submitted(asked) as executor:
                yield executor
        elif text == LOCAL:
            with _beside_this(jobs or processes.cores()) as executor:
                yield executor
        elif jobs is not None:
            raise UsageError(f"--dask {text} does not take --jobs: its workers are there already.")
        else:
            with Dask(address_of(text)) as executor:
                yield executor


def job_script_for(
    text: str,
    *,
    walltime: str | None = None,
    memory: str | None = None,
    queue: str | None = None,
    extra: Sequence[str] = (),
    cores: int | None = None,
    interface: str | None = None,
) -> str:
    """The script of a job as it would be submitted; the scheduler's address is left open.

    Parameters
    ----------
    text : ``slurm``, ``pbs`` or ``lsf``
    walltime, memory, queue, extra, cores, interface : see `Jobs`

    Raises
    ------
    UsageError
        If Dask is not installed, or it is no batch system.

    Examples
    --------
    >>> script = job_script_for("slurm", walltime="02:00:00", queue="long")
    >>> [line for line in script.splitlines() if line.startswith(("#SBATCH -p", "#SBATCH -t"))]
    ['#SBATCH -p long', '#SBATCH -t 02:00:00']
    """
    if text not in SYSTEMS:
        raise UsageError(f"--dask {text} submits no jobs: {', '.join(SYSTEMS)} do.")
    asked = Jobs(text, 1, walltime, memory, queue, tuple(extra), cores, interface)
    job_class = _class_of(asked).job_cls
    with _refused_in_words(asked):
        job = job_class("tcp://ADDRESS-OF-THE-SCHEDULER", name="selforg", **asked.options())
        return str(job.job_script())


def address_of(text: str) -> str:
    """The address of a scheduler from what the user wrote: an address, or a scheduler's file.

    Raises
    ------
    UsageError
        If it is neither.

    Examples
    --------
    >>> address_of("tcp://login:8786"), address_of("login:8786")
    ('tcp://login:8786', 'tcp://login:8786')
    """
    if "://" in text:
        return text
    path = Path(text).expanduser()
    if path.is_file():
        with suppress(OSError, ValueError, KeyError, TypeError):
            return str(json.loads(path.read_text(encoding="utf-8"))["address"])
        raise UsageError(f"{path} is no file of a Dask scheduler: it names no address.")
    if re.fullmatch(r"\[?[\w.:-]+\]?:\d+", text):
        return f"tcp://{text}"
    raise UsageError(
        f"--dask {text}: valid are the address of a scheduler, as tcp://host:8786, a file that a "
        f"scheduler has written, and {', '.join([LOCAL, *SYSTEMS])}. "
        f"{nearest(text, [LOCAL, *SYSTEMS])}"
    )


@contextmanager
def _beside_this(workers: int) -> Iterator[Dask]:
    """Worker processes on this machine."""
    distributed = library("distributed")
    with deaf_to_ctrl_c():  # which is for this process, not for theirs
        cluster = distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            memory_limit=None,
            scheduler_kwargs=OWN_SCHEDULER,
            silence_logs=logging.CRITICAL + 1,
            env=ONE_THREAD,
        )
    try:
        name = f"Dask with {workers} process{'es' if workers > 1 else ''}"
        with Dask(cluster.scheduler_address, name=name, local=True) as executor:
            yield executor
    finally:
        with suppress(TimeoutError):
            cluster.close()


@contextmanager
def _submitted(asked: Jobs) -> Iterator[Dask]:
    """Workers that are jobs of a batch system; jobs that end are submitted again."""
    submit = SYSTEMS[asked.system][1]
    if shutil.which(submit) is None:
        raise UsageError(
            f"--dask {asked.system}: there is no {submit} on this machine. Begin the sweep where "
            "jobs can be submitted; --dry-run prints what a job would be."
        )
    with _refused_in_words(asked), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cluster = _class_of(asked)(
            silence_logs="critical", scheduler_options=asked.scheduler(), **asked.options()
        )
    try:
        with _refused_in_words(asked):
            cluster.scale(jobs=asked.number)
            cluster.sync(_all_submitted, cluster, asked.number)
        name = f"Dask with {asked.number} job{'s' if asked.number > 1 else ''} of {asked.system}"
        executor = Dask(
            cluster.scheduler_address, name=name, keep_up=_resubmitting(cluster, asked.number)
        )
        with executor:
            yield executor
    finally:
        with suppress(TimeoutError, AssertionError):
            cluster.close()
        cluster.shutdown_on_close = False  # where jobs were refused, Dask would try for ten seconds


async def _all_submitted(cluster: Any, number: int) -> None:
    """Wait until jobs are submitted; raises what the batch system says where it refuses them.

    The cluster submits them by itself, and keeps that to itself.
    """
    while len(cluster.workers) < number:
        await asyncio.sleep(0.05)
    for job in list(cluster.workers.values()):
        if job.job_id is None:
            await job


def _resubmitting(cluster: Any, number: int) -> Callable[[], None]:
    """Submit jobs again that have ended; those that never began are left to wait."""
    looked = time.monotonic()

    def keep_up() -> None:
        nonlocal looked
        if time.monotonic() - looked >= RESUBMIT_EVERY:
            looked = time.monotonic()
            cluster.scale(jobs=number)

    return keep_up


def _class_of(asked: Jobs) -> Any:
    library("distributed")
    return getattr(library("dask_jobqueue"), SYSTEMS[asked.system][0])


@contextmanager
def _refused_in_words(asked: Jobs) -> Iterator[None]:
    """Turn what dask_jobqueue or the batch system refuses into a message."""
    try:
        yield
    except (ValueError, TypeError) as error:
        raise UsageError(f"--dask {asked.system}: {error}") from None
    except (RuntimeError, OSError) as error:
        told = " ".join(str(error).rpartition("stderr:")[2].split())
        raise RunError(f"{asked.system} has not taken the jobs: {told}") from None


def _walltime(text: str | None, system: str) -> str | None:
    """The walltime as the batch system wants it.

    >>> _walltime("02:30:00", "slurm"), _walltime("02:30:00", "lsf")
    ('02:30:00', '02:30')
    """
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,4}:[0-5]\d:[0-5]\d", text):
        raise UsageError(f"--walltime {text}: hours, minutes and seconds are valid, as 02:30:00.")
    return text.rpartition(":")[0] if system == "lsf" else text
