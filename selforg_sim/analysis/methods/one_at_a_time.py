"""One at a time: what each value of a factor does against the scenario as it is.

Runs with the same seed are paired: the effect is the mean over replicates of the difference to the
scenario as it is (the base row), its interval Student's t over these differences. No interactions
are seen in this way.

**Source.** Saltelli & Annoni (2010), *Environmental Modelling & Software* 25.
"""

from __future__ import annotations

import numpy as np

from selforg_sim.analysis.axes import Axis
from selforg_sim.analysis.case import Case
from selforg_sim.analysis.found import Effect, Found, counted
from selforg_sim.analysis.means import means_of
from selforg_sim.engine.types import Floats


def find(case: Case) -> Found:
    """Effects of all values of all factors."""
    why = 'the design is "one_at_a_time": one factor after the other is changed'
    base = np.flatnonzero(np.all([np.isnan(axis.numbers) for axis in case.axes], axis=0))
    runs = case.values[case.place[base[0]]]
    if not np.isfinite(runs).any():
        lacking = (
            f"{case.label} is missing or not defined in the scenario as it is: no effect can be "
            "told."
        )
        return Found("means", why, notes=(lacking,))
    effects = [effect for axis in case.axes for effect in _effects(case, axis, runs)]
    lost = sum(effect.runs == 0 for effect in effects)
    notes = []
    if lost:
        notes.append(
            f"{counted(lost, 'value has', 'values have')} no run with the seed of one of the "
            "scenario as it is in which the outcome is defined."
        )
    if all(effect.runs < 2 for effect in effects):
        notes.append("With a single replicate there is no interval: an effect may be mere luck.")
    used = len(effects) - lost
    return Found("one_at_a_time", why, (), tuple(effects), tuple(notes), used, lost)


def _effects(case: Case, axis: Axis, base: Floats) -> list[Effect]:
    levels = axis.levels(most=axis.numbers.size)
    effects = []
    for code, text in enumerate(levels.texts):
        row = int(np.flatnonzero(levels.codes == code)[0])
        change = means_of((case.values[case.place[row]] - base)[None])
        value, half = float(change.mean[0]), float(change.half[0])
        runs, mean = int(change.runs[0]), float(case.rows[row])
        effects.append(
            Effect((axis.key,), (text,), (code,), mean, value, value - half, value + half, runs)
        )
    return effects
