"""One process works on a folder at a time; shards of one sweep may work side by side."""

from __future__ import annotations

import json
import os
import platform
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from selforg_sim.durable import told_by_folder
from selforg_sim.errors import ResultsError
from selforg_sim.results.manifest import now

WHOLE = ".lock"
"""The lock of who works on the folder as a whole."""
WHO = ".who"
DOOR = ".lock.door"
"""The lock of who is just coming in."""
PATIENCE = 1.0
"""Seconds after which a lock counts as held: who only looks at it has let go of it by then."""
QUEUE = 300.0
"""Seconds to wait in front of the door, where many shards may begin at once."""
LOOKS_EVERY = 0.02
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Permit:
    """Shows workers, wherever they are, that who sent them still holds the folder."""

    note: Path
    text: str

    def holds(self) -> bool:
        """Whether it does, and whether the folder is seen from here at all.

        >>> Permit(Path("nowhere"), "somebody").holds()
        False
        """
        try:
            return self.note.read_text(encoding="utf-8") == self.text
        except (OSError, ValueError):
            return False


@contextmanager
def locked(folder: Path, shard: str | None = None) -> Iterator[Permit]:
    """Hold the folder, or one shard's place in it, while the block runs.

    The system lets go of it when the process ends, however it ends. The files of locks stay: who
    removed one could leave another process with a lock that nobody else sees.

    Raises
    ------
    ResultsError
        If another process is working on the folder, or on the same shard.
    """
    name = WHOLE if shard is None else f"{WHOLE}-{shard}"
    with door(folder):
        others = [WHOLE] if shard is not None else _shards(folder)
        for other in others:
            if _held(folder, other, PATIENCE):
                raise _busy(folder, other)
        lock = FileLock(folder / name)
        if not _taken(lock, PATIENCE):
            raise _busy(folder, name)
        try:
            for other in others:  # left by who was killed; nobody of his may write here any more
                _note(folder / other).unlink(missing_ok=True)
            permit = _say_who(folder / name)
        except BaseException:
            lock.release()
            raise
    try:
        yield permit
    finally:
        with suppress(OSError):
            _note(folder / name).unlink(missing_ok=True)
        lock.release()


@contextmanager
def door(folder: Path) -> Iterator[None]:
    """Let one process at a time look who is there and settle down; the others wait a little.

    Raises
    ------
    ResultsError
        If another process stands in the door for minutes.
    """
    with told_by_folder(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / DOOR)
        if not _taken(lock, QUEUE):
            raise ResultsError(
                f"Other processes have been busy to begin in {folder} for {QUEUE / 60:g} minutes. "
                "See whether one of them hangs, or choose another folder with --out."
            )
    try:
        yield
    finally:
        lock.release()


def refuse_if_held(folder: Path) -> None:
    """Refuse a folder that is only read while somebody works on it, and leave nothing in it.

    Raises
    ------
    ResultsError
        If a process is working on the folder.
    """
    for name in [WHOLE, *_shards(folder)]:
        if _note(folder / name).exists() and _held(folder, name, PATIENCE):
            raise _busy(folder, name)


def who_holds(folder: Path) -> list[str]:
    """In words who is working on a folder now; empty if nobody is."""
    return [_who(folder / name) for name in [WHOLE, *_shards(folder)] if _held(folder, name)]


def _shards(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.glob(f"{WHOLE}-*") if p.suffix != WHO)


def _held(folder: Path, name: str, patience: float = 0.0) -> bool:
    """Whether somebody holds it, and not just looks at this moment whether somebody does."""
    if not (folder / name).exists():
        return False
    lock = FileLock(folder / name)
    try:
        if not _taken(lock, patience):
            return True
    except OSError:
        return True
    lock.release()
    return False


def _taken(lock: FileLock, patience: float) -> bool:
    try:
        lock.acquire(timeout=patience, poll_interval=LOOKS_EVERY)
    except Timeout:
        return False
    return True


def _busy(folder: Path, name: str) -> ResultsError:
    return ResultsError(
        f"Another process is working on {folder} ({_who(folder / name)}). Wait until it is over, "
        "or choose another folder with --out."
    )


def _say_who(path: Path) -> Permit:
    told = {
        "process": os.getpid(),
        "machine": platform.node(),
        "since": now().isoformat(timespec="seconds"),
        "permit": uuid.uuid4().hex,
    }
    permit = Permit(_note(path).resolve(), json.dumps(told))
    with told_by_folder(path.parent):
        permit.note.write_text(permit.text, encoding="utf-8")
    return permit


def _who(path: Path) -> str:
    try:
        told = json.loads(_note(path).read_text(encoding="utf-8"))
        return f"process {told['process']} on {told['machine']}, since {told['since']}"
    except (OSError, ValueError, KeyError):
        return "which one is not known"


def _note(path: Path) -> Path:
    return path.with_name(path.name + WHO)
