"""Axes: a factor's values as numbers, and as levels that means can be taken over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from selforg_sim.engine.types import Floats, Ints
from selforg_sim.sweep.factors import Factor, Listed, LogUniform
from selforg_sim.sweep.models import written
from selforg_sim.sweep.results import About

if TYPE_CHECKING:
    import pandas as pd

MOST_LEVELS = 12
"""Values up to which each is a level of its own."""
BINS = 8
"""Levels into which more values are put, with as many rows in each."""


@dataclass(frozen=True)
class Levels:
    """Groups of rows that are alike in one factor.

    Attributes
    ----------
    codes : level of each row, int64[rows]; -1 where the factor is as the scenario has it
    at : where each level lies on the axis: its value, or the mean of its values, float64[levels]
    texts : what each is called
    single : whether each is one value; otherwise each is a range
    """

    codes: Ints
    at: Floats
    texts: tuple[str, ...]
    single: bool

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True)
class Axis:
    """One factor as the analysis sees it.

    Attributes
    ----------
    key, label, unit, meaning : of the factor
    numbers : its value in each row, float64[rows]; of a list of texts their place in the list,
        NaN where it is as the scenario has it
    names : the texts of such a list
    logarithmic : whether it is drawn from a law of orders of magnitude
    """

    key: str
    label: str
    unit: str
    meaning: str
    numbers: Floats
    names: tuple[str, ...] = ()
    logarithmic: bool = False

    def _texts(self, values: Sequence[float]) -> tuple[str, ...]:
        """Values as people write them: by name, or with as few digits as tell them apart."""
        if self.names:
            return tuple(self.names[int(value)] for value in values)
        return distinct_texts(values)

    def levels(self, most: int = MOST_LEVELS, bins: int = BINS) -> Levels:
        """Its levels: each value where there are few of them, else ranges of as many rows.

        Examples
        --------
        >>> axis = Axis("f", "f", "1", "", np.array([0.5, 0.0, 0.5, np.nan]))
        >>> axis.levels().texts, axis.levels().codes.tolist()
        (('0', '0.5'), [1, 0, 1, -1])
        >>> axis = Axis("f", "f", "1", "", np.arange(20.0))
        >>> axis.levels(bins=2).texts
        ('0 to 9', '10 to 19')
        """
        known = np.isfinite(self.numbers)
        there = np.unique(self.numbers[known])
        codes = np.full(self.numbers.size, -1, dtype=np.int64)
        if self.names or there.size <= most:
            codes[known] = np.searchsorted(there, self.numbers[known])
            return Levels(codes, there, self._texts(there.tolist()), True)
        edges = np.quantile(self.numbers[known], np.linspace(0, 1, bins + 1)[1:-1])
        codes[known] = np.searchsorted(np.unique(edges), self.numbers[known], side="right")
        found, codes[known] = np.unique(codes[known], return_inverse=True)
        inside = [self.numbers[codes == code] for code in range(found.size)]
        texts = tuple(f"{values.min():.3g} to {values.max():.3g}" for values in inside)
        return Levels(codes, np.array([values.mean() for values in inside]), texts, False)


def distinct_texts(values: Sequence[float]) -> tuple[str, ...]:
    """Different numbers in three digits, or as many as tell them apart.

    >>> distinct_texts([1 / 3, 0.5, 1500.0]), distinct_texts([1.2341, 1.2342])
    (('0.333', '0.5', '1500'), ('1.2341', '1.2342'))
    """
    texts: tuple[str, ...] = ()
    for digits in range(3, 18):
        texts = tuple(str(int(v)) if float(v).is_integer() and abs(v) < 1e15 else f"{v:.{digits}g}"
                      for v in values)  # fmt: skip
        if len(set(texts)) == len(values):
            break
    return texts


def axis_of(about: About, factor: Factor, column: pd.Series[Any]) -> Axis:
    """A factor with its column of the design.

    Examples
    --------
    >>> import pandas as pd
    >>> factor = Factor.model_validate(["wechat", "qq"])
    >>> found = axis_of(About("group.platform", "", ""), factor, pd.Series(["qq", None, "wechat"]))
    >>> found.numbers.tolist(), found.names
    ([1.0, nan, 0.0], ('wechat', 'qq'))
    """
    import pandas as pd

    logarithmic = isinstance(factor.law, LogUniform)
    label = factor.label or about.name
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return Axis(about.name, label, about.unit, about.meaning, numbers, (), logarithmic)
    cells = [None if pd.isna(cell) else written(cell) for cell in column.tolist()]
    law = factor.law
    listed = [written(value) for value in law.values] if isinstance(law, Listed) else []
    names = tuple(dict.fromkeys([*listed, *(cell for cell in cells if cell is not None)]))
    places = {name: place for place, name in enumerate(names)}
    numbers = np.array([np.nan if cell is None else places[cell] for cell in cells], float)
    return Axis(about.name, label, about.unit, about.meaning, numbers, names)
