"""Put the ranking of the levers into docs/which_lever.md, from an analysis of which_lever.

    selforg sweep run which_lever --out results/levers
    selforg analyze results/levers
    python benchmarks/which_lever.py results/levers            # print the tables as Markdown
    python benchmarks/which_lever.py results/levers --write    # put them into docs/which_lever.md

The sweep takes about three quarters of an hour on two cores, the tables no time.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mechanisms import written_into

from selforg_sim.analysis import Analysis, Finding, Index, analyze

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "which_lever.md"
MEASURES = ("retained", "involved", "with_results", "happy", "size")
KINDS = {"friends_chat": "friends' chats", "hobby": "hobby clubs", "buying": "groups that buy"}
SHOWN = 8
"""Levers of each list that are named."""


def ranking(finding: Finding) -> list[Index]:
    """Total indices, the largest first."""
    return sorted(finding.found.of_kind("total"), key=lambda index: -index.value)


def leading(indices: Sequence[Index]) -> set[Index]:
    """Those that may be the first: their intervals meet that of the first in the list."""
    return {index for index in indices if index.high >= indices[0].low}


def cell(finding: Finding, index: Index, *, first: bool) -> str:
    """A lever with its total index and interval; bold where it may be the first."""
    label = finding.case.axis(index.factors[0]).label
    name = f"**{label}**" if first else label
    unsure = " ·" if index.unsure else ""
    return f"{name} {index.value:.2f} ({max(index.low, 0.0):.2f}-{index.high:.2f}){unsure}"


def rest(indices: Sequence[Index]) -> str:
    """What is left, in a cell."""
    unsure = sum(index.unsure for index in indices)
    return f"the other {len(indices)}: at most {indices[0].value:.2f}; {unsure} may be nothing"


def chance(finding: Finding) -> str:
    """The share of luck in single runs."""
    found = finding.case.chance
    return f"luck: {found.share:.0%} ({found.low:.0%}-{found.high:.0%})"


def table(analysis: Analysis, measure: str) -> Iterator[str]:
    """The lists of one measure side by side, in Markdown."""
    findings = [analysis.of(measure, scenario=kind) for kind in KINDS]
    lists = [ranking(finding) for finding in findings]
    firsts = [leading(indices) for indices in lists]
    yield "| | " + " | ".join(KINDS.values()) + " |"
    yield "|---|" + "---|" * len(KINDS)
    for place in range(SHOWN):
        cells = [
            cell(finding, indices[place], first=indices[place] in first)
            for finding, indices, first in zip(findings, lists, firsts, strict=True)
        ]
        yield f"| {place + 1} | " + " | ".join(cells) + " |"
    yield "| | " + " | ".join(rest(indices[SHOWN:]) for indices in lists) + " |"
    yield "| | " + " | ".join(chance(finding) for finding in findings) + " |"


def main() -> None:
    """Print the tables, or write them into the document."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="of the sweep")
    parser.add_argument("--write", action="store_true", help=f"put the tables into {DOCUMENT.name}")
    chosen = parser.parse_args()
    found = analyze(chosen.folder)
    for measure in MEASURES:
        lines = "\n".join(table(found, measure))
        print(measure, lines, sep="\n\n", end="\n\n")
        if chosen.write:
            document = DOCUMENT.read_text(encoding="utf-8")
            document = written_into(document, lines, f"which lever, {measure}")
            DOCUMENT.write_text(document, encoding="utf-8")


if __name__ == "__main__":
    main()
