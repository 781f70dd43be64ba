"""List: the points stand in a CSV file, one in each line, with the factors' keys as header."""

from __future__ import annotations

import csv
import io
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from selforg_sim.engine.parameters import parameter
from selforg_sim.errors import UsageError, nearest
from selforg_sim.scenario.tables import Table
from selforg_sim.scenario.write import quoted
from selforg_sim.sweep.designs.sample import Factors, Sample
from selforg_sim.sweep.factors import Value


class Explicit(Table):
    """Points from a file."""

    method: Literal["list"]
    file: str = parameter(..., "path", "The CSV file, from the folder of the experiment's file.")

    def sample(self, factors: Factors, seed: int) -> Sample:
        """The rows of the file.

        Raises
        ------
        UsageError
            If the file cannot be read, its columns are not the factors, or a cell is no value.
        """
        path = Path(self.file)
        lines = _read(path)
        header = lines[0].names()
        _check_header(path, header, factors)
        rows = [dict(zip(header, line.values(header), strict=True)) for line in lines[1:]]
        columns = {key: [row[key] for row in rows] for key in factors}
        return Sample(columns, places=[line.place for line in lines[1:]])


def factors_in(file: str) -> dict[str, Any]:
    """The factors of a file, as an experiment writes them: what stands in each of its columns.

    Raises
    ------
    UsageError
        If the file cannot be read, or a cell is no value.
    """
    lines = _read(Path(file))
    if len(lines) == 1:
        raise UsageError(f"{file}: there is no line below the names of the factors, so no point")
    header = lines[0].names()
    columns = zip(*(line.values(header) for line in lines[1:]), strict=True)
    return {key: _as_factor(values) for key, values in zip(header, columns, strict=False)}


def _as_factor(values: Sequence[Value]) -> Any:
    """All values; of many numbers, from which to which they go."""
    each = list({(type(value) in (int, float), value): value for value in values}.values())
    numbers = [value for value in each if type(value) in (int, float)]
    if len(each) <= MOST_NAMED or len(numbers) < len(each):
        return each
    return {"low": min(numbers), "high": max(numbers)}


MOST_NAMED = 20
"""Different numbers of a column that are named one by one."""


def _read(path: Path) -> list[_Line]:
    """The lines of a file; the first names the factors."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(_lines(path, file))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not a text file in UTF-8 (byte {error.start})") from None
    if not lines:
        raise UsageError(f"{path}: the file is empty; its first line should name the factors")
    if len(lines[0].cells) == 1 and ";" in lines[0].cells[0]:
        raise UsageError(f"{path}: columns are separated by semicolons; save it with commas")
    return lines


@dataclass(frozen=True)
class _Line:
    """A line of the file: where it stands, and its cells."""

    place: str
    cells: list[str]

    def names(self) -> list[str]:
        return [cell.strip() for cell in self.cells]

    def values(self, header: list[str]) -> list[Value]:
        if len(self.cells) != len(header):
            raise UsageError(f"{self.place}: {len(self.cells)} values, but {len(header)} columns")
        return [self._value(name, cell) for name, cell in zip(header, self.cells, strict=True)]

    def _value(self, name: str, cell: str) -> Value:
        value = value_of(cell.strip())
        if not cell.strip():
            wrong = "the cell is empty; each factor needs a value in every line"
        elif "\n" in cell or "\r" in cell:
            wrong = "there is a line break within the cell; write each value on one line"
        elif isinstance(value, float) and not math.isfinite(value):
            wrong = f"{cell.strip()} was given; finite numbers are valid"
        elif isinstance(value, str) and not isinstance(value_of(cell.split("#")[0].strip()), str):
            wrong = f"'{cell.strip()}' was given; leave out what stands after the value"
        else:
            return value
        raise UsageError(f"{self.place}: {name}: {wrong}")


def _lines(path: Path, file: Iterable[str]) -> Iterator[_Line]:
    """Lines that are not empty; a line that breaks within a cell stands where it begins."""
    reader = csv.reader(file, strict=True)
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _Line(f"{path}, line {before + 1}", cells)
            before = reader.line_num
    except csv.Error as error:
        raise UsageError(f"{path}, line {before + 1}: this is no CSV ({error})") from None


def _check_header(path: Path, header: list[str], factors: Factors) -> None:
    for number, name in enumerate(header):
        if name not in factors:
            raise UsageError(f"{path}: the column '{name}' is no factor. {nearest(name, factors)}")
        if name in header[:number]:
            raise UsageError(
                f"{path}: columns {header.index(name) + 1} and {number + 1} are both named "
                f"'{name}'; leave one of them out"
            )
    missing = [key for key in factors if key not in header]
    if missing:
        raise UsageError(f"{path}: there is no column for {', '.join(missing)}")


def as_csv(sample: Sample) -> str:
    """The text of a file with these points.

    >>> print(as_csv(Sample({"group.levels": [1, "auto"], "founding.free": [True, False]})), end="")
    group.levels,founding.free
    1,true
    auto,false
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(sample.columns)
    writer.writerows(zip(*([_cell(v) for v in c] for c in sample.columns.values()), strict=True))
    return text.getvalue()


def _cell(value: Value | None) -> str:
    """A value as a cell that is read as this value again."""
    if isinstance(value, str) and not (PLAIN.fullmatch(value) and value_of(value) == value):
        return quoted(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def value_of(cell: str) -> Value:
    """A cell as a number, true, false, or else a text.

    >>> value_of("3"), value_of("0.5"), value_of("true"), value_of("wechat"), value_of("1e-3")
    (3, 0.5, True, 'wechat', 0.001)
    >>> value_of("3 # or 4")
    '3 # or 4'
    """
    try:
        found = tomllib.loads(f"value = {cell.lower() if cell.lower() in BOOLEANS else cell}")
    except tomllib.TOMLDecodeError:
        return cell
    value = found["value"]
    if isinstance(value, str):
        return value
    more = "#" in cell or "\n" in cell  # a remark, or another line
    return value if isinstance(value, bool | int | float) and not more else cell


BOOLEANS = ("true", "false")
PLAIN = re.compile(r"[\w.+-]+")
"""Texts that need no quotes."""
