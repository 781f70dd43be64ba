"""Laws of traits: the number that a draw stands for, worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from selforg_sim.engine import quantiles

E = math.e
# 0.8413447461 of the normal law lies below one standard deviation above the mean
ONE_ABOVE = 0.8413447461

LAWS = [
    (quantiles.normal_quantile, (0.2, 0.05), ONE_ABOVE, 0.25),
    (quantiles.lognormal_quantile, (math.log(3.0), 0.5), 0.5, 3.0),
    (quantiles.lognormal_quantile, (0.0, 1.0), ONE_ABOVE, E),
    (quantiles.beta_quantile, (1.0, 2.0), 0.19, 0.1),  # 1 - (1 - x)^2 with x = 0.1
    (quantiles.beta_quantile, (2.0, 1.0), 0.25, 0.5),  # x^2
    (quantiles.gamma_quantile, (1.0, 4.0), 1 - 1 / E, 4.0),  # an exponential law of mean 4
    # shape 2, mean 1: 1 - e^(-2x) (1 + 2x), at x = 1: 1 - 3/e^2
    (quantiles.gamma_quantile, (2.0, 1.0), 1 - 3 / E**2, 1.0),
    (quantiles.uniform_quantile, (2.0, 6.0), 0.25, 3.0),
    (quantiles.integer_quantile, (7, 9), 0.34, 8.0),  # each of three has a third
    (quantiles.integer_quantile, (7, 9), 0.33, 7.0),
]


@pytest.mark.parametrize("law, arguments, u, answer", LAWS)
def test_a_draw_becomes_the_trait_worked_out_by_hand(law, arguments, u, answer):
    found = law(np.array([u, 0.5]), *arguments)
    assert found[0] == pytest.approx(answer, rel=1e-6)
    assert np.array_equal(found, found.astype(np.float32)), "rounded to single precision"
