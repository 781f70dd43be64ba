"""``selforg app`` as it is started: where it listens, how it ends, what it refuses."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from test_cli import hear_ctrl_c

from selforg_sim.app.limits import LimitError, Limits
from selforg_sim.app.replay import scenario_of
from selforg_sim.app.server import address_of, check_installed, open_socket
from selforg_sim.errors import ResultsError, UsageError
from selforg_sim.scenario import load_scenario, scenario_hash
from selforg_sim.simulation import simulate

posix = pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as on Linux and macOS")


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "selforg_sim", "app", "--no-browser", *arguments]


def environment() -> dict[str, str]:
    paths = [str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "COLUMNS": "200"}


def refused(*arguments: str, cwd: Path) -> str:
    done = subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=cwd,
        env=environment(),
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


# ---------------------------------------------------------------- starting and ending


@posix
def test_it_prints_its_address_serves_there_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    with subprocess.Popen(
        command("--port", "0"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=environment(),
        preexec_fn=hear_ctrl_c,
    ) as started:
        assert started.stdout is not None
        line = started.stdout.readline()
        address = next(word for word in line.split() if word.startswith("http://127.0.0.1:"))
        with urllib.request.urlopen(address) as page:
            text = page.read().decode()
        started.send_signal(signal.SIGINT)
        rest, errors = started.communicate(timeout=60)
    assert "<title>selforg</title>" in text
    assert "https://cdn." not in text
    assert started.returncode == 0
    assert rest.splitlines()[-1] == "Stopped."
    assert errors == ""


def test_a_port_in_use_is_told_in_one_sentence(tmp_path: Path) -> None:
    with open_socket("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        told = refused("--port", str(port), cwd=tmp_path)
    assert told.count("\n") == 0
    assert f"Port {port} of 127.0.0.1" in told
    assert "choose another" in told


def test_a_host_that_is_not_here_is_told_in_one_sentence(tmp_path: Path) -> None:
    told = refused("--host", "nowhere.invalid", cwd=tmp_path)
    assert told.count("\n") == 0
    assert "0.0.0.0" in told


@pytest.mark.parametrize(("port", "says"), [(-1, "--port"), (70_000, "--port")])
def test_impossible_ports(tmp_path: Path, port: int, says: str) -> None:
    assert says in refused("--port", str(port), cwd=tmp_path)


def test_addresses_are_such_as_a_browser_opens() -> None:
    with open_socket("0.0.0.0", 0) as everywhere:
        port = everywhere.getsockname()[1]
        assert address_of(everywhere) == f"http://localhost:{port}/"


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine knows no IPv6")
def test_addresses_of_ipv6() -> None:
    try:
        here = open_socket("::1", 0)
    except UsageError:
        pytest.skip("this machine has no IPv6 address")
    with here:
        assert address_of(here) == f"http://[::1]:{here.getsockname()[1]}/"


def test_missing_parts_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    check_installed()
    monkeypatch.setattr("selforg_sim.app.server._there", lambda name: name != "solara")
    with pytest.raises(UsageError, match=r"needs solara, .* pip install"):
        check_installed()


# ---------------------------------------------------------------- folders of results


def test_a_folder_of_results_gives_its_scenario_and_seed(tmp_path: Path) -> None:
    scenario = load_scenario("smoke", ["horizon=5", "group.strictness=0.7"])
    folder = simulate(scenario, seed=11).save(tmp_path / "kept", figures=False)
    again = scenario_of(folder)
    assert again.seed == 11
    assert scenario_hash(again) == scenario_hash(load_scenario("smoke", _as_kept()))


def _as_kept() -> list[str]:
    return ["horizon=5", "group.strictness=0.7", "seed=11"]


def test_folders_that_will_not_do(tmp_path: Path) -> None:
    assert "There is no folder" in refused("nowhere", cwd=tmp_path)
    (tmp_path / "empty").mkdir()
    assert "does not hold results" in refused("empty", cwd=tmp_path)
    folder = simulate(load_scenario("smoke", ["horizon=2"])).save(tmp_path / "k", figures=False)
    (folder / "scenario.toml").write_text("name = [", encoding="utf-8")
    with pytest.raises(ResultsError, match="cannot be read"):
        scenario_of(folder)


# ---------------------------------------------------------------- limits


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (Limits(people=299), r"300 people; at most 299 .* Ask for fewer people"),
        (Limits(days=59), r"60 days; at most 59 .* Ask for fewer days"),
    ],
)
def test_a_scenario_that_is_too_big_is_refused(limits: Limits, says: str) -> None:
    with pytest.raises(LimitError, match=says):
        limits.check(load_scenario("smoke"))


def test_a_scenario_as_big_as_allowed_is_not_refused() -> None:
    Limits(people=300, days=60).check(load_scenario("smoke"))
