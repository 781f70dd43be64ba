"""The folder of a comparison: one file for each seed, written when it is done, whole or not at all.

A comparison that is interrupted goes on from the files that are there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from selforg_sim.compare.runs import PairRun
from selforg_sim.durable import (
    PARTIAL,
    can_be_read,
    drop_partial,
    told_by_folder,
    write_text,
    write_whole,
)
from selforg_sim.errors import ResultsError
from selforg_sim.lock import WHOLE as LOCK
from selforg_sim.results.manifest import TOOL

COMPARISON = "comparison.json"
PARTS = "parts"


class Parts:
    """The seeds of a comparison that are done, in a folder or, without one, in memory.

    Parameters
    ----------
    folder : where they are kept, or None
    identity : what makes the comparison this one; a folder of another one is refused

    Raises
    ------
    ResultsError
        If the folder holds something else.
    StorageError
        If the disk refuses.
    """

    def __init__(self, folder: Path | None, identity: Mapping[str, Any]) -> None:
        self.folder = folder
        self.identity = dict(identity)
        self.runs: dict[int, PairRun] = {}
        if folder is None:
            return
        if folder.exists():
            _check_same(folder, self.identity)
        with told_by_folder(folder):
            folder.mkdir(parents=True, exist_ok=True)
        drop_partial(folder)
        self.note_begun()
        with told_by_folder(folder):
            (folder / PARTS).mkdir(exist_ok=True)
        self.runs = {run.seed: run for run in _read_all(folder / PARTS)}

    def add(self, run: PairRun) -> None:
        """Keep one seed."""
        self.runs[run.seed] = run
        if self.folder is not None:
            table = _as_table(run)
            path = part_path(self.folder / PARTS, run.seed)
            write_whole(path, lambda place: pq.write_table(table, place, compression="zstd"))

    def note_begun(self) -> None:
        """Say what the folder is, and that it is not finished (or not any more)."""
        self.note({"tool": TOOL, "identity": self.identity, "finished": False})

    def note(self, manifest: Mapping[str, Any]) -> None:
        """Write what the folder holds."""
        assert self.folder is not None
        text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        write_text(self.folder / COMPARISON, text)


def check_folder(folder: Path) -> None:
    """Refuse a place that cannot take a comparison.

    Raises
    ------
    ResultsError
        If it is a file, or a folder that holds something else.
    """
    if folder.exists() and not folder.is_dir():
        raise ResultsError(f"{folder} is a file; name a folder with --out.")
    there = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    own = [name for name in there if name.endswith(PARTIAL) or name.startswith(LOCK)]
    if len(own) < len(there) and not (folder / COMPARISON).is_file():
        raise ResultsError(
            f"The folder {folder} holds something, but no comparison (it has no {COMPARISON}). "
            "Name another folder with --out."
        )


def _check_same(folder: Path, identity: Mapping[str, Any]) -> None:
    check_folder(folder)
    path = folder / COMPARISON
    if not path.exists():
        return
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["identity"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultsError(
            f"{path} cannot be read ({error}). Name another folder with --out."
        ) from None
    if not isinstance(found, dict):
        found = {}
    other = [name for name in identity if found.get(name) != identity[name]]
    if other:
        told = " and ".join(IN_WORDS.get(name, name) for name in other)
        raise ResultsError(
            f"The folder {folder} holds another comparison: {told} differ. It can be gone on with "
            "only by the same command and version; name another folder with --out."
        )


IN_WORDS = {
    "a": "the settings of the first world",
    "b": "the settings of the second world",
    "without": "the people left out",
    "contacts": "the files of contacts",
    "groups": "the outcomes of single groups",
    "code": "the versions of the program",
}


def part_path(folder: Path, seed: int) -> Path:
    """The file of a seed."""
    return folder / f"seed-{seed:08d}.parquet"


def _as_table(run: PairRun) -> pa.Table:
    columns: dict[str, Any] = {"day": np.arange(len(next(iter(run.a.values()))))}
    for name in run.a:
        columns[f"{name}:a"], columns[f"{name}:b"] = run.a[name], run.b[name]
    about = {"seed": run.seed, "parted": run.parted, "seconds": run.seconds}
    return pa.table(columns).replace_schema_metadata({"pair": json.dumps(about)})


def _read_all(folder: Path) -> Iterable[PairRun]:
    for path in sorted(folder.glob("seed-*.parquet")):
        can_be_read(path)
        try:
            run = _from_table(pq.read_table(path))
            whole = path == part_path(folder, run.seed)
        except (OSError, pa.ArrowInvalid, KeyError, ValueError, TypeError):
            whole = False
        if whole:
            yield run
        else:  # it is run again
            with told_by_folder(folder):
                os.replace(path, path.with_suffix(".torn"))


def _from_table(table: pa.Table) -> PairRun:
    about = json.loads(table.schema.metadata[b"pair"])
    names = [name.removesuffix(":a") for name in table.column_names if name.endswith(":a")]
    a, b = ({name: table[f"{name}:{side}"].to_numpy() for name in names} for side in "ab")
    return PairRun(about["seed"], about["parted"], about["seconds"], a, b)
