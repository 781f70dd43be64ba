"""People: their kinds, their traits, how many, what they value and whom they know."""

from __future__ import annotations

import math
from collections import Counter
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from selforg_sim.engine.limits import MOST_OF_A_KIND
from selforg_sim.engine.parameters import parameter, share
from selforg_sim.scenario.distributions import Distribution, Law
from selforg_sim.scenario.tables import Name, Problems, Table, spoken

Count = Annotated[
    Annotated[int, Field(ge=0, le=MOST_OF_A_KIND)] | Literal["rest"],
    spoken('a whole number of 0 or more, or "rest",'),
]
Pairs = list[tuple[tuple[str | int, ...], str]]


def trait(unit: str, meaning: str, high: float = math.inf) -> Any:
    """A trait that every person has, between 0 and ``high``."""
    limit = {} if math.isinf(high) else {"high": high}
    return Field(description=meaning, json_schema_extra={"unit": unit, "low": 0, **limit})


class Kind(Table):
    """One kind of people: how many, and how each trait is spread over them.

    In a file only what differs from the role card is written; here every trait is present.
    """

    count: Count = parameter(..., "people", 'How many; "rest": all who remain of the total.')
    card: str = parameter(..., "name", "The role card that the traits come from.")
    budget: Distribution = trait("hours/day", "Time for all groups together (T).")
    dedication: Distribution = trait("value/hour", "Value that an hour of giving has (q).")
    status: Distribution = trait("share", "Money, power and aura (z).", 1)
    voice: Distribution = trait("share", "Chance to give on a day when fully drawn once (a).", 1)
    interest: Distribution = trait("share", "Weight of material return against values (w).", 1)
    expectation: Distribution = trait("value", "Value that a group should have for him (theta).")
    patience: Distribution = trait("days", "Time that he watches before he turns (tau).")
    temper: Distribution = trait("share", "Chance that disappointment turns to trouble (d).", 1)
    restlessness: Distribution = trait("1", "Readiness to leave, 1 on average (psi).")
    ties: Distribution = trait("1", "Contacts relative to the scenario's mean; 0: none at all.")

    @model_validator(mode="after")
    def _traits_in_range(self) -> Kind:
        texts = {name: out_of_range(name, getattr(self, name)) for name in TRAITS}
        found: Pairs = [((name,), text) for name, text in texts.items() if text]
        if found:
            raise Problems(found)
        return self

    def traits(self) -> dict[str, Law]:
        """The law of each trait, in the order of :data:`TRAITS`."""
        return {name: getattr(self, name) for name in TRAITS}


def out_of_range(name: str, law: Law) -> str | None:
    """Say what is wrong with the law of a trait; None if all its values are possible.

    >>> from selforg_sim.scenario.distributions import Constant
    >>> out_of_range("voice", Constant(value=1.4))
    '1.4 was given; a share from 0 to 1 is valid'
    """
    extra = Kind.model_fields[name].json_schema_extra
    top = float(extra.get("high", math.inf)) if isinstance(extra, dict) else math.inf  # type: ignore[arg-type]
    low, high = law.bounds()
    if low >= 0 and high <= top:
        return None
    given = f"{low:g}" if low == high else f"a law from {low:g} to {high:g}"
    valid = "0 or more" if math.isinf(top) else f"a share from 0 to {top:g}"
    return f"{given} was given; {valid} is valid"


TRAITS: tuple[str, ...] = tuple(n for n in Kind.model_fields if n not in ("count", "card"))
"""The names of the ten traits, in the order of the tables."""


class Population(Table):
    """The people as a whole."""

    total: Annotated[int, Field(ge=0)] | None = parameter(
        None, "people", 'All people together; needed where a kind has count = "rest".'
    )
    resources: int = parameter(
        5, "kinds", "Kinds of resources that people hold; each holds one of them.", ge=1, le=64
    )


class Values(Table):
    """What people can care for, and how one-sided they are."""

    dimensions: Annotated[tuple[Name, ...], Field(strict=False)] = parameter(
        ("sharing", "learning", "friendship", "projects", "earning"),
        "names",
        'Names of the values; the rules use those named "projects" and "earning".',
    )
    concentration: float = parameter(
        0.5, "1", "Dirichlet parameter: small, each cares for one thing; large, for all.", gt=0
    )

    @model_validator(mode="after")
    def _named_once(self) -> Values:
        if not self.dimensions:
            raise Problems([(("dimensions",), "at least one name is needed")])
        twice = {name for name, times in Counter(self.dimensions).items() if times > 1}
        if twice:
            raise Problems([(("dimensions",), f"named twice: {', '.join(sorted(twice))}")])
        return self


Generator = Literal["small_world", "preferential_attachment", "blocks", "file", "none"]


class Contacts(Table):
    """Who knows whom."""

    generator: Generator = parameter(
        "small_world", "name", "How contacts are made; a file holds a real network."
    )
    mean: float = parameter(20.0, "people", "Contacts of an average person; 5 to 130.", ge=0)
    rewire: float = share(0.1, "Ties that lead anywhere instead of nearby (small_world).")
    affinity: float = share(0.7, "Ties to people of the same leading value (blocks).")
    path: str | None = parameter(
        None, "path", 'The file of contacts, from the scenario\'s folder (generator = "file").'
    )
