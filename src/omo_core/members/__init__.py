"""Members: which customer records are one person."""

from omo_core.members.claims import fingerprint
from omo_core.members.events import Claim, ProfileSeen, ProfilesJoined
from omo_core.members.resolving import Link, Member, Partition, neighbours, resolve
from omo_core.members.rules import DEFAULT_RULES, IdentityRules, KeyRule

__all__ = [
    "DEFAULT_RULES",
    "Claim",
    "IdentityRules",
    "KeyRule",
    "Link",
    "Member",
    "Partition",
    "ProfileSeen",
    "ProfilesJoined",
    "fingerprint",
    "neighbours",
    "resolve",
]
