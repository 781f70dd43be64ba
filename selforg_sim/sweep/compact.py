"""Putting parts together: many small files to a few large ones, without a moment of doubt.

The new part names those that it replaces. It is written before they are removed; whoever reads in
between leaves the replaced ones out, and the next session removes what was left of them. Tables are
read and written piece by piece, so that they may be larger than memory.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selforg_sim.durable import write_whole
from selforg_sim.lock import locked
from selforg_sim.sweep.once import Counted, each_once
from selforg_sim.sweep.parts import PART, RUNS, part_path, replaced_by
from selforg_sim.sweep.results import Sweep
from selforg_sim.sweep.store import Store

if TYPE_CHECKING:
    import pyarrow as pa

LARGE = 50_000
"""Runs of a part from which it is left as it is, and which a new one comes to."""
ROWS = 65_536
"""Rows that are held in memory at a time."""


def compact(folder: str | Path, large: int = LARGE) -> tuple[int, int]:
    """Put the parts of a sweep together; returns how many there were and how many there are.

    Afterwards each run is there once, whoever reads the files.

    Parameters
    ----------
    large : runs of a part

    Raises
    ------
    ResultsError
        If the folder holds no sweep, or somebody is working on it.
    StorageError
        If the disk refuses; nothing is lost.
    """
    path = Path(folder).expanduser()
    tables = Sweep.load(path).experiment.keep.tables
    with locked(path):
        store = Store(path)
        store.drop_left_over(tables)
        parts = store.whole_parts()
        try:
            for together in _batches(each_once(path, parts), large):
                _join(store, together)
        finally:
            store.drop_left_over(tables)
        return len(parts), len(store.whole_parts())


def _batches(parts: Sequence[Counted], large: int) -> Iterator[list[Counted]]:
    """Parts that are put together: small ones, and those with runs that stand elsewhere, too."""
    batch: list[Counted] = []
    runs = 0
    for one in parts:
        if one.all and one.part.runs >= large:
            continue
        batch.append(one)
        runs += one.keys.size
        if runs >= large:
            yield batch
            batch, runs = [], 0
    if len(batch) > 1 or not all(one.all for one in batch):
        yield batch


def _join(store: Store, together: Sequence[Counted]) -> None:
    """Write the runs that count as one part, that of ``runs`` last; then remove the parts."""
    parts = [one.part for one in together]
    tables = sorted({table for part in parts for table in part.tables})
    about = {
        "runs": sum(one.keys.size for one in together),
        "seconds": sum(part.seconds for part in parts),
        "tables": tables,
        "replaces": sorted({part.name for part in parts} | replaced_by(parts)),
    }
    name = f"together-{uuid.uuid4().hex}"
    for table in (*tables, RUNS) if about["runs"] else ():
        mine = [one for one in together if table == RUNS or table in one.part.tables]
        said = about if table == RUNS else None
        path = part_path(store.folder, name, table)
        write_whole(path, partial(_fill, store.folder, table, mine, said))
    for part in parts:
        store.remove(part)


def _fill(
    folder: Path, table: str, together: Sequence[Counted], about: Mapping[str, Any] | None,
    place: Path,
) -> None:  # fmt: skip
    """Write one table of several parts, without ever holding all of it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    paths = [part_path(folder, one.part.name, table) for one in together]
    schema = pa.unify_schemas(list(map(pq.read_schema, paths)), promote_options="permissive")
    said = {} if about is None else {PART: json.dumps(about).encode()}
    schema = schema.with_metadata({**(schema.metadata or {}), **said})
    with pq.ParquetWriter(place, schema, compression="zstd") as writer:
        for rows in _gathered(zip(together, paths, strict=True), schema):
            writer.write_table(rows)


def _gathered(sources: Iterable[tuple[Counted, Path]], schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows of runs that count, in larger pieces."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    held, rows = [schema.empty_table()], 0
    for one, path in sources:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(ROWS):
                held.append(one.of(pa.Table.from_batches([batch])).replace_schema_metadata())
                rows += held[-1].num_rows
                if rows >= ROWS:
                    yield _together(held)
                    held, rows = held[:1], 0
    yield _together(held)


def _together(pieces: Sequence[pa.Table]) -> pa.Table:
    import pyarrow as pa

    joined = pa.concat_tables(pieces, promote_options="permissive")
    return joined.cast(pieces[0].schema).unify_dictionaries()
