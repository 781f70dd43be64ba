"""Frames: what is sent of a world, beginning where the page's knowledge ends."""

from __future__ import annotations

import time
from typing import Any

from selforg_sim.app.worlds.sample import Sample, as_map, cores_of, sample_of, whereabouts
from selforg_sim.app.worlds.side import Side

VIEWS_A_SECOND = 4.0
"""How often in a second the map and the space of values are sent anew."""


class Known:
    """What the page knows of one side.

    Parameters
    ----------
    number : 0 for A, 1 for B
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self._forget(None)

    def _forget(self, side: Side | None) -> None:
        """Know nothing, of another world from now on."""
        self._side = side
        self._version = -1
        self._day = -1
        self._groups = 0
        self._sample: Sample | None = None
        self._sent: set[str] = set()
        self._viewed = 0.0
        self._trails = 0

    def frame(self, side: Side, view: str) -> dict[str, Any]:
        """What is new of a side, with the view that is looked at.

        Parameters
        ----------
        side : the world
        view : "map", "values", or another word for neither
        """
        if side is not self._side:
            self._forget(side)
        start = self._day + 1
        if side.version != self._version:
            start, self._version, self._groups, self._trails = 0, side.version, 0, 0
        frame: dict[str, Any] = {
            "side": self.number, "from": start, "day": side.day, "horizon": side.horizon,
            **side.history.since(start),
        }  # fmt: skip
        self._day = side.day
        if side.world.state.groups.rows != self._groups:
            frame |= self._names(side)
        return frame | self._view(side, view)

    def _names(self, side: Side) -> dict[str, Any]:
        state = side.world.state
        self._groups = state.groups.rows
        return {
            "names": list(state.group_names),
            "parents": state.groups["parent"].tolist(),
            "founded": state.groups["founded"].tolist(),
            "budget": round(float(state.people["budget"].sum()), 1),
        }

    def _view(self, side: Side, view: str) -> dict[str, Any]:
        now = time.monotonic()
        first = view not in self._sent
        if view not in {"map", "values"} or (not first and now - self._viewed < 1 / VIEWS_A_SECOND):
            return {}
        self._viewed = now
        self._sent.add(view)
        if self._sample is None:
            self._sample = sample_of(side.world)
        sample, state = self._sample, side.world.state
        here = whereabouts(state, sample.ids)
        if view == "map":
            return {"map": here | (as_map(sample) if first else {})}
        cores = {group: [side.day, *core] for group, core in cores_of(state).items()}
        space = {"group": here["group"], "cores": cores} | self._space(side, first)
        trails = {"since": self._trails, "trails": side.history.trails(self._trails)}
        self._trails = side.day + 1
        return {"space": space | trails}

    def _space(self, side: Side, first: bool) -> dict[str, Any]:
        if not first or self._sample is None:
            return {}
        people = [[round(float(w), 3) for w in row] for row in self._sample.values]
        return {"dims": list(side.world.scenario.values.dimensions), "people": people}
