"""The plan of a day: its phases in order, and everything that the rules declare."""

from __future__ import annotations

from selforg_sim.engine.declarations import Decision, Measure, Phase
from selforg_sim.happenings import DECISIONS as HAPPENING_DECISIONS
from selforg_sim.rules import (
    POINTS,
    aggregation,
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
from selforg_sim.world import DECISIONS as BIRTH_DECISIONS

PLAN: tuple[Phase, ...] = (
    Phase(1, "open the day", "aggregation", "groups", aggregation.open_day,
          "Owners lay on red envelopes, advertising, a meet-up."),
    Phase(1, "spread time", "time_and_cash", "members", time_and_cash.spread_time,
          "Everybody spreads his time over his groups."),
    Phase(2, "give", "value_core", "members", value_core.give,
          "Members give what they are drawn to give; troublemakers disrupt."),
    Phase(3, "gather", "value_core", "sums", value_core.gather,
          "What was given is added up."),
    Phase(3, "supply", "value_core", "groups", value_core.supply,
          "Core and lately given values make the supply; noise and order follow."),
    Phase(3, "weigh", "value_core", "sums", value_core.weigh,
          "Every member's fit, and the value of what was given."),
    Phase(4, "manage", "structure", "groups", structure.manage,
          "How much of the group is looked after, and its quality."),
    Phase(5, "aggregate", "aggregation", "groups", aggregation.aggregate,
          "Cash is made of joint supply and paid out as fast as it can be realised."),
    Phase(5, "share envelopes", "time_and_cash", "sums", time_and_cash.share_envelopes,
          "Who is there takes part of a red envelope."),
    Phase(5, "book envelopes", "aggregation", "groups", aggregation.book_envelopes,
          "The owner's outlay is booked."),
    Phase(5, "receive", "time_and_cash", "members", time_and_cash.receive,
          "Members receive and remember their returns."),
    Phase(6, "experience", "interest", "members", interest.experience,
          "Members experience the value of the day."),
    Phase(7, "watch over", "belonging", "groups", belonging.watch_over,
          "What the owner gives; who may remove members is there or not."),
    Phase(8, "belong", "belonging", "members", belonging.belong,
          "Trust follows the owner; belonging follows trust and experience."),
    Phase(9, "influence and stand", "influence", "members", influence.influence_and_stand,
          "Influence, the core layer, the drift of values."),
    Phase(9, "move core", "value_core", "groups", value_core.move_core,
          "The core follows what is given."),
    Phase(10, "watch", "initiation", "members", initiation.watch,
          "The disappointed watch, then turn quiet or make trouble."),
    Phase(10, "stay or go", "belonging", "members", belonging.stay_or_go,
          "Who is removed, who leaves, who drifts off."),
    Phase(10, "depart", "belonging", "world", belonging.depart,
          "Those who leave are gone."),
    Phase(11, "reach out", "initiation", "members", asking.reach_out,
          "How many invitations each member makes."),
    Phase(11, "request", "initiation", "world", asking.collect_requests,
          "Invitations and chance encounters."),
    Phase(11, "judge", "initiation", "requests", entry.judge,
          "Everybody asked weighs the group, and the group him."),
    Phase(11, "admit", "initiation", "world", entry.admit_applicants,
          "Last seats by lot; newcomers are in."),
    Phase(12, "wish to split", "evolution", "members", splitting.wish_to_split,
          "Who would found a daughter group."),
    Phase(12, "split", "evolution", "world", splitting.split_groups,
          "Rebels leave with those who follow them."),
    Phase(12, "wish to found", "evolution", "people", evolution.wish_to_found,
          "Who would found a group of his own values."),
    Phase(12, "found", "evolution", "world", evolution.found_groups,
          "New groups open."),
    Phase(12, "fade", "evolution", "world", evolution.fade_groups,
          "Groups in which nobody gives are dissolved."),
)  # fmt: skip
"""The phases of a day in order; step 13, the measures, is taken on recorded days (``observe``)."""

DECISIONS: tuple[Decision, ...] = (
    *BIRTH_DECISIONS,
    *HAPPENING_DECISIONS,
    *(decision for point in POINTS.values() for decision in point.DECISIONS),
)
MEASURES: tuple[Measure, ...] = tuple(
    measure for point in POINTS.values() for measure in point.MEASURES
)
