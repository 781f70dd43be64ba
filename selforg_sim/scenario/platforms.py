"""Platforms: where a group can live, and what that place allows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from selforg_sim.engine.limits import MOST_PEOPLE
from selforg_sim.engine.parameters import parameter
from selforg_sim.scenario.tables import Table, spoken

PlatformSeats = Annotated[
    Annotated[int, Field(ge=1, le=MOST_PEOPLE)] | Literal["none"],
    spoken(f'a whole number from 1 to {MOST_PEOPLE:,}, or "none",'),
]


class Platform(Table):
    """What a platform allows its groups."""

    discovery: Literal["invitation", "searchable", "browsed"] = parameter(
        "invitation", "name", "How one comes across a group there."
    )
    entry: Literal["dragged", "asked"] = parameter(
        "asked", "name", "Whether an invited person is in at once or is asked first."
    )
    seats: PlatformSeats = parameter("none", "people", 'Most members of a group; "none": no limit.')
    removers: Literal["owner", "owner_and_core", "core"] = parameter(
        "owner", "name", "Who may remove a member."
    )
    first_trust: float = parameter(
        1.0, "1", "Trust that ties of this platform give at first; weak ties: below 1.", ge=0, le=2
    )


PRESETS: dict[str, dict[str, Any]] = {
    "wechat": {
        "discovery": "invitation",
        "entry": "dragged",
        "seats": 500,
        "removers": "owner",
        "first_trust": 1.0,
    },
    "qq": {
        "discovery": "searchable",
        "entry": "asked",
        "seats": 2000,
        "removers": "owner_and_core",
        "first_trust": 0.8,
    },
    "weibo": {
        "discovery": "searchable",
        "entry": "asked",
        "seats": "none",
        "removers": "owner",
        "first_trust": 0.5,
    },
    "forum": {
        "discovery": "browsed",
        "entry": "asked",
        "seats": "none",
        "removers": "core",
        "first_trust": 0.4,
    },
}
"""Built-in platforms: friends' chat, acquaintances' group, open micro-group, forum."""
