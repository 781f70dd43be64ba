"""The bar that shows how far a run has come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int, int, int], None]


@contextmanager
def progress_bar(
    name: str, horizon: int, replicates: int = 1, *, hidden: bool = False
) -> Iterator[Progress | None]:
    """A bar on the terminal's error stream; gives the function to call once a day.

    Gives None, and shows nothing, where the error stream is not a terminal.
    """
    from rich.console import Console

    console = Console(stderr=True)
    if hidden or not console.is_terminal:
        yield None
        return
    from rich.progress import (
        BarColumn,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import (
        Progress as Bar,
    )

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TextColumn("{task.fields[state]}"),
        TimeRemainingColumn(compact=True),
    )
    with Bar(*columns, console=console, transient=True) as bar:
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
