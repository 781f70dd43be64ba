"""Putting parts together: many small files to a few large ones, without a moment of doubt.

The new part names those that it replaces. It is written before they are removed; whoever reads in
between leaves the replaced ones out, and the next session removes what was left of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

from selforg_sim.lock import locked
from selforg_sim.sweep.parts import (
    RUNS,
    Part,
    labelled,
    part_path,
    write_table,
)
from selforg_sim.sweep.store import Store, read_manifest

LARGE = 50_000
"""Runs of a part from which it is left as it is, and which a new one comes to."""


def compact(folder: str | Path, large: int = LARGE) -> tuple[int, int]:
    """Put the parts of a sweep together; returns how many there were and how many there are.

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
    read_manifest(path)
    with locked(path):
        store = Store(path)
        parts = store.whole_parts()
        for together in _batches([part for part in parts if part.runs < large], large):
            if len(together) > 1:
                _join(store, together)
        return len(parts), len(store.whole_parts())


def _batches(parts: Sequence[Part], large: int) -> Iterator[list[Part]]:
    batch: list[Part] = []
    for part in parts:
        batch.append(part)
        if sum(one.runs for one in batch) >= large:
            yield batch
            batch = []
    if batch:
        yield batch


def _join(store: Store, parts: Sequence[Part]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    name = f"together-{uuid.uuid4().hex[:12]}"
    tables = sorted({table for part in parts for table in part.tables})
    for table in [*tables, RUNS]:
        paths = [
            part_path(store.folder, part.name, table)
            for part in parts
            if table == RUNS or table in part.tables
        ]
        read = [pq.read_table(path) for path in paths]
        schema = read[0].schema
        joined = pa.concat_tables(
            [one.replace_schema_metadata() for one in read], promote_options="permissive"
        ).unify_dictionaries()
        joined = joined.replace_schema_metadata(schema.metadata)
        if table == RUNS:
            about = {
                "runs": sum(part.runs for part in parts),
                "seconds": sum(part.seconds for part in parts),
                "tables": tables,
                "replaces": [part.name for part in parts],
            }
            joined = labelled(joined, about)
        write_table(part_path(store.folder, name, table), joined)
    for part in parts:
        store.remove(part)
