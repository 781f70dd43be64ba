"""Methods: what a design of points can be asked. One file each, with the same verb.

Each has ``find``, which takes a case and gives what was found, with the reason why this method was
used and notes in words.
"""

from __future__ import annotations

import numpy as np

from selforg_sim.analysis.case import Case
from selforg_sim.analysis.found import Found
from selforg_sim.analysis.methods import given_data, grid, morris, one_at_a_time, sobol

METHODS = {
    "sobol": "indices of Sobol",
    "morris": "elementary effects",
    "given_data": "indices from given points",
    "grid": "main effects and interactions",
    "one_at_a_time": "changes of the scenario as it is",
    "means": "means alone",
}
"""Methods by name, and what they give."""

__all__ = ["METHODS", "find"]


def find(case: Case) -> Found:
    """Ask the points of a case what their design allows."""
    if not case.axes:
        why = "nothing is varied in this sweep, so there is nothing but luck to look at"
        return Found("means", why)
    if not np.isfinite(case.values).any():
        return Found("means", f"{case.label} is not defined in any run that is done")
    if case.constant:
        return Found("means", f"{case.label} is the same in all runs, so nothing can be explained")
    match case.design.method:
        case "sobol":
            return sobol.find(case)
        case "morris":
            return morris.find(case)
        case "grid":
            return grid.find(case)
        case "one_at_a_time":
            return one_at_a_time.find(case)
        case _:
            return given_data.find(case)
