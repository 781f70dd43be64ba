"""Inverse distribution functions: one uniform number to one trait.

A trait is a function of its person's own draw alone. Results are rounded to single precision, so
that the last bits of a special function, which differ between versions of the library, never
reach the model.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from selforg_sim.engine.types import Floats


def rounded(values: Floats) -> Floats:
    """Values to single precision, kept in double."""
    return np.asarray(values, dtype=np.float64).astype(np.float32).astype(np.float64)


def normal_quantile(u: Floats, mean: float, sd: float) -> Floats:
    """Normal law.

    >>> normal_quantile(np.array([0.5]), 0.2, 0.05).round(6).tolist()
    [0.2]
    """
    return rounded(mean + sd * special.ndtri(u))


def lognormal_quantile(u: Floats, mu: float, sigma: float) -> Floats:
    """Log-normal law; ``mu`` and ``sigma`` belong to the logarithm."""
    return rounded(np.exp(mu + sigma * special.ndtri(u)))


def beta_quantile(u: Floats, a: float, b: float) -> Floats:
    """Beta law with shapes ``a`` and ``b``."""
    return rounded(special.betaincinv(a, b, u))


def gamma_quantile(u: Floats, shape: float, mean: float) -> Floats:
    """Gamma law with the given shape and mean."""
    return rounded(special.gammaincinv(shape, u) * (mean / shape))


def uniform_quantile(u: Floats, low: float, high: float) -> Floats:
    """Uniform law between two bounds."""
    return rounded(low + (high - low) * u)


def integer_quantile(u: Floats, low: int, high: int) -> Floats:
    """Whole numbers from ``low`` to ``high``, both included.

    >>> integer_quantile(np.array([0.01, 0.99]), 7, 30).tolist()
    [7.0, 30.0]
    """
    return np.floor(low + (high - low + 1) * np.asarray(u))
