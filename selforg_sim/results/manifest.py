"""The manifest: everything needed to know where a folder of results came from, and to make it
again."""

from __future__ import annotations

import hashlib
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import selforg_sim
from selforg_sim.results.schema import SCHEMA_VERSION, TABLES, outputs

MODEL_VERSION = "1"
TOOL = "selforg_sim"
PACKAGE = Path(selforg_sim.__file__).parent
_DEPENDENCIES = (
    "numpy",
    "scipy",
    "numba",
    "mesa",
    "pydantic",
    "pyarrow",
    "pandas",
    "networkx",
    "matplotlib",
    "typer",
    "rich",
)


def describe_run(
    *,
    name: str,
    scenario_toml: str,
    seed: int,
    seeds: Sequence[int],
    started: datetime,
    finished: datetime,
    performance: Mapping[str, float],
    values: Sequence[str] = (),
    tables: Sequence[str] = tuple(TABLES),
    command: str | None = None,
    scenario_sha256: str | None = None,
    **further: Any,
) -> dict[str, Any]:
    """The manifest of a run, as plain values for JSON.

    Parameters
    ----------
    name, scenario_toml : the scenario's name and its resolved text (cards and defaults filled in).
    seed, seeds : the seed asked for, and the seed of each replicate.
    started, finished : times with a zone, see `now`.
    performance : ``membership_days``, ``person_days``, ``seconds``, ``compile_seconds``, ...
    values : names of the value dimensions.
    tables : the tables of this run.
    command : the command that repeats the run.
    scenario_sha256 : the scenario's hash, if it is not simply that of ``scenario_toml``.
    further : more keys. ``last_day`` should be among them (memberships still open were seen until
        then); the
        counts of a file of contacts may be.
    """
    return {
        "tool": TOOL,
        "schema_version": SCHEMA_VERSION,
        "model_version": MODEL_VERSION,
        "versions": versions(),
        "code": code_version(),
        "platform": {"system": platform.platform(), "machine": platform.machine()},
        "command": command or "simulate(), called from Python",
        "scenario": {"name": name, "sha256": scenario_sha256 or digest(scenario_toml)},
        "seed": int(seed),
        "seeds": [int(number) for number in seeds],
        "replicates": len(seeds),
        "started": started.isoformat(timespec="seconds"),
        "finished": finished.isoformat(timespec="seconds"),
        "performance": dict(performance),
        "values": list(values),
        "outputs": describe_outputs(values, tables),
        **further,
    }


def now() -> datetime:
    """The time of day in UTC.

    >>> now().tzinfo is not None
    True
    """
    return datetime.now(UTC)


def digest(text: str) -> str:
    """The SHA-256 of a text.

    >>> digest("")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(text.encode()).hexdigest()


def describe_outputs(
    values: Sequence[str] = (), tables: Sequence[str] = tuple(TABLES)
) -> dict[str, dict[str, dict[str, Any]]]:
    """Unit, type and meaning of every column of every table.

    >>> describe_outputs()["series"]["hours"]["unit"]
    'hours/day'
    """
    return {
        table: {
            output.name: {
                "type": output.dtype,
                "unit": output.unit,
                "meaning": output.meaning,
                "nullable": output.nullable,
                **({"categories": list(output.categories)} if output.categories else {}),
            }
            for output in outputs(table, values)
        }
        for table in tables
    }


def versions() -> dict[str, str | None]:
    """Versions of Python, of this package and of what it stands on; None for what is not
    installed."""
    found: dict[str, str | None] = {
        "python": ".".join(map(str, sys.version_info[:3])),
        TOOL: selforg_sim.__version__,
    }
    for name in _DEPENDENCIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = None
    return found


def code_version() -> dict[str, str | None]:
    """A digest of the package's sources, and the git commit if they lie in a checkout."""
    return {"sha256": code_digest(), "commit": _commit(PACKAGE.parent)}


def code_digest() -> str:
    """A digest of the package's sources as they lie on the disk now."""
    sources = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        sources.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0")
        sources.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return sources.hexdigest()


def _commit(root: Path) -> str | None:
    if not (root / ".git").exists():
        return None
    try:
        asked = subprocess.run(
            ["git", "-C", str(root), "rev-parse", "--verify", "HEAD"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return asked.stdout.strip() if asked.returncode == 0 else None
