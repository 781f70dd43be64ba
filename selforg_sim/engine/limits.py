"""How large a world may be: a person, a group and a day share one number of 63 bits.

The table of who was asked lately (``asked.py``) is looked up some times for every invitation;
with one number a place it is half as large as with two.
"""

from __future__ import annotations

DAY_BITS, GROUP_BITS, PERSON_BITS = 14, 22, 27

LAST_DAY = (1 << DAY_BITS) - 1
"""16,383 days, 44 years."""

MOST_GROUPS = 1 << GROUP_BITS
"""Four million, those that have ended included."""

MOST_PEOPLE = 1 << PERSON_BITS
"""134 million."""

SLOT_BITS = 26
MOST_OF_A_KIND = 1 << SLOT_BITS
"""67 million: a person's stable key has 6 bits for his kind and 26 for his number in it."""
