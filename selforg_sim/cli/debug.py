"""``selforg debug``: find where two worlds part."""

from __future__ import annotations

import json as json_text
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from selforg_sim.engine.limits import LAST_DAY

if TYPE_CHECKING:
    from selforg_sim.lockstep import Difference, Pair

DIFFERENT = 1
SETTINGS_SHOWN = COLUMNS_SHOWN = 12

debug_app = typer.Typer(
    no_args_is_help=True,
    help="Find where and when two worlds part.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def of_side(flag: str, label: str, metavar: str, text: str, **further: Any) -> Any:
    """An option that is there once for each side."""
    name = f"--{flag}-{label.lower()}"
    return typer.Option(name, metavar=metavar, help=f"{text} (of {label})", **further)


SET = "Change one value. May be repeated"
SEED = "Seed of all chance"
THREADS = "Processor cores to use, where a world is large"
INTERPRETED = "Run the rules as plain Python, without compiling them"
PYTHON = "Another Python, with its own selforg_sim"
TREE = "Folder of another version, such as a checkout"
SEEDS: dict[str, Any] = {"min": 0, "max": 2**63 - 1}


@debug_app.command()
def diff(
    a: Annotated[
        str,
        typer.Argument(metavar="A", help="A scenario file or name.", show_default=False),
    ],
    b: Annotated[
        str | None,
        typer.Argument(metavar="B", help="Another one; without it, A again.", show_default=False),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(
            "--days",
            metavar="N",
            min=0,
            max=LAST_DAY,
            help="How many days to compare; 0: only the births.",
        ),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change one value of both."),
    ] = None,
    set_a: Annotated[list[str] | None, of_side("set", "A", "KEY=VALUE", SET)] = None,
    set_b: Annotated[list[str] | None, of_side("set", "B", "KEY=VALUE", SET)] = None,
    seed_a: Annotated[int | None, of_side("seed", "A", "N", SEED, **SEEDS)] = None,
    seed_b: Annotated[int | None, of_side("seed", "B", "N", SEED, **SEEDS)] = None,
    threads_a: Annotated[int, of_side("threads", "A", "N", THREADS, min=1)] = 1,
    threads_b: Annotated[int, of_side("threads", "B", "N", THREADS, min=1)] = 1,
    interpreted_a: Annotated[
        bool, typer.Option("--interpreted-a", help=f"{INTERPRETED} (of A)")
    ] = False,
    interpreted_b: Annotated[
        bool, typer.Option("--interpreted-b", help=f"{INTERPRETED} (of B)")
    ] = False,
    python_a: Annotated[Path | None, of_side("python", "A", "FILE", PYTHON)] = None,
    python_b: Annotated[Path | None, of_side("python", "B", "FILE", PYTHON)] = None,
    tree_a: Annotated[Path | None, of_side("tree", "A", "DIR", TREE)] = None,
    tree_b: Annotated[Path | None, of_side("tree", "B", "DIR", TREE)] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, for programs.")
    ] = False,
) -> None:
    """Let two worlds live in lockstep and name the first place in which they differ.

    The two may be two scenarios, one scenario with two seeds or settings, two
    versions of the program, or two ways to run it. Ends with 0 if they are
    equal to the bit, 1 if they differ, 2 after wrong use.

    [bold]Examples[/bold]

      selforg debug diff smoke mine.toml

      selforg debug diff smoke --set-b group.strictness=0.8

      selforg debug diff smoke --interpreted-b --days 5

      selforg debug diff wechat_500 --tree-b ../before
    """
    from selforg_sim.lockstep import Pair, Side

    both = tuple(changes or ())
    one = Side(a, both + tuple(set_a or ()), seed_a, threads_a, interpreted_a, python_a, tree_a)
    two = Side(
        b or a, both + tuple(set_b or ()), seed_b, threads_b, interpreted_b, python_b, tree_b
    )
    with Pair(one, two) as pair:
        last = pair.horizon if days is None else days
        if not json:
            _tell_beginnings(pair)
        with _counted(last) as progress:
            found = pair.first_difference(last, progress)
        if json:
            _tell_program(pair, found, last)
        else:
            _tell(found, last)
    if found is not None:
        raise typer.Exit(DIFFERENT)


def _tell_beginnings(pair: Pair) -> None:
    """Settings that differ, and what cannot be compared."""
    for note in pair.notes:
        typer.echo(note)
    if not pair.settings:
        typer.echo("The settings are the same.")
        return
    typer.echo("Settings that differ (A | B):")
    for key, a, b in pair.settings[:SETTINGS_SHOWN]:
        typer.echo(f"  {key}: {_spoken(a)} | {_spoken(b)}")
    _tell_more(len(pair.settings) - SETTINGS_SHOWN)


def _tell(found: Difference | None, last: int) -> None:
    """The first difference in plain words."""
    if found is None:
        over = f"over {last:,} days" if last else "at birth"
        typer.echo(f"The two worlds are equal to the bit {over}.")
        return
    if found.day:
        until = f"until day {found.day}" if found.day > 1 else "at birth"
        typer.echo(f"The two worlds are equal {until}.")
    typer.echo(f"First difference (A | B): {found}")
    typer.echo("What differs there in all:")
    for count in found.counts[:COLUMNS_SHOWN]:
        typer.echo(f"  {count}")
    _tell_more(len(found.counts) - COLUMNS_SHOWN)


def _tell_more(more: int) -> None:
    if more > 0:
        typer.echo(f"  and {more:,} more")


def _tell_program(pair: Pair, found: Difference | None, last: int) -> None:
    told = {
        "equal": found is None,
        "days": last,
        "settings": [list(setting) for setting in pair.settings],
        "notes": pair.notes,
        "difference": None if found is None else asdict(found),
    }
    typer.echo(json_text.dumps(told, ensure_ascii=False))


@contextmanager
def _counted(last: int) -> Iterator[Callable[[int], None] | None]:
    """Count the days on the terminal's error stream; show nothing where it is none."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    with console.status("preparing") as status:
        yield lambda day: status.update(f"day {day:,} of {last:,}")


def _spoken(value: Any) -> str:
    return "(absent)" if value is None else json_text.dumps(value, ensure_ascii=False)
