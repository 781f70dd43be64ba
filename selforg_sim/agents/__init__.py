"""People and groups as Mesa meets them: views on rows of the engine."""

from __future__ import annotations

from selforg_sim.agents.group import Group, Membership
from selforg_sim.agents.member import Influencer, Lurker, Member, Owner, Troublemaker
from selforg_sim.agents.views import Groups, Members
from selforg_sim.agents.wishes import Invitation

__all__ = [
    "Group", "Groups", "Influencer", "Invitation", "Lurker", "Member", "Members", "Membership",
    "Owner", "Troublemaker",
]  # fmt: skip
