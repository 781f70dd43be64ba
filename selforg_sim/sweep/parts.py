"""The parts of a sweep's tables: one Parquet file per chunk and table, whole or not at all.

The part of ``runs`` is written last: where it is, the chunk is done. It names the tables that
belong to it, so that one that is missing or torn is noticed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from selforg_sim.durable import can_be_read, write_whole

if TYPE_CHECKING:
    import pyarrow as pa

    from selforg_sim.outcomes import Outcome
    from selforg_sim.sweep.models import Answer

RUNS = "runs"
OK, FAILED, TIMED_OUT, LOST = STATUSES = ("ok", "failed", "timed out", "lost")
PART = b"part"
"""Key of the schema's metadata under which a part says what it is."""

KEYS = (
    ("point", "int64", "number", "Point of the design, counted from 0."),
    ("replicate", "int32", "number", "Which run of the same point, counted from 0."),
    ("seed", "int64", "1", "Seed of the run: that of the first replicate plus the replicate."),
    ("status", "category", "", "ok; failed, timed out or lost (its worker was ended)."),
    ("day", "int32", "day", "Day on which the outcomes were taken; missing if the run failed."),
)
"""The first columns of the table ``runs``: name, type, unit, meaning."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run as it goes into the table ``runs``."""

    point: int
    replicate: int
    seed: int
    status: str
    answer: Answer | None


def runs_schema(outcomes: Sequence[Outcome]) -> pa.Schema:
    """The schema of the table ``runs``: one row per run and day, a column for each outcome."""
    import pyarrow as pa

    types = {
        "int64": pa.int64(),
        "int32": pa.int32(),
        "category": pa.dictionary(pa.int8(), pa.string()),
    }
    fields = [
        pa.field(name, types[kind], name == "day", {"unit": unit, "meaning": meaning})
        for name, kind, unit, meaning in KEYS
    ]
    fields += [
        pa.field(o.name, pa.float64(), True, {"unit": o.unit, "meaning": o.meaning})
        for o in outcomes
    ]
    return pa.schema(fields)


def runs_table(outcomes: Sequence[Outcome], rows: Sequence[RunRow]) -> pa.Table:
    """The table ``runs`` of some runs; a run that failed has one row without outcomes."""
    import pyarrow as pa

    lines = [(row, i) for row in rows for i in range(len(row.answer.days) if row.answer else 1)]
    codes = np.array([STATUSES.index(row.status) for row, _ in lines], np.int8)
    columns: list[Any] = [
        pa.array([row.point for row, _ in lines], pa.int64()),
        pa.array([row.replicate for row, _ in lines], pa.int32()),
        pa.array([row.seed for row, _ in lines], pa.int64()),
        pa.DictionaryArray.from_arrays(codes, pa.array(STATUSES)),
        pa.array([row.answer.days[i] if row.answer else None for row, i in lines], pa.int32()),
    ]
    for outcome in outcomes:
        values = [r.answer.outcomes[outcome.name][i] if r.answer else None for r, i in lines]
        columns.append(pa.array(values, pa.float64(), from_pandas=True))
    return pa.Table.from_arrays(columns, schema=runs_schema(outcomes))


def write_part(
    folder: Path,
    name: str,
    outcomes: Sequence[Outcome],
    rows: Sequence[RunRow],
    tables: Mapping[str, Sequence[pa.Table]],
    seconds: float,
) -> None:
    """Write the parts of a chunk, that of ``runs`` last.

    Raises
    ------
    StorageError
        If the disk refuses; the chunk then counts as not done.
    """
    from selforg_sim.results.tables import concatenate

    for table, found in tables.items():
        write_table(folder / table / f"{name}.parquet", concatenate(list(found)))
    about = {"runs": len(rows), "seconds": seconds, "tables": sorted(tables)}
    write_table(part_path(folder, name), labelled(runs_table(outcomes, rows), about))


def labelled(table: pa.Table, about: Mapping[str, Any]) -> pa.Table:
    """A table that says in its metadata what part it is."""
    metadata = {**(table.schema.metadata or {}), PART: json.dumps(about).encode()}
    return table.replace_schema_metadata(metadata)


def write_table(path: Path, table: pa.Table) -> None:
    """Write a Parquet file whole or not at all."""
    import pyarrow.parquet as pq

    write_whole(path, lambda place: pq.write_table(table, place, compression="zstd"))


def part_path(folder: Path, name: str, table: str = RUNS) -> Path:
    """The file of a part."""
    return folder / table / f"{name}.parquet"


@dataclass(frozen=True)
class Part:
    """A part of ``runs`` that was found, read from its footer.

    Attributes
    ----------
    name : of the chunk
    runs, seconds, tables : as the part says
    replaces : names of the parts that this one was put together from, and of those that they were
        put together from
    """

    name: str
    runs: int
    seconds: float
    tables: tuple[str, ...]
    replaces: tuple[str, ...] = ()


def read_about(path: Path) -> Part | None:
    """What a part says of itself, from its footer; None if it is torn, no part, or gone."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        can_be_read(path)
        metadata = pq.read_schema(path).metadata or {}
        about = json.loads(metadata[PART])
        tables, replaces = tuple(about["tables"]), tuple(about.get("replaces", ()))
        return Part(path.stem, int(about["runs"]), float(about["seconds"]), tables, replaces)
    except (OSError, pa.ArrowInvalid, KeyError, ValueError, TypeError):
        return None


def parts_of(folder: Path) -> tuple[list[Part], list[str]]:
    """Parts that are whole, with all that belongs to them, and the names of the others.

    Somebody may be working on them: what is put elsewhere meanwhile is among neither.
    """
    whole, torn = [], []
    for name in part_names(folder):
        part = read_about(part_path(folder, name))
        if part and all(is_whole(part_path(folder, name, table)) for table in part.tables):
            whole.append(part)
        elif part_path(folder, name).exists():
            torn.append(name)
    return whole, torn


def replaced_by(parts: Iterable[Part]) -> set[str]:
    """Names of the parts that these were put together from."""
    return {name for part in parts for name in part.replaces}


def standing(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Those from which no other one was put together."""
    replaced = replaced_by(parts)
    return tuple(part for part in parts if part.name not in replaced)


def is_whole(path: Path) -> bool:
    """Whether a Parquet file is there and has its footer."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        can_be_read(path)
        pq.read_metadata(path)
    except (OSError, pa.ArrowInvalid):
        return False
    return True


def part_names(folder: Path, table: str = RUNS) -> Iterator[str]:
    """Names of the parts of a table, in order."""
    for path in sorted((folder / table).glob("*.parquet")):
        yield path.stem
