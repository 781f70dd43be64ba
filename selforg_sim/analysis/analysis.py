"""An analysis: every outcome on every day in every scenario of a sweep, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from selforg_sim.analysis.answers import FAILED, RAN, Answers, answers_of
from selforg_sim.analysis.case import Case, cases_of
from selforg_sim.analysis.found import Found
from selforg_sim.analysis.methods import find
from selforg_sim.errors import UsageError, nearest
from selforg_sim.outcomes import OUTCOMES
from selforg_sim.sweep.results import Sweep

if TYPE_CHECKING:
    import pandas as pd

TRIES = 3
"""How often the parts of a sweep are read: one that is worked on may put parts together."""


@dataclass(frozen=True)
class Finding:
    """One outcome on one day in one scenario, and what a method found in it."""

    case: Case
    found: Found

    @property
    def title(self) -> str:
        """What it is about, in words."""
        return f"{self.case.label}, {self.case.when}"


@dataclass(frozen=True)
class Progress:
    """How far the sweep has come.

    Attributes
    ----------
    asked : runs asked for; None where replicates are added until intervals are narrow enough
    done, failed : runs that gave answers, and that did not
    finished : whether everything asked for is done
    """

    asked: int | None
    done: int
    failed: int
    finished: bool


@dataclass(frozen=True)
class Analysis:
    """What was found in a sweep.

    Attributes
    ----------
    sweep : which one
    answers : its runs, scenario by scenario
    findings : outcome by outcome and day by day, scenario by scenario
    """

    sweep: Sweep
    answers: tuple[Answers, ...]
    findings: tuple[Finding, ...]

    def of(self, outcome: str, day: int | None = None, scenario: str | None = None) -> Finding:
        """The finding of one outcome; of the last day and the first scenario if not said.

        Raises
        ------
        UsageError
            If there is none.
        """
        some = [
            finding
            for finding in self.findings
            if finding.case.outcome.name == outcome
            and day in (None, finding.case.day)
            and scenario in (None, finding.case.scenario)
        ]
        if not some:
            there = sorted({f"{f.case.outcome.name} on {f.case.when}" for f in self.findings})
            raise UsageError(f"Nothing was found of {outcome}: there is {', '.join(there)}.")
        first = [finding for finding in some if finding.case.scenario == some[0].case.scenario]
        return first[-1]

    @cached_property
    def last(self) -> tuple[Finding, ...]:
        """The findings of the last day of each outcome and scenario."""
        latest = {(f.case.scenario, f.case.outcome.name): f for f in self.findings}
        return tuple(latest.values())

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios."""
        return tuple(answers.scenario for answers in self.answers)

    @property
    def replicates(self) -> int:
        """The most runs of any point."""
        return max(int((answers.state == RAN).sum(axis=1).max()) for answers in self.answers)

    @cached_property
    def progress(self) -> Progress:
        """How far the sweep has come."""
        asked = self.sweep.experiment.replicates
        states = [answers.state for answers in self.answers]
        done, failed = (sum(int((s == kind).sum()) for s in states) for kind in (RAN, FAILED))
        if asked.until_halfwidth:
            return Progress(None, done, failed, bool(self.sweep.manifest.get("finished")))
        whole = sum(answers.points.size * asked.count for answers in self.answers)
        lacking = sum(int((s[:, : asked.count] == 0).sum()) for s in states)
        return Progress(whole, done, failed, not lacking)

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name; see `selforg_sim.analysis.tables`."""
        from selforg_sim.analysis.tables import tables_of

        return tables_of(self)


def analyze(
    sweep: Sweep | str | Path, *, outcomes: Sequence[str] = (), days: Sequence[int] = ()
) -> Analysis:
    """Analyse a sweep, as far as it has come.

    Parameters
    ----------
    sweep : the sweep, or its folder
    outcomes : names of outcomes; all if empty
    days : all on which outcomes were taken if empty

    Raises
    ------
    UsageError
        If it has no such outcome or day, or nothing that could be looked at.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from selforg_sim.sweep import Inline, load_experiment, run_sweep, study_of
    >>> vary = ["group.strictness=0,1"]
    >>> study = study_of(load_experiment("smoke", vary=vary, changes=["horizon=5"]))
    >>> with TemporaryDirectory() as place:
    ...     _ = run_sweep(study, place, executor=Inline())
    ...     found = analyze(place, outcomes=["size"])
    >>> found.of("size").found.method
    'grid'
    """
    sweep, answers = _read(sweep)
    known = [outcome.name for outcome in sweep.outcomes]
    for name in outcomes:
        if name not in known:
            raise UsageError(f"The sweep asked for no outcome '{name}'. {_meant(name, known)}")
    there = {day for each in answers for day in each.days}
    for day in days:
        if day not in there:
            told = ", ".join("the last day" if d is None else str(d) for d in sorted(there, key=_d))
            raise UsageError(
                f"Day {day} is none on which outcomes were taken: {told}. Only a new sweep can "
                f"take others (selforg sweep run --day {day})."
            )
    if not any((each.state == RAN).any() for each in answers):
        raise UsageError(
            f"All runs in {sweep.folder} failed, so there is nothing to analyse. The folder "
            f"{sweep.folder / 'failures'} says of each why, and how to repeat it."
        )
    findings = [
        Finding(case, find(case))
        for each in answers
        for case in cases_of(sweep, each)
        if (not outcomes or case.outcome.name in outcomes) and (not days or case.day in days)
    ]
    return Analysis(sweep, answers, tuple(findings))


def _read(sweep: Sweep | str | Path) -> tuple[Sweep, tuple[Answers, ...]]:
    folder = sweep.folder if isinstance(sweep, Sweep) else sweep
    for _ in range(TRIES - 1):
        try:
            found = Sweep.load(folder)
            return found, answers_of(found)
        except FileNotFoundError:
            continue
    found = Sweep.load(folder)
    return found, answers_of(found)


def _meant(name: str, known: Sequence[str]) -> str:
    for outcome in known:
        if outcome in OUTCOMES and name.lower() == OUTCOMES[outcome].label:
            return f"What is shown as '{name}' is called '{outcome}'."
    return nearest(name, known)


def _d(day: int | None) -> float:
    return float("inf") if day is None else day
