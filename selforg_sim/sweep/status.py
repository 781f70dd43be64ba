"""How far a sweep has come, read from its folder without disturbing who works on it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any

from selforg_sim.errors import ResultsError
from selforg_sim.lock import who_holds
from selforg_sim.sweep.failures import failures
from selforg_sim.sweep.parts import OK
from selforg_sim.sweep.results import Sweep
from selforg_sim.sweep.store import QUARANTINE, SESSIONS

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Status:
    """How far a sweep has come.

    Attributes
    ----------
    name : of the experiment
    done, failed : runs that are done, and of these those that failed, timed out or were lost
    to_do : runs that are still to be done, at most
    asked : runs that were asked for, at most
    adaptive : whether a point may need fewer
    finished : whether everything asked for is done
    parts, torn, set_aside : parts that are whole, parts that are torn, parts in the quarantine
    core_seconds : time that the runs took
    bytes : of the folder
    working : who works on it now, in words
    sessions : the lines of the list of sessions
    last_failures : the last few failures that were noted
    """

    name: str
    done: int
    failed: int
    to_do: int
    asked: int
    adaptive: bool
    finished: bool
    parts: int
    torn: int
    set_aside: int
    core_seconds: float
    bytes: int
    working: tuple[str, ...]
    sessions: tuple[dict[str, Any], ...]
    last_failures: tuple[dict[str, Any], ...]


SHOWN = 3
TRIES = 5
"""How often it is looked again where files vanish meanwhile."""


def status_of(folder: Path) -> Status:
    """Read how far a sweep has come.

    Raises
    ------
    ResultsError
        If the folder holds no sweep.
    """
    for _ in range(TRIES):
        with suppress(FileNotFoundError):  # put together with others, or set aside, just now
            return _look(folder)
    raise ResultsError(f"Files of {folder} vanish while they are read. Is it being removed?")


def _look(folder: Path) -> Status:
    sweep = Sweep.load(folder)
    replicates = sweep.experiment.replicates
    points = set(sweep.design["point"])
    ran = _ran(sweep, points)
    failed = ran[ran["status"] != OK]
    asked = len(points) * replicates.count
    finished = bool(sweep.manifest["finished"]) and len(ran) >= sweep.manifest.get("runs", asked)
    to_do = 0 if finished else asked - len(ran)
    return Status(
        sweep.experiment.name,
        len(ran),
        len(failed),
        to_do,
        asked,
        bool(replicates.until_halfwidth),
        to_do == 0,
        len(sweep.parts),
        len(sweep.torn),
        len(list((sweep.folder / QUARANTINE).glob("*"))),
        sum(part.seconds for part in sweep.parts),
        size_of(sweep.folder.rglob("*")),
        tuple(who_holds(sweep.folder)),
        tuple(_sessions(sweep.folder)),
        tuple(_last_failures(sweep.folder, failed)),
    )


def _ran(sweep: Sweep, points: set[int]) -> pd.DataFrame:
    """Runs that were asked for and are done, one row each."""
    import pandas as pd

    if not sweep.parts:
        return pd.DataFrame({"point": [], "replicate": [], "status": []})
    runs = sweep.runs
    asked = runs["point"].isin(points) & (runs["replicate"] < sweep.experiment.replicates.count)
    return runs[asked].drop_duplicates(["point", "replicate"])


def _last_failures(folder: Path, failed: pd.DataFrame) -> list[dict[str, Any]]:
    """The last few notes of runs that have not been done since."""
    still = set(zip(failed["point"].tolist(), failed["replicate"].tolist(), strict=True))
    noted = [one for one in failures(folder) if (one["point"], one["replicate"]) in still]
    return sorted(noted, key=lambda one: str(one.get("when")))[-SHOWN:]


def size_of(paths: Iterable[Path]) -> int:
    """Bytes of these files; one that is gone has none."""
    total = 0
    for path in paths:
        with suppress(FileNotFoundError):
            found = path.stat()
            total += found.st_size if S_ISREG(found.st_mode) else 0
    return total


def _sessions(folder: Path) -> list[dict[str, Any]]:
    try:
        lines = (folder / SESSIONS).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    told = []
    for line in lines:
        try:
            told.append(json.loads(line))
        except ValueError:  # the power went while it was written
            continue
    return told
