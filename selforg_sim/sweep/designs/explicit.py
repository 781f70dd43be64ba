"""List: the points stand in a CSV file, one in each line, with the factors' keys as header."""

from __future__ import annotations

import csv
import io
import json
import math
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from selforg_sim.engine.parameters import parameter
from selforg_sim.errors import UsageError, nearest
from selforg_sim.scenario.tables import Table
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
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                lines = list(_lines(path, file))
        except OSError as error:
            raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
        except UnicodeDecodeError as error:
            raise UsageError(f"{path}: not a text file in UTF-8 (byte {error.start})") from None
        if not lines:
            raise UsageError(f"{path}: the file is empty; its first line should name the factors")
        header = [cell.strip() for cell in lines[0].cells]
        _check_header(path, header, factors)
        rows = [dict(zip(header, line.values(header), strict=True)) for line in lines[1:]]
        columns = {key: [row[key] for row in rows] for key in factors}
        return Sample(columns, places=[line.place for line in lines[1:]])


@dataclass(frozen=True)
class _Line:
    """A line of the file: where it stands, and its cells."""

    place: str
    cells: list[str]

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
    if value is None:  # what the scenario has; a list leaves nothing to it
        return ""
    if isinstance(value, str):
        return value if value_of(value) == value else json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else repr(value)


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
