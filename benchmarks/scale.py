"""What 10⁸ and 10⁹ people would take, from what was measured: the numbers of ``docs/scale.md``.

Estimates, not measurements. Everything that is assumed stands in ``ASSUMED``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PEOPLE = (10**8, 10**9)
CORES, NODES = 64, 16
NODE_MEMORY = 512e9
USED_MEMORY = 0.6
CUT_TIES = 0.2
NETWORK = 3e9
CONTACTS = 20
NEWS_BYTES = 12
FULL_CORES = 0.5

ASSUMED = (
    f"Assumed: nodes of {CORES} cores and {NODE_MEMORY / 1e9:.0f} GB, of which {USED_MEMORY:.0%} "
    f"is filled; a core is at {FULL_CORES:.0%} of its speed where all are busy with memory; "
    f"{CUT_TIES:.0%} of ties lead into another part; {NETWORK / 1e9:.0f} GB/s between nodes; "
    f"{CONTACTS} contacts each; {NEWS_BYTES} bytes to tell a contact of a coming or going."
)


@dataclass(frozen=True)
class Measured:
    """What was measured in the largest world, per person."""

    people: int
    ns_a_day: float
    bytes_each: float
    process_bytes: float
    memberships: float
    two_threads: float
    group_bytes: float
    groups: float
    request_bytes: float
    requests: float
    changes: float

    @property
    def serial(self) -> float:
        """Part of a day that two threads did not share, by Amdahl's law."""
        return min(1.0, max(0.0, 2.0 / self.two_threads - 1.0))


def of_largest(found: Mapping[str, Any]) -> Measured:
    """The largest world of each part."""
    parts = found["parts"]
    size, memory, threads = (parts[name]["sizes"][-1] for name in ("size", "memory", "threads"))
    peak = memory["process"]["peak_mb"] or 0.0
    return Measured(
        people=size["people"],
        ns_a_day=size["ns_per_person_day"]["median"],
        bytes_each=memory["all_bytes_per_person"],
        process_bytes=(peak - (memory["process"]["before_mb"] or 0.0)) * 1e6 / memory["people"],
        memberships=size["memberships_per_person"],
        two_threads=threads["times_faster"],
        group_bytes=memory["group_bytes"],
        groups=memory["groups"] / memory["people"],
        request_bytes=memory["request_bytes"],
        requests=size["requests_per_person_day"],
        changes=size["joins_per_person_day"] + size["leaves_per_person_day"],
    )


def measured(found: Mapping[str, Any]) -> str:
    """The measured numbers that the estimates start from."""
    m = of_largest(found)
    lines = [
        ("time of one core", f"{m.ns_a_day:,.0f} ns per person-day"),
        ("memberships", f"{m.memberships:.2f} per person"),
        ("memory of arrays", f"{m.bytes_each:,.0f} bytes per person"),
        ("memory of the process at its peak", f"{m.process_bytes:,.0f} bytes per person"),
        ("two threads against one", f"{m.two_threads:.2f}×: {m.serial:.0%} of a day not shared"),
        ("requests to join", f"{m.requests:.3f} per person-day, {m.request_bytes} bytes each"),
        ("joining and leaving", f"{m.changes:.3f} per person-day"),
        ("groups", f"one for {1 / m.groups:,.0f} people, {m.group_bytes} bytes each"),
    ]
    head = f"| measured at {m.people:,} people | |\n|---|---:|\n"
    return head + "\n".join(f"| {name} | {value} |" for name, value in lines)


def table(found: Mapping[str, Any]) -> str:
    """The estimates, one column for each number of people."""
    m = of_largest(found)
    columns = [estimates(m, people) for people in PEOPLE]
    head = "| | " + " | ".join(f"{people:,} people" for people in PEOPLE) + " |\n"
    rows = [f"| {name} | " + " | ".join(c[name] for c in columns) + " |" for name in columns[0]]
    return f"{ASSUMED}\n\n{head}|---|{'---:|' * len(PEOPLE)}\n" + "\n".join(rows)


def estimates(m: Measured, people: int) -> dict[str, str]:
    """What so many people would take."""
    one_core = m.ns_a_day * 1e-9 * people
    threads = one_core * (m.serial + (1.0 - m.serial) / CORES)
    node = one_core / (CORES * FULL_CORES)
    memory = m.process_bytes * people
    sent = exchanged(m, people)
    return {
        "memory, at its peak": f"{memory / 1e9:,.0f} GB",
        "memory of the arrays": f"{m.bytes_each * people / 1e9:,.0f} GB",
        "nodes for its memory": f"{-(-memory // (NODE_MEMORY * USED_MEMORY)):,.0f}",
        "a day on one core, if one machine held it": seconds(one_core),
        f"a day on {CORES} threads as they are, if one machine held it": seconds(threads),
        f"a day on one node, cut into {CORES} parts, if it held it": seconds(node),
        f"a day on {NODES} nodes, {NODES * CORES} parts": seconds(node / NODES),
        "… sent by each node a day: sums of groups": gigabytes(sent["sums"]),
        "… requests across cuts": gigabytes(sent["requests"]),
        "… news of joining and leaving": gigabytes(sent["news"]),
        "… and the time of sending": seconds(sum(sent.values()) / NETWORK),
    }


def exchanged(m: Measured, people: int) -> dict[str, float]:
    """Bytes that each of ``NODES`` nodes sends a day; every group in every part, at the worst."""
    here = people / NODES
    return {
        "sums": 2.0 * m.group_bytes * m.groups * people,
        "requests": 2.0 * m.requests * here * CUT_TIES * m.request_bytes,
        "news": m.changes * here * CONTACTS * CUT_TIES * NEWS_BYTES,
    }


def seconds(number: float) -> str:
    """A time with two digits that mean something."""
    return f"{number:,.0f} s" if number >= 10 else f"{number:.2g} s"


def gigabytes(number: float) -> str:
    """Bytes in gigabytes."""
    return f"{number / 1e9:.2g} GB"
