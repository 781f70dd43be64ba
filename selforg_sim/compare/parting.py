"""The day on which two worlds part: the first on which any group is another group."""

from __future__ import annotations

import numpy as np

from selforg_sim.engine.types import Floats, Ints
from selforg_sim.world import World


def parting_day(a: World, b: World) -> int | None:
    """First day on which any measure of any group differs; None if the worlds never part.

    Groups are matched by their keys of chance, not by their rows: that one world has a group more
    makes the others no other groups.
    """
    one, other = _by_day_and_key(a), _by_day_and_key(b)
    rows = min(one["day"].shape[0], other["day"].shape[0])
    differs = np.zeros(rows, dtype=bool)
    for name in one:
        if name != "group":
            differs |= unlike(one[name][:rows], other[name][:rows])
    found = np.flatnonzero(differs)
    if found.size:
        return int(min(one["day"][found[0]], other["day"][found[0]]))
    longer = max(one["day"], other["day"], key=len)
    return int(longer[rows]) if longer.shape[0] > rows else None


def _by_day_and_key(world: World) -> dict[str, Ints | Floats]:
    """The table ``series`` in the order of days and, on a day, of the groups' keys."""
    series = dict(world.state.record.table("series"))
    series["key"] = world.state.groups["group_key"][series["group"]]
    order = np.lexsort((series["key"], series["day"]))
    return {name: column[order] for name, column in series.items()}


def unlike(a: Ints | Floats, b: Ints | Floats) -> Ints:
    """Where two columns differ; two missing numbers do not.

    >>> unlike(np.array([1.0, np.nan, 2.0]), np.array([1.0, np.nan, 3.0])).tolist()
    [False, False, True]
    """
    return np.asarray((a != b) & ~((a != a) & (b != b)))
