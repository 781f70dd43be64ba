"""Is the leave ledger right about trouble? The same world again, in which nobody ever disrupts.

Both worlds have the same people and the same luck. Memberships are matched by person, group and
day of joining; of those that ended in the first world, how many had ended by the same day in the
second? Usage: python benchmarks/without_trouble.py [SCENARIO] [DAYS] [SEEDS]
"""

from __future__ import annotations

import sys

import pandas as pd

from selforg_sim.results.reasons import COLUMNS, largest
from selforg_sim.scenario import load_scenario
from selforg_sim.simulation import simulate

KEYS = ["person", "group", "joined"]
QUIET_WORLD = "rules.value_core.disrupting_days=0"
BY_CHANCE = ("quit", "drifted off")


def spells_of(name: str, days: int, seed: int, *changes: str) -> pd.DataFrame:
    """All memberships of a run, with the name of the group."""
    scenario = load_scenario(name, [f"horizon={days}", "record.series_every=1000", *changes])
    results = simulate(scenario, seed=seed)
    names = results.table("groups").set_index("group")["name"].astype(str)
    spells = results.table("spells")
    return spells.assign(group=spells["group"].map(names))


def compared(name: str, days: int, seed: int) -> pd.DataFrame:
    """Those who left by chance: their largest reason, and whether they had left without trouble.

    ``met`` says whether the membership began in the other world, too; ``left_too`` whether it had
    ended there by the same day.
    """
    with_trouble = spells_of(name, days, seed)
    without = spells_of(name, days, seed, QUIET_WORLD)[[*KEYS, "left"]]
    gone = with_trouble[with_trouble["reason"].isin(BY_CHANCE)]
    gone = gone.assign(main=largest(gone))[[*KEYS, "left", "main", *COLUMNS]]
    pairs = gone.merge(without, on=KEYS, how="left", suffixes=("", "_without"), indicator=True)
    return pairs.assign(
        met=pairs["_merge"] == "both", left_too=pairs["left_without"] <= pairs["left"]
    )


def main(name: str = "wechat_500", days: int = 180, seeds: int = 3) -> None:
    """Print, by largest reason, how many left all the same where nobody disrupts."""
    pairs = pd.concat([compared(name, days, seed) for seed in range(1, seeds + 1)])
    print(f"{name}, {days} days, seeds 1 to {seeds}: {len(pairs):,} left by chance")
    met = pairs[pairs["met"]]
    table = met.groupby("main")["left_too"].agg(["size", "mean"])
    table.insert(0, "all", pairs["main"].value_counts())
    print(table.rename(columns={"size": "matched", "mean": "left all the same"}).round(3))
    met = met.assign(trouble=pd.cut(met["why_trouble"], [-1, 0.05, 0.2, 0.4, 0.6, 1]))
    print(met.groupby("trouble", observed=True)["left_too"].agg(["size", "mean"]).round(3))


if __name__ == "__main__":
    given = sys.argv[1:]
    main(*given[:1], *map(int, given[1:]))
