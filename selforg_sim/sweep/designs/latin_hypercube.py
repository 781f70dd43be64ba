"""Latin hypercube: each factor's range is cut into as many parts as points, each part used once.

**Source.** McKay, Beckman & Conover (1979), *Technometrics* 21.
"""

from __future__ import annotations

from typing import Literal

from scipy.stats import qmc

from selforg_sim.engine.parameters import parameter
from selforg_sim.scenario.tables import Table
from selforg_sim.sweep.designs.sample import Factors, Sample, from_cube


class LatinHypercube(Table):
    """As many points as asked for, evenly spread over each factor."""

    method: Literal["latin_hypercube"]
    n: int = parameter(..., "points", "How many points.", ge=1)

    def sample(self, factors: Factors, seed: int) -> Sample:
        """Points drawn with the seed; another number of points gives other ones."""
        cube = qmc.LatinHypercube(len(factors), rng=seed) if factors else None
        if cube is None:
            return Sample({})
        return from_cube(factors, cube.random(self.n), shuffled=True)
