"""Where the shipped role cards and scenarios are: in the package, or beside its source."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

PACKAGE = Path(__file__).resolve().parent.parent
Folder = Literal["agents", "scenarios"]


def shipped_folder(folder: Folder) -> Path:
    """The folder of shipped role cards (``agents``) or scenarios (``scenarios``).

    Raises
    ------
    FileNotFoundError
        If the package was installed without its data.
    """
    installed = PACKAGE / "_data" / folder
    source = PACKAGE.parent
    if installed.is_dir():
        return installed
    if (source / "pyproject.toml").is_file() or (source / folder).is_dir():
        return source / folder
    raise FileNotFoundError(f"selforg_sim was installed without its folder '{folder}'")


def shipped_files(folder: Folder) -> dict[str, Path]:
    """The shipped TOML files by name, in alphabetical order.

    >>> sorted(shipped_files("agents"))
    ['influencer', 'lurker', 'owner', 'troublemaker']
    """
    return {path.stem: path for path in sorted(shipped_folder(folder).glob("*.toml"))}
