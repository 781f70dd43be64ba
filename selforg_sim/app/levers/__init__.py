"""The levers of the page: what they are called, what they have on a scenario, what they set.

Examples
--------
>>> from selforg_sim.scenario.load import load_scenario
>>> settings_for(load_scenario("smoke"), "strictness", 0.8)
{'group.strictness': 0.8}
>>> value_of(load_scenario("smoke"), "people")
300
"""

from selforg_sim.app.levers.catalogue import LEVERS, Lever, Value
from selforg_sim.app.levers.settings import (
    applies,
    changes,
    levers_for,
    pulled,
    range_of,
    settings_for,
    value_of,
    values_of,
)

__all__ = [
    "LEVERS", "Lever", "Value", "applies", "changes", "levers_for", "pulled", "range_of",
    "settings_for", "value_of", "values_of",
]  # fmt: skip
