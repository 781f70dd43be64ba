"""Elementary effects: what one step of a factor does, along paths through the space.

An effect is the change of the outcome over a step, scaled to the factor's whole range. ``mu``: its
mean; ``mu*``: the mean of its size, which tells whether the factor matters at all; ``sigma``: its
standard deviation, which is large where the effect is bent or depends on other factors. By SALib,
from the mean over replicates at each row; the interval of ``mu*`` by its bootstrap over paths with
a fixed seed, that of ``mu`` by t.

**Sources.** Morris (1991), *Technometrics* 33; Campolongo, Cariboni & Saltelli (2007),
*Environmental Modelling & Software* 22.
"""

from __future__ import annotations

import math

import numpy as np

from selforg_sim.analysis.case import Case
from selforg_sim.analysis.found import Found, Index, counted
from selforg_sim.analysis.means import blocks_of, t_of
from selforg_sim.engine.types import Floats
from selforg_sim.sweep.designs import Morris
from selforg_sim.sweep.designs.sample import problem

SEED = 20_260_101
FEWEST = 4
"""Paths below which nothing is told."""
RESAMPLES = 1000


def find(case: Case) -> Found:
    """Elementary effects of a case; a path with a missing or undefined value is left out."""
    assert isinstance(case.design, Morris)
    assert case.unit is not None
    blocks = blocks_of(case.values, case.place, case.size)
    used = blocks.kept.size
    why = f'the design is "morris": {counted(case.design.n, "path")} through the space'
    notes: tuple[str, ...] = ()
    if blocks.left_out:
        were = counted(blocks.left_out, "path was", "paths were")
        notes = (f"{were} left out, since a value on them is missing or not defined.",)
    if used < FEWEST:
        few = f"{counted(used, 'whole path')}: too few for elementary effects, which need {FEWEST}."
        return Found("means", why, notes=(few, *notes), left_out=blocks.left_out)
    steps = case.unit.reshape(-1, case.size, len(case.axes))[blocks.kept]
    keys = tuple(axis.key for axis in case.axes)
    indices = indices_of(steps, blocks.values, keys, case.design.levels)
    return Found("morris", why, indices, notes=notes, used=used, left_out=blocks.left_out)


def indices_of(
    steps: Floats, values: Floats, factors: tuple[str, ...], levels: int
) -> tuple[Index, ...]:
    """Mean, mean size and standard deviation of elementary effects.

    Parameters
    ----------
    steps : places between 0 and 1, float64[paths, k + 1, k]
    values : float64[paths, k + 1]
    levels : of the design
    """
    from SALib.analyze import morris

    paths = values.shape[0]
    found = morris.analyze(
        problem(dict.fromkeys(factors)),  # type: ignore[arg-type]  # names are all it takes
        steps.reshape(-1, len(factors)),
        values.ravel(),
        num_resamples=RESAMPLES,
        num_levels=levels,
        seed=SEED,
    )
    indices = []
    for k, factor in enumerate(factors):
        mu, star, sigma = (float(np.asarray(found[key])[k]) for key in ("mu", "mu_star", "sigma"))
        half = float(t_of(np.array(paths - 1))) * sigma / math.sqrt(paths)
        beside = float(np.asarray(found["mu_star_conf"])[k])
        indices += [
            Index((factor,), "mu", mu, mu - half, mu + half),
            Index((factor,), "mu_star", star, star - beside, star + beside),
            Index((factor,), "sigma", sigma),
        ]
    return tuple(indices)
