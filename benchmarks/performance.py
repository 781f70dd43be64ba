"""Numbers and figure of ``docs/performance.md`` and ``docs/scale.md``.

    python benchmarks/performance.py --write              # measure everything (five minutes), write
    python benchmarks/performance.py --write --quick      # the same, smaller
    python benchmarks/performance.py --write --from FILE  # write what was measured before

Everything is measured by ``selforg bench``; its numbers are kept in ``docs/performance.json``.
Without ``--write`` the tables are printed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "benchmarks"))

import performance_figure  # noqa: E402
import scale  # noqa: E402
from mechanisms import written_into  # noqa: E402

from selforg_sim.bench import aims, suite  # noqa: E402
from selforg_sim.bench.report import SECTIONS, as_markdown, machine_line  # noqa: E402
from selforg_sim.bench.settings import DOING, FULL, QUICK  # noqa: E402

DOCS = ROOT / "docs"
NUMBERS = DOCS / "performance.json"
PICTURES = [DOCS / "images" / f"performance.{kind}" for kind in ("svg", "png")]


def blocks(found: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The generated blocks of each document, by the name of their marks."""
    tables = {name: as_markdown(SECTIONS[name](part)) for name, part in found["parts"].items()}
    tables["aims"] = as_markdown(aims.of_found(found))
    tables["machine"] = machine_line(found)
    tables |= {name: f"Left out. {reason}" for name, reason in found["left_out"].items()}
    return {
        "performance.md": tables,
        "scale.md": {"measured": scale.measured(found), "scale": scale.table(found)},
    }


def write(found: Mapping[str, Any]) -> None:
    """Put blocks, figure and numbers into the documents."""
    for name, tables in blocks(found).items():
        path = DOCS / name
        text = path.read_text(encoding="utf-8")
        for mark, table in tables.items():
            text = written_into(text, table, mark)
        path.write_text(text, encoding="utf-8")
    for picture in PICTURES:
        performance_figure.draw(found, picture)
    NUMBERS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Measure or read, then print or write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put everything into docs/")
    parser.add_argument("--quick", action="store_true", help="smaller worlds, fewer repeats")
    parser.add_argument("--from", dest="file", type=Path, help="numbers of selforg bench --json")
    chosen = parser.parse_args()
    if chosen.file:
        found = json.loads(chosen.file.read_text(encoding="utf-8"))
    else:
        settings = QUICK if chosen.quick else FULL
        found = suite.measure(settings, say=lambda name: print(DOING[name], file=sys.stderr))
    if chosen.write:
        write(found)
    else:
        print("\n\n".join(text for tables in blocks(found).values() for text in tables.values()))


if __name__ == "__main__":
    main()
