"""Paired statistics against numbers worked out by hand, and against scipy."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from selforg_sim.compare.statistics import (
    bootstrap_interval,
    corrected,
    effect_of,
    with_correction,
)

A = np.array([10.0, 12.0, 9.0, 15.0, 14.0])
B = np.array([11.0, 15.0, 11.0, 19.0, 14.0])
"""Differences 1, 3, 2, 4, 0: mean 2, sum of squares about it 10, variance 2.5."""


def test_a_case_worked_by_hand():
    effect = effect_of("size", 180, A, B)
    assert (effect.seeds, effect.mean_a, effect.mean_b, effect.difference) == (5, 12.0, 14.0, 2.0)
    sd = math.sqrt(2.5)
    t = 2.776445105  # of 4 degrees of freedom, from a table
    assert effect.half_width == pytest.approx(t * sd / math.sqrt(5), rel=1e-9)
    assert (effect.low, effect.high) == pytest.approx((2 - 1.9632432, 2 + 1.9632432), abs=1e-6)
    assert effect.effect_size == pytest.approx(2 / sd)
    # variances: A 26/4 = 6.5, B 44/4 = 11
    assert effect.cohen_d == pytest.approx(2 / math.sqrt((6.5 + 11) / 2))
    assert effect.same_sign == 0.8
    freedom = 4 * 17.5**2 / (6.5**2 + 11**2)
    unpaired = stats.t.ppf(0.975, freedom) * math.sqrt(17.5 / 5)
    assert effect.half_width_unpaired == pytest.approx(unpaired)
    assert effect.narrower == pytest.approx(unpaired / effect.half_width)


def test_p_values_are_those_of_scipy():
    effect = effect_of("size", 180, A, B)
    assert effect.p == pytest.approx(stats.ttest_rel(B, A).pvalue)
    d = np.array([0.4, -0.1, 1.3, 2.2, 0.9, -0.3])
    effect = effect_of("size", 180, np.zeros(6), d)
    assert effect.p == pytest.approx(stats.ttest_1samp(d, 0.0).pvalue)
    assert effect.p_wilcoxon == pytest.approx(stats.wilcoxon(d).pvalue)
    interval = stats.ttest_1samp(d, 0.0).confidence_interval()
    assert (effect.low, effect.high) == pytest.approx((interval.low, interval.high))


def test_the_unpaired_interval_is_that_of_welch():
    a, b = np.array([1.0, 4.0, 2.0, 8.0]), np.array([3.0, 3.5, 2.5, 4.0])
    interval = stats.ttest_ind(b, a, equal_var=False).confidence_interval()
    half = (interval.high - interval.low) / 2
    assert effect_of("size", 1, a, b).half_width_unpaired == pytest.approx(half)


def test_the_bootstrap_is_that_of_all_samples():
    """Of four differences there are 256 samples: the true quantiles of their means are known."""
    d = np.array([0.0, 1.0, 4.0, 10.0])
    means = sorted(np.mean(sample) for sample in itertools.product(d, repeat=4))
    low, high = bootstrap_interval(d, 200_000)
    assert low == pytest.approx(np.quantile(means, 0.025), abs=0.26)
    assert high == pytest.approx(np.quantile(means, 0.975), abs=0.26)


def test_the_bootstrap_is_the_same_every_time():
    d = np.array([0.3, 1.7, -2.0, 0.5])
    assert bootstrap_interval(d) == bootstrap_interval(d)


def test_holm_by_hand():
    """0.01 · 4 = 0.04, 0.02 · 3 = 0.06, 0.04 · 2 = 0.08, 0.5: none may be below the one before."""
    assert corrected([0.04, 0.5, 0.01, 0.02]) == pytest.approx([0.08, 0.5, 0.04, 0.06])
    assert corrected([0.03, 0.031]) == pytest.approx([0.06, 0.06])
    assert corrected([0.6, 0.7]) == [1.0, 1.0]
    some = corrected([0.01, math.nan, 0.02])
    assert some[::2] == [0.02, 0.02] and math.isnan(some[1])


def test_a_difference_is_shown_after_correction_only():
    effect = effect_of("size", 180, A, B)
    assert 0.04 < effect.p < 0.05
    alone, among = with_correction([effect])[0], with_correction([effect, effect])[0]
    assert alone.shown and not among.shown


def test_equal_worlds_have_no_difference_and_no_interval():
    effect = effect_of("size", 3, A, A)
    assert (effect.difference, effect.low, effect.high, effect.p) == (0.0, 0.0, 0.0, 1.0)
    assert (effect.boot_low, effect.boot_high, effect.p_wilcoxon) == (0.0, 0.0, 1.0)
    assert math.isnan(effect.effect_size) and math.isnan(effect.narrower)


def test_the_same_difference_everywhere_has_a_sign_and_no_interval():
    effect = effect_of("size", 3, A, A + 2.0)
    assert (effect.difference, effect.same_sign) == (2.0, 1.0)
    assert effect.p == 2 * 0.5**5, "as five coins that all fall on one side"
    assert not effect_of("size", 3, A[:2], A[:2] - 1.0).shown, "two seeds show nothing"
    undefined = (effect.low, effect.high, effect.boot_low, effect.effect_size, effect.narrower)
    assert all(math.isnan(number) for number in undefined)
    rounded = effect_of("size", 3, np.array([0.1, 0.2, 0.3]), np.array([0.4, 0.5, 0.6]))
    assert math.isnan(rounded.half_width), "differences that differ by rounding are alike"


def test_seeds_in_which_an_outcome_is_not_defined_are_left_out():
    a, b = np.append(A, [math.nan, 1.0]), np.append(B, [5.0, math.nan])
    with_gaps = with_correction([effect_of("size", 3, a, b)])
    assert repr(with_gaps) == repr(with_correction([effect_of("size", 3, A, B)])), "NaN is NaN here"
    nothing = effect_of("size", 3, a[5:], b[5:])
    assert nothing.seeds == 0 and math.isnan(nothing.p) and not nothing.shown


def test_pairing_that_shares_nothing_gains_nothing_on_average():
    """Independent samples: the ratio of the half-widths is 1, give or take the spread of a few."""
    luck = np.random.Generator(np.random.Philox(key=7))
    ratios = [
        effect_of("size", 1, luck.normal(size=40), luck.normal(size=40)).narrower for _ in range(60)
    ]
    assert 0.95 < float(np.mean(ratios)) < 1.05
