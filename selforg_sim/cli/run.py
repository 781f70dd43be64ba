"""``selforg run``: a scenario in, a folder of results out."""

from __future__ import annotations

import json as json_text
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from selforg_sim.cli.options import contacts_from
from selforg_sim.errors import ResultsError, RunError, SelforgError, StorageError, UsageError

if TYPE_CHECKING:
    from selforg_sim.results.store import Results

RESULTS = Path("results")


def run(
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="FILE_OR_NAME",
            help="A scenario file (my_scenario.toml), or the name of a shipped one (wechat_500).",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder for the results. Without it: results/NAME-001, -002, ...",
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the folder DIR if it holds older results.")
    ] = False,
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed",
            metavar="N",
            min=0,
            max=2**63 - 1,
            help="Seed of all chance. Same seed, same results.",
        ),
    ] = None,
    replicates: Annotated[
        int,
        typer.Option(
            "--replicates",
            metavar="N",
            min=1,
            help="Run it N times with different seeds and show how far the results spread.",
        ),
    ] = 1,
    days: Annotated[
        int | None,
        typer.Option(
            "--days", metavar="N", min=0, help="How many days to run, instead of the scenario's."
        ),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option(
            "--threads",
            metavar="N",
            min=1,
            help="Processor cores to use; the results do not depend on it.",
        ),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="Change one value of the scenario, e.g. group.strictness=0.8. May be repeated.",
        ),
    ] = None,
    contacts: Annotated[
        Path | None,
        typer.Option(
            "--contacts",
            metavar="FILE",
            help="Take who knows whom from a file: an edge list, CSV or GraphML.",
        ),
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Write the tables as CSV, too.")] = False,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Draw no pictures.")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of tables, for programs.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the folder only.")] = False,
) -> None:
    """Run a scenario and write a folder of results: tables, pictures, and how to repeat the run.

    [bold]Examples[/bold]

      selforg run wechat_500

      selforg run wechat_500 --replicates 10

      selforg run circle_of_40 --set group.strictness=0.8 --out strict

      selforg run real_contacts --contacts CollegeMsg.txt --days 90
    """
    _check_place(out, overwrite)
    overrides = _overrides(changes or [], days, contacts)
    command = shlex.join(["selforg", *sys.argv[1:]])
    results = _simulate(scenario, overrides, seed, replicates, threads, command, quiet)
    results.manifest["command"] = command
    with _told_as_run_error(results.name, results.manifest.get("seed"), command):
        if out is not None:
            folder = results.save(out, overwrite, csv, not no_figures)
        else:
            folder = results.save_next(RESULTS, None, csv, not no_figures)
        _report(results, out or RESULTS / folder.name, json=json, quiet=quiet)


def _simulate(
    scenario: str,
    overrides: list[str],
    seed: int | None,
    replicates: int,
    threads: int | None,
    command: str,
    quiet: bool,
) -> Results:
    from selforg_sim.cli.progress import progress_bar
    from selforg_sim.scenario.load import contacts_file, load_scenario

    loaded = load_scenario(scenario, overrides)
    contacts_file(loaded)
    with _told_as_run_error(loaded.name, loaded.seed if seed is None else seed, command):
        from selforg_sim.simulation import simulate

        with progress_bar(loaded.name, loaded.horizon, replicates, hidden=quiet) as progress:
            results: Results = simulate(
                loaded, seed=seed, replicates=replicates, threads=threads, progress=progress
            )
            return results


def _report(results: Results, folder: Path, *, json: bool, quiet: bool) -> None:
    if quiet and not json:
        typer.echo(str(folder))
        return
    from selforg_sim.cli import report

    if json:
        typer.echo(
            json_text.dumps(report.as_json(results, folder), ensure_ascii=False, allow_nan=False)
        )
    else:
        report.show(results, folder)


def _check_place(out: Path | None, overwrite: bool) -> None:
    """Refuse a place that will not do before the run rather than after it."""
    from selforg_sim.results.folder import check_target

    if out is None and overwrite:
        raise UsageError("--overwrite needs --out DIR: say which folder is to be replaced.")
    try:
        target = (
            check_target(out, overwrite=overwrite) if out is not None else RESULTS.resolve() / "new"
        )
    except OSError as error:
        raise ResultsError(
            f"The folder {out} cannot be used: {error.strerror or error}."
        ) from error
    above = next(folder for folder in target.parents if folder.exists())
    if not above.is_dir():
        raise ResultsError(
            f"{above} is a file, so no folder can be made in it. Choose another with --out."
        )
    if not os.access(above, os.W_OK | os.X_OK):
        raise StorageError(f"The folder {above} is not writable. Choose another place with --out.")


def _overrides(changes: list[str], days: int | None, contacts: Path | None) -> list[str]:
    overrides = list(changes)
    if days is not None:
        overrides.append(f"horizon={days}")
    return overrides if contacts is None else [*overrides, *contacts_from(contacts)]


@contextmanager
def _told_as_run_error(name: str, seed: object, command: str) -> Iterator[None]:
    """Turn what nobody foresaw into a message that says how to see it again."""
    again = (
        f"Repeat it with: {command}\nSet SELFORG_TRACEBACK=1 to see where in the program it failed."
    )
    try:
        yield
    except RunError as error:
        raise RunError(f"{error}\n{again}") from error
    except SelforgError:
        raise
    except Exception as error:
        text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise RunError(
            f"The run of the scenario {name!r} with seed {seed} failed: {text}\n{again}"
        ) from error
