"""Folders that appear whole or not at all.

A folder is filled under a hidden name beside its place, brought safely to the disk, and then
renamed. What goes wrong on the way leaves nothing behind, and an old folder that was to be
replaced stays as it was.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from selforg_sim.errors import ResultsError, StorageError

MANIFEST = "manifest.json"
Fill = Callable[[Path], None]


def next_free_dir(root: str | Path, name: str) -> Path:
    """The next free numbered folder: ``root/name-001``, then ``root/name-002``, ...

    Another run may take it meanwhile; `write_next_folder` then goes on to the next number.
    """
    root = Path(root)
    taken = [
        int(path.name[len(name) + 1 :])
        for path in root.glob(f"{name}-*")
        if path.name[len(name) + 1 :].isdecimal()
    ]
    return root / f"{name}-{max(taken, default=0) + 1:03d}"


def is_results_folder(path: str | Path) -> bool:
    """Whether a folder holds results of this package (its manifest says so)."""
    try:
        manifest = json.loads((Path(path) / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("tool") == "selforg_sim"


def check_target(target: str | Path, *, overwrite: bool = False) -> Path:
    """Refuse a place that is taken or cannot hold a folder; returns its full path.

    Raises
    ------
    ResultsError
        The folder exists and may not be replaced, or is no folder of results, or is a file.
    """
    full = Path(target).expanduser().resolve()
    if full.exists() and not full.is_dir():
        raise ResultsError(f"{target} is a file; name a folder that does not exist yet.")
    if not full.exists():
        return full
    if not overwrite:
        raise ResultsError(
            f"The folder {target} exists already. Name another one with --out, "
            "or replace it with --overwrite (in Python: overwrite=True)."
        )
    if not is_results_folder(full) and any(full.iterdir()):
        raise ResultsError(
            f"The folder {target} does not hold results (it has no {MANIFEST} of a run), "
            "so it is not replaced. Name another folder with --out, or move this one away yourself."
        )
    return full


def write_folder(target: str | Path, fill: Fill, *, overwrite: bool = False) -> Path:
    """Let ``fill`` write a folder, and put it at ``target`` when it is complete.

    Raises
    ------
    ResultsError
        The place is taken, see `check_target`.
    StorageError
        The disk refused: full, or not writable.
    """
    full = check_target(target, overwrite=overwrite)

    def place(complete: Path) -> Path:
        check_target(full, overwrite=overwrite)
        if full.exists():
            _swap(complete, full)
        else:
            os.rename(complete, full)
        return full

    with _disk_errors_for(full):
        return _write(full.parent, full.name, fill, place)


def write_next_folder(root: str | Path, name: str, fill: Fill) -> Path:
    """Let ``fill`` write a folder, and put it at the next free number under ``root``.

    Two runs that end at the same moment get two numbers: a folder that is not empty cannot be
    renamed over.
    """
    root = Path(root).expanduser().resolve()

    def place(complete: Path) -> Path:
        while True:
            free = next_free_dir(root, name)
            try:
                os.rename(complete, free)
            except OSError as error:
                if error.errno in (errno.EEXIST, errno.ENOTEMPTY, errno.EACCES) and free.exists():
                    continue
                raise
            return free

    with _disk_errors_for(root):
        return _write(root, name, fill, place)


def _write(parent: Path, stem: str, fill: Fill, place: Callable[[Path], Path]) -> Path:
    made = _make_parents(parent)
    hidden = parent / f".{stem}.{uuid.uuid4().hex[:8]}.partial"
    try:
        hidden.mkdir()
        fill(hidden)
        _sync_tree(hidden)
        placed = place(hidden)
    except BaseException:
        with _no_interrupts():
            shutil.rmtree(hidden, ignore_errors=True)
            for folder in made:
                with suppress(OSError):
                    folder.rmdir()
        raise
    _sync_folder(parent)
    return placed


def _make_parents(parent: Path) -> list[Path]:
    """Create the missing parents; returns them, innermost first, to be taken back on failure."""
    missing = [folder for folder in (parent, *parent.parents) if not folder.exists()]
    parent.mkdir(parents=True, exist_ok=True)
    return missing


def _swap(complete: Path, old: Path) -> None:
    aside = old.parent / f".{old.name}.{uuid.uuid4().hex[:8]}.old"
    with _no_interrupts():
        os.rename(old, aside)
        try:
            os.rename(complete, old)
        except BaseException:
            os.rename(aside, old)
            raise
        shutil.rmtree(aside, ignore_errors=True)


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
        elif path.is_dir():
            _sync_folder(path)
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Hold Ctrl-C off for the moment in which things are put in order."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)


@contextmanager
def _disk_errors_for(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(_explain(error, place)) from error


def _explain(error: OSError, place: Path) -> str:
    reason = error.strerror or str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        advice = "Free some space, or choose a folder on another disk with --out."
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        advice = "Choose a folder in which you may write with --out."
    else:
        advice = "Choose another folder with --out."
    return (
        f"The results could not be written to {place}: {reason}. Nothing was left there. {advice}"
    )
