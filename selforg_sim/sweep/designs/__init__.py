"""Designs: which points of all that are possible are run. One file each, with the same verb.

Each has a table of settings (``method = "..."``), and ``sample``, which gives the points.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from selforg_sim.sweep.designs.explicit import Explicit
from selforg_sim.sweep.designs.grid import Grid
from selforg_sim.sweep.designs.latin_hypercube import LatinHypercube
from selforg_sim.sweep.designs.morris import Morris
from selforg_sim.sweep.designs.one_at_a_time import OneAtATime
from selforg_sim.sweep.designs.sample import Sample
from selforg_sim.sweep.designs.sobol import Sobol

Design = Annotated[
    Grid | Explicit | LatinHypercube | Sobol | Morris | OneAtATime,
    Field(discriminator="method"),
]
METHODS = ("grid", "list", "latin_hypercube", "sobol", "morris", "one_at_a_time")

__all__ = [
    "METHODS",
    "Design",
    "Explicit",
    "Grid",
    "LatinHypercube",
    "Morris",
    "OneAtATime",
    "Sample",
    "Sobol",
]
