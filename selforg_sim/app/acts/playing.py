"""Play, pause, a step, the speed, another day, another seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from selforg_sim.app.worlds.player import SPEEDS
from selforg_sim.errors import SelforgError

if TYPE_CHECKING:
    from selforg_sim.app.visit import Visit

LARGEST_SEED = 2**53 - 1
"""The largest whole number that a browser holds exactly."""


def play(visit: Visit, data: dict[str, Any]) -> None:
    """Let days pass by themselves; after the last day from the first one."""
    if visit.sides[0].ended:
        visit.again()
    visit.player.playing = True
    visit.tell()


def pause(visit: Visit, data: dict[str, Any]) -> None:
    """Stop where it stands."""
    visit.player.playing, visit.player.hurry = False, None
    visit.tell()


def step(visit: Visit, data: dict[str, Any]) -> None:
    """Let one day pass, then stand still."""
    visit.player.playing, visit.player.hurry = False, None
    visit.live_a_day()
    visit.tell()


def speed(visit: Visit, data: dict[str, Any]) -> None:
    """Let days pass faster or slower."""
    wanted = str(data.get("speed"))
    if wanted not in SPEEDS:
        raise SelforgError(f"There is no speed '{wanted}'; valid are {', '.join(SPEEDS)}.")
    visit.player.speed = wanted
    visit.tell()


def go_to(visit: Visit, data: dict[str, Any]) -> None:
    """Be at another day: back at once, forth as fast as can be."""
    day = whole(data.get("day"), "day", 0, visit.sides[0].horizon)
    visit.player.playing = False
    if day > visit.sides[0].day:
        visit.player.hurry = day
    else:
        visit.player.hurry = None
        for side in visit.sides:
            side.go_to(day)
        visit.went_back()
    visit.tell()


def reset(visit: Visit, data: dict[str, Any]) -> None:
    """Begin again on day 0, every lever as it stands."""
    visit.again()
    visit.tell()


def seed(visit: Visit, data: dict[str, Any]) -> None:
    """Begin again with other luck."""
    visit.again(whole(data.get("seed"), "seed", 0, LARGEST_SEED))
    visit.tell()


def whole(given: Any, what: str, low: int, high: int) -> int:
    """A whole number within bounds.

    Raises
    ------
    SelforgError
        If it is none; the text says what is valid.
    """
    try:
        number = int(given)
    except (TypeError, ValueError, OverflowError):
        number = low - 1
    if not low <= number <= high:
        raise SelforgError(f"The {what} '{given}' is not a whole number from {low} to {high}.")
    return number


ACTS = {
    "play": play, "pause": pause, "step": step, "speed": speed, "goto": go_to, "reset": reset,
    "seed": seed,
}  # fmt: skip
