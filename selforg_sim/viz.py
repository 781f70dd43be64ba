"""The model in Mesa's own browser page, SolaraViz.

The page of ``selforg app`` shows far more and is far faster. This one is for users of Mesa: their
buttons, their plots, their model parameters. ``solara run selforg_sim.viz`` opens it.

SolaraViz steps the model in one thread and draws in another. So a day is lived and collected
under a lock, and plots read only what was collected.

Examples
--------
>>> model = VizModel("smoke", strictness=0.8)
>>> model.step()
>>> sorted(model.datacollector.get_model_vars_dataframe())
['belonging', 'members', 'sizes']
"""

from __future__ import annotations

import math
import threading
import warnings
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import solara
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from selforg_sim.errors import UsageError
from selforg_sim.model import SelfOrgModel
from selforg_sim.results import drawing
from selforg_sim.scenario import load_scenario
from selforg_sim.scenario.load import Variants
from selforg_sim.scenario.schema import Scenario

try:
    with warnings.catch_warnings():  # Mesa 3.3 breaks a rule of Solara's in its own component
        warnings.filterwarnings("ignore", "Failed to validate hooks", UserWarning)
        warnings.filterwarnings("ignore", r"(?s).*ComponentsView: `use_state` found", UserWarning)
        from mesa.visualization import Slider, SolaraViz, make_plot_component
        from mesa.visualization.utils import update_counter
except ImportError as error:  # Mesa wants altair, which it does not bring
    raise ImportError(
        f"Mesa's SolaraViz cannot be loaded ({error}); it needs altair: "
        "python -m pip install altair"
    ) from error

SHORTEST_INTERVAL = 100
HIGHEST_SEED = 999
SIZE = (6.4, 4.2)  # inches: what a cell of SolaraViz holds
# Lever of the table [group]: its words, lowest and highest value, step.
LEVERS = {
    "strictness": ("Entry strictness (0 takes everybody)", 0.0, 1.0, 0.05),
    "clarity": ("Clarity of the owner's core", 0.0, 1.0, 0.05),
    "rules_enforced": ("Posted rules enforced", 0.0, 1.0, 0.05),
    "return_rate": ("Cash made of what is given", 0.0, 1.0, 0.05),
    "meet_ups": ("Meetings offline a month", 0.0, 4.0, 0.5),
}


def members(model: SelfOrgModel) -> int:
    """Memberships in all groups together."""
    return len(model.world.state.memberships)


def belonging(model: SelfOrgModel) -> float:
    """Mean belonging over all memberships; NaN if there are none."""
    memberships = model.world.state.memberships
    rows = memberships.rows()
    return float(memberships["belonging"][rows].mean()) if len(rows) else math.nan


def sizes(model: SelfOrgModel) -> tuple[int, ...]:
    """Members of every group that ever opened, by its row."""
    return tuple(model.world.state.groups["size"].tolist())


class Lock:
    """A lock that can be copied with a model; the copy is open."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *raised: object) -> None:
        self._lock.release()

    def __reduce__(self) -> tuple[Any, ...]:
        return Lock, ()


class SafeCollector(mesa.DataCollector):  # type: ignore[misc, unused-ignore]
    """A data collector that one thread may read while another collects."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lock = Lock()

    def collect(self, model: mesa.Model) -> None:
        """Collect one day."""
        with self.lock:
            super().collect(model)

    def get_model_vars_dataframe(self) -> Any:
        """All days that are collected in full."""
        with self.lock:
            return super().get_model_vars_dataframe()


class VizModel(SelfOrgModel):
    """The model with a data collector, made anew by SolaraViz from its model parameters.

    Parameters
    ----------
    world : name or path of a scenario, or a scenario. Not called "scenario", since Mesa 3.5 puts
        an object of its own under that name when it makes the model anew.
    seed : key of all luck, the scenario's own if None
    strictness, clarity, rules_enforced, return_rate, meet_ups : levers of all groups; one that is
        None, or as in the scenario's table [group], changes nothing

    Raises
    ------
    ScenarioError
        If the scenario or a lever is not valid.
    """

    def __init__(
        self,
        world: str | Path | Scenario = "smoke",
        *,
        seed: int | None = None,
        strictness: float | None = None,
        clarity: float | None = None,
        rules_enforced: float | None = None,
        return_rate: float | None = None,
        meet_ups: float | None = None,
    ) -> None:
        given = world if isinstance(world, Scenario) else load_scenario(world)
        levers = {
            "strictness": strictness, "clarity": clarity, "rules_enforced": rules_enforced,
            "return_rate": return_rate, "meet_ups": meet_ups,
        }  # fmt: skip
        super().__init__(with_levers(given, levers), seed=seed, record=False)
        reporters = {"members": members, "belonging": belonging, "sizes": sizes}
        self.datacollector = SafeCollector(model_reporters=reporters)
        self.datacollector.collect(self)
        self.stepping = Lock()
        self._counted_step = self.step  # Mesa counts around our step; the lock is around both
        self.step = self._locked_step  # type: ignore[method-assign]

    def step(self) -> None:
        """Live one day and collect it; after the horizon do nothing."""
        super().step()
        self.datacollector.collect(self)

    def _locked_step(self) -> None:
        with self.stepping:
            if self.running:
                self._counted_step()


def with_levers(scenario: Scenario, levers: dict[str, float | None]) -> Scenario:
    """The scenario with levers moved in all its groups; those not moved stay as they are.

    >>> smoke = load_scenario("smoke")
    >>> with_levers(smoke, {"clarity": 0.2, "strictness": None}).group.clarity
    0.2
    """
    settings: dict[str, float] = {}
    for lever, value in levers.items():
        if value is not None and value != getattr(scenario.group, lever):
            settings[f"group.{lever}"] = value
            settings |= {f"groups.{name}.{lever}": value for name in scenario.groups}
    return Variants(scenario).of(settings) if settings else scenario


def model_params(scenario: Scenario, seed: int | None = None) -> dict[str, Any]:
    """What SolaraViz makes the model of: the scenario, its seed, and a slider for each lever."""
    first = scenario.seed if seed is None else seed
    params: dict[str, Any] = {
        "world": scenario,
        "seed": Slider("Seed of all luck", first, 0, max(first, HIGHEST_SEED), 1),
    }
    for lever, (label, low, high, step) in LEVERS.items():
        value = float(getattr(scenario.group, lever))
        params[lever] = Slider(label, value, min(low, value), max(high, value), step)
    return params


def draw_sizes(ax: Axes, history: Any, names: list[str]) -> None:
    """Members of each group over time: the largest in colours with names, the others in grey.

    Parameters
    ----------
    history : for each day the members of every group that had opened
    names : the groups' names
    """
    table = np.full((len(history), max(map(len, history), default=0)), np.nan)
    for day, row in enumerate(history):
        table[day, : len(row)] = row
    order = np.argsort(-np.nansum(table, axis=0), kind="stable")
    for place, group in reversed(list(enumerate(order.tolist()))):
        named = place < len(drawing.LINES)
        colour = drawing.LINES[place] if named else "#BBBBBB"
        label = names[group] if named else "_other"
        ax.plot(table[:, group], color=colour, linewidth=1.8 if named else 0.7, label=label)
    if len(order):
        handles, labels = ax.get_legend_handles_labels()
        ax.legend(handles[::-1], labels[::-1], loc="best")
    ax.set(ylabel="members", xlabel="day", ylim=(0, None))
    drawing.title(ax, "Members of the groups")


@solara.component
def GroupSizes(model: VizModel) -> Any:
    """A plot of the sizes of the groups, drawn anew when SolaraViz says so."""
    update_counter.get()
    history = model.datacollector.get_model_vars_dataframe()["sizes"].tolist()
    names = list(model.world.state.group_names)
    figure = Figure(figsize=SIZE)
    draw_sizes(figure.subplots(), history, names)
    return solara.FigureMatplotlib(figure, format="png", bbox_inches="tight")


def label_members(ax: Axes) -> None:
    """Title, scale and colour of the plot of members."""
    ax.set(ylabel="memberships", ylim=(0, None))
    _title(ax, "Members of all groups together", drawing.BLUE)


def label_belonging(ax: Axes) -> None:
    """Title, scale and colour of the plot of belonging."""
    ax.set(ylabel="mean belonging", ylim=(0, 1))
    _title(ax, "Belonging, mean over all members", drawing.GREEN)


def _title(ax: Axes, text: str, colour: str) -> None:
    for line in ax.lines:
        line.set_color(colour)
    figure: Any = ax.get_figure()
    figure.set_size_inches(SIZE)
    drawing.title(ax, text)


@solara.component
def SelforgViz(
    scenario: str | Path | Scenario = "smoke",
    *,
    seed: int | None = None,
    play_interval: int = 200,
    render_interval: int = 1,
    name: str | None = None,
) -> None:
    """The model in Mesa's SolaraViz: in a notebook cell, or as a page of ``solara run``.

    Levers and seed count from the next Reset on, as always in SolaraViz. Each visitor has a model
    of his own.

    Parameters
    ----------
    scenario : name or path of a scenario, or a scenario
    seed : key of all luck, the scenario's own if None
    play_interval : milliseconds between days while it plays, 100 or more: SolaraViz cannot draw
        faster
    render_interval : days between drawings
    name : title of the page, the scenario's own if None

    Raises
    ------
    UsageError
        If the scenario is not valid, or an interval too short.
    """
    checked_interval(play_interval)
    given = solara.use_memo(lambda: _loaded(scenario), [scenario])
    model = solara.use_memo(lambda: VizModel(given, seed=seed), [given, seed])
    params = solara.use_memo(lambda: model_params(given, seed), [given, seed])
    SolaraViz(
        model,
        components=[
            make_plot_component("members", post_process=label_members),
            make_plot_component("belonging", post_process=label_belonging),
            GroupSizes,
        ],
        model_params=params,
        play_interval=play_interval,
        render_interval=render_interval,
        name=name or given.title or given.name,
    )


def checked_interval(milliseconds: int) -> int:
    """An interval that SolaraViz can keep.

    >>> checked_interval(250)
    250
    """
    if not milliseconds >= SHORTEST_INTERVAL:
        raise UsageError(
            f"play_interval: {milliseconds} was given; {SHORTEST_INTERVAL} milliseconds or more "
            "is valid. For more days a second use 'selforg app'."
        )
    return milliseconds


def _loaded(scenario: str | Path | Scenario) -> Scenario:
    return scenario if isinstance(scenario, Scenario) else load_scenario(scenario)


Page = SelforgViz
"""What ``solara run selforg_sim.viz`` shows."""
