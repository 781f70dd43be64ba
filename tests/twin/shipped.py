"""Shipped scenarios cut to a size that plain Python can run beside the engine."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from selforg_sim.scenario import Scenario, load_scenario, scenario_from_dict
from selforg_sim.scenario.write import file_form

MOST_PEOPLE, MOST_DAYS, MOST_GROUPS = 500, 60, 30


def shipped(name: str, contacts: Path) -> Scenario:
    """A shipped scenario, cut; ``contacts`` is the file for one that needs a file of its own."""
    whole = load_scenario(name)
    table = file_form(whole)
    in_days(table)
    if whole.contacts.generator == "file" and not whole.contacts.path:
        table["contacts"]["path"] = str(contacts)
    else:
        in_people(table, whole)
    return scenario_from_dict(table)


def in_days(table: dict[str, Any]) -> None:
    """At most sixty days, events and openings as early in proportion."""
    days = min(table["horizon"], MOST_DAYS)
    for event in table.get("events", []):
        event["day"] = max(1, event["day"] * days // table["horizon"])
    for group in table.get("groups", {}).values():
        group["opens"] = group.get("opens", 0) * days // table["horizon"]
    table["horizon"] = days


def in_people(table: dict[str, Any], whole: Scenario) -> None:
    """At most 500 people, kinds in proportion and none empty, but an owner for every group."""
    counts = whole.counts()
    table["founding"]["groups"] = min(whole.founding.groups, MOST_GROUPS)
    owners = table["founding"]["groups"] + len(whole.groups) + len(whole.rivals())
    part = min(1.0, MOST_PEOPLE / sum(counts.values()))
    fewer = {kind: max(1, int(count * part)) for kind, count in counts.items() if count}
    if part < 1.0:
        fewer["owner"] = min(counts["owner"], max(owners, fewer["owner"]))
        fewer["lurker"] -= sum(fewer.values()) - MOST_PEOPLE
    table["population"]["total"] = sum(fewer.values())
    for kind, count in fewer.items():
        table["people"][kind]["count"] = count


def made_up_contacts(path: Path, people: int = 300) -> Path:
    """Write a file of contacts in which everybody knows some near and some far."""
    luck = random.Random(1)
    near = [(i, (i + step) % people) for i in range(people) for step in (1, 2, 3, 5)]
    far = [(i, luck.randrange(people)) for i in range(people) for _ in range(2)]
    path.write_text("".join(f"{a} {b}\n" for a, b in near + far), encoding="utf-8")
    return path


def first_people(source: Path, path: Path, people: int = MOST_PEOPLE) -> Path:
    """Write the ties of a real file among the people who come first in it."""
    ties = [line.split()[:2] for line in source.read_text(encoding="utf-8").splitlines()]
    known = set(list(dict.fromkeys(name for tie in ties for name in tie))[:people])
    path.write_text(
        "".join(f"{a} {b}\n" for a, b in ties if a in known and b in known), encoding="utf-8"
    )
    return path
