"""From the columns of a run to Arrow tables: categories, nulls, units and meanings in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from selforg_sim.results.schema import SCHEMA_VERSION, TABLES, Output, outputs

Columns = Mapping[str, Any]
Labels = Mapping[str, Sequence[str]]
_PLAIN = {
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float32": pa.float32(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "string": pa.string(),
}


def arrow_type(output: Output) -> pa.DataType:
    """The Arrow type of an output; categories are dictionaries of words."""
    if output.dtype == "category":
        return pa.dictionary(pa.int32() if output.categories is None else pa.int8(), pa.string())
    return _PLAIN[output.dtype]


def arrow_schema(table: str, values: Sequence[str] = ()) -> pa.Schema:
    """The Arrow schema of a table, with unit and meaning of each column in its metadata.

    Examples
    --------
    >>> arrow_schema("series").field("belonging").metadata[b"unit"]
    b'share'
    """
    fields = [
        pa.field(
            output.name,
            arrow_type(output),
            nullable=output.nullable,
            metadata={"unit": output.unit, "meaning": output.meaning},
        )
        for output in outputs(table, values)
    ]
    return pa.schema(fields, metadata={"table": table, "schema_version": SCHEMA_VERSION})


def build_table(
    table: str, columns: Columns, *, replicate: int, labels: Labels, values: Sequence[str]
) -> pa.Table:
    """One replicate's table from its columns.

    Parameters
    ----------
    table : name of a table of `schema.TABLES`.
    columns : one array per column, all of the same length; ``replicate`` is added here.
        Category columns hold codes, -1 for null; nullable integers hold -1 for null, nullable
        floats NaN. No columns at all mean no rows.
    labels : words of the category columns that each run brings, by ``"<table>.<column>"``.
    values : names of the value dimensions.

    Raises
    ------
    ValueError
        Columns are missing, not in the schema, or of different lengths.
    """
    wanted = outputs(table, values)
    if not columns:
        return arrow_schema(table, values).empty_table()
    _check_names(table, {o.name for o in wanted} - {"replicate"}, set(columns) - {"replicate"})
    rows = len(next(iter(columns.values())))
    arrays = []
    for output in wanted:
        if output.name == "replicate":
            arrays.append(pa.array(np.full(rows, replicate, np.int32)))
        else:
            words = labels.get(f"{table}.{output.name}", output.categories)
            arrays.append(_array(table, output, columns[output.name], words))
    return pa.Table.from_arrays(arrays, schema=arrow_schema(table, values))


def build_tables(
    replicates: Sequence[Mapping[str, Columns]], *, labels: Labels, values: Sequence[str]
) -> dict[str, pa.Table]:
    """The tables of all replicates, one under the other.

    Tables that no replicate brings are left out (a scenario may switch them off). ``labels`` may
    differ in length between replicates only by passing the words of all of them.
    """
    built: dict[str, pa.Table] = {}
    for table in TABLES:
        parts = [
            build_table(table, columns[table], replicate=number, labels=labels, values=values)
            for number, columns in enumerate(replicates)
            if table in columns
        ]
        if parts:
            built[table] = concatenate(parts)
    return built


def concatenate(parts: Sequence[pa.Table]) -> pa.Table:
    """Tables of one schema, one under the other, with one list of words per category column."""
    joined = pa.concat_tables(parts)
    return joined if len(parts) == 1 else joined.unify_dictionaries()


def plain(table: pa.Table) -> pa.Table:
    """The table with words instead of dictionaries, for formats that know none."""
    for number, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            text = pa.field(field.name, pa.string(), field.nullable, field.metadata)
            table = table.set_column(number, text, table.column(number).cast(pa.string()))
    return table


def write_csv(table: pa.Table, path: Path) -> None:
    """Write a table as CSV (UTF-8, comma, a header; an empty field is null)."""
    from pyarrow import csv

    csv.write_csv(plain(table), str(path), csv.WriteOptions(quoting_style="needed"))


def _array(table: str, output: Output, column: Any, words: Sequence[str] | None) -> pa.Array:
    kind = arrow_type(output)
    if output.dtype == "string":
        return pa.array([None if text is None else str(text) for text in column], pa.string())
    data = np.array(column)  # a copy: a model may go on while its results are read
    if output.dtype == "category":
        if words is None:
            raise ValueError(f"table {table}: no words given for the category column {output.name}")
        codes = data.astype(kind.index_type.to_pandas_dtype(), copy=False)
        indices = pa.array(codes, mask=_missing(codes) if output.nullable else None)
        return pa.DictionaryArray.from_arrays(indices, pa.array(list(words), pa.string()))
    data = data.astype(kind.to_pandas_dtype(), copy=False)
    return pa.array(data, kind, mask=_missing(data) if output.nullable else None)


def _missing(data: np.ndarray[Any, Any]) -> np.ndarray[Any, Any] | None:
    missing = np.isnan(data) if data.dtype.kind == "f" else data == -1
    return missing if missing.any() else None


def _check_names(table: str, wanted: set[str], given: set[str]) -> None:
    missing, strange = sorted(wanted - given), sorted(given - wanted)
    if missing or strange:
        raise ValueError(
            f"table {table}: columns missing {missing}, columns not in the schema {strange}"
        )
