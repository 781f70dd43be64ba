"""People who come across searchable and browsed groups by chance."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from selforg_sim.engine import codes as code
from selforg_sim.rules import asking, initiation
from twin import rules
from twin.vectors import dot

if TYPE_CHECKING:
    from twin.group import Group
    from twin.model import TwinModel
    from twin.person import Person

Places = list["Group | None"]


def encounters(model: TwinModel) -> Iterator[tuple[Person, Group]]:
    """Who came across which group today, and may come in."""
    places = shown_groups(model)
    for person in model.people if places else ():
        if person.draw(initiation.ENCOUNTER) < model.p.encounters_per_week / 7.0:
            group = look_around(person, places)
            if group and not model.was_asked(person, group) and group not in person.memberships:
                model.mark_asked(person, group)
                yield person, group


def shown_groups(model: TwinModel) -> Places:
    """Groups by the place where people look for them.

    A group keeps its place while it lives, a new one takes the first that is free, by key where
    several are new; the number of places is a power of two, or 0.
    """
    visible = [group for group in model.living if group.discovery != code.INVITATION]
    taken = {group.place for group in visible}
    free = (place for place in count() if place not in taken)
    for group in sorted(visible, key=lambda group: group.key):
        if group.place < 0:
            group.place = next(free)
    if not visible:
        return []
    places: Places = [None] * (1 << max(group.place for group in visible).bit_length())
    for group in visible:
        places[group.place] = group
    return places


def look_around(person: Person, places: Places) -> Group | None:
    """The first group at which a person stops."""
    p = person.model.p
    for look in range(p.encounter_tries):
        group = group_seen(person, look, places)
        if group is None:
            continue
        fit = dot(person.values, group.supplied)
        stop = rules.busyness(group.recent_giving, p.half_supply, group.discovery, fit)
        if person.draw(initiation.STOP_AT, group, look) < stop:
            return group
    return None


def group_seen(person: Person, look: int, places: Places) -> Group | None:
    """A group from a place drawn among all; None if only empty places come up."""
    model, most = person.model, asking.MOST_LOOKS
    for attempt in range(look * most, (look + 1) * most):
        word = model.luck.word(model.day, initiation.PICK_GROUP, person.key, 0, attempt)
        group = places[word & (len(places) - 1)]
        if group is not None:
            return group
    return None
