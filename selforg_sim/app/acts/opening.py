"""Opening the page, and what it is drawn with: language, presets, the view that is looked at."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

from selforg_sim.app.acts.inspect import story
from selforg_sim.app.acts.share import live, open_link
from selforg_sim.app.acts.two import runs_news
from selforg_sim.app.lessons.catalogue import menu
from selforg_sim.app.levers import levers_for
from selforg_sim.app.limits import LimitError, Limits
from selforg_sim.app.texts import texts
from selforg_sim.engine.codes import WHY
from selforg_sim.errors import SelforgError
from selforg_sim.scenario import load_scenario, scenario_names

if TYPE_CHECKING:
    from selforg_sim.app.visit import Visit

log = logging.getLogger(__name__)

VIEWS = ("map", "values", "hours")


def hello(visit: Visit, data: dict[str, Any]) -> None:
    """The page is there: begin with what its link asks for, else playing."""
    visit.language = language_of(data.get("lang"))
    refused = _opened(visit, str(data.get("query") or "")) if not visit.sides else None
    if not visit.sides:
        visit.begin(visit.preset)
    begin(visit)
    if refused:
        visit.say(refused, "error")


def _opened(visit: Visit, query: str) -> str | None:
    """Bring back what a link asks for; the sentence of refusal if it cannot be."""
    visit.player.playing = True
    try:
        open_link(visit, query)
    except SelforgError as error:
        return str(error)
    except Exception as error:
        log.exception("a link")  # not what stands in it: that is the visitor's own
        return f"This link cannot be lived here: {type(error).__name__}: {error}."
    return None


def begin(visit: Visit) -> None:
    """Send everything that the page is drawn with."""
    visit.known = [type(known)(known.number) for known in visit.known]
    visit.send("begin", {
        "lang": visit.language,
        "texts": texts(visit.language),
        "scenarios": [{"name": n, "title": title} for n, title in offered(visit.limits).items()],
        "levers": levers_for(visit.preset, visit.levers_of),
        "lessons": menu(visit.language),
        "whys": list(WHY),
        "limits": visit.limits.as_dict(),
    })  # fmt: skip
    visit.tell()


def language(visit: Visit, data: dict[str, Any]) -> None:
    """Speak another language."""
    visit.language = language_of(data.get("lang"))
    begin(visit)


def preset(visit: Visit, data: dict[str, Any]) -> None:
    """Live one of the shipped scenarios, or the visitor's own ("own"), playing."""
    name = str(data.get("name", ""))
    own = visit.own if name == "own" else None
    live(visit, load_shipped(name) if own is None else own)


@cache
def offered(limits: Limits) -> dict[str, str]:
    """The shipped scenarios that can be lived here, with their titles.

    >>> "town" in offered(Limits()), "real_contacts" in offered(Limits())
    (False, False)
    """
    titles = {}
    for name, title in scenario_names().items():
        scenario = load_scenario(name)
        if scenario.contacts.generator == "file":
            continue
        try:
            limits.check(scenario)
        except LimitError:
            continue
        titles[name] = title
    return titles


def load_shipped(name: str) -> Any:
    """A shipped scenario; never a file, whatever the page sends."""
    if name not in scenario_names():
        raise SelforgError(f"There is no scenario '{name}'; choose one of the list.")
    return load_scenario(name)


def view(visit: Visit, data: dict[str, Any]) -> None:
    """Look at the map, the space of values, or the hours."""
    wanted = data.get("view")
    visit.view = wanted if wanted in VIEWS else VIEWS[0]
    visit.tell()


def lost(visit: Visit, data: dict[str, Any]) -> None:
    """Messages got lost with the connection: send anew what is to be seen all the time."""
    begin(visit)
    story(visit, {})
    runs_news(visit, {})


def ping(visit: Visit, data: dict[str, Any]) -> None:
    """Send a message with nothing in it: by its number the page sees whether one before is missing.

    One that is only late is not missing, so that a slow line is not burdened further.
    """
    visit.send("ping", {})


def language_of(wanted: Any) -> str:
    """A language that there is.

    >>> language_of("zh-CN"), language_of(None)
    ('zh', 'en')
    """
    return "zh" if str(wanted).lower().startswith("zh") else "en"


ACTS = {"hello": hello, "lang": language, "preset": preset, "view": view, "lost": lost,
        "ping": ping}  # fmt: skip
