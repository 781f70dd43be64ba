"""Time per membership-day from small worlds to large ones."""

from __future__ import annotations

from typing import Any

from selforg_sim.bench.clock import NANO, spread
from selforg_sim.bench.settings import Settings
from selforg_sim.bench.worlds import WEEK, grown_world, live
from selforg_sim.engine.loop import Loop
from selforg_sim.plan import PLAN
from selforg_sim.world import World

Week = tuple[float, int, int]
"""Seconds, membership-days, and requests of the last day."""


def measure(settings: Settings) -> dict[str, Any]:
    """A week in each size by turns, as many rounds as ``settings.weeks``; one thread."""
    worlds = {n: grown_world(n, settings.grown_days) for n in settings.size_people}
    loops = {n: Loop(PLAN) for n in worlds}
    weeks: dict[int, list[Week]] = {n: [] for n in worlds}
    for _ in range(settings.weeks):
        for people, world in worlds.items():
            seconds, members = live(world, loops[people], WEEK)
            weeks[people].append((seconds, members, world.state.requests.rows))
    return {"sizes": [described(worlds[n], n, weeks[n]) for n in worlds]}


def described(world: World, people: int, weeks: list[Week]) -> dict[str, Any]:
    """One size: per membership-day, per person-day, and how much goes on."""
    seconds, members, requests = (sum(column) for column in zip(*weeks, strict=True))
    days = len(weeks) * WEEK
    spells = world.state.record.spells
    since = world.state.day - days
    return {
        "people": people,
        "groups": world.state.groups.rows,
        "days": days,
        "memberships_per_person": members / (days * people),
        "ns_per_membership_day": spread([s * NANO / max(m, 1) for s, m, _ in weeks]),
        "ns_per_person_day": spread([s * NANO / (WEEK * people) for s, _, _ in weeks]),
        "membership_days_a_second": members / seconds,
        "person_days_a_second": days * people / seconds,
        "requests_per_person_day": requests / (len(weeks) * people),
        "joins_per_person_day": int((spells["joined"] > since).sum()) / (days * people),
        "leaves_per_person_day": int((spells["left"] > since).sum()) / (days * people),
    }
