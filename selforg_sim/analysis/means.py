"""Means, and how sure they are: over the replicates of a point, over luck, over points.

Replicate ``r`` has the same seed at every point. Its luck moves many points alike, so runs of
different points with the same seed are no independent numbers. Hence there are three intervals:

- **Of a point**: its replicates have seeds of their own, so Student's t holds.
- **Of a mean over points, over luck**: how far the mean over these very points might be off with
  other seeds. The seeds are the sample: with all runs there, it is t over the means of single
  replicates; runs that are missing are taken into account as in a variance clustered by seed.
- **Of a mean over points, over points**: how far it might be off with other points drawn from the
  same laws. Rows of one block (of a path, of a base point after Saltelli) count as one.

**Sources.** Student (1908); Liang & Zeger (1986), *Biometrika* 73 (clustered variances).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from selforg_sim.compare.statistics import LEVEL
from selforg_sim.engine.types import Flags, Floats, Ints

USUAL_SHARE = 0.5
"""Replicates with fewer whole blocks than this share of the best one are hardly begun."""


@dataclass(frozen=True)
class Means:
    """Mean of each point over its replicates, with its 95% interval by t; float64[points] each.

    Attributes
    ----------
    runs : replicates in which the outcome is defined
    mean, sd, half : mean, standard deviation, half the width of the interval; NaN without runs,
        the latter two with a single one
    """

    runs: Ints
    mean: Floats
    sd: Floats
    half: Floats


def means_of(values: Floats) -> Means:
    """Means over replicates.

    Parameters
    ----------
    values : float64[points, replicates], NaN where there is none

    Examples
    --------
    >>> found = means_of(np.array([[1.0, 2.0, 3.0], [5.0, np.nan, np.nan]]))
    >>> found.mean.tolist(), found.sd.tolist(), round(float(found.half[0]), 4)
    ([2.0, 5.0], [1.0, nan], 2.4841)
    """
    known = np.isfinite(values)
    runs = known.sum(axis=1)
    mean = quotient(np.where(known, values, 0.0).sum(axis=1), runs)
    off = np.where(known, values - mean[:, None], 0.0)
    sd = np.sqrt(quotient((off**2).sum(axis=1), runs - 1))
    return Means(runs, mean, sd, t_of(runs - 1) * sd / np.sqrt(np.maximum(runs, 1)))


def quotient(part: Floats, whole: Floats | Ints) -> Floats:
    """Part by whole; NaN where the whole is not above 0."""
    return np.asarray(np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0))


def t_of(freedom: Ints) -> Floats:
    """Quantiles of Student's t for 95% intervals; NaN where no degree of freedom is left."""
    some = np.where(freedom > 0, freedom, 1)
    return np.asarray(np.where(freedom > 0, stdtrit(some, (1.0 + LEVEL) / 2), np.nan))


def luck_half_width(values: Floats, weight: Floats) -> float:
    """Half the width of the interval over luck of a weighted mean of points.

    Parameters
    ----------
    values : float64[points, replicates], NaN where there is none
    weight : how often each point counts, float64[points]

    Returns
    -------
    NaN where one of the points has a single run.

    Examples
    --------
    >>> both = np.array([[1.0, 2.0], [3.0, 6.0]])  # replicates have means 2 and 4
    >>> round(luck_half_width(both, np.ones(2)), 4) == round(12.7062 * 2**0.5 / 2**0.5, 4)
    True
    """
    counts = (weight > 0) & np.isfinite(values).any(axis=1)
    if not counts.any():
        return math.nan
    values, weight = values[counts], weight[counts]
    known = np.isfinite(values)
    runs = known.sum(axis=1)
    each = weight / weight.sum() / runs
    off = np.where(known, values - means_of(values).mean[:, None], 0.0)
    push = each @ off
    number = int(known.any(axis=0).sum())
    freedom = int(runs.min()) - 1
    if freedom < 1:
        return math.nan
    return float(t_of(np.array(freedom)) * math.sqrt(number / (number - 1) * float(push @ push)))


def points_half_width(means: Floats, block: Ints) -> float:
    """Half the width of the interval over points of a mean of rows.

    Parameters
    ----------
    means : of each row, float64[rows]; rows with NaN are left out
    block : which rows belong together, int64[rows]

    Examples
    --------
    >>> round(points_half_width(np.array([1.0, 2.0, 3.0]), np.arange(3)), 4)
    2.4841
    """
    known = np.isfinite(means)
    off = means[known] - means[known].mean() if known.any() else means[known]
    found, inverse = np.unique(block[known], return_inverse=True)
    number = found.size
    if number < 2:
        return math.nan
    push = np.bincount(inverse, weights=off) / off.size
    return float(t_of(np.array(number - 1)) * math.sqrt(number / (number - 1) * float(push @ push)))


@dataclass(frozen=True)
class Blocks:
    """Rows of the design by blocks, each block with the same replicates in all its rows.

    Attributes
    ----------
    runs : float64[blocks, rows of a block, replicates]; NaN in all rows of a block where a
        replicate is not used
    kept : the blocks, of all that there are
    left_out : blocks in which a value is missing or not defined
    replicates : how many replicates were used
    """

    runs: Floats
    kept: Ints
    left_out: int
    replicates: int

    @property
    def values(self) -> Floats:
        """Means over replicates, float64[blocks, rows of a block]."""
        return mean_over_runs(self.runs)

    def own_covariance(self, one: Floats, other: Floats) -> Floats:
        """How two things of a block move together from replicate to replicate, float64[blocks].

        A block with a single replicate has that of the others on average; 0 where none has two.

        Parameters
        ----------
        one, other : float64[blocks, replicates], NaN as in ``runs``
        """
        number = np.isfinite(one).sum(axis=1)
        off = [runs - mean_over_runs(runs)[:, None] for runs in (one, other)]
        found = quotient(np.nansum(off[0] * off[1], axis=1), number - 1)
        told = np.isfinite(found)
        return np.where(told, found, found[told].mean() if told.any() else 0.0)


def mean_over_runs(runs: Floats) -> Floats:
    """Mean over the last axis of what is there.

    >>> mean_over_runs(np.array([[1.0, 3.0], [2.0, np.nan]])).tolist()
    [2.0, 2.0]
    """
    known = np.isfinite(runs)
    return quotient(np.where(known, runs, 0.0).sum(axis=-1), known.sum(axis=-1))


def blocks_of(values: Floats, place: Ints, size: int) -> Blocks:
    """Runs by blocks, so that rows of a block differ in settings, not in seeds.

    A replicate counts in a block only if it has a value in every row of it. Replicates that are
    hardly begun are not used.

    Parameters
    ----------
    values : float64[points, replicates]
    place : point of each row, int64[rows]
    size : rows of a block

    Examples
    --------
    >>> values = np.array([[1.0, 3.0], [2.0, np.nan], [5.0, 7.0], [np.nan, np.nan]])
    >>> found = blocks_of(values, np.arange(4), 2)
    >>> found.values.tolist(), found.left_out
    ([[1.0, 2.0]], 1)
    """
    whole = _whole(values, place, size)
    begun = whole.sum(axis=0)
    used = begun >= max(1.0, USUAL_SHARE * begun.max(initial=0))
    whole &= used
    kept = np.flatnonzero(whole.any(axis=1))
    rows = values[place].reshape(-1, size, values.shape[1])[kept]
    found = np.where(whole[kept][:, None, :], rows, np.nan)[:, :, used]
    return Blocks(found, kept, whole.shape[0] - kept.size, int(used.sum()))


def _whole(values: Floats, place: Ints, size: int) -> Flags:
    """Whether a replicate has a value in each row of a block, bool[blocks, replicates]."""
    known = np.isfinite(values)[place]
    return np.asarray(known.reshape(-1, size, values.shape[1]).all(axis=1))
