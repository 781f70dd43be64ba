"""The table ``series`` on some days only, as if nothing else had been recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from selforg_sim.engine.types import Ints
from selforg_sim.plan import MEASURES

FLOWS = tuple(measure.name for measure in MEASURES if measure.flow)
"""Measures that count what happened since the last recorded day."""
RATES = tuple(measure.name for measure in MEASURES if measure.unit.endswith("/day"))
"""Measures of the day itself: nothing on a day on which the group is no more."""

Columns = Mapping[str, Any]


def thinned(series: Columns, days: Sequence[int]) -> dict[str, Any]:
    """Rows of these days; what is counted between two of them is added up.

    A group that ended in between has its row on the next of the days, as in a run that records
    these days only.

    Parameters
    ----------
    series : columns of a run in which every day was recorded
    days : ascending

    Examples
    --------
    >>> daily = {"day": np.array([0, 1, 2]), "group": np.array([0, 0, 0]),
    ...          "size": np.array([1, 4, 9]), "joins": np.array([1, 3, 5])}
    >>> {name: column.tolist() for name, column in thinned(daily, [0, 2]).items()}
    {'day': [0, 2], 'group': [0, 0], 'size': [1, 9], 'joins': [1, 8]}
    """
    wanted = np.asarray(sorted(set(days)), dtype=np.int64)
    place = np.asarray(
        np.searchsorted(wanted, series["day"])
    )  # the first of the days not before the row's
    inside = np.flatnonzero(place < wanted.size)
    columns = {name: np.asarray(column)[inside] for name, column in series.items()}
    last = _last_of_each(place[inside], columns["group"])
    found = {name: column[last] for name, column in columns.items()}
    found["day"] = wanted[place[inside][last]].astype(columns["day"].dtype)
    gone = columns["day"][last] < found["day"]
    for name in RATES:
        if name in columns:
            found[name] = np.where(gone, 0, found[name])
    for name in FLOWS:
        if name in columns:
            found[name] = _sums(place[inside], columns["group"], columns[name], last)
    return found


def _last_of_each(place: Ints, group: Ints) -> Ints:
    """Rows after which no other has the same place and group, in the order of rows."""
    order = np.lexsort((np.arange(place.size), group, place))
    ends = np.ones(place.size, dtype=bool)
    same = (np.diff(place[order]) == 0) & (np.diff(group[order]) == 0)
    ends[:-1] = ~same
    return np.asarray(order[ends])  # by place, then group: the order in which days are recorded


def _sums(place: Ints, group: Ints, values: Any, last: Ints) -> Any:
    """Sums of values over all rows of the same place and group as each of ``last``."""
    width = int(group.max(initial=0)) + 1
    keys = place * width + group
    known, where = np.unique(keys, return_inverse=True)
    sums = np.zeros(known.size, dtype=np.int64)
    np.add.at(sums, where, values.astype(np.int64))
    return sums[np.searchsorted(known, keys[last])].astype(values.dtype)
