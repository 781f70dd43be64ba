"""Worlds drawn at random: every lever, platform and event, rules far from their defaults.

They are rough on purpose (short patience, much trouble, quick removals and splits), so that a few
weeks hold what else takes a year.
"""

from __future__ import annotations

import random
from typing import Any

from selforg_sim.scenario import Scenario, scenario_from_dict

DIMENSIONS = (
    ("sharing", "learning", "friendship", "projects", "earning"),
    ("sharing", "earning"),
    ("music", "earning", "projects"),
)
SWITCHES = (
    "attraction", "returns_draw", "drift", "core_moves", "friends", "members_invite",
)  # fmt: skip


def drawn_scenario(luck: random.Random) -> Scenario:
    """A scenario of one to two hundred people over four to six weeks."""
    days, groups = luck.randint(25, 45), luck.randint(2, 5)
    dimensions = luck.choice(DIMENSIONS)
    names = [f"g{number}" for number in range(1, groups + 1)]
    tables = own_groups(luck, names, dimensions)
    opening = {name: table.get("opens", 0) for name, table in tables.items()}
    return scenario_from_dict(
        {
            "name": "drawn",
            "horizon": days,
            "people": people(luck, groups),
            "population": {"resources": luck.choice([1, 3, 5])},
            "values": {"dimensions": dimensions, "concentration": luck.choice([0.2, 0.5, 2.0])},
            "contacts": contacts(luck),
            "founding": {"groups": groups, "free": luck.random() < 0.4},
            "group": levers(luck, dimensions),
            "groups": tables,
            "platforms": {"room": {"entry": "dragged", "removers": "core", "seats": 15}},
            "events": [event(luck, days, opening) for _ in range(luck.randint(2, 6))]
            + rivals(luck, days),
            "rules": rough_rules(luck),
        }
    )


def share(luck: random.Random, low: float = 0.0, high: float = 1.0) -> float:
    """A number with two digits."""
    return round(luck.uniform(low, high), 2)


def people(luck: random.Random, groups: int) -> dict[str, Any]:
    """Kinds of people, all with short patience, and one kind of the scenario's own."""
    trait = {"patience": {"distribution": "integers", "low": 0, "high": luck.choice([3, 8])}}
    own = {"card": "lurker", "voice": share(luck), "restlessness": share(luck, 0.0, 0.4)}
    kinds = {
        "owner": {"count": groups + 2},
        "influencer": {"count": luck.randint(5, 15)},
        "lurker": {"count": luck.randint(60, 120)},
        "troublemaker": {"count": luck.randint(10, 25)},
        "hermit": {"count": luck.randint(1, 20), **own},
    }
    return {name: kind | trait for name, kind in kinds.items()}


def contacts(luck: random.Random) -> dict[str, Any]:
    """A network of contacts."""
    generator = luck.choice(["small_world", "preferential_attachment", "blocks"])
    return {"generator": generator, "mean": luck.choice([6.0, 10.0, 15.0])}


def levers(luck: random.Random, dimensions: tuple[str, ...]) -> dict[str, Any]:
    """Levers of all groups."""
    return {
        "platform": luck.choice(["wechat", "wechat", "qq", "weibo", "forum", "room"]),
        "strictness": share(luck, 0.0, 0.5), "clarity": share(luck), "shared": share(luck),
        "rules_stated": share(luck), "rules_enforced": share(luck, 0.5, 1.0),
        "levels": luck.choice([1, 2, 3, "auto"]),
        "seats": luck.choice(["platform", "none", 12, 30]),
        "return_rate": luck.choice([0.0, 0.3, 2.0]),
        "days_to_cash": luck.choice([0.5, 1.0, 10.0, "never"]),
        "attention_on_core": luck.choice([0.0, 0.6]), "advertising": luck.choice([0.0, 1.0]),
        "advertising_values": {luck.choice(dimensions): 1.0},
        "red_envelopes": luck.choice([0.0, 2.0]), "meet_ups": luck.choice([0.0, 6.0]),
        "first_contacts": luck.choice([0, 10, 20, 20]), "splitting": luck.random() < 0.9,
    }  # fmt: skip


def own_groups(
    luck: random.Random, names: list[str], dimensions: tuple[str, ...]
) -> dict[str, dict[str, Any]]:
    """Tables of their own for some groups: opening later, with values, an owner, other levers."""
    tables: dict[str, dict[str, Any]] = {name: {} for name in names[1:] if luck.random() < 0.5}
    for table in tables.values():
        if luck.random() < 0.5:
            table["opens"] = luck.randint(0, 8)
        if luck.random() < 0.5:
            table["values"] = {name: share(luck, 0.1) for name in luck.sample(dimensions, 2)}
        if luck.random() < 0.3:
            table["owner"] = f"influencer:{luck.randint(0, 4)}"
        if luck.random() < 0.5:
            table["platform"] = luck.choice(["wechat", "qq", "forum"])
    return tables


def event(luck: random.Random, days: int, opening: dict[str, int]) -> dict[str, Any]:
    """Something that happens to some or all groups."""
    day = luck.randint(1, days)
    there = [name for name, opens in opening.items() if opens <= day] or ["g1"]
    groups = "all" if luck.random() < 0.5 else luck.sample(there, luck.randint(1, len(there)))
    for_days = luck.choice([{}, {"days": luck.randint(1, 10)}])
    what = luck.choice(
        [
            {"event": "owner_leaves"},
            {"event": "owner_silent", **for_days},
            {"event": "supply_stops", "who": luck.choice(["core", "others"]), **for_days},
            {"event": "advertising", "hours": share(luck, 0.1, 2.0), **for_days},
            {"event": "red_envelopes", "amount": share(luck, 0.1, 3.0), **for_days},
            {"event": "meet_up"},
            {"event": "rules_changed", "set": changes(luck)},
        ]
    )
    return {"day": day, "groups": groups, **what}


def changes(luck: random.Random) -> dict[str, Any]:
    """Levers that an owner pulls."""
    new = {
        "rules_stated": share(luck), "rules_enforced": share(luck), "strictness": share(luck),
        "clarity": share(luck), "levels": luck.choice([1, "auto"]), "shared": share(luck),
        "days_to_cash": luck.choice([0.5, 5.0, "never"]), "return_rate": share(luck),
        "red_envelopes": share(luck), "meet_ups": 10.0, "splitting": luck.random() < 0.5,
        "advertising": share(luck), "advertising_values": {"earning": 2.0},
    }  # fmt: skip
    return {name: new[name] for name in luck.sample(sorted(new), luck.randint(1, 4))}


def rivals(luck: random.Random, days: int) -> list[dict[str, Any]]:
    """At most one rival that opens on a day."""
    levers = {"strictness": share(luck), "platform": luck.choice(["qq", "weibo"])}
    rival = {"day": luck.randint(1, days), "event": "rival_opens", "name": "rival", "set": levers}
    owner = luck.choice([{}, {"owner": "lurker:7"}])
    return [rival | owner] if luck.random() < 0.5 else []


def rough_rules(luck: random.Random) -> dict[str, dict[str, Any]]:
    """Rules under which much happens in little time."""
    influence = {f"social_{name}": luck.random() < 0.9 for name in SWITCHES}
    return {
        "initiation": {
            "watched_share": luck.choice([0.6, 1.0]), "turning_chance": luck.choice([0.3, 0.8]),
            "invitations_per_day": luck.choice([0.2, 0.6]), "hope_memory": luck.choice([5, 60]),
            "encounters_per_week": luck.choice([3.0, 6.0]),
            "ask_again_after": luck.choice([1, 10, 90]), "screened_fit": luck.choice([0.2, 0.8]),
            "least_hours": luck.choice([0.02, 0.2]),
        },
        "value_core": {"disrupting_days": share(luck, 0.5), "core_drift": share(luck, 0.0, 0.2)},
        "belonging": {
            "removal_chance": share(luck, 0.5), "leaving_power": luck.choice([2.5, 4.0]),
            "drift_off_after": luck.choice([2, 14]), "drift_off_chance": share(luck, 0.02, 0.3),
            "owner_days": luck.choice([1.0, 7.0]),
        },
        "influence": influence | {"value_drift": luck.choice([0.0005, 0.05])},
        "interest": {"alone_loss": share(luck), "half_return": luck.choice([0.01, 0.1])},
        "time_and_cash": {"outside_life": share(luck, 0.1, 2.0)},
        "aggregation": {"complementarity": luck.choice([0.5, 0.75, 1.0]), "even_part": share(luck)},
        "evolution": {
            "founding_chance": luck.choice([0.0005, 0.01]), "unsatisfied_days": 5,
            "splitting_chance": luck.choice([0.3, 1.0]), "splitting_fit": luck.choice([0.8, 1.0]),
            "splitting_influence": luck.choice([0.05, 0.25]),
            "dissolving_days": luck.choice([7, 14]),
        },
    }  # fmt: skip
