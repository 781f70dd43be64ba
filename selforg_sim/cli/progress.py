"""The bars that show how far a run, a comparison or a sweep has come.

They are drawn on the error stream, and only where it is a terminal; elsewhere long work says a
line a minute.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar

Progress = Callable[[int, int, int, int], None]
Tell = Callable[[int, int, str], None]
"""Called as ``tell(done, total, state)``."""
SECONDS_BETWEEN_LINES = 60.0


@contextmanager
def progress_bar(
    name: str, horizon: int, replicates: int = 1, *, hidden: bool = False
) -> Iterator[Progress | None]:
    """A bar for a run; gives the function to call once a day.

    Gives None, and shows nothing, where the error stream is not a terminal.
    """
    console = _console()
    if hidden or not console.is_terminal:
        yield None
        return
    with _bar(console) as bar:
        task = bar.add_task(
            name,
            total=max(horizon * replicates, 1),
            state="preparing (the very first time: half a minute)",
        )

        def advance(replicate: int, day: int, people: int, members: int) -> None:
            which = f"run {replicate + 1} of {replicates}, " if replicates > 1 else ""
            state = (
                f"{which}day {day} of {horizon} · {people:,} people in groups · {members:,} members"
            )
            bar.update(task, completed=replicate * horizon + day, state=state)

        yield advance


@contextmanager
def counting_bar(name: str) -> Iterator[Tell]:
    """A bar for work that is counted; where there is no terminal, a line a minute at most."""
    console = _console()
    if not console.is_terminal:
        yield _lines(name)
        return
    with _bar(console) as bar:
        task = bar.add_task(name, total=None, state="preparing")
        yield lambda done, total, state: bar.update(task, completed=done, total=total, state=state)


def _lines(name: str) -> Tell:
    """Progress in lines, one a minute at most."""
    begun = last = time.monotonic()

    def advance(done: int, total: int, state: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= SECONDS_BETWEEN_LINES:
            last = now
            typer.echo(f"{name}: {state} after {(now - begun) / 60:.0f} min", err=True)

    return advance


def _console() -> Console:
    from rich.console import Console

    return Console(stderr=True)


def _bar(console: Console) -> Bar:
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns: tuple[Any, ...] = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TextColumn("{task.fields[state]}"),
        TimeRemainingColumn(compact=True),
    )
    return Bar(*columns, console=console, transient=True)
