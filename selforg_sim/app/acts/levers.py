"""Pulling levers, from today on or from the first day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from selforg_sim.app.levers import LEVERS
from selforg_sim.app.texts import texts
from selforg_sim.errors import SelforgError, nearest

if TYPE_CHECKING:
    from selforg_sim.app.visit import Visit


def lever(visit: Visit, data: dict[str, Any]) -> None:
    """Pull a lever of one side; after the last day the worlds begin again with it, playing."""
    key = str(data.get("key"))
    if key not in LEVERS:
        raise SelforgError(f"There is no lever '{key}'. {nearest(key, LEVERS)}")
    number = 1 if data.get("side") == 1 and len(visit.sides) == 2 else 0
    over = visit.sides[number].ended
    if visit.pull(number, key, data.get("value")) and over:
        visit.player.playing = visit.course is None  # a lesson has a button of its own for it
        visit.say(texts(visit.language)["page"]["begun_again"])
    visit.tell()


def when(visit: Visit, data: dict[str, Any]) -> None:
    """From when on a lever counts: "now" or "restart"."""
    visit.when = "restart" if data.get("when") == "restart" else "now"
    visit.tell()


def hand(visit: Visit, data: dict[str, Any]) -> None:
    """Whose levers are in the hand, those of A (0) or of B (1)."""
    visit.hand = 1 if data.get("side") == 1 and len(visit.sides) == 2 else 0
    visit.tell()


ACTS = {"lever": lever, "when": when, "hand": hand}
