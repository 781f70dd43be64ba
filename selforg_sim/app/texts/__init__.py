"""The words of the page, from files of one folder for each language."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@cache
def texts(language: str) -> dict[str, Any]:
    """All words of a language, by section.

    >>> texts("en")["page"]["play"]
    'Play'
    """
    words: dict[str, Any] = {}
    for file in sorted((HERE / language).glob("*.toml")):
        words |= tomllib.loads(file.read_text(encoding="utf-8"))
    return words
