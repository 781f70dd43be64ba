"""What can be asked of a world's history, as one number a day.

A history is a table of lists under the names that the page uses ("size", "groupSize", ...), as made
by :func:`selforg_sim.app.lessons.seen.seen`. None stands for days on which there is no number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from selforg_sim.errors import UsageError

Seen = Mapping[str, Any]
Series = list[float | None]

OF_ALL = (
    "size", "people", "belonging", "low", "high", "retained", "involved", "with_results", "happy",
)  # fmt: skip
OF_GROUPS = {"size": "groupSize", "belonging": "groupBelonging", "hours": "groupHours"}
WEEK = 7


def series(seen: Seen, measure: str, of: str = "all", members: int = 0) -> Series:
    """A measure by day.

    Parameters
    ----------
    seen : the history
    measure : "size", "happy", "leaving", ...
    of : "all", "largest", "first" or the name of a group; for "in_core" the name of a kind
    members : for "groups_above", how many members a group must have to count

    Raises
    ------
    UsageError
        If there is no such measure.

    Examples
    --------
    >>> series({"size": [1, 3], "groupSize": [[1, None], [1, 2]]}, "size", "largest")
    [1, 2]
    """
    if of != "all" and measure in OF_GROUPS:
        return _of_group(seen, measure, of)
    if measure in OF_ALL:
        return list(seen[measure])
    match measure:
        case "hours":
            return [sum(h or 0 for h in day) for day in seen["groupHours"]]
        case "left_so_far":
            return _added_up(seen["left"])
        case "leaving":
            return _leaving(seen["size"], seen["left"])
        case "happy_people":
            pairs = zip(seen["happy"], seen["size"], strict=True)
            return [None if happy is None else happy * size for happy, size in pairs]
        case "groups_above":
            return [sum((n or 0) >= max(1, members) for n in day) for day in seen["groupSize"]]
        case "core_moved" | "in_core":
            return [None if day is None else day.get(of) for day in seen[measure]]
    raise UsageError(f"There is no measure '{measure}'.")


def size_at_peak(seen: Seen, measure: str, from_day: int = 0) -> Series:
    """How many members there were on the day on which a measure was highest until today."""
    values, sizes = series(seen, measure), series(seen, "size")
    best: float | None = None
    found: Series = []
    for day, value in enumerate(values):
        higher = value is not None and (best is None or value > best)
        if day >= from_day and higher:
            best, size = value, sizes[day]
        found.append(size if best is not None else None)
    return found


def lately(values: Series, day: int) -> float | None:
    """Mean over the week that ends on a day, of the days that have a number.

    >>> lately([2.0, None, 4.0], 2)
    3.0
    """
    known = [v for v in values[max(0, day - WEEK + 1) : day + 1] if v is not None]
    return sum(known) / len(known) if known else None


def _of_group(seen: Seen, measure: str, of: str) -> Series:
    rows = [_row(seen, sizes, of) for sizes in seen["groupSize"]]
    days = seen[OF_GROUPS[measure]]
    found: Series = [
        day[row] if row is not None and row < len(day) else None
        for row, day in zip(rows, days, strict=True)
    ]
    return [value or 0 for value in found] if measure == "size" else found


def _row(seen: Seen, sizes: list[int | None], of: str) -> int | None:
    if of == "first":
        return 0
    if of == "largest":
        return max(range(len(sizes)), key=lambda row: sizes[row] or 0, default=None)
    names = seen["names"]
    return names.index(of) if of in names else None


def _added_up(numbers: list[int]) -> Series:
    total, sums = 0, []
    for number in numbers:
        total += number
        sums.append(total)
    return list(sums)


def _leaving(size: list[int], left: list[int]) -> Series:
    """Part of the members of a week ago, and of who came since, who left within the week.

    When nobody is there any more, the group ended: nobody chose to leave, and there is no number.
    """
    shares: Series = []
    for day, there in enumerate(size):
        gone = sum(left[max(0, day - WEEK + 1) : day + 1])
        shares.append(gone / (there + gone) if there else None)
    return shares
