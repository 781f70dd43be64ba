"""Compiled rule functions as ordinary Python, down to the last function they call."""

from __future__ import annotations

import types
from collections.abc import Callable
from functools import cache
from typing import Any


@cache
def plain(function: Callable[..., Any], **other: Any) -> Callable[..., Any]:
    """The Python function behind a compiled one; what it calls is plain, too.

    ``other`` puts other values in place of names that the function finds in its file; a name that
    it does not use is refused.
    """
    source = getattr(function, "py_func", function)
    used = {n: v for n, v in source.__globals__.items() if n in source.__code__.co_names}
    unused = set(other) - set(used)
    if unused:
        raise NameError(f"{source.__name__} does not use {', '.join(sorted(unused))}")
    own: dict[str, Any] = {"__builtins__": __builtins__}
    copy = types.FunctionType(
        source.__code__, own, source.__name__, source.__defaults__, source.__closure__
    )
    for name, value in (used | other).items():
        own[name] = plain(value) if hasattr(value, "py_func") else value
    return copy
