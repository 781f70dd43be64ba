r"""Chance: how much of all variance comes of luck, and how much of the settings.

With $y_{pr}$ the outcome at point $p$ in replicate $r$, and each point counted as often as the
design has rows there:

- within points: $W$, the mean over the points of the variance $s_p^2$ of their replicates;
- between points: $B = s^2(\bar y) - (W - C)/R$, the variance of the points' means, less what luck
  adds to it. $C$ is the mean covariance of two points over the same seeds.

The share of chance is $W/(W + B)$. With $C = 0$ this is the one-way decomposition with random
effects. But replicate $r$ has the same seed at every point, and luck that moves all points alike
($C$) does not scatter their means; taking $W/R$ off would make $B$ too small.
All parts are unbiased, also with missing runs. The interval is the middle 95 per cent over
samples of the points (of blocks, where rows belong together) drawn with replacement by a keyed
generator; it does not know of the luck in the number of seeds itself.

**Sources.** Searle, Casella & McCulloch (1992), *Variance Components*, chapters 3 and 4; Efron &
Tibshirani (1993), chapter 13.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from selforg_sim.analysis.means import means_of
from selforg_sim.engine.types import Flags, Floats, Ints

SAMPLES = 500
KEY = 20_260_101


@dataclass(frozen=True)
class Chance:
    """Parts of the variance of one outcome. NaN where they cannot be told.

    Attributes
    ----------
    points : points with two runs or more, from which it is told
    replicates : runs of them, on average
    within : variance of runs of the same point, in the outcome's unit squared
    between : variance of what the points would come to without luck
    share : share of chance, between 0 and 1
    low, high : its 95% interval
    alike : the part of ``share`` that moves all points alike, seed by seed
    left : share of the variance between the means of points that is luck still
    """

    points: int
    replicates: float = math.nan
    within: float = math.nan
    between: float = math.nan
    share: float = math.nan
    low: float = math.nan
    high: float = math.nan
    alike: float = math.nan
    left: float = math.nan


def chance_of(values: Floats, place: Ints, block: Ints) -> Chance:
    """Split the variance of an outcome.

    Parameters
    ----------
    values : float64[points, replicates], NaN where there is none
    place : point of each row of the design, int64[rows]
    block : which rows belong together, int64[rows]

    Examples
    --------
    Two points, both with the variance 2/3 within and none in common (``C = 0``). Their means 2 and
    6 have the variance 8, of which 2/3 by four runs is luck.

    >>> values = np.array([[1.0, 3.0, 2.0, 2.0], [6.0, 6.0, 5.0, 7.0]])
    >>> found = chance_of(values, np.arange(2), np.arange(2))
    >>> round(found.within, 4), round(found.between, 4), round(found.share, 4)
    (0.6667, 7.8333, 0.0784)
    """
    told = (np.isfinite(values).sum(axis=1) >= 2)[place]
    place, block = place[told], block[told]
    points = np.unique(place)
    if points.size < 2:
        return Chance(int(points.size))
    split = _Split(values, place)
    rows = np.ones(place.size)
    within, alike, noise, scatter = split.parts(rows)
    between = scatter - noise
    share = _share(within, between)
    low, high = _interval(split, block)
    return Chance(
        int(points.size),
        float(split.runs[points].mean()),
        within,
        between,
        share,
        low,
        high,
        min(max(alike, 0.0), within) / within * share if within > 0 else math.nan,
        min(max(noise, 0.0) / scatter, 1.0) if scatter > 0 else math.nan,
    )


def _share(within: float, between: float) -> float:
    whole = within + max(between, 0.0)
    return within / whole if whole > 0 else math.nan


class _Split:
    """Takes the variance apart, for rows that count once, several times or not at all."""

    def __init__(self, values: Floats, place: Ints) -> None:
        self.place, self.points = place, values.shape[0]
        self.known: Flags = np.isfinite(values)
        means = means_of(values)
        self.runs, self.mean = means.runs, np.nan_to_num(means.mean)
        self.variance = np.nan_to_num(means.sd) ** 2
        self.off = np.where(self.known, values - self.mean[:, None], 0.0)
        self.there = self.known.astype(float)
        self.each = 1.0 / np.maximum(self.runs, 1)
        self.whole = bool(self.known[np.unique(place)].all())

    def parts(self, rows: Floats) -> tuple[float, float, float, float]:
        """Within points, alike at all points, luck in the means, scatter of the means."""
        number = float(rows.sum())
        weight = np.bincount(self.place, weights=rows, minlength=self.points) / number
        within = float(weight @ self.variance)
        alike = self._alike(weight)
        together = float(((weight * self.each) @ self.there) @ ((weight * self.each) @ self.there))
        together -= float((weight * weight) @ self.each)
        noise = float((weight * (1.0 - weight) * self.each) @ self.variance) - alike * together
        middle = float(weight @ self.mean)
        scatter = float(weight @ (self.mean - middle) ** 2)
        larger = number / (number - 1.0)
        return within, alike, larger * noise, larger * scatter

    def _alike(self, weight: Floats) -> float:
        """Mean covariance of two points over the same seeds.

        Each pair counts with what a pair of points with these runs in common should add up to.
        """
        squares = weight * weight
        push = weight @ self.off
        found = float(push @ push) - float(squares @ (self.off**2).sum(axis=1))
        if self.whole:
            runs = int(self.runs[self.place[0]])
            should = (runs - 1) * (float(weight.sum()) ** 2 - float(squares.sum()))
        else:
            pair, part = weight @ self.there, (weight * self.each) @ self.there
            both = self.there.T @ (self.there * (weight * self.each)[:, None])
            should = float(pair @ pair - 2.0 * pair @ part + (both**2).sum())
            should -= float(squares @ (self.runs - 1))
        return found / should if should > 1e-12 else 0.0


def _interval(split: _Split, block: Ints) -> tuple[float, float]:
    found, inverse = np.unique(block, return_inverse=True)
    if found.size < 3:
        return math.nan, math.nan
    luck = np.random.Generator(np.random.Philox(key=KEY))
    shares = np.empty(SAMPLES)
    for sample in range(SAMPLES):
        drawn = np.bincount(luck.integers(0, found.size, found.size), minlength=found.size)
        within, _, noise, scatter = split.parts(drawn[inverse].astype(float))
        shares[sample] = _share(within, scatter - noise)
    known = shares[np.isfinite(shares)]
    if not known.size:
        return math.nan, math.nan
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)
