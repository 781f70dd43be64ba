r"""Grid: main effects, interactions, and the share of the variance that each explains.

On a full grid, each point counting alike, the mean over the replicates splits without rest into a
general mean, main effects (mean at a level less the general mean), effects of pairs beyond these,
and so on; their variances add up. First order, total and second order are then the indices of
Sobol of the grid itself.

Luck in the means makes all of them look larger. The jackknife over replicates takes that off (it
is exact for variances) and gives the intervals, by t over the pseudo-values; since a replicate has
the same seed at all points, leaving one out is leaving one seed out.

**Sources.** Box, Hunter & Hunter (2005), *Statistics for Experimenters*, chapter 5; Miller (1974),
*Biometrika* 61 (jackknife); Sobol (2001), *Mathematics and Computers in Simulation* 55.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from selforg_sim.analysis.case import Case, same
from selforg_sim.analysis.found import Effect, Found, Index, counted
from selforg_sim.analysis.means import means_of
from selforg_sim.engine.types import Floats


def find(case: Case) -> Found:
    """Main effects and interactions of a case.

    Only replicates that are there at every point count, so that no seed weighs more at some.
    """
    why = 'the design is "grid": every value with every other'
    whole = np.isfinite(case.values).all(axis=0)
    notes = []
    values = case.values[:, whole]
    if values.shape[1] < 2 and np.isfinite(case.rows).all():
        values = case.means.mean[:, None]
        notes.append(
            "Fewer than two replicates are there at every point: no interval, and luck counts as "
            "if it were an effect of the settings."
        )
    elif not whole.any():
        lost = int(np.count_nonzero(~np.isfinite(case.rows)))
        points = counted(lost, "point has", "points have")
        notes.append(f"{points} no value, so that effects cannot be told apart: means alone.")
        return Found("means", why, notes=tuple(notes), left_out=lost)
    left = int((np.isfinite(case.values).any(axis=0) & ~whole).sum())
    if left and values.shape[1] > 1:
        notes.append(
            f"{counted(left, 'replicate was', 'replicates were')} left out, since a value at some "
            "point is missing or not defined."
        )
    cube = _cube(case, values)
    used = values.shape[1]
    if same(cube.mean(axis=-1)):
        return Found("means", f"{case.label} is the same at all points, on average")
    return Found(
        "grid", why, tuple(_indices(case, cube)), tuple(_effects(case, cube)), tuple(notes),
        used, left,
    )  # fmt: skip


def _cube(case: Case, values: Floats) -> Floats:
    """Values by level of each factor, float64[levels of the first, of the second, ..., used]."""
    levels = [axis.levels(most=axis.numbers.size) for axis in case.axes]
    cube = np.full((*(len(found) for found in levels), values.shape[1]), np.nan)
    cube[tuple(found.codes for found in levels)] = values[case.place]
    return cube


def _indices(case: Case, cube: Floats) -> Iterator[Index]:
    keys = [axis.key for axis in case.axes]
    varied = [k for k in range(len(keys)) if cube.shape[k] > 1]
    if len(varied) < 2:
        return  # a single factor explains everything, whatever it does
    names: list[tuple[tuple[str, ...], str]] = [
        ((keys[k],), kind) for kind in ("first", "total") for k in varied
    ]
    names += [((keys[i], keys[j]), "second") for i, j in combinations(varied, 2)]
    shares = _shares(cube.mean(axis=-1), varied)
    runs = cube.shape[-1]
    if runs < 2:
        for (factors, kind), share in zip(names, shares.tolist(), strict=True):
            yield Index(factors, kind, share)
        return
    total = cube.sum(axis=-1)
    without = [_shares((total - cube[..., r]) / (runs - 1), varied) for r in range(runs)]
    pseudo = means_of((runs * shares - (runs - 1) * np.array(without)).T)
    for k, (factors, kind) in enumerate(names):
        value, half = float(pseudo.mean[k]), float(pseudo.half[k])
        yield Index(factors, kind, value, value - half, value + half)


def _shares(cube: Floats, varied: list[int]) -> Floats:
    """First-order and total shares of each factor, then those of pairs, of one cube of means."""
    whole = cube.var()
    if whole == 0.0:
        return np.zeros(2 * len(varied) + len(varied) * (len(varied) - 1) // 2)
    main = {k: main_effect(cube, (k,)) for k in varied}
    total = [1.0 - cube.mean(axis=k).var() / whole for k in varied]
    pairs = [main_effect(cube, pair).var() / whole for pair in combinations(varied, 2)]
    return np.array([*(main[k].var() / whole for k in varied), *total, *pairs])


def main_effect(cube: Floats, axes: tuple[int, ...]) -> Floats:
    """The effect of one factor, or that of two beyond the effects of each.

    Examples
    --------
    >>> cube = np.array([[1.0, 3.0], [5.0, 11.0]])
    >>> main_effect(cube, (0,)).tolist(), main_effect(cube, (0, 1)).tolist()
    ([-3.0, 3.0], [[1.0, -1.0], [-1.0, 1.0]])
    """
    others = tuple(k for k in range(cube.ndim) if k not in axes)
    found = cube.mean(axis=others) - cube.mean()
    if len(axes) == 1:
        return np.asarray(found)
    return np.asarray(found - found.mean(axis=1, keepdims=True) - found.mean(axis=0, keepdims=True))


def _effects(case: Case, cube: Floats) -> Iterator[Effect]:
    """Effects of levels and of pairs of levels, each replicate giving one of its own."""
    runs, number = cube.shape[-1], len(case.axes)
    texts = [axis.levels(most=axis.numbers.size).texts for axis in case.axes]
    varied = [k for k in range(number) if cube.shape[k] > 1]
    for axes in [*((k,) for k in varied), *combinations(varied, 2)]:
        each = np.stack([main_effect(cube[..., r], axes) for r in range(runs)], axis=-1)
        others = tuple(k for k in range(number + 1) if k not in axes)
        mean = cube.mean(axis=others)
        change = means_of(each.reshape(-1, runs))
        for place, codes in enumerate(np.ndindex(*mean.shape)):
            value, half = float(change.mean[place]), float(change.half[place])
            yield Effect(
                tuple(case.axes[k].key for k in axes),
                tuple(texts[k][code] for k, code in zip(axes, codes, strict=True)),
                codes, float(mean[codes]), value, value - half, value + half, runs,
            )  # fmt: skip
