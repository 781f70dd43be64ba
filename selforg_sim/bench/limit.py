"""The distance to the limit: what a day would cost if it did nothing but the unavoidable.

The limit reads and writes every membership column once and makes as many draws as the day makes,
one long loop each. Beside it stands what the day's other work costs by itself, on the arrays of a
real world: passes over columns, random reads of people and groups, slow functions, wrong guesses
of the processor at branches.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from selforg_sim.bench import child, kernels
from selforg_sim.bench.clock import NANO, seconds_of
from selforg_sim.bench.settings import Settings
from selforg_sim.bench.worlds import WEEK, grown_world, live
from selforg_sim.engine import codes as code
from selforg_sim.engine.columns import Array
from selforg_sim.engine.loop import Loop
from selforg_sim.engine.state import State, argument_names
from selforg_sim.plan import PLAN

OVER_MEMBERS = ("members", "sums")


def measure(settings: Settings) -> dict[str, Any]:
    """Limit and breakdown in nanoseconds per membership-day."""
    world = grown_world(settings.one_world, settings.grown_days)
    seconds, members = live(world, Loop(PLAN), settings.weeks * WEEK)
    state = world.state
    counted = child.ask(
        "counts", settings.counted_people, settings.counted_days, **child.UNCOMPILED
    )
    often = {
        name: {key: times / counted["membership_days"] for key, times in counted[name].items()}
        for name in ("draws", "calls")
    }
    once = columns_once(state, settings.repeats)
    costs = priced(state, settings.repeats)
    draws = sum(often["draws"].values())
    limit = once + draws * costs["draw"]
    engine = seconds * NANO / max(1, members)
    parts = breakdown(often, costs, once, len(state.memberships.columns))
    return {
        "people": settings.one_world,
        "memberships": len(state.memberships),
        "engine_ns": engine,
        "columns_once_ns": once,
        "draws_ns": draws * costs["draw"],
        "limit_ns": limit,
        "times_the_limit": engine / limit,
        "draws_per_membership_day": often["draws"],
        "breakdown": parts,
        "rest_ns": engine - sum(part["ns"] for part in parts),
    }


def breakdown(
    often: Mapping[str, Mapping[str, float]], costs: Mapping[str, float], once: float, columns: int
) -> list[dict[str, Any]]:
    """What a membership-day is made of: how often, at what price, together."""
    reads = reads_of_a_day()
    calls = often["calls"]
    lines = [
        ("membership columns", reads["membership"], once / columns),
        ("reads of people", reads["person"], costs["person"]),
        ("reads of values", reads["values"], costs["values"]),
        ("reads of groups", reads["group"], costs["group"]),
        ("draws", sum(often["draws"].values()), costs["draw"]),
        ("exp and log", sum(calls.get(n, 0) for n in ("exp", "expm1", "log", "log1p")),
         costs["exp"]),
        ("pow", calls.get("pow", 0), costs["pow"]),
        ("sqrt and cos", sum(calls.get(n, 0) for n in ("sqrt", "cos")), costs["sqrt"]),
        ("branches", branches_of_a_day(), costs["branch"]),
    ]  # fmt: skip
    return [
        {"what": what, "times": float(times), "ns_each": each, "ns": times * each}
        for what, times, each in lines
    ]


def reads_of_a_day() -> dict[str, int]:
    """Columns that the phases over members take, counted once a phase."""
    from selforg_sim.world import COLUMNS

    tables = {column.name: column.table for column in COLUMNS if column.width is None}
    reads = {"membership": 0, "person": 0, "group": 0, "values": 0}
    for kernel in kernels_over_members():
        for name in argument_names(kernel):
            if name in tables:
                reads[tables[name]] += 1
            elif name == "values":
                reads["values"] += 1
    return reads


def branches_of_a_day() -> int:
    """Conditions written in the kernels over members."""
    return sum(
        isinstance(node, (ast.If, ast.IfExp))
        for kernel in kernels_over_members()
        for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(python_of(kernel)))))
    )


def kernels_over_members() -> list[Callable[..., Any]]:
    """Kernels of the phases that pass over all memberships."""
    return [phase.kernel for phase in PLAN if phase.span in OVER_MEMBERS]


def python_of(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """The Python function behind a compiled one."""
    return getattr(kernel, "py_func", kernel)


def columns_once(state: State, repeats: int) -> float:
    """Reading and writing every membership column once, in nanoseconds per membership."""
    members = state.memberships
    rows = members.rows()
    columns = [members[column.name] for column in members.columns]

    def turn_twice() -> None:  # so that everything is as it was
        for column in columns + columns:
            kernels.turn(rows, column)

    return price(turn_twice, 2 * rows.shape[0], repeats)


def priced(state: State, repeats: int) -> dict[str, float]:
    """Nanoseconds of one draw, one read, one slow function, one guess at a branch."""
    members, people, groups = state.memberships, state.people, state.groups
    rows = members.rows()
    person, group = members["member_person"][rows], members["member_group"][rows]
    a, b = people["person_key"][person], groups["group_key"][group]
    x = members["belonging"][rows]
    out, first = np.empty(rows.shape[0]), np.zeros(rows.shape[0], dtype=np.int64)
    acts: dict[str, Callable[[], Any]] = {
        "draw": lambda: kernels.draw(state.seed, state.day, a, b, first, out),
        "person": lambda: kernels.read(people["expectation"], person, out),
        "values": lambda: kernels.read_vector(people["values"], person, out),
        "group": lambda: kernels.read(groups["quality"], group, out),
        "exp": lambda: kernels.exponential(x, out),
        "pow": lambda: kernels.power(x, out),
        "sqrt": lambda: kernels.root(x, out),
    }
    prices = {name: price(act, rows.shape[0], repeats) for name, act in acts.items()}
    return prices | {"branch": price_of_guessing(state, repeats)}


def price_of_guessing(state: State, repeats: int) -> float:
    """What a branch costs because the processor guesses wrong, mean over real conditions.

    The same work is done with the members in order of the condition, where every guess is right.
    """
    members = state.memberships
    rows = members.rows()
    standing = members["standing"][rows]
    conditions = [
        standing == code.QUIET,
        standing == code.CONTRIBUTOR,
        standing == code.TROUBLEMAKER,
        members["given"][rows] > 0.0,
        members["disrupted"][rows] > 0.0,
        members["watched"][rows] > 0,
    ]
    return float(np.mean([wrong_guesses(state, condition, repeats) for condition in conditions]))


def wrong_guesses(state: State, condition: Array, repeats: int) -> float:
    """Nanoseconds by which a pass is slower where the condition holds here and there."""
    mixed, ordered = (
        price(guess(state, flags.astype(np.int8)), flags.shape[0], repeats)
        for flags in (condition, np.sort(condition))
    )
    return max(0.0, mixed - ordered)


def guess(state: State, flags: Array) -> Callable[[], Any]:
    """A pass with one branch a member."""
    keys = np.arange(flags.shape[0])
    return lambda: kernels.branch(flags, state.seed, state.day, keys)


def price(act: Callable[[], Any], number: int, repeats: int) -> float:
    """Least nanoseconds of one of ``number`` equal steps; compiled before the clock starts."""
    act()
    return min(seconds_of(act) for _ in range(repeats)) * NANO / max(1, number)
