"""The command ``selforg``: its verbs, and how errors end it."""

from __future__ import annotations

import os
import sys
from typing import Annotated, NoReturn

import typer

from selforg_sim import __version__
from selforg_sim.cli.analyze import analyze
from selforg_sim.cli.app import app as page
from selforg_sim.cli.bench import bench_verb
from selforg_sim.cli.compare import compare
from selforg_sim.cli.debug import debug_app
from selforg_sim.cli.plan import plan
from selforg_sim.cli.run import run
from selforg_sim.cli.scenario import scenario_app
from selforg_sim.cli.sweep import sweep_app
from selforg_sim.cli.why import why
from selforg_sim.errors import Interrupted, SelforgError

INTERRUPTED = Interrupted.exit_code

app = typer.Typer(
    name="selforg",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(name="run")(run)
app.command(name="app")(page)
app.command(name="why")(why)
app.command(name="compare")(compare)
app.command(name="analyze")(analyze)
app.command(name="plan")(plan)
app.add_typer(bench_verb, name="bench")
app.add_typer(sweep_app, name="sweep")
app.add_typer(scenario_app, name="scenario")
app.add_typer(debug_app, name="debug")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"selforg {__version__}")
        raise typer.Exit


@app.callback()
def selforg(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None:
    """How groups on the internet organise themselves: a simulation.

    A scenario says who there is, which groups they may join and what the
    owners of the groups do. The simulation lets the days pass; people join,
    give, watch, turn away and leave. What happened is written to a folder of
    tables and pictures.

    [bold]Begin with[/bold]

      selforg scenario list              what scenarios there are

      selforg run wechat_500             run one of them

      selforg run my_scenario.toml       run your own

      selforg app                        watch groups grow in the browser

      selforg why results/smoke-001      why people left, and one person's story

      selforg compare smoke --set group.levels=1      two worlds with the same luck

      selforg sweep plan smoke --vary group.strictness=0:1:11      many runs
    """


def main() -> NoReturn:
    """Run the command; ends the process with 0, 1 (a run failed), 2 (wrong use) or 130 (Ctrl-C)."""
    try:
        app(prog_name="selforg")
    except SystemExit as end:
        if end.code == INTERRUPTED:
            _interrupted()
        raise
    except KeyboardInterrupt:
        _interrupted()
    except SelforgError as error:
        if error.exit_code == INTERRUPTED:
            _interrupted(str(error))
        _fail(str(error), error.exit_code, error)
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        _fail(f"This should not have happened: {text}\n{TRACEBACK_HINT}", 1, error)
    sys.exit(0)


TRACEBACK_HINT = "Set SELFORG_TRACEBACK=1 to see where in the program."


def _interrupted(kept: str = "No folder was written.") -> NoReturn:
    typer.echo(f"Stopped by Ctrl-C. {kept}", err=True)
    sys.exit(INTERRUPTED)


def _fail(text: str, code: int, error: Exception) -> NoReturn:
    if os.environ.get("SELFORG_TRACEBACK") == "1":
        import traceback

        traceback.print_exception(error)
    typer.secho("Error: ", fg=typer.colors.RED, bold=True, nl=False, err=True)
    typer.echo(text, err=True)
    sys.exit(code)
