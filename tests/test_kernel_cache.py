"""Where compiled kernels are kept: by the text of engine and rules, and never in the way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numba
import pytest

import selforg_sim
from selforg_sim.engine import compiled

PACKAGE = Path(selforg_sim.__file__).resolve().parent


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home of caches; numba goes on with the folder that it has."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", numba.config.CACHE_DIR)
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "selforg_sim"


def test_the_folder_changes_with_any_text_that_a_kernel_can_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in ("engine", "rules", "scenario"):
        shutil.copytree(PACKAGE / room, tmp_path / room)
    monkeypatch.setattr(compiled, "__file__", str(tmp_path / "engine" / "compiled.py"))
    found = [compiled._text_digest()]
    for edited in ("scenario/load.py", "rules/interest.py", "engine/draws.py"):
        with (tmp_path / edited).open("a", encoding="utf-8") as file:
            file.write("# another line\n")
        found.append(compiled._text_digest())
    assert found[0] == found[1], "no kernel holds what loads a scenario"
    assert len(set(found[1:])) == 3


def test_numba_keeps_kernels_in_that_folder(home: Path) -> None:
    assert compiled._choose_cache()
    assert Path(numba.config.CACHE_DIR) == home / f"kernels-{compiled._text_digest()}"
    assert Path(numba.config.CACHE_DIR).is_dir()


def test_the_caches_used_last_are_kept_and_nothing_else_is_touched(home: Path) -> None:
    for age, name in enumerate(["kernels-a", "kernels-b", "kernels-c", "kernels-d", "notes"]):
        (home / name).mkdir(parents=True)
        os.utime(home / name, (1e9 - age, 1e9 - age))
    assert compiled._choose_cache()
    now = f"kernels-{compiled._text_digest()}"
    assert {path.name for path in home.iterdir()} == {now, "kernels-a", "kernels-b", "notes"}


def test_a_cache_that_goes_while_one_looks_does_no_harm(home: Path) -> None:
    home.mkdir()
    (home / "kernels-gone").symlink_to(home / "nowhere")
    assert compiled._choose_cache()


def test_a_folder_that_the_user_names_is_left_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = numba.config.CACHE_DIR
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(home.parent / "mine"))
    assert compiled._choose_cache()
    assert before == numba.config.CACHE_DIR
    assert not home.exists()


def test_on_windows_caches_lie_with_the_programs_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {"LOCALAPPDATA": str(tmp_path), "XDG_CACHE_HOME": "elsewhere"}
    monkeypatch.setattr(compiled, "os", SimpleNamespace(name="nt", environ=environ))
    assert compiled._cache_home() == tmp_path / "selforg_sim"
    environ.clear()
    assert compiled._cache_home() == Path.home() / "AppData" / "Local" / "selforg_sim"


def test_where_nothing_can_be_written_kernels_are_compiled_and_not_kept(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    before = numba.config.CACHE_DIR
    assert not compiled._choose_cache()
    assert before == numba.config.CACHE_DIR
    program = "from selforg_sim.rules.structure import saturating; print(saturating(3.0, 1.0))"
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True, text=True, cwd=PACKAGE.parent,
    )  # fmt: skip
    assert (told.stdout, told.stderr) == ("0.75\n", "")
