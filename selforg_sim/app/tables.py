"""What happened in the worlds of a page as tables of text, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from selforg_sim.engine.codes import WHY

if TYPE_CHECKING:
    from selforg_sim.app.worlds.side import Side

NUMBERS = (
    "size", "people", "belonging", "low", "high", "retained", "involved", "with_results", "happy",
    "left",
)  # fmt: skip
STANDINGS = ("owners", "core", "contributors", "lurkers", "quiet", "troublemakers")
BY_GROUP = ("group_size", "group_belonging", "group_hours")


def series_csv(sides: list[Side]) -> str:
    """One row a day and side: the numbers of all groups together."""
    heading = ["side", "day", *NUMBERS, *STANDINGS, *(f"left_{name}" for name in WHY)]
    return _csv(heading, _days(sides))


def groups_csv(sides: list[Side]) -> str:
    """One row a day, side and living group."""
    return _csv(["side", "day", "group", "size", "belonging", "hours"], _groups(sides))


def _days(sides: list[Side]) -> Iterator[list[Any]]:
    for letter, side in zip("AB", sides, strict=False):
        for day, evening in enumerate(side.history.evenings):
            numbers = [getattr(evening, name) for name in NUMBERS]
            yield [letter, day, *numbers, *evening.standing, *evening.why]


def _groups(sides: list[Side]) -> Iterator[list[Any]]:
    for letter, side in zip("AB", sides, strict=False):
        names = side.world.state.group_names
        for day, evening in enumerate(side.history.evenings):
            rows = zip(*(getattr(evening, name) for name in BY_GROUP), strict=True)
            for name, (size, *rest) in zip(names, rows, strict=False):
                if size is not None:
                    yield [letter, day, name, size, *rest]


def _csv(heading: list[str], rows: Iterable[list[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows([_short(value) for value in row] for row in rows)
    return text.getvalue()


def _short(value: Any) -> Any:
    return f"{value:.6g}" if isinstance(value, float) else value
