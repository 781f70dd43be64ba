"""Step 12, founding and fading: groups open and end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selforg_sim.engine import codes as code

if TYPE_CHECKING:
    from twin.model import TwinModel


def found_groups(model: TwinModel) -> None:
    """Everybody who wishes to opens a group of his own values."""
    if not model.p.free_founding:
        return
    for founder in [person for person in model.people if person.wishes_to_found()]:
        key = model.luck.key(model.day, founder.key, 0)
        voice = model.voice_of_founder(founder, key)
        levers = model.founding_levers | {"owner_voice": voice}
        group = model.open_group(f"new{len(model.groups) + 1}", key, founder, levers)
        model.note(code.FOUNDED, group, founder)


def fade_groups(model: TwinModel) -> None:
    """Groups in which nobody gives, or nobody is, end."""
    for group in list(model.living):
        silent = model.day - group.last_given >= model.p.dissolving_days
        if silent or not group.members:
            for m in list(group.members.values()):
                group.part(m, code.GROUP_ENDED)
            model.note(code.DISSOLVED, group, group.owner)
            group.ended, group.owner = model.day, None
            model.living.discard(group)
