"""Who was asked into which group lately: a hash table that forgets."""

from __future__ import annotations

import numpy as np

from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.draws import MASK
from selforg_sim.engine.limits import DAY_BITS, GROUP_BITS, LAST_DAY, MOST_GROUPS
from selforg_sim.engine.types import Ints

FEWEST_PLACES = 1 << 10


@compiled
def first_place(person: int, group: int, places: int) -> int:
    """Place at which the search for a pair begins."""
    mixed = (int(person) * 0x27D4EB2F + int(group) * 0x165667B1) & MASK
    mixed = ((mixed ^ (mixed >> 15)) * 0x2C1B3C6D) & MASK
    return (mixed ^ (mixed >> 13)) & (places - 1)


@compiled
def key_of(person: int, group: int) -> int:
    """One number for a pair of rows."""
    return int(person) << GROUP_BITS | int(group)


@compiled
def find_place(person: int, group: int, asked: Ints) -> int:
    """Place of a pair, or the free place where it would stand."""
    places = asked.shape[0]
    key = key_of(person, group)
    i = first_place(person, group, places)
    while asked[i] != 0 and asked[i] >> DAY_BITS != key:
        i = (i + 1) & (places - 1)
    return i


@compiled
def was_asked(place: int, since: int, asked: Ints) -> bool:
    """Whether the pair at a place was asked on day ``since`` or later."""
    return bool(asked[place] & LAST_DAY >= max(since, 1))


@compiled
def mark_asked(person: int, group: int, day: int, place: int, asked: Ints) -> int:
    """Mark a pair at its place; return 1 if it is new to the table."""
    is_new = 1 if asked[place] == 0 else 0
    asked[place] = key_of(person, group) << DAY_BITS | int(day)
    return is_new


@compiled
def keep_recent(old: Ints, since: int, asked: Ints) -> int:
    """Copy the pairs asked on day ``since`` or later; return how many."""
    kept = 0
    for k in range(old.shape[0]):
        if was_asked(k, since, old):
            key = old[k] >> DAY_BITS
            person, group = key >> GROUP_BITS, key & (MOST_GROUPS - 1)
            place = find_place(person, group, asked)
            kept += mark_asked(person, group, old[k] & LAST_DAY, place, asked)
    return kept


class Asked:
    """Pairs of person and group with the day on which the person was last asked.

    ``used`` counts the places taken; kernels that mark pairs return how many they took. Key and
    day of a pair share one number, 0 where a place is free: days of asking begin with 1.
    """

    def __init__(self) -> None:
        self.used = 0
        self.arrays = {"asked": np.zeros(FEWEST_PLACES, dtype=np.int64)}

    def make_room(self, more: int, since: int) -> None:
        """See that ``more`` pairs can be marked, forgetting those asked before day ``since``."""
        old = self.arrays["asked"]
        if 4 * (self.used + more) <= 3 * old.shape[0]:
            return
        recent = int(np.count_nonzero(old & LAST_DAY >= max(since, 1)))
        places = FEWEST_PLACES
        while places < 2 * (recent + more):
            places *= 2
        self.arrays["asked"] = np.zeros(places, dtype=np.int64)
        self.used = int(keep_recent(old, since, self.arrays["asked"]))
