"""Grid: every value of each factor with every value of all others (full factorial design).

**Source.** Box, Hunter & Hunter (2005), *Statistics for Experimenters*, chapter 5.
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Literal

from selforg_sim.errors import UsageError
from selforg_sim.scenario.tables import Table
from selforg_sim.sweep.designs.sample import Factors, Sample

MOST_POINTS = 20_000_000


class Grid(Table):
    """Every value with every other."""

    method: Literal["grid"] = "grid"

    def sample(self, factors: Factors, seed: int) -> Sample:
        """All combinations; the last factor changes fastest.

        Raises
        ------
        UsageError
            If a factor has no values to be put on a grid, or there are too many combinations.
        """
        values = {key: factor.grid() for key, factor in factors.items()}
        open_ended = [key for key, found in values.items() if found is None]
        if open_ended:
            raise UsageError(
                f"{', '.join(open_ended)}: a grid needs single values. List them, as in "
                "[0, 0.5, 1], or add steps = 5 to the range; after --vary, write 0:1:5."
            )
        lists = [found for found in values.values() if found is not None]
        number = prod(len(found) for found in lists)
        if number > MOST_POINTS:
            raise UsageError(
                f"The grid has {number:,} points, more than {MOST_POINTS:,}. Take fewer values, or "
                'a sample, as with [design] method = "latin_hypercube".'
            )
        rows = list(product(*lists))
        return Sample({key: [row[k] for row in rows] for k, key in enumerate(values)})
