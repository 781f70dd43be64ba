"""One of two worlds to compare: what it is made from, and the process that lives it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selforg_sim.errors import RunError, UsageError

if TYPE_CHECKING:
    from selforg_sim.scenario import Scenario

OWN_TREE = Path(__file__).resolve().parents[2]
WATCHER = Path(__file__).resolve().with_name("watcher.py")
UNBORN = "while it was built"
LAST_LINES = 5
"""How much of what a side said last is told when it could not start."""


@dataclass(frozen=True, slots=True)
class Side:
    """A world to compare with another.

    Parameters
    ----------
    scenario : a scenario, its file, or the name of a shipped one
    changes : texts ``key=value`` laid over it
    seed : seed of all chance; the scenario's own if None
    threads : threads for large worlds
    interpreted : whether the rules run as plain Python, without compilation
    python : another Python, with its own selforg_sim
    tree : a folder that holds another ``selforg_sim``, such as a checkout of an older version
    """

    scenario: Scenario | Path | str
    changes: tuple[str, ...] = ()
    seed: int | None = None
    threads: int = 1
    interpreted: bool = False
    python: Path | None = None
    tree: Path | None = None


def environment(side: Side) -> dict[str, str]:
    """What tells the process which version to import, and whether to compile it.

    Raises
    ------
    UsageError
        If the tree holds no ``selforg_sim``.
    """
    given = [folder for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder]
    others = [folder for folder in given if Path(folder).resolve() != OWN_TREE]
    first = [] if side.python else [str(OWN_TREE)]
    if side.tree is not None:
        if not (side.tree / "selforg_sim" / "__init__.py").is_file():
            raise UsageError(
                f"{side.tree} does not hold the package selforg_sim; name the folder of a checkout."
            )
        first = [str(side.tree.resolve())]
    further = {"PYTHONPATH": os.pathsep.join(first + others), "PYTHONIOENCODING": "utf-8"}
    if side.interpreted:
        further["NUMBA_DISABLE_JIT"] = "1"
    return {**os.environ, **further}


class Running:
    """A world that lives in a process of its own and halts after every phase.

    Parameters
    ----------
    side : what it is made from
    label : what to call it in messages
    folder : for files of passage
    """

    def __init__(self, side: Side, label: str, folder: Path) -> None:
        self.label = label
        self.when = UNBORN
        self._log = folder / f"{label}.log"
        python = str(side.python or sys.executable)
        wanted = json.dumps(
            {
                "scenario": _file_of(side.scenario, folder / f"{label}.toml"),
                "changes": list(side.changes),
                "seed": side.seed,
                "threads": side.threads,
            }
        )
        try:
            with self._log.open("w") as log:
                self._process = subprocess.Popen(
                    [python, "-P", str(WATCHER), wanted],
                    env=environment(side),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                    encoding="utf-8",
                )
        except OSError as error:
            raise UsageError(
                f"{label}: {python} cannot be started: {error.strerror or error}."
            ) from error

    def ask(self, **question: Any) -> None:
        """Send a question, or an empty one to let the world go on."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # why it has ended is told when its answer is read

    def answer(self) -> dict[str, Any]:
        """Read its answer.

        Raises
        ------
        UsageError
            If the world cannot be made, as the scenario is wrong or the version is not there.
        RunError
            If it fails.
        """
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            said = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            text = "\n".join(said[-LAST_LINES:]) if said else "it ended without a word"
            if self.when == UNBORN:
                raise RunError(f"{self.label} cannot be started: {text}")
            raise RunError(f"{self.label} failed {self.when}: {text}")
        told: dict[str, Any] = json.loads(line)
        if "failed" in told:
            if told["code"] == UsageError.exit_code:
                raise UsageError(f"{self.label}: {told['failed']}")
            raise RunError(f"{self.label} failed {self.when}: {told['failed']}")
        if "phase" in told:
            self.when = f"after day {told['day']}, '{told['phase']}'"
        return told

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


def _file_of(scenario: Scenario | Path | str, path: Path) -> str:
    """Name or file of a scenario; one that is in memory is written to ``path``."""
    if isinstance(scenario, str | Path):
        return str(scenario)
    from selforg_sim.scenario.write import to_toml

    path.write_text(to_toml(scenario), encoding="utf-8")
    return str(path)
