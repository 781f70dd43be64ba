"""The catalogue of levers: what each is called, what it sets, how far it goes."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from selforg_sim.errors import UsageError
from selforg_sim.scenario.groups import LeverChanges

Value = float | int | str | bool
LANGUAGES = ("en", "zh")
FILE = Path(__file__).parent / "levers.toml"


@dataclass(frozen=True)
class Lever:
    """One lever in words.

    Parameters
    ----------
    key : its name on the page
    point : the point of the theory that it belongs to, 1 to 9
    setting : dotted key of the scenario
    kind : "slider", "choice" or "switch"
    rule : file of its rule in ``selforg_sim/rules``
    words : name, sentence, low_word, high_word, unit and choices, by language
    low, high, step : the range of a slider
    typical : what is usual
    choices : the values of a choice
    """

    key: str
    point: int
    setting: str
    kind: str
    rule: str
    words: Mapping[str, Mapping[str, Any]]
    low: float = 0
    high: float = 1
    step: float = 1
    typical: tuple[float, ...] = ()
    choices: tuple[Value, ...] = field(default=())

    @property
    def live(self) -> bool:
        """Whether it can change while a world runs."""
        table, _, name = self.setting.partition(".")
        return table == "group" and name in LeverChanges.model_fields

    def as_dict(self) -> dict[str, Any]:
        """What the page is told: all fields, the words under "en" and "zh", and "live"."""
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "words"}
        plain |= {"typical": list(self.typical), "choices": list(self.choices)}
        return plain | {"live": self.live} | {name: dict(said) for name, said in self.words.items()}

    def checked(self, value: Any, low: float, high: float) -> Value:
        """The value as the scenario wants it, within the range.

        Raises
        ------
        UsageError
            If it is no value of this lever.
        """
        if self.kind == "switch" and isinstance(value, bool):
            return value
        if self.kind == "choice" and _among(value, self.choices):
            return value  # type: ignore[no-any-return]
        if self.kind == "slider" and _is_number(value):
            near = min(max(float(value), low), high)
            return round(near) if float(self.step).is_integer() else near
        raise UsageError(f"{self.key}: {value!r} was given; {self._valid(low, high)} is valid.")

    def _valid(self, low: float, high: float) -> str:
        if self.kind == "choice":
            return "one of " + ", ".join(map(str, self.choices))
        return "yes or no" if self.kind == "switch" else f"a number from {low:g} to {high:g}"


def _among(value: Any, choices: tuple[Value, ...]) -> bool:
    return not isinstance(value, bool) and any(value == choice for choice in choices)


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value)


def read(path: Path = FILE) -> dict[str, Lever]:
    """Read the catalogue."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {entry["key"]: _lever(entry) for entry in table["lever"]}


def _lever(entry: dict[str, Any]) -> Lever:
    given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    words: dict[str, dict[str, Any]] = {name: given.pop(name) for name in LANGUAGES}
    return Lever(words=words, **given)


LEVERS: dict[str, Lever] = read()
"""Every lever by its key, in the order of the page."""
