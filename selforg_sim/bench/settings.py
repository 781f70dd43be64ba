"""What is measured, and how much: in full, quickly, or hardly at all (for the tests)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from selforg_sim.errors import UsageError, nearest

DOING = {
    "start": "starting, with full caches and with none",
    "twin": "the engine against the same model in plain Mesa",
    "numpy": "the engine's phases against numpy",
    "phases": "where a day goes",
    "limit": "the distance to the limit",
    "size": "small worlds and large ones",
    "threads": "one thread against two",
    "memory": "memory",
}
"""The parts by the name that ``--only`` takes, and what each does, for whoever waits."""


def check_names(only: Iterable[str]) -> None:
    """Refuse names that are no part."""
    for name in only:
        if name not in DOING:
            raise UsageError(f"There is no part '{name}' to measure. {nearest(name, DOING)}")


@dataclass(frozen=True, slots=True)
class Settings:
    """Sizes, days and repeats of all parts.

    Attributes
    ----------
    mode : what this choice is called
    grown_days : days lived before the clock starts, so that groups have members
    weeks : weeks on the clock; every one holds one recorded day
    repeats : turns of one phase against its numpy version
    twin_people, twin_days : worlds of engine and twin, and days both live
    twin_timed : the last of these days that the ratio is taken from
    thread_people, size_people, memory_people : sizes of worlds in people
    one_world : people of the world in which numpy and the limit are measured
    town, town_runs : changes of *town* where its phases are measured, and how often it is run
    counted_people, counted_days : the world whose draws are counted uncompiled
    cold : also start with empty caches, which compiles every kernel
    starts : how often each warm start is repeated
    """

    mode: str
    grown_days: int
    weeks: int
    repeats: int
    twin_people: tuple[int, ...]
    twin_days: int
    twin_timed: int
    thread_people: tuple[int, ...]
    size_people: tuple[int, ...]
    memory_people: tuple[int, ...]
    one_world: int
    town: tuple[str, ...]
    town_runs: int
    counted_people: int
    counted_days: int
    cold: bool
    starts: int


FULL = Settings(
    mode="full",
    grown_days=60,
    weeks=5,
    repeats=9,
    twin_people=(1_000, 10_000),
    twin_days=60,
    twin_timed=14,
    thread_people=(500, 10_000, 100_000, 1_000_000),
    size_people=(1_000, 10_000, 100_000, 1_000_000),
    memory_people=(10_000, 100_000, 1_000_000),
    one_world=100_000,
    town=(),
    town_runs=3,
    counted_people=1_000,
    counted_days=60,
    cold=True,
    starts=5,
)
QUICK = Settings(
    mode="quick",
    grown_days=40,
    weeks=3,
    repeats=5,
    twin_people=(1_000,),
    twin_days=45,
    twin_timed=14,
    thread_people=(500, 10_000, 100_000),
    size_people=(1_000, 10_000, 100_000),
    memory_people=(10_000, 100_000),
    one_world=50_000,
    town=("horizon=60",),
    town_runs=2,
    counted_people=500,
    counted_days=40,
    cold=True,
    starts=3,
)
TINY = Settings(
    mode="tiny",
    grown_days=10,
    weeks=1,
    repeats=2,
    twin_people=(300,),
    twin_days=8,
    twin_timed=4,
    thread_people=(300, 40_000),
    size_people=(300, 600),
    memory_people=(400,),
    one_world=2_000,
    town=("horizon=10", "population.total=5000"),
    town_runs=1,
    counted_people=100,
    counted_days=4,
    cold=False,
    starts=1,
)
