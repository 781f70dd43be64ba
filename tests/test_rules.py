"""Every rule function against numbers worked out by hand from the model's formulas.

Each case is (arguments, answer); the arithmetic stands beside it. A rule function is a compiled
function of ``selforg_sim/rules`` that takes numbers only; one without a case fails the last test.
"""

from __future__ import annotations

import ast
import math
from pathlib import Path

import numpy as np
import pytest

from selforg_sim import observe, rules
from selforg_sim.engine.codes import (
    BROWSED,
    COMMERCE,
    CONTRIBUTOR,
    CORE,
    FORMING,
    INVITATION,
    LIFE,
    LURKER,
    OWNER,
    QUIET,
    SEARCHABLE,
    SILENT,
    TROUBLEMAKER,
    VALUE,
)
from selforg_sim.engine.draws import MASK, philox, poisson, standard_normal, uniform, words
from selforg_sim.rules import (
    aggregation,
    asking,
    entry,
    evolution,
    initiation,
    leaving,
    splitting,
    value_core,
)

E = math.e
SQRT_E = 1.6487212707  # e ** 0.5
MESSAGE_DRAWS = {14: 0.0278, 1: 0.1522, 12: 0.4820, 3: 0.7437}

TIME_AND_CASH = {
    "claim_on_time": [
        ((0.7, LURKER, 0.5), 0.7),
        ((0.7, QUIET, 0.5), 0.0),  # the quiet claim nothing
        ((0.3, TROUBLEMAKER, 0.5), 0.5),  # max(0.3, 0.5)
        ((0.7, TROUBLEMAKER, 0.5), 0.7),
        ((0.0, OWNER, 0.5), 0.0),
    ],
    "hours_for": [
        ((2.0, 0.6, 1.2, 0.8), 0.6),  # 2 * 0.6 / (0.8 + 1.2)
        ((2.0, 0.0, 1.2, 0.8), 0.0),
        ((0.0, 0.6, 1.2, 0.8), 0.0),
        ((1.0, 1.0, 1.0, 0.8), 1 / 1.8),  # one group alone leaves 0.8/1.8 to life outside
    ],
    "follow": [
        ((2.0, 9.0, 14.0), 2.5),  # 2 + 7/14
        ((2.0, 2.0, 14.0), 2.0),
        ((2.0, 9.0, 1.0), 9.0),  # a memory of one day is today
        ((1.0, 0.0, 4.0), 0.75),
    ],
    "envelope_part": [
        ((0.3, 1 / E, 0.4, False), 1.0),  # 0.3 < 0.4: there; -ln(1/e) = 1
        ((0.5, 1 / E, 0.4, False), 0.0),  # 0.5 >= 0.4: not there
        ((0.4, 1 / E, 0.4, False), 0.0),
        ((0.9, math.exp(-2.5), 0.0, True), 2.5),  # who gave is there
    ],
}

VALUE_CORE = {
    # b * (m0 + lambda Q + rho order + mu return weight)
    "drawn": [
        (
            (0.6, 0.25, 0.4, 0.5, 0.05, 4.0, 0.5, 0.5),
            0.9,
        ),  # 0.6 (0.05 + 1 + 0.2 + 0.25) = 0.6 * 1.5
        ((0.0, 1.0, 1.0, 1.0, 0.05, 4.0, 0.5, 0.5), 0.0),
        ((1.0, 0.0, 0.0, 0.0, 0.05, 4.0, 0.5, 0.5), 0.05),  # a dead room: m0 alone
        ((1.0, 1.0, 1.0, 1.0, 0.05, 4.0, 0.5, 0.5), 5.05),  # 0.05 + 4 + 0.5 + 0.5
    ],
    # 1 - (1 - a) ** kappa, called with ln(1 - a)
    "chance_to_give": [
        ((math.log(0.25), 0.5), 0.5),  # a = 3/4: 1 - 0.25 ** 0.5
        ((math.log(0.9), 2.0), 0.19),  # a = 1/10: 1 - 0.81
        ((math.log(0.5), 1.0), 0.5),  # drawn once: the voice itself
        ((math.log(0.5), 0.0), 0.0),
        ((0.0, 5.0), 0.0),  # no voice
        ((math.log(1e-12), 1.0), 1.0 - 1e-12),  # the loudest voice there is
    ],
    # u < 1 - (1 - a) ** kappa: one half for a = 3/4 and kappa = 1/2, where the bound is 0.6931
    "gives": [
        ((0.49, math.log(0.25), 0.5), True),
        ((0.51, math.log(0.25), 0.5), False),
        ((0.70, math.log(0.25), 0.5), False),  # above the bound too
        ((1e-9, math.log(0.25), 0.0), False),  # not drawn at all
        ((1e-9, 0.0, 5.0), False),  # no voice
        ((0.999, math.log(1e-12), 1.0), True),
    ],
    # 1 + Poisson(exp(mean of logs)): a standard deviation of 0 leaves the mean 2; then
    # P(0) = 0.1353, P(<= 1) = 0.4060, P(<= 2) = 0.6767, P(<= 3) = 0.8571. The draws of
    # (seed, day, 21, person, group) stand in MESSAGE_DRAWS; test_messages_by_hand checks them.
    "number_of_messages": [
        ((1, 1, 1, 14, math.log(2.0), 0.0), 1),  # 0.0278
        ((1, 1, 1, 1, math.log(2.0), 0.0), 2),  # 0.1522
        ((1, 1, 1, 12, math.log(2.0), 0.0), 3),  # 0.4820
        ((1, 1, 1, 3, math.log(2.0), 0.0), 4),  # 0.7437
        ((1, 1, 1, 1, -800.0, 0.0), 1),  # exp(-800) = 0: one message and no other
    ],
    "share_of_noise": [
        ((0.5, 1.5), 0.25),  # 0.5 / 2
        ((0.0, 0.0), 0.0),  # nothing said at all
        ((0.0, 3.0), 0.0),
        ((2.0, 0.0), 1.0),  # nothing but noise
    ],
}

STRUCTURE = {
    "looked_after": [
        ((0.03, 0.01, 7.5), 3.0),  # 0.03 / 0.01
        ((0.075, 0.01, 7.5), 7.5),
        ((3.0, 0.01, 7.5), 7.5),  # never more than the span
        ((0.0, 0.01, 7.5), 0.0),
    ],
    # c0 + [levels >= 2] S + [levels >= 3] span S, with S = sum over the core * min(1, c0 / core)
    "most_people": [
        ((40.0, 30.0, 5, 1, 7.5), 40.0),
        ((40.0, 30.0, 5, 2, 7.5), 70.0),  # 40 + 30 * min(1, 8)
        ((40.0, 30.0, 5, 3, 7.5), 295.0),  # 40 + 30 + 7.5 * 30
        ((40.0, 30.0, 5, 0, 7.5), 295.0),  # auto: as many levels as there are
        ((2.0, 30.0, 5, 2, 7.5), 14.0),  # 2 + 30 * 2/5
        ((2.0, 30.0, 5, 3, 7.5), 104.0),  # 2 + 12 + 7.5 * 12
        ((40.0, 0.0, 0, 3, 7.5), 40.0),  # no core layer
        ((0.0, 30.0, 5, 3, 7.5), 0.0),  # nobody leads
    ],
    "part_managed": [
        ((30.0, 120), 0.25),
        ((30.0, 30), 1.0),
        ((300.0, 30), 1.0),
        ((0.0, 30), 0.0),
        ((0.0, 0), 1.0),  # nobody to look after
    ],
    "saturating": [
        ((3.0, 1.0), 0.75),
        ((0.5, 0.5), 0.5),
        ((0.0, 1.0), 0.0),
    ],
    # Y/(Y + Yh) * M * (1 - noise)
    "offered_quality": [
        ((3.0, 1.0, 0.8, 0.25), 0.45),  # 0.75 * 0.8 * 0.75
        ((0.0, 1.0, 1.0, 0.0), 0.0),
        ((3.0, 1.0, 1.0, 1.0), 0.0),  # all noise
        ((1.0, 1.0, 1.0, 0.0), 0.5),
    ],
}

AGGREGATION = {
    # members get shared * paid, half of it evenly and half by giving; the owner the rest
    "split_payment": [
        # 8 * 0.5 = 4: evenly 2 / 4 = 0.5 each, 2 / 2.5 = 0.8 by giving; owner 4
        ((8.0, 0.5, 0.5, 4, 2.5, True), (0.5, 0.8, 4.0)),
        ((8.0, 0.5, 0.5, 4, 2.5, False), (0.5, 0.8, 0.0)),  # the owner's part stays in the pool
        ((8.0, 0.5, 0.5, 4, 0.0, True), (1.0, 0.0, 4.0)),  # nobody gave: 4 / 4 evenly
        ((8.0, 0.0, 0.5, 4, 2.5, True), (0.0, 0.0, 8.0)),  # an owner who shares nothing
        ((8.0, 1.0, 1.0, 4, 2.5, True), (2.0, 0.0, 0.0)),
        ((8.0, 1.0, 0.0, 4, 2.5, True), (0.0, 3.2, 0.0)),  # 8 / 2.5
        ((0.0, 0.5, 0.5, 4, 2.5, True), (0.0, 0.0, 0.0)),
        ((8.0, 0.5, 0.5, 0, 0.0, True), (0.0, 0.0, 4.0)),  # nobody is there
    ],
}

INTEREST = {
    "weight_of_return": [
        ((0.3, 0.1), 0.75),  # 0.3 / 0.4
        ((0.1, 0.1), 0.5),
        ((0.0, 0.1), 0.0),
    ],
    # 1 - half e^(-friends / 2)
    "company": [
        ((0, 2.0, 0.5), 0.5),
        ((2, 2.0, 0.5), 0.8160602794),  # 1 - 0.5 * 0.3678794412
        ((1, 2.0, 0.5), 0.6967346701),  # 1 - 0.5 * 0.6065306597
        ((0, 2.0, 0.0), 1.0),
        ((100, 2.0, 1.0), 1.0),
    ],
    # [(1 - w) fit Q (1 - own) shared + w returns] (1 - half noise)
    "value_of_day": [
        # [0.75 * 0.8 * 0.5 * 0.9 * 0.5 + 0.25 * 0.6] * 0.8 = (0.135 + 0.15) * 0.8
        ((0.25, 0.8, 0.5, 0.1, 0.5, 0.6, 0.4, 0.5), 0.228),
        ((0.25, 0.8, 0.5, 1.0, 0.5, 0.0, 0.0, 0.5), 0.0),  # he feeds on himself alone
        ((1.0, 0.8, 0.5, 0.1, 0.5, 0.6, 0.0, 0.5), 0.6),  # interest only
        ((0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.5), 0.5),  # full noise spoils half
        ((0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.5), 0.0),
    ],
}

BELONGING = {
    "tested_order": [
        ((0.9, 0.9, 0.5, 0.1), 0.855),  # 0.9 + 0.1 (0.45 - 0.9)
        ((0.5, 1.0, 1.0, 0.1), 0.55),  # enforced rules win trust back
        ((0.0, 0.0, 0.5, 0.1), 0.0),
        ((0.9, 0.9, 0.0, 1.0), 0.0),
    ],
    "attention": [
        ((1.0, 0.0, False, 10, 40), 1.0),  # everybody alike
        ((1.0, 0.25, False, 10, 40), 0.75),
        ((1.0, 0.25, True, 10, 40), 1.75),  # 0.75 + 0.25 * 40/10; 30 * 0.75 + 10 * 1.75 = 40
        ((1.0, 1.0, False, 1, 40), 0.0),
        ((1.0, 1.0, True, 1, 40), 40.0),
        ((1.0, 0.5, False, 0, 40), 1.0),  # no core layer to attend to
    ],
    # o + (G/(G + Gh) (1 - noise) - o) / 15
    "next_trust": [
        ((0.6, 0.75, 0.25, 0.0, 15.0), 0.61),  # 0.6 + (0.75 - 0.6)/15
        ((0.6, 0.75, 0.25, 0.6, 15.0), 0.58),  # 0.6 + (0.3 - 0.6)/15
        ((0.6, 0.0, 0.25, 0.0, 15.0), 0.56),  # an idle owner: 0.6 - 0.6/15
        ((0.0, 0.25, 0.25, 0.0, 1.0), 0.5),
    ],
    # (m1 o + m x/(x + theta)) / (m1 + m)
    "belonging_target": [
        ((0.5, 0.6, 0.2, 10.0, 10.0), 0.625),  # (5 + 10 * 0.75) / 20
        ((0.5, 0.6, 0.2, 0.0, 10.0), 0.5),  # nothing seen: trust alone
        ((0.5, 0.0, 0.2, 30.0, 10.0), 0.125),  # 5 / 40: nothing experienced
        ((0.0, 0.0, 0.0, 30.0, 10.0), 0.0),
        ((0.0, 0.3, 0.0, 30.0, 10.0), 0.75),  # who expects nothing is content: 30 / 40
    ],
    # min(1, quiet part * h0 * psi * (1 - b)^nu)
    "chance_to_leave": [
        ((0.5, 2.0, 1.2, 4.0, 1.0), 0.15),  # 1.2 * 2 / 16
        ((0.5, 2.0, 1.2, 4.0, 0.3), 0.045),
        ((1.0, 2.0, 1.2, 4.0, 1.0), 0.0),
        ((0.0, 2.0, 1.2, 4.0, 1.0), 1.0),  # 2.4 is cut to 1
        ((0.0, 0.5, 1.2, 4.0, 1.0), 0.6),
        ((0.3, 0.0, 1.2, 4.0, 1.0), 0.0),
        ((1.0, 0.5, 1.2, 0.0, 1.0), 0.6),  # power 0: belonging does not keep him
    ],
    "chance_under": [
        # value ½·1 + ½·1, worth 1/(1 + 1), belonging (10·½ + 10·½)/20 = ½; 1.2/16
        ((1, 1, 1, 1, 1, 0.5, 1, 0.5, 1.0, 10.0, 1.0, 0.5, 10.0, 1.2, 4.0), 0.075),
        # value 0.8·½·0.5·0.5·0.5 = 0.05 less a quarter = 0.0375, worth 0.0375/0.15 = ¼;
        # belonging (10·½·½ + 30·¼)/40 = ¼; 0.5·0.75
        ((0.8, 0.5, 0.5, 0.5, 0, 0.5, 0.5, 0, 0.1125, 30.0, 0.5, 0.5, 10.0, 1.0, 1.0), 0.375),
    ],
}

INFLUENCE = {
    # 0.95 s + y fit (1 + zeta z)
    "next_influence": [
        ((2.0, 0.95, 0.5, 0.8, 0.5, 0.5), 2.4),  # 1.9 + 0.4 * 1.25
        ((2.0, 0.95, 0.0, 0.8, 0.5, 0.5), 1.9),
        ((0.0, 0.95, 0.5, 0.8, 0.0, 0.5), 0.4),
        ((0.0, 0.95, 0.5, 0.0, 1.0, 0.5), 0.0),  # what does not fit counts for nothing
    ],
    "standing_of": [
        ((LURKER, 3.0, 2.0, 20, 0, 14), CORE),
        ((CORE, 2.0, 2.0, 20, 19, 14), CONTRIBUTOR),  # not above the threshold
        ((CONTRIBUTOR, 0.5, 2.0, 20, 7, 14), CONTRIBUTOR),  # 13 days ago
        ((CONTRIBUTOR, 0.5, 2.0, 20, 6, 14), LURKER),  # 14 days ago
        ((LURKER, 0.0, 0.0, 3, -1, 14), LURKER),  # gave never
        ((QUIET, 3.0, 2.0, 20, 19, 14), QUIET),
        ((TROUBLEMAKER, 3.0, 2.0, 20, 19, 14), TROUBLEMAKER),
    ],
}

EVOLUTION = {
    "chance_to_found": [
        ((0, 0.0005, 4.0, 14), 0.0005),
        ((13, 0.0005, 4.0, 14), 0.0005),
        ((14, 0.0005, 4.0, 14), 0.002),
        ((99, 0.0, 4.0, 14), 0.0),
    ],
    # core, at least a quarter of the influence, fit below 0.7
    "could_rebel": [
        ((CORE, 2.5, 10.0, 0.69, 0.25, 0.7), True),
        ((CORE, 2.4, 10.0, 0.69, 0.25, 0.7), False),
        ((CORE, 2.5, 10.0, 0.7, 0.25, 0.7), False),
        ((OWNER, 9.0, 10.0, 0.1, 0.25, 0.7), False),
        ((CONTRIBUTOR, 9.0, 10.0, 0.1, 0.25, 0.7), False),
    ],
    # evidence, m1, of value, of returns, time share, meets, days silent; 7 days, a quarter twice
    "stage_of": [
        ((9.9, 10.0, 1.0, 0.0, 0.1, False, 0, 7, 0.25, 0.25), FORMING),
        ((10.0, 10.0, 1.0, 0.0, 0.1, False, 0, 7, 0.25, 0.25), VALUE),
        ((10.0, 10.0, 1.0, 1.1, 0.1, False, 0, 7, 0.25, 0.25), COMMERCE),
        ((10.0, 10.0, 1.0, 1.0, 0.1, False, 0, 7, 0.25, 0.25), VALUE),  # as much of each
        ((10.0, 10.0, 3.0, 1.0, 0.25, False, 0, 7, 0.25, 0.25), LIFE),  # 1 is a quarter of 4
        ((10.0, 10.0, 3.0, 1.0, 0.0, True, 0, 7, 0.25, 0.25), LIFE),  # they meet
        ((10.0, 10.0, 3.0, 0.9, 0.5, True, 0, 7, 0.25, 0.25), VALUE),  # 0.9 < 3.9 / 4
        ((10.0, 10.0, 0.9, 3.0, 0.5, True, 0, 7, 0.25, 0.25), COMMERCE),
        ((10.0, 10.0, 0.0, 0.0, 0.5, True, 0, 7, 0.25, 0.25), VALUE),
        ((99.0, 10.0, 3.0, 1.0, 0.5, True, 7, 7, 0.25, 0.25), SILENT),
        ((0.0, 10.0, 0.0, 0.0, 0.0, False, 6, 7, 0.25, 0.25), FORMING),
        ((10.0, 10.0, 3.0, 1.0, 0.3, False, 0, 7, 0.25, 0.3), VALUE),  # 1 < 0.3 * 4
        ((10.0, 10.0, 3.0, 1.0, 0.3, False, 0, 7, 0.35, 0.25), VALUE),  # too little of their time
    ],
    # the first of four words of Philox under key 0, counter (person, parent, day, 43 << 16)
    "new_key": [
        ((3, 2**27, 0), philox(2**27, 0, 3, 43 << 16, 0, 0)[0]),
        ((3, 2**27, 77), philox(2**27, 77, 3, 43 << 16, 0, 0)[0]),
    ],
}

INITIATION = {
    # platform (0.2 + quarter (1 - e^(-friends/2)) + 0.3 [knows owner] + 0.1 z)
    "first_trust": [
        ((0, False, 0.0, 1.0, 0.2, 0.25, 0.3, 0.1, 2.0), 0.2),
        ((0, True, 1.0, 1.0, 0.2, 0.25, 0.3, 0.1, 2.0), 0.6),  # 0.2 + 0.3 + 0.1
        # 0.25 (1 - 0.3678794412) = 0.1580301397; 0.5 * (0.2 + 0.158... + 0.3 + 0.05)
        ((2, True, 0.5, 0.5, 0.2, 0.25, 0.3, 0.1, 2.0), 0.35401506985),
        ((0, True, 1.0, 2.0, 0.2, 0.25, 0.3, 0.1, 2.0), 1.0),  # 1.2 is cut to 1
        ((5, True, 1.0, 0.0, 0.2, 0.25, 0.3, 0.1, 2.0), 0.0),
    ],
    # (1 - w) fit max(Q, hope o) + w returns
    "appeal": [
        ((0.5, 0.8, 0.6, 0.6, 0.5, 0.2), 0.34),  # 0.5 * 0.8 * 0.6 + 0.1
        ((0.5, 0.8, 0.1, 0.6, 0.5, 0.2), 0.22),  # 0.5 * 0.8 * 0.3 + 0.1
        ((0.0, 1.0, 0.0, 0.6, 1.0, 0.0), 0.6),
        ((1.0, 1.0, 1.0, 0.6, 1.0, 0.0), 0.0),  # interest only, and no returns
    ],
    # theta (0.6 + half S + 0.15 load)
    "asked_of_group": [
        ((0.2, 0.0, 0, 0.6, 0.5, 0.15), 0.12),
        ((0.2, 1.0, 4, 0.6, 0.5, 0.15), 0.34),  # 0.2 * (0.6 + 0.5 + 0.6)
        ((0.0, 1.0, 4, 0.6, 0.5, 0.15), 0.0),
    ],
    "chance_to_join": [
        ((0.2, 0.2, 0.08), 0.5),
        ((0.28, 0.2, 0.08), E / (1.0 + E)),  # one width above
        ((0.12, 0.2, 0.08), 1.0 / (1.0 + E)),
        ((0.16, 0.2, 0.08), 1.0 / (1.0 + SQRT_E)),
        ((1.0, 0.0, 0.02), 1.0),
    ],
    "invitations_on": [
        ((0.19, 0.2), 1),
        ((0.2, 0.2), 0),
        ((0.5, 2.0), 2),
        ((0.39, 2.4), 3),
        ((0.41, 2.4), 2),
        ((0.5, 0.0), 0),
        ((0.5, 1000.0), 64),  # nobody invites more in a day
    ],
    "hope_of": [
        ((0.2, 0.5), 0.5),
        ((0.2, 0.0), 0.2),
    ],
    # Y/(Y + Yh), times the fit where one searches
    "busyness": [
        ((3.0, 1.0, BROWSED, 0.4), 0.75),
        ((3.0, 1.0, SEARCHABLE, 0.4), 0.3),
        ((3.0, 1.0, INVITATION, 0.4), 0.3),
        ((0.0, 1.0, BROWSED, 1.0), 0.0),
    ],
}

CASES = {
    "time_and_cash": TIME_AND_CASH,
    "value_core": VALUE_CORE,
    "structure": STRUCTURE,
    "aggregation": AGGREGATION,
    "interest": INTEREST,
    "belonging": BELONGING,
    "influence": INFLUENCE,
    "evolution": EVOLUTION,
    "initiation": INITIATION,
}
EACH_CASE = [
    pytest.param(point, name, arguments, answer, id=f"{point}.{name}-{number}")
    for point, functions in CASES.items()
    for name, cases in functions.items()
    for number, (arguments, answer) in enumerate(cases)
]


def rule(point: str, name: str):
    home = rules.POINTS[point]
    files = (home, asking, entry, leaving, splitting)
    return getattr(next(file for file in files if hasattr(file, name)), name)


@pytest.mark.parametrize(("point", "name", "arguments", "answer"), EACH_CASE)
def test_a_rule_function_gives_the_number_worked_out_by_hand(point, name, arguments, answer):
    assert rule(point, name)(*arguments) == pytest.approx(answer, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("point", "name", "arguments", "answer"), EACH_CASE)
def test_a_rule_function_gives_the_same_bits_interpreted(point, name, arguments, answer):
    function = rule(point, name)
    assert getattr(function, "py_func", function)(*arguments) == function(*arguments)


def test_messages_by_hand():
    for group, drawn in MESSAGE_DRAWS.items():
        assert uniform(1, 1, 21, 1, group) == pytest.approx(drawn, abs=5e-5)


def test_messages_follow_their_talkative_days_and_end():
    for group in range(20):
        normal = standard_normal(5, 2, value_core.MESSAGES_MEAN, 9, group)
        further = poisson(2.0 * math.exp(normal), uniform(5, 2, value_core.MESSAGES, 9, group))
        assert value_core.number_of_messages(5, 2, 9, group, math.log(2.0), 1.0) == 1 + further
    assert value_core.number_of_messages(5, 2, 9, 1, 700.0, 0.0) < 1000


def test_keys_of_new_groups_have_32_bits_and_depend_on_all_three():
    keys = {evolution.new_key(d, p, m) for d in (1, 2) for p in (3, 4) for m in (0, 5)}
    assert len(keys) == 8
    assert all(0 <= key <= MASK for key in keys)


def test_joint_product_by_hand():
    # (1^0.5 + 4^0.5)^2 = 9; a kind alone is worth itself; nothing is worth nothing
    supplies = np.array([[1.0, 4.0], [0.0, 4.0], [0.0, 0.0], [2.0, 3.0]])
    worth = [aggregation.joint_product(supplies, g, 0.5) for g in range(3)]
    assert worth == pytest.approx([9.0, 4.0, 0.0])
    assert aggregation.joint_product(supplies, 3, 1.0) == pytest.approx(5.0)
    # power 3/4: (1 + 4^0.75)^(4/3) = (1 + 2.8284271247)^(1.3333...) = 3.8284271247^1.3333 = 5.98909
    assert aggregation.joint_product(supplies, 0, 0.75) == pytest.approx(5.98909, rel=1e-6)


def test_a_group_with_nobody_there_keeps_its_cash_and_holds_up_no_other():
    two, none = np.zeros(2), np.full(2, -1)
    pool, paid, made = np.array([5.0, 0.0]), np.zeros(2), np.zeros(2)
    # each makes 2 * 0.6 * 3 = 3.6; nobody is there in the first; half of the second's is paid
    aggregation.aggregate(
        0, 2, none, none, np.array([[0.6, 0.8]] * 2), np.array([[3.0]] * 2), np.full(2, 2.0),
        np.full(2, 2.0), np.ones(2), np.array([0, 4]), two.copy(), pool, made, two.copy(), paid,
        two.copy(), two.copy(), two.copy(), 1.0, 0.5, 0, -1,
    )  # fmt: skip
    assert made.tolist() == pytest.approx([3.6, 3.6])
    assert pool.tolist() == pytest.approx([8.6, 1.8])
    assert paid.tolist() == pytest.approx([0.0, 1.8])


def test_share_in_by_hand():
    core = np.array([[0.48, 0.6, 0.64], [1.0, 0.0, 0.0]])
    assert aggregation.share_in(core, 0, 0, 2) == pytest.approx(0.8)  # 0.2304 + 0.4096 = 0.64
    assert aggregation.share_in(core, 0, 1, -1) == pytest.approx(0.6)
    assert aggregation.share_in(core, 0, -1, -1) == 0.0
    assert aggregation.share_in(core, 1, 1, 2) == 0.0


def test_vectors_by_hand():
    vectors = np.array([[3.0, 4.0], [0.0, 0.0], [0.6, 0.8]])
    assert value_core.dot(vectors, 0, vectors, 2) == pytest.approx(5.0)  # 1.8 + 3.2
    value_core.to_unit_length(vectors, 0)
    assert vectors[0].tolist() == pytest.approx([0.6, 0.8])
    value_core.normalise_rows(vectors)
    assert vectors[1].tolist() == [0.0, 0.0], "a row of zeros stays"
    assert vectors[2].tolist() == pytest.approx([0.6, 0.8])


def test_silence_by_hand():
    voice, silence = np.array([0.0, 0.5, 1.0]), np.empty(3)
    value_core.quieten(voice, silence)
    # ln 1, ln 1/2, and for a voice of 1 the logarithm of 10^-12, which is finite
    assert silence.tolist() == pytest.approx([0.0, -0.6931471806, -27.631021], rel=1e-5)


def test_who_is_nearer_by_hand():
    values = np.array([[1.0, 0.0], [0.8, 0.6], [0.0, 1.0]])
    core = np.array([[0.6, 0.8], [0.8, 0.6]])
    # person 0: to the rebel 1 it is 0.8, to the cores 0.6 and 0.8; as near is not nearer
    assert bool(splitting.is_nearer(values, 0, 1, core, 0)) is True
    assert bool(splitting.is_nearer(values, 0, 1, core, 1)) is False
    assert bool(splitting.is_nearer(values, 0, 2, core, 0)) is False


def test_hopes_of_owners_by_hand():
    fit, promised = np.empty(1), np.empty(1)
    core, values = np.array([[0.6, 0.8]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    one = np.array([0])
    initiation.hopes_of_owners(one, one, core, values, np.array([0.25, 0.0]), 0.6, fit, promised)
    assert fit[0] == pytest.approx(0.8)
    assert promised[0] == pytest.approx(0.36)  # 0.75 * 0.8 * max(0, 0.6 * 1)


def test_places_without_a_group_are_looked_at_in_vain():
    # one place of 64 is taken; the lowest 6 bits of a word name the place of each of 64 looks, so
    # that a group is found with chance 1 - (63/64)^64 = 0.635
    shown = np.full(64, -1)
    assert {asking.shown_group(1, 2, person, 3, shown) for person in range(20)} == {-1}
    shown[37] = 5
    found = [asking.shown_group(1, 2, person, 3, shown) for person in range(600)]
    looks = [
        [words(1, 2, asking.PICK_GROUP, person, 0, 3 * 64 + i)[0] % 64 for i in range(64)]
        for person in range(600)
    ]
    assert found == [5 if 37 in places else -1 for places in looks]
    assert any(37 in places and places.index(37) == 63 for places in looks), "the last look counts"
    assert found.count(5) / 600 == pytest.approx(0.635, abs=0.08)  # four standard deviations


def test_results_by_hand():
    # returns weigh 0.1 / 0.2 = 0.5, against 0.4 and 0.5; learning 0.6 * 0.5 = 0.3, against 0.2
    # and 0.3
    assert bool(observe.has_results(0.1, 0.1, 0.4, -1.0, 0.0)) is True
    assert bool(observe.has_results(0.1, 0.1, 0.5, -1.0, 0.0)) is False
    assert bool(observe.has_results(0.0, 0.1, 0.2, 0.6, 0.5)) is True
    assert bool(observe.has_results(0.0, 0.1, 0.3, 0.6, 0.5)) is False


def test_inequality_by_hand():
    # 1, 2, 3 among three: 2 * 14 / 18 - 4/3 = 2/9; one of four gives all: 3/4; none: undefined
    assert observe.gini(np.array([1.0, 2.0, 3.0]), 3) == pytest.approx(2 / 9)
    assert observe.gini(np.array([5.0]), 4) == pytest.approx(0.75)
    assert observe.gini(np.array([5.0]), 1) == pytest.approx(0.0)
    assert math.isnan(observe.gini(np.empty(0), 4))


def test_quartiles_by_hand():
    bins = np.zeros((1, 10), dtype=np.int64)
    bins[0, [1, 4, 8]] = [1, 2, 1]
    # of 4 members the first is in bin 1, the second and third in bin 4: 0.15, 0.45
    assert observe.quartile(bins, 0, 4, 0.25) == pytest.approx(0.15)
    assert observe.quartile(bins, 0, 4, 0.75) == pytest.approx(0.45)
    assert observe.quartile(bins, 0, 4, 1.0) == pytest.approx(0.85)


FURTHER_PARTS = {
    "asking": "initiation",
    "entry": "initiation",
    "leaving": "belonging",
    "splitting": "evolution",
}


def rule_functions() -> list[tuple[str, str]]:
    """Point and name of every compiled function of the rules that takes numbers only."""
    found = []
    for path in sorted(Path(rules.__file__).parent.glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and is_compiled(node) and takes_numbers(node):
                point = FURTHER_PARTS.get(path.stem, path.stem)
                found.append((point, node.name))
    return found


def is_compiled(node: ast.FunctionDef) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "compiled" for d in node.decorator_list)


def takes_numbers(node: ast.FunctionDef) -> bool:
    kinds = [ast.unparse(argument.annotation) for argument in node.args.args]
    return all(kind in {"int", "float", "bool"} for kind in kinds)


def test_every_rule_function_has_a_case_worked_out_by_hand():
    functions = rule_functions()
    assert len(functions) > 25, "rule functions are found"
    missing = [f"{point}.{name}" for point, name in functions if not CASES[point].get(name)]
    assert missing == [], "add cases with their arithmetic to CASES in this file"


def test_no_case_is_left_without_its_rule_function():
    named = {(point, name) for point, functions in CASES.items() for name in functions}
    assert named - set(rule_functions()) == set()
    for point, name in named:
        assert callable(rule(point, name))
