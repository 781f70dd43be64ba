"""The tables [rules.<point>]: the numbers of the nine rules, under the names of the nine points."""

from __future__ import annotations

from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from selforg_sim.rules.aggregation import Params as Aggregation
from selforg_sim.rules.belonging import Params as Belonging
from selforg_sim.rules.evolution import Params as Evolution
from selforg_sim.rules.influence import Params as Influence
from selforg_sim.rules.initiation import Params as Initiation
from selforg_sim.rules.interest import Params as Interest
from selforg_sim.rules.structure import Params as Structure
from selforg_sim.rules.time_and_cash import Params as TimeAndCash
from selforg_sim.rules.value_core import Params as ValueCore
from selforg_sim.scenario.tables import Table


class RuleParameters(Table):
    """The numbers of the nine rules."""

    initiation: Initiation = Field(default_factory=Initiation)
    value_core: ValueCore = Field(default_factory=ValueCore)
    belonging: Belonging = Field(default_factory=Belonging)
    structure: Structure = Field(default_factory=Structure)
    influence: Influence = Field(default_factory=Influence)
    interest: Interest = Field(default_factory=Interest)
    time_and_cash: TimeAndCash = Field(default_factory=TimeAndCash)
    aggregation: Aggregation = Field(default_factory=Aggregation)
    evolution: Evolution = Field(default_factory=Evolution)

    @field_validator("*", mode="before")
    @classmethod
    def _strictly(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse numbers in quotes and ``true`` for 1, as in all other tables."""
        params: Any = cls.model_fields[str(info.field_name)].annotation
        return params.model_validate(value, strict=True) if isinstance(value, dict) else value
