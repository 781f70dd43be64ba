"""What the twin takes from the rules: their functions of plain numbers, as ordinary Python.

Everything around them is written anew: who is whose member, sums, the order of a day, joining,
splitting, ending.
"""

from __future__ import annotations

from selforg_sim.engine import draws
from selforg_sim.rules import (
    asking,
    belonging,
    entry,
    evolution,
    influence,
    initiation,
    interest,
    splitting,
    structure,
    time_and_cash,
    value_core,
)
from twin.plain import plain

appeal = plain(initiation.appeal)
first_trust = plain(initiation.first_trust)
hope_of = plain(initiation.hope_of)

asked_of_group = plain(entry.asked_of_group)
busyness = plain(asking.busyness)
chance_to_join = plain(entry.chance_to_join)
invitations_on = plain(asking.invitations_on)

drawn = plain(value_core.drawn)
gives = plain(value_core.gives)
poisson = plain(draws.poisson)
share_of_noise = plain(value_core.share_of_noise)

attention = plain(belonging.attention)
belonging_target = plain(belonging.belonging_target)
chance_to_leave = plain(belonging.chance_to_leave)
next_trust = plain(belonging.next_trust)
tested_order = plain(belonging.tested_order)

looked_after = plain(structure.looked_after)
most_people = plain(structure.most_people)
offered_quality = plain(structure.offered_quality)
part_managed = plain(structure.part_managed)

next_influence = plain(influence.next_influence)
standing_of = plain(influence.standing_of)

company = plain(interest.company)
value_of_day = plain(interest.value_of_day)
weight_of_return = plain(interest.weight_of_return)

claim_on_time = plain(time_and_cash.claim_on_time)
envelope_part = plain(time_and_cash.envelope_part)
follow = plain(time_and_cash.follow)
hours_for = plain(time_and_cash.hours_for)

chance_to_found = plain(evolution.chance_to_found)
could_rebel = plain(splitting.could_rebel)
