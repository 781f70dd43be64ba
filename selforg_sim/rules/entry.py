"""Point 1, initiation, third part: how people come in.

Everybody asked weighs the group and the group weighs him, and lots decide over the last seats.
Equations, parameters, columns and decisions stand in ``initiation.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from selforg_sim.engine.codes import (
    BUSY,
    DECLINED,
    DRAGGED,
    FULL,
    JOINED,
    LURKER,
    MOVED,
    NOBODY,
    OFFERED,
    OWNER,
    QUIET,
    REFUSED,
)
from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.draws import uniform
from selforg_sim.engine.memberships import find_rows
from selforg_sim.engine.ties import are_contacts, friends_inside
from selforg_sim.engine.types import ROW, Flags, Floats, Ints
from selforg_sim.rules.initiation import (
    JOIN,
    SEAT,
    appeal,
    first_trust,
)
from selforg_sim.rules.interest import weight_of_return
from selforg_sim.rules.time_and_cash import claim_on_time, hours_for
from selforg_sim.rules.value_core import dot

if TYPE_CHECKING:
    from selforg_sim.engine.state import State


@compiled
def asked_of_group(
    expectation: float, strictness: float, load: int, base: float, by_strictness: float,
    by_load: float,
) -> float:  # fmt: skip
    """What a group must promise to be as likely joined as not.

    >>> round(asked_of_group(0.2, 0.4, 3, 0.6, 0.5, 0.15), 6)
    0.25
    """
    return expectation * (base + by_strictness * strictness + by_load * load)


@compiled
def chance_to_join(promised: float, asked: float, width: float) -> float:
    """Logistic chance to join.

    >>> chance_to_join(0.25, 0.25, 0.08), round(chance_to_join(0.41, 0.25, 0.08), 4)
    (0.5, 0.8808)
    """
    return 1.0 / (1.0 + math.exp((asked - promised) / width))


@compiled
def judge(
    lo: int, hi: int, seed: int, day: int, request_person: Ints, request_group: Ints,
    request_own: Flags, request_outcome: Flags, request_fit: Floats, request_trust: Floats,
    request_appeal: Floats, request_leaves: Ints, person_key: Ints, group_key: Ints,
    withheld: Flags, values: Floats, budget: Floats, interest: Floats, expectation: Floats,
    status: Floats, contact_first: Ints, contact_other: Ints, marks: Ints, first_row: Ints,
    member_count: Ints, member_group: Ints, standing: Flags, belonging: Floats,
    experienced: Floats, owner: Ints, supplied: Floats, quality: Floats, sum_returned: Floats,
    gathered: Ints, strictness: Floats, entry: Flags, platform_trust: Floats,
    hope: float, half_return: float, choice_width: float, asked_base: float,
    asked_strictness: float, asked_load: float, screened_fit: float, least_hours: float,
    outside_life: float, disrupting_belonging: float, trust_base: float, trust_friends: float,
    trust_owner_tie: float, trust_status: float, friends_scale: float, social_friends: bool,
) -> None:  # fmt: skip
    """Everybody asked weighs the group, and the group weighs him."""
    friends = np.zeros(hi - lo, dtype=np.int32)
    if social_friends:
        which, _ = friends_inside(
            request_person[lo:hi], request_group[lo:hi], contact_first, contact_other, marks,
            first_row, member_count, member_group,
        )  # fmt: skip
        for k in range(which.shape[0]):
            friends[which[k]] += 1
    for i in range(lo, hi):
        p, g = request_person[i], request_group[i]
        has_owner = owner[g] != NOBODY
        knows = has_owner and are_contacts(p, owner[g], contact_first, contact_other)
        trust = first_trust(
            friends[i - lo], knows, status[owner[g]] if has_owner else 0.0, platform_trust[g],
            trust_base, trust_friends, trust_owner_tie, trust_status, friends_scale,
        )  # fmt: skip
        fit = dot(values, p, supplied, g)
        mean_return = sum_returned[g] / max(1, gathered[g])
        promised = appeal(
            interest[p], fit, quality[g], hope, trust, weight_of_return(mean_return, half_return)
        )
        request_fit[i] = fit
        request_trust[i] = trust
        request_appeal[i] = promised
        request_leaves[i] = NOBODY
        if request_own[i] == 0:
            if withheld[p]:
                request_outcome[i] = OFFERED
                continue
            claims = 0.0
            load = 0
            worst = -1
            for r in range(first_row[p], first_row[p] + member_count[p]):
                claims += claim_on_time(belonging[r], standing[r], disrupting_belonging)
                if standing[r] != QUIET:
                    load += 1
                    if standing[r] != OWNER:
                        if worst < 0 or experienced[r] < experienced[worst]:
                            worst = r
            asked = asked_of_group(
                expectation[p], strictness[g], load, asked_base, asked_strictness, asked_load
            )
            if entry[g] != DRAGGED:
                chance = chance_to_join(promised, asked, choice_width)
                if uniform(seed, day, JOIN, person_key[p], group_key[g]) >= chance:
                    request_outcome[i] = DECLINED
                    continue
            if hours_for(budget[p], trust, claims + trust, outside_life) < least_hours:
                if load > 0:
                    if worst < 0 or promised <= experienced[worst]:
                        request_outcome[i] = BUSY
                        continue
                    request_leaves[i] = member_group[worst]
        request_outcome[i] = REFUSED if fit < screened_fit * strictness[g] else JOINED


@compiled
def draw_lots(
    requests: Ints, seed: int, day: int, request_person: Ints, request_group: Ints,
    person_key: Ints, group_key: Ints, lots: Floats,
) -> None:  # fmt: skip
    """A lot for each applicant."""
    for i in range(requests.shape[0]):
        p, g = request_person[requests[i]], request_group[requests[i]]
        lots[i] = uniform(seed, day, SEAT, person_key[p], group_key[g])


def seat_by_lot(state: State, applicants: Ints) -> None:
    """Mark applicants of groups without enough free seats as turned away, by lot."""
    seats, size = state.groups["seats"], state.groups["size"]
    applied = np.bincount(
        state.requests.arrays["request_group"][applicants], minlength=state.groups.rows
    )
    crowded = (seats >= 0) & (applied > seats - size)
    groups = state.requests.arrays["request_group"][applicants]
    limited = applicants[crowded[groups]]
    if not limited.size:
        return
    lots = np.empty(limited.size)
    state.call(draw_lots, requests=limited, lots=lots)
    groups = state.requests.arrays["request_group"][limited]
    order = np.lexsort((lots, groups))
    groups, limited = groups[order], limited[order]
    rank = np.arange(groups.size) - np.searchsorted(groups, groups, side="left")
    turned_away = rank >= seats[groups] - size[groups]
    state.requests.arrays["request_outcome"][limited[turned_away]] = FULL


def admit_applicants(state: State) -> None:
    """Step 11, last part: seats by lot, places changed, newcomers let in."""
    requests = state.requests
    applicants = np.flatnonzero(requests["request_outcome"] == JOINED)
    seat_by_lot(state, applicants)
    applicants = applicants[requests["request_outcome"][applicants] == JOINED]
    order = np.lexsort((applicants, requests["request_person"][applicants]))
    applicants = applicants[order]
    people = requests["request_person"][applicants].astype(np.int64)
    _leave_for_better(state, people, requests["request_leaves"][applicants])
    trust = requests["request_trust"][applicants]
    state.admit(
        people,
        requests["request_group"][applicants],
        invited_by=requests["request_from"][applicants],
        fit=requests["request_fit"][applicants],
        trust=trust,
        belonging=trust,
        experienced=requests["request_appeal"][applicants],
        hoped=requests["request_appeal"][applicants],
        standing=LURKER,
    )
    if state.record.keep_invitations and requests.rows:
        state.record.add(
            state.record.invitations,
            day=state.day,
            to=requests["request_person"],
            group=requests["request_group"],
            outcome=requests["request_outcome"],
            **{"from": requests["request_from"]},
        )


def _leave_for_better(state: State, people: Ints, left: Ints) -> None:
    """End the memberships that were given up for another group."""
    moving = left >= 0
    if not moving.any():
        return
    pairs = np.unique(people[moving] << 32 | left[moving])
    rows = np.empty(pairs.shape[0], dtype=ROW)
    state.call(find_rows, people=pairs >> 32, groups=pairs & 0xFFFFFFFF, found=rows)
    state.dismiss(rows[np.lexsort((rows, pairs >> 32))], MOVED)
