"""Codes that stand in columns for words: standings, reasons of leaving, and the like."""

from __future__ import annotations

OWNER, CORE, CONTRIBUTOR, LURKER, QUIET, TROUBLEMAKER = range(6)
STANDINGS = ("owner", "core", "contributor", "lurker", "quiet", "troublemaker")

QUIT, MOVED, REMOVED, SPLIT, DRIFTED_OFF, GROUP_ENDED, OWNER_LEFT = range(7)
REASONS = ("quit", "moved", "removed", "split", "drifted off", "group ended", "owner left")

JOINED, DECLINED, REFUSED, FULL, BUSY, OFFERED = range(6)
OUTCOMES = ("joined", "declined", "refused", "full", "busy", "offered")

WHY = {
    "value_mismatch": "The group stood for other things than he cares about.",
    "weak_supply": "The others gave too little.",
    "crowding": "The group was too large to be looked after.",
    "trouble": "Trouble and advertising drowned the rest.",
    "no_returns": "He got little in return, or nothing.",
    "little_trust": "He trusted the owner little.",
    "no_friends": "He knew few people there, or nobody.",
    "restlessness": "He lacked nothing; people leave at times all the same.",
    "no_time": "He had no time for another group besides.",
    "better_group": "Another group promised more.",
    "removed": "He was removed.",
    "group_ended": "The group ended.",
    "event": "The scenario had him leave.",
    "own_program": "His own program had him leave.",
}
"""Reasons, each with what it says."""

INVITATION, SEARCHABLE, BROWSED = range(3)
DISCOVERIES = ("invitation", "searchable", "browsed")

DRAGGED, ASKED = range(2)
ENTRIES = ("dragged", "asked")

REMOVED_BY_OWNER, REMOVED_BY_OWNER_AND_CORE, REMOVED_BY_CORE = range(3)
REMOVERS = ("owner", "owner_and_core", "core")

FORMING, VALUE, COMMERCE, LIFE, SILENT, ENDED = range(6)
STAGES = ("forming", "value", "commerce", "life", "silent", "ended")

NOBODY = -1
NEVER = -1

EVENTS = (
    "founded", "opened", "split", "dissolved", "owner_leaves", "owner_silent", "supply_stops",
    "advertising", "red_envelopes", "meet_up", "rules_changed", "rival_opens",
)  # fmt: skip
FOUNDED, OPENED, SPLIT_OFF, DISSOLVED = range(4)
