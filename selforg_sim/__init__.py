"""How groups on the internet organise themselves: an agent-based simulation.

Examples
--------
>>> from selforg_sim import load_scenario, simulate
>>> simulate(load_scenario("smoke", ["horizon=2"])).name
'smoke'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from selforg_sim.model import SelfOrgModel
    from selforg_sim.results.store import Results
    from selforg_sim.scenario import Scenario, load_scenario
    from selforg_sim.simulation import simulate

__all__ = ["Results", "Scenario", "SelfOrgModel", "load_scenario", "simulate"]

_HOMES = {
    "Results": "selforg_sim.results.store",
    "Scenario": "selforg_sim.scenario",
    "SelfOrgModel": "selforg_sim.model",
    "load_scenario": "selforg_sim.scenario",
    "simulate": "selforg_sim.simulation",
}


def __getattr__(name: str) -> Any:
    """Import public names when they are first asked for: the command line must start at once."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'selforg_sim' has no attribute '{name}'")
