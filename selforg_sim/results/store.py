"""Results: what a run leaves behind, in memory or as a folder.

A folder holds ``manifest.json``, ``scenario.toml``, ``README.md``, ``tables/*.parquet`` (and
``*.csv`` where asked) and ``figures/*.png``. Tables are read when they are first asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selforg_sim.errors import ResultsError, nearest
from selforg_sim.results.folder import (
    MANIFEST,
    is_results_folder,
    next_free_dir,
    write_folder,
    write_next_folder,
)
from selforg_sim.results.readme import write_readme

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SCENARIO = "scenario.toml"
_ORDER = ("series", "groups", "people", "spells", "invitations", "events", "memberships")

__all__ = ["Results", "next_free_dir"]


@dataclass(frozen=True)
class Results:
    """The results of one scenario, run once or several times.

    Attributes
    ----------
    scenario_toml : the scenario with all cards and defaults filled in.
    manifest : where the results come from, see `selforg_sim.results.manifest.describe_run`.
    tables : Arrow tables by name, see `selforg_sim.results.schema.TABLES`.
    """

    scenario_toml: str = field(repr=False)
    manifest: dict[str, Any] = field(repr=False)
    tables: Mapping[str, pa.Table] = field(repr=False)

    def __repr__(self) -> str:
        tables = ", ".join(self.tables)
        return f"Results({self.name!r}, replicates={self.replicates}, tables: {tables})"

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return str(self.manifest.get("scenario", {}).get("name", ""))

    @property
    def replicates(self) -> int:
        """How often the scenario was run."""
        return int(self.manifest.get("replicates", 1))

    def arrow(self, name: str) -> pa.Table:
        """A table as Arrow has it, with unit and meaning in the metadata of its fields.

        Raises
        ------
        ResultsError
            There is no such table.
        """
        if name not in self.tables:
            raise ResultsError(
                f"These results hold no table {name!r}. {nearest(name, self.tables)}"
            )
        return self.tables[name]

    def table(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """A table as a pandas DataFrame; categories are categoricals, missing whole numbers NaN.

        With ``columns``, only these: large tables then take little memory.
        """
        table = self.arrow(name)
        frame: pd.DataFrame = (table if columns is None else table.select(columns)).to_pandas()
        return frame

    def save(
        self,
        folder: str | Path,
        overwrite: bool = False,
        csv: bool = False,
        figures: bool = True,
    ) -> Path:
        """Write a folder, whole or not at all; returns its full path.

        Raises
        ------
        ResultsError
            The folder exists and may not be replaced.
        StorageError
            The disk is full or not writable; nothing is left behind.
        """
        return write_folder(
            folder, lambda place: self._fill(place, csv, figures), overwrite=overwrite
        )

    def save_next(
        self, root: str | Path, name: str | None = None, csv: bool = False, figures: bool = True
    ) -> Path:
        """Write the next free numbered folder ``root/name-NNN``; returns its full path."""
        stem = name or self.name or "run"
        return write_next_folder(root, stem, lambda place: self._fill(place, csv, figures))

    @classmethod
    def load(cls, folder: str | Path) -> Results:
        """Open a folder of results; its tables are read when they are asked for.

        Raises
        ------
        ResultsError
            The folder does not exist, holds no results, or a file of it cannot be read.
        """
        path = Path(folder).expanduser()
        if not path.is_dir():
            raise ResultsError(f"There is no folder {folder}.{_meant(path.name)}")
        if (path / "design.parquet").exists():
            raise ResultsError(
                f"The folder {folder} holds a sweep, many runs without their people; look at it "
                f"with: selforg analyze {folder}"
            )
        if not is_results_folder(path):
            raise ResultsError(
                f"The folder {folder} does not hold results: {MANIFEST} is missing or torn."
            )
        try:
            manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
            scenario = (path / SCENARIO).read_text(encoding="utf-8")
        except OSError as error:
            raise ResultsError(f"{error.filename} cannot be read: {error.strerror}.") from error
        return cls(scenario, manifest, _FolderTables(path / "tables"))

    def _fill(self, place: Path, csv: bool, figures: bool) -> None:
        import pyarrow.parquet as pq

        from selforg_sim.results.tables import write_csv

        (place / "tables").mkdir()
        for name, table in self.tables.items():
            pq.write_table(table, place / "tables" / f"{name}.parquet", compression="zstd")
            if csv:
                write_csv(table, place / "tables" / f"{name}.csv")
        (place / SCENARIO).write_text(self.scenario_toml, encoding="utf-8", newline="\n")
        text = write_readme(self.manifest, list(self.tables), csv=csv)
        (place / "README.md").write_text(text, encoding="utf-8", newline="\n")
        if figures:
            from selforg_sim.results.plots import save_figures

            save_figures(self, place / "figures")
        manifest = json.dumps(self.manifest, indent=2, ensure_ascii=False, allow_nan=False)
        (place / MANIFEST).write_text(manifest + "\n", encoding="utf-8", newline="\n")


class _FolderTables(Mapping[str, "pa.Table"]):
    """The Parquet files of a folder by name, each read when first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        found = {path.stem for path in folder.glob("*.parquet")}
        known = [name for name in _ORDER if name in found]
        self._names = known + sorted(found.difference(known))
        self._read: dict[str, pa.Table] = {}

    def __getitem__(self, name: str) -> pa.Table:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._read:
            self._read[name] = self._load(name)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def _load(self, name: str) -> pa.Table:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self._folder / f"{name}.parquet"
        try:
            with pq.ParquetFile(path) as file:
                return file.read()
        except (OSError, pa.ArrowInvalid) as error:
            raise ResultsError(f"The table {path} cannot be read: {error}") from error


def _meant(name: str) -> str:
    """A hint, where a scenario was named in place of the folder of its newest run."""
    runs = [path for path in Path("results").glob(f"{escape(name)}-*") if path.is_dir()]
    numbers = {path.name.rpartition("-")[2]: path for path in runs}
    newest = max(filter(str.isdecimal, numbers), key=int, default=None)
    return "" if newest is None else f" Did you mean {numbers[newest]}?"
