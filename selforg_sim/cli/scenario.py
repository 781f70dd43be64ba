"""``selforg scenario``: look at scenarios without running them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from selforg_sim.errors import StorageError

if TYPE_CHECKING:
    from selforg_sim.scenario.schema import Scenario

FILE_OR_NAME = typer.Argument(
    metavar="FILE_OR_NAME",
    help="A scenario file, or the name of a shipped scenario.",
    show_default=False,
)
SET = typer.Option(
    "--set", metavar="KEY=VALUE", help="Change one value first, e.g. group.strictness=0.8."
)

scenario_app = typer.Typer(
    no_args_is_help=True,
    help="Check, show and compare scenarios without running them.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@scenario_app.command("list")
def list_scenarios() -> None:
    """List the scenarios that come with the program."""
    from rich.console import Console
    from rich.table import Table

    from selforg_sim.scenario.load import scenario_names

    table = Table(box=None, show_header=False, padding=(0, 3, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for name, title in scenario_names().items():
        table.add_row(name, title)
    console = Console(highlight=False)
    console.print(table)
    console.print(
        "\nRun one with: selforg run NAME. See all its numbers with: selforg scenario show NAME."
    )


@scenario_app.command()
def check(
    scenario: Annotated[str, FILE_OR_NAME],
    changes: Annotated[list[str] | None, SET] = None,
) -> None:
    """Check a scenario: every key, every number, every file it names.

    Ends with 0 if it can be run; else says which file, table and key is wrong, and what is valid.

    [bold]Example[/bold]

      selforg scenario check my_scenario.toml
    """
    from selforg_sim.scenario.load import contacts_file, load_scenario

    loaded = load_scenario(scenario, changes or [])
    path = contacts_file(loaded)
    people = _people_of_file(path) if path is not None else None
    typer.echo(_summary(loaded, people))


@scenario_app.command()
def show(
    scenario: Annotated[str, FILE_OR_NAME],
    changes: Annotated[list[str] | None, SET] = None,
) -> None:
    """Print a scenario in full, with all role cards and defaults filled in.

    What is printed is itself a scenario file:

      selforg scenario show wechat_500 > mine.toml
    """
    from selforg_sim.scenario.load import load_scenario
    from selforg_sim.scenario.write import to_toml

    typer.echo(to_toml(load_scenario(scenario, changes or [])), nl=False)


@scenario_app.command()
def diff(
    first: Annotated[
        str, typer.Argument(metavar="A", help="A scenario file or name.", show_default=False)
    ],
    second: Annotated[str, typer.Argument(metavar="B", help="Another one.", show_default=False)],
) -> None:
    """Show in what two scenarios differ, value by value."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from selforg_sim.scenario.load import load_scenario
    from selforg_sim.scenario.write import diff as differences

    found = differences(load_scenario(first), load_scenario(second))
    if not found:
        typer.echo("The two scenarios are the same in every value.")
        return
    table = Table("key", Path(first).name, Path(second).name, box=box.SIMPLE_HEAD)
    for key, one, two in found:
        table.add_row(key, _spoken(one), _spoken(two))
    Console(highlight=False, markup=False).print(table)


@scenario_app.command()
def schema(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write it to a file instead of the screen."),
    ] = None,
) -> None:
    """Print the JSON Schema of scenario files, with which editors complete and explain keys."""
    from selforg_sim.scenario.file_schema import json_schema

    text = json.dumps(json_schema(), indent=2, ensure_ascii=False)
    if out is None:
        typer.echo(text)
        return
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{out} cannot be written: {error.strerror or error}.") from error
    typer.echo(f"Written: {out}")


def _summary(scenario: Scenario, people_in_file: int | None) -> str:
    counts = scenario.counts(people_in_file)
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
    people = f"{sum(counts.values()):,} people ({kinds})" if counts else "no people"
    groups = len(scenario.given_names())
    more = " and those that people found" if scenario.founding.free else ""
    parts = [
        people,
        f"{groups} given groups{more}",
        f"{scenario.horizon} days",
        f"seed {scenario.seed}",
    ]
    return f"{scenario.name} can be run: {', '.join(parts)}."


def _people_of_file(path: Path) -> int:
    from selforg_sim.scenario.contact_files import read_contacts

    found: Any = read_contacts(path)
    return int(found.report.people)


def _spoken(value: Any) -> str:
    if value is None:
        return "(absent)"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
