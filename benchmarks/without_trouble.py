"""Is the leave ledger right about trouble? The same world again, without those who make it.

Both worlds have the same people and the same luck. Memberships are matched by person, group and
day of joining; of those that ended in the first world, how many had ended by the same day in the
second?

    python benchmarks/without_trouble.py                                  # nobody ever disrupts
    python benchmarks/without_trouble.py --without kind:troublemaker      # a whole kind is missing
    python benchmarks/without_trouble.py hobby_club --days 270 --seeds 3
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence

import pandas as pd

from selforg_sim.compare import pair_of
from selforg_sim.results.reasons import COLUMNS, largest
from selforg_sim.scenario.schema import Scenario
from selforg_sim.simulation import run_world, tables_of, warm_up

KEYS = ["person", "group", "joined"]
QUIET_WORLD = "rules.value_core.disrupting_days=0"
BY_CHANCE = ("quit", "drifted off")


def spells_of(scenario: Scenario, seed: int, absent: Collection[int] = ()) -> pd.DataFrame:
    """All memberships of a run, with the name of the group."""
    tables = tables_of(run_world(scenario, seed, absent=absent)[0])
    names = tables["groups"].to_pandas().set_index("group")["name"].astype(str)
    spells = tables["spells"].to_pandas()
    return spells.assign(group=spells["group"].map(names))


def compared(name: str, days: int, seed: int, without: Sequence[str] = ()) -> pd.DataFrame:
    """Those who left by chance: their largest reason, and whether they had left without trouble.

    People who are missing in the other world are left out. ``met`` says whether the membership
    began there, too; ``left_too`` whether it had ended there by the same day.
    """
    changes = () if without else (QUIET_WORLD,)
    pair = pair_of(name, changes=changes, without=without, days=days)
    with_trouble = spells_of(pair.a, seed)
    there = spells_of(pair.b, seed, pair.absent)[[*KEYS, "left"]]
    gone = with_trouble[with_trouble["reason"].isin(BY_CHANCE)]
    gone = gone[~gone["person"].isin(pair.absent)]
    gone = gone.assign(main=largest(gone))[[*KEYS, "left", "main", *COLUMNS]]
    pairs = gone.merge(there, on=KEYS, how="left", suffixes=("", "_without"), indicator=True)
    return pairs.assign(
        met=pairs["_merge"] == "both", left_too=pairs["left_without"] <= pairs["left"]
    )


def main() -> None:
    """Print, by largest reason, how many left all the same without trouble."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario", nargs="?", default="wechat_500")
    parser.add_argument("--days", type=int, default=180)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--without", action="append", default=[], metavar="WHOM")
    given = parser.parse_args()
    warm_up()
    seeds = range(1, given.seeds + 1)
    found = [compared(given.scenario, given.days, seed, given.without) for seed in seeds]
    pairs = pd.concat(found)
    missing = ", ".join(given.without) or "anybody who disrupts"
    print(f"{given.scenario} without {missing}: {given.days} days, seeds 1 to {given.seeds}")
    print(f"{len(pairs):,} left by chance in the first world")
    met = pairs[pairs["met"]]
    table = met.groupby("main")["left_too"].agg(["size", "mean"])
    table.insert(0, "all", pairs["main"].value_counts())
    print(table.rename(columns={"size": "matched", "mean": "left all the same"}).round(3))
    met = met.assign(trouble=pd.cut(met["why_trouble"], [-1, 0.05, 0.2, 0.4, 0.6, 1]))
    print(met.groupby("trouble", observed=True)["left_too"].agg(["size", "mean"]).round(3))


if __name__ == "__main__":
    main()
