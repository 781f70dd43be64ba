"""How often is every mechanism of the model seen at work in the shipped scenarios?

    python benchmarks/mechanisms.py            # print the table as Markdown
    python benchmarks/mechanisms.py --write    # put it into docs/odd.md
    python benchmarks/mechanisms.py smoke hobby_club --seed 3

The counts are taken between the phases of a day, while it is lived, and so do not depend on what a
scenario asks to be recorded. ``town`` is cut to its first 60 days. ``real_contacts`` gets a network
made here (see ``made_up_contacts``), since it comes without a file.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from selforg_sim.engine import codes, networks  # noqa: E402
from selforg_sim.engine.loop import Loop  # noqa: E402
from selforg_sim.engine.state import State  # noqa: E402
from selforg_sim.happenings import begin_day  # noqa: E402
from selforg_sim.plan import PLAN  # noqa: E402
from selforg_sim.scenario import load_scenario  # noqa: E402
from selforg_sim.scenario.schema import Scenario  # noqa: E402
from selforg_sim.simulation import keep_day  # noqa: E402
from selforg_sim.world import World, build_world  # noqa: E402

DOCUMENT = ROOT / "docs" / "odd.md"
SHORTER = {"town": ["horizon=60"]}

RUN = {"seed": "seed", "days": "days run", "people": "people"}

MECHANISMS = {
    "trouble": "group-days on which somebody disrupted",
    "turned to trouble": "times that a disappointed member turned to trouble",
    "removed": "members removed",
    "ever quiet": "memberships that were ever quiet",
    "turned back": "times that a quiet or troubling member turned back",
    "drifted off": "quiet members who drifted off",
    "quit": "members who left of their own",
    "moved": "members who left for a better group",
    "invited in": "joins by invitation",
    "found by search": "joins of a searchable or browsed group met by chance",
    "declined": "people who did not want to come in",
    "too busy": "people for whom it would have left under ten minutes a day",
    "refused for fit": "applicants whom the group refused for their fit",
    "full house": "applicants whom the lot for the last seats left out",
    "founded": "groups founded of somebody's own accord",
    "split": "daughter groups",
    "dissolved": "groups dissolved",
    "returns paid": "group-days on which returns were paid out",
    "red envelopes": "group-days on which a red envelope was shared",
    "advertising": "group-days with advertising",
    "meet-ups": "group-days with a meet-up",
    "core layer": "group-days with a core layer",
    "core moved": "groups whose core moved by more than 5 degrees",
    **{
        f"stage: {stage}": f"group-days in the stage *{stage}*"
        for stage in codes.STAGES
        if stage != "ended"
    },
}
"""What is counted, by its short name, and what one count is."""


class Tally:
    """Counts what happens between the phases of a day.

    ``hooks`` names, per phase, the function to call after it (see ``Loop.advance``).
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.spells_quiet: set[int] = set()
        self._standing = np.zeros(0, dtype=np.int8)
        self.hooks = {
            "influence and stand": self.before_watching,
            "watch": self.turning,
            "receive": self.cash,
            "admit": self.requests,
        }

    def before_watching(self, state: State) -> None:
        """Keep what everybody was before the disappointed turn."""
        self._standing = state.memberships["standing"][state.memberships.rows()].copy()

    def turning(self, state: State) -> None:
        """Who turned quiet, to trouble, or back."""
        rows = state.memberships.rows()
        before, now = self._standing, state.memberships["standing"][rows]
        away = (codes.QUIET, codes.TROUBLEMAKER)
        self.counts["turned to trouble"] += count(
            (now == codes.TROUBLEMAKER) & (before != codes.TROUBLEMAKER)
        )
        self.counts["turned back"] += count(np.isin(before, away) & ~np.isin(now, away))
        turned_quiet = rows[(now == codes.QUIET) & (before != codes.QUIET)]
        self.spells_quiet.update(state.memberships["spell"][turned_quiet].tolist())

    def cash(self, state: State) -> None:
        """Returns, red envelopes, advertising, meet-ups of the day."""
        groups = state.groups
        self.counts["returns paid"] += count(groups["paid_today"] > 0)
        self.counts["red envelopes"] += count(groups["envelope_today"] > 0)
        self.counts["advertising"] += count(groups["advertising_today"] > 0)
        self.counts["meet-ups"] += count(groups["meeting"] > 0)

    def requests(self, state: State) -> None:
        """What came of invitations and encounters."""
        outcome = state.requests["request_outcome"]
        joined, found = outcome == codes.JOINED, state.requests["request_from"] == codes.NOBODY
        by_chance = joined & found & (state.requests["request_own"] == 0)
        self.counts["found by search"] += count(by_chance)
        self.counts["invited in"] += count(joined & ~found)
        for name, code in (
            ("declined", codes.DECLINED), ("refused for fit", codes.REFUSED),
            ("full house", codes.FULL), ("too busy", codes.BUSY),
        ):  # fmt: skip
            self.counts[name] += count(outcome == code)

    def close(self, world: World) -> Counter[str]:
        """Add what the record of the whole run holds, and return all counts."""
        record = world.state.record
        reasons = record.spells["reason"]
        for name, code in (
            ("removed", codes.REMOVED), ("quit", codes.QUIT), ("moved", codes.MOVED),
            ("drifted off", codes.DRIFTED_OFF),
        ):  # fmt: skip
            self.counts[name] = count(reasons == code)
        events = record.events["event"]
        self.counts["seed"] = world.state.seed
        self.counts["days"] = world.state.day
        self.counts["people"] = world.state.people.rows
        self.counts["ever quiet"] = len(self.spells_quiet)
        self.counts["founded"] = count(events == codes.FOUNDED)
        self.counts["split"] = count(events == codes.SPLIT_OFF)
        self.counts["dissolved"] = count(events == codes.DISSOLVED)
        series = record.table("series")
        self.counts["trouble"] = count(series["disruptions"] > 0)
        self.counts["core layer"] = count(series["core_layer"] > 0)
        moved = series["group"][series["core_distance"] > np.deg2rad(5.0)]
        self.counts["core moved"] = int(np.unique(moved).size)
        for code, stage in enumerate(codes.STAGES):
            self.counts[f"stage: {stage}"] = count(series["stage"] == code)
        return self.counts


def count(flags: Any) -> int:
    """Number of true flags."""
    return int(np.count_nonzero(flags))


def live(
    scenario: Scenario, seed: int | None, hooks: Mapping[str, Callable[[State], Any]]
) -> World:
    """Run a scenario to its end; ``hooks`` names functions to call after phases."""
    world, loop = build_world(scenario, seed), Loop(PLAN)
    keep_day(world)
    for _ in range(scenario.horizon):
        begin_day(world)
        loop.advance(world.state, hooks)
        keep_day(world)
    loop.close()
    return world


def tally(name: str, overrides: Sequence[str] = (), seed: int | None = None) -> Counter[str]:
    """Run a shipped scenario and count its mechanisms at work."""
    scenario = load_scenario(name, [*overrides, "record.series_every=1"])
    counted = Tally()
    return counted.close(live(scenario, seed, counted.hooks))


def made_up_contacts(path: Path, people: int = 1500, mean: float = 20.0) -> None:
    """Write a small world as an edge list, one tie a line."""
    keys = np.arange(people, dtype=np.int64)
    contacts = networks.small_world(keys, np.ones(people), 1, mean, 0.1)
    begins = np.repeat(keys, np.diff(contacts.first))
    once = begins < contacts.other
    lines = [f"{a} {b}\n" for a, b in zip(begins[once], contacts.other[once], strict=True)]
    path.write_text("".join(lines), encoding="utf-8")


def tally_all(
    names: Sequence[str], further: Sequence[str] = (), seed: int | None = None
) -> dict[str, Counter[str]]:
    """Counts of each scenario by its name; ``further`` overrides hold for all."""
    counts = {}
    with tempfile.TemporaryDirectory() as folder:
        contacts = Path(folder) / "contacts.txt"
        made_up_contacts(contacts)
        given = {"real_contacts": [f"contacts.path={json.dumps(str(contacts))}"]}
        for name in names:
            overrides = [*SHORTER.get(name, []), *given.get(name, []), *further]
            counts[name] = tally(name, overrides, seed)
    return counts


def shipped_names() -> list[str]:
    """Names of all shipped scenarios, the smallest first."""
    names = sorted(path.stem for path in (ROOT / "scenarios").glob("*.toml"))
    return sorted(names, key=lambda name: (name != "smoke", name == "town", name))


def as_markdown(counts: dict[str, Counter[str]]) -> str:
    """The table: one line per mechanism, one column per scenario; a dot stands for none."""
    lines = ["| seen | " + " | ".join(f"`{name}`" for name in counts) + " |"]
    lines.append("|---|" + "---:|" * len(counts))
    for key, meaning in (RUN | MECHANISMS).items():
        numbers = (f"{found[key]:,}" if found[key] else "·" for found in counts.values())
        lines.append(f"| {meaning} | " + " | ".join(numbers) + " |")
    return "\n".join(lines)


def marks(name: str) -> tuple[str, str]:
    """Comments between which a table stands in the document."""
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def written_into(document: str, table: str, name: str = "mechanisms") -> str:
    """The document with the table in its place."""
    begin, end = marks(name)
    before, rest = document.split(begin)
    _, after = rest.split(end)
    return f"{before}{begin}\n{table}\n{end}{after}"


def main() -> None:
    """Print the table, or write it into the document."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenarios", nargs="*", help="shipped scenarios; all if none is named")
    parser.add_argument("--seed", type=int, help="seed of the runs; each scenario's own if absent")
    parser.add_argument("--write", action="store_true", help="put the table into docs/odd.md")
    chosen = parser.parse_args()
    table = as_markdown(tally_all(chosen.scenarios or shipped_names(), seed=chosen.seed))
    if chosen.write:
        document = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(written_into(document, table), encoding="utf-8")
    else:
        print(table)


if __name__ == "__main__":
    main()
