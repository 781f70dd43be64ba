"""Two worlds side by side, with the same luck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from selforg_sim.app.visit import Visit


def two(visit: Visit, data: dict[str, Any]) -> None:
    """Have a second world that has lived the same until now, or only the first again."""
    wanted = bool(data.get("on"))
    if wanted and len(visit.sides) == 1:
        visit.make_room(2)
        visit.pulled = [visit.pulled[0], dict(visit.pulled[0])]
        visit.hand = 1
        visit.settle([visit.sides[0], visit.sides[0].twin()])
    elif not wanted and len(visit.sides) == 2:
        visit.pulled = visit.pulled[:1]
        visit.settle(visit.sides[:1])
    visit.tell()


ACTS = {"two": two}
