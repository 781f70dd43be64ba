"""What a method finds: indices of factors and of pairs, effects of values, and words on both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

KINDS = {
    "first": "share of the variance between points that a factor explains by itself",
    "total": "share that a factor explains by itself and together with others",
    "second": "share that two factors explain together, beyond what each does by itself",
    "pawn": "how far the distribution of the outcome moves with a factor, from 0 to 1",
    "mu": "mean effect of a factor over its whole range",
    "mu_star": "mean size of that effect, whatever its sign",
    "sigma": "standard deviation of that effect: it is not the same everywhere",
}
"""What each kind of index says."""
EFFECTS = ("mu", "mu_star", "sigma")
"""Indices with the unit of the outcome; the others are shares."""


@dataclass(frozen=True)
class Index:
    """One number on a factor, or on a pair of factors.

    Attributes
    ----------
    factors : keys of the factor, or of the two
    kind : see ``KINDS``
    value : the estimate; it may lie a little below 0 where nothing is
    low, high : its 95% interval; NaN where there is none
    nothing : what a factor without influence comes to, at most
    """

    factors: tuple[str, ...]
    kind: str
    value: float
    low: float = math.nan
    high: float = math.nan
    nothing: float = 0.0

    @property
    def unsure(self) -> bool:
        """Whether a factor without influence might come to this.

        >>> Index(("a",), "first", 0.1, -0.02, 0.22).unsure, Index(("a",), "first", 0.1).unsure
        (True, False)
        >>> Index(("a",), "mu", -3.0, -4.0, -2.0).unsure, Index(("a",), "first", 0.0).unsure
        (False, True)
        >>> Index(("a",), "pawn", 0.1, 0.05, 0.15, nothing=0.12).unsure
        True
        """
        if self.nothing and self.value <= self.nothing:
            return True
        if math.isnan(self.low):
            return self.value == 0.0
        return self.low <= 0.0 and (self.high >= 0.0 or self.kind != "mu")


@dataclass(frozen=True)
class Effect:
    """What a value of a factor does to the outcome, or values of two factors together.

    Attributes
    ----------
    factors, levels : keys, and what the values are called
    codes : the numbers of the levels among those of each factor
    mean : of the outcome there
    value : the effect: against the scenario as it is, or against the mean over the whole grid; of
        two factors what goes beyond the effects of each
    low, high : its 95% interval over replicates; NaN with a single one
    runs : replicates that it rests on
    """

    factors: tuple[str, ...]
    levels: tuple[str, ...]
    codes: tuple[int, ...]
    mean: float
    value: float
    low: float
    high: float
    runs: int

    @property
    def unsure(self) -> bool:
        """Whether the interval covers zero."""
        return self.value == 0.0 if math.isnan(self.low) else self.low <= 0.0 <= self.high


@dataclass(frozen=True)
class Found:
    """What a method found.

    Attributes
    ----------
    method : its name, as in ``METHODS``
    why : why it was used, in a sentence
    indices, effects : as above
    notes : what to keep in mind, in sentences
    used, left_out : blocks, paths or rows that it rests on, and those left out
    """

    method: str
    why: str
    indices: tuple[Index, ...] = ()
    effects: tuple[Effect, ...] = ()
    notes: tuple[str, ...] = ()
    used: int = 0
    left_out: int = 0

    def of_kind(self, *kinds: str) -> tuple[Index, ...]:
        """Indices of these kinds, kind after kind."""
        return tuple(index for kind in kinds for index in self.indices if index.kind == kind)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of indices that were found."""
        return tuple(kind for kind in KINDS if any(i.kind == kind for i in self.indices))


def listing(names: Sequence[str]) -> str:
    """Names in a row.

    >>> listing(["a"]), listing(["a", "b"]), listing(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def counted(number: int, one: str, several: str = "") -> str:
    """A number of things.

    >>> counted(1, "run"), counted(1200, "run"), counted(2, "was", "were")
    ('1 run', '1,200 runs', '2 were')
    """
    return f"{number:,} {one if number == 1 else several or one + 's'}"
