"""One process works on a folder at a time; shards of one sweep may work side by side."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from selforg_sim.durable import told_by_folder
from selforg_sim.errors import ResultsError
from selforg_sim.results.manifest import now

WHOLE = ".lock"
"""The lock of who works on the folder as a whole."""
WHO = ".who"


@contextmanager
def locked(folder: Path, shard: str | None = None) -> Iterator[None]:
    """Hold the folder, or one shard's place in it, while the block runs.

    The system lets go of it when the process ends, however it ends.

    Raises
    ------
    ResultsError
        If another process is working on the folder, or on the same shard.
    """
    name = WHOLE if shard is None else f"{WHOLE}-{shard}"
    others = [WHOLE] if shard is not None else _shards(folder)
    with told_by_folder(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for other in others:
            _refuse_if_held(folder, other)
        lock = FileLock(folder / name, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise _busy(folder, name) from None
    try:
        _say_who(folder / name)
        yield
    finally:
        lock.release()
        for path in (folder / name, _note(folder / name)):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def who_holds(folder: Path) -> list[str]:
    """In words who is working on a folder now; empty if nobody is."""
    return [_who(folder / name) for name in [WHOLE, *_shards(folder)] if _held(folder, name)]


def _shards(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.glob(f"{WHOLE}-*") if p.suffix != WHO)


def _held(folder: Path, name: str) -> bool:
    if not (folder / name).exists():
        return False
    lock = FileLock(folder / name, timeout=0)
    try:
        lock.acquire()
    except (Timeout, OSError):
        return True
    lock.release()
    return False


def _refuse_if_held(folder: Path, name: str) -> None:
    if _held(folder, name):
        raise _busy(folder, name)


def _busy(folder: Path, name: str) -> ResultsError:
    return ResultsError(
        f"Another process is working on {folder} ({_who(folder / name)}). Wait until it is over, "
        "or choose another folder with --out."
    )


def _say_who(path: Path) -> None:
    told = {
        "process": os.getpid(),
        "machine": platform.node(),
        "since": now().isoformat(timespec="seconds"),
    }
    with suppress(OSError):
        _note(path).write_text(json.dumps(told), encoding="utf-8")


def _who(path: Path) -> str:
    try:
        told = json.loads(_note(path).read_text(encoding="utf-8"))
        return f"process {told['process']} on {told['machine']}, since {told['since']}"
    except (OSError, ValueError, KeyError):
        return "which one is not known"


def _note(path: Path) -> Path:
    return path.with_name(path.name + WHO)
