"""Pictures of results in the cell of a notebook: widgets that need neither a server nor internet.

Each function returns a widget with tabs: pictures as SVG, and the numbers as a table. Where a
notebook shows no widgets, as on paper, all tabs are shown one below the other.

Examples
--------
>>> from selforg_sim import load_scenario, simulate
>>> cell = standings(simulate(load_scenario("smoke", ["horizon=3"])))
>>> cell.titles
('Who is what', 'Table')
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets

from selforg_sim.results import drawing
from selforg_sim.results.measures import headline
from selforg_sim.results.plots import STANDINGS, plot_size_and_belonging, plot_standings
from selforg_sim.results.reasons import SHORT, reasons
from selforg_sim.results.why_plots import group_names, plot_why

if TYPE_CHECKING:
    import pandas as pd

    from selforg_sim.results.store import Results
    from selforg_sim.scenario.schema import Scenario

SINGLE, DOUBLE = (6.8, 4.2), (12.0, 4.2)  # inches


class Pictures(ipywidgets.Tab):
    """Tabs with pictures and tables.

    Parameters
    ----------
    pages : HTML by title of the tab
    """

    def __init__(self, pages: Mapping[str, str]) -> None:
        super().__init__(
            children=[ipywidgets.HTML(page) for page in pages.values()], titles=tuple(pages)
        )
        self.pages = dict(pages)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        return {**bundle, "text/html": "\n".join(self.pages.values())}


def size_and_belonging(results: Results) -> Pictures:
    """Members and belonging of the groups over time."""
    members, belonging = drawn(_two_figures, results)
    return Pictures({"Members": members, "Belonging": belonging, "Table": _groups_table(results)})


def standings(results: Results) -> Pictures:
    """How many members have which standing, over time."""
    (picture,) = drawn(_standings_figure, results)
    return Pictures({"Who is what": picture, "Table": _standings_table(results)})


def why(results: Results) -> Pictures:
    """Why people left, by week and by group."""
    (picture,) = drawn(_why_figure, results)
    return Pictures({"Why people left": picture, "Table": _reasons_table(results)})


def play(scenario: str | Path | Scenario = "smoke", *, seed: int | None = None) -> Any:
    """A world that lives while one looks: a button to play, a slide for the day, and a picture.

    Days lived are kept, so that one may go back.

    Raises
    ------
    UsageError
        If the scenario or the seed is not valid.
    """
    from selforg_sim.model import SelfOrgModel

    model = SelfOrgModel(scenario, seed=seed)
    last = model.given.horizon
    button = ipywidgets.Play(min=0, max=last, interval=400, description="Play")
    day = ipywidgets.IntSlider(min=0, max=last, description="day")
    picture = ipywidgets.HTML()
    seen: dict[int, str] = {}

    def show(change: Any) -> None:
        while model.day < change["new"]:
            model.step()
        if change["new"] not in seen:
            seen[change["new"]] = drawn(_both_figure, model.results())[0]
        picture.value = seen[change["new"]]

    show({"new": 0})
    day.observe(show, "value")
    ipywidgets.jslink((button, "value"), (day, "value"))
    return ipywidgets.VBox([ipywidgets.HBox([button, day]), picture])


def drawn(draw: Callable[[Results], list[tuple[Any, str]]], results: Results) -> list[str]:
    """HTML of the figures that a function draws, in our style.

    Parameters
    ----------
    draw : returns figures, each with a sentence that says what it shows
    """
    import matplotlib as mpl

    with mpl.rc_context({**drawing.style(), "svg.fonttype": "none"}):
        return [inline(figure, sentence) for figure, sentence in draw(results)]


def inline(figure: Any, sentence: str) -> str:
    """A figure as SVG that stands in HTML, with the sentence below it and for those who listen."""
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    svg = file.getvalue()
    svg = svg[svg.index("<svg") :]
    label = f'<svg role="img" aria-label="{escape(sentence)}" style="max-width:100%;height:auto" '
    caption = f"<figcaption>{escape(sentence)}</figcaption>"
    return f"<figure>{svg.replace('<svg ', label, 1)}{caption}</figure>"


def _figure(size: tuple[float, float]) -> Any:
    from matplotlib.figure import Figure

    return Figure(figsize=size, layout="constrained")


def _two_figures(results: Results) -> list[tuple[Any, str]]:
    figures = [_figure(SINGLE), _figure(SINGLE)]
    plot_size_and_belonging(results, [figure.subplots() for figure in figures])
    return list(zip(figures, _at_the_end(results), strict=True))


def _both_figure(results: Results) -> list[tuple[Any, str]]:
    figure = _figure(DOUBLE)
    plot_size_and_belonging(results, figure.subplots(1, 2))
    return [(figure, " ".join(_at_the_end(results)))]


def _at_the_end(results: Results) -> tuple[str, str]:
    number = {number.name: number.median for number in headline(results)}
    members = f"{number['memberships']:,.0f} memberships in {number['groups_alive']:,.0f} groups"
    if not number["memberships"] > 0:
        return f"{_when(results)}: {members}.", "Nobody is a member."
    return (
        f"{_when(results)}: {members}.",
        f"{_when(results)}: mean belonging of a member {number['belonging']:.2f} (1 is most).",
    )


def _when(results: Results) -> str:
    if results.replicates == 1:
        return "On the last day"
    return f"On the last day, medians of {results.replicates} runs"


def _standings_figure(results: Results) -> list[tuple[Any, str]]:
    figure = _figure(SINGLE)
    plot_standings(results, figure.subplots())
    told = ", ".join(f"{name} {count:,.0f}" for name, count in _standings(results).items())
    return [(figure, f"{_when(results)}: {told}.")]


def _why_figure(results: Results) -> list[tuple[Any, str]]:
    figure = _figure(DOUBLE)
    plot_why(results, figure.subplots(1, 2))
    found = reasons(results)
    if not found.left:
        return [(figure, "No member is known to have left of his own.")]
    name, share = next(iter(found.shares.items()))
    runs = f" in {results.replicates} runs" if results.replicates > 1 else ""
    whole = f"{found.left:,} members left of their own{runs}"
    return [(figure, f"{whole}; {share:.0%} of their reasons are: {SHORT[name]}.")]


def _standings(results: Results) -> dict[str, float]:
    """Memberships of each standing on the last day, medians over the runs."""
    last = _last_rows(results, ("replicate", *STANDINGS))
    middle = last.groupby("replicate")[list(STANDINGS)].sum().median()
    return {STANDINGS[column][0]: float(middle.get(column, 0)) for column in STANDINGS}


def _standings_table(results: Results) -> str:
    rows = [(name, f"{count:,.0f}") for name, count in _standings(results).items()]
    return table(("standing", "memberships"), rows)


def _groups_table(results: Results) -> str:
    """Size and belonging of every living group on the last day, medians over the runs."""
    last = _last_rows(results, ("group", "size", "belonging"))
    middle = last[last["size"] > 0].groupby("group")[["size", "belonging"]].median()
    names = group_names(results)
    rows = [
        (names.get(group, f"group {group}"), f"{size:,.0f}", f"{belonging:.2f}")
        for group, size, belonging in middle.itertuples()
    ]
    return table(("group", "members", "belonging"), rows)


def _reasons_table(results: Results) -> str:
    found = reasons(results)
    rows = [(SHORT[name], f"{share:.1%}") for name, share in found.shares.items() if share > 0]
    return table(("reason", "share"), rows)


def _last_rows(results: Results, columns: tuple[str, ...]) -> pd.DataFrame:
    series = results.table("series", ("day", *columns))
    last: pd.DataFrame = series[series["day"] == series["day"].max()]
    return last


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in HTML; numbers stand at the right.

    >>> table(("group", "members"), [("a & b", "12")]).count("a &amp; b")
    1
    """

    def line(cells: Sequence[str], tag: str) -> str:
        sides = ("left", *["right"] * (len(cells) - 1))
        return "".join(
            f'<{tag} style="text-align:{side};padding:2px 12px">{escape(cell)}</{tag}>'
            for side, cell in zip(sides, cells, strict=True)
        )

    body = "".join(f"<tr>{line(row, 'td')}</tr>" for row in rows)
    return f"<table><thead><tr>{line(head, 'th')}</tr></thead><tbody>{body}</tbody></table>"
