"""A trait that differs from person to person, as one number for a lever and back."""

from __future__ import annotations

import math
from typing import Any

from selforg_sim.scenario.distributions import (
    Beta,
    Constant,
    Gamma,
    Integers,
    Law,
    Lognormal,
    Normal,
    Uniform,
)


def middle(law: Law) -> float:
    """The number that stands for a law: its median or mean.

    >>> round(middle(Lognormal(distribution="lognormal", mu=0.6931, sigma=0.9)), 2)
    2.0
    """
    match law:
        case Constant(value=value):
            return value
        case Lognormal(mu=mu):
            return round(math.exp(mu), 6)
        case Beta(a=a, b=b):
            return round(a / (a + b), 6)
        case Gamma(mean=mean) | Normal(mean=mean):
            return mean
        case Uniform(low=low, high=high) | Integers(low=low, high=high):
            return round((low + high) / 2, 6)


def with_middle(law: Law, value: float) -> Any:
    """The law moved to another middle, as in a scenario file; people differ as they did.

    Laws that cannot be moved without leaving their range become one number for all.

    >>> with_middle(Beta(distribution="beta", a=1.0, b=4.0), 0.5)
    {'distribution': 'beta', 'a': 2.5, 'b': 2.5}
    """
    match law:
        case Lognormal(sigma=sigma) if value > 0:
            return {"distribution": "lognormal", "mu": math.log(value), "sigma": sigma}
        case Beta(a=a, b=b) if 0 < value < 1:
            whole = a + b
            return {"distribution": "beta", "a": value * whole, "b": (1 - value) * whole}
        case Gamma(shape=shape) if value > 0:
            return {"distribution": "gamma", "shape": shape, "mean": value}
    return value
