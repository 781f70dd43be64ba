"""``selforg app``: the page in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from selforg_sim.app.limits import Limits
    from selforg_sim.scenario import Scenario

OFFLINE_HINT = (
    "The page loads its parts from the internet. For rooms without internet: "
    'python -m pip install "selforg_sim[offline]"'
)


def app(
    results: Annotated[
        Path | None,
        typer.Argument(
            metavar="RESULTS",
            help="A folder of results to look at; without it, a shipped scenario.",
            show_default=False,
        ),
    ] = None,
    host: Annotated[
        str,
        typer.Option(
            "--host",
            metavar="ADDRESS",
            help="Who can open it: 127.0.0.1 is this machine alone, 0.0.0.0 all that can reach it.",
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            "--port", metavar="N", min=0, max=65_535, help="Port to listen on; 0: a free one."
        ),
    ] = 8765,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address, and open no browser.")
    ] = False,
    max_people: Annotated[
        int, typer.Option("--max-people", metavar="N", min=1, help="Most people in a world.")
    ] = 20_000,
    max_days: Annotated[
        int, typer.Option("--max-days", metavar="N", min=1, help="Most days of a world.")
    ] = 3_650,
    max_worlds: Annotated[
        int,
        typer.Option(
            "--max-worlds", metavar="N", min=1, help="Most worlds at once, of all visitors."
        ),
    ] = 12,
    max_upload: Annotated[
        int,
        typer.Option("--max-upload", metavar="BYTES", min=1, help="Largest file to be uploaded."),
    ] = 200_000,
) -> None:
    """Open the page on which groups grow before your eyes.

    It is served by this machine, for this machine alone unless --host says
    otherwise. Nothing is sent anywhere. Ctrl-C stops it.

    [bold]Examples[/bold]

      selforg app

      selforg app results/wechat_500-001

      selforg app --host 0.0.0.0 --max-people 5000 --no-browser
    """
    from selforg_sim.app import server
    from selforg_sim.app.limits import Limits

    server.check_installed()
    limits = Limits(max_people, max_days, max_worlds, max_upload)
    opened = None if results is None else _opened(results, limits)
    try:
        server.serve(host, port, opened, limits, lambda address: _greet(address, not no_browser))
    except KeyboardInterrupt:
        typer.echo("Stopped.")


def _opened(folder: Path, limits: Limits) -> Scenario:
    from selforg_sim.app.replay import scenario_of

    scenario = scenario_of(folder)
    limits.check(scenario)
    return scenario


def _greet(address: str, browser: bool) -> None:
    """Say where the page is, and show it."""
    import threading
    import webbrowser

    from selforg_sim.app.server import works_offline

    typer.echo(f"The page is at {address} - Ctrl-C stops it.")
    if not works_offline():
        typer.echo(OFFLINE_HINT)
    if browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
