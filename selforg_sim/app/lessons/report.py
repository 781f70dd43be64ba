"""The report of a lesson: what was predicted, what was seen, what was done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from selforg_sim.app.lessons.course import Course
from selforg_sim.app.levers import LEVERS
from selforg_sim.app.texts import texts

ROWS = 10


def report(course: Course, language: str, levers: Mapping[str, Any], *, seed: int, day: int) -> str:
    """The report as Markdown.

    Parameters
    ----------
    course : the lesson and how far the learner is with it
    language : "en" or "zh"
    levers : the levers that were pulled, with their values
    seed : the seed of the world
    day : the day on which it stands
    """
    words, said = texts(language)["lessons"], course.as_dict(language)
    lines = [f"# {said['title']}", "", f"**{said['question']}**", ""]
    if said["prediction"]:
        lines += [f"## {words['report_prediction']}", "", said["prediction"]["text"], ""]
        lines += [*_compared(course, said, words), ""]
    if course.found and said["compare"]:
        lines += [said["compare"], ""]
    if said["tasks"]:
        ticks = [f"- [{'x' if task['done'] else ' '}] {task['text']}" for task in said["tasks"]]
        lines += [f"## {words['task']}", "", *ticks, ""]
    lines += [f"## {words['report_world']}", "", *_world(course, language, levers, seed, day)]
    return "\n".join(lines) + "\n"


def _compared(course: Course, said: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    kind = said["prediction"]["kind"]
    predicted, found = course.predicted or {}, course.found or {}
    if kind == "choose":
        options = said["prediction"]["options"]
        chosen = [options[x["choice"]] if x else words["report_none"] for x in (predicted, found)]
        return [f"- {words['predicted']}: {chosen[0]}", f"- {words['found']}: {chosen[1]}"]
    share = said["prediction"]["high"] <= 1
    rows = _guesses(words, predicted, found) if kind == "guess" else _curve(predicted, found, share)
    first = "" if kind == "guess" else words["report_day"]
    head = f"| {first} | {words['predicted']} | {words['found']} |"
    return [head, "|---|---:|---:|", *rows]


def _guesses(
    words: Mapping[str, Any], predicted: Mapping[str, Any], found: Mapping[str, Any]
) -> list[str]:
    guessed, seen = predicted.get("guesses", {}), found.get("guesses", {})
    names = list(guessed or seen)
    return [
        f"| {words['measures'][n]} | {_percent(guessed.get(n))} | {_percent(seen.get(n))} |"
        for n in names
    ]


def _curve(predicted: Mapping[str, Any], found: Mapping[str, Any], share: bool) -> list[str]:
    """A row for each day that was drawn; if none was, for some days of the run."""
    drawn, seen = dict(predicted.get("points", ())), dict(found.get("points", ()))
    days = sorted(drawn or seen)
    if not drawn and days:
        days = list(dict.fromkeys(days[i * (len(days) - 1) // ROWS] for i in range(ROWS + 1)))
    said = _percent if share else _plain
    return [f"| {d:g} | {said(drawn.get(d))} | {said(seen.get(d))} |" for d in days]


def _world(
    course: Course, language: str, levers: Mapping[str, Any], seed: int, day: int
) -> list[str]:
    words = texts(language)["lessons"]
    lines = [f"- {words['report_day']}: {day}", f"- {words['report_seed']}: {seed}"]
    for key, value in levers.items():
        lines.append(f"- {LEVERS[key].words[language]['name']} ({key}): {value}")
    return lines if levers else [*lines, f"- {words['report_untouched']}"]


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _plain(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"
