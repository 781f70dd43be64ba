"""Each run once: where a run stands in several parts, that of one part counts.

A run is there twice where shards overlapped, or where it was tried again after it had failed. Of
such runs the first one counts that went well; if there is none, the first one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from selforg_sim.engine.types import Flags, Ints
from selforg_sim.sweep.parts import OK, RUNS, Part, part_path

if TYPE_CHECKING:
    import pyarrow as pa

KEY = ["point", "replicate"]
"""Columns by which a run is known, in every table of a sweep."""
MOST_REPLICATES = 2**31


@dataclass(frozen=True)
class Counted:
    """A part, and which of its runs count.

    Attributes
    ----------
    part : the part
    keys : keys of the runs that count, ascending, int64[runs]
    all : whether these are all of its runs
    """

    part: Part
    keys: Ints
    all: bool

    def of(self, table: pa.Table) -> pa.Table:
        """The rows of runs that count."""
        return table if self.all else table.filter(np.isin(keys_of(table), self.keys))

    def read(
        self, folder: Path, name: str = RUNS, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """Read a table of the part, the runs that count only."""
        path = part_path(folder, self.part.name, name)
        wanted = None if columns is None else list(dict.fromkeys([*columns, *KEY]))
        found = self.of(_table(path, wanted))
        return found if columns is None else found.select(list(columns))


def each_once(folder: Path, parts: Sequence[Part]) -> list[Counted]:
    """Of each part the runs that count, so that every run counts in one part only."""
    found = [_runs(folder, part) for part in parts]
    keys = np.concatenate([keys for keys, _ in found] or [np.zeros(0, np.int64)])
    failed = np.concatenate([failed for _, failed in found] or [np.zeros(0, bool)])
    order = np.lexsort((failed, keys))  # stable: earlier parts are first
    counts = np.zeros(keys.size, dtype=bool)
    counts[order[np.flatnonzero(np.diff(keys[order], prepend=-1))]] = True
    of_parts = np.split(counts, np.cumsum([keys.size for keys, _ in found], dtype=int))[
        : len(found)
    ]
    return [
        Counted(part, keys[mine], bool(mine.all()))
        for part, (keys, _), mine in zip(parts, found, of_parts, strict=True)
    ]


def keys_of(table: pa.Table) -> Ints:
    """One number for each row, by which its run is known."""
    point, replicate = (table.column(name).to_numpy().astype(np.int64) for name in KEY)
    return np.asarray(point * MOST_REPLICATES + replicate)


def _runs(folder: Path, part: Part) -> tuple[Ints, Flags]:
    """Keys of the runs of a part, ascending, and whether they failed."""
    import pyarrow.compute as pc

    table = _table(part_path(folder, part.name), [*KEY, "status"])
    went_well = pc.equal(table.column("status").cast("string"), OK).to_numpy()
    keys, first = np.unique(keys_of(table), return_index=True)
    return keys, ~went_well[first]


def _table(path: Path, columns: Sequence[str] | None) -> pa.Table:
    """Some columns of a single file; faster than ``read_table``, which looks for many."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        return file.read(columns, use_threads=False)
