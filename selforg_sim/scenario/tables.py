"""What all tables of a scenario file share: strict types, readable refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import ConfigDict, StringConstraints, ValidationError, WrapValidator
from pydantic_core import PydanticCustomError

from selforg_sim.engine.parameters import Parameters

Name = Annotated[
    str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\s.:\[\]\"'/\\]+$")
]
"""A name of a kind, a group, a platform or a dimension: no blanks, dots, colons or quotes."""


class Table(Parameters):
    """A table of a scenario file: frozen, unknown keys refused, no type guessed from another.

    A number in quotes is not a number, and ``true`` is not 1.
    """

    model_config = ConfigDict(strict=True)


def spoken(valid: str) -> WrapValidator:
    """Replace the refusals of all branches of a union by one sentence that says what is valid."""

    def check(value: Any, inner: Callable[[Any], Any]) -> Any:
        try:
            return inner(value)
        except ValidationError:
            raise PydanticCustomError("spoken", "{valid} is valid", {"valid": valid}) from None

    return WrapValidator(check)


class Problems(ValueError):
    """Several refusals that concern a scenario as a whole, each with its place.

    Parameters
    ----------
    found
        Pairs of a place (keys and positions from the root of the file) and a sentence.
    """

    def __init__(self, found: list[tuple[tuple[str | int, ...], str]]) -> None:
        self.found = found
        super().__init__("; ".join(f"{place(where)}: {text}" for where, text in found))


def place(where: tuple[str | int, ...]) -> str:
    """The table and key of a place, as they stand in a file.

    >>> place(("group", "strictness"))
    '[group] strictness'
    >>> place(("events", 1, "day"))
    '[[events]] no. 2, day'
    >>> place(("horizon",))
    'horizon'
    """
    if where and where[0] == "events":
        parts = [f"no. {part + 1}" if isinstance(part, int) else part for part in where[1:]]
        if len(parts) > 2:
            parts[1:] = [".".join(parts[1:])]
        return " ".join(["[[events]]", ", ".join(parts)]).strip()
    words = [str(part) for part in where]
    if len(words) < 2:
        return "".join(words)
    depth = 2 if words[0] in ("people", "groups", "platforms", "rules") else 1
    if len(words) <= depth:
        return "[" + ".".join(words) + "]"
    return "[" + ".".join(words[:depth]) + "] " + ".".join(words[depth:])
