"""The page as Solara shows it."""

from __future__ import annotations

import solara


@solara.component
def Page() -> None:
    """What one visitor sees."""
    solara.Title("selforg")
    solara.Text("selforg")
