"""Points: every combination of settings that is run, numbered so that a number never moves.

Rows of the design with the same scenario and the same settings are one point, which is run once.
When a design is extended, points that were there keep their numbers and new ones get the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from selforg_sim.engine.types import Ints
from selforg_sim.sweep.designs.explicit import value_of
from selforg_sim.sweep.factors import Value
from selforg_sim.sweep.models import written
from selforg_sim.sweep.study import Study

if TYPE_CHECKING:
    import pandas as pd

NOT_IN_DESIGN = -1
OWN = ("row", "point", "scenario")
"""Columns of the table of the design that are no factors."""


@dataclass(frozen=True)
class Points:
    """The table of the design, and the points in it.

    Attributes
    ----------
    table : one row for each row of the design: ``row``, ``point``, ``scenario`` (its number), a
        column for each factor, and ``u:<factor>`` where it was drawn; points of an earlier design
        that are no longer in it have ``row`` -1
    factors : keys of the factors
    """

    table: pd.DataFrame
    factors: tuple[str, ...]

    @cached_property
    def _first(self) -> pd.DataFrame:
        return self.table.drop_duplicates("point").set_index("point").sort_index()

    @cached_property
    def current(self) -> Ints:
        """Points of the design as it is now, in its order, each once."""
        rows = self.table[self.table["row"] != NOT_IN_DESIGN]
        return rows["point"].drop_duplicates().to_numpy(np.int64)

    @cached_property
    def retired(self) -> int:
        """How many points of earlier designs are no longer in it."""
        return self.number - self.current.size

    @cached_property
    def number(self) -> int:
        """How many points there ever were."""
        return int(self.table["point"].max()) + 1

    def of(self, points: Sequence[int]) -> list[tuple[int, dict[str, Value]]]:
        """Scenario and settings of each of these points."""
        rows = self._first.loc[list(points)]
        scenarios = rows["scenario"].tolist()
        columns = [[_cell(cell) for cell in rows[key].tolist()] for key in self.factors]
        settings = [
            {key: cell for key, cell in zip(self.factors, line, strict=True) if cell is not None}
            for line in (zip(*columns, strict=True) if columns else [()] * len(scenarios))
        ]
        return list(zip(scenarios, settings, strict=True))


def _cell(cell: Any) -> Value | None:
    """A cell of the table as a value; None for what the scenario has."""
    import pandas as pd

    if isinstance(cell, str):
        return value_of(cell)
    value: Value | None = None if pd.isna(cell) else cell
    return value


def points_of(study: Study, before: pd.DataFrame | None = None) -> Points:
    """Number the points of a study.

    Parameters
    ----------
    before : the table of an earlier design with the same factors, whose points keep their numbers
    """
    import pandas as pd

    keys = tuple(study.experiment.factors)
    table = _rows(study)
    if before is not None:
        before, table = _alike(before, table, keys)
    seen = [] if before is None else [before[["point", "scenario", *keys]]]
    both = pd.concat([*seen, table.assign(point=NOT_IN_DESIGN)], ignore_index=True)
    same = both.groupby(["scenario", *keys], sort=False, dropna=False).ngroup().to_numpy()
    known = both["point"].to_numpy()
    number_of = np.full(int(same.max()) + 1, NOT_IN_DESIGN, dtype=np.int64)
    number_of[same[known >= 0]] = known[known >= 0]
    new = np.flatnonzero(number_of < 0)
    number_of[new] = np.arange(new.size) + (int(known.max()) + 1 if before is not None else 0)
    table.insert(1, "point", number_of[same[known < 0]])
    if before is not None:
        retired = before[~before["point"].isin(table["point"])].drop_duplicates("point")
        table = pd.concat([table, retired.assign(row=NOT_IN_DESIGN)], ignore_index=True)
    return Points(table, keys)


def _alike(
    before: pd.DataFrame, now: pd.DataFrame, keys: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both tables with texts in the columns in which one of them has texts."""
    import pandas as pd

    found = []
    texts = [key for key in keys if any(table[key].dtype == object for table in (before, now))]
    for table in (before, now):
        columns = {k: pd.Series([as_text(c) for c in table[k]], dtype="object") for k in texts}
        found.append(table.reset_index(drop=True).assign(**columns))
    return found[0], found[1]


def _rows(study: Study) -> pd.DataFrame:
    """The rows of the design for each scenario in turn."""
    import pandas as pd

    sample, scenarios = study.sample, len(study.models)
    rows = np.repeat(np.arange(sample.rows), scenarios)
    columns: dict[str, Any] = {
        "row": np.arange(rows.size),
        "scenario": np.tile(np.arange(scenarios), sample.rows),
    }
    for key in study.experiment.factors:
        columns[key] = column_of(sample.columns[key]).iloc[rows].reset_index(drop=True)
    if sample.unit is not None:
        for k, key in enumerate(study.experiment.factors):
            columns[f"u:{key}"] = sample.unit[rows, k]
    return pd.DataFrame(columns)


def column_of(cells: Sequence[Any]) -> pd.Series[Any]:
    """Cells of one factor as a column of one type: whole numbers, numbers, or texts.

    Values of several types are written as texts, from which `Points.of` reads them again.

    >>> [column_of(cells).dtype.name for cells in ([1, 2], [1, 2.5], [1, None])]
    ['int64', 'float64', 'Int64']
    >>> column_of([10, "never"]).tolist()
    ['10', 'never']
    """
    import pandas as pd

    kinds = {type(cell) for cell in cells if cell is not None}
    missing = any(cell is None for cell in cells)
    if kinds == {int} and not missing:
        return pd.Series(list(cells), dtype="int64")
    if kinds == {int}:
        return pd.Series([None if c is None else c for c in cells], dtype="Int64")
    if kinds <= {int, float}:
        return pd.Series([np.nan if c is None else float(c) for c in cells], dtype="float64")
    return pd.Series([as_text(cell) for cell in cells], dtype="object")


def as_text(cell: Any) -> str | None:
    """A cell of a column of texts; whole numbers are written in one way only.

    >>> as_text(1), as_text(1.0), as_text(2.5), as_text(True), as_text("wechat")
    ('1', '1', '2.5', 'true', 'wechat')
    """
    import pandas as pd

    if not isinstance(cell, str) and pd.isna(cell):
        return None
    whole = isinstance(cell, float) and cell.is_integer()
    return written(int(cell) if whole else cell)
