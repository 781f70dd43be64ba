"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browsing import Visitor, browsing, find_browser, serving, visiting

collect_ignore = ["stub_cli.py"]  # a program that tests start, not a module to import


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Address of a page served for this process of the tests."""
    find_browser()
    with serving("--max-worlds", "40") as (where, _):
        yield where


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A real browser without a window."""
    with browsing() as found:
        yield found


@pytest.fixture
def visitor(browser: Any, address: str) -> Iterator[Visitor]:
    """Somebody who has opened the page; nothing may go wrong in his browser."""
    with visiting(browser) as found:
        yield found.open(address)
