"""The README that lies in every folder of results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from selforg_sim.engine.codes import WHY

_ABOUT = {
    "series": "one row per recorded day and group: size, standings, belonging, supply, ...",
    "groups": "one row per group: name, founder, levers at the end, when it opened and ended",
    "people": "one row per person: kind and traits",
    "spells": "one row per membership: when and how somebody joined, when and why he left (below)",
    "invitations": "one row per invitation or search, with its outcome",
    "events": "what happened: foundings, splits, owners who leave, ...",
    "memberships": "one row per recorded day and membership",
}

_TEXT = """# Results of the scenario {name}

Made by selforg_sim {version}: {replicates}, seed {seed}, {finished}.

| what | where |
|---|---|
| where these results come from; unit and meaning of every column | `manifest.json` |
| the scenario with all role cards and defaults filled in | `scenario.toml` |
| the tables | `tables/*.parquet`{csv} |
| pictures | `figures/*.png` |

| table | holds |
|---|---|
{tables}

Every table starts with `replicate`, the number of the run (from 0). Days are counted from 0.
`group` and `person` are row numbers, from 0; the names of groups stand in `groups` (join by
`replicate` and `group`). An empty field means that there is no value: a membership without
`left` is still open.

{why}## Python

```python
from selforg_sim.results.store import Results

results = Results.load(".")
series = results.table("series")   # a pandas DataFrame
print(series.groupby(["replicate", "day"])["size"].sum())   # members of all groups, day by day
groups = results.table("groups")[["replicate", "group", "name"]]
print(series.merge(groups).query("name == 'g1'")[["day", "size"]])
```

or without this package: `pandas.read_parquet("tables/series.parquet")`.

## R

```r
library(arrow)   # once: install.packages("arrow"); without it, run with --csv and use read.csv
series <- read_parquet("tables/series.parquet")
aggregate(size ~ replicate + day, series, sum)
```

## Again

    {command}

(from the folder in which that was typed, with the program's environment active)
"""


_WHY = """## Why people left

Every ended membership of `spells` has a share for each reason, `why_<reason>`; the shares of a row
add up to 1. Who quit had a chance to leave: it is taken apart into what each thing that he lacked
added to it (Shapley values), so several reasons share it. Who drifted off missed value: it is
shared out in the same way. Other ends have theirs by themselves: who moved had no time and a
better group, half each; the others one reason.
`experienced_left`, `returns_left`, `trust_left` and `belonging_left` are what he had at the end.

| column | says |
|---|---|
{reasons}

One person's story in sentences: `selforg why FOLDER --person N`, with this folder.

"""


def write_readme(manifest: Mapping[str, Any], tables: list[str], *, csv: bool) -> str:
    """The text of the README for one folder of results."""
    count = manifest.get("replicates", 1)
    return _TEXT.format(
        name=manifest.get("scenario", {}).get("name", ""),
        version=manifest.get("versions", {}).get("selforg_sim", ""),
        replicates="one run" if count == 1 else f"{count} runs",
        seed=manifest.get("seed", ""),
        finished=manifest.get("finished", ""),
        csv=" and, the same, `tables/*.csv`" if csv else "",
        why=_about_reasons() if "spells" in tables else "",
        tables="\n".join(f"| `{table}` | {_ABOUT.get(table, '')} |" for table in tables),
        command=manifest.get("command", ""),
    )


def _about_reasons() -> str:
    rows = (f"| `why_{name}` | {meaning} |" for name, meaning in WHY.items())
    return _WHY.format(reasons="\n".join(rows))
