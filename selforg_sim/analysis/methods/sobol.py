"""Indices of Sobol: which share of the variance between points comes of which factor.

Of the first order: what a factor explains by itself, ``V[E(y|x)]/V[y]``. Total: by itself and in
interactions. Second order: what two factors explain together beyond each by itself.

The estimators are those of SALib. They average products of two values at a base point, and there
luck counts, too: the total index of a factor that does nothing but shuffle luck would not be 0.
So each product is one of different replicates, on average over all pairs of them, which luck does
not make larger; with a single replicate it is the plain one. Intervals: bootstrap over base
points, with a fixed seed.

**Sources.** Sobol (2001), *Mathematics and Computers in Simulation* 55; Saltelli et al. (2010),
*Computer Physics Communications* 181 (estimators); Herman & Usher (2017), *Journal of Open Source
Software* 2 (SALib).
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from scipy.special import ndtri

from selforg_sim.analysis.case import Case, same
from selforg_sim.analysis.found import Found, Index, counted
from selforg_sim.analysis.means import Blocks, blocks_of, mean_over_runs
from selforg_sim.engine.types import Floats, Ints
from selforg_sim.sweep.designs import Sobol

KEY = 20_260_101
FEWEST = 16
"""Base points below which no index is told."""
RESAMPLES = (100, 1000)
MOST_DRAWN = 2_000_000
"""Numbers that the bootstrap holds at once, about."""
Z = float(ndtri(0.975))


def find(case: Case) -> Found:
    """Indices of Sobol of a case.

    A base point with its rows is left out as a whole where a value is missing or not defined.
    """
    assert isinstance(case.design, Sobol)
    blocks = blocks_of(case.values, case.place, case.size)
    used = blocks.kept.size
    why = f'the design is "sobol": {counted(case.design.n, "base point")} after Saltelli'
    notes = tuple(_notes(case, blocks))
    if used < FEWEST:
        few = f"{counted(used, 'whole base point')}: too few for indices, which need {FEWEST}."
        return Found("means", why, notes=(few, *notes), left_out=blocks.left_out)
    if same(blocks.values[:, [0, -1]]):
        return Found("means", f"{case.label} is the same at all base points", notes=notes)
    indices = indices_of(blocks, tuple(axis.key for axis in case.axes), case.design.second_order)
    if not indices:
        return Found("means", f"{case.label} differs between points by no more than luck does",
                     notes=notes)  # fmt: skip
    return Found("sobol", why, indices, notes=notes, used=used, left_out=blocks.left_out)


def indices_of(blocks: Blocks, factors: tuple[str, ...], second_order: bool) -> tuple[Index, ...]:
    """Indices from the runs at base points; none where all differences between points are luck.

    Parameters
    ----------
    blocks : with k + 2 rows (2k + 2 with second order), in the order of Saltelli
    """
    parts = _Parts(blocks, len(factors), second_order)
    number = blocks.kept.size
    resamples = int(np.clip(MOST_DRAWN // number, *RESAMPLES))
    luck = np.random.Generator(np.random.Philox(key=KEY))
    often = luck.multinomial(number, np.full(number, 1.0 / number), size=resamples)
    shares = parts.shares(np.ones((1, number)))[0]
    if not np.isfinite(shares).all():
        return ()
    half = Z * np.nanstd(parts.shares(often), axis=0, ddof=1)
    names: list[tuple[tuple[str, ...], str]] = [
        ((factor,), kind) for kind in ("first", "total") for factor in factors
    ]
    names += [((factors[i], factors[j]), "second") for i, j in parts.pairs]
    return tuple(
        Index(factor, kind, value, value - off, value + off)
        for (factor, kind), value, off in zip(names, shares.tolist(), half.tolist(), strict=True)
    )


class _Parts:
    """Parts of the variance at each base point, to be added up over any of them."""

    def __init__(self, blocks: Blocks, factors: int, second_order: bool) -> None:
        middle = np.nanmean(blocks.runs, axis=(0, 1))  # also takes off luck that moves all alike
        self.blocks, self.off = blocks, blocks.runs - middle
        each = range(factors)
        self.pairs = list(combinations(each, 2)) if second_order else []
        a, b, ab, ba = 0, blocks.runs.shape[1] - 1, 1, 1 + factors
        means = mean_over_runs(self.off)
        aa, both = self.product(a, a), self.product(a, b)
        self.centre = (means[:, a] + means[:, b]) / 2
        self.square = (aa + self.product(b, b)) / 2
        first = [self.product(b, ab + k) - both for k in each]
        total = [(aa + self.product(ab + k, ab + k)) / 2 - self.product(a, ab + k) for k in each]
        second = [self.product(ba + i, ab + j) - both for i, j in self.pairs]
        self.found = np.array([*first, *total, *second])

    def product(self, one: int, other: int) -> Floats:
        """Product of two rows without luck, float64[base points]: of different replicates."""
        u, v = self.off[:, one], self.off[:, other]
        runs = np.isfinite(u).sum(axis=1)
        own = self.blocks.own_covariance(u, v) / runs
        return np.asarray(mean_over_runs(u) * mean_over_runs(v) - own)

    def shares(self, often: Floats | Ints) -> Floats:
        """Indices, float64[samples, indices], with each base point as often as in a sample.

        NaN in a sample whose points do not differ beyond luck.
        """
        number = often.sum(axis=1)
        whole = often @ self.square / number - (often @ self.centre / number) ** 2
        found = (often @ self.found.T) / np.where(whole > 0, number * whole, np.nan)[:, None]
        factors = (found.shape[1] - len(self.pairs)) // 2
        for place, (i, j) in enumerate(self.pairs):
            found[:, 2 * factors + place] -= found[:, i] + found[:, j]
        return np.asarray(found)


def _notes(case: Case, blocks: Blocks) -> list[str]:
    notes = []
    if blocks.left_out:
        were = counted(blocks.left_out, "base point was", "base points were")
        notes.append(
            f"{were} left out, with all their rows, since a value in them is missing or not "
            "defined: the indices speak of the rest."
        )
    fewer = case.values.shape[1] - blocks.replicates
    if blocks.kept.size and fewer and case.waiting:
        runs = counted(fewer, "replicate that is hardly begun was", "replicates hardly begun were")
        notes.append(f"{runs} not used.")
    return notes
