"""``selforg bench app``: how fast the page is, in a real browser."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer


def bench_app(
    seconds: Annotated[
        float, typer.Option("--seconds", metavar="N", min=1, help="How long it plays.")
    ] = 10.0,
    no_cold: Annotated[
        bool, typer.Option("--no-cold", help="Leave out the start that compiles everything.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the numbers as JSON.")] = False,
) -> None:
    """Measure how fast the page of selforg app is on this machine.

    The page is served by a process of its own and opened in Chromium without a
    window, with the 5,000 people of wechat_500. It needs Chromium, and Playwright
    for Python.

    [bold]Examples[/bold]

      selforg bench app

      selforg bench app --no-cold --seconds 5
    """
    from rich.console import Console

    from selforg_sim.bench import page

    errors = Console(stderr=True, highlight=False, quiet=as_json)
    with errors.status("Measuring the page ..."):
        found = page.measure(seconds, not no_cold)
    if as_json:
        typer.echo(json.dumps(found, indent=1))
    else:
        _show(found)


def _show(found: dict[str, Any]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from selforg_sim.bench.page import rows

    table = Table(title="The page", title_justify="left", box=box.SIMPLE_HEAD)
    for number, heading in enumerate(("what", "aim", "measured", "met", "first start ever")):
        table.add_column(heading, justify="right" if number else "left")
    for row in rows(found):
        table.add_row(*row)
    console = Console(highlight=False)
    console.print(table)
    for complaint in found["complaints"]:
        console.print(f"The browser complains: {complaint}", style="red", markup=False)
