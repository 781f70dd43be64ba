"""Uniform numbers for many people at once: one per person, whoever else there is."""

from __future__ import annotations

import numpy as np

from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.draws import uniform
from selforg_sim.engine.types import Floats, Ints


@compiled
def fill_uniform(keys: Ints, seed: int, decision: int, b: int, day: int, out: Floats) -> None:
    """One number in (0, 1) for each key."""
    for i in range(keys.shape[0]):
        out[i] = uniform(seed, day, decision, keys[i], b)


def uniforms(keys: Ints, seed: int, decision: int, b: int = 0, day: int = 0) -> Floats:
    """One number in (0, 1) for each key, shape ``(len(keys),)``; ``b`` and ``day`` as in draws."""
    out = np.empty(keys.shape[0])
    fill_uniform(keys, seed, decision, b, day, out)
    return out
