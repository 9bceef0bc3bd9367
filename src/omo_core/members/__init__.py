"""Members: which customer records are one person."""

from omo_core.members.changing import Regrouped, regrouped
from omo_core.members.claims import fingerprint
from omo_core.members.describing import DESCRIBING
from omo_core.members.events import Claim, ConsentSeen, ProfileSeen, ProfilesJoined, TagsChanged, TagsSeen
from omo_core.members.reasons import Demoted, Reason, Stopped
from omo_core.members.refusals import MemberRefusal
from omo_core.members.resolving import Link, Member, Partition, neighbours, resolve
from omo_core.members.rules import DEFAULT_RULES, IdentityRules, KeyRule
from omo_core.members.statements import (
    ClaimSettled,
    ExportRequested,
    KeyShared,
    MatchProposed,
    NoteTaken,
    NumberRecycled,
    ProfilesParted,
    RecordErased,
    RecordExported,
    TraitsSeen,
)
from omo_core.members.surveying import Survey, survey
from omo_core.members.surviving import FieldRule, Sighting, Survivor, survive

__all__ = [
    "DEFAULT_RULES",
    "DESCRIBING",
    "Claim",
    "ClaimSettled",
    "ConsentSeen",
    "Demoted",
    "ExportRequested",
    "FieldRule",
    "IdentityRules",
    "KeyRule",
    "KeyShared",
    "Link",
    "MatchProposed",
    "Member",
    "MemberRefusal",
    "NoteTaken",
    "NumberRecycled",
    "Partition",
    "ProfileSeen",
    "ProfilesJoined",
    "ProfilesParted",
    "Reason",
    "RecordErased",
    "RecordExported",
    "Regrouped",
    "Sighting",
    "Stopped",
    "Survey",
    "Survivor",
    "TagsChanged",
    "TagsSeen",
    "TraitsSeen",
    "fingerprint",
    "neighbours",
    "regrouped",
    "resolve",
    "survey",
    "survive",
]
