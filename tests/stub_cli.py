"""The command with a made-up simulation behind it: ``python stub_cli.py MODE ARGUMENTS...``.

MODE is ``ok``, ``fail`` (an error nobody foresaw) or ``endless`` (says that it has begun, and
never ends).
"""

import sys
import time
import types

from made_up_results import made_up

from selforg_sim.cli.main import main

MODE = sys.argv.pop(1)


def simulate(scenario, *, seed=None, replicates=1, threads=None, progress=None):
    for day in range(1, scenario.horizon + 1):
        if progress is not None:
            progress(0, day, 10, 20)
        if MODE == "fail" and day == 3:
            raise ZeroDivisionError("no members")
        if MODE == "endless":
            print("begun", file=sys.stderr, flush=True)
            while True:
                time.sleep(60)
    results = made_up(2, scenario.horizon, replicates, scenario.name)
    results.manifest["seed"] = scenario.seed if seed is None else seed
    return results


sys.modules["selforg_sim.simulation"] = types.ModuleType("selforg_sim.simulation")
sys.modules["selforg_sim.simulation"].simulate = simulate

if __name__ == "__main__":
    main()
