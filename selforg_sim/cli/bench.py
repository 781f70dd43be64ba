"""``selforg bench``: how fast it is on this machine, and against what."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from selforg_sim.cli.bench_app import bench_app
from selforg_sim.errors import StorageError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from selforg_sim.bench.report import Section


def bench(
    context: typer.Context,
    quick: Annotated[
        bool, typer.Option("--quick", help="Smaller worlds and fewer repeats: about two minutes.")
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="PART",
            help="Measure one part: start, twin, numpy, phases, limit, size, threads or memory. "
            "May be repeated.",
        ),
    ] = None,
    json_file: Annotated[
        str | None,
        typer.Option(
            "--json", metavar="FILE", help="Write all numbers to a file; - prints them instead."
        ),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            "--scenario",
            metavar="FILE_OR_NAME",
            help="With --only phases: time the phases of this scenario, from its first day to "
            "its last.",
        ),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="Change one value of that scenario first. May be repeated.",
        ),
    ] = None,
) -> None:
    """Measure how fast the simulation is on this machine, and against what.

    Everything is compared within one run: the engine with the same model in
    plain Mesa and in numpy, one thread with two, small worlds with large
    ones, a day with the least that it could take. All of it takes five
    minutes or more. For the comparison with plain Mesa run it in a checkout
    of the repository. selforg bench app measures the page in the browser.

    [bold]Examples[/bold]

      selforg bench --quick

      selforg bench --only threads --only size --json speed.json

      selforg bench --only phases --scenario wechat_500 --set horizon=100
    """
    if context.invoked_subcommand is not None:
        return
    if (scenario or changes) and only != ["phases"]:
        raise UsageError("--scenario and --set go with --only phases, and with no other part.")
    if json_file is not None:
        _check_place(json_file)
    found = _measured(quick, only or [], scenario, changes or [], hidden=json_file == "-")
    if json_file == "-":
        typer.echo(json.dumps(found, indent=1))
        return
    _show(found)
    if json_file is not None:
        _write(found, Path(json_file))


def _check_place(json_file: str) -> None:
    """See before minutes of measuring that the numbers can be written down."""
    path = Path(json_file)
    if json_file.startswith("--"):
        raise UsageError(
            f"--json was given no file: '{json_file}' follows. Write --json FILE, or -."
        )
    if json_file == "-":
        return
    if path.is_dir():
        raise UsageError(f"--json: {path} is a folder; name a file.")
    folder = path.parent
    if not folder.is_dir() or not os.access(path if path.exists() else folder, os.W_OK):
        raise UsageError(f"--json: {path} cannot be written; name a file in a folder of yours.")


def _measured(
    quick: bool, only: list[str], scenario: str | None, changes: list[str], hidden: bool
) -> dict[str, Any]:
    from selforg_sim.bench.settings import DOING, FULL, QUICK, check_names

    check_names(only)
    from rich.console import Console

    from selforg_sim.bench import suite

    settings = QUICK if quick else FULL
    errors = Console(stderr=True, highlight=False, quiet=hidden)
    with errors.status("Measuring ...") as status:
        if scenario or changes:
            return suite.measure_phases(settings, scenario or "town", changes)
        return suite.measure(
            settings, only, lambda name: status.update(f"Measuring: {DOING[name]} ...")
        )


def _show(found: dict[str, Any]) -> None:
    from rich.console import Console

    from selforg_sim.bench.report import machine_line, sections

    console = Console(highlight=False)
    for section in sections(found):
        _print(console, section)
    for reason in found["left_out"].values():
        console.print(f"Left out. {reason}\n", markup=False)
    console.print(machine_line(found), style="dim", markup=False)


def _print(console: Console, section: Section) -> None:
    from rich import box
    from rich.table import Table

    table = Table(title=section.title, title_justify="left", box=box.SIMPLE_HEAD)
    for number, heading in enumerate(section.headings):
        table.add_column(heading, justify="right" if number else "left")
    for row in section.rows:
        table.add_row(*row)
    console.print(table)
    console.print(section.sentence + "\n", style="dim", markup=False)


def _write(found: dict[str, Any], path: Path) -> None:
    try:
        path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror or error}.") from error
    typer.echo(f"Written: {path}")


bench_verb = typer.Typer(rich_markup_mode="rich", invoke_without_command=True)
bench_verb.callback()(bench)
bench_verb.command(name="app")(bench_app)
