"""The README in the folder of a sweep: what is in it, and how to read it in Python and R."""

from __future__ import annotations

from selforg_sim.sweep.study import Study, about_factor

TEXT = """# Sweep: {title}

{description}Made by `selforg sweep`. {scenarios}

| Factor | Unit |
|---|---|
{factors}

| File | What it is |
|---|---|
| `manifest.json` | what this sweep is, versions, whether it is finished |
| `experiment.json`, `scenarios/` | everything needed to go on, all defaults filled in |
| `points.csv` | the points of a design that lists them (only if it does) |
| `design.parquet` | the design: `row`, `point`, `scenario`, and a column for each factor |
| `runs/` | a row per run and day: `point`, `replicate`, `seed`, `status`, `day`, outcomes |
{tables}| `failures/` | a file per failed run: error, traceback, the command that repeats it |
| `sessions.jsonl` | when it was worked on, and by how many workers |
| `quarantine/` | torn parts, whose runs were done again (only if there were any) |

The files of a folder of parts are one table. **A run may stand in it twice**: where shards
overlapped, where it failed and was tried again, or where a program was ended while it put parts
together. `selforg sweep compact DIR` leaves each run once, in all tables. `Sweep` (below) reads
each run once without changing the folder; the other lines below do it for `runs`.

Rows of the design with the same settings are one `point`, which is run once; join `runs` to the
design by `point`. Columns `u:...` of the design are the places between 0 and 1 that values were
drawn from. Unit and meaning of each column stand in the metadata of its Parquet field. Runs with a
`status` other than `ok` have no outcomes.

    selforg sweep status DIR      how far it has come
    selforg sweep resume DIR      go on
    selforg sweep compact DIR     few large files, each run once
    selforg analyze DIR           means, indices, pictures

## Python

```python
import pandas as pd

design = pd.read_parquet("design.parquet")
runs = pd.read_parquet("runs")  # all parts of the folder
runs = runs[runs["status"] == "ok"].drop_duplicates(["point", "replicate", "day"])
table = design[design["row"] >= 0].merge(runs, on="point")
```

With this program installed, from anywhere, and for every table (`sweep.table("series")`):

```python
from selforg_sim.sweep import Sweep

sweep = Sweep.load("DIR")
table = sweep.design.merge(sweep.runs, on="point")
```

For tables larger than memory: compact the sweep, then `polars.scan_parquet("runs/*.parquet")`, or
`duckdb.sql("select * from 'runs/*.parquet'")`.

## R

*Not tried by us: there was no R where this was written.*

```r
library(arrow); library(dplyr)
design <- read_parquet("design.parquet")
runs <- open_dataset("runs") |> collect() |>
  filter(status == "ok") |> distinct(point, replicate, day, .keep_all = TRUE)
table <- design |> filter(row >= 0) |> inner_join(runs, by = "point")
```
"""


def readme(study: Study) -> str:
    """The text of the README."""
    experiment = study.experiment
    names = ", ".join(f"`{model.name}`" for model in study.models)
    factors = [
        f"| `{key}` | {about_factor(key, factor)[0] or 'as the setting'} |"
        for key, factor in experiment.factors.items()
    ]
    tables = "".join(
        f"| `{name}/` | the table `{name}` of single runs, with the `point` before it |\n"
        for name in experiment.keep.tables
    )
    return TEXT.format(
        title=experiment.title or experiment.name,
        description=f"{experiment.description}\n\n" if experiment.description else "",
        scenarios=f"Of {names}." if names else "",
        factors="\n".join(factors) or "| (none: only luck differs) | |",
        tables=tables,
    )
