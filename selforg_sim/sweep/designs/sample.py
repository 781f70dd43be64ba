"""What a design gives: a table of values, and the places in the unit cube that they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from selforg_sim.engine.types import Floats
from selforg_sim.sweep.factors import Cell, Factor

Factors = Mapping[str, Factor]


@dataclass(frozen=True)
class Sample:
    """The rows of a design, in the order in which its analysis wants them.

    Attributes
    ----------
    columns : values by key of the factor, all of the same length; None is what the scenario has
    unit : places between 0 and 1, float64[rows, factors]; None where nothing was drawn
    shuffled : whether rows may be run in any order; else parts of a design belong together
    places : where each row stands, in words, if somebody has written it; else empty
    """

    columns: Mapping[str, Sequence[Cell]]
    unit: Floats | None = None
    shuffled: bool = True
    places: Sequence[str] = ()

    @property
    def rows(self) -> int:
        """How many rows there are; one where nothing is varied."""
        return len(next(iter(self.columns.values()))) if self.columns else 1


def from_cube(factors: Factors, unit: Floats, *, shuffled: bool) -> Sample:
    """A sample from places in the unit cube, by each factor's inverse distribution function."""
    columns = {key: factor.values(unit[:, k]) for k, (key, factor) in enumerate(factors.items())}
    return Sample(columns, unit, shuffled)


def problem(factors: Factors) -> dict[str, object]:
    """The unit cube of the factors, in the words of SALib."""
    return {
        "num_vars": len(factors),
        "names": list(factors),
        "bounds": [[0.0, 1.0] for _ in factors],
    }
