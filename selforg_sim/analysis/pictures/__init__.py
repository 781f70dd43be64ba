"""Pictures of an analysis: which there are of a finding, and how they are saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from selforg_sim.analysis.analysis import Finding
from selforg_sim.analysis.pictures.effects import (
    pairs_worth_a_look,
    plot_heat_map,
    plot_interaction,
    plot_main_effect,
    ranked,
)
from selforg_sim.analysis.pictures.frame import about, interval_words, outcome_label, page
from selforg_sim.analysis.pictures.indices import (
    plot_changes,
    plot_elementary_effects,
    plot_indices,
)
from selforg_sim.analysis.pictures.parallel import plot_parallel

Save = Callable[[Path], None]
MOST_FACTORS = 24
MOST_PAIRS = 4

__all__ = [
    "pictures_of",
    "plot_changes",
    "plot_elementary_effects",
    "plot_heat_map",
    "plot_indices",
    "plot_interaction",
    "plot_main_effect",
    "plot_parallel",
]


def pictures_of(finding: Finding) -> Iterator[tuple[str, Save]]:
    """Names of the pictures of a finding, and what saves each at a path."""
    case, found = finding.case, finding.found
    if not case.axes or case.constant:
        return
    if any(kind in found.kinds for kind in ("first", "pawn")):
        yield "indices", lambda place: save_indices(finding, place)
    if "mu_star" in found.kinds:
        yield "elementary_effects", lambda place: save_elementary_effects(finding, place)
    if found.method == "one_at_a_time":
        yield "changes", lambda place: save_changes(finding, place)
        return
    yield "main_effects", lambda place: save_main_effects(finding, place)
    if len(case.axes) == 2:
        yield "map", lambda place: save_map(finding, place)
    if len(case.axes) > 1:
        yield "interactions", lambda place: save_interactions(finding, place)
        yield "parallel", lambda place: save_parallel(finding, place)


def save_indices(finding: Finding, place: Path) -> None:
    """Bars of indices, as PNG."""
    found = finding.found
    main = tuple(kind for kind in ("first", "total") if kind in found.kinds)
    panels = [kinds for kinds in (main, ("second",), ("pawn",)) if set(kinds) & set(found.kinds)]
    longest = max(len(found.of_kind(kinds[-1])) for kinds in panels)
    with page(len(panels), 4.9, 1.1 + 0.42 * min(longest, 12), across=2) as sheet:
        for kinds, ax in zip(panels, sheet.axes, strict=True):
            plot_indices(finding, kinds, ax)
        below = [
            about(finding),
            "Line: 95% interval; pale: it covers zero, the factor may do nothing",
        ]
        if "pawn" in found.kinds:
            below[1] = "Line: 95% interval; pale: the factor may do nothing"
            below[1] += " (PAWN: not beyond the mark of a shuffled factor)"
        sheet.save(place, f"{finding.title}: which factors matter", below)


def save_elementary_effects(finding: Finding, place: Path) -> None:
    """The plane after Morris, as PNG."""
    with page(1, 8.6, max(3.8, 0.3 * len(finding.case.axes) + 1.6)) as sheet:
        plot_elementary_effects(finding, sheet.axes[0])
        below = (
            f"{about(finding)}. Effect: what the outcome does over a factor's whole range",
            "Line: 95% interval; pale: luck alone may come to as much; dotted: spread as large as "
            "the mean size",
        )
        sheet.save(place, f"{finding.title}: elementary effects", below)


def save_changes(finding: Finding, place: Path) -> None:
    """What values change in the scenario as it is, as PNG."""
    rows = len(finding.found.effects) + len(finding.case.axes)
    with page(1, 7.2, 0.9 + 0.26 * rows) as sheet:
        plot_changes(finding, sheet.axes[0])
        below = (
            f"{about(finding)}. Change: against the scenario as it is, with the same seeds",
            "Line: 95% interval; pale: it covers zero",
        )
        sheet.save(place, f"{finding.title}: what each value changes", below)


def save_main_effects(finding: Finding, place: Path) -> None:
    """Means by levels of every factor, as PNG."""
    keys = ranked(finding)[:MOST_FACTORS]
    across = 3 if len(keys) != 4 else 2
    with page(len(keys), 3.4, 2.5, across=across) as sheet:
        for number, (key, ax) in enumerate(zip(keys, sheet.axes, strict=True)):
            plot_main_effect(finding, key, ax)
            if number % across == 0:
                ax.set_ylabel(outcome_label(finding))
        ends = [ax.get_ylim() for ax in sheet.axes if ax.axison]
        for ax in sheet.axes:
            ax.set_ylim(min(low for low, _ in ends), max(high for _, high in ends))
        below = (about(finding), f"Dotted: mean of all; bars: {interval_words(finding)}")
        sheet.save(place, f"{finding.title}: means by factor", below)


def save_map(finding: Finding, place: Path) -> None:
    """The map of two factors, as PNG."""
    one, other = finding.case.axes
    rows = len(other.levels(most=40, bins=6))
    with page(1, 7.2, min(8.0, max(3.2, 0.9 + 0.34 * rows))) as sheet:
        plot_heat_map(finding, (one.key, other.key), sheet.axes[0])
        sheet.save(place, f"{finding.title}: mean by both factors", (about(finding),))


def save_interactions(finding: Finding, place: Path) -> None:
    """Means by levels of two factors for the pairs most worth a look, as PNG."""
    pairs = pairs_worth_a_look(finding, MOST_PAIRS)
    across = 1 if len(pairs) == 1 else 2
    with page(len(pairs), 4.7, 3.2, across=across) as sheet:
        for number, (pair, ax) in enumerate(zip(pairs, sheet.axes, strict=True)):
            plot_interaction(finding, pair, ax)
            if number % across == 0:
                ax.set_ylabel(outcome_label(finding))
        below = (
            f"{about(finding)}. Lines that are not parallel: the two act together",
            f"Bars: {interval_words(finding)}",
        )
        sheet.save(place, f"{finding.title}: two factors at a time", below)


def save_parallel(finding: Finding, place: Path) -> None:
    """Parallel coordinates, as PNG."""
    with page(1, max(7.2, 1.5 + 0.95 * len(finding.case.axes)), 4.2) as sheet:
        plot_parallel(finding, sheet.axes[0])
        below = (
            f"{about(finding)}. A line is a point",
            "Orange: the highest tenth of the outcome; blue: the lowest; grey: the others",
        )
        sheet.save(place, f"{finding.title}: all points", below)
