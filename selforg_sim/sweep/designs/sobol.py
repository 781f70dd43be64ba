"""Sobol: points after Saltelli, from which the indices of Sobol are estimated.

Two samples A and B of a scrambled Sobol sequence are crossed: in turn one factor of A is replaced
by that of B. This takes n(k + 2) points for k factors, and n(2k + 2) with second-order indices.
The rows of a smaller n are among those of a larger one, with the same seed, factors and order.

**Sources.** Sobol (2001), *Mathematics and Computers in Simulation* 55; Saltelli (2002), *Computer
Physics Communications* 145; Owen (2020), arXiv 2008.08051 (scrambling).
"""

from __future__ import annotations

import warnings
from typing import Literal

from selforg_sim.engine.parameters import parameter
from selforg_sim.errors import UsageError
from selforg_sim.scenario.tables import Table
from selforg_sim.sweep.designs.sample import Factors, Sample, from_cube, problem

FEWEST_FACTORS = 2


class Sobol(Table):
    """Points for the indices of Sobol."""

    method: Literal["sobol"]
    n: int = parameter(..., "points", "Base points; a power of two is best.", ge=2)
    second_order: bool = parameter(False, "switch", "Whether pairs of factors are looked at, too.")

    @property
    def balanced(self) -> bool:
        """Whether n is a power of two.

        >>> Sobol(method="sobol", n=64).balanced, Sobol(method="sobol", n=100).balanced
        (True, False)
        """
        return self.n.bit_count() == 1

    def sample(self, factors: Factors, seed: int) -> Sample:
        """All points, those that belong to one base point next to each other."""
        from SALib.sample import sobol

        if len(factors) < FEWEST_FACTORS:
            raise UsageError(
                f"The indices of Sobol compare factors; {len(factors)} is varied here. Vary at "
                "least two, or take a grid."
            )
        with warnings.catch_warnings():
            # a number that is no power of two is said to be less balanced; `plan` says so, too
            warnings.filterwarnings(
                "ignore", message="The balance properties", category=UserWarning
            )
            unit = sobol.sample(
                problem(factors), self.n, calc_second_order=self.second_order, seed=seed
            )
        return from_cube(factors, unit, shuffled=False)
