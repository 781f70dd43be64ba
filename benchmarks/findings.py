"""Measure anew every number of "Not yet right" in docs/odd.md.

    python benchmarks/findings.py              # print the tables as Markdown
    python benchmarks/findings.py --write      # put them into docs/odd.md
    python benchmarks/findings.py levers --seeds 10

It takes about one minute on one core. Every number is the median over the seeds 1, 2, 3, ... of
what one run gives, with the lowest and the highest in brackets; in the table of levers it is the
mean.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mechanisms import DOCUMENT, Tally, live, written_into

from selforg_sim.engine import codes
from selforg_sim.engine.state import State
from selforg_sim.observe import gini
from selforg_sim.rules import influence
from selforg_sim.scenario import load_scenario
from selforg_sim.world import World

DAYS, GIVEN_GROUPS, MONTH, FEWEST_SPEAKERS = 240, 40, 30, 14
NO_INFLUENCE = [
    f"rules.influence.{name}=false"
    for name in influence.Params.model_fields
    if name.startswith("social_")
]
LEVERS: dict[str, list[str]] = {
    "as shipped": [],
    **{f"levels {n}": [f"group.levels={n}"] for n in (1, 3)},
    **{f"strictness {s}": [f"group.strictness={s}"] for s in (0, 0.8)},
    **{f"owners' dedication {q}": [f"people.owner.dedication={q}"] for q in (0.1, 4)},
    **{f"days to cash {d}": [f"group.days_to_cash={d}"] for d in (1, 10, 100, "never")},
    **{
        f"owner leaves on day {d}": [f'events=[{{day={d}, event="owner_leaves"}}]']
        for d in (15, 90)
    },
    **{
        f"{who} fall silent on day 120": [
            f'events=[{{day=120, event="supply_stops", who="{code}"}}]'
        ]
        for who, code in (("owner and core", "core"), ("as many others", "others"))
    },
    "all social influence off": NO_INFLUENCE,
}
"""What is changed in ``wechat_500``; as shipped: two levels, strictness 0.2, 30 days to cash."""

FREE_FOUNDING = [
    "horizon=300", "population.total=3000", "people.owner.count=0", "people.influencer.count=60",
    "people.troublemaker.count=60", "founding.groups=0", "founding.free=true",
    'group.seats="none"', "contacts.mean=20",
]  # fmt: skip
"""What makes ``wechat_500`` a world of 3,000 people who begin without any group and seats."""

Numbers = Mapping[str, float]


class Speakers:
    """Who gave in each month of 30 days, and in how many messages; who ever gave."""

    def __init__(self) -> None:
        self.months: list[Counter[tuple[int, int]]] = [Counter()]
        self.spells: set[int] = set()
        self.hooks = {"give": self.listen}

    def listen(self, state: State) -> None:
        """Note who gives today."""
        members = state.memberships
        rows = members.rows()
        rows = rows[members["given"][rows] > 0]
        columns = ("member_group", "member_person", "messages", "spell")
        for group, person, messages, spell in zip(
            *(members[name][rows].tolist() for name in columns), strict=True
        ):
            self.months[-1][group, person] += messages
            self.spells.add(spell)
        if state.day % MONTH == 0:
            self.months.append(Counter())

    def turnover(self) -> list[float]:
        """Part of a month's speakers of a group who do not speak in the next, from month 3 on."""
        whole = self.months[2:-1]
        return [1.0 - len(now.keys() & then.keys()) / len(now) for now, then in pairwise(whole)]

    def ginis(self) -> list[float]:
        """Inequality of messages in each month and group of enough speakers."""
        found = []
        for month in self.months[:-1]:
            by_group: dict[int, list[float]] = defaultdict(list)
            for (group, _), messages in month.items():
                by_group[group].append(messages)
            spoken = (said for said in by_group.values() if len(said) >= FEWEST_SPEAKERS)
            found += [gini(np.sort(np.array(said)), len(said)) for said in spoken]
        return found


def run(name: str, overrides: Sequence[str], seed: int, **hooks: Callable[[State], Any]) -> World:
    """A shipped scenario, changed and run to its end, recorded every 15 days."""
    further = ["record.invitations=false", "record.series_every=15"]
    return live(load_scenario(name, [*overrides, *further]), seed, hooks)


def on_day(world: World, day: int) -> dict[str, Any]:
    """Measures of a day, by column."""
    series = world.state.record.table("series")
    now = series["day"] == day
    return {name: column[now] for name, column in series.items()}


def of_given(world: World, column: str, day: int, groups: int = GIVEN_GROUPS) -> Any:
    """A measure of the groups given at the start; 0 for those that have ended."""
    now = on_day(world, day)
    found = np.zeros(groups)
    given = now["group"] < groups
    found[now["group"][given]] = now[column][given]
    return found


def lever_run(overrides: Sequence[str], seed: int) -> Numbers:
    """Sizes of the given groups and how many live."""
    world = run("wechat_500", [f"horizon={DAYS}", *overrides], seed)
    sizes = of_given(world, "size", DAYS)
    return {"mean size": sizes.mean(), "alive": np.mean(sizes > 0)}


def levers(seeds: Iterable[int]) -> str:
    """What levers and events change in ``wechat_500``."""
    lines = ["| `wechat_500`, 240 days | mean size | alive |", "|---|---:|---:|"]
    for label, overrides in LEVERS.items():
        runs = [lever_run(overrides, seed) for seed in seeds]
        size = spread([r["mean size"] for r in runs], np.mean)
        lines.append(f"| {label} | {size} | {spread([r['alive'] for r in runs], np.mean)} |")
    return "\n".join(lines)


def speaking(seed: int) -> Numbers:
    """Who speaks in ``wechat_500``, month by month."""
    heard = Speakers()
    world = run("wechat_500", [f"horizon={DAYS}"], seed, **heard.hooks)
    turnover = heard.turnover()
    return {
        "memberships that never gave": 1.0 - len(heard.spells) / world.state.record.spells.rows,
        "Gini of messages, one month's speakers (median group)": float(np.median(heard.ginis())),
        "monthly turnover of active members, lowest": min(turnover),
        "monthly turnover of active members, highest": max(turnover),
    }


def founding(seed: int) -> Numbers:
    """What becomes of groups that people found of their own accord."""
    heard = Speakers()
    world = run("wechat_500", FREE_FOUNDING, seed, **heard.hooks)
    groups, spells = world.state.groups, world.state.record.spells
    last = on_day(world, world.state.day)
    sizes = last["size"][last["size"] >= 2]
    given_until = groups["last_given"] - groups["founded"]
    old = groups["founded"] <= world.state.day - MONTH - 14
    came = spells["invited_by"] != codes.NOBODY
    stayed = np.where(spells["left"] >= 0, spells["left"], world.state.day) - spells["joined"]
    return {
        "groups founded": groups.rows,
        "still giving after 7 days": np.mean(given_until[old] > 7),
        "still giving after 30 days": np.mean(given_until[old] > MONTH),
        "Weibull shape of group life, to the last giving": weibull_shape(
            given_until, groups["ended"] >= 0
        ),
        "Weibull shape of membership": weibull_shape(stayed[came], spells["left"][came] >= 0),
        "groups of two and more at the end": sizes.size,
        "median size of these": np.median(sizes),
        "largest": sizes.max(),
        "sd of the logarithm of size": np.log(sizes).std(),
        "Gini of giving, all members, groups of 20 and more": np.nanmedian(
            last["gini"][last["size"] >= 20]
        ),
        "memberships that never gave": 1.0 - len(heard.spells) / spells.rows,
    }


def disappointment(seed: int) -> Numbers:
    """The quiet and the troublemakers after a year of ``wechat_500``."""
    counted = Tally()
    world = live(load_scenario("wechat_500", ["record.invitations=false"]), seed, counted.hooks)
    last, counts = on_day(world, world.state.day), counted.close(world)
    away = last["quiet"].sum() + last["troublemakers"].sum()
    turned = counts["ever quiet"] + counts["turned to trouble"]
    return {
        "members quiet or in trouble after a year": away / last["size"].sum(),
        "turned back, of all turns to quiet or trouble": counts["turned back"] / turned,
    }


def owners(seed: int) -> Numbers:
    """Core layers on the days on which owners leave, and what becomes of groups without them."""
    world = run("wechat_500", ["horizon=90"], seed)
    found = {
        f"`wechat_500`: groups with a core layer on day {day}": float(
            np.mean(of_given(world, "core_layer", day) > 0)
        )
        for day in (15, 90)
    }
    world = run("owner_leaves", [], seed)
    sizes = of_given(world, "size", DAYS, 30)
    whose = ("owner left on day 60", "owner silent for 30 days", "nothing happened")
    for label, part in zip(whose, np.split(sizes, 3), strict=True):
        found[f"`owner_leaves`: mean size on day 240, {label}"] = part.mean()
        found[f"`owner_leaves`: alive on day 240, {label}"] = np.mean(part > 0)
    return found


def platforms(seed: int) -> Numbers:
    """Groups of ``four_platforms`` by platform: sizes, first trust, how long people stay."""
    world = run("four_platforms", [], seed)
    groups, spells = world.state.groups, world.state.record.spells
    came = spells["joined"] > 0
    stayed = np.where(spells["left"] >= 0, spells["left"], world.state.day) - spells["joined"]
    where = groups["platform"][spells["group"]]
    found: dict[str, float] = {}
    for code, name in enumerate(world.scenario.platforms):
        here = (groups["platform"] == code) & (groups["parent"] == codes.NOBODY)
        if here.any():
            members = came & (where == code)
            found[f"mean size on day 240, `{name}`"] = groups["size"][here].mean()
            found[f"first trust, `{name}`"] = spells["trust"][members].mean()
            found[f"median days of membership, `{name}`"] = np.median(stayed[members])
    return found


def weibull_shape(times: Any, ended: Any) -> float:
    """Likeliest shape of a Weibull law of lifetimes, of which some have not ended yet.

    A lifetime of 0 days counts as half a day, which makes the shape a little too large where many
    lifetimes are that short. The shape is found by halving an interval.
    """
    t = np.maximum(np.asarray(times, float), 0.5)
    logs = np.log(t / t.max())
    mean_log = logs[np.asarray(ended, bool)].mean()
    low, high = 0.01, 20.0
    for _ in range(60):
        shape = 0.5 * (low + high)
        weights = np.exp(shape * logs)
        if (weights * logs).sum() / weights.sum() - 1.0 / shape > mean_log:
            high = shape
        else:
            low = shape
    return shape


def spread(values: Sequence[float], middle: Callable[[Any], Any] = np.median) -> str:
    """Middle of the values, with the lowest and the highest in brackets."""
    digits = 2 if 0.0 < max(values) < 3.0 else 0
    shown = [f"{v:,.{digits}f}" for v in (middle(values), min(values), max(values))]
    return "{} ({} to {})".format(*(re.sub(r"^0\.", ".", number) for number in shown))


def as_table(
    title: str, measure: Callable[[int], Numbers], seeds: Iterable[int], facts: Mapping[str, str]
) -> str:
    """One line a number, beside what is known about real groups."""
    runs = [measure(seed) for seed in seeds]
    columns = ["facts"] if facts else []
    lines = [f"| {' | '.join([title, 'model', *columns])} |"]
    lines.append("|---|---:|" + "---:|" * bool(facts))
    for name in runs[0]:
        cells = [name, spread([float(found[name]) for found in runs])]
        lines.append(f"| {' | '.join(cells + [facts.get(name, '')] * bool(facts))} |")
    return "\n".join(lines)


FACTS = {
    "memberships that never gave": ".29 to .88",
    "Gini of messages, one month's speakers (median group)": ".62 to .72",
    "monthly turnover of active members, lowest": ".31",
    "monthly turnover of active members, highest": ".58",
    "still giving after 7 days": ".60",
    "still giving after 30 days": ".30",
    "Weibull shape of group life, to the last giving": ".37 and .63",
    "Weibull shape of membership": ".31 to .74",
    "median size of these": "194 to 291",
    "sd of the logarithm of size": "1.28 to 1.51",
    "Gini of giving, all members, groups of 20 and more": ".73 to .97",
}
PARTS: dict[str, tuple[str, Callable[[int], Numbers], bool]] = {
    "speaking": ("`wechat_500`, 240 days", speaking, True),
    "founding": ("free founding, no seats, 300 days, 3,000 people", founding, True),
    "disappointment": ("`wechat_500`, a year", disappointment, False),
    "owners": ("owners who leave", owners, False),
    "platforms": ("`four_platforms`", platforms, False),
}
SECTIONS = ("levers", *PARTS)


def section(name: str, seeds: Sequence[int]) -> str:
    """One table; free founding is run with twice as many seeds."""
    if name == "levers":
        return levers(seeds)
    title, measure, compared = PARTS[name]
    if name == "founding":
        seeds = range(1, 2 * len(seeds) + 1)
    return as_table(title, measure, seeds, FACTS if compared else {})


def main() -> None:
    """Print the tables, or write them into the document."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sections", nargs="*", help=f"of {', '.join(SECTIONS)}; all if none")
    parser.add_argument("--seeds", type=int, default=3, help="how many seeds, from 1 on")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/odd.md")
    chosen = parser.parse_args()
    names = chosen.sections or SECTIONS
    if unknown := set(names) - set(SECTIONS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    document = DOCUMENT.read_text(encoding="utf-8")
    for name in names:
        table = section(name, range(1, chosen.seeds + 1))
        document = written_into(document, table, f"findings, {name}") if chosen.write else ""
        print(table, end="\n\n", flush=True)
    if chosen.write:
        DOCUMENT.write_text(document, encoding="utf-8")


if __name__ == "__main__":
    main()
