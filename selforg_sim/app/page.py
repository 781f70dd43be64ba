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
        self._said = 0
        host = hosting()
        self.visit = Visit(self.post, host.limits, host.opened, on_end=lambda: leave(self.visit))
        enter(self.visit)
        self.visit.start()

    def post(self, kind: str, data: dict[str, Any]) -> None:
        """Send a message to the page, with its number: one that is missing got lost."""
        if self.comm is not None:
            self._said += 1
            self.send({"method": kind, "args": [data, self._said]})

    def vue_act(self, data: dict[str, Any]) -> None:
        """The visitor did something, or his page says how far it is."""
        match data.get("act"):
            case "drawn":
                self.visit.player.drawn()
            case "heard":
                if data.get("number") != self._said:  # late or lost: the next number will tell
                    self.visit.ask("ping", {})
            case act:
                self.visit.ask(str(act), data)

    def close(self) -> None:
        """Let the worlds go with the widget."""
        self.visit.close()
        super().close()


@solara.component
def Page() -> None:
    """What one visitor sees."""
    solara.Title("selforg")
    PageWidget.element()
