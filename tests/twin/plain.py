"""Compiled rule functions as ordinary Python, down to the last function they call."""

from __future__ import annotations

import types
from collections.abc import Callable
from functools import cache
from typing import Any


@cache
def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """The Python function behind a compiled one; what it calls is plain, too."""
    source = getattr(function, "py_func", function)
    names = {
        name: value
        for name, value in source.__globals__.items()
        if name in source.__code__.co_names
    }
    own: dict[str, Any] = {"__builtins__": __builtins__}
    copy = types.FunctionType(
        source.__code__, own, source.__name__, source.__defaults__, source.__closure__
    )
    for name, value in names.items():
        own[name] = plain(value) if hasattr(value, "py_func") else value
    return copy
