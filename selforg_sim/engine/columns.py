"""Tables of columns: numpy arrays by name, with room to grow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.declarations import Column

Array = NDArray[Any]


def new_array(column: Column, rows: int, widths: Mapping[str, int]) -> Array:
    """An array for a column, every row as it is at birth."""
    shape = (rows,) if column.width is None else (rows, widths[column.width])
    return np.full(shape, column.birth, dtype=column.dtype)


class Table:
    """Columns of equal length that grow at their end.

    Parameters
    ----------
    columns : the declared columns
    rows : number of rows to begin with
    widths : number of value dimensions and of resource kinds, for columns of vectors

    Examples
    --------
    >>> table = Table([Column("size", "group", "i4", "people", "Members.")], 2, {})
    >>> table.grow(3)
    range(2, 5)
    >>> table["size"].shape
    (5,)
    """

    def __init__(self, columns: Iterable[Column], rows: int, widths: Mapping[str, int]) -> None:
        self.columns = tuple(columns)
        self.widths = dict(widths)
        self.rows = rows
        self.arrays = {c.name: new_array(c, rows, self.widths) for c in self.columns}

    def __getitem__(self, name: str) -> Array:
        """The rows in use of one column, as a view."""
        return self.arrays[name][: self.rows]

    def grow(self, more: int) -> range:
        """Add rows and return their numbers."""
        start, self.rows = self.rows, self.rows + more
        for column in self.columns:
            if self.arrays[column.name].shape[0] < self.rows:
                longer = new_array(column, max(16, 2 * self.rows), self.widths)
                longer[:start] = self.arrays[column.name][:start]
                self.arrays[column.name] = longer
        return range(start, self.rows)


@compiled
def count_at(counter: Array, rows: Array, by: int) -> None:
    """Add a number to rows of a counter, once for every time a row is named."""
    for i in range(rows.shape[0]):
        counter[rows[i]] += by
