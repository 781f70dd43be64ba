"""Step 12, fission: rebels leave with those who follow them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selforg_sim.engine import codes as code
from selforg_sim.rules import evolution
from twin import rules
from twin.membership import Membership
from twin.vectors import dot

if TYPE_CHECKING:
    from twin.group import Group
    from twin.model import TwinModel
    from twin.person import Person


def split_groups(model: TwinModel) -> None:
    """Let rebels split their groups in the order of their lots, one a day from each group."""
    rebels = [m for person in model.people for m in person.memberships.values() if rebels_today(m)]
    rebels.sort(key=lambda m: m.draw(evolution.REBEL, 1))
    split_today: set[Group] = set()
    for rebel in rebels:
        if rebel.group not in split_today and split_off(model, rebel):
            split_today.add(rebel.group)


def rebels_today(m: Membership) -> bool:
    """Whether a member would found a daughter group today."""
    p, group = m.person.model.p, m.group
    if m.standing != code.CORE or not group.splitting:
        return False
    could = rules.could_rebel(
        m.standing, m.influence, group.influence_tonight(), m.fit, p.splitting_influence,
        p.splitting_fit,
    )  # fmt: skip
    return could and m.draw(evolution.REBEL) < p.splitting_chance


def split_off(model: TwinModel, rebel: Membership) -> bool:
    """Open a daughter group with all who follow the rebel; False if nobody does."""
    mother, leader = rebel.group, rebel.person
    if leader.owns_a_group() or mother not in leader.memberships:
        return False
    followers = find_followers(leader, mother)
    if not followers:
        return False
    old = {follower: mother.members[follower] for follower in followers}
    for m in (rebel, *old.values()):
        mother.part(m, code.SPLIT)
    daughter = open_daughter(model, leader, mother)
    going = {leader, *followers}
    for follower in followers:
        bring_along(follower, old[follower], daughter, going)
    model.note(code.SPLIT_OFF, mother, leader, daughter)
    return True


def find_followers(leader: Person, mother: Group) -> list[Person]:
    """Members nearer to the rebel than to the core, tied to him or to one who follows."""
    found, ahead = {leader}, [leader]
    while ahead:
        for other in ahead.pop().contacts:
            free = other not in found and other is not mother.owner and other in mother.members
            if free and other.is_nearer_to(leader, mother.core):
                found.add(other)
                ahead.append(other)
    return sorted(found - {leader}, key=lambda person: person.row)


def open_daughter(model: TwinModel, leader: Person, mother: Group) -> Group:
    """The daughter has the mother's levers and the rebel's values."""
    levers = {name: getattr(mother, name) for name in model.founding_levers}
    key = model.luck.key(model.day, leader.key, mother.key)
    levers["owner_voice"] = model.voice_of_founder(leader, key)
    name = f"{mother.name}+{len(model.groups) + 1}"
    return model.open_group(name, key, leader, levers, mother)


def bring_along(follower: Person, old: Membership, daughter: Group, going: set[Person]) -> None:
    """Feelings go along; trust begins anew, with all who go along as friends inside."""
    leader = daughter.founder
    friends = sum(other in going for other in follower.contacts)
    daughter.join(
        Membership(
            follower, daughter, follower.model.day, leader, dot(follower.values, daughter.core),
            follower.first_trust(leader, friends, daughter.platform_trust), old.belonging,
            old.experienced, old.hoped,
        )
    )  # fmt: skip
