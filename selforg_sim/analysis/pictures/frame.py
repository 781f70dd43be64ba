"""What all pictures of an analysis share: pages of panels, names that fit, axes of values."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from selforg_sim.analysis.analysis import Finding
from selforg_sim.analysis.axes import Axis, Levels
from selforg_sim.analysis.found import counted
from selforg_sim.results import drawing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WITHOUT_UNIT = ("", "1", "name", "text", "switch")
PALE = 0.3
"""Opacity of what may be nothing."""
INCH_OF_A_CHARACTER = 0.072


@dataclass(frozen=True)
class Page:
    """A figure of panels, with a heading and lines below it that say how to read it."""

    figure: Figure
    axes: Sequence[Axes]

    def save(self, place: Path, heading: str, below: Sequence[str]) -> None:
        """Write it as PNG."""
        height = self.figure.get_figheight()
        self.figure.suptitle(" \n" * (1 + len(below)), fontsize=11)  # room for what follows
        at = 1 - 0.1 / height
        self.figure.text(0.01, at, heading, weight="bold", fontsize=12, va="top")
        for line, text in enumerate(below):
            at = 1 - (0.36 + 0.19 * line) / height
            self.figure.text(0.01, at, text, color="#666666", va="top")
        self.figure.savefig(place, dpi=144, format="png", metadata={"Software": None})


@contextmanager
def page(panels: int, width: float, height: float, across: int = 3) -> Iterator[Page]:
    """A new page, in the look of all pictures.

    Parameters
    ----------
    width, height : of one panel, in inches
    across : panels side by side
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    across = min(panels, across)
    down = math.ceil(panels / across)
    with mpl.rc_context(drawing.style()):
        size = (max(width * across, 7.2), 0.95 + height * down)
        layout = ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.08)
        figure = Figure(figsize=size, layout=layout)
        axes = list(figure.subplots(down, across, squeeze=False).flat)
        for ax in axes[panels:]:
            ax.set_axis_off()
        yield Page(figure, axes[:panels])


def axes_of(ax: Axes | None) -> Axes:
    """The axes given, or new ones."""
    return drawing.new_axes(1)[0] if ax is None else ax


def about(finding: Finding) -> str:
    """What the picture rests on, in a line."""
    case = finding.case
    points = int((case.means.runs > 0).sum())
    most = int(case.means.runs.max(initial=0))
    least = int(case.means.runs[case.means.runs > 0].min(initial=most))
    runs = counted(most, "run") if least == most else f"{least} to {most} runs"
    return f"{case.scenario}: {counted(points, 'point')}, {runs} each"


def interval_words(finding: Finding) -> str:
    """Which interval is drawn around means."""
    if finding.case.drawn:
        return "95% intervals over points: other points drawn alike"
    if finding.case.means.runs.max(initial=0) > 1:
        return "95% intervals over luck: other seeds, the same points"
    return "no intervals, since there is one run at each point"


def wrapped(text: str, width: int = 20) -> str:
    """A name in lines, broken behind dots and blanks, and behind underscores where it must be.

    >>> wrapped("rules.structure.care_time", 18)
    'rules.structure.\\ncare_time'
    >>> wrapped("rules.a_name_of_many_words", 12)
    'rules.\\na_name_of_\\nmany_words'
    >>> wrapped("strictness")
    'strictness'
    """
    lines: list[str] = []
    for part in re.findall(r"[^. ]+[. ]?|[. ]", text):
        whole = len(part.rstrip()) <= width
        for number, piece in enumerate([part] if whole else re.findall(r"[^_]+_?|_", part)):
            full = not lines or len(lines[-1]) + len(piece.rstrip()) > width
            if full or (number == 0 and not whole):
                lines.append("")
            lines[-1] += piece
    return "\n".join(line.strip() for line in lines)


def longest_line(texts: Sequence[str]) -> float:
    """Room in inches that the longest line of some texts takes."""
    return INCH_OF_A_CHARACTER * max((len(s) for t in texts for s in t.splitlines()), default=0)


def with_unit(label: str, unit: str) -> str:
    """A label with its unit, where it has one worth saying.

    >>> with_unit("members", "members"), with_unit("care time", "minutes"), with_unit("y", "1")
    ('members', 'care time, minutes', 'y')
    """
    return label if unit in (*WITHOUT_UNIT, label) else f"{label}, {unit}"


def outcome_label(finding: Finding) -> str:
    """The outcome as the label of an axis."""
    return with_unit(finding.case.label, finding.case.outcome.unit)


def show_outcome(ax: Axes, finding: Finding) -> None:
    """Write shares in per cent on the vertical axis."""
    from matplotlib.ticker import PercentFormatter

    if finding.case.outcome.unit == "share":
        ax.yaxis.set_major_formatter(PercentFormatter(1.0))


def change_label(finding: Finding) -> str:
    """A difference of the outcome as the label of an axis."""
    share = finding.case.outcome.unit == "share"
    return f"{finding.case.label}, percentage points" if share else outcome_label(finding)


def show_changes(ax: Axes, finding: Finding, on: str) -> None:
    """Write differences of shares in percentage points on axes."""
    from matplotlib.ticker import FuncFormatter

    if finding.case.outcome.unit == "share":
        for axis in on:
            points = FuncFormatter(lambda value, _: f"{100 * value:.10g}")
            getattr(ax, f"{axis}axis").set_major_formatter(points)


def _log_ticks(ax: Axes, levels: Levels) -> None:
    from matplotlib.ticker import FormatStrFormatter, LogLocator, NullLocator

    decades = math.log10(levels.at.max() / levels.at.min())
    steps = (1, 2, 5) if decades < 1.4 else (1, 3) if decades < 2.5 else (1,)
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(LogLocator(subs=steps, numticks=8))
    ax.xaxis.set_major_formatter(FormatStrFormatter("%g"))
    ax.xaxis.set_minor_locator(NullLocator())


def short_names(finding: Finding) -> dict[str, str]:
    """Labels of the factors; of dotted keys the last part, where these parts differ."""
    labels = {axis.key: axis.label for axis in finding.case.axes}
    short = {key: label.rpartition(".")[2] for key, label in labels.items()}
    return short if len(set(short.values())) == len(short) else labels


def show_levels(ax: Axes, axis: Axis, levels: Levels) -> list[float]:
    """Set the horizontal axis to a factor's values; returns where its levels lie."""
    from matplotlib.ticker import MaxNLocator

    if axis.unit not in WITHOUT_UNIT:
        ax.set_xlabel(axis.unit)
    if axis.names:
        texts = [wrapped(text, 10) for text in levels.texts]
        crowded = len(texts) > 4 or longest_line(texts) * len(texts) > 2.4
        ax.set_xticks(range(len(texts)), texts, rotation=60 if crowded else 0,
                      ha="right" if crowded else "center", rotation_mode="anchor" if crowded
                      else "default")  # fmt: skip
        ax.set_xlim(-0.5, len(texts) - 0.5)
        return [float(place) for place in range(len(texts))]
    if axis.logarithmic:
        _log_ticks(ax, levels)
    elif levels.single and len(levels) <= 5:
        ax.set_xticks(levels.at, levels.texts)
    else:
        ax.xaxis.set_major_locator(MaxNLocator(nbins=5))
    return [float(place) for place in levels.at]
