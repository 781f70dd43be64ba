"""Failed runs: one file each, with the traceback and the command that repeats the run."""

from __future__ import annotations

import json
import platform
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selforg_sim.durable import write_text
from selforg_sim.results.manifest import now

if TYPE_CHECKING:
    from selforg_sim.sweep.chunk import Run

FAILURES = "failures"


def note_failure(folder: Path, run: Run, status: str, error: BaseException, again: str) -> None:
    """Write the file of a failed run; a run has one, that of its last failure."""
    told = {
        "point": run.point,
        "replicate": run.replicate,
        "seed": run.seed,
        "status": status,
        "error": f"{type(error).__name__}: {error}",
        "settings": dict(run.settings),
        "repeat_with": again,
        "when": now().isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "traceback": traceback.format_exception(error),
    }
    text = json.dumps(told, indent=2, ensure_ascii=False, default=str) + "\n"
    write_text(folder / FAILURES / f"{run.name}.json", text)


def known_failure(folder: Path, name: str) -> str | None:
    """How a run failed before; None if it did not.

    A worker that is ended by a run, or ends itself, leaves a note of it: the next one that gets
    the chunk goes on behind it.
    """
    try:
        told = json.loads((folder / FAILURES / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return str(told.get("status"))


def failures(folder: Path) -> Iterator[dict[str, Any]]:
    """All failures that were noted, in the order of their names."""
    for path in sorted((folder / FAILURES).glob("*.json")):
        try:
            yield json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue


def noted_failures(folder: Path) -> set[str]:
    """Names of all runs of which a failure was noted."""
    return {path.stem for path in (folder / FAILURES).glob("*.json")}


def forget_failure(folder: Path, name: str) -> None:
    """Remove the note of a run, so that it is tried again."""
    (folder / FAILURES / f"{name}.json").unlink(missing_ok=True)
