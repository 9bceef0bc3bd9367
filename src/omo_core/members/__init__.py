"""Members: which customer records are one person."""

from omo_core.members.claims import fingerprint
from omo_core.members.describing import DESCRIBING
from omo_core.members.events import Claim, ConsentSeen, ProfileSeen, ProfilesJoined, TagsChanged, TagsSeen
from omo_core.members.resolving import Link, Member, Partition, neighbours, resolve
from omo_core.members.rules import DEFAULT_RULES, IdentityRules, KeyRule

__all__ = [
    "DEFAULT_RULES",
    "DESCRIBING",
    "Claim",
    "ConsentSeen",
    "IdentityRules",
    "KeyRule",
    "Link",
    "Member",
    "Partition",
    "ProfileSeen",
    "ProfilesJoined",
    "TagsChanged",
    "TagsSeen",
    "fingerprint",
    "neighbours",
    "resolve",
]
