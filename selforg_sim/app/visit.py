"""A visit: one person at the page, with one or two worlds, a player and a language of his own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from selforg_sim.app import acts
from selforg_sim.app.frame import Known
from selforg_sim.app.levers import (
    LEVERS,
    changes,
    pulled,
    settings_for,
    value_of,
    values_of,
)
from selforg_sim.app.limits import Limits
from selforg_sim.app.seen import pulled_by, standing
from selforg_sim.app.visits import room
from selforg_sim.app.worlds.ensemble import Ensemble
from selforg_sim.app.worlds.player import Player
from selforg_sim.app.worlds.side import Side, parting
from selforg_sim.errors import SelforgError
from selforg_sim.scenario import load_scenario
from selforg_sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from selforg_sim.app.lessons.course import Course

FIRST = "wechat_500"
"""The scenario on which the page opens."""
LANGUAGES = ("en", "zh")

log = logging.getLogger(__name__)

Send = Callable[[str, dict[str, Any]], None]


class Visit:
    """What one visitor sees and does.

    All of it happens in the thread of the player; `ask` is the only method for others.

    Parameters
    ----------
    send : sends a message to the page: its kind and its data
    limits : how large worlds may be
    preset : the scenario to open on
    on_end : called when the worlds are gone

    Attributes
    ----------
    preset : the scenario as it was before any lever was pulled
    levers_of : the group on which levers of groups act; None: all groups
    first : for each side the levers that differ from the preset from the first day on
    sides : one or two worlds
    """

    def __init__(
        self,
        send: Send,
        limits: Limits | None = None,
        preset: Scenario | None = None,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        self.send = send
        self.limits = limits or Limits()
        self.preset = preset or load_scenario(FIRST)
        self.own: Scenario | None = preset
        self.levers_of: str | None = None
        self.seed = self.preset.seed
        self.language = "en"
        self.when = "now"
        self.hand = 0
        self.view = "map"
        self.first: list[dict[str, Any]] = [{}]
        self.sides: list[Side] = []
        self.chosen: dict[str, Any] | None = None
        self.parted: int | None = None
        self.course: Course | None = None
        self.ensemble: Ensemble | None = None
        self.known = [Known(0), Known(1)]
        self._on_end = on_end
        self.player = Player(self, self._end)

    def start(self) -> None:
        """Begin to live."""
        self.player.start()

    def ask(self, name: str, data: Mapping[str, Any]) -> None:
        """Have something done, from any thread; the answers come as messages."""
        self.player.ask(name, dict(data))

    def close(self) -> None:
        """Let the worlds go."""
        self.player.stop()

    # what the player calls

    def do(self, name: str, data: dict[str, Any]) -> None:
        """Do what was asked for; whatever is wrong with it is said on the page."""
        try:
            if not self.sides and name != "hello":  # there was no room when he came
                acts.do(self, "hello", {"lang": self.language})
            acts.do(self, name, data)
        except Exception as error:
            self.refuse(error, f"act {name}")  # not what was sent: that is the visitor's own

    def live_a_day(self) -> bool:
        """Let a day pass in every world."""
        if not self.sides:
            return False
        for side in self.sides:
            side.advance()
        if self.parted is None and len(self.sides) == 2:
            self.compare()
        if self.course is not None and self.course.watch(self):
            self.tell()
        hurry = self.player.hurry
        if hurry is not None and self.sides[0].day >= hurry:
            self.player.hurry = None
            self.tell()
        ended = all(side.ended for side in self.sides)
        if ended:
            self.player.playing, self.player.hurry = False, None
            self.tell()
        return not ended

    def failed(self, error: Exception) -> None:
        """Say that a day could not be lived or shown; the page stands still, and can be used."""
        self.player.playing, self.player.hurry = False, None
        today = min(side.day for side in self.sides)
        for side in self.sides:
            side.mend(today)
        self.known = [Known(known.number) for known in self.known]
        self.refuse(error, "a day or a frame")
        self.send("state", self.state())

    def show(self) -> None:
        """Send what is new of every world."""
        frames = [k.frame(s, self.view) for k, s in zip(self.known, self.sides, strict=False)]
        self.send("frame", {"sides": frames, "parted": self.parted})

    # what acts call

    def say(self, text: str, kind: str = "info") -> None:
        """Show a sentence on the page; ``kind`` is "info" or "error"."""
        self.send("notice", {"text": text, "kind": kind})

    def refuse(self, error: Exception, doing: str) -> None:
        """Say what went wrong; what nobody thought of is also noted in the log."""
        text = str(error)
        if not isinstance(error, SelforgError):
            log.error("%s", doing, exc_info=error)
            text = f"This should not have happened: {type(error).__name__}: {error}"
        self.say(text, "error")

    def answer(self, topic: str, data: Mapping[str, Any]) -> None:
        """Send what was asked for."""
        self.send("answer", {"topic": topic, **data})

    def tell(self) -> None:
        """Send where everything stands, and the newest frame soon."""
        self.send("state", self.state())
        self.player.news = True

    def state(self) -> dict[str, Any]:
        """Where everything stands, but for the numbers of the worlds."""
        side = self.sides[0]
        values = [self.values_of(number) for number in range(len(self.sides))]
        before = values_of(self.preset, self.levers_of)
        changed = [sorted(_differing(now, before)) for now in values]
        return {
            "scenario": "own" if self.preset is self.own else self.preset.name,
            "title": self.preset.title, "own": self.own and (self.own.title or self.own.name),
            "horizon": side.horizon,
            "day": side.day, "playing": self.player.playing, "speed": self.player.speed,
            "hurry": self.player.hurry, "seed": self.seed, "sides": len(self.sides),
            "values": values[0], "other": values[-1], "hand": self.hand,
            "changed": changed[self.hand], "pulled": changed, "when": self.when,
            "view": self.view, "chosen": self.chosen, "parted": self.parted,
            "lesson": self.course.as_dict(self.language) if self.course else None,
            "lang": self.language, "people": side.world.state.people.rows,
        }  # fmt: skip

    def values_of(self, number: int) -> dict[str, Any]:
        """The levers of a side by key, as they stand on its day."""
        return standing(self.sides[number], self.levers_of)

    def begin(
        self, preset: Scenario, seed: int | None = None, levers_of: str | None = None
    ) -> None:
        """Live another scenario, from its first day, with no lever pulled."""
        self.live(preset, preset.seed if seed is None else seed, [{}], levers_of)

    def again(self, seed: int | None = None) -> None:
        """Live every world anew, with the levers as they stand, from the first day on."""
        seed = self.seed if seed is None else seed
        self.live(self.preset, seed, self.pulled, self.levers_of)
        self.look()

    def look(self) -> None:
        """See anew how far the tasks of the lesson are, after days were taken back."""
        if self.course is not None:
            self.course.watch(self)

    def live(
        self, preset: Scenario, seed: int, levers: list[dict[str, Any]], of: str | None
    ) -> None:
        """Live from the first day on; if that is refused, everything stays as it is."""
        scenarios = [pulled(preset, of_side, of)[0] for of_side in levers]
        for scenario in scenarios:
            self.limits.check(scenario)
        with self.room(len(scenarios)):
            sides = [Side(scenario, seed) for scenario in scenarios]
            before = values_of(preset, of)
            self.first = [_differing(of_side, before) for of_side in levers]
            self.preset, self.seed, self.levers_of = preset, seed, of
            self.player.hurry = None
            self.settle(sides)

    def room(self, wanted: int) -> AbstractContextManager[None]:
        """Hold room for so many worlds while they are built; refuse if there is none."""
        return room(self, wanted, self.limits.worlds)

    def settle(self, sides: list[Side]) -> None:
        """Have these worlds instead of those there were."""
        for side in self.sides:
            if side not in sides:
                side.close()
        self.sides = sides
        self.forget_runs()
        self.hand = min(self.hand, len(sides) - 1)
        self.chosen = None
        self.compare()

    def compare(self) -> None:
        """Find anew on which day two worlds part."""
        both = [side.history for side in self.sides]
        self.parted = parting(*both) if len(both) == 2 else None

    def went_back(self) -> None:
        """After going back, groups that are not there yet are looked at no more."""
        if self.chosen is not None and "group" in self.chosen:
            groups = self.sides[self.chosen["side"]].world.state.groups.rows
            self.chosen = self.chosen if self.chosen["group"] < groups else None
        self.compare()
        self.look()

    @property
    def pulled(self) -> list[dict[str, Any]]:
        """For each side the levers that differ from the preset today, with their values."""
        before = values_of(self.preset, self.levers_of)
        both = zip(self.first, self.sides, strict=True)
        return [_differing(first | pulled_by(side), before) for first, side in both]

    def scenario_of(self, number: int) -> Scenario:
        """The preset with the levers of one side pulled from the first day on."""
        return pulled(self.preset, self.pulled[number], self.levers_of)[0]

    def pull(self, number: int, key: str, value: Any) -> bool:
        """Pull a lever of one side, now if it can be; whether the worlds began anew.

        A value of None takes the lever back to where the preset has it.
        """
        value = value_of(self.preset, key, self.levers_of) if value is None else value
        settings = settings_for(self.scenario_of(number), key, value, self.levers_of)
        side = self.sides[number]
        if not LEVERS[key].live or self.when == "restart" or side.day == 0 or side.ended:
            levers = self.pulled
            levers[number][key] = value
            self.live(self.preset, self.seed, levers, self.levers_of)
            self.look()
            return True
        self.forget_runs()
        self.change(number, settings)
        return False

    def change(self, number: int, settings: Mapping[str, Any], day: int | None = None) -> bool:
        """Change living groups from a later day on; whether the settings change anything there."""
        levers = changes(settings, self.levers_of)
        groups = "all" if self.levers_of is None else [self.levers_of]
        if levers:
            self.sides[number].change(levers, groups, day)
        return bool(levers)

    def forget_runs(self) -> None:
        """Let go of many runs, which were of other worlds."""
        if self.ensemble is not None:
            self.ensemble.cancel()
            self.ensemble = None
            self.answer("runs", {"sides": None})

    def _end(self) -> None:
        if self.ensemble is not None:
            self.ensemble.cancel()
        for side in self.sides:
            side.close()
        self.sides = []
        self._on_end()


def _differing(levers: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Levers whose values are others than before."""
    return {key: value for key, value in levers.items() if before.get(key) != value}
