"""Sets of views: many people or groups as row numbers, turned into views only when looked at.

`Members` does what Mesa's ``AgentSet`` does. It is a type of its own, because an ``AgentSet`` holds
its agents by weak references, and views that nobody else holds would vanish from it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, MutableSet, Sequence
from random import Random
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, cast, overload

import numpy as np

from selforg_sim.agents.cells import shared_cell
from selforg_sim.agents.group import Group
from selforg_sim.agents.member import Member
from selforg_sim.engine.columns import Array
from selforg_sim.engine.types import Ints
from selforg_sim.errors import UsageError, nearest

if TYPE_CHECKING:
    from selforg_sim.model import SelfOrgModel

V = TypeVar("V", Member, Group)
Verb = str | Callable[..., Any]


def call(verb: Verb, view: Any, *args: Any, **kwargs: Any) -> Any:
    """Call a method by its name, or a function with the view as first argument."""
    if isinstance(verb, str):
        return getattr(view, verb)(*args, **kwargs)
    return verb(view, *args, **kwargs)


def from_numpy(function: Callable[..., Any]) -> bool:
    """Whether a function is numpy's own and best given an array; others get a list."""
    return isinstance(function, np.ufunc) or str(function.__module__).startswith("numpy")


class Views(Sequence[V], Generic[V]):
    """Views of some rows, in an order.

    Parameters
    ----------
    model : whose
    rows : row numbers, shape (views,)
    """

    base: type[V]

    def __init__(self, model: SelfOrgModel, rows: Ints) -> None:
        self.model = model
        self.rows = rows

    def view(self, row: int) -> V:
        """The view of one row."""
        raise NotImplementedError

    def classes(self) -> tuple[type, ...]:
        """The classes that these views may have."""
        return (self.base,)

    def __len__(self) -> int:
        return int(self.rows.shape[0])

    def __iter__(self) -> Iterator[V]:
        return map(self.view, self.rows.tolist())

    def __contains__(self, view: object) -> bool:
        if not isinstance(view, self.base) or view.model is not self.model:
            return False
        return bool((self.rows == view.row).any())

    @overload
    def __getitem__(self, which: int) -> V: ...

    @overload
    def __getitem__(self, which: slice) -> list[V]: ...

    def __getitem__(self, which: int | slice) -> V | list[V]:
        """One view by its position, or a list of them for a slice."""
        if isinstance(which, slice):
            return [self.view(row) for row in self.rows[which].tolist()]
        return self.view(self.rows[which].item())

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)}>"

    def to_list(self) -> list[V]:
        """All views."""
        return list(self)

    def column(self, name: str) -> Array | None:
        """The values of an attribute as an array, if it stands in a column; else None."""
        cell = shared_cell(name, self.base, self.classes())
        return None if cell is None else cell.read_all(self.model.world, self.rows)

    def get(
        self,
        attr_names: str | Sequence[str],
        handle_missing: Literal["error", "default"] = "error",
        default_value: Any = None,
    ) -> list[Any]:
        """Values of an attribute, or of several, one entry for each view.

        Raises
        ------
        AttributeError
            If there is no such attribute and ``handle_missing`` is "error".
        """
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing: {handle_missing!r}; valid are 'error' and 'default'")
        if not isinstance(attr_names, str):
            columns = [self.get(name, handle_missing, default_value) for name in attr_names]
            return [list(values) for values in zip(*columns, strict=True)]
        column = self.column(attr_names)
        if column is not None:
            return column.tolist() if column.ndim == 1 else list(column)
        if handle_missing == "error":
            return [getattr(view, attr_names) for view in self]
        return [getattr(view, attr_names, default_value) for view in self]

    def agg(self, attribute: str, func: Callable[..., Any] | Iterable[Callable[..., Any]]) -> Any:
        """One function, or several, of the values of an attribute."""
        functions = [func] if callable(func) else list(func)
        column = self.column(attribute)
        values: list[Any] | None = None
        results = []
        for function in functions:
            if column is not None and from_numpy(function):
                results.append(function(column))
                continue
            if values is None:
                values = self.get(attribute)
            results.append(function(values))
        return results[0] if callable(func) else results

    def map(self, method: Verb, *args: Any, **kwargs: Any) -> list[Any]:
        """Call a method or function on each view; return what it returns."""
        return [call(method, view, *args, **kwargs) for view in self]


class Members(Views[Member], MutableSet[Member]):
    """Some people, with the methods of Mesa's ``AgentSet``.

    Attributes that stand in columns are read, aggregated and set without making a single view.
    Adding, discarding, and sorting or shuffling in place, change this set and nobody in the world.

    Examples
    --------
    >>> from selforg_sim.model import SelfOrgModel
    >>> model = SelfOrgModel("smoke")
    >>> people = model.agents
    >>> len(people), len(people.select(agent_type=Member)), people.groupby("kind").count()["lurker"]
    (300, 300, 267)
    >>> rich = people.select(people.column("status") > 0.5)
    >>> rich.agg("status", min) > 0.5
    True
    >>> people.set("budget", 1.0).agg("budget", [min, max])
    [1.0, 1.0]
    """

    base = Member
    __hash__ = None  # type: ignore[assignment]

    @property
    def random(self) -> Random:
        """The model's generator; the rules never use it."""
        return cast(Random, self.model.random)

    def view(self, row: int) -> Member:
        """The view of one person."""
        return self.model.member(row)

    def classes(self) -> tuple[type, ...]:
        """The classes of all kinds."""
        return tuple(self.model.agent_types)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Members):
            return NotImplemented
        same = self.model is other.model
        return same and np.array_equal(np.sort(self.rows), np.sort(other.rows))

    def _from_iterable(self, people: Iterable[Member]) -> Members:  # type: ignore[override]
        rows = dict.fromkeys(person.row for person in people)
        return self._of(np.fromiter(rows, dtype=np.int64))

    def _of(self, rows: Ints) -> Members:
        return Members(self.model, rows)

    def _take(self, rows: Ints, inplace: bool) -> Members:
        if not inplace:
            return self._of(rows)
        self.rows = rows
        return self

    def __copy__(self) -> Members:
        return self._of(self.rows.copy())

    copy = __copy__

    def add(self, value: Member) -> None:
        """Put a person into this set."""
        if value.model is not self.model:
            raise UsageError(f"add: {value!r} lives in another model.")
        if value not in self:
            self.rows = np.append(self.rows, value.row)

    def discard(self, value: Member) -> None:
        """Take a person out of this set, if he is in it."""
        if value in self:
            self.rows = self.rows[self.rows != value.row]

    def select(
        self,
        filter_func: Callable[[Member], bool] | Sequence[bool] | Array | None = None,
        at_most: float = math.inf,
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> Members:
        """The people who pass.

        Parameters
        ----------
        filter_func : function of a person, or a mask with one truth value for each
        at_most : the first so many; a float up to 1 is a share of this set
        inplace : change this set instead of returning a new one
        agent_type : only people of this class
        """
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(self) * at_most)
        rows = self.rows
        if agent_type is not None:
            rows = rows[self._are(agent_type)]
        if filter_func is not None and not callable(filter_func):
            mask = self._mask(filter_func)
            rows = rows[mask if agent_type is None else mask[self._are(agent_type)]]
        elif filter_func is not None:
            rows = self._passing(rows, filter_func, at_most)
        return self._take(rows if math.isinf(at_most) else rows[: int(at_most)], inplace)

    def _are(self, agent_type: type) -> Array:
        kinds = [issubclass(cls, agent_type) for cls in self.model.kind_classes]
        return np.array(kinds, dtype=bool)[self.model.world.state.people["kind"][self.rows]]

    def _mask(self, given: Sequence[bool] | Array) -> Array:
        mask = np.asarray(given)
        if mask.dtype != bool or mask.shape != self.rows.shape:
            raise UsageError(
                f"select: a function, or a mask of {len(self)} truth values, is valid; "
                f"an array of {mask.dtype} with shape {mask.shape} was given."
            )
        return mask

    def _passing(self, rows: Ints, passes: Callable[[Member], bool], at_most: float) -> Ints:
        found: list[int] = []
        for row in rows.tolist():
            if len(found) >= at_most:
                break
            if passes(self.view(row)):
                found.append(row)
        return np.array(found, dtype=np.int64)

    def shuffle(self, inplace: bool = False) -> Members:
        """The same people in random order."""
        rows = self.rows.tolist()
        self.random.shuffle(rows)
        return self._take(np.array(rows, dtype=np.int64), inplace)

    def sort(
        self, key: Callable[[Member], Any] | str, ascending: bool = False, inplace: bool = False
    ) -> Members:
        """The same people ordered by an attribute or a function; largest first, as in Mesa."""
        values = self.get(key) if isinstance(key, str) else [key(person) for person in self]
        order = sorted(range(len(self)), key=values.__getitem__, reverse=not ascending)
        return self._take(self.rows[np.array(order, dtype=np.int64)], inplace)

    def do(self, method: Verb, *args: Any, **kwargs: Any) -> Members:
        """Call a method or function on each person."""
        for person in self:
            call(method, person, *args, **kwargs)
        return self

    def shuffle_do(self, method: Verb, *args: Any, **kwargs: Any) -> Members:
        """Call a method or function on each person, in random order."""
        self.shuffle().do(method, *args, **kwargs)
        return self

    def set(self, attr_name: str, value: Any) -> Members:
        """Give everybody the same value of an attribute."""
        cell = shared_cell(attr_name, Member, self.classes())
        if cell is not None:
            cell.write(self.model.world, self.rows, value)
            return self
        for person in self:
            setattr(person, attr_name, value)
        return self

    def groupby(
        self,
        by: Callable[[Member], Hashable] | str,
        result_type: Literal["agentset", "list"] = "agentset",
    ) -> GroupBy:
        """The people by an attribute or by what a function says of them."""
        keys = self.get(by) if isinstance(by, str) else [by(person) for person in self]
        rows: dict[Any, list[int]] = {}
        for key, row in zip(keys, self.rows.tolist(), strict=True):
            rows.setdefault(key, []).append(row)
        sets = {key: self._of(np.array(found, dtype=np.int64)) for key, found in rows.items()}
        if result_type == "list":
            return GroupBy({key: members.to_list() for key, members in sets.items()})
        return GroupBy(sets)


class GroupBy:
    """People by some key, as Mesa's ``GroupBy``.

    Attributes
    ----------
    groups : the people of each key, as `Members` or as a list
    """

    def __init__(self, groups: dict[Any, Any]) -> None:
        self.groups = groups

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        return iter(self.groups.items())

    def __len__(self) -> int:
        return len(self.groups)

    def map(self, method: Verb, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        """Call a method or function on the people of each key; return what it returns."""
        return {key: call(method, some, *args, **kwargs) for key, some in self}

    def do(self, method: Verb, *args: Any, **kwargs: Any) -> GroupBy:
        """The same, returning the keys and people again."""
        self.map(method, *args, **kwargs)
        return self

    def count(self) -> dict[Any, int]:
        """People of each key."""
        return {key: len(some) for key, some in self}

    def agg(self, attr_name: str, func: Callable[..., Any]) -> dict[Any, Any]:
        """A function of the values of an attribute, for each key."""
        return {
            key: some.agg(attr_name, func)
            if isinstance(some, Members)
            else func([getattr(person, attr_name) for person in some])
            for key, some in self
        }


class Groups(Views[Group]):
    """Some groups, by position or by name.

    Examples
    --------
    >>> from selforg_sim.model import SelfOrgModel
    >>> groups = SelfOrgModel("smoke").groups
    >>> len(groups), groups["g2"] == groups[1], groups.agg("size", sum)
    (6, True, 6)
    """

    base = Group

    def view(self, row: int) -> Group:
        """The view of one group."""
        return self.model.group(row)

    @property
    def names(self) -> list[str]:
        """The groups' names, in order."""
        return [self.model.world.state.group_names[row] for row in self.rows.tolist()]

    @overload
    def __getitem__(self, which: int | str) -> Group: ...

    @overload
    def __getitem__(self, which: slice) -> list[Group]: ...

    def __getitem__(self, which: int | str | slice) -> Group | list[Group]:
        """One group by position or name, or a list of them for a slice."""
        if not isinstance(which, str):
            return super().__getitem__(which)
        names = self.names
        if which not in names:
            raise UsageError(f"There is no group '{which}' here. {nearest(which, names)}")
        return self.view(self.rows[names.index(which)].item())
