"""The tree of exceptions.

SelforgError                 anything this package raises on purpose        exit code 1
├── UsageError               the user asked for something invalid           exit code 2
│   ├── ScenarioError        a scenario file, its table and key
│   │   └── CardError        a role card
│   ├── ContactsError        a file of contacts
│   └── ResultsError         a folder of results that cannot be read or may not be replaced
├── RunError                 a run failed: scenario, seed, day, phase, command
├── StorageError             the disk refused
└── Interrupted              Ctrl-C; the text says what was kept              exit code 130
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class SelforgError(Exception):
    """Base of all errors raised on purpose; its text is meant for the user."""

    exit_code = 1


class UsageError(SelforgError):
    """What was asked for is not valid."""

    exit_code = 2


class ScenarioError(UsageError):
    """A scenario file is wrong; the text names file, table and key."""


class CardError(ScenarioError):
    """A role card is wrong or missing."""


class ContactsError(UsageError):
    """A file of contacts cannot be used; the text names file and line."""


class ResultsError(UsageError):
    """A folder of results cannot be read, or may not be replaced."""


class RunError(SelforgError):
    """A run failed; the text names scenario, seed, day and phase."""


class StorageError(SelforgError):
    """The disk refused: full, or not writable."""


class Interrupted(SelforgError):
    """The user stopped it; the text says what was kept, and how to go on."""

    exit_code = 130


def nearest(name: str, valid: Iterable[str]) -> str:
    """A sentence that offers the valid name nearest to the given one, or all valid names.

    >>> nearest("strictnes", ["strictness", "clarity"])
    "Did you mean 'strictness'?"
    """
    names = sorted(valid)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{close[0]}'?"
    return "Valid names: " + ", ".join(names) + "." if names else "No names are valid here."
