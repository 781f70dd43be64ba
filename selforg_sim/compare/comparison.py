"""The comparison: two worlds that differ in one thing, over many seeds, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from selforg_sim.compare.pair import Pair, Source, pair_of
from selforg_sim.compare.parts import Parts, check_folder
from selforg_sim.compare.runs import PairRun, run_pairs
from selforg_sim.compare.statistics import (
    Effect,
    effect_of,
    half_width,
    spread,
    with_correction,
)
from selforg_sim.engine.types import Floats
from selforg_sim.errors import UsageError
from selforg_sim.lock import locked
from selforg_sim.outcomes import USUAL, Outcome, outcome_of
from selforg_sim.results.manifest import code_version

if TYPE_CHECKING:
    import pandas as pd

FEWEST_SEEDS = 2
MOST_SEEDS = 1_000_000
FEWEST_TO_STOP = 10
"""Seeds before which ``until_halfwidth`` does not stop: intervals of fewer are too unsure."""

Progress = Callable[[int, int], None]
"""Called when it begins and after every seed as ``progress(done, most)``."""


@dataclass(frozen=True)
class Comparison:
    """What many pairs of worlds came to.

    Attributes
    ----------
    pair : what was compared
    outcomes : what was asked, in order
    days : on which days
    runs : one for each seed, in the order of seeds
    targets : half-widths that were asked for, by outcome
    """

    pair: Pair
    outcomes: tuple[Outcome, ...]
    days: tuple[int, ...]
    runs: tuple[PairRun, ...]
    targets: Mapping[str, float] = field(default_factory=dict)

    @property
    def reached(self) -> bool:
        """Whether the half-widths asked for are reached on every day asked for."""
        return all(
            effect.half_width <= self.targets[effect.outcome]
            for effect in self.effects
            if effect.outcome in self.targets
        )

    @property
    def equal(self) -> bool:
        """Whether the two worlds are equal in all seeds, in every group on every day."""
        return all(run.parted is None for run in self.runs)

    @property
    def parted(self) -> tuple[int, ...]:
        """Days on which the worlds part, of the seeds in which they do."""
        return tuple(run.parted for run in self.runs if run.parted is not None)

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """Paired statistics of every outcome on every day that was asked for."""
        return with_correction(
            [
                effect_of(outcome.name, day, *(side[:, day] for side in self.curves(outcome.name)))
                for outcome in self.outcomes
                for day in self.days
            ]
        )

    def effect(self, outcome: str, day: int | None = None) -> Effect:
        """The statistics of one outcome; on the last of the days if none is named."""
        wanted = outcome, self.days[-1] if day is None else day
        for effect in self.effects:
            if (effect.outcome, effect.day) == wanted:
                return effect
        raise UsageError(f"The comparison was not asked for {wanted[0]} on day {wanted[1]}.")

    def curves(self, outcome: str) -> tuple[Floats, Floats]:
        """One outcome in the first and in the second worlds, each float64[seeds, days + 1]."""
        one = np.stack([run.a[outcome] for run in self.runs])
        return one, np.stack([run.b[outcome] for run in self.runs])

    def table(self) -> pd.DataFrame:
        """One row per seed and day asked for.

        Columns: ``seed``, ``day``, ``parted`` (day on which the worlds part), and for each outcome
        ``NAME_a`` and ``NAME_b``.
        """
        import pandas as pd

        rows: list[dict[str, Any]] = []
        for run in self.runs:
            for day in self.days:
                row: dict[str, Any] = {"seed": run.seed, "day": day, "parted": run.parted}
                for outcome in self.outcomes:
                    row[f"{outcome.name}_a"] = run.a[outcome.name][day]
                    row[f"{outcome.name}_b"] = run.b[outcome.name][day]
                rows.append(row)
        return pd.DataFrame(rows).astype({"seed": "int64", "day": "int32", "parted": "Int32"})


def compare(
    a: Source,
    b: Source | None = None,
    *,
    changes: Sequence[str] = (),
    changes_a: Sequence[str] = (),
    without: Sequence[str] = (),
    seeds: int = 20,
    seed: int | None = None,
    days: int | None = None,
    outcomes: Sequence[str] = USUAL,
    at_days: Sequence[int] = (),
    until_halfwidth: Mapping[str, float] | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    command: str = "compare(), called from Python",
    progress: Progress | None = None,
) -> Comparison:
    """Run two worlds with the same luck for many seeds, and compare them seed by seed.

    Parameters
    ----------
    a, b : scenarios, files or names; without ``b`` the second world is made from ``a``
    changes, changes_a : texts ``key=value`` laid over the second and over the first
    without : whom the second world lacks: ``person:17``, ``kind:troublemaker``, ``lurker:3``
    seeds : how many pairs, at most
    seed : the first seed, that of ``a`` if None; the others follow it
    days : how many days both live, instead of the scenarios'
    outcomes : names of `OUTCOMES`; ``size@g1`` is that of one group
    at_days : on which days they are taken, the last day if none are named
    until_halfwidth : stop after so many seeds that the half-width of the 95% interval of these
        outcomes is at most this, on every day asked for
    workers : processes, the number of cores if None. Where a script calls this with several, the
        call must stand under ``if __name__ == "__main__":``
    out : folder in which every seed is kept as soon as it is done, and from which an interrupted
        comparison goes on; without it nothing is written
    command : the command that repeats this, for the folder
    progress : called when it begins and after every seed

    Raises
    ------
    UsageError
        If the two cannot be compared, or what is asked for does not exist.
    RunError
        If a run fails.
    StorageError
        If the disk refuses.

    Examples
    --------
    >>> found = compare("smoke", without=["kind:owner"], seeds=2, days=3, workers=1)
    >>> found.effect("size").difference < 0, found.parted
    (True, (0, 0))
    """
    pair = pair_of(a, b, changes=changes, changes_a=changes_a, without=without, days=days)
    targets = dict(until_halfwidth or {})
    asked = _outcomes(pair, [*outcomes, *targets])
    when = _days(pair, at_days)
    _check_seeds(seeds, targets, asked)
    first = pair.a.seed if seed is None else seed
    numbers = [(first + i) % 2**63 for i in range(seeds)]
    extra = tuple(outcome.name for outcome in asked if "@" in outcome.name)
    identity = {**pair.identity(), "groups": sorted(extra), "code": code_version()["sha256"]}
    with _parts(out, identity) as parts:
        enough = _Enough(pair, asked, when, targets, numbers, parts)
        _run_missing(enough, extra, workers, progress)
        found = enough.comparison()
        if parts.folder is not None:
            from selforg_sim.compare.folder import write_results

            write_results(found, parts, command)
    return found


@contextmanager
def _parts(out: str | Path | None, identity: Mapping[str, Any]) -> Iterator[Parts]:
    """The seeds that are done; a folder is held, so that nobody else works on it."""
    folder = None if out is None else Path(out).expanduser()
    if folder is not None:
        check_folder(folder)
    with nullcontext() if folder is None else locked(folder):
        yield Parts(folder, identity)


def _run_missing(
    enough: _Enough, extra: Sequence[str], workers: int | None, progress: Progress | None
) -> None:
    """Run the seeds that are missing until there are enough."""
    parts, most = enough.parts, len(enough.seeds)
    if progress:
        progress(enough.done, most)
    missing = [] if enough.yet() else [seed for seed in enough.seeds if seed not in parts.runs]
    with closing(run_pairs(enough.pair, missing, extra, workers)) as pairs:
        for run in pairs:
            parts.add(run)
            if progress:
                progress(enough.done, most)
            if enough.yet():
                break


class _Enough:
    """Decides when there are seeds enough, always by the first seeds in order.

    Which worker is faster therefore decides nothing, and a comparison that was interrupted stops
    where it would have stopped.
    """

    def __init__(
        self,
        pair: Pair,
        outcomes: tuple[Outcome, ...],
        days: tuple[int, ...],
        targets: Mapping[str, float],
        seeds: Sequence[int],
        parts: Parts,
    ) -> None:
        self.pair, self.outcomes, self.days = pair, outcomes, days
        self.targets, self.seeds, self.parts = targets, seeds, parts
        self.looked_at = 0
        self.number = len(seeds)

    @property
    def done(self) -> int:
        """Seeds that are done, of those asked for."""
        return sum(seed in self.parts.runs for seed in self.seeds)

    def yet(self) -> bool:
        """Whether the seeds in hand are enough."""
        while self.looked_at < len(self.seeds) and (self.seeds[self.looked_at] in self.parts.runs):
            self.looked_at += 1
            if self.targets and self.looked_at >= FEWEST_TO_STOP and self._narrow(self.looked_at):
                self.number = self.looked_at
                return True
        return self.looked_at == len(self.seeds)

    def _narrow(self, number: int) -> bool:
        some = self.comparison(number)
        for name, target in self.targets.items():
            a, b = some.curves(name)
            for day in self.days:
                d = (b - a)[:, day]
                d = d[np.isfinite(d)]
                sd = spread(d)
                if not (sd > 0.0 and half_width(sd, d.shape[0]) <= target):
                    return False  # where all differences are alike, the seeds say nothing yet
        return True

    def comparison(self, number: int | None = None) -> Comparison:
        """The comparison of the first seeds."""
        seeds = self.seeds[: self.number if number is None else number]
        runs = tuple(self.parts.runs[seed] for seed in seeds)
        return Comparison(self.pair, self.outcomes, self.days, runs, self.targets)


def _outcomes(pair: Pair, names: Sequence[str]) -> tuple[Outcome, ...]:
    groups = [*pair.a.resolved_groups(), *pair.a.rivals(), *pair.b.resolved_groups()]
    known = list(dict.fromkeys([*groups, *pair.b.rivals()]))
    return tuple(outcome_of(name, known) for name in dict.fromkeys(names))


def _check_seeds(seeds: int, targets: Mapping[str, float], asked: Sequence[Outcome]) -> None:
    """Refuse too few seeds, and half-widths that cannot be meant."""
    if seeds < FEWEST_SEEDS:
        raise UsageError(
            f"{seeds} {'seed is' if seeds == 1 else 'seeds are'} too few: an interval needs the "
            f"differences of at least {FEWEST_SEEDS}. Ask for more with --seeds; 20 are a start."
        )
    if seeds > MOST_SEEDS:
        raise UsageError(f"{seeds:,} seeds are too many; at most {MOST_SEEDS:,} are valid.")
    if targets and seeds < FEWEST_TO_STOP:
        raise UsageError(
            f"--until-halfwidth is not asked before the seed no. {FEWEST_TO_STOP}, and there are "
            f"{seeds} at most. Allow more with --seeds."
        )
    units = {outcome.name: outcome.unit for outcome in asked}
    for name, width in targets.items():
        if units[name] in ("share", "0 to 1") and width >= 1.0:
            raise UsageError(
                f"--until-halfwidth {name}={width:g}: this outcome lies between 0 and 1; for two "
                f"points of a hundred write {name}=0.02."
            )


def _days(pair: Pair, days: Sequence[int]) -> tuple[int, ...]:
    for day in days:
        if not 0 <= day <= pair.days:
            raise UsageError(f"There is no day {day}: the worlds live from day 0 to {pair.days}.")
    return tuple(sorted(set(days))) or (pair.days,)
