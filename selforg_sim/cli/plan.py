"""``selforg plan``: what happens in a day, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

WIDE = 110


def plan(
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE_OR_NAME]",
            help="A scenario, to see the numbers that its rules use.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show what happens in a day of the simulation, step by step.

    With a scenario, the numbers that the rules use in it follow.

    [bold]Examples[/bold]

      selforg plan

      selforg plan wechat_500
    """
    loaded = None
    if scenario is not None:
        from selforg_sim.scenario.load import load_scenario

        loaded = load_scenario(scenario)
    from rich.console import Console

    console = Console(highlight=False)
    console.print(_phases())
    if loaded is not None:
        console.print(_parameters(loaded, explained=console.width >= WIDE))


def _phases() -> Table:
    from rich import box
    from rich.table import Table

    from selforg_sim.plan import PLAN

    table = Table(title="One day, in order", title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("step", justify="right")
    for heading in ("phase", "point", "what happens"):
        table.add_column(heading)
    before = None
    for phase in PLAN:
        step = str(phase.step) if phase.step != before else ""
        table.add_row(step, phase.name, _words(phase.point), phase.meaning)
        before = phase.step
    return table


def _parameters(scenario: Any, *, explained: bool) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(
        title=f"Numbers of the rules in {scenario.name}", title_justify="left", box=box.SIMPLE_HEAD
    )
    for heading, justify in (
        ("rule", "left"),
        ("parameter", "left"),
        ("value", "right"),
        ("unit", "left"),
    ):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    if explained:
        table.add_column("what it says", style="dim")
    for point in type(scenario.rules).model_fields:
        params = getattr(scenario.rules, point)
        rule = _words(point)
        for name, field in type(params).model_fields.items():
            unit = (field.json_schema_extra or {}).get("unit", "")
            row = [rule, name, _value(getattr(params, name)), unit]
            table.add_row(*row, *([field.description or ""] if explained else []))
            rule = ""
        table.add_section()
    return table


def _words(name: str) -> str:
    return name.replace("_", " ")


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
