"""Factors: what an experiment varies, by which law or over which list."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from selforg_sim.engine import quantiles
from selforg_sim.engine.parameters import parameter
from selforg_sim.engine.types import Floats
from selforg_sim.scenario.distributions import (
    Beta,
    Gamma,
    Integers,
    Lognormal,
    Normal,
    Uniform,
)
from selforg_sim.scenario.tables import Table, spoken

Value = float | int | str | bool
Named = Annotated[Value, spoken("a finite number, a text in quotes, true or false")]
Cell = Value | None
"""A value, or None for what the scenario has."""


class Listed(Table):
    """One of some values, each alike; they are tried in this order."""

    distribution: Literal["list"]
    values: Annotated[tuple[Named, ...], Field(strict=False, min_length=1)] = parameter(
        ..., "as the setting", "The values: numbers, texts, or true and false."
    )

    @model_validator(mode="after")
    def _each_once(self) -> Listed:
        text, times = Counter(map(repr, self.values)).most_common(1)[0]
        if times > 1:
            raise ValueError(f"{text} is named twice")
        return self


class LogUniform(Table):
    """Every order of magnitude from ``low`` to ``high`` alike."""

    distribution: Literal["loguniform"]
    low: float = parameter(..., "as the setting", "Least value.", gt=0)
    high: float = parameter(..., "as the setting", "Greatest value.", gt=0)

    @model_validator(mode="after")
    def _in_order(self) -> LogUniform:
        if self.low > self.high:
            raise ValueError(f"low = {self.low:g} is above high = {self.high:g}")
        return self


Law = Listed | Uniform | LogUniform | Integers | Normal | Lognormal | Beta | Gamma
CLIPPED = (0.001, 0.999)
"""Of a law without bounds, a design that wants bounds takes these quantiles."""


class Factor(Table):
    """One factor: a law or a list, and what is to be said of it.

    In a file it is a list of values, ``{ low = 0, high = 1 }`` for a uniform law, or a table with
    a ``distribution``.
    """

    law: Annotated[Law, Field(discriminator="distribution")]
    unit: str | None = parameter(None, "text", "Its unit; absent: that of the setting.")
    label: str | None = parameter(None, "text", "How pictures call it; absent: its key.")
    steps: int | None = parameter(
        None, "values", "Values of a grid between low and high, both included.", ge=2
    )

    @model_validator(mode="before")
    @classmethod
    def _as_written(cls, given: Any) -> Any:
        if isinstance(given, list | tuple):
            return {"law": {"distribution": "list", "values": given}}
        if not isinstance(given, dict) or "law" in given:
            return given
        about = {key: given[key] for key in ("unit", "label", "steps") if key in given}
        law = {key: value for key, value in given.items() if key not in about}
        if "distribution" not in law:
            law["distribution"] = "list" if "values" in law else "uniform"
        return {"law": law, **about}

    @property
    def listed(self) -> bool:
        """Whether it is a list of values."""
        return isinstance(self.law, Listed)

    def grid(self) -> tuple[Value, ...] | None:
        """The values of a grid: those listed, or ``steps`` from low to high; None without."""
        if isinstance(self.law, Listed):
            return self.law.values
        if isinstance(self.law, Integers) and self.steps is None:
            return tuple(range(self.law.low, self.law.high + 1))
        if self.steps is None:
            return None
        low, high = self.ends()
        if isinstance(self.law, LogUniform):
            return tuple(np.geomspace(low, high, self.steps).tolist())
        values = np.linspace(low, high, self.steps).tolist()
        whole = isinstance(self.law, Integers)
        return tuple(dict.fromkeys(round(v) for v in values) if whole else values)

    def ends(self) -> tuple[Any, Any]:
        """Least and greatest value; of a list the first and the last, of an open law quantiles."""
        if isinstance(self.law, Listed):
            return self.law.values[0], self.law.values[-1]
        if isinstance(self.law, LogUniform | Uniform | Integers):
            return self.law.low, self.law.high
        low, high = self.law.bounds()
        inner = self.values(np.array(CLIPPED))
        return low if math.isfinite(low) else inner[0], high if math.isfinite(high) else inner[1]

    def values(self, u: Floats) -> list[Value]:
        """Values by the inverse distribution function.

        Parameters
        ----------
        u : numbers between 0 and 1, float64[n]

        Examples
        --------
        >>> factor = Factor.model_validate(["owner", "core", "others"])
        >>> factor.values(np.array([0.0, 0.5, 0.99]))
        ['owner', 'core', 'others']
        >>> Factor.model_validate({"low": 2, "high": 4}).values(np.array([0.25]))
        [2.5]
        """
        if isinstance(self.law, Listed):
            places = np.minimum((u * len(self.law.values)).astype(int), len(self.law.values) - 1)
            return [self.law.values[place] for place in places]
        if isinstance(self.law, Integers):
            drawn = quantiles.integer_quantile(
                np.minimum(u, 1 - 1e-12), self.law.low, self.law.high
            )
            return list(map(int, drawn))
        return list(map(float, _drawn(self.law, np.clip(u, 1e-9, 1 - 1e-9))))


def _drawn(law: Any, u: Floats) -> Floats:
    match law:
        case Uniform():
            return quantiles.uniform_quantile(u, law.low, law.high)
        case LogUniform():
            low, high = np.log(law.low), np.log(law.high)
            return quantiles.rounded(np.exp(low + (high - low) * u))
        case Lognormal():
            return quantiles.lognormal_quantile(u, law.mu, law.sigma)
        case Beta():
            return quantiles.beta_quantile(u, law.a, law.b)
        case Gamma():
            return quantiles.gamma_quantile(u, law.shape, law.mean)
        case _:
            low, high = law.bounds()
            return np.asarray(np.clip(quantiles.normal_quantile(u, law.mean, law.sd), low, high))


def flat_table(
    table: dict[str, Any], whole: Callable[[dict[str, Any]], bool] = lambda _: False
) -> dict[str, Any]:
    """A table of tables by dotted keys; tables that are ``whole`` stay together.

    >>> table = {"group": {"levels": [1, 2], "clarity": {"low": 0, "high": 1}}}
    >>> flat_table(table, is_factor)
    {'group.levels': [1, 2], 'group.clarity': {'low': 0, 'high': 1}}
    """
    found: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict) and value and not whole(value):
            inner = flat_table(value, whole)
            found.update({f"{key}.{name}": item for name, item in inner.items()})
        else:
            found[key] = value
    return found


def is_factor(table: dict[str, Any]) -> bool:
    """Whether a table is a factor, and not a table of settings that have the names of its keys.

    >>> is_factor({"low": 0, "high": 1}), is_factor({"values": [1, 2], "label": "levels"})
    (True, True)
    >>> is_factor({"low": [0, 1], "high": [2, 3]}), is_factor({"values": {"fun": [0.5, 1]}})
    (False, False)
    """
    return any(isinstance(table.get(key), kinds) for key, kinds in KINDS.items())


KINDS: dict[str, type | tuple[type, ...]] = {
    "law": dict,
    "distribution": str,
    "values": (list, tuple),
    **dict.fromkeys(("low", "high", "steps"), (int, float, str)),
}
"""What stands under the keys of a factor. What is varied is a list or a table itself."""
