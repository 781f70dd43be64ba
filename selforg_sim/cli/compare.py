"""``selforg compare``: two worlds with the same luck that differ in one thing."""

from __future__ import annotations

import json as json_text
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from selforg_sim.cli.options import contacts_from
from selforg_sim.cli.progress import counting_bar
from selforg_sim.errors import Interrupted, RunError, UsageError

if TYPE_CHECKING:
    from selforg_sim.compare import Comparison

NARROWEST = 78
"""Columns of a terminal below which the table is let overflow rather than cut."""


def compare(
    a: Annotated[
        str, typer.Argument(metavar="A", help="A scenario file or name.", show_default=False)
    ],
    b: Annotated[
        str | None,
        typer.Argument(metavar="B", help="Another one; without it, A again.", show_default=False),
    ] = None,
    seeds: Annotated[
        int, typer.Option("--seeds", metavar="N", help="How many pairs of worlds, at most.")
    ] = 20,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change one value of B. May be repeated."),
    ] = None,
    changes_a: Annotated[
        list[str] | None,
        typer.Option(
            "--set-a", metavar="KEY=VALUE", help="Change one value of A. May be repeated."
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            "--without",
            metavar="WHOM",
            help="B lacks somebody: person:17, kind:troublemaker, lurker:3. May be repeated.",
        ),
    ] = None,
    outcomes: Annotated[
        list[str] | None,
        typer.Option(
            "--outcome",
            metavar="NAME",
            help="What to compare: size, retained, ...; size@g1 is that of one group.",
        ),
    ] = None,
    at_days: Annotated[
        list[int] | None,
        typer.Option(
            "--day", metavar="N", help="On which day; the last one if not said. May be repeated."
        ),
    ] = None,
    days: Annotated[
        int | None, typer.Option("--days", metavar="N", min=0, help="How many days both live.")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", metavar="N", min=0, max=2**63 - 1, help="The first seed."),
    ] = None,
    until_halfwidth: Annotated[
        list[str] | None,
        typer.Option(
            "--until-halfwidth",
            metavar="NAME=VALUE",
            help="Stop when the 95% interval is as narrow as difference ± VALUE, as size=50 or "
            "retained=0.02.",
        ),
    ] = None,
    contacts: Annotated[
        Path | None,
        typer.Option(
            "--contacts", metavar="FILE", help="Take who knows whom from a file, in both worlds."
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", metavar="N", min=1, help="Processes; without it, one a core."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder for tables and pictures; the same command goes on where it was stopped.",
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, for programs.")
    ] = False,
) -> None:
    """Compare two worlds that share all their luck and differ in one thing.

    Each seed gives a pair of worlds: the same people with the same contacts, and the same lot for
    every decision. What differs in the end comes of the one change, and the differences of the
    pairs scatter far less than the worlds do.

    [bold]Examples[/bold]

      selforg compare smoke --set group.strictness=0.8

      selforg compare mine.toml other.toml --seeds 100 --out mine-or-other

      selforg compare wechat_500 --without kind:troublemaker --days 180

      selforg compare wechat_500 --set group.levels=1 --outcome largest --until-halfwidth largest=5
    """
    from selforg_sim import compare as compared

    targets = dict(_target(text) for text in until_halfwidth or [])
    command = shlex.join(["selforg", *sys.argv[1:]])
    name = a if b is None else f"{a} and {b}"
    network = [] if contacts is None else contacts_from(contacts)
    with _told_in_words(out, command), counting_bar(name) as tell:
        found = compared.compare(
            a,
            b,
            changes=[*network, *(changes or ())],
            changes_a=[*network, *(changes_a or ())],
            without=without or (),
            seeds=seeds,
            seed=seed,
            days=days,
            outcomes=outcomes or compared.USUAL,
            at_days=at_days or (),
            until_halfwidth=targets,
            workers=workers,
            out=out,
            command=command,
            progress=lambda done, most: tell(done, most, f"{done} of {most} seeds"),
        )
    _report(found, out, json=json)


def _report(found: Comparison, out: Path | None, *, json: bool) -> None:
    from rich.console import Console

    from selforg_sim.compare import report

    if json:
        told = {**report.as_json(found), "folder": None if out is None else str(out)}
        typer.echo(json_text.dumps(told, ensure_ascii=False, allow_nan=False))
        return
    console = Console(highlight=False)
    console = Console(highlight=False, width=max(console.width, NARROWEST))
    for line in report.beginning(found):
        console.print(line, markup=False)
    if found.equal:
        console.print(report.equality(found), style="bold")
    else:
        console.print(report.parting(found))
        for day in found.days:
            console.print(report.table(found, day))
        for line in report.sentences(found):
            console.print(line, markup=False)
        console.print(report.LEGEND, style="dim")
    if out is not None:
        console.print(f"Results: {out}", soft_wrap=True, markup=False)


def _target(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        width = float(value)
    except ValueError:
        width = 0.0
    if not width > 0.0:
        raise UsageError(
            f"--until-halfwidth {text}: write an outcome and a number above 0, as in size=50."
        )
    return name, width


@contextmanager
def _told_in_words(out: Path | None, command: str) -> Iterator[None]:
    """Say what an interruption or a failure has left, and how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        place = None if out is None else out.expanduser() / "parts"
        if place is None or not place.is_dir():
            raise
        kept = len(list(place.glob("seed-*.parquet")))
        told = "1 seed is" if kept == 1 else f"{kept} seeds are"
        raise Interrupted(f"{told} kept in {out}; the same command goes on from there.") from None
    except RunError as error:
        raise RunError(f"{error}\nRepeat it with: {command}") from error
