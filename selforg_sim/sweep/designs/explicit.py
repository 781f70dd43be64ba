"""List: the points stand in a CSV file, one in each line, with the factors' keys as header."""

from __future__ import annotations

import csv
import tomllib
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
            If the file cannot be read, or its columns are not the factors.
        """
        path = Path(self.file)
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                lines = list(csv.reader(file))
        except OSError as error:
            raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
        except UnicodeDecodeError as error:
            raise UsageError(f"{path}: not a text file in UTF-8 (byte {error.start})") from None
        lines = [line for line in lines if any(cell.strip() for cell in line)]
        if not lines:
            raise UsageError(f"{path}: the file is empty; its first line should name the factors")
        return Sample(_columns(path, lines, factors))


def _columns(path: Path, lines: list[list[str]], factors: Factors) -> dict[str, list[Value]]:
    header = [cell.strip() for cell in lines[0]]
    for name in header:
        if name not in factors:
            raise UsageError(f"{path}: the column '{name}' is no factor. {nearest(name, factors)}")
    missing = [key for key in factors if key not in header]
    if missing:
        raise UsageError(f"{path}: there is no column for {', '.join(missing)}")
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(header):
            raise UsageError(
                f"{path}, line {number}: {len(line)} values, but {len(header)} columns"
            )
    cells = {name: [line[k].strip() for line in lines[1:]] for k, name in enumerate(header)}
    return {key: [value_of(cell) for cell in cells[key]] for key in factors}


def value_of(cell: str) -> Value:
    """A cell as a number, true, false, or else a text.

    >>> value_of("3"), value_of("0.5"), value_of("true"), value_of("wechat"), value_of("1e-3")
    (3, 0.5, True, 'wechat', 0.001)
    """
    try:
        found = tomllib.loads(f"value = {cell.lower() if cell.lower() in BOOLEANS else cell}")
    except tomllib.TOMLDecodeError:
        return cell
    value = found["value"]
    return value if isinstance(value, bool | int | float | str) else cell


BOOLEANS = ("true", "false")
