"""Cells: properties of a person or a group that stand in a column of the engine.

A view has a model and a row and nothing else. Reading one of its properties reads a cell; reading
the same property of many views at once reads the column, which is a hundred times faster.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from inspect import getattr_static
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, overload

import numpy as np

from selforg_sim.engine.columns import Array
from selforg_sim.engine.types import Ints
from selforg_sim.errors import UsageError
from selforg_sim.world import World

if TYPE_CHECKING:
    from selforg_sim.model import SelfOrgModel

    class View(Protocol):
        """What every view has."""

        @property
        def model(self) -> SelfOrgModel: ...

        @property
        def row(self) -> int: ...


T = TypeVar("T")


class Cell(Generic[T]):
    """One number of a view, read from and written to a column.

    Parameters
    ----------
    table : "people" or "groups"
    column : the column's name
    meaning : a sentence, with the unit
    settable : whether it may be changed from outside
    high : largest valid number; the smallest is 0
    """

    def __init__(
        self, table: str, column: str, meaning: str, settable: bool = False, high: float = math.inf
    ) -> None:
        self.table = table
        self.column = column
        self.settable = settable
        self.high = high
        self.__doc__ = meaning

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, view: None, owner: type) -> Cell[T]: ...

    @overload
    def __get__(self, view: View, owner: type) -> T: ...

    def __get__(self, view: View | None, owner: type) -> Cell[T] | T:
        if view is None:
            return self
        return self.read(view.model.world, view.row)

    def __set__(self, view: View, value: Any) -> None:
        self.write(view.model.world, np.array([view.row]), value)

    def read(self, world: World, row: int) -> T:
        """The cell of one row."""
        value: T = getattr(world.state, self.table).arrays[self.column].item(row)
        return value

    def read_all(self, world: World, rows: Ints) -> Array:
        """The cells of some rows, as an array."""
        column: Array = getattr(world.state, self.table).arrays[self.column]
        return column[rows]

    def write(self, world: World, rows: Ints, value: Any) -> None:
        """Give some rows the same value.

        Raises
        ------
        UsageError
            If the value is not valid.
        """
        if not self.settable:
            raise UsageError(f"{self.name} can be read but not set: it follows from the model.")
        getattr(world.state, self.table).arrays[self.column][rows] = self.checked(value)

    def checked(self, value: Any) -> Any:
        """The value as a number, if it is valid."""
        valid = "0 or more" if math.isinf(self.high) else f"a number from 0 to {self.high:g}"
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.nan
        if not (math.isfinite(number) and 0.0 <= number <= self.high):
            raise UsageError(f"{self.name}: {value!r} was given; {valid} is valid.")
        return number


class Computed(Cell[T]):
    """A property that is worked out from columns, for one row or for many.

    Parameters
    ----------
    meaning : a sentence, with the unit
    one : function of world and row
    many : function of world and rows; must agree with ``one`` to the bit
    """

    def __init__(
        self,
        meaning: str,
        one: Callable[[World, int], T],
        many: Callable[[World, Ints], Array],
    ) -> None:
        super().__init__("", "", meaning)
        self.one = one
        self.many = many

    def read(self, world: World, row: int) -> T:
        """The value of one row."""
        return self.one(world, row)

    def read_all(self, world: World, rows: Ints) -> Array:
        """The values of some rows."""
        return self.many(world, rows)


def shared_cell(name: str, base: type, classes: tuple[type, ...]) -> Cell[Any] | None:
    """The cell behind an attribute, if all these classes have it from ``base`` unchanged."""
    cell = getattr_static(base, name, None)
    if isinstance(cell, Cell) and all(getattr_static(c, name, None) is cell for c in classes):
        return cell
    return None


def mean_by_person(world: World, column: str, rows: Ints) -> Array:
    """Mean of a column of memberships over each person's groups; 0 for who is in none."""
    state = world.state
    members = state.memberships
    used = members.rows()
    sums = np.bincount(
        members["member_person"][used], weights=members[column][used], minlength=state.people.rows
    )
    return (sums / np.maximum(1, members["member_count"]))[rows]


def mean_of_person(world: World, column: str, row: int) -> float:
    """The same for one person, added in the same order."""
    members = world.state.memberships.arrays
    count: int = members["member_count"].item(row)
    first = members["first_row"].item(row)
    total = 0.0
    for value in members[column][first : first + count].tolist():
        total += value
    return total / max(1, count)


def mean_by_group(world: World, column: str, rows: Ints) -> Array:
    """Mean of a column of memberships over each group's members; 0 where there is none."""
    state = world.state
    members = state.memberships
    used = members.rows()
    groups = members["member_group"][used]
    sums = np.bincount(groups, weights=members[column][used], minlength=state.groups.rows)
    return (sums / np.maximum(1, np.bincount(groups, minlength=state.groups.rows)))[rows]
