"""What several verbs make of their options."""

from __future__ import annotations

import json
from pathlib import Path


def contacts_from(file: Path) -> list[str]:
    """The overrides that take contacts from a file.

    >>> contacts_from(Path("/net/friends.txt"))
    ['contacts.generator=file', 'contacts.path="/net/friends.txt"']
    """
    path = json.dumps(str(file.expanduser().resolve()), ensure_ascii=False)
    return ["contacts.generator=file", f"contacts.path={path}"]
