"""Where the twin's luck comes from: the engine's draws, or a stream as users of Mesa have it."""

from __future__ import annotations

import math
import random
from itertools import count
from typing import Protocol

from selforg_sim.engine.draws import uniform, uniform_pair, words
from selforg_sim.rules.evolution import NEW_KEY


class Luck(Protocol):
    """Draws by day, decision and the keys of those concerned."""

    def uniform(self, day: int, decision: int, a: int, b: int, attempt: int = 0) -> float:
        """One number in (0, 1)."""

    def pair(self, day: int, decision: int, a: int, b: int) -> tuple[float, float]:
        """Two numbers in (0, 1)."""

    def normal(self, day: int, decision: int, a: int, b: int) -> float:
        """One standard normal number."""

    def word(self, day: int, decision: int, a: int, b: int, attempt: int) -> int:
        """32 random bits."""

    def key(self, day: int, founder: int, parent: int) -> int:
        """Key of a new group."""


class KeyedLuck:
    """The engine's luck, draw by draw; only the generator itself is compiled."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def uniform(self, day: int, decision: int, a: int, b: int, attempt: int = 0) -> float:
        """One number in (0, 1)."""
        return uniform(self.seed, day, decision, a, b, attempt)

    def pair(self, day: int, decision: int, a: int, b: int) -> tuple[float, float]:
        """Two numbers in (0, 1)."""
        return uniform_pair(self.seed, day, decision, a, b, 0)

    def normal(self, day: int, decision: int, a: int, b: int) -> float:
        """One standard normal number (Box & Muller 1958)."""
        u, w = self.pair(day, decision, a, b)
        return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * w)

    def word(self, day: int, decision: int, a: int, b: int, attempt: int) -> int:
        """32 random bits."""
        return words(self.seed, day, decision, a, b, attempt)[0]

    def key(self, day: int, founder: int, parent: int) -> int:
        """Key of a new group: of its founder, day and mother, whatever the seed."""
        return words(0, day, NEW_KEY, founder, parent, 0)[0]


class PlainLuck:
    """A stream of numbers from the standard library, as one would write it for this model alone.

    Runs are as good as others, but not the engine's: for comparisons of speed.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.keys = count(1)

    def uniform(self, day: int, decision: int, a: int, b: int, attempt: int = 0) -> float:
        """One number in (0, 1)."""
        return self.random.random()

    def pair(self, day: int, decision: int, a: int, b: int) -> tuple[float, float]:
        """Two numbers in (0, 1]."""
        return self.random.random(), 1.0 - self.random.random()

    def normal(self, day: int, decision: int, a: int, b: int) -> float:
        """One standard normal number."""
        return self.random.gauss(0.0, 1.0)

    def word(self, day: int, decision: int, a: int, b: int, attempt: int) -> int:
        """32 random bits."""
        return self.random.getrandbits(32)

    def key(self, day: int, founder: int, parent: int) -> int:
        """Key of a new group."""
        return next(self.keys)
