"""Paired statistics: differences, intervals, effect sizes, and what the pairing was worth.

One seed gives one pair ``(a, b)``; everything rests on the differences ``d = b - a``.

**Intervals.** *t*: ``mean(d) ± t · sd(d)/√n`` with ``n - 1`` degrees of freedom. *Bootstrap*: the
middle 95 per cent of the means of 10,000 samples drawn from the differences with replacement. The
draws are keyed by a fixed number, so that the same differences always give the same interval.

**Pairing.** As many independent runs would give ``t · √((var a + var b)/n)`` (Welch's degrees of
freedom); the half-width of this by that of the paired interval says how many times narrower the
pairing made it.

**Sources.** Student (1908); Welch (1947); Efron & Tibshirani (1993), chapter 13; Cohen (1988),
chapter 2; Holm (1979).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtr, stdtrit

from selforg_sim.engine.types import Floats

LEVEL = 0.95
SAMPLES = 10_000
SAMPLES_AT_ONCE = 500
BOOTSTRAP_KEY = 20_260_101
FEWEST_TO_RESAMPLE = 8
ROUNDING = 1e-12


@dataclass(frozen=True)
class Effect:
    """What the change did to one outcome on one day.

    Attributes
    ----------
    outcome, day : which outcome, when
    seeds : pairs in which the outcome is defined in both worlds
    mean_a, mean_b, difference : means, and the mean of ``b - a``
    low, high : 95% interval of the difference by t
    boot_low, boot_high : the same by the bootstrap
    half_width : half the width of the t interval
    half_width_unpaired : what it would be with as many independent runs
    narrower : how many times narrower the pairing made the interval
    effect_size : mean difference by the standard deviation of the differences
    cohen_d : mean difference by the pooled standard deviation of the two worlds
    same_sign : share of the seeds whose difference has the sign of the mean difference
    p, p_wilcoxon : two-sided, by the paired t test and by the signed-rank test
    p_holm : ``p`` corrected for the number of outcomes looked at

    A number that is not defined (an effect size where all differences are alike, say) is NaN.
    """

    outcome: str
    day: int
    seeds: int
    mean_a: float
    mean_b: float
    difference: float
    low: float
    high: float
    boot_low: float
    boot_high: float
    half_width: float
    half_width_unpaired: float
    narrower: float
    effect_size: float
    cohen_d: float
    same_sign: float
    p: float
    p_wilcoxon: float
    p_holm: float = math.nan

    @property
    def shown(self) -> bool:
        """Whether a difference is shown: p below 0.05 after Holm's correction."""
        return self.p_holm < 1.0 - LEVEL


def effect_of(outcome: str, day: int, a: Floats, b: Floats) -> Effect:
    """Paired statistics of one outcome.

    Parameters
    ----------
    a, b : one number per seed, float64[seeds]; pairs with a NaN are left out

    Examples
    --------
    >>> effect = effect_of("size", 180, np.array([1.0, 2.0, 4.0]), np.array([3.0, 5.0, 5.0]))
    >>> effect.difference, round(effect.half_width, 4), effect.same_sign
    (2.0, 2.4841, 1.0)
    """
    both = np.isfinite(a) & np.isfinite(b)
    a, b = a[both], b[both]
    d, n = b - a, int(both.sum())
    if not n:
        return Effect(outcome, day, 0, *[math.nan] * 15)
    mean = float(d.mean())
    sd, var_a, var_b = (spread(x) for x in (d, a, b))
    half, unpaired = half_width(sd, n), half_width_of_two(var_a**2, var_b**2, n)
    low, high = bootstrap_interval(d)
    if sd == 0.0 and mean != 0.0:  # the same in every seed: how it scatters is not known
        half = low = high = math.nan
    elif n < FEWEST_TO_RESAMPLE and sd > 0.0:  # so few would look surer than they are
        low = high = math.nan
    return Effect(
        outcome, day, n, float(a.mean()), float(b.mean()), mean,
        mean - half, mean + half, low, high, half, unpaired,
        narrower=by(unpaired, half),
        effect_size=by(mean, sd),
        cohen_d=by(mean, math.sqrt((var_a**2 + var_b**2) / 2)),
        same_sign=float(np.mean(np.sign(d) == np.sign(mean))) if mean else math.nan,
        p=p_of_t(mean, sd, n),
        p_wilcoxon=p_of_ranks(d),
    )  # fmt: skip


def by(part: float, whole: float) -> float:
    """A quotient; NaN where it is not defined.

    >>> by(1.0, 2.0), by(1.0, 0.0)
    (0.5, nan)
    """
    return part / whole if whole else math.nan


def spread(x: Floats) -> float:
    """Standard deviation of a sample; 0 where all numbers are alike, NaN of a single one.

    Numbers are alike that differ by rounding only.
    """
    if x.shape[0] < 2:
        return math.nan
    found = float(x.std(ddof=1))
    return found if found > ROUNDING * float(np.abs(x).max()) else 0.0


def half_width(sd: float, n: int) -> float:
    """Half the width of the 95% interval of a mean of ``n`` numbers, by t."""
    if n < 2:
        return math.nan
    return float(stdtrit(n - 1, (1.0 + LEVEL) / 2)) * sd / math.sqrt(n)


def half_width_of_two(var_a: float, var_b: float, n: int) -> float:
    """The same for the difference of two independent samples of ``n``, after Welch.

    >>> round(half_width_of_two(1.0, 1.0, 8), 4)
    1.0724
    """
    if n < 2 or math.isnan(var_a + var_b):
        return math.nan
    if var_a + var_b == 0.0:
        return 0.0
    freedom = (n - 1) * (var_a + var_b) ** 2 / (var_a**2 + var_b**2)
    return float(stdtrit(freedom, (1.0 + LEVEL) / 2)) * math.sqrt((var_a + var_b) / n)


def bootstrap_interval(d: Floats, samples: int = SAMPLES) -> tuple[float, float]:
    """Middle 95 per cent of the means of samples with replacement; the same every time.

    >>> bootstrap_interval(np.array([2.0, 2.0]))
    (2.0, 2.0)
    """
    if d.shape[0] < 2:
        return math.nan, math.nan
    luck = np.random.Generator(np.random.Philox(key=BOOTSTRAP_KEY))
    means = np.empty(samples)
    for begin in range(0, samples, SAMPLES_AT_ONCE):
        end = min(samples, begin + SAMPLES_AT_ONCE)
        drawn = luck.integers(0, d.shape[0], size=(end - begin, d.shape[0]))
        means[begin:end] = d[drawn].mean(axis=1)
    low, high = np.quantile(means, [(1.0 - LEVEL) / 2, (1.0 + LEVEL) / 2])
    return float(low), float(high)


def p_of_t(mean: float, sd: float, n: int) -> float:
    """Two-sided p of the paired t test; 1 where every difference is 0.

    Where all differences are alike and not 0, t says nothing: the p is that of the sign test.

    >>> p_of_t(-1.0, 0.0, 6)
    0.03125
    """
    if n < 2:
        return math.nan
    if sd == 0.0:
        return 1.0 if mean == 0.0 else 2.0 ** (1 - n)
    return float(2.0 * stdtr(n - 1, -abs(mean) * math.sqrt(n) / sd))


def p_of_ranks(d: Floats) -> float:
    """Two-sided p of Wilcoxon's signed-rank test; differences of 0 are left out."""
    other = d[d != 0.0]
    if d.shape[0] < 2:
        return math.nan
    if not other.shape[0]:
        return 1.0
    from scipy.stats import wilcoxon

    tied = np.unique(np.abs(other)).shape[0] < other.shape[0]
    method = "approx" if tied or other.shape[0] > 50 else "exact"
    return float(wilcoxon(other, method=method).pvalue)


def corrected(p: Sequence[float]) -> list[float]:
    """Holm's correction for looking at several outcomes; NaN stays NaN and does not count.

    >>> corrected([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    known = sorted((value, i) for i, value in enumerate(p) if not math.isnan(value))
    result, highest = [math.nan] * len(p), 0.0
    for rank, (value, i) in enumerate(known):
        highest = max(highest, min(1.0, value * (len(known) - rank)))
        result[i] = highest
    return result


def with_correction(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """The same effects, each with its ``p_holm``."""
    values = corrected([effect.p for effect in effects])
    return tuple(replace(e, p_holm=p) for e, p in zip(effects, values, strict=True))
