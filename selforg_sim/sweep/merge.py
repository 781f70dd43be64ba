"""Merging: the parts of several folders of one sweep, as from machines without a common disk."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from selforg_sim.durable import write_whole
from selforg_sim.errors import ResultsError
from selforg_sim.lock import locked, refuse_if_held
from selforg_sim.sweep.failures import FAILURES
from selforg_sim.sweep.parts import RUNS, part_path, parts_of, replaced_by
from selforg_sim.sweep.results import Sweep
from selforg_sim.sweep.run import Session
from selforg_sim.sweep.store import (
    DESIGN,
    IN_WORDS,
    MANIFEST,
    SESSIONS,
    Store,
    check_folder,
    read_design,
    read_manifest,
    read_study,
)


def merge(folders: Sequence[str | Path], out: str | Path) -> tuple[int, int]:
    """Bring the runs of several folders together in one; returns runs done and runs asked for.

    Folders that are merged stay as they are. What is there already is not copied again, so that
    an interrupted merge is simply given again.

    Parameters
    ----------
    folders : of the same sweep: shards that ran apart, say
    out : where they are brought together; it may be one of them, or a folder of the same sweep

    Raises
    ------
    ResultsError
        If they are not of the same sweep, or somebody works on one of them.
    StorageError
        If the disk refuses.
    """
    paths = [Path(folder).expanduser() for folder in folders]
    target = Path(out).expanduser()
    others = [path for path in paths if path.resolve() != target.resolve()]
    check_folder(target)
    _check_same([*paths, target] if (target / MANIFEST).exists() else paths)
    study = read_study(paths[0])
    for path in others:
        refuse_if_held(path)
    with locked(target):
        store = Store(target)
        if not (target / DESIGN).exists():
            store.begin_like(paths[0], study)
        store.drop_left_over(study.experiment.keep.tables)
        for path in others:
            _copy(path, store)
        _note_code(store, paths)
        state = Session.to_count(study, target).state()
        if state.done == state.total:
            store.note_finished(state.done)
        return state.done, state.total


def _check_same(paths: Sequence[Path]) -> None:
    for path in paths[1:]:
        told = " and ".join(_differences(paths[0], path))
        if told:
            raise ResultsError(
                f"{paths[0]} and {path} are not of one sweep: {told} differ. Only parts of the "
                "same sweep can be merged, into a new folder or one of their own."
            )


def _differences(one: Path, other: Path) -> list[str]:
    """In words in what two sweeps differ, so that a point of one is not that of the other."""
    first, second = read_manifest(one), read_manifest(other)
    if first["code"] != second["code"]:
        return ["the versions of the program"]
    known = second["identity"]
    found = [IN_WORDS[n] for n, v in first["identity"].items() if known.get(n) != v]
    if found or not (other / DESIGN).exists():  # hardly begun: there is nothing else in it
        return found
    mine, yours = Sweep.load(one).experiment, Sweep.load(other).experiment
    if mine.replicates != yours.replicates:
        found.append("the numbers of replicates")
    if mine.factors != yours.factors:
        found.append("the values of the factors")
    elif not read_design(one).equals(read_design(other)):
        found.append("the designs, or the numbers of their points,")
    return found


def _note_code(store: Store, paths: Sequence[Path]) -> None:
    """Note every version of the program by which runs were made."""
    manifest = read_manifest(store.folder)
    codes = [code for path in paths for code in read_manifest(path).get("earlier_code", [])]
    earlier = list(dict.fromkeys([*manifest.get("earlier_code", []), *codes]))
    if earlier != manifest.get("earlier_code", []):
        store.note_manifest({**manifest, "earlier_code": earlier})


def _copy(source: Path, store: Store) -> None:
    """Copy whole parts, that of ``runs`` last, and what was noted of failures and sessions."""
    found, _ = parts_of(source)
    known, _ = parts_of(store.folder)
    replaced = replaced_by([*found, *known])
    for part in [part for part in found if part.name not in replaced]:
        for table in (*part.tables, RUNS):
            path = part_path(store.folder, part.name, table)
            if not path.exists():
                write_whole(path, partial(shutil.copyfile, part_path(source, part.name, table)))
    for origin in (source / FAILURES).glob("*.json"):
        path = store.folder / FAILURES / origin.name
        if not path.exists():
            write_whole(path, partial(shutil.copyfile, origin))
    there = set(_lines(store.folder))
    with (store.folder / SESSIONS).open("a", encoding="utf-8", newline="\n") as file:
        file.writelines(line + "\n" for line in _lines(source) if line not in there)


def _lines(folder: Path) -> list[str]:
    try:
        return (folder / SESSIONS).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
