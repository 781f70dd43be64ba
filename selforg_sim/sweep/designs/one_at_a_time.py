"""One at a time: the scenario as it is, and each factor by itself through its values.

It shows the effect of each factor beside the scenario's own settings, and no interactions.

**Source.** Saltelli & Annoni (2010), *Environmental Modelling & Software* 25, who say why this is
no sensitivity analysis.
"""

from __future__ import annotations

from typing import Literal

from selforg_sim.engine.parameters import parameter
from selforg_sim.scenario.tables import Table
from selforg_sim.sweep.designs.sample import Factors, Sample
from selforg_sim.sweep.factors import Value


class OneAtATime(Table):
    """Each factor by itself; None in a column says: as the scenario has it."""

    method: Literal["one_at_a_time"]
    steps: int = parameter(3, "values", "Values of a factor that has none of its own.", ge=2)

    def sample(self, factors: Factors, seed: int) -> Sample:
        """The scenario, and one row for each value of each factor."""
        rows: list[dict[str, Value]] = [{}]
        for key, factor in factors.items():
            spaced = factor.model_copy(update={"steps": self.steps})
            values = factor.grid() or spaced.grid() or ()
            rows += [{key: value} for value in values]
        return Sample({key: [row.get(key) for row in rows] for key in factors})
