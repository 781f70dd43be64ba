"""Files that appear whole or not at all, and stay when the power goes."""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from selforg_sim.errors import StorageError

PARTIAL = ".partial"


def write_whole(path: Path, fill: Callable[[Path], Any]) -> None:
    """Let ``fill`` write a file under a hidden name, bring it safely to the disk, and rename it.

    Raises
    ------
    StorageError
        If the disk refuses; nothing is left of the file.
    """
    hidden = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}{PARTIAL}")
    with told_by_folder(path.parent):
        try:
            fill(hidden)
            with hidden.open("rb+") as file:
                os.fsync(file.fileno())
            os.replace(hidden, path)
        finally:
            with suppress(OSError):
                hidden.unlink(missing_ok=True)
        sync_folder(path.parent)


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8, whole or not at all."""
    write_whole(path, lambda place: place.write_text(text, encoding="utf-8", newline="\n"))


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system lets one do so."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def can_be_read(path: Path) -> None:
    """Read the last bytes of a file, so that what is wrong with the disk is not taken for a torn
    file.

    Raises
    ------
    StorageError
        If it cannot be read; the text names the file.
    FileNotFoundError
        If it is gone: somebody has put it elsewhere meanwhile.
    """
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 8))
            file.read(8)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror or error}.") from error


def drop_partial(folder: Path) -> None:
    """Remove what was not finished when a program was ended in the middle."""
    for left_over in folder.rglob(f".*{PARTIAL}"):
        with suppress(OSError):
            left_over.unlink(missing_ok=True)


@contextmanager
def told_by_folder(folder: Path) -> Iterator[None]:
    """Turn what the disk refuses into a message that names the folder."""
    try:
        yield
    except OSError as error:
        raise StorageError(refused(folder, error)) from error


NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) if hasattr(errno, "EDQUOT") else (28, 27)


def refused(folder: Path, error: OSError) -> str:
    """What to say when the disk refuses."""
    kept = " What was finished before is kept there." if folder.exists() else ""
    if error.errno in NO_ROOM:
        advice = "Free some space, or choose another folder with --out."
    else:
        advice = "Choose another folder with --out."
    return f"{folder} could not be written to: {error.strerror or error}.{kept} {advice}"
