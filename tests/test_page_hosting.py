"""Visitors of one host: how many worlds live is bounded, and a closed page frees its own."""

from __future__ import annotations

import time
from typing import Any

from browsing import PATIENCE, Visitor, find_browser, serving, visiting


def test_a_world_is_freed_when_its_page_closes(browser: Any):
    find_browser()
    with serving("--max-worlds", "1") as (address, _):
        with visiting(browser) as first:
            first.open(address)
            with visiting(browser) as second:
                second.page.goto(address)
                second.at("notice").wait_for()
                assert "other people's worlds" in second.text("notice")
            first.reach(2)
        with visiting(browser) as third:
            _until_there_is_room(third, address)


def _until_there_is_room(visitor: Visitor, address: str) -> None:
    """Load the page until it opens: the world of who just left may take a moment to end."""
    until = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < until:
        visitor.page.goto(address)
        visitor.page.locator("[data-testid=notice], [data-testid=day]").first.wait_for()
        if visitor.at("day").count():
            return
    raise AssertionError("no room was freed")
