"""Morris: paths through the space on which one factor after the other takes a step.

The differences along the steps (elementary effects) tell which factors matter at all, with few
runs: n(k + 1) for k factors.

**Sources.** Morris (1991), *Technometrics* 33; Campolongo, Cariboni & Saltelli (2007),
*Environmental Modelling & Software* 22.
"""

from __future__ import annotations

from typing import Literal

from selforg_sim.engine.parameters import parameter
from selforg_sim.errors import UsageError
from selforg_sim.scenario.tables import Table
from selforg_sim.sweep.designs.sample import Factors, Sample, from_cube, problem

FEWEST_FACTORS = 2


class Morris(Table):
    """Paths for elementary effects."""

    method: Literal["morris"]
    n: int = parameter(..., "paths", "How many paths; 10 to 50 are usual.", ge=2)
    levels: int = parameter(
        4, "values", "Values of each factor on the paths; an even number.", ge=2
    )

    def sample(self, factors: Factors, seed: int) -> Sample:
        """All points, path after path."""
        from SALib.sample import morris

        if len(factors) < FEWEST_FACTORS:
            raise UsageError("Elementary effects compare factors; vary at least two.")
        if self.levels % 2:
            raise UsageError(f"[design] levels = {self.levels}: an even number is valid.")
        unit = morris.sample(problem(factors), self.n, num_levels=self.levels, seed=seed)
        return from_cube(factors, unit, shuffled=False)
