"""A sweep that is there: its design, its runs, its tables, as data frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selforg_sim.errors import ResultsError
from selforg_sim.sweep.experiment import Experiment
from selforg_sim.sweep.once import Counted, each_once
from selforg_sim.sweep.parts import RUNS, Part, part_path, parts_of, standing
from selforg_sim.sweep.store import DESIGN, read_experiment, read_manifest, resume_command

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True)
class About:
    """What a column of the design or of the runs is: name, unit, meaning."""

    name: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class Sweep:
    """A folder of a sweep, read; it may still be growing, and what is done is there.

    Attributes
    ----------
    folder : where it is
    manifest : what it says of itself
    experiment : what was asked

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from selforg_sim.sweep import Inline, load_experiment, run_sweep, study_of
    >>> study = study_of(load_experiment("smoke", vary=["group.levels=1,2"], changes=["horizon=2"]))
    >>> with TemporaryDirectory() as place:
    ...     state = run_sweep(study, place, executor=Inline())
    ...     sweep = Sweep.load(place)
    ...     runs = sweep.runs
    >>> sweep.experiment.name, runs["status"].tolist()
    ('smoke', ['ok', 'ok'])
    """

    folder: Path
    manifest: dict[str, Any]
    experiment: Experiment

    @classmethod
    def load(cls, folder: str | Path) -> Sweep:
        """Open the folder of a sweep.

        Raises
        ------
        ResultsError
            If it is none.
        """
        path = Path(folder).expanduser()
        return cls(path, read_manifest(path), read_experiment(path))

    @cached_property
    def design(self) -> pd.DataFrame:
        """One row for each row of the design, in its order.

        Columns: ``row``, ``point``, ``scenario`` (its name), a column for each factor, and
        ``u:<factor>`` where values were drawn.
        """
        frame: pd.DataFrame = self._design.to_pandas()
        frame = frame[frame["row"] >= 0].sort_values("row", ignore_index=True)
        return frame.astype({"scenario": str})

    @cached_property
    def factors(self) -> tuple[About, ...]:
        """The factors, with units and meanings; label where the experiment names one."""
        keys = list(self.experiment.factors)
        return tuple(about for about in _about(self._design.schema) if about.name in keys)

    @cached_property
    def outcomes(self) -> tuple[About, ...]:
        """The outcomes in the table of runs."""
        parts = self.parts
        if not parts:
            return ()
        import pyarrow.parquet as pq

        schema = pq.read_schema(part_path(self.folder, parts[0].name))
        keys = {"point", "replicate", "seed", "status", "day"}
        return tuple(about for about in _about(schema) if about.name not in keys)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Parts that are whole and not replaced by others."""
        return standing(self._found[0])

    @property
    def torn(self) -> tuple[str, ...]:
        """Names of parts that are not whole; their runs are done again."""
        return tuple(self._found[1])

    @cached_property
    def _found(self) -> tuple[list[Part], list[str]]:
        return parts_of(self.folder)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row per run and day, in the order of points and replicates.

        Columns: ``point``, ``replicate``, ``seed``, ``status``, ``day`` and the outcomes. A run
        that failed has one row without outcomes, unless it was tried again with success.
        """
        return self.table(RUNS).astype({"status": str, "day": "Int32"})

    def table(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """A table from all its parts, in the order of points and replicates, each run once.

        Raises
        ------
        ResultsError
            If the sweep does not keep it.
        """
        frame: pd.DataFrame = self.arrow(name, columns).to_pandas()
        keys = [key for key in ("point", "replicate") if key in frame]
        return frame.sort_values(keys, kind="stable", ignore_index=True) if keys else frame

    def arrow(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """The same as an Arrow table, in the order of parts."""
        import pyarrow as pa

        kept = (RUNS, *self.experiment.keep.tables)
        if name not in kept:
            raise ResultsError(
                f"The sweep {self.folder} keeps no table '{name}': {', '.join(kept)}."
            )
        if not self.parts:
            raise ResultsError(
                f"In {self.folder} no run is done yet. Go on with: {resume_command(self.folder)}"
            )
        tables = [
            counted.read(self.folder, name, columns).replace_schema_metadata()
            for counted in self._counted
            if name == RUNS or name in counted.part.tables
        ]
        return pa.concat_tables(tables, promote_options="permissive").unify_dictionaries()

    @cached_property
    def _counted(self) -> list[Counted]:
        return each_once(self.folder, self.parts)

    @cached_property
    def _design(self) -> pa.Table:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return pq.read_table(self.folder / DESIGN)
        except (OSError, pa.ArrowInvalid) as error:
            raise ResultsError(f"{self.folder / DESIGN} cannot be read: {error}") from None


def _about(schema: pa.Schema) -> list[About]:
    told = []
    for field in schema:
        metadata = field.metadata or {}
        unit, meaning = (metadata.get(key, b"").decode() for key in (b"unit", b"meaning"))
        told.append(About(field.name, unit, meaning))
    return told
