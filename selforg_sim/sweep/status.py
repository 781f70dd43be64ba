"""How far a sweep has come, read from its folder without disturbing who works on it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selforg_sim.lock import who_holds
from selforg_sim.sweep.failures import failures
from selforg_sim.sweep.parts import OK, part_names, part_path, read_about
from selforg_sim.sweep.points import NOT_IN_DESIGN
from selforg_sim.sweep.results import Sweep
from selforg_sim.sweep.store import QUARANTINE, SESSIONS


@dataclass(frozen=True)
class Status:
    """How far a sweep has come.

    Attributes
    ----------
    name : of the experiment
    done, failed : runs that are done, and of these those that failed, timed out or were lost
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


def status_of(folder: Path) -> Status:
    """Read how far a sweep has come.

    Raises
    ------
    ResultsError
        If the folder holds no sweep.
    """
    sweep = Sweep.load(folder)
    points = sweep.design["point"]
    replicates = sweep.experiment.replicates
    asked = points[points != NOT_IN_DESIGN].nunique() * replicates.count
    found = [read_about(part_path(sweep.folder, name)) for name in part_names(sweep.folder)]
    runs = sweep.runs if sweep.parts else None
    inside = None if runs is None else runs[runs["point"].isin(set(points))]
    ran = None if inside is None else inside.drop_duplicates(["point", "replicate"])
    noted = list(failures(sweep.folder))
    return Status(
        sweep.experiment.name,
        0 if ran is None else len(ran),
        0 if ran is None else int((ran["status"] != OK).sum()),
        asked,
        bool(replicates.until_halfwidth),
        bool(sweep.manifest["finished"]),
        len(sweep.parts),
        sum(part is None for part in found),
        len(list((sweep.folder / QUARANTINE).glob("*"))),
        sum(part.seconds for part in sweep.parts),
        sum(path.stat().st_size for path in sweep.folder.rglob("*") if path.is_file()),
        tuple(who_holds(sweep.folder)),
        tuple(_sessions(sweep.folder)),
        tuple(sorted(noted, key=lambda one: str(one.get("when")))[-SHOWN:]),
    )


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
