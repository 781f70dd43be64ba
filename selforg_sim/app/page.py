"""The page as Solara shows it: one widget, which is drawn by the files in ``front/``."""

from __future__ import annotations

from typing import Any

import solara
import traitlets
from ipyvue import VueTemplate

from selforg_sim.app.front import template
from selforg_sim.app.hosting import hosting


class PageWidget(VueTemplate):
    """The page of one visitor: sends what he does to his visit, and shows what comes back."""

    template = traitlets.Unicode(template()).tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        # Imported so late that the server listens before the engine is loaded.
        from selforg_sim.app.visit import Visit
        from selforg_sim.app.visits import enter, leave

        super().__init__(**traits)
        host = hosting()
        self.visit = Visit(self.post, host.limits, host.opened, on_end=lambda: leave(self.visit))
        enter(self.visit)
        self.visit.start()

    def post(self, kind: str, data: dict[str, Any]) -> None:
        """Send a message to the page."""
        if self.comm is not None:
            self.send({"method": kind, "args": [data]})

    def vue_act(self, data: dict[str, Any]) -> None:
        """The visitor did something."""
        if data.get("act") == "drawn":
            self.visit.player.drawn()
        self.visit.ask(str(data.get("act")), data)

    def close(self) -> None:
        """Let the worlds go with the widget."""
        self.visit.close()
        super().close()


@solara.component
def Page() -> None:
    """What one visitor sees."""
    solara.Title("selforg")
    PageWidget.element()
