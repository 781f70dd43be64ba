"""The folder of a sweep: what it is, what is done, what was set aside."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selforg_sim.durable import (
    PARTIAL,
    drop_partial,
    sync_folder,
    told_by_folder,
    write_text,
    write_whole,
)
from selforg_sim.errors import ResultsError
from selforg_sim.lock import WHOLE, door
from selforg_sim.results.manifest import TOOL, code_version, now, versions
from selforg_sim.results.schema import SCHEMA_VERSION
from selforg_sim.scenario import load_scenario, to_toml
from selforg_sim.scenario.schema import Scenario
from selforg_sim.sweep.designs.explicit import Explicit, as_csv
from selforg_sim.sweep.experiment import Experiment
from selforg_sim.sweep.failures import FAILURES
from selforg_sim.sweep.load import checked
from selforg_sim.sweep.once import KEY, each_once
from selforg_sim.sweep.parts import OK, RUNS, Part, part_names, part_path, parts_of, standing
from selforg_sim.sweep.points import Points, points_of
from selforg_sim.sweep.readme import readme
from selforg_sim.sweep.study import Study, scenario_files, study_of

if TYPE_CHECKING:
    import pandas as pd

MANIFEST, DESIGN, EXPERIMENT = "manifest.json", "design.parquet", "experiment.json"
LIST = "points.csv"
"""The points of a design that lists them, so that nothing of another place is needed."""
SCENARIOS, SESSIONS, QUARANTINE = "scenarios", "sessions.jsonl", "quarantine"
ABOUT = ("README.md", EXPERIMENT, DESIGN)
"""Files that say what a sweep is, beside the scenarios and the manifest."""
KIND = "sweep"
IN_WORDS = {
    "scenarios": "the scenarios (or what is fixed in them, or their files of contacts)",
    "outcomes": "the outcomes or their days",
    "keep": "the tables that are kept",
    "seed": "the seed",
    "factors": "the factors",
}


class Store:
    """A folder of a sweep that is worked on. Hold its lock while you use it.

    Parameters
    ----------
    folder : where it is
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    # What the sweep is

    def settle(self, study: Study, *, accept_code: bool = False, alone: bool = True) -> Points:
        """Begin the sweep, or go on with it if it is the same one; returns its points.

        Points and replicates may have been added since. What an earlier session left unfinished
        is removed, unless others may be writing at this moment (``alone`` is false).

        Raises
        ------
        ResultsError
            If the folder holds another sweep or something else, or was made by another version of
            the program and ``accept_code`` does not say that this is meant.
        """
        with door(self.folder):
            before = self._before(study, accept_code)
            points = points_of(study, before)
            self._write_manifest(study)  # first, so that the folder is known again at any moment
            make_folders(self.folder, study)
            if alone:
                self.drop_left_over(study.experiment.keep.tables)
            self._write_list(study)  # before the design, which is read again from it
            if before is None or not points.table.equals(before):
                self._write_design(study, points)
            self._write_about(study)
            return points

    def begin_like(self, origin: Path, study: Study) -> None:
        """Begin the sweep of another folder: the same points under the same numbers.

        Raises
        ------
        ResultsError
            If the folder holds something else.
        """
        check_folder(self.folder)
        self.note_manifest({**read_manifest(origin), "finished": False})
        make_folders(self.folder, study)
        with told_by_folder(self.folder):
            (self.folder / SCENARIOS).mkdir(exist_ok=True)
        there = (*origin.glob(f"{SCENARIOS}/*"), *origin.glob(LIST))
        for path in (*there, *map(origin.joinpath, ABOUT)):
            write_whole(self.folder / path.relative_to(origin), partial(shutil.copyfile, path))

    def _before(self, study: Study, accept_code: bool) -> pd.DataFrame | None:
        check_folder(self.folder)
        if not (self.folder / MANIFEST).exists():
            return None
        manifest = read_manifest(self.folder)
        identity = study.identity()
        other = [n for n in identity if manifest["identity"].get(n) != identity[n]]
        if other:
            told = " and ".join(IN_WORDS[name] for name in other)
            raise ResultsError(
                f"The folder {self.folder} holds another sweep: {told} differ. It can be gone on "
                "with only as it was begun; points and replicates may be added. Name another "
                "folder with --out."
            )
        if manifest["code"] != code_version()["sha256"] and not accept_code:
            raise ResultsError(
                f"The runs in {self.folder} were made by another version of the program, so new "
                "ones might not be like them. Go on all the same with --accept-code, or name "
                "another folder with --out."
            )
        begun = (self.folder / DESIGN).exists() or any(part_names(self.folder))
        return read_design(self.folder) if begun else None

    def _write_design(self, study: Study, points: Points) -> None:
        from selforg_sim.sweep.design_table import design_table
        from selforg_sim.sweep.parts import write_table

        write_table(self.folder / DESIGN, design_table(study, points.table))

    def _write_list(self, study: Study) -> None:
        if isinstance(study.experiment.design, Explicit):
            write_text(self.folder / LIST, as_csv(study.sample))

    def _write_about(self, study: Study) -> None:
        with told_by_folder(self.folder):
            (self.folder / SCENARIOS).mkdir(exist_ok=True)
        for name, scenario in scenario_files(study.models).items():
            write_text(self.folder / SCENARIOS / f"{name}.toml", to_toml(scenario))
        table = study.experiment.model_dump(mode="json", exclude_none=True)
        if isinstance(study.experiment.design, Explicit):
            table["design"]["file"] = LIST
        text = json.dumps(table, indent=2, ensure_ascii=False) + "\n"
        write_text(self.folder / "README.md", readme(study))
        write_text(self.folder / EXPERIMENT, text)
        if not isinstance(study.experiment.design, Explicit):
            with told_by_folder(self.folder):
                (self.folder / LIST).unlink(missing_ok=True)

    def _write_manifest(self, study: Study) -> None:
        code = code_version()["sha256"]
        self.note_manifest(
            {
                "tool": TOOL,
                "kind": KIND,
                "schema_version": SCHEMA_VERSION,
                "name": study.experiment.name,
                "identity": study.identity(),
                "scenario_files": list(scenario_files(study.models)),
                "code": code,
                "earlier_code": self._earlier_code(code),
                "versions": versions(),
                "finished": False,
            }
        )

    def _earlier_code(self, code: str | None) -> list[str]:
        """Versions of the program that made runs here, other than this one."""
        if not (self.folder / MANIFEST).exists():
            return []
        old = read_manifest(self.folder)
        known = dict.fromkeys([*old.get("earlier_code", []), old["code"]])
        return [version for version in known if version != code]

    def note_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Write what the folder is."""
        text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        write_text(self.folder / MANIFEST, text)

    def note_finished(self, runs: int) -> None:
        """Note that everything asked for is done."""
        self.note_manifest({**read_manifest(self.folder), "finished": True, "runs": runs})

    # What is done

    def whole_parts(self) -> list[Part]:
        """Parts that are whole, with all that belongs to them; others are set aside.

        A part that another was put together from is removed: it was left when a program was ended
        in the middle of putting parts together.
        """
        whole, torn = parts_of(self.folder)
        self.set_aside(torn)
        kept = standing(whole)
        for part in set(whole) - set(kept):
            self.remove(part)
        return list(kept)

    def drop_left_over(self, tables: Iterable[str]) -> None:
        """Remove what was not finished when a program was ended in the middle.

        These are files under a hidden name, and parts of other tables whose part of ``runs`` is
        not there: their chunk is run again.
        """
        drop_partial(self.folder)
        known = set(part_names(self.folder))
        with told_by_folder(self.folder):
            for table in tables:
                for name in set(part_names(self.folder, table)) - known:
                    part_path(self.folder, name, table).unlink(missing_ok=True)

    def set_aside(self, names: Iterable[str]) -> None:
        """Move parts to the quarantine; their runs are done again."""
        for name in names:
            target = self.folder / QUARANTINE / f"{name}-{uuid.uuid4().hex[:6]}"
            with told_by_folder(self.folder):
                for path in self.folder.glob(f"*/{name}.parquet"):
                    target.mkdir(parents=True, exist_ok=True)
                    with suppress(FileNotFoundError):  # another shard was faster
                        os.replace(path, target / f"{path.parent.name}.parquet")

    def remove(self, part: Part) -> None:
        """Remove a part and what belongs to it, that of ``runs`` first."""
        with told_by_folder(self.folder):
            for table in (RUNS, *part.tables):
                part_path(self.folder, part.name, table).unlink(missing_ok=True)
            sync_folder(self.folder / RUNS)

    # Sessions

    def note_session(self, told: Mapping[str, Any]) -> None:
        """Add a line to the list of sessions."""
        line = json.dumps({"when": now().isoformat(timespec="seconds"), **told}, ensure_ascii=False)
        with (
            told_by_folder(self.folder),
            (self.folder / SESSIONS).open("a", encoding="utf-8", newline="\n") as file,
        ):
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())


def make_folders(folder: Path, study: Study) -> None:
    """Make the folders in which the parts of a sweep lie."""
    with told_by_folder(folder):
        for name in (RUNS, *study.experiment.keep.tables, FAILURES):
            (folder / name).mkdir(parents=True, exist_ok=True)


def check_folder(folder: Path) -> None:
    """Refuse a place that cannot take a sweep.

    Raises
    ------
    ResultsError
        If it is a file, or a folder that holds something else.
    """
    if folder.exists() and not folder.is_dir():
        raise ResultsError(f"{folder} is a file; name a folder with --out.")
    there = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    own = [name for name in there if name.startswith(WHOLE) or name.endswith(PARTIAL)]
    if MANIFEST not in there and len(own) < len(there):
        raise ResultsError(
            f"The folder {folder} holds something, but no sweep (it has no {MANIFEST} of one). "
            "Name another folder with --out."
        )


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a folder of a sweep says of itself.

    Raises
    ------
    ResultsError
        If it is none.
    """
    path = folder / MANIFEST
    if not folder.is_dir():
        raise ResultsError(
            f"{folder} is a file; give the folder of a sweep."
            if folder.is_file()
            else f"There is no folder {folder}."
        )
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ResultsError(
            f"The folder {folder} holds no sweep: it has no {MANIFEST}. Give the folder that "
            "selforg sweep run --out was given."
        ) from None
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path} cannot be read ({error}).") from None
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        kind = manifest.get("kind") if isinstance(manifest, dict) else None
        what = (
            f"{folder.parent} may hold one: this is an analysis"
            if kind == "analysis"
            else ("perhaps results of a single run or a comparison")
        )
        raise ResultsError(f"The folder {folder} holds no sweep; {what}.")
    return manifest


def resume_command(folder: Path, *options: str) -> str:
    """The command that goes on with a sweep.

    >>> resume_command(Path("my results"))
    "selforg sweep resume 'my results'"
    """
    return shlex.join(["selforg", "sweep", "resume", str(folder), *options])


def hardly_begun(folder: Path) -> str:
    """What to say of a sweep that was ended before its first run."""
    return (
        f"The sweep in {folder} was ended before its first run. Give the command again that began "
        "it."
    )


def read_design(folder: Path) -> pd.DataFrame:
    """The table of the design as it was written.

    Raises
    ------
    ResultsError
        If it cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    from selforg_sim.sweep.design_table import from_design_table

    try:
        return from_design_table(pq.read_table(folder / DESIGN))
    except (OSError, pa.ArrowInvalid) as error:
        raise ResultsError(f"{folder / DESIGN} cannot be read: {error}") from None


def read_experiment(folder: Path) -> Experiment:
    """The experiment of a folder.

    Raises
    ------
    ResultsError
        If it cannot be read.
    """
    path = folder / EXPERIMENT
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ResultsError(hardly_begun(folder)) from None
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path} cannot be read ({error}).") from None
    if not isinstance(table, dict):
        raise ResultsError(f"{path} cannot be read (it holds no table).")
    design = table.get("design")
    if isinstance(design, dict) and design.get("file") == LIST:
        design["file"] = str(folder.resolve() / LIST)
    return checked(table, str(path))


def read_study(folder: Path) -> Study:
    """The study of a folder, from the experiment and the scenarios in it.

    Raises
    ------
    ResultsError
        If they are not those with which the sweep was begun.
    """
    manifest, experiment = read_manifest(folder), read_experiment(folder)
    scenarios: list[Scenario] = [
        load_scenario(folder / SCENARIOS / f"{name}.toml") for name in manifest["scenario_files"]
    ]
    study = study_of(experiment, scenarios or None)
    changed = [n for n, value in study.identity().items() if manifest["identity"].get(n) != value]
    if changed:
        told = " and ".join(IN_WORDS[name] for name in changed)
        raise ResultsError(
            f"In {folder}, {told} are no longer those with which the sweep was begun. Put the "
            "files back as they were, or begin another sweep in another folder."
        )
    return study


def done_runs(
    folder: Path, parts: Iterable[Part], values_of: Sequence[str] = (), days: int = 1
) -> Iterator[pd.DataFrame]:
    """Point, replicate and status of every run, one row each; part after part.

    A run that failed and was done later is done.

    Parameters
    ----------
    values_of : outcomes whose values are wanted, in columns ``value:0``, ``value:1``, ...: all
        days of the first outcome, then all of the next; missing for runs that failed
    days : on how many days each outcome was taken
    """
    columns = [*KEY, "status", "day", *values_of]
    for counted in each_once(folder, list(parts)):
        if not counted.keys.size:
            continue
        frame = counted.read(folder, columns=columns).to_pandas().astype({"status": object})
        found = frame.drop_duplicates(KEY).set_index(KEY)[["status"]]
        done = frame["status"] == OK
        if values_of:
            found = found.join(_side_by_side(frame[done], values_of, days))
        yield found.reset_index()


def _side_by_side(done: pd.DataFrame, values_of: Sequence[str], days: int) -> pd.DataFrame:
    """One row for each run, always with the same columns."""
    rows = done.drop_duplicates([*KEY, "day"])
    place = rows.groupby(KEY, sort=False).cumcount()
    wide = rows.assign(place=place).pivot(index=KEY, columns="place", values=list(values_of))
    wide = wide.reindex(columns=list(product(values_of, range(days))))
    return wide.set_axis([f"value:{number}" for number in range(wide.shape[1])], axis=1)
