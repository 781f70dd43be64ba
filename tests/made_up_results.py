"""Results made up for tests: they obey the schema and come from no model."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from selforg_sim.engine.codes import WHY
from selforg_sim.results.manifest import describe_run, now
from selforg_sim.results.schema import TABLES, outputs
from selforg_sim.results.store import Results
from selforg_sim.results.tables import build_tables

VALUES = ("sharing", "earning")
LABELS = {
    "people.kind": ("owner", "influencer", "lurker", "troublemaker"),
    "spells.kind": ("owner", "influencer", "lurker", "troublemaker"),
    "groups.founder_kind": ("owner", "influencer", "lurker", "troublemaker"),
    "groups.platform": ("wechat", "forum"),
}


def made_up(groups: int = 3, days: int = 60, replicates: int = 1, name: str = "made_up") -> Results:
    """Results of ``groups`` groups over the days 0 to ``days``."""
    labels = {**LABELS, "groups.name": tuple(f"g{g + 1}" for g in range(groups))}
    parts = [_replicate(groups, days, r) for r in range(replicates)]
    tables = build_tables(parts, labels=labels, values=VALUES)
    manifest = describe_run(
        name=name,
        scenario_toml=f'name = "{name}"\n',
        seed=1,
        seeds=range(1, replicates + 1),
        started=now(),
        finished=now(),
        performance={
            "membership_days": 1000,
            "person_days": 600,
            "seconds": 0.5,
            "compile_seconds": 0.1,
        },
        values=VALUES,
        tables=list(tables),
        last_day=days,
    )
    return Results(f'name = "{name}"\n', manifest, tables)


def columns(table: str, rows: int) -> dict[str, Any]:
    """Columns of the right names and types, full of zeros."""
    kinds = {
        "int32": np.int32,
        "int64": np.int64,
        "float32": np.float32,
        "float64": float,
        "bool": bool,
        "category": np.int8,
    }
    return {
        o.name: [None] * rows if o.dtype == "string" else np.zeros(rows, kinds[o.dtype])
        for o in outputs(table, VALUES)
        if o.name != "replicate"
    }


def luck(*keys: int) -> float:
    """A number between 0 and 1 that depends on the keys alone."""
    mixed = 0
    for key in keys:
        mixed = ((mixed ^ (int(key) + 1)) * 2654435761 + 97) % 2**32
        mixed ^= mixed >> 13
    return (mixed * 2654435761 % 2**32) / 2**32


def _replicate(groups: int, days: int, replicate: int) -> dict[str, dict[str, Any]]:
    parts = {name: columns(name, 0) for name in TABLES}
    parts["series"] = _series(groups, days, replicate)
    parts["groups"] = _groups(groups, days)
    parts["spells"] = _spells(groups, days, replicate)
    people = len(parts["spells"]["person"])
    parts["people"] = columns("people", people)
    parts["people"]["person"] = np.arange(people)
    parts["people"]["kind"][:groups] = 0
    return parts


def _series(groups: int, days: int, replicate: int) -> dict[str, Any]:
    rows = groups * (days + 1)
    data = columns("series", rows)
    day, group = np.divmod(np.arange(rows), max(groups, 1))
    pace = np.array([10 + 60 * luck(g, 5, replicate) for g in group])
    top = np.array([10 + 290 * luck(g, 1) ** 3 + 20 * luck(g, 2, replicate) for g in group])
    wobble = np.array([luck(d, g, replicate) for d, g in zip(day, group, strict=True)])
    size = np.round(top * (1 - np.exp(-(day + 1) / pace)) * (0.97 + 0.06 * wobble)).astype(int) + 1
    dead = (group % 4 == 3) & (day > days * 0.6)
    size[dead] = 0
    data.update(day=day, group=group, size=size, quiet=(size * 0.3).astype(int))
    data["active"] = size - data["quiet"]
    data["core_layer"] = np.minimum(size // 20, 15)
    data["owner_present"] = (size > 0).astype(int)
    data["contributors"] = size // 6
    data["troublemakers"] = size // 60
    used = ("quiet", "core_layer", "owner_present", "contributors", "troublemakers")
    data["lurkers"] = np.maximum(size - sum(data[name] for name in used), 0)
    data["ever_joined"] = np.maximum.accumulate(
        (size * 1.4).astype(int).reshape(-1, max(groups, 1))
    ).ravel()
    data["joins"], data["quits"] = size // 12, size // 15
    for name, part in (("involved", 0.25), ("with_results", 0.2), ("happy", 0.7)):
        data[name] = np.round(size * part * (0.8 + 0.2 * wobble)).astype(int)
    belonging = 0.35 + 0.3 * np.exp(-day / 40) + 0.1 * np.array([luck(g, 9) for g in group])
    data["belonging"] = np.where(size > 0, belonging, np.nan)
    data["belonging_low"] = data["belonging"] - 0.15
    data["belonging_high"] = data["belonging"] + 0.15
    data["gini"] = np.where(size > 0, 0.6, np.nan)
    data["stage"] = np.where(size > 0, 1, 5)
    return data


def _groups(groups: int, days: int) -> dict[str, Any]:
    data = columns("groups", groups)
    data["group"] = data["name"] = np.arange(groups)
    data["founder"] = np.arange(groups)
    data["parent"] = np.full(groups, -1)
    data["ended"] = np.where(np.arange(groups) % 4 == 3, round(days * 0.6), -1)
    data["days_to_cash"] = np.where(np.arange(groups) % 2 == 1, np.nan, 30.0)
    return data


def _spells(groups: int, days: int, replicate: int) -> dict[str, Any]:
    people = 40 * groups
    data = columns("spells", people)
    data["person"] = np.arange(people)
    data["group"] = np.arange(people) % max(groups, 1)
    joined = np.array(
        [int(luck(p, 1, replicate) * (days + 1) / 2) for p in range(people)], dtype=int
    )
    stay = [int(8 * (-math.log(1 - luck(p, 2, replicate))) ** 1.8) + 1 for p in range(people)]
    left = joined + np.array(stay, dtype=int)
    still = left > days
    data.update(joined=joined, left=np.where(still, -1, left), reason=np.where(still, -1, 0))
    data["invited_by"] = np.full(people, -1)
    data["belonging_left"] = np.where(still, np.nan, 0.2)
    for name in WHY:
        data[f"why_{name}"] = np.where(still, np.nan, 0.0)
    trouble = np.array([round(luck(p, 3, replicate), 2) for p in range(people)])
    data["why_trouble"] = np.where(still, np.nan, trouble)
    data["why_little_trust"] = np.where(still, np.nan, 1.0 - trouble)
    return data
