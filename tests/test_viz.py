"""The model in Mesa's SolaraViz: stepped, reset and led by levers, in process and in a browser."""

from __future__ import annotations

import copy
import functools
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ipyvuetify
import matplotlib.figure
import numpy as np
import pytest
import solara
from browsing import PATIENCE, ROOT, visiting

from selforg_sim import viz
from selforg_sim.app.server import SETTINGS
from selforg_sim.errors import UsageError
from selforg_sim.model import SelfOrgModel
from selforg_sim.scenario import load_scenario
from selforg_sim.scenario.load import Variants
from selforg_sim.viz import SelforgViz, VizModel, draw_sizes, model_params, with_levers

# ----------------------------------------------------------------------------------- the model


def test_what_is_collected_is_what_there_is():
    model, plain = VizModel("smoke", seed=3), SelfOrgModel("smoke", seed=3)
    for _ in range(5):
        model.step()
        plain.step()
    days = model.datacollector.get_model_vars_dataframe()
    assert len(days) == 6
    people = plain.agents
    assert days["members"].iloc[-1] == people.agg("group_count", sum)
    assert days["belonging"].iloc[-1] == pytest.approx(
        np.mean([spell.belonging for group in plain.groups for spell in group.memberships])
    )
    assert list(days["sizes"].iloc[-1]) == plain.all_groups.get("size")


def test_no_day_after_the_horizon():
    model = VizModel(load_scenario("smoke", ["horizon=2"]))
    for _ in range(4):
        model.step()
    assert model.day == 2 and not model.running
    assert len(model.datacollector.get_model_vars_dataframe()) == 3


def test_a_world_without_groups_is_drawn():
    model = VizModel(load_scenario("smoke", ["horizon=2", "founding.groups=0"]))
    history = model.datacollector.get_model_vars_dataframe()
    assert history["members"].tolist() == [0] and np.isnan(history["belonging"]).all()
    draw_sizes(matplotlib.figure.Figure().subplots(), history["sizes"].tolist(), [])


def test_many_groups_seven_of_them_grey():
    ax = matplotlib.figure.Figure().subplots()
    history = [range(12), range(1, 14)]
    draw_sizes(ax, history, [f"g{number}" for number in range(13)])
    shown = [text.get_text() for text in ax.get_legend().get_texts()]
    assert shown == ["g11", "g10", "g9", "g8", "g7", "g6"]
    assert len(ax.lines) == 13 and sum(line.get_color() == "#BBBBBB" for line in ax.lines) == 7


def test_levers_reach_groups_with_tables_of_their_own():
    scenario = load_scenario("smoke", ["groups.g1.strictness=0.9"])
    assert with_levers(scenario, {"strictness": scenario.group.strictness}) is scenario
    moved = with_levers(scenario, {"strictness": 0.4, "meet_ups": None})
    assert {spec.strictness for spec in moved.resolved_groups().values()} == {0.4}
    assert VizModel(scenario, strictness=0.4).given == moved


def test_every_lever_of_the_page_is_one_of_the_model():
    params = model_params(load_scenario("smoke"))
    assert [*viz.LEVERS] == [name for name in params if name not in ("world", "seed")]
    VizModel(**{name: getattr(param, "value", param) for name, param in params.items()})


def test_sliders_reach_what_the_scenario_has():
    scenario = Variants(load_scenario("smoke")).of({"group.meet_ups": 9.0, "seed": 123456})
    params = model_params(scenario)
    assert params["meet_ups"].max == 9.0 and params["seed"].max == 123456


# ------------------------------------------------------------------------------------- threads


def test_reading_while_another_thread_steps():
    model = VizModel("smoke")
    failures: list[Exception] = []

    def play() -> None:
        try:
            while model.running:
                model.step()
        except Exception as error:
            failures.append(error)

    thread = threading.Thread(target=play)
    thread.start()
    while thread.is_alive():
        days = model.datacollector.get_model_vars_dataframe()
        assert list(days) == ["members", "belonging", "sizes"]
    thread.join()
    assert not failures and len(model.datacollector.get_model_vars_dataframe()) == 61


def test_two_threads_never_live_the_same_day():
    model, plain = VizModel("smoke"), VizModel("smoke")
    threads = [threading.Thread(target=model.run_model) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    plain.run_model()
    days = model.datacollector.get_model_vars_dataframe()
    assert days.equals(plain.datacollector.get_model_vars_dataframe())


def test_a_model_can_be_copied():
    model = VizModel("smoke")
    model.step()
    other = copy.deepcopy(model)
    other.step()
    assert (model.day, other.day) == (1, 2)
    assert len(model.datacollector.get_model_vars_dataframe()) == 2


# ------------------------------------------------------------------------ the page, in process


class Page:
    """SelforgViz as it is drawn, with its buttons and sliders."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        page = solara.AppLayout(children=[SelforgViz(*args, **kwargs)])
        self.box, self.drawn = solara.render(page, handle_error=False)

    def press(self, name: str) -> None:
        self.drawn.find(ipyvuetify.Btn, children=[name]).widget.click()

    def pull(self, label: str, value: float) -> None:
        self.drawn.find(ipyvuetify.Slider, label=label).widget.v_model = value

    @property
    def day(self) -> int:
        texts = [str(w.children) for w in self.drawn.find(ipyvuetify.Html, tag="span").widgets]
        found = (re.search(r"(?:Step|Time): (\d+)", text) for text in texts)
        return next(int(match[1]) for match in found if match)


@pytest.fixture
def made(monkeypatch):
    """The models that the page makes, in order."""
    models: list[VizModel] = []

    begin = VizModel.__init__

    @functools.wraps(begin)  # Mesa looks at the names of the arguments
    def kept(self: VizModel, *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        models.append(self)

    monkeypatch.setattr(VizModel, "__init__", kept)
    return models


@pytest.fixture
def open_page():
    pages: list[Page] = []

    def opened(*args: Any, **kwargs: Any) -> Page:
        pages.append(Page(*args, **kwargs))
        return pages[-1]

    yield opened
    for page in pages:
        page.drawn.close()


def test_step_reset_and_a_lever(made, open_page):
    page = open_page("smoke")
    assert page.day == 0
    page.press("Step")
    page.press("Step")
    assert page.day == made[0].day == 2
    page.pull(viz.LEVERS["strictness"][0], 0.8)
    assert len(made) == 1
    page.press("Reset")
    assert page.day == 0 and len(made) == 2
    assert made[1].given.group.strictness == 0.8
    page.press("Step")
    assert page.day == made[1].day == 1 and made[0].day == 2


def test_reset_without_a_move_gives_the_same_world(made, open_page):
    scenario = load_scenario("smoke", ["groups.g1.strictness=0.9"])
    page = open_page(scenario, seed=5)
    page.press("Reset")
    assert [model.given for model in made] == [scenario, scenario]
    assert [model.world.state.seed for model in made] == [5, 5]


def test_the_plots_are_pictures(open_page):
    grid = open_page("smoke").drawn.find(solara.widgets.GridLayout).widget
    assert len(grid.items) == 3
    assert all(bytes(image.value).startswith(b"\x89PNG") for image in grid.items)


def test_a_page_of_ones_own():
    from mesa.visualization import SolaraViz, make_plot_component

    scenario = load_scenario("smoke")
    page = SolaraViz(
        VizModel(scenario),
        components=[make_plot_component(["members"])],
        model_params=model_params(scenario),
        play_interval=200,
    )
    _, drawn = solara.render(page, handle_error=False)
    assert len(drawn.find(solara.widgets.GridLayout).widget.items) == 1
    drawn.close()


def test_without_altair_it_says_what_to_install():
    program = "import sys; sys.modules['altair'] = None; import selforg_sim.viz"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 1 and "python -m pip install altair" in done.stderr


def test_intervals_that_solaraviz_cannot_keep():
    with pytest.raises(UsageError, match="100 milliseconds or more"):
        Page("smoke", play_interval=10)


# ------------------------------------------------------------------------- the page, in a browser


@contextmanager
def serving_viz() -> Iterator[str]:
    """A server of its own with the page: its address. It listens before the server is up, so that
    who comes early waits."""
    ours = {"SOLARA_APP": "selforg_sim.viz", "PYTHONPATH": str(ROOT)}
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "solara.server.starlette:app",
             "--fd", str(listening.fileno()), "--log-level", "error"],
            env={**os.environ, **SETTINGS, **ours},
            pass_fds=[listening.fileno()],
        )  # fmt: skip
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            server.kill()  # a friendly end would wait for the page
            server.wait()


@pytest.mark.skipif(os.name != "posix", reason="the server is given a socket as on Linux and macOS")
def test_in_a_browser_without_internet(browser: Any):
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    with serving_viz() as address, visiting(browser) as visitor:
        page = visitor.page
        page.goto(address)
        page.get_by_role("button", name="Step").click()
        day = page.get_by_text(re.compile(r"^(Step|Time): "))
        expect(day).to_have_text(re.compile(r": 1(\.0)?$"))
        picture = page.locator("img[src^='blob:']").first
        page.wait_for_function(
            "() => document.querySelector('img[src^=\"blob:\"]')?.naturalWidth > 300"
        )
        before = picture.get_attribute("src")
        page.get_by_role("button", name="▶").click()
        expect(day).to_have_text(re.compile(r": ([3-9]|\d\d)(\.0)?$"))
        expect(picture).not_to_have_attribute("src", before)
        page.get_by_role("button", name="❚❚").click()
        page.get_by_role("button", name="Reset").click()
        expect(day).to_have_text(re.compile(r": 0(\.0)?$"))
