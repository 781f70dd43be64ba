"""Who was asked into which group lately: a hash table that forgets."""

from __future__ import annotations

import numpy as np

from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.draws import MASK
from selforg_sim.engine.types import Ints

FEWEST_PLACES = 1 << 10


@compiled
def first_place(person: int, group: int, places: int) -> int:
    """Place at which the search for a pair begins."""
    mixed = (int(person) * 0x27D4EB2F + int(group) * 0x165667B1) & MASK
    mixed = ((mixed ^ (mixed >> 15)) * 0x2C1B3C6D) & MASK
    return (mixed ^ (mixed >> 13)) & (places - 1)


@compiled
def find_place(person: int, group: int, asked_person: Ints, asked_group: Ints) -> int:
    """Place of a pair, or the free place where it would stand."""
    places = asked_person.shape[0]
    i = first_place(person, group, places)
    while asked_person[i] >= 0:
        if asked_person[i] == person and asked_group[i] == group:
            break
        i = (i + 1) & (places - 1)
    return i


@compiled
def keep_recent(
    old_person: Ints, old_group: Ints, old_day: Ints, since: int,
    asked_person: Ints, asked_group: Ints, asked_day: Ints,
) -> int:  # fmt: skip
    """Copy the pairs asked on day ``since`` or later; return how many."""
    kept = 0
    for k in range(old_person.shape[0]):
        if old_person[k] >= 0 and old_day[k] >= since:
            i = find_place(old_person[k], old_group[k], asked_person, asked_group)
            asked_person[i] = old_person[k]
            asked_group[i] = old_group[k]
            asked_day[i] = old_day[k]
            kept += 1
    return kept


class Asked:
    """Pairs of person and group with the day on which the person was last asked.

    ``used`` counts the places taken; kernels that mark pairs return how many they took.
    """

    def __init__(self) -> None:
        self.used = 0
        self.arrays = _places(FEWEST_PLACES)

    def make_room(self, more: int, since: int) -> None:
        """See that ``more`` pairs can be marked, forgetting those asked before day ``since``."""
        old = dict(self.arrays)
        if 2 * (self.used + more) <= old["asked_person"].shape[0]:
            return
        recent = int(np.count_nonzero((old["asked_person"] >= 0) & (old["asked_day"] >= since)))
        places = FEWEST_PLACES
        while places < 3 * (recent + more):
            places *= 2
        self.arrays.update(_places(places))
        self.used = int(
            keep_recent(
                old["asked_person"],
                old["asked_group"],
                old["asked_day"],
                since,
                self.arrays["asked_person"],
                self.arrays["asked_group"],
                self.arrays["asked_day"],
            )
        )


def _places(number: int) -> dict[str, Ints]:
    """Arrays of free places."""
    return {
        "asked_person": np.full(number, -1, dtype=np.int32),
        "asked_group": np.zeros(number, dtype=np.int32),
        "asked_day": np.zeros(number, dtype=np.int32),
    }
