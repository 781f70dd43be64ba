"""Does the page bear long use and many visitors?

One visitor plays 5,000 people at full speed for five minutes and pulls a lever at random every
second; then ten visitors play at once. Exit code 1 if anything was wrong: an error in the browser,
memory that grew by more than a tenth after the first fifth, a page that did not answer for a
second, a visitor who saw nothing.

    python benchmarks/page_long.py
    python benchmarks/page_long.py --seconds 60 --visitors 4
"""

from __future__ import annotations

import argparse
import statistics
import sys

from selforg_sim.bench.page_long import Long, drift, play_long, visit_together
from selforg_sim.bench.page_server import browser

MOST_DRIFT = 0.10
SLOWEST_MS = 1_000.0


def main() -> None:
    """Play, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--visitors", type=int, default=10)
    asked = parser.parse_args()
    with browser() as chromium:
        alone = play_long(chromium, asked.seconds)
        tell("one visitor", alone)
        together = visit_together(chromium, min(asked.seconds, 60.0), asked.visitors)
    tell(f"{asked.visitors} visitors", together)
    wrong = [*faults(alone, flat=True), *faults(together, flat=False)]
    print("\n".join(wrong) or "All is well.")
    sys.exit(1 if wrong else 0)


def tell(who: str, found: Long) -> None:
    """Print what was seen."""
    print(
        f"{who}: {found.frames} frames, {found.levers} levers, day {found.days}\n"
        f"  server {found.server_mb[0]:.0f} to {found.server_mb[-1]:.0f} MB, at most "
        f"{max(found.server_mb):.0f} MB; later drift {drift(found.server_mb):+.1%}\n"
        f"  page {found.page_mb[0]:.1f} to {found.page_mb[-1]:.1f} MB, at most "
        f"{max(found.page_mb):.1f} MB; later drift {drift(found.page_mb):+.1%}\n"
        f"  answers within {statistics.median(found.answer_ms):.0f} ms, at most "
        f"{max(found.answer_ms):.0f} ms; refusals: {sorted(set(found.refusals)) or 'none'}",
        flush=True,
    )


def faults(found: Long, flat: bool) -> list[str]:
    """What was wrong, in sentences."""
    wrong = [f"The browser complains: {text}" for text in sorted(set(found.complaints))]
    for who, held in (("server", found.server_mb), ("page", found.page_mb)):
        if flat and drift(held) > MOST_DRIFT:
            wrong.append(f"The memory of the {who} grew by {drift(held):.0%}.")
    if max(found.answer_ms) > SLOWEST_MS:
        wrong.append(f"The page did not answer for {max(found.answer_ms):.0f} ms.")
    if not found.frames or not found.days:
        wrong.append("A visitor saw nothing.")
    return wrong


if __name__ == "__main__":
    main()
