"""``selforg analyze``: what the runs of a sweep say about its factors."""

from __future__ import annotations

import json as json_text
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from selforg_sim.analysis import Analysis, Finding

NARROWEST = 78
"""Columns of a terminal below which tables are let overflow rather than cut."""


def analyze(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder of a sweep.", show_default=False)
    ],
    outcomes: Annotated[
        list[str] | None,
        typer.Option("--outcome", metavar="NAME", help="Only this outcome. May be repeated."),
    ] = None,
    days: Annotated[
        list[int] | None,
        typer.Option(
            "--day", metavar="N", help="Only on this day; without it the last one is shown."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Folder for tables and pictures; without it DIR/analysis."
        ),
    ] = None,
    csv: Annotated[
        bool, typer.Option("--csv", help="Write all runs, too, as one table (CSV and Parquet).")
    ] = False,
    netcdf: Annotated[
        bool, typer.Option("--netcdf", help="Write all runs, too, as a cube (NetCDF).")
    ] = False,
    pictures: Annotated[
        bool, typer.Option("--pictures/--no-pictures", help="Whether to draw pictures.")
    ] = True,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, for programs.")
    ] = False,
) -> None:
    """Analyse a sweep: means, how much is luck, which factors matter.

    The design of the sweep says what can be asked: indices of Sobol,
    elementary effects, main effects and interactions of a grid, or indices
    from any other points. A sweep that is not finished is analysed as far
    as it has come. Tables and pictures go to the folder analysis inside that
    of the sweep; an earlier analysis there is replaced. How to read them:
    docs/analysis.md.

    [bold]Examples[/bold]

      selforg analyze sweeps/strictness

      selforg analyze sweeps/strictness --outcome size --day 60

      selforg analyze sweeps/strictness --netcdf --csv --out for-my-paper
    """
    from selforg_sim.analysis import analyze as analysed
    from selforg_sim.analysis.folder import check_place, left_undrawn, write_analysis

    target = folder / "analysis" if out is None else out
    check_place(target)
    found = analysed(folder, outcomes=outcomes or (), days=days or ())
    if not json:
        _show(found, found.findings if days else found.last)
    command = shlex.join(["selforg", *sys.argv[1:]])
    write_analysis(found, target, csv=csv, netcdf=netcdf, pictures=pictures, command=command)
    if json:
        from selforg_sim.analysis.report import as_json

        told = {**as_json(found), "folder": str(target)}
        typer.echo(json_text.dumps(told, ensure_ascii=False, allow_nan=False))
    else:
        if pictures and (left := left_undrawn(found)):
            typer.echo(left)
        typer.echo(f"Results: {target}")


def _show(analysis: Analysis, shown: tuple[Finding, ...]) -> None:
    from rich.console import Console

    from selforg_sim.analysis import report

    console = Console(highlight=False)
    console = Console(highlight=False, width=max(console.width, NARROWEST))
    for line in report.beginning(analysis):
        console.print(line, markup=False)
    for scenario in analysis.scenarios:
        some = tuple(finding for finding in shown if finding.case.scenario == scenario)
        if len(analysis.scenarios) > 1:
            console.print(f"\nScenario {scenario}", style="bold", markup=False)
        _show_one(console, some)
    days = {finding.case.when for finding in analysis.findings}
    if len(days) > 1 and len(shown) < len(analysis.findings):
        console.print("Other days are in the tables; --day N shows them here.", style="dim")


def _show_one(console: Console, findings: tuple[Finding, ...]) -> None:
    from selforg_sim.analysis import report

    for line in report.method(findings):
        console.print(line, markup=False)
    for when in dict.fromkeys(finding.case.when for finding in findings):
        some = tuple(finding for finding in findings if finding.case.when == when)
        console.print(report.means_table(some, when))
    console.print(report.means_legend(findings), style="dim")
    for finding in findings:
        for table in report.tables(finding):
            console.print(table)
    if any(finding.case.axes for finding in findings):
        console.print(report.legend(findings), style="dim")
    for note in report.notes(findings):
        console.print(note, markup=False)
