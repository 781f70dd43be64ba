"""``selforg why``: why people left, and one person's story."""

from __future__ import annotations

import json as json_text
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from selforg_sim.errors import UsageError

if TYPE_CHECKING:
    from selforg_sim.results.store import Results

SHOWN = 8
LEAST = 0.005


def why(
    results: Annotated[
        Path, typer.Argument(metavar="RESULTS", help="A folder of results.", show_default=False)
    ],
    person: Annotated[
        int | None,
        typer.Option("--person", metavar="N", help="Whose story: his row in the table people."),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option("--group", metavar="GROUP", help="Only in this group: its name or its row."),
    ] = None,
    replicate: Annotated[
        int, typer.Option("--replicate", metavar="N", help="In which of several runs, from 0.")
    ] = 0,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of sentences.")
    ] = False,
) -> None:
    """Tell why people left: of all of them, or the story of one.

    Without --person, the most frequent reasons of all who left, and some people worth asking
    about.

    [bold]Examples[/bold]

      selforg why results/smoke-001

      selforg why results/smoke-001 --person 123

      selforg why results/smoke-001 --person 123 --group g2
    """
    from selforg_sim.results.store import Results

    loaded = Results.load(results)
    if person is None:
        if group is not None:
            raise UsageError("--group needs --person N: say whose story is to be told.")
        found = _overview(loaded, replicate)
        typer.echo(_dumped(found) if json else _spoken(found, results))
        return
    from selforg_sim.results.lives import life_of
    from selforg_sim.results.story import as_dict, story

    life = life_of(loaded, person, group, replicate)
    typer.echo(_dumped(as_dict(life)) if json else "\n\n".join(map(_wrapped, story(life))))


def _overview(results: Results, replicate: int) -> dict[str, Any]:
    from selforg_sim.results.worth_asking import overview

    return overview(results, replicate)


def _spoken(found: dict[str, Any], folder: Path) -> str:
    if not found["left"]:
        return "Nobody left a group in this run."
    left = found["left"]
    lines = [f"{left:,} membership{'s' if left > 1 else ''} ended.", ""]
    if found["replicates"] > 1:
        which = f"Run {found['replicate']} of the {found['replicates']} runs 0 to "
        lines.insert(0, f"{which}{found['replicates'] - 1}; --replicate N tells another.")
    lines.append("  share  reason             the largest one of")
    rest = 1.0
    for reason in found["reasons"][:SHOWN]:
        rest -= reason["mean_share"]
        lines.append(
            f"  {reason['mean_share']:5.0%}  {reason['label']:<18} {reason['largest']:>8,}"
        )
    if rest >= LEAST:
        lines.append(f"  {rest:5.0%}  others")
    lines += ["", "Worth asking about:", ""]
    at = f" --replicate {found['replicate']}" if found["replicate"] else ""
    for one in found["people"]:
        lines.append(f"  {one['says']}")
        who = f"--person {one['person']}{one['more']}{at}"
        lines.append(f"    selforg why {shlex.quote(str(folder))} {who}")
    return "\n".join(lines)


def _dumped(found: dict[str, Any]) -> str:
    return json_text.dumps(found, ensure_ascii=False, allow_nan=False)


def _wrapped(paragraph: str) -> str:
    import textwrap

    return textwrap.fill(paragraph, 96, subsequent_indent="  ")
