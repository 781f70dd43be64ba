"""Indices from given points, however they were drawn: of the first order, and of distributions.

**First order.** The share of the variance that a factor explains by itself. For a factor with many
values by RBD-FAST (SALib): rows sorted by the factor, and of the outcome the part that swings
slowly with it. Its bootstrap draws half of the rows, so its standard errors are divided by √2. For
a factor with few values, numbers or texts, the variance between them is taken directly: the share
``(S - (l - 1)·w)/T`` of sums of squares, ``S`` between ``l`` values, ``T`` in all, ``w`` the mean
square within (RBD-FAST was 2 to 4 per cent too small there when we tried it).

**PAWN.** How far the distribution of the outcome at a value (or in a slice of the range) lies from
that over all rows: the largest distance of the two distribution functions, and of these the median
over the slices. It sees effects that leave the mean as it is. Even a factor without influence comes
to something; so each is held against the 95th percentile of what it comes to with its values
shuffled. SALib has PAWN, but leaves out the highest value of a factor with few of them.

Intervals: bootstrap over rows, with a fixed seed.

**Sources.** Tarantola, Gatelli & Mara (2006), *Reliability Engineering & System Safety* 91; Tissot
& Prieur (2012), the same, 107 (bias of RBD-FAST); Kelley (1935), *PNAS* 21 (epsilon squared);
Pianosi & Wagener (2018), *Environmental Modelling & Software* 108 (PAWN).
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri

from selforg_sim.analysis.axes import Axis
from selforg_sim.analysis.case import Case, same
from selforg_sim.analysis.found import Found, Index, counted, listing
from selforg_sim.analysis.means import blocks_of
from selforg_sim.engine.types import Floats, Ints
from selforg_sim.sweep.designs.sample import problem

KEY = 20_260_101
FEWEST = 50
"""Rows below which nothing is told."""
FEW_VALUES = 10
"""Values up to which a factor is taken value by value."""
RESAMPLES = 200
ROWS_OF_A_SLICE = 15
SLICES = (4, 10)
HARMONICS = (4, 10)
TOGETHER = 0.3
"""Rank correlation of two factors from which they cannot be told apart well."""
Z = float(ndtri(0.975))


def find(case: Case) -> Found:
    """First-order and distribution-based indices of a case."""
    rows = blocks_of(case.values, case.place, 1)
    y, used = rows.values[:, 0], rows.kept.size
    method = case.design.method
    why = f'the design is "{method}", {counted(case.place.size, "row")} with no order of their own'
    notes = []
    if rows.left_out:
        were = counted(rows.left_out, "row was", "rows were")
        notes.append(f"{were} left out, since the outcome is missing or not defined there.")
    if used < FEWEST:
        few = f"{counted(used, 'row')} with a value: too few for indices, which need {FEWEST}."
        return Found("means", why, notes=(few, *notes), left_out=rows.left_out)
    if same(y):
        return Found("means", f"{case.label} is the same at all points, on average")
    axes = [axis for axis in case.axes if not same(axis.numbers[rows.kept])]
    mixed = np.random.Generator(np.random.Philox(key=KEY)).permutation(used)
    y, kept = y[mixed], rows.kept[mixed]  # ties are sorted by place: this leaves it to luck
    first = [_first(axis, axis.numbers[kept], y) for axis in axes]
    pawn = [_pawn(axis, axis.numbers[kept], y) for axis in axes]
    notes += _together(axes, kept)
    return Found("given_data", why, (*first, *pawn), (), tuple(notes), used, rows.left_out)


def _first(axis: Axis, x: Floats, y: Floats) -> Index:
    known, codes = np.unique(x, return_inverse=True)
    if known.size <= FEW_VALUES:
        value, half = explained_by_values(codes, y)
    else:
        value, half = slow_part(x, y)
    return Index((axis.key,), "first", value, value - half, value + half)


def slow_part(x: Floats, y: Floats) -> tuple[float, float]:
    """First-order index by RBD-FAST, and half the width of its interval."""
    from SALib.analyze import rbd_fast

    harmonics = int(np.clip(round(math.sqrt(y.size) / 2), *HARMONICS))
    found = rbd_fast.analyze(
        problem({"x": None}),  # type: ignore[dict-item]  # names are all it takes
        x[:, None], y, M=harmonics, num_resamples=RESAMPLES, seed=KEY,
    )  # fmt: skip
    return float(found["S1"][0]), float(found["S1_conf"][0]) / math.sqrt(2.0)


def explained_by_values(codes: Ints, y: Floats) -> tuple[float, float]:
    """Share of the variance between values of a factor, and half the width of its interval.

    Examples
    --------
    >>> y = np.array([1.0, 3.0, 7.0, 9.0])  # between: 36, within: 4 with 2 degrees of freedom
    >>> explained_by_values(np.array([0, 0, 1, 1]), y)[0] == (36 - 2) / 40
    True
    """
    luck = np.random.Generator(np.random.Philox(key=KEY))
    drawn = [
        _between(codes, y, np.bincount(luck.integers(0, y.size, y.size), minlength=y.size))
        for _ in range(RESAMPLES)
    ]
    value = _between(codes, y, np.ones(y.size))
    return value, Z * float(np.nanstd(drawn, ddof=1))


def _between(codes: Ints, y: Floats, weight: Floats | Ints) -> float:
    number = np.bincount(codes, weights=weight)
    there = number > 0
    mean = np.bincount(codes, weights=weight * y)[there] / number[there]
    middle = float(weight @ y) / float(weight.sum())
    whole = float(weight @ (y - middle) ** 2)
    between = float(number[there] @ (mean - middle) ** 2)
    freedom = float(weight.sum()) - mean.size
    if whole <= 0.0 or freedom <= 0.0:
        return math.nan
    return (between - (mean.size - 1) * (whole - between) / freedom) / whole


def _pawn(axis: Axis, x: Floats, y: Floats) -> Index:
    codes = slices_of(x)
    order = np.argsort(y, kind="stable")
    last = np.flatnonzero(np.append(np.diff(y[order]) > 0, True))
    codes = codes[order]
    luck = np.random.Generator(np.random.Philox(key=KEY))
    even = np.ones(y.size)
    value = distance(codes, last, even)
    drawn = [
        distance(codes, last, np.bincount(luck.integers(0, y.size, y.size), minlength=y.size))
        for _ in range(RESAMPLES)
    ]
    shuffled = [distance(luck.permutation(codes), last, even) for _ in range(RESAMPLES)]
    half = Z * float(np.std(drawn, ddof=1))
    nothing = float(np.quantile(shuffled, 0.95))
    return Index((axis.key,), "pawn", value, value - half, value + half, nothing)


def slices_of(x: Floats) -> Ints:
    """Slice of each row: a value each where there are few, else ranges of as many rows."""
    known, codes = np.unique(x, return_inverse=True)
    if known.size <= FEW_VALUES:
        return np.asarray(codes)
    number = int(np.clip(x.size // ROWS_OF_A_SLICE, *SLICES))
    edges = np.unique(np.quantile(x, np.linspace(0, 1, number + 1)[1:-1]))
    return np.asarray(np.searchsorted(edges, x, side="right"))


def distance(codes: Ints, last: Ints, weight: Floats | Ints) -> float:
    """Median over slices of the largest distance between distribution functions.

    Parameters
    ----------
    codes : slice of each row, in the order of the outcome
    last : rows after which a higher value comes
    weight : how often each row counts

    Examples
    --------
    >>> distance(np.array([0, 0, 1, 1]), np.arange(4), np.ones(4))
    0.5
    """
    each = (codes[:, None] == np.arange(codes.max() + 1)) * np.asarray(weight)[:, None]
    inside = np.cumsum(each, axis=0)
    there = inside[-1] > 0
    of_slice = inside[last][:, there] / inside[-1, there]
    of_all = inside[last].sum(axis=1) / inside[-1].sum()
    return float(np.median(np.abs(of_slice - of_all[:, None]).max(axis=0)))


def _together(axes: list[Axis], kept: Ints) -> list[str]:
    """Words on factors that go together, as they may in a list of points."""
    from scipy.stats import rankdata

    ranks = [rankdata(axis.numbers[kept]) for axis in axes if len(axis.names) < 3]
    keys = [axis.key for axis in axes if len(axis.names) < 3]
    told = []
    for i, a in enumerate(ranks):
        for j in range(i):
            r = float(np.corrcoef(a, ranks[j])[0, 1])
            if abs(r) > TOGETHER:
                told.append(f"{keys[j]} with {keys[i]} ({r:+.2f})")
    if not told:
        return []
    return [f"Some factors go together, so their indices overlap: {listing(told)}."]
