"""Reading TOML files, so that every way in which this can fail is told in one line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from selforg_sim.errors import ScenarioError


def read_toml(path: Path, error: type[ScenarioError] = ScenarioError) -> dict[str, Any]:
    """Read a TOML file.

    Parameters
    ----------
    path
        The file; UTF-8, with or without a byte order mark.
    error
        What to raise, with the file and, where known, the line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise error(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise error(f"{path}: this is a folder; a TOML file is needed") from None
    except UnicodeDecodeError as cause:
        raise error(f"{path}: not a text file in UTF-8 (byte {cause.start}); save it so") from None
    except OSError as cause:
        raise error(f"{path}: cannot be read: {cause.strerror or cause}") from None
    return _parsed(text, path, error)


def _parsed(text: str, path: Path, error: type[ScenarioError]) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        line, reason = _line_of(text, str(cause))
    except RecursionError:
        line, reason = 1, "tables within tables too deep"
    raise error(f"{path}, line {line}: not valid TOML: {reason}")


def _line_of(text: str, message: str) -> tuple[int, str]:
    reason, _, where = message.partition(" (at ")
    found = re.match(r"line (\d+), column (\d+)", where)
    if found:
        return int(found[1]), f"{_lower(reason)} at column {found[2]}"
    return max(1, len(text.splitlines())), f"{_lower(reason)} at the end of the file"


def _lower(reason: str) -> str:
    return reason[:1].lower() + reason[1:]
