"""How a trait is spread over the people of a kind: a number for all, or a probability law."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field, model_serializer, model_validator

from selforg_sim.engine.parameters import parameter
from selforg_sim.scenario.tables import Table

Bounds = tuple[float, float]
LawT = TypeVar("LawT", bound=Table)


class Constant(Table):
    """The same number for everybody; in a file simply the number."""

    distribution: Literal["constant"] = "constant"
    value: float = parameter(..., "unit of the trait", "The number that all have.")

    @model_serializer
    def _bare(self) -> float:
        return self.value

    def bounds(self) -> Bounds:
        """Least and greatest value that a person can have."""
        return self.value, self.value


class Uniform(Table):
    """Every number from ``low`` to ``high`` alike."""

    distribution: Literal["uniform"]
    low: float = parameter(..., "unit of the trait", "Least value.")
    high: float = parameter(..., "unit of the trait", "Greatest value.")

    @model_validator(mode="after")
    def _in_order(self) -> Uniform:
        return _ordered(self, self.low, self.high)

    def bounds(self) -> Bounds:
        """Least and greatest value that a person can have."""
        return self.low, self.high


class Integers(Table):
    """Every whole number from ``low`` to ``high``, both included, alike."""

    distribution: Literal["integers"]
    low: int = parameter(..., "unit of the trait", "Least value.")
    high: int = parameter(..., "unit of the trait", "Greatest value.")

    @model_validator(mode="after")
    def _in_order(self) -> Integers:
        return _ordered(self, self.low, self.high)

    def bounds(self) -> Bounds:
        """Least and greatest value that a person can have."""
        return self.low, self.high


class Normal(Table):
    """The bell curve; what falls outside ``low`` .. ``high`` is set to the nearer of the two."""

    distribution: Literal["normal"]
    mean: float = parameter(..., "unit of the trait", "Mean before cutting.")
    sd: float = parameter(..., "unit of the trait", "Standard deviation before cutting.", ge=0)
    low: float | None = parameter(None, "unit of the trait", "Least value; absent: no limit.")
    high: float | None = parameter(None, "unit of the trait", "Greatest value; absent: no limit.")

    @model_validator(mode="after")
    def _in_order(self) -> Normal:
        low, high = self.bounds()
        return _ordered(self, low, high)

    def bounds(self) -> Bounds:
        """Least and greatest value that a person can have."""
        low = -math.inf if self.low is None else self.low
        return low, math.inf if self.high is None else self.high


class Lognormal(Table):
    """The logarithm is normal with mean ``mu`` and deviation ``sigma``: many small, few large."""

    distribution: Literal["lognormal"]
    mu: float = parameter(
        ..., "log", "Mean of the logarithm; the median is exp(mu).", ge=-50, le=50
    )
    sigma: float = parameter(..., "log", "Standard deviation of the logarithm.", ge=0, le=10)

    def bounds(self) -> Bounds:
        """Least and greatest value that a person can have."""
        return 0.0, math.inf


class Beta(Table):
    """A share between 0 and 1 with mean a/(a+b); a small ``a`` puts most people near 0."""

    distribution: Literal["beta"]
    a: float = parameter(..., "1", "First shape.", gt=0)
    b: float = parameter(..., "1", "Second shape.", gt=0)

    def bounds(self) -> Bounds:
        """Least and greatest value that a person can have."""
        return 0.0, 1.0


class Gamma(Table):
    """Non-negative, with the given mean; a ``shape`` below 1 puts most people near 0."""

    distribution: Literal["gamma"]
    shape: float = parameter(..., "1", "Shape; the smaller, the more unequal.", gt=0)
    mean: float = parameter(..., "unit of the trait", "Mean.", gt=0)

    def bounds(self) -> Bounds:
        """Least and greatest value that a person can have."""
        return 0.0, math.inf


def _ordered(law: LawT, low: float, high: float) -> LawT:
    if low > high:
        raise ValueError(f"low = {low:g} is above high = {high:g}")
    return law


def _number_is_constant(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"distribution": "constant", "value": value}
    return value


Law = Constant | Uniform | Integers | Normal | Lognormal | Beta | Gamma
Distribution = Annotated[
    Law, Field(discriminator="distribution"), BeforeValidator(_number_is_constant)
]
"""A law, or a bare number for :class:`Constant`."""
