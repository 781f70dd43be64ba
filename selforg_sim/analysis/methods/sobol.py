"""Indices of Sobol: which share of the variance between points comes of which factor.

Of the first order: what a factor explains by itself, ``V[E(y|x)]/V[y]``. Total: by itself and in
interactions. Second order: what two factors explain together beyond each by itself. Estimated from
the mean over replicates at each row, by SALib; intervals by its bootstrap over base points, with a
fixed seed.

**Sources.** Sobol (2001), *Mathematics and Computers in Simulation* 55; Saltelli et al. (2010),
*Computer Physics Communications* 181 (estimators); Herman & Usher (2017), *Journal of Open Source
Software* 2 (SALib).
"""

from __future__ import annotations

import numpy as np

from selforg_sim.analysis.case import Case, same
from selforg_sim.analysis.found import Found, Index, counted
from selforg_sim.analysis.means import Blocks, blocks_of
from selforg_sim.engine.types import Floats
from selforg_sim.sweep.designs import Sobol
from selforg_sim.sweep.designs.sample import problem

SEED = 20_260_101
FEWEST = 16
"""Base points below which no index is told."""
RESAMPLES = (100, 1000)
MOST_DRAWN = 2_000_000
"""Numbers that the bootstrap holds at once, about."""


def find(case: Case) -> Found:
    """Indices of Sobol of a case.

    A base point with its rows is left out as a whole where a value is missing or not defined.
    """
    assert isinstance(case.design, Sobol)
    blocks = blocks_of(case.values, case.place, case.size)
    used = blocks.kept.size
    why = f'the design is "sobol": {counted(case.design.n, "base point")} after Saltelli'
    notes = tuple(_notes(case, blocks))
    if used < FEWEST:
        few = f"{counted(used, 'whole base point')}: too few for indices, which need {FEWEST}."
        return Found("means", why, notes=(few, *notes), left_out=blocks.left_out)
    values = blocks.values
    if same(values[:, [0, -1]]):
        return Found("means", f"{case.label} is the same at all base points", notes=notes)
    indices = indices_of(values, tuple(axis.key for axis in case.axes), case.design.second_order)
    return Found("sobol", why, indices, notes=notes, used=used, left_out=blocks.left_out)


def indices_of(values: Floats, factors: tuple[str, ...], second_order: bool) -> tuple[Index, ...]:
    """Indices from the values at base points.

    Parameters
    ----------
    values : float64[base points, k + 2] (2k + 2 with second order), in the order of Saltelli
    """
    from SALib.analyze import sobol

    resamples = int(np.clip(MOST_DRAWN // values.shape[0], *RESAMPLES))
    found = sobol.analyze(
        problem(dict.fromkeys(factors)),  # type: ignore[arg-type]  # names are all it takes
        values.ravel(),
        calc_second_order=second_order,
        num_resamples=resamples,
        seed=SEED,
    )
    indices = [
        _index((factor,), kind, found[key][k], found[f"{key}_conf"][k])
        for kind, key in (("first", "S1"), ("total", "ST"))
        for k, factor in enumerate(factors)
    ]
    if second_order:
        indices += [
            _index((a, b), "second", found["S2"][i, j], found["S2_conf"][i, j])
            for i, a in enumerate(factors)
            for j, b in enumerate(factors)
            if i < j
        ]
    return tuple(indices)


def _index(factors: tuple[str, ...], kind: str, value: float, half: float) -> Index:
    return Index(factors, kind, float(value), float(value - half), float(value + half))


def _notes(case: Case, blocks: Blocks) -> list[str]:
    notes = []
    if blocks.left_out:
        were = counted(blocks.left_out, "base point was", "base points were")
        notes.append(
            f"{were} left out, with all their rows, since a value in them is missing or not "
            "defined: the indices speak of the rest."
        )
    fewer = case.values.shape[1] - blocks.replicates
    if blocks.kept.size and fewer and case.waiting:
        runs = counted(fewer, "replicate that is hardly begun was", "replicates hardly begun were")
        notes.append(f"{runs} not used.")
    return notes
