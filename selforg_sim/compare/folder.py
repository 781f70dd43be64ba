"""What a finished comparison leaves in its folder: a manifest, a table, scenarios, pictures."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from selforg_sim.compare.comparison import Comparison
from selforg_sim.compare.parts import Parts
from selforg_sim.compare.pictures import PICTURES
from selforg_sim.compare.report import as_json
from selforg_sim.durable import write_whole
from selforg_sim.results.manifest import TOOL, code_version, versions
from selforg_sim.scenario import to_toml

SEEDS = "seeds.parquet"


def write_results(comparison: Comparison, parts: Parts, command: str) -> None:
    """Write everything but the parts, which are there already; the manifest comes last.

    Raises
    ------
    StorageError
        If the disk refuses.
    """
    folder = parts.folder
    assert folder is not None
    pair, table = comparison.pair, seeds_table(comparison)
    missing = "".join(f"# and without {whom}\n" for whom in pair.without)
    for name, text in (("a.toml", to_toml(pair.a)), ("b.toml", missing + to_toml(pair.b))):
        write_whole(folder / name, partial(Path.write_bytes, data=text.encode()))
    write_whole(folder / SEEDS, lambda place: pq.write_table(table, place, compression="zstd"))
    for name, picture in PICTURES.items():
        if not comparison.equal:
            write_whole(folder / f"{name}.png", partial(picture, comparison))
    parts.note(_manifest(comparison, parts, command))


def seeds_table(comparison: Comparison) -> pa.Table:
    """The table of seeds and outcomes, with unit and meaning of each column."""
    table = pa.Table.from_pandas(comparison.table(), preserve_index=False)
    known = {
        "seed": ("1", "Seed shared by the two worlds."),
        "day": ("day", "Day on which the outcomes were taken."),
        "parted": ("day", "First day on which any group differs; missing if never."),
    }
    for outcome in comparison.outcomes:
        for side, world in (("a", "first"), ("b", "second")):
            known[f"{outcome.name}_{side}"] = (
                outcome.unit,
                f"{outcome.meaning} In the {world} world.",
            )
    fields = [
        field.with_metadata(dict(zip(("unit", "meaning"), known[field.name], strict=True)))
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))


def _manifest(comparison: Comparison, parts: Parts, command: str) -> dict[str, Any]:
    return {
        "tool": TOOL,
        "identity": parts.identity,
        "finished": True,
        "command": command,
        "versions": versions(),
        "code": code_version(),
        "seconds": sum(run.seconds for run in comparison.runs),
        **as_json(comparison),
    }
