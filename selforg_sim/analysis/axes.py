"""Axes: a factor's values as numbers, and as levels that means can be taken over."""

from __future__ import annotations

import math
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
WIDE = 10.0
"""Ratio of the ends of a list from which it may span orders of magnitude."""
NEARLY_NOTHING = 1e-6
"""Values below this share of the largest are written as 0."""


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
    logarithmic : whether it is drawn from a law of orders of magnitude, or listed in such steps
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
        ends = [(float(values.min()), float(values.max())) for values in inside]
        texts = range_texts(ends, even=not self.logarithmic)
        return Levels(codes, np.array([values.mean() for values in inside]), texts, False)


def distinct_texts(values: Sequence[float]) -> tuple[str, ...]:
    """Different numbers in three digits, or as many as tell them apart.

    >>> distinct_texts([1 / 3, 0.5, 1500.0]), distinct_texts([1.2341, 1.2342])
    (('0.333', '0.5', '1500'), ('1.2341', '1.2342'))
    >>> distinct_texts([1e-9, 0.5])  # a draw comes no nearer to the end of its range
    ('0', '0.5')
    """
    largest = max(map(abs, values), default=0.0)
    values = [0.0 if abs(v) < NEARLY_NOTHING * largest else v for v in values]
    texts: tuple[str, ...] = ()
    for digits in range(3, 18):
        texts = tuple(str(int(v)) if float(v).is_integer() and abs(v) < 1e15 else f"{v:.{digits}g}"
                      for v in values)  # fmt: skip
        if len(set(texts)) == len(values):
            break
    return texts


def range_texts(ends: Sequence[tuple[float, float]], *, even: bool = True) -> tuple[str, ...]:
    """Ranges as people write them, in hundredths of the whole; one value is no range.

    Parameters
    ----------
    even : whether ranges are of one order of magnitude; otherwise three digits are given

    Examples
    --------
    >>> range_texts([(0.00313, 0.333), (0.337, 0.998)]), range_texts([(5.0, 27.0), (30.0, 30.0)])
    (('0 to 0.33', '0.34 to 1'), ('5 to 27', '30'))
    >>> range_texts([(1.012, 3.2), (3.21, 99.7)], even=False)
    ('1.01 to 3.2', '3.21 to 99.7')
    """
    span = max(high for _, high in ends) - min(low for low, _ in ends)
    decimals = 2 - math.floor(math.log10(span) + 0.1) if even and span > 0 else None
    texts = tuple(
        low if low == high else f"{low} to {high}"
        for low, high in (tuple(_rounded(v, decimals) for v in pair) for pair in ends)
    )
    return texts if len(set(texts)) == len(texts) or not even else range_texts(ends, even=False)


def _rounded(value: float, decimals: int | None) -> str:
    return f"{value:.3g}" if decimals is None else f"{round(value, decimals) + 0.0:.12g}"


def in_magnitudes(values: Sequence[float]) -> bool:
    """Whether numbers of a list are spaced more evenly by their ratios than by differences.

    >>> in_magnitudes([1, 3, 10, 30, 100]), in_magnitudes([1, 2, 3]), in_magnitudes([0, 10, 100])
    (True, False, False)
    """
    if len(values) < 3 or min(values) <= 0 or max(values) < WIDE * min(values):
        return False
    steps, ratios = np.diff(np.sort(values)), np.diff(np.log(np.sort(values)))
    return bool(ratios.std() / ratios.mean() < steps.std() / steps.mean())


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

    label = factor.label or about.name
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
        there = np.unique(numbers[np.isfinite(numbers)]).tolist()
        listed = isinstance(factor.law, Listed) and in_magnitudes(there)
        logarithmic = listed or isinstance(factor.law, LogUniform)
        return Axis(about.name, label, about.unit, about.meaning, numbers, (), logarithmic)
    cells = [None if pd.isna(cell) else written(cell) for cell in column.tolist()]
    law = factor.law
    given = [written(value) for value in law.values] if isinstance(law, Listed) else []
    names = tuple(dict.fromkeys([*given, *(cell for cell in cells if cell is not None)]))
    places = {name: place for place, name in enumerate(names)}
    numbers = np.array([np.nan if cell is None else places[cell] for cell in cells], float)
    return Axis(about.name, label, about.unit, about.meaning, numbers, names)
