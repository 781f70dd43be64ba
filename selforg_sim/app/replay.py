"""A folder of results as a scenario that plays again exactly what stands in it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from selforg_sim.errors import ResultsError, ScenarioError
from selforg_sim.scenario import Scenario, scenario_from_dict


def scenario_of(folder: Path) -> Scenario:
    """The scenario of a folder of results, with the seed of its first replicate.

    Parameters
    ----------
    folder : as written by ``selforg run``

    Raises
    ------
    ResultsError
        If the folder is not there, or cannot be read.
    """
    from selforg_sim.results.store import Results

    results = Results.load(folder)
    try:
        table = tomllib.loads(results.scenario_toml)
        seed = int(results.manifest["seeds"][0])
        scenario = scenario_from_dict({**table, "seed": seed}, str(folder))
    except (tomllib.TOMLDecodeError, ScenarioError, KeyError, IndexError, ValueError) as error:
        line = str(error).partition("\n")[0]
        raise ResultsError(
            f"{folder}: the scenario of these results cannot be read ({line}); run it again."
        ) from error
    if scenario.contacts.generator == "file":
        raise ResultsError(
            f"{folder}: these results were run on a file of contacts, and the page lives only "
            f"worlds whose contacts are made up; look at {folder / 'figures'}, or use selforg why."
        )
    return scenario
