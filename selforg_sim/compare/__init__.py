"""Twin worlds: what one change does, with the same luck in both worlds.

Examples
--------
>>> from selforg_sim.compare import compare
>>> found = compare("smoke", changes=["group.clarity=0.9"], seeds=2, days=5, workers=1)
>>> found.effect("size").seeds
2
"""

from selforg_sim.compare.comparison import Comparison, compare
from selforg_sim.compare.pair import Pair, pair_of
from selforg_sim.compare.statistics import Effect
from selforg_sim.outcomes import OUTCOMES, USUAL, Outcome

__all__ = ["OUTCOMES", "USUAL", "Comparison", "Effect", "Outcome", "Pair", "compare", "pair_of"]
