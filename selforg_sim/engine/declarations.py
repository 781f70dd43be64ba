"""What a rule declares: its columns, its decisions, its measures and its phases of the day.

Every name is unique in the whole model: a kernel asks for its arrays by the names of its arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

TableName = Literal["person", "group", "membership"]
Span = Literal["people", "members", "groups", "sums", "requests", "world"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the state: a number per person, group or membership.

    ``width`` makes it a row of numbers: one per value dimension or one per kind of resource.
    ``birth`` is what a new row starts with.
    """

    name: str
    table: TableName
    dtype: str
    unit: str
    meaning: str
    birth: float = 0
    width: Literal["values", "resources"] | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One source of luck. ``number`` enters every draw; ``a`` and ``b`` say whose keys do."""

    number: int
    name: str
    a: str
    b: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One number per group and recorded day, in the results table ``series``.

    ``flow`` says that it counts what happened since the last recorded day.
    """

    name: str
    dtype: Literal["int32", "float64", "category"]
    unit: str
    meaning: str
    nullable: bool = False
    categories: tuple[str, ...] | None = None
    flow: bool = False


@dataclass(frozen=True, slots=True)
class Phase:
    """One step of the day.

    ``span`` says what it passes over, and how it may be cut over threads: ``people`` and
    ``requests`` by ranges of rows; ``members`` by ranges of the list of memberships, no person's
    being parted. ``groups``, and ``sums`` over the members of groups in row order, stay in one
    piece; ``world`` takes the whole state.
    """

    step: int
    name: str
    point: str
    span: Span
    kernel: Callable[..., Any]
    meaning: str
