"""Two worlds side by side, and the first place in which they differ."""

from __future__ import annotations

from selforg_sim.lockstep.difference import Count, Difference
from selforg_sim.lockstep.pair import Pair, first_difference
from selforg_sim.lockstep.side import Side

__all__ = ["Count", "Difference", "Pair", "Side", "first_difference"]
