"""A visit through mistakes, refusals and going back: what is shown stays true, and it goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from guests import Guest, opened

from selforg_sim.app.limits import Limits
from selforg_sim.app.link import Wanted, encode
from selforg_sim.app.visit import Visit
from selforg_sim.app.visits import enter, leave, worlds
from selforg_sim.app.worlds.sample import sample_of, whereabouts
from selforg_sim.app.worlds.turns import DAYS, Turns
from selforg_sim.scenario import changed, load_scenario, to_toml

SMOKE = load_scenario("smoke")


@pytest.fixture
def guest() -> Iterator[Guest]:
    found = Guest()
    yield found
    found.close()


def upload(guest: Guest, *settings: str) -> None:
    """Upload smoke with some settings, under the name "mine"."""
    own = changed(SMOKE, ["name=mine", *settings])
    guest.do("upload", file="mine.toml", text=to_toml(own))


# ---------------------------------------------------------------- errors


def wait_for(said: list[tuple[str, dict[str, Any]]], kind: str, came: threading.Event) -> list[Any]:
    """What was said of a kind, once some of it was."""
    assert came.wait(300)
    return [data for what, data in said if what == kind]


def test_a_day_that_fails_is_told_and_the_page_can_still_be_used(monkeypatch: Any) -> None:
    said: list[tuple[str, dict[str, Any]]] = []
    failed, lived = threading.Event(), threading.Event()

    def send(kind: str, data: dict[str, Any]) -> None:
        said.append((kind, data))
        if kind == "notice":
            failed.set()
        if kind == "state" and data["scenario"] == "circle_of_40":
            lived.set()

    visit = Visit(send, preset=SMOKE)

    def fails() -> None:
        raise MemoryError("no more")

    visit.start()
    visit.ask("hello", {})
    monkeypatch.setattr("selforg_sim.app.worlds.side.Side.advance", lambda self: fails())
    notices = wait_for(said, "notice", failed)
    assert "no more" in notices[0]["text"] and notices[0]["kind"] == "error"
    assert not visit.player.playing
    visit.ask("preset", {"name": "circle_of_40"})
    wait_for(said, "state", lived)
    visit.close()
    visit.player.join(60)


def test_what_got_lost_is_all_sent_anew(guest: Guest) -> None:
    guest.do("choose", person=3)
    guest.do("runs")
    guest.visit.show()
    before = guest.sent[-1]
    guest.sent.clear()
    guest.do("lost")
    guest.visit.show()
    topics = [data["topic"] for kind, data in guest.sent if kind == "answer"]
    assert [kind for kind, _ in guest.sent[:2]] == ["begin", "state"]
    assert topics[0] == "story" and "runs" in topics
    kind, frame = guest.sent[-1]
    assert kind == before[0] == "frame" and frame["sides"][0]["from"] == 0
    assert len(frame["sides"][0]["size"]) == guest.visit.sides[0].day + 1
    guest.visit.forget_runs()
    guest.do("lost")
    assert guest.sent[-1] == ("answer", {"topic": "runs", "sides": None})


@pytest.mark.parametrize("contacts", ["contacts.generator=none", "contacts.mean=0"])
def test_people_without_contacts_are_drawn_too(guest: Guest, contacts: str) -> None:
    upload(guest, contacts)
    assert guest.notices() == []
    guest.live(2)
    guest.visit.show()
    frame = guest.sent[-1][1]["sides"][0]
    assert len(frame["map"]["x"]) == 300
    assert len(set(zip(frame["map"]["x"], frame["map"]["y"], strict=True))) > 290


def test_who_is_in_no_group_is_shown_as_such(guest: Guest) -> None:
    guest.live(5)
    state = guest.visit.sides[0].world.state
    here = whereabouts(state, sample_of(guest.visit.sides[0].world).ids)
    inside = {int(p) for p in state.memberships["member_person"][state.memberships.rows()]}
    assert sum(group >= 0 for group in here["group"]) == len(inside) < 300
    assert min(here["group"]) == min(here["standing"]) == -1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[events]]\nday = 1\nevent = 'owner_silent'\ndays = 99999999999", "days"),
        ("[group]\nseats = 99999999999", "seats"),
        ("[founding]\ngroups = 20000", "20,000 groups"),
        ("[values]\ndimensions = [" + ", ".join(f'"v{n}"' for n in range(1500)) + "]", "1,500 dim"),
        ("a" + ".a" * 3000 + " = 1", "too deep"),
        ("[values]\ndimensions = 5", "dimensions"),
        ("a = " + "9" * 5000, "not a scenario"),
        ("# \ud800", "not a scenario"),
    ],
)
def test_a_scenario_that_would_be_too_much_is_refused_at_once(
    guest: Guest, text: str, says: str
) -> None:
    guest.do("upload", file="mine.toml", text="horizon = 3\n" + text)
    assert says in guest.notices()[-1]
    assert "should not have happened" not in guest.notices()[-1]


def test_a_beginning_that_fails_changes_nothing(guest: Guest, monkeypatch: Any) -> None:
    guest.do("lesson", id="initiation")
    before = guest.visit.state()
    monkeypatch.setattr("selforg_sim.app.visit.Side", None)
    guest.do("preset", name="circle_of_40")
    assert "should not have happened" in guest.notices()[-1]
    guest.do("seed", seed=5)
    upload(guest)
    monkeypatch.undo()
    guest.visit.own = None
    assert guest.visit.state() == before


def test_a_link_whose_world_cannot_be_built_opens_the_page_all_the_same(monkeypatch: Any) -> None:
    from selforg_sim.app import visit as module

    real, asked = module.Side, []

    def first_fails(*given: Any) -> Any:
        asked.append(given)
        if len(asked) == 1:
            raise OverflowError("too large")
        return real(*given)

    monkeypatch.setattr(module, "Side", first_fails)
    found = Guest(query="s=smoke")
    assert "too large" in found.notices()[0]
    assert found.visit.state()["scenario"] == "wechat_500"
    found.close()


def test_visits_that_begin_at_once_share_the_room() -> None:
    limits = Limits(worlds=2)
    visits = [Visit(lambda kind, data: None, limits, preset=SMOKE) for _ in range(6)]
    ready = threading.Barrier(len(visits))

    def begin(visit: Visit) -> None:
        ready.wait()
        visit.do("hello", {})

    for visit in visits:
        enter(visit)
    threads = [threading.Thread(target=begin, args=(visit,)) for visit in visits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert worlds() == sum(len(visit.sides) for visit in visits) == 2
    for visit in visits:
        leave(visit)
        for side in visit.sides:
            side.close()


def test_who_came_when_there_was_no_room_gets_in_later() -> None:
    first, second = (Visit(lambda kind, data: None, Limits(worlds=1), SMOKE) for _ in range(2))
    for visit in (first, second):
        enter(visit)
        visit.do("hello", {})
    assert not second.sides
    first._end()
    leave(first)
    second.do("play", {})
    assert second.sides and second.player.playing
    second._end()
    leave(second)


def test_days_wait_for_their_turn_in_play_and_on_the_way_to_another_day(guest: Guest) -> None:
    guest.live(10)
    for act in (guest.visit.live_a_day, lambda: guest.do("goto", day=9)):
        before = guest.visit.sides[0].day
        thread = threading.Thread(target=act)
        with ExitStack() as turns:
            for _ in range(DAYS.at_once):
                turns.enter_context(DAYS)
            thread.start()
            while not DAYS.waiting:
                assert thread.is_alive()
                time.sleep(0)
        thread.join(60)
        assert guest.visit.sides[0].day != before


def test_worlds_whose_day_failed_stand_on_the_same_day_again(
    guest: Guest, monkeypatch: Any
) -> None:
    guest.do("two", on=True)
    guest.live(5)
    sizes = guest.sizes()
    other = guest.visit.sides[1]
    with monkeypatch.context() as patched:
        patched.setattr(other._loop, "advance", lambda state: 1 / 0)
        with pytest.raises(ZeroDivisionError) as caught:
            guest.visit.live_a_day()
    guest.visit.failed(caught.value)
    assert [side.day for side in guest.visit.sides] == [5, 5]
    assert guest.sizes() == sizes
    guest.live(8)
    assert [side.day for side in guest.visit.sides] == [8, 8]
    assert guest.visit.parted is None, "nothing was pulled: they are still the same"


def test_worlds_live_their_days_in_turn() -> None:
    turns, order = Turns(1), []

    def live(name: int) -> None:
        with turns:
            order.append(name)

    threads = [threading.Thread(target=live, args=(name,)) for name in range(5)]
    with turns:
        for waiting, thread in enumerate(threads, start=1):
            thread.start()
            while turns.waiting < waiting:
                assert thread.is_alive()
                time.sleep(0)  # let it come to the door
    for thread in threads:
        thread.join(60)
    assert order == [0, 1, 2, 3, 4]
    with turns:  # and it is free again
        pass


# ---------------------------------------------------------------- levers and days


def test_after_going_back_levers_stand_as_they_did(guest: Guest) -> None:
    guest.live(10)
    guest.do("lever", key="strictness", value=0.9)
    assert guest.visit.state()["values"]["strictness"] == 0.9
    guest.live(20)
    guest.do("goto", day=5)
    assert guest.visit.state()["values"]["strictness"] == SMOKE.group.strictness
    assert guest.visit.state()["changed"] == []
    guest.do("lever", key="strictness", value=0.9)
    guest.live(7)
    assert float(guest.visit.sides[0].world.state.groups["strictness"][0]) == 0.9


def strictness(guest: Guest) -> float:
    """What the first group's strictness is in the world of A."""
    return float(guest.visit.sides[0].world.state.groups["strictness"][0])


@pytest.fixture
def replayed(guest: Guest) -> Guest:
    """Somebody who pulled a lever on day 10, went back to day 5, and lived on to day 15."""
    guest.live(10)
    guest.do("lever", key="strictness", value=0.9)
    guest.live(15)
    guest.do("goto", day=5)
    guest.live(15)
    assert strictness(guest) == guest.visit.state()["values"]["strictness"] == 0.9
    return guest


def test_a_lever_that_was_pulled_again_by_itself_can_be_taken_back(replayed: Guest) -> None:
    replayed.do("lever", key="strictness", value=None)
    replayed.live(17)
    assert strictness(replayed) == SMOKE.group.strictness


def test_beginning_again_keeps_the_levers_as_they_stand(replayed: Guest) -> None:
    replayed.do("reset")
    assert strictness(replayed) == 0.9
    replayed.do("lever", key="dedication", value=3.0)
    assert strictness(replayed) == 0.9


def test_a_lever_that_a_link_pulls_later_can_be_pulled_before() -> None:
    found = opened("s=smoke&a.strictness=0.9@40&day=3")
    found.do("lever", key="strictness", value=0.9)
    found.live(6)
    assert strictness(found) == 0.9
    found.close()


def test_what_a_link_pulls_later_does_not_stand_before_its_day() -> None:
    found = opened("s=smoke&a.strictness=0.9@40&day=3")
    found.do("reset")
    assert strictness(found) == SMOKE.group.strictness
    found.close()


def test_a_link_pulls_a_lever_there_and_back() -> None:
    found = opened("s=smoke&a.strictness=0.9@10&a.strictness=0.2@20&day=12")
    assert strictness(found) == 0.9
    found.live(25)
    assert strictness(found) == 0.2
    found.close()


@pytest.mark.parametrize(("key", "value"), [("status", 0.08), ("status", 0.46), ("busy", 0.7)])
def test_a_link_gives_the_same_scenario_to_the_last_bit(key: str, value: float) -> None:
    found = opened("s=ads_or_red_envelopes")
    found.do("when", when="restart")
    found.do("lever", key=key, value=value)
    again = opened(found.given("link")["text"])
    assert again.visit.sides[0].scenario == found.visit.sides[0].scenario
    assert again.visit.state()["changed"] == [key]
    found.close()
    again.close()


def test_levers_show_what_the_world_has() -> None:
    found = opened("s=wechat_500")
    found.do("when", when="restart")
    found.do("lever", key="groups", value=1)
    found.do("lever", key="people", value=40)
    state = found.visit.state()
    assert state["values"]["people"] == state["people"] == 40
    found.close()


def test_a_lever_taken_back_is_not_changed_and_a_link_keeps_it_so(guest: Guest) -> None:
    guest.live(5)
    guest.do("lever", key="strictness", value=0.9)
    guest.live(8)
    guest.do("lever", key="strictness", value=SMOKE.group.strictness)
    guest.live(10)
    again = opened(guest.given("link")["text"])
    again.live(10)
    assert guest.visit.state()["changed"] == again.visit.state()["changed"] == []
    again.close()


def test_a_link_of_day_0_stands_there() -> None:
    found = opened(encode(Wanted("smoke", day=0)))
    assert not found.visit.player.playing
    assert found.visit.player.hurry is None
    found.close()


def test_another_scenario_is_not_hurried_through(guest: Guest) -> None:
    guest.do("goto", day=50)
    guest.do("preset", name="circle_of_40")
    assert guest.visit.player.hurry is None
    assert guest.visit.player.playing


def test_a_group_that_is_not_yet_there_is_looked_at_no_more(guest: Guest) -> None:
    guest.live(40)
    groups = guest.visit.sides[0].world.state.groups.rows
    guest.do("choose", group=groups - 1)
    guest.do("goto", day=0)
    guest.do("story")
    assert guest.notices() == []
    assert guest.visit.chosen is None


# ---------------------------------------------------------------- whose scenario


def test_ones_own_scenario_stands_beside_the_shipped_one_of_its_name(guest: Guest) -> None:
    own = changed(SMOKE, ["group.strictness=0.9"])
    guest.do("upload", file="smoke.toml", text=to_toml(own))
    assert guest.visit.state()["scenario"] == "own"
    guest.do("preset", name="smoke")
    assert guest.visit.preset == SMOKE
    guest.do("preset", name="own")
    assert guest.visit.preset == own


def test_a_link_that_names_no_scenario_keeps_what_was_opened() -> None:
    results = changed(SMOKE, ["horizon=20", "seed=5"])
    found = Guest(query="lang=zh&seed=9", preset=results)
    assert found.notices() == []
    assert found.visit.preset == results
    assert (found.visit.seed, found.visit.language) == (9, "zh")
    found.close()


def test_after_a_lesson_levers_act_from_today_again(guest: Guest) -> None:
    guest.do("lesson", id="initiation")
    assert guest.visit.when == "restart"
    guest.do("preset", name="smoke")
    assert guest.visit.when == "now"


def test_results_with_a_file_of_contacts_are_refused_in_words(tmp_path: Path) -> None:
    from selforg_sim.app.replay import scenario_of
    from selforg_sim.errors import ResultsError

    with pytest.raises(ResultsError, match="contacts"):
        scenario_of(results_with_contacts(tmp_path))


def results_with_contacts(folder: Path) -> Path:
    """Results of a run on a circle of people."""
    import subprocess
    import sys

    circle = "".join(f"p{n},p{(n + 1) % 80}\n" for n in range(80))
    (folder / "friends.csv").write_text("a,b\n" + circle, encoding="utf-8")
    words = "run real_contacts --contacts friends.csv --days 2 --out out --no-figures --quiet"
    command = [sys.executable, "-m", "selforg_sim", *words.split()]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "out"
