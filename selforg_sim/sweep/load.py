"""Loading: from a file, and what the command line changes, to one checked experiment."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from selforg_sim.errors import ScenarioError, UsageError, nearest
from selforg_sim.scenario.files import read_toml
from selforg_sim.scenario.layers import find_scenario, parse_override
from selforg_sim.scenario.refusals import refusals
from selforg_sim.scenario.shipped import shipped_files, shipped_folder
from selforg_sim.sweep.designs.explicit import factors_in
from selforg_sim.sweep.experiment import Experiment, as_written
from selforg_sim.sweep.vary import parse_vary

SIGNS = ("scenario", "function")
"""Keys of which an experiment's file has one, and a scenario's file none."""


def experiment_files() -> dict[str, Path]:
    """The shipped experiments by name."""
    folder = shipped_folder("scenarios") / "experiments"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def load_experiment(
    path_or_name: str | Path,
    *,
    vary: Sequence[str] = (),
    changes: Sequence[str] = (),
    replicates: int | None = None,
    seed: int | None = None,
    outcomes: Sequence[str] = (),
    days: Sequence[int] = (),
    design: Mapping[str, Any] | None = None,
) -> Experiment:
    """Load an experiment from a file, or make one of a scenario.

    Parameters
    ----------
    path_or_name
        A TOML file or the name of a shipped experiment; or a scenario, which is an experiment in
        which nothing is varied yet.
    vary
        Factors, as after ``--vary``; ``seed=1:20:20`` says how many replicates.
    changes
        Fixed settings ``key=value``, as after ``--set``.
    replicates, seed, outcomes, days, design
        Replace what the file says.

    Raises
    ------
    UsageError
        If anything is wrong; one line for each problem.

    Examples
    --------
    >>> found = load_experiment("smoke", vary=["group.strictness=0:1:3"])
    >>> found.factors["group.strictness"].grid()
    (0.0, 0.5, 1.0)
    """
    table, origin = _read(path_or_name)
    factors = _varied(vary)
    count = _luck(table, factors, vary)
    _put(table, "replicates", {"count": replicates} if replicates is not None else count)
    _put(table, "outcomes", {"names": list(outcomes)} if outcomes else {})
    _put(table, "outcomes", {"days": list(days)} if days else {})
    fixed = {".".join(keys): value for keys, value in map(parse_override, changes)}
    _put(table, "fixed", fixed)
    _put(table, "chosen", factors)
    if design:
        table["design"] = _designed(table.get("design", {}), design)
    _put(table, "chosen", _listed_factors(table))
    if seed is not None:
        table["seed"] = seed
    return checked(table, origin)


def checked(table: dict[str, Any], origin: str) -> Experiment:
    """The experiment of a table.

    Raises
    ------
    ScenarioError
        If anything is wrong; one line for each problem, with file, table and key.
    """
    try:
        return Experiment.model_validate(table)
    except ValidationError as error:
        found = refusals(error.errors(), Experiment, as_written(table))
    lines = [f"{origin}: {_place(where)}{text}" for where, text in found]
    raise ScenarioError("\n".join(dict.fromkeys(lines)))


def _place(where: tuple[str | int, ...]) -> str:
    if not where:
        return ""
    table, *keys = map(str, where)
    return f"[{table}] {'.'.join(keys)}: " if keys else f"{table}: "


def _read(path_or_name: str | Path) -> tuple[dict[str, Any], str]:
    """The table of an experiment, with paths that hold from anywhere, and where it stands."""
    path, shipped = Path(path_or_name), experiment_files()
    if not path.is_file() and str(path_or_name) in shipped:
        path = shipped[str(path_or_name)]
    if not path.is_file():
        return _of_scenario(path_or_name, shipped), str(path_or_name)
    table = read_toml(path)
    if not any(sign in table for sign in SIGNS):
        return _of_scenario(path, shipped), str(path)
    table.setdefault("name", path.stem)
    return _anchored(table, path.resolve().parent), str(path)


def _of_scenario(name: str | Path, shipped: Mapping[str, Path]) -> dict[str, Any]:
    try:
        path = find_scenario(name)
    except ScenarioError as error:
        hint = nearest(str(name), shipped)
        raise ScenarioError(
            f"{error}" + (f" Or the experiment: {hint}" if "Did you mean" in hint else "")
        ) from None
    is_shipped = str(name) not in (".", "") and not Path(name).is_file()
    return {"name": path.stem, "scenario": str(name) if is_shipped else os.path.abspath(path)}


def _anchored(table: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Make paths independent of the folder of the file."""
    given = table.get("scenario")
    names = [given] if isinstance(given, str) else given
    if isinstance(names, list):
        table["scenario"] = [_from(folder, n) if isinstance(n, str) else n for n in names]
    design = table.get("design")
    if isinstance(design, dict) and isinstance(design.get("file"), str):
        design["file"] = os.path.abspath(folder / design["file"])
    return table


def _from(folder: Path, name: str) -> str:
    if (folder / name).is_file():
        return os.path.abspath(folder / name)
    return name if name in shipped_files("scenarios") else os.path.abspath(folder / name)


def _put(table: dict[str, Any], name: str, values: Mapping[str, Any]) -> None:
    """Lay values over one table of the experiment."""
    if values:
        below = table.get(name, {})
        table[name] = {**below, **values} if isinstance(below, dict) else below


def _varied(vary: Sequence[str]) -> dict[str, Any]:
    """The factors of the command line; each is named once."""
    factors: dict[str, Any] = {}
    for text in vary:
        key, values = parse_vary(text)
        if key in factors:
            raise UsageError(
                f"--vary {text}: {key} is varied already; name all its values in one --vary."
            )
        factors[key] = values
    return factors


def _designed(below: Any, above: Mapping[str, Any]) -> Any:
    """The design of the file, with what replaces it; another method brings all its own settings."""
    if not isinstance(below, dict):
        return below
    method = above.get("method", below.get("method"))
    if method is None:
        raise UsageError(
            f"--points {above.get('n')}: a grid has the points of its values. Say which design "
            "draws points, as in --design latin_hypercube."
        )
    file = {"file": os.path.abspath(above["file"])} if "file" in above else {}
    return {**(below if method == below.get("method") else {}), **above, **file}


def _listed_factors(table: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a list of points, where the experiment names no factors itself."""
    design = table.get("design")
    if not isinstance(design, dict) or design.get("method") != "list":
        return {}
    file = design.get("file")
    if table.get("chosen") or table.get("uncertain") or not isinstance(file, str):
        return {}
    return factors_in(file)


def _luck(table: dict[str, Any], factors: dict[str, Any], vary: Sequence[str]) -> dict[str, int]:
    """Take the seed out of the factors: it says how often each point is run."""
    seeds = factors.pop("seed", None)
    if seeds is None:
        return {}
    text = next(text for text in vary if text.split("=")[0].strip() == "seed")
    whole = isinstance(seeds, list) and all(type(number) is int for number in seeds)
    if not whole or seeds != list(range(seeds[0], seeds[0] + len(seeds))):
        raise UsageError(
            f"--vary {text}: seeds follow one another, as in --vary seed=1:20:20 for the twenty "
            "seeds 1 to 20."
        )
    table["seed"] = seeds[0]
    return {"count": len(seeds)}
