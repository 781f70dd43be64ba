"""Two worlds side by side with the same luck, and many runs of what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from selforg_sim.app.worlds.ensemble import RUNS, Ensemble

if TYPE_CHECKING:
    from selforg_sim.app.visit import Visit


def two(visit: Visit, data: dict[str, Any]) -> None:
    """Have a second world that has lived the same until now, or only the first again."""
    wanted = bool(data.get("on"))
    if wanted and len(visit.sides) == 1:
        with visit.room(2):
            twin = visit.sides[0].twin()
            visit.first = [visit.first[0], dict(visit.first[0])]
            visit.settle([visit.sides[0], twin])
        visit.hand = 1
    elif not wanted and len(visit.sides) == 2:
        visit.first = visit.first[:1]
        visit.settle(visit.sides[:1])
    visit.tell()


def runs(visit: Visit, data: dict[str, Any]) -> None:
    """Run every side many times, the levers pulled on the days on which they were."""
    if visit.ensemble is not None:
        visit.ensemble.cancel()
    seeds = [(visit.seed + number) % 2**63 for number in range(RUNS)]
    scenarios = [side.scenario for side in visit.sides]
    visit.ensemble = Ensemble(scenarios, seeds, lambda: visit.ask("runs_news", {}))
    runs_news(visit, {})


def runs_news(visit: Visit, data: dict[str, Any]) -> None:
    """Show how far the runs are, or that there are none."""
    runs = visit.ensemble
    visit.answer("runs", {"sides": None} if runs is None else runs.as_dict())


ACTS = {"two": two, "runs": runs, "runs_news": runs_news}
