"""The page in long use, in its short form: ``benchmarks/page_long.py`` is the long one."""

from __future__ import annotations

from typing import Any

from selforg_sim.bench.page_long import drift, play_long, visit_together


def test_levers_pulled_at_random_harm_nothing(browser: Any) -> None:
    found = play_long(browser, 8.0, "?s=circle_of_40&lang=en", each=0.25)
    assert found.complaints == []
    assert found.refusals == []
    assert found.levers > 3
    assert found.frames > 10
    # Short as it is, what still loads counts; the long form asks for a tenth.
    assert drift(found.server_mb, skip=0.3) < 0.3
    assert drift(found.page_mb, skip=0.3) < 0.3


def test_visitors_at_once_all_see_their_worlds(browser: Any) -> None:
    found = visit_together(browser, 4.0, 4, "?s=smoke&lang=en")
    assert found.complaints == []
    assert found.refusals == []
    assert found.frames > 3
    assert found.days > 0
