"""Elementary effects: what one step of a factor does, along paths through the space.

An effect is the change of the outcome over a step, scaled to the factor's whole range. ``mu``: its
mean; ``mu*``: the mean of its size, which tells whether the factor matters at all; ``sigma``: its
standard deviation, which is large where the effect is bent or depends on other factors. By SALib,
from the mean over replicates at each row; the interval of ``mu*`` by its bootstrap over paths with
a fixed seed, that of ``mu`` by t.

Luck has a size, too, so that ``mu*`` of a factor without influence is not 0. From how far the
effects of single replicates lie apart follows what mere luck comes to: with the standard deviation
``s`` of an effect's mean over replicates, ``n`` paths and normal luck at most
``s(√(2/π) + 1.64·√((1 - 2/π)/n))``, in 95 of 100 cases.

**Sources.** Morris (1991), *Technometrics* 33; Campolongo, Cariboni & Saltelli (2007),
*Environmental Modelling & Software* 22.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri

from selforg_sim.analysis.case import Case
from selforg_sim.analysis.found import Found, Index, counted
from selforg_sim.analysis.means import Blocks, blocks_of, t_of
from selforg_sim.engine.types import Floats
from selforg_sim.sweep.designs import Morris
from selforg_sim.sweep.designs.sample import problem

SEED = 20_260_101
FEWEST = 4
"""Paths below which nothing is told."""
RESAMPLES = 1000
ONE_SIDED = float(ndtri(0.95))


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
    indices = indices_of(steps, blocks, keys, case.design.levels)
    return Found("morris", why, indices, notes=notes, used=used, left_out=blocks.left_out)


def indices_of(
    steps: Floats, blocks: Blocks, factors: tuple[str, ...], levels: int
) -> tuple[Index, ...]:
    """Mean, mean size and standard deviation of elementary effects.

    Parameters
    ----------
    steps : places between 0 and 1, float64[paths, k + 1, k]
    blocks : the paths, with k + 1 rows
    levels : of the design
    """
    from SALib.analyze import morris

    paths, nothing = steps.shape[0], of_luck(steps, blocks)
    found = morris.analyze(
        problem(dict.fromkeys(factors)),  # type: ignore[arg-type]  # names are all it takes
        steps.reshape(-1, len(factors)),
        blocks.values.ravel(),
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
            Index((factor,), "mu_star", star, star - beside, star + beside, float(nothing[k])),
            Index((factor,), "sigma", sigma),
        ]
    return tuple(indices)


def of_luck(steps: Floats, blocks: Blocks) -> Floats:
    """What ``mu*`` of each factor comes to at most by luck, float64[k]; 0 with one replicate."""
    paths, factors = steps.shape[0], steps.shape[2]
    step = np.diff(steps, axis=1)  # one factor moves in each
    change = np.diff(blocks.runs, axis=1)
    runs = np.isfinite(change[:, 0]).sum(axis=1)
    squares = np.zeros(factors)
    for place in range(step.shape[1]):
        moved = np.abs(step[:, place]).argmax(axis=1)
        width = np.abs(step[:, place]).max(axis=1)
        own = blocks.own_covariance(change[:, place], change[:, place]) / runs / width**2
        squares += np.bincount(moved, weights=own, minlength=factors)
    middle, spread = math.sqrt(2 / math.pi), math.sqrt((1 - 2 / math.pi) / paths)
    return np.asarray(np.sqrt(squares / paths) * (middle + ONE_SIDED * spread))
