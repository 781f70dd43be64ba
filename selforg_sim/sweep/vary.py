"""``--vary``: a factor written on the command line."""

from __future__ import annotations

import math
import tomllib
from typing import Any

import numpy as np

from selforg_sim.errors import UsageError

FORMS = (
    "write KEY=FROM:TO:N for N values with both ends, KEY=V1,V2,V3 for single ones, or KEY=FROM:TO "
    "for a range to draw from, as in --vary group.strictness=0:1:11"
)
MOST_VALUES = 1_000_000


def parse_vary(text: str) -> tuple[str, Any]:
    """The key and the table of a factor.

    Parameters
    ----------
    text : ``key=a:b:n``, ``key=a:b`` or ``key=v1,v2,...``

    Raises
    ------
    UsageError
        If it is none of these.

    Examples
    --------
    >>> parse_vary("group.strictness=0:1:3")
    ('group.strictness', [0.0, 0.5, 1.0])
    >>> parse_vary("group.levels=1:3:3")
    ('group.levels', [1, 2, 3])
    >>> parse_vary("group.platform=wechat,qq")
    ('group.platform', ['wechat', 'qq'])
    >>> parse_vary("group.clarity=0:1")
    ('group.clarity', {'low': 0, 'high': 1})
    """
    key, equals, right = text.partition("=")
    key, right = key.strip(), right.strip()
    if not equals or not key or not right:
        raise UsageError(f"--vary {text}: this is no key with values; {FORMS}.")
    if right[0] in "[{":
        return key, _value(right, text)
    parts = [part.strip() for part in right.split(":")]
    if len(parts) == 1:
        return key, [_value(part.strip(), text) for part in right.split(",")]
    ends = [_number(part, text) for part in parts[:2]]
    if len(parts) == 2:
        return key, {"low": ends[0], "high": ends[1]}
    if len(parts) > 3:
        raise UsageError(f"--vary {text}: too many colons; {FORMS}.")
    number = _number(parts[2], text)
    if not isinstance(number, int) or number < 1:
        raise UsageError(f"--vary {text}: '{parts[2]}' is no number of values; {FORMS}.")
    if number > MOST_VALUES:
        raise UsageError(f"--vary {text}: {number:,} values; at most {MOST_VALUES:,} are valid.")
    return key, spaced(ends[0], ends[1], number)


def spaced(low: float, high: float, number: int) -> list[float]:
    """Values at equal distances, both ends included; whole numbers where all of them are whole.

    >>> spaced(1, 9, 3), spaced(0, 1, 2), spaced(3, 9, 1)
    ([1, 5, 9], [0, 1], [3])
    """
    values = [float(value) for value in np.linspace(low, high, number)]
    if isinstance(low, int) and isinstance(high, int) and all(v.is_integer() for v in values):
        return list(map(int, values))
    return values


def _number(text: str, whole: str) -> float | int:
    value = _value(text, whole)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(f"--vary {whole}: '{text}' is no number; {FORMS}.")
    if not math.isfinite(value):
        raise UsageError(f"--vary {whole}: '{text}' is no finite number; {FORMS}.")
    return value


def _value(text: str, whole: str) -> Any:
    """A value as TOML writes it; bare words are texts."""
    if not text:
        raise UsageError(f"--vary {whole}: a value is missing; {FORMS}.")
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
