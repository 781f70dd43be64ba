"""Lessons: opening one, going through its steps, predicting, running, taking its report along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from selforg_sim.app.lessons.course import Course
from selforg_sim.app.lessons.report import report as written
from selforg_sim.errors import UsageError

if TYPE_CHECKING:
    from selforg_sim.app.visit import Visit


def lesson(visit: Visit, data: dict[str, Any]) -> None:
    """Open a lesson on its own scenario, standing on day 0; with no id, close it."""
    from selforg_sim.app.acts.opening import begin

    key = data.get("id")
    if key is None:
        visit.course = None
        visit.tell()
        return
    course = Course(str(key))
    scenario, levers_of = course.world()
    visit.begin(scenario, levers_of=levers_of)
    take(visit, course)
    begin(visit)


def take(visit: Visit, course: Course) -> None:
    """Take a lesson whose world has begun: it stands on day 0, but for the sandbox."""
    visit.course = course
    visit.when = "now" if course.lesson.kind == "sandbox" else "restart"
    visit.player.playing = course.lesson.kind == "sandbox"


def lesson_step(visit: Visit, data: dict[str, Any]) -> None:
    """Show another step of the lesson; once the prediction is kept, what a link wanted shown."""
    course = course_of(visit)
    course.go_to_step(data.get("step"))
    if course.step and course.waits_for and not course.untold:
        visit.player.playing, visit.player.hurry = False, course.waits_for
        course.waits_for = 0
    visit.tell()


def predict(visit: Visit, data: dict[str, Any]) -> None:
    """Keep what the visitor expects."""
    course_of(visit).predict(data)
    visit.tell()


def lesson_run(visit: Visit, data: dict[str, Any]) -> None:
    """Run as the lesson begins, with its own luck; with "keep", to the end as everything stands."""
    course = course_of(visit)
    course.waits_for = 0
    if data.get("keep"):
        visit.again()
        last = visit.sides[0].horizon
    else:
        scenario, levers_of = course.world()
        visit.begin(scenario, levers_of=levers_of)
        course.begin_again()
        last = course.lesson.days
    visit.player.playing, visit.player.hurry = False, last
    visit.tell()


def report(visit: Visit) -> tuple[str, str]:
    """The report of the open lesson, and the name of its file."""
    course = course_of(visit)
    side, levers = visit.sides[0], visit.pulled[0]
    text = written(course, visit.language, levers, seed=visit.seed, day=side.day)
    return text, f"lesson-{course.lesson.key}.md"


def course_of(visit: Visit) -> Course:
    """The open lesson.

    Raises
    ------
    UsageError
        If none is open.
    """
    if not isinstance(visit.course, Course):
        raise UsageError("No lesson is open; choose one of the menu.")
    return visit.course


ACTS = {
    "lesson": lesson, "lesson_step": lesson_step, "predict": predict, "lesson_run": lesson_run,
}  # fmt: skip
