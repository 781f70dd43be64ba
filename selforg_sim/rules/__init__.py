"""The nine points of the theory, one file each.

Three have further parts: the first ``asking`` and ``entry``, the third ``leaving`` (why people
leave), the ninth ``splitting``.

Every point has the same parts in the same order: statement, equations and sources · ``Params`` ·
``COLUMNS`` · ``DECISIONS`` · rule functions (numbers in, number out) · phase kernels ·
``MEASURES``.
"""

from __future__ import annotations

from types import ModuleType

from selforg_sim.rules import (
    aggregation,
    belonging,
    evolution,
    influence,
    initiation,
    interest,
    structure,
    time_and_cash,
    value_core,
)

POINTS: dict[str, ModuleType] = {
    "initiation": initiation,
    "value_core": value_core,
    "belonging": belonging,
    "structure": structure,
    "influence": influence,
    "interest": interest,
    "time_and_cash": time_and_cash,
    "aggregation": aggregation,
    "evolution": evolution,
}
"""The rule files by the name of their point, in the order of the talk."""
