"""What was measured, in sentences and tables: the same for the terminal and for the documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Numbers = Mapping[str, Any]


@dataclass(frozen=True)
class Section:
    """One table with the sentence that says how to read it; text in its first column."""

    title: str
    sentence: str
    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def machine_line(found: Numbers) -> str:
    """Machine, versions and mode, in one sentence."""
    m = found["machine"]
    memory = f", {m['memory_gb']:.0f} GB" if m["memory_gb"] else ""
    versions = ", ".join(f"{name} {number}" for name, number in m["versions"].items() if number)
    return (
        f"Measured on {m['cpu']}, {m['cores']} cores{memory}, {m['system']}; {versions}; "
        f"mode {found['settings']['mode']}, {found['seconds']:.0f} s in all."
    )


def sections(found: Numbers) -> list[Section]:
    """All parts that were measured, in words."""
    return [SECTIONS[name](part) for name, part in found["parts"].items()]


def of_twin(part: Numbers) -> Section:
    """Engine against twin."""
    return Section(
        "The engine against the same model in plain Mesa",
        "Nanoseconds per membership-day, medians of days lived by turns. Drawing as verified, twin "
        "and engine are the same in every membership; drawing from random.random(), the twin is "
        "what a user of Mesa would write. That one counts.",
        ("people", "twin's draws", "memberships", "engine", "twin", "times faster", "same"),
        [
            (whole(w["people"]), w["draws"], whole(w["memberships"]), ns(w["engine_ns"]),
             ns(w["twin_ns"]), times(w["times_faster"]), yes(w["equal"]))
            for w in part["worlds"]
        ],
    )  # fmt: skip


def of_numpy(part: Numbers) -> Section:
    """Engine against numpy."""
    rows = [
        (p["phase"], ns(p["engine_ns"]), ns(p["numpy_ns"]), times(p["times_faster"]),
         yes(p["equal"]))
        for p in part["phases"]
    ]  # fmt: skip
    if part["times_faster"]:
        rows.append(("together", "", "", times(part["times_faster"]), ""))
    return Section(
        "The engine's phases against the same in numpy",
        f"Nanoseconds per membership, {whole(part['memberships'])} memberships of "
        f"{whole(part['people'])} people; one thread on both sides. Same numbers, up to the last "
        "bits of exp and of sums.",
        ("phase", "engine", "numpy", "times faster", "same"),
        rows,
    )


def of_phases(part: Numbers) -> Section:
    """Shares of the phases."""
    return Section(
        f"Where a day goes: {part['scenario']}, {whole(part['people'])} people, "
        f"{part['days']} days, one thread",
        f"Nanoseconds per membership-day. The whole run took {part['seconds']:.2f} s: "
        f"{whole(part['membership_days_a_second'])} membership-days and "
        f"{whole(part['person_days_a_second'])} person-days a second, "
        f"{part['memberships_per_person']:.2f} memberships per person.",
        ("phase", "share", "ns"),
        [
            (p["phase"], f"{p['share']:.1%}", f"{p['ns_per_membership_day']:.1f}")
            for p in part["phases"]
        ],
    )


def of_limit(part: Numbers) -> Section:
    """Distance to the limit."""
    lines = [
        (b["what"], f"{b['times']:.2f}", f"{b['ns_each']:.2f}", f"{b['ns']:.1f}")
        for b in part["breakdown"]
    ]
    far = times(part["times_the_limit"])
    return Section(
        "The distance to the limit",
        f"The engine takes {part['engine_ns']:.0f} ns per membership-day, {far} the limit of "
        f"{part['limit_ns']:.0f}: {part['columns_once_ns']:.0f} to read and write every membership "
        f"column once and {part['draws_ns']:.0f} for as many draws as the day makes. The table: "
        "what each kind of work costs per membership-day when it is done alone, in long loops on "
        "the same arrays. Columns, reads and branches are counted as they stand in the kernels, "
        "which is the most that they can be; the price of a branch is what guessing it wrong "
        "costs, on average. The rest is calls, invitations, contacts, joining and leaving, groups.",
        ("work", "times", "ns each", "ns"),
        [*lines, ("the rest", "", "", f"{part['rest_ns']:.1f}")],
    )


def of_size(part: Numbers) -> Section:
    """Small worlds to large ones."""
    return Section(
        "From small worlds to large ones, one thread",
        "Nanoseconds per membership-day and per person-day, medians of weeks, all sizes by turns. "
        "Small worlds pay for starting each phase; a large "
        "world pays for memory that is far away.",
        ("people", "memberships each", "ns", "ns a person", "membership-days a second"),
        [
            (whole(s["people"]), f"{s['memberships_per_person']:.2f}",
             ns(s["ns_per_membership_day"]), ns(s["ns_per_person_day"]),
             whole(s["membership_days_a_second"]))
            for s in part["sizes"]
        ],
    )  # fmt: skip


def of_threads(part: Numbers) -> Section:
    """One thread against two."""
    return Section(
        "One thread against two",
        "Nanoseconds per membership-day, the same days in two copies of a world, by turns.",
        ("people", "one thread", "two threads", "times faster", "same"),
        [
            (whole(s["people"]), ns(s["one_thread_ns"]), ns(s["two_threads_ns"]),
             f"{s['times_faster']:.2f}×", yes(s["equal"]))
            for s in part["sizes"]
        ],
    )  # fmt: skip


def of_memory(part: Numbers) -> Section:
    """Bytes."""
    return Section(
        "Memory",
        "Bytes of arrays per person, per membership (and with the rows held in reserve) and per "
        "tie; then per person the table of who was asked, and everything together. Last, what a "
        "whole process of that size held at its peak, Python and libraries included.",
        ("people", "person", "membership", "reserve", "tie", "asked", "all", "peak"),
        [
            (whole(s["people"]), f"{s['bytes_per_person']:.0f}", f"{s['bytes_per_membership']}",
             f"{s['bytes_per_membership_held']:.0f}", f"{s['bytes_per_tie']:.0f}",
             f"{s['other_bytes_per_person']['asked']:.0f}", f"{s['all_bytes_per_person']:.0f}",
             f"{s['process']['peak_mb']:,.0f} MB" if s["process"]["peak_mb"] else "")
            for s in part["sizes"]
        ],
    )  # fmt: skip


def of_start(part: Numbers) -> Section:
    """Starting."""
    cold = part.get("cold", {})
    rows = [
        (name, f"{warm['median']:.2f} s", f"{cold[name]:.1f} s" if name in cold else "")
        for name, warm in part["warm"].items()
    ]
    compiled = f"{part['compile_seconds']:.1f} s" if "compile_seconds" in part else ""
    rows.append(("all kernels", f"{part['load_kernels_seconds']['median']:.2f} s", compiled))
    return Section(
        "Starting",
        "A process of its own each time. Warm: everything is on disk from the last time. Cold: the "
        "first start ever, when Python's bytecode and all kernels have to be made.",
        ("what", "warm", "cold"),
        rows,
    )


SECTIONS: dict[str, Callable[[Numbers], Section]] = {
    "twin": of_twin,
    "numpy": of_numpy,
    "phases": of_phases,
    "limit": of_limit,
    "size": of_size,
    "threads": of_threads,
    "memory": of_memory,
    "start": of_start,
}


def as_markdown(section: Section) -> str:
    """A section for a document: sentence and table."""
    alignment = "|---|" + "---:|" * (len(section.headings) - 1)
    lines = [section.sentence, "", line_of(section.headings), alignment]
    return "\n".join([*lines, *map(line_of, section.rows)])


def line_of(cells: Iterable[str]) -> str:
    """One line of a Markdown table."""
    return "| " + " | ".join(cells) + " |"


def whole(number: float) -> str:
    """A count with its thousands apart."""
    return f"{number:,.0f}"


def ns(spread: Numbers) -> str:
    """The median of several nanoseconds.

    >>> ns({"min": 1.0, "median": 2.44, "repeats": 3}), ns({"median": 2444.4})
    ('2.4', '2,444')
    """
    median = spread["median"]
    return f"{median:.1f}" if median < 100 else f"{median:,.0f}"


def times(ratio: float) -> str:
    """A ratio.

    >>> times(2.44), times(244.4)
    ('2.4×', '244×')
    """
    return f"{ratio:.1f}×" if ratio < 100 else f"{ratio:,.0f}×"


def yes(flag: bool | None) -> str:
    """Whether numbers agree; nothing where they cannot."""
    return "" if flag is None else "yes" if flag else "NO"
