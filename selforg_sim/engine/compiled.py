"""Compilation of kernels: one decorator, one cache on disk.

numba's own cache asks only whether the *file of the kernel* has changed. A kernel here calls rule
functions from other files, so an edit there would leave yesterday's machine code in use. The cache
therefore lives in a folder named after the text of the whole engine and of all the rules.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from filelock import FileLock, Timeout
from llvmlite.binding import get_host_cpu_name

F = TypeVar("F", bound=Callable[..., Any])

KEPT_CACHES = 3


def _text_digest() -> str:
    """Digest of every source file whose text can end up in a kernel."""
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.blake2b(digest_size=8)
    for room in ("engine", "rules"):
        for path in sorted((package / room).glob("*.py")):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _cache_home() -> Path:
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "selforg_sim"


def _drop_stale(home: Path) -> None:
    """Keep the few caches used last; another process may be doing the same."""
    try:
        folders = sorted(home.glob("kernels-*"), key=lambda p: p.stat().st_mtime, reverse=True)
    except OSError:
        return
    for folder in folders[KEPT_CACHES:]:
        shutil.rmtree(folder, ignore_errors=True)


def _choose_cache() -> bool:
    """Point numba to the cache folder; False where nothing can be written."""
    if os.environ.get("NUMBA_CACHE_DIR"):
        return True
    try:
        home = _cache_home()
        folder = home / f"kernels-{_text_digest()}"
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        _drop_stale(home)
    except (OSError, RuntimeError):
        return False
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    return True


_CACHED = _choose_cache()
MOST_PATIENCE = 900.0
"""Seconds to wait for another process that compiles; then one compiles, too."""


@contextmanager
def alone_while_compiling() -> Iterator[None]:
    """Let one process at a time compile into the cache; the others wait, and then only load.

    Many workers that start at once on a shared disk would else all compile the same kernels. A
    mark in the folder says that kernels for this machine are there, so that nobody waits for
    those who only load.
    """
    folder = Path(str(numba.config.CACHE_DIR))  # type: ignore[attr-defined]
    mark = folder / f"ready-{_machine()}"
    if not _CACHED or mark.exists():
        yield
        return
    lock = FileLock(folder / "compiling.lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=MOST_PATIENCE)
    except (OSError, NotImplementedError, Timeout):
        yield  # no lock to be had here: compiling twice does no harm
        return
    try:
        yield
        with suppress(OSError):
            mark.touch()
    finally:
        lock.release()


def _machine() -> str:
    """What a compiled kernel depends on beside its text."""
    told = (
        platform.python_version(), np.__version__, numba.__version__, get_host_cpu_name(),
        platform.machine(),
    )  # fmt: skip
    return hashlib.blake2b(repr(told).encode(), digest_size=6).hexdigest()


def compiled(function: F) -> F:
    """Compile a rule function or a kernel on first use, keep the result on disk.

    The interpreter lock is released while it runs, so several threads can each advance a part of
    the world. No reordering of floating-point operations is allowed: results are equal to the bit
    compiled, interpreted (``NUMBA_DISABLE_JIT=1``), on one thread and on several.
    """
    return cast(F, numba.njit(cache=_CACHED, nogil=True, fastmath=False)(function))


def side_by_side(function: F) -> F:
    """The same, for a loop that the compiler is to work on several rounds of at once.

    Divisors are not checked: dividing by nothing gives infinity or NaN, as numpy does.
    """
    fast = numba.njit(cache=_CACHED, nogil=True, fastmath=False, error_model="numpy")
    return cast(F, fast(function))


def inlined(function: F) -> F:
    """The same rule function, written out wherever it is called; for loops over many draws.

    Only so can the compiler work on several rounds of a loop at once.
    """
    return cast(F, numba.njit(inline="always", nogil=True)(getattr(function, "py_func", function)))
