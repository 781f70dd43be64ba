"""Functions whose indices of Sobol are known, to check design, sweep and analysis with.

**Ishigami**: ``sin x1 + a·sin² x2 + b·x3⁴·sin x1``, x in -π..π, a = 7, b = 0.1 (Ishigami & Homma
1990; the indices as in Saltelli et al. 2000, *Sensitivity Analysis*, chapter 2).

**g function**: ``Π (|4x - 2| + a)/(1 + a)``, x in 0..1, with a = 0, 1, 4.5, 9, 99, 99, 99, 99
(Sobol 1993; Saltelli et al. 2008, *Global Sensitivity Analysis*, chapter 4).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

A, B = 7.0, 0.1
G_WEIGHTS = (0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0)


@dataclass(frozen=True)
class Known:
    """A function, and what is known of it.

    Attributes
    ----------
    of : the function of a list of numbers
    low, high : range of every number
    first, total : its indices of first order and total, in order of the numbers
    """

    of: Callable[[Sequence[float]], float]
    low: float
    high: float
    first: tuple[float, ...]
    total: tuple[float, ...]


def ishigami(x: Sequence[float]) -> float:
    """The function of Ishigami.

    >>> round(ishigami([math.pi / 2, math.pi / 2, 1.0]), 6)
    8.1
    """
    return math.sin(x[0]) + A * math.sin(x[1]) ** 2 + B * x[2] ** 4 * math.sin(x[0])


def g_function(x: Sequence[float]) -> float:
    """The g function of Sobol.

    >>> g_function([0.75] * 8)
    1.0
    """
    return math.prod((abs(4 * v - 2) + a) / (1 + a) for v, a in zip(x, G_WEIGHTS, strict=True))


def _ishigami_indices() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Parts of the variance, integrated by hand."""
    one = 0.5 * (1 + B * math.pi**4 / 5) ** 2
    two = A**2 / 8
    both = B**2 * math.pi**8 * (1 / 18 - 1 / 50)
    all_in_all = one + two + both
    first = (one / all_in_all, two / all_in_all, 0.0)
    return first, ((one + both) / all_in_all, two / all_in_all, both / all_in_all)


def _g_indices() -> tuple[tuple[float, ...], tuple[float, ...]]:
    parts = [1 / (3 * (1 + a) ** 2) for a in G_WEIGHTS]
    all_in_all = math.prod(1 + part for part in parts) - 1
    first = tuple(part / all_in_all for part in parts)
    others = [math.prod(1 + p for j, p in enumerate(parts) if j != i) for i in range(len(parts))]
    return first, tuple(p * o / all_in_all for p, o in zip(parts, others, strict=True))


FUNCTIONS = {
    "ishigami": Known(ishigami, -math.pi, math.pi, *_ishigami_indices()),
    "g_function": Known(g_function, 0.0, 1.0, *_g_indices()),
}
"""The known functions by name."""
