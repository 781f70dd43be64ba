"""Have the results of three scenarios changed?

    python benchmarks/baseline.py              # say what differs from tests/baseline.json
    python benchmarks/baseline.py --refresh    # say it, and take today's numbers instead

It takes some seconds. The file holds sizes, joins, reasons of leaving, belonging, returns and the
like, and a digest of every table of results. Its number ``results`` names an entry of
``CHANGELOG.md``, marked **results change N**: the first refresh after an entry was written takes
the next number, and the tests fail until an entry with that number is there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import platform
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import pyarrow as pa  # noqa: E402

from selforg_sim.scenario import load_scenario  # noqa: E402
from selforg_sim.simulation import run_world, tables_of  # noqa: E402
from selforg_sim.world import World  # noqa: E402

BASELINE = ROOT / "tests" / "baseline.json"
CHANGELOG = ROOT / "CHANGELOG.md"
SCENARIOS: dict[str, list[str]] = {
    "smoke": [],
    "group_buying": ["horizon=90"],
    "four_platforms": ["horizon=60"],
}
"""What is run: groups founded freely; cash, envelopes, meet-ups and splits; search and asking."""

CLOSE = 1e-9
"""Numbers this near count as the same; the digests tell the rest, on one kind of machine."""

Numbers = dict[str, float]


def machine() -> str:
    """The kind of machine; on another kind the last bit of a logarithm may differ."""
    return f"{platform.system()} {platform.machine()}"


def measured() -> dict[str, dict[str, Any]]:
    """Numbers and digests of tables of every scenario, as they are now."""
    found = {}
    for name, overrides in SCENARIOS.items():
        scenario = load_scenario(name, overrides)
        world = run_world(scenario, scenario.seed)[0]
        tables = tables_of(world)
        found[name] = {
            "overrides": overrides,
            "numbers": numbers_of(world, tables),
            "digests": {table: digest(content) for table, content in tables.items()},
        }
    return found


def numbers_of(world: World, tables: Mapping[str, pa.Table]) -> Numbers:
    """Summary numbers of a run, by what they say."""
    state = world.state
    series = tables["series"].to_pandas()
    living = series[(series["day"] == state.day) & (series["size"] > 0)]
    splits = int(np.count_nonzero(state.groups["parent"] >= 0))
    belonging = state.memberships["belonging"][state.memberships.rows()].tolist()
    return {
        "people": state.people.rows,
        "contacts": state.contacts.other.size // 2,
        "memberships at the end": len(state.memberships),
        "groups ever opened": state.groups.rows,
        "groups alive at the end": len(living),
        "daughter groups": splits,
        "largest group at the end": int(living["size"].max()),
        "joins": int(series["joins"].sum()),
        **counted("left", tables["spells"]["reason"]),
        **counted("invitations", tables["invitations"]["outcome"]),
        "mean belonging at the end": math.fsum(belonging) / len(belonging),
        "mean trust at the end": math.fsum(living["trust"]) / len(living),
        "messages": int(series["messages"].sum()),
        "disruptions": int(series["disruptions"].sum()),
        "returns paid": math.fsum(series["paid"]),
        "red envelopes": math.fsum(series["envelopes"]),
    }


def counted(label: str, words: pa.ChunkedArray) -> Numbers:
    """How often each word stands in a column."""
    counts = Counter(word for word in words.to_pylist() if word is not None)
    return {f"{label}: {word}": counts[word] for word in sorted(counts)}


def digest(table: pa.Table) -> str:
    """Digest of what a table holds, to the bit, whatever wrote it."""
    found = hashlib.blake2b(digest_size=8)
    for name in table.column_names:
        found.update(name.encode())
        column = table[name]
        if pa.types.is_floating(column.type):
            found.update(np.array(column.to_pylist(), dtype=np.float64).tobytes())
        else:
            found.update(json.dumps(column.to_pylist()).encode())
    return found.hexdigest()


def changes(old: Mapping[str, Any], new: Mapping[str, Any], *, digests: bool) -> Iterator[str]:
    """What differs, a sentence for each number and one for the tables of a scenario."""
    for name in dict.fromkeys([*old, *new]):
        before, now = old.get(name), new.get(name)
        if before is None or now is None:
            yield f"{name}: {'new' if before is None else 'no longer run'}"
            continue
        if before["overrides"] != now["overrides"]:
            yield f"{name}: run with {now['overrides']}, before with {before['overrides']}"
        yield from (f"{name}: {text}" for text in moved(before["numbers"], now["numbers"]))
        other = differing(before["digests"], now["digests"])
        if digests and other:
            yield f"{name}: tables that differ: {', '.join(other)}"


def moved(before: Numbers, now: Numbers) -> Iterator[str]:
    """Numbers that differ: old, new, and by how many per cent."""
    for key in dict.fromkeys([*before, *now]):
        old, new = before.get(key, 0), now.get(key, 0)
        if not math.isclose(old, new, rel_tol=CLOSE):
            by = f"{(new - old) / old:+.2%}" if old else "new"
            yield f"{key}: {spoken(old)} → {spoken(new)} ({by})"


def differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Keys whose values are not the same."""
    return [k for k in dict.fromkeys([*before, *now]) if before.get(k) != now.get(k)]


def spoken(value: float) -> str:
    """A count with commas; any other number to six digits."""
    return f"{value:,}" if isinstance(value, int) else f"{value:.6g}"


def entries(changelog: str) -> list[int]:
    """Numbers of the entries that say that results change, in the order of the text."""
    return [int(number) for number in re.findall(r"\*\*results change (\d+)\*\*", changelog)]


def next_number(before: int, changelog: str) -> int:
    """The number of the change that is being made: a new one once the last has its entry.

    >>> next_number(3, "- **results change 3**: ..."), next_number(4, "- **results change 3**: ...")
    (4, 4)
    """
    return before + 1 if before in entries(changelog) else before


def read(path: Path = BASELINE) -> dict[str, Any]:
    """The baseline as it was last taken; an empty one numbered 1 if there is none."""
    if not path.is_file():
        return {"results": 1, "machine": machine(), "scenarios": {}}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def refresh(path: Path, changelog: Path) -> list[str]:
    """Write today's numbers to ``path`` if any has changed; return what changed, in sentences."""
    old, new = read(path), measured()
    told = list(changes(old["scenarios"], new, digests=old["machine"] == machine()))
    if told:
        number = next_number(old["results"], changelog.read_text(encoding="utf-8"))
        whole = {"results": number, "machine": machine(), "scenarios": new}
        path.write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        told.append(
            f"Baseline {number} is written. Say in {changelog.name} what makes it differ, in an "
            f"entry marked **results change {number}**."
        )
    return told


def main(arguments: Iterable[str]) -> int:
    """Compare, and refresh if asked to; 1 if results have changed and were not refreshed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--refresh", action="store_true", help="take today's numbers")
    asked = parser.parse_args(list(arguments))
    if asked.refresh:
        told = refresh(BASELINE, CHANGELOG)
    else:
        old = read()
        told = list(changes(old["scenarios"], measured(), digests=old["machine"] == machine()))
    print("\n".join(told) or "No result has changed.")
    return 1 if told and not asked.refresh else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
