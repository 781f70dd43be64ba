"""Uniform numbers for traits: one per person and trait, whoever else there is."""

from __future__ import annotations

import numpy as np

from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.draws import uniform
from selforg_sim.engine.types import Floats, Ints


@compiled
def fill_uniform(keys: Ints, seed: int, decision: int, attempt: int, out: Floats) -> None:
    """One number in (0, 1) for each key."""
    for i in range(keys.shape[0]):
        out[i] = uniform(seed, 0, decision, keys[i], 0, attempt)


def uniforms(keys: Ints, seed: int, decision: int, attempt: int = 0) -> Floats:
    """One number in (0, 1) for each key, shape ``(len(keys),)``."""
    out = np.empty(keys.shape[0])
    fill_uniform(keys, seed, decision, attempt, out)
    return out
