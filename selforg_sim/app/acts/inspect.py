"""Asking about a person or a group: who, since when, what became of him, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from selforg_sim.app.acts.playing import whole
from selforg_sim.app.worlds.biography import group_story, person_story

if TYPE_CHECKING:
    from selforg_sim.app.visit import Visit


def choose(visit: Visit, data: dict[str, Any]) -> None:
    """Look at a person or a group, or with neither at nobody."""
    number = 1 if data.get("side") == 1 and len(visit.sides) == 2 else 0
    state = visit.sides[number].world.state
    visit.chosen = None
    if data.get("person") is not None:
        person = whole(data["person"], "person", 0, state.people.rows - 1)
        visit.chosen = {"side": number, "person": person}
    elif data.get("group") is not None:
        group = whole(data["group"], "group", 0, state.groups.rows - 1)
        visit.chosen = {"side": number, "group": group}
    visit.tell()
    story(visit, {})


def story(visit: Visit, data: dict[str, Any]) -> None:
    """Tell the story of who is looked at, as it stands today."""
    chosen = visit.chosen
    if chosen is None:
        return
    side = visit.sides[chosen["side"]]
    if "person" in chosen:
        visit.answer("story", chosen | person_story(side, chosen["person"]))
    else:
        visit.answer("story", chosen | group_story(side, chosen["group"]))


ACTS = {"choose": choose, "story": story}
