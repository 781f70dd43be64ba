"""The folder of an analysis: tables, pictures, and what they are; whole or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from selforg_sim.analysis import report
from selforg_sim.analysis.analysis import Analysis, Finding
from selforg_sim.analysis.export import runs_of, write_netcdf
from selforg_sim.analysis.pictures import pictures_of
from selforg_sim.analysis.tables import TABLES, arrow_of
from selforg_sim.errors import ResultsError
from selforg_sim.results.folder import write_folder
from selforg_sim.results.manifest import TOOL, code_version, now, versions

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "manifest.json"
KIND = "analysis"
NETCDF, RUNS = "runs.nc", "runs"
MOST_PICTURED = 18
"""Findings that are drawn; more would be hundreds of files."""

README = """# Analysis of the sweep {name}

{lines}

| File | What it is |
|---|---|
{files}
| `analysis.json` | everything but the tables of points and levels, with methods and notes |
| `manifest.json` | what this folder is, and versions |

Tables are there twice, as `.csv` and as `.parquet`; in the latter each column has its unit and
meaning in its metadata. The page `docs/analysis.md` says how to read them.
"""


def write_analysis(
    analysis: Analysis,
    folder: Path,
    *,
    csv: bool = False,
    netcdf: bool = False,
    pictures: bool = True,
    command: str = "",
) -> Path:
    """Write tables and pictures; an earlier analysis in the folder is replaced.

    Parameters
    ----------
    csv, netcdf : whether all runs are written, too, as one table (CSV and Parquet) or as a cube
    pictures : whether to draw
    command : how it was called

    Raises
    ------
    ResultsError
        If the folder holds something else.
    StorageError
        If the disk refuses; an earlier analysis then stays as it was.
    """
    check_place(folder)

    def fill(place: Path) -> None:
        tables = {name: table for name, table in analysis.tables().items() if len(table)}
        if csv:
            tables[RUNS] = runs_of(analysis)
        for name, table in tables.items():
            _write_table(analysis, place / name, table)
        if netcdf:
            write_netcdf(analysis, place / NETCDF)
        drawn = _draw(analysis, place) if pictures else []
        (place / "analysis.json").write_text(_json(report.as_json(analysis)), encoding="utf-8")
        files = list(_files(tables, netcdf, drawn))
        lines = [*report.beginning(analysis), *report.method(analysis.findings)]
        lines += report.notes(analysis.findings)
        text = README.format(
            name=analysis.sweep.experiment.name,
            lines="\n".join(f"- {line}" for line in lines),
            files="\n".join(files),
        )
        (place / "README.md").write_text(text, encoding="utf-8", newline="\n")
        (place / MANIFEST).write_text(_json(_manifest(analysis, command)), encoding="utf-8")

    return write_folder(folder, fill, overwrite=True)


def check_place(folder: Path) -> None:
    """Refuse a folder that holds something else than an earlier analysis.

    Raises
    ------
    ResultsError
        If it does.
    """
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        manifest = None
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        raise ResultsError(
            f"The folder {folder} holds something, but no analysis, so it is not replaced. Name "
            "another folder with --out."
        )


def pictured(analysis: Analysis) -> tuple[Finding, ...]:
    """The findings that are drawn: those of the last day, up to a number of them."""
    return analysis.last[:MOST_PICTURED]


def left_undrawn(analysis: Analysis) -> str:
    """Words on findings that are not drawn; empty where all are."""
    whole, some = len(analysis.last), len(pictured(analysis))
    if whole == some:
        return ""
    return f"Pictures are drawn of {some} of {whole} outcomes; --outcome NAME draws a single one."


def _draw(analysis: Analysis, place: Path) -> list[str]:
    """Draw the pictures; returns their paths in the folder."""
    paths = []
    several = len(analysis.scenarios) > 1
    for finding in pictured(analysis):
        case = finding.case
        within = f"pictures/{_file_name(case.scenario)}" if several else "pictures"
        day = "last" if case.day is None else str(case.day)
        for name, save in pictures_of(finding):
            path = f"{within}/{_file_name(case.outcome.name)}-day-{day}-{name}.png"
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            save(place / path)
            paths.append(path)
    return paths


def _file_name(text: str) -> str:
    """A name without characters that some systems refuse in files.

    >>> _file_name("size@g1"), _file_name("smoke (2)"), _file_name("a/b:c")
    ('size@g1', 'smoke (2)', 'a_b_c')
    """
    return re.sub(r'[\\/:*?"<>|]', "_", text)


def _write_table(analysis: Analysis, path: Path, table: pd.DataFrame) -> None:
    import pyarrow.parquet as pq

    table.to_csv(path.with_suffix(".csv"), index=False, lineterminator="\n", encoding="utf-8")
    arrow = arrow_of(analysis, table)
    pq.write_table(arrow, path.with_suffix(".parquet"), compression="zstd")


def _files(tables: dict[str, pd.DataFrame], netcdf: bool, drawn: list[str]) -> Iterator[str]:
    about = {**TABLES, RUNS: "all runs with the values of the factors, one row per run and day"}
    for name in tables:
        yield f"| `{name}.csv`, `{name}.parquet` | {about[name]} |"
    if netcdf:
        yield f"| `{NETCDF}` | all runs as a cube, point × replicate × day |"
    for path in drawn:
        kind = Path(path).stem.rpartition("-")[2]
        yield f"| `{path}` | {PICTURES[kind]} |"


PICTURES = {
    "indices": "which factors matter",
    "elementary_effects": "elementary effects after Morris",
    "changes": "what each value changes in the scenario as it is",
    "main_effects": "means by factor",
    "map": "mean by both factors",
    "interactions": "means by two factors at a time",
    "parallel": "all points, through their values to their outcome",
}
"""What each kind of picture shows."""


def _manifest(analysis: Analysis, command: str) -> dict[str, object]:
    return {
        "tool": TOOL,
        "kind": KIND,
        "sweep": analysis.sweep.experiment.name,
        "identity": analysis.sweep.manifest.get("identity"),
        "runs": analysis.progress.done,
        "when": now().isoformat(timespec="seconds"),
        "command": command,
        "code": code_version(),
        "versions": versions(),
    }


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
