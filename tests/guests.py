"""A visitor whose player does not run, so that what he does is done at once."""

from __future__ import annotations

from typing import Any

from selforg_sim.app.limits import Limits
from selforg_sim.app.visit import Visit
from selforg_sim.scenario import Scenario

Sent = list[tuple[str, dict[str, Any]]]


class Guest:
    """Somebody at a page, and what it was sent."""

    def __init__(
        self,
        limits: Limits | None = None,
        query: str = "s=smoke&day=3",
        preset: Scenario | None = None,
    ) -> None:
        self.sent: Sent = []
        self.visit = Visit(lambda kind, data: self.sent.append((kind, data)), limits, preset)
        self.do("hello", query=query)
        self.live(self.visit.player.hurry or 0)

    def do(self, act: str, /, **data: Any) -> None:
        self.visit.do(act, data)

    def live(self, day: int) -> None:
        while self.visit.sides[0].day < day:
            self.visit.live_a_day()

    def given(self, what: str) -> dict[str, Any]:
        self.do("share", what=what)
        kind, data = self.sent[-1]
        assert kind == "answer", data
        return data

    def notices(self) -> list[str]:
        return [data["text"] for kind, data in self.sent if kind == "notice"]

    def sizes(self) -> list[list[int]]:
        return [[evening.size for evening in s.history.evenings] for s in self.visit.sides]

    def close(self) -> None:
        for side in self.visit.sides:
            side.close()


def opened(query: str) -> Guest:
    return Guest(query="?" + query)
