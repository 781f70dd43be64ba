"""What ``selforg sweep`` prints."""

from __future__ import annotations

import json as json_text
import math
import shlex
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from selforg_sim.sweep.designs import Sobol
from selforg_sim.sweep.estimate import Estimate
from selforg_sim.sweep.points import Points
from selforg_sim.sweep.run import State
from selforg_sim.sweep.status import Status
from selforg_sim.sweep.store import resume_command
from selforg_sim.sweep.study import Study, about_factor

FIRST_ROWS = 5
WIDEST = 100


def show_plan(study: Study, points: Points, found: Estimate, *, json: bool) -> None:
    """What a sweep will take."""
    if json:
        told = {
            **{key: _plain(value) for key, value in asdict(found).items()},
            "core_hours": _plain(found.core_hours),
            "disk_megabytes": _plain(found.disk_megabytes),
            "factors": list(study.experiment.factors),
            "first_points": [
                settings for _, settings in points.of(points.current[:FIRST_ROWS].tolist())
            ],
        }
        typer.echo(json_text.dumps(told, ensure_ascii=False))
        return
    for line in plan_lines(study, points, found):
        typer.echo(line)


def plan_lines(study: Study, points: Points, found: Estimate) -> list[str]:
    """The plan in lines."""
    experiment = study.experiment
    lines = [f"{experiment.name}: {experiment.title}" if experiment.title else experiment.name]
    lines.append(f"  scenario    {', '.join(model.name for model in study.models)}")
    lines.append(f"  design      {experiment.design.method}, {_count(found.rows, 'row')}")
    if found.points != found.rows:
        lines.append(f"              {found.points:,} different points, each run once")
    if isinstance(experiment.design, Sobol) and not experiment.design.balanced:
        lines.append(
            f"              n = {experiment.design.n} is no power of two; points of one are spread "
            "more evenly"
        )
    for number, (key, factor) in enumerate(experiment.factors.items()):
        unit, _ = about_factor(key, factor)
        head = "factors" if number == 0 else ""
        told = f" ({unit})" if unit and unit != "1" else ""
        lines.append(f"  {head:<10}  {key}: {spoken_factor(factor)}{told}")
    lines.append(f"  outcomes    {', '.join(outcome.name for outcome in study.models[0].outcomes)}")
    times = experiment.replicates
    if times.until_halfwidth:
        goals = ", ".join(f"{name} ±{width:g}" for name, width in times.until_halfwidth.items())
        lines.append(f"  replicates  {times.least} to {times.count} of each point, until {goals}")
    else:
        lines.append(f"  replicates  {times.count} of each point")
    lines.append(f"  runs        {found.runs:,}" + (" at most" if times.until_halfwidth else ""))
    return [
        *lines,
        *_cost(found),
        "",
        *_first_points(points, [model.name for model in study.models]),
    ]


def _cost(found: Estimate) -> list[str]:
    if not found.tried:
        return []
    cores = f"{spoken_hours(found.core_hours)} of one core"
    each = f"{found.seconds:.2g} s a run, mean of {found.tried} tried"
    memory = "" if found.megabytes is None else f"{found.megabytes:,.0f} MB a worker"
    disk = f"{found.disk_megabytes:,.1f} MB ({found.disk / 1000:,.1f} kB a run)"
    return [
        f"  time        {cores} ({each})",
        *([f"  memory      {memory}"] if memory else []),
        f"  disk        {disk}, at most",
    ]


def _first_points(points: Points, names: Sequence[str]) -> list[str]:
    chosen = _first(points)
    lines = ["First points:"]
    for point, (scenario, settings) in zip(chosen, points.of(chosen), strict=True):
        told = ", ".join(f"{key}={_short(value)}" for key, value in settings.items())
        where = f"{names[scenario]}, " if len(names) > 1 else ""
        text = f"  {point}: {where}{told or 'as the scenario is'}"
        lines.append(text if len(text) <= WIDEST else text[: WIDEST - 4] + " ...")
    more = points.current.size - len(chosen)
    return [*lines, f"  and {more:,} more"] if more else lines


def _first(points: Points) -> list[int]:
    return [int(point) for point in points.current[:FIRST_ROWS]]


def spoken_factor(factor: Any) -> str:
    """Where the values of a factor come from."""
    law = factor.law
    if factor.listed:
        values = [_short(value) for value in law.values]
        shown = ", ".join(values[:6])
        return shown + (f", ... {values[-1]} ({len(values)} values)" if len(values) > 6 else "")
    given = law.model_dump(exclude={"distribution"}, exclude_none=True)
    if set(given) == {"low", "high"}:
        kind = "" if law.distribution == "uniform" else f", {law.distribution}"
        steps = f", {factor.steps} values" if factor.steps else ""
        return f"{law.low:g} to {law.high:g}{kind}{steps}"
    numbers = ", ".join(f"{name} {value:g}" for name, value in given.items())
    return f"{law.distribution} ({numbers})"


def spoken_hours(hours: float) -> str:
    """A time in the unit that fits it.

    >>> spoken_hours(0.001), spoken_hours(0.5), spoken_hours(30)
    ('4 seconds', '30 minutes', '30 hours')
    """
    if hours < 1 / 30:
        return f"{hours * 3600:.0f} seconds"
    return f"{hours * 60:.0f} minutes" if hours < 2 else f"{hours:,.0f} hours"


def show_status(found: Status, folder: Path, *, json: bool) -> None:
    """How far a sweep has come."""
    if json:
        typer.echo(json_text.dumps(asdict(found), ensure_ascii=False))
        return
    for line in status_lines(found, folder):
        typer.echo(line)


def status_lines(found: Status, folder: Path) -> list[str]:
    """The status in lines."""
    most = "at most " if found.adaptive else ""
    part = f" ({found.done / found.asked:.0%})" if found.asked else ""
    state = "finished" if found.finished else "being worked on" if found.working else "not finished"
    lines = [f"{found.name}: {state}"]
    lines.append(f"  runs     {found.done:,} of {most}{found.asked:,}{part}")
    if found.failed:
        lines.append(f"  failed   {found.failed:,}, see {folder / 'failures'}")
        for one in found.last_failures:
            lines.append(f"           p{one['point']}-r{one['replicate']}: {one['error']}")
    torn = f", {found.torn:,} torn" if found.torn else ""
    aside = f", {found.set_aside:,} set aside" if found.set_aside else ""
    lines.append(f"  parts    {found.parts:,}{torn}{aside}, {found.bytes / 1e6:,.1f} MB")
    lines.append(f"  time     {spoken_hours(found.core_seconds / 3600)} of one core so far")
    lines.append(f"  sessions {len(found.sessions):,}")
    lines += [f"  working  {who}" for who in found.working]
    if not found.finished and not found.working:
        lines.append(f"Go on with: {resume_command(folder)}")
    return lines


def show_end(state: State, folder: Path) -> None:
    """What a session came to."""
    fresh = state.done - state.before
    rate = f", {fresh / state.seconds:,.3g} a second" if fresh and state.seconds else ""
    begun = f" ({fresh:,} of them now{rate})" if state.before else f" ({rate[2:]})" if rate else ""
    typer.echo(f"{state.done:,} of {state.total:,} runs are done{begun}.")
    if state.failed:
        typer.echo(
            f"{_count(state.failed, 'run')} failed: see {folder / 'failures'}. Try them again with "
            f"{resume_command(folder, '--retry-failed')}"
        )
    if state.wide:
        typer.echo(
            f"At {_count(state.wide, 'point')} the interval of an outcome is still wider than "
            "[replicates] until_halfwidth asks, with as many runs as count allows. Allow more with "
            "--replicates N, or ask for less."
        )
    if state.retired:
        typer.echo(
            f"There, too: {_count(state.retired, 'point')} of an earlier design, no longer asked "
            "for. Analyses leave them out; give the earlier command again to have them back."
        )
    analyze = shlex.join(["selforg", "analyze", str(folder)])
    typer.echo(f"Results: {folder}   Look at them with: {analyze}")


def state_as_json(state: State, folder: Path) -> dict[str, Any]:
    """The same for programs."""
    return {**asdict(state), "folder": str(folder)}


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
