"""Levers that set how many there are: people, kinds of people, groups, rivals.

These must keep a scenario's counts in agreement: the kinds add up to the total, and each group has
an owner.
"""

from __future__ import annotations

import re
from typing import Any

from selforg_sim.scenario.events import ToGroups
from selforg_sim.scenario.schema import Scenario
from selforg_sim.scenario.write import file_form

Settings = dict[str, Any]
SHARES = {"influencers": "influencer", "troublemakers": "troublemaker"}


def countable(scenario: Scenario) -> bool:
    """Whether the number of people can be changed: not with contacts of a file."""
    return scenario.contacts.generator != "file" and bool(scenario.people)


def share_of(scenario: Scenario, kind: str) -> float:
    """Part of all people who are of a kind."""
    counts = scenario.counts()
    return counts.get(kind, 0) / max(1, sum(counts.values()))


def room_for_kind(scenario: Scenario, kind: str) -> float:
    """The largest part of all people that a kind can have."""
    counts = scenario.counts()
    rest = _rest(counts)
    if rest == kind:
        return 0.0
    return (counts.get(kind, 0) + counts[rest]) / max(1, sum(counts.values()))


def set_share(scenario: Scenario, kind: str, share: float) -> Settings:
    """Settings with which a kind is a given part of all people."""
    count = round(share * sum(scenario.counts().values()))
    return _rest_settings(scenario) | {f"people.{kind}.count": count}


def least_people(scenario: Scenario) -> int:
    """The smallest population: the owners, and some others for each."""
    owners = scenario.counts().get("owner", 0)
    return max(20, 3 * owners)


def set_people(scenario: Scenario, total: int) -> Settings:
    """Settings with another number of people, whose kinds keep their shares; owners stay."""
    counts = scenario.counts()
    now, rest = max(1, sum(counts.values())), _rest(counts)
    settings = _rest_settings(scenario) | {"population.total": total}
    for kind, count in counts.items():
        if kind not in ("owner", rest):
            settings[f"people.{kind}.count"] = round(count * total / now)
    return settings


def group_range(scenario: Scenario) -> tuple[int, int]:
    """Fewest and most groups: those that are spoken of must stay; each needs people."""
    plain = [n for n in (*scenario.groups, *_addressed(scenario)) if re.fullmatch(r"g\d+", n)]
    own = len(scenario.given_names()) - scenario.founding.groups
    low = max([own, *(own + int(name[1:]) for name in plain)])
    return max(1, low), sum(scenario.counts().values()) // 4


def set_groups(scenario: Scenario, number: int) -> Settings:
    """Settings with another number of groups, and owners for them."""
    more = number - len(scenario.given_names())
    settings = {"founding.groups": scenario.founding.groups + more}
    return settings | _more_owners(scenario, more)


def rivals(scenario: Scenario) -> int:
    """How many groups open by an event."""
    return len(scenario.rivals())


def fewest_rivals(scenario: Scenario) -> int:
    """Rivals of whom other events speak cannot be taken away."""
    return rivals(scenario) if set(scenario.rivals()) & _addressed(scenario) else 0


def set_rivals(scenario: Scenario, number: int) -> Settings:
    """Settings with another number of rivals: the last go, further ones open in later days."""
    events = file_form(scenario).get("events", [])
    opening = [event for event in events if event["event"] == "rival_opens"]
    events = [event for event in events if event not in opening[number:]]
    taken = {*scenario.given_names(), *scenario.rivals()}
    free = (f"rival_{k}" for k in range(1, 1000) if f"rival_{k}" not in taken)
    for place in range(len(opening), number):
        events.append(_rival(scenario, next(free), place))
    return {"events": events} | _more_owners(scenario, number - len(opening))


def _rival(scenario: Scenario, name: str, place: int) -> dict[str, Any]:
    better = max(0.5, 2 * scenario.group.return_rate)
    levers = {"clarity": 0.9, "return_rate": better, "days_to_cash": 7.0, "first_contacts": 40}
    day = max(1, scenario.horizon * (place + 1) // 4)
    return {"day": day, "event": "rival_opens", "name": name, "set": levers}


def _addressed(scenario: Scenario) -> set[str]:
    named = [event.groups for event in scenario.events if isinstance(event, ToGroups)]
    return {name for groups in named if groups != "all" for name in groups}


def _rest(counts: dict[str, int]) -> str:
    """The kind that makes up what remains: the largest but the owners."""
    return max((k for k in counts if k != "owner"), key=lambda k: counts[k], default="owner")


def _rest_settings(scenario: Scenario) -> Settings:
    """Let the largest kind make up what remains of the total, as it is now."""
    counts = scenario.counts()
    settings: Settings = {"population.total": sum(counts.values())}
    for kind, spec in scenario.people.items():
        if spec.count == "rest":
            settings[f"people.{kind}.count"] = counts[kind]
    return settings | {f"people.{_rest(counts)}.count": "rest"}


def _more_owners(scenario: Scenario, more: int) -> Settings:
    """Settings with more owners, or fewer; never fewer than are called by number."""
    named = [spec.owner for spec in scenario.groups.values()]
    named += [event.owner for event in scenario.rivals().values()]
    least = max([0, *(int(n.split(":")[1]) + 1 for n in named if n and n.startswith("owner:"))])
    owners = max(least, scenario.counts()["owner"] + more)
    return _rest_settings(scenario) | {"people.owner.count": owners}
