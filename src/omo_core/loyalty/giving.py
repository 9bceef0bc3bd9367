"""Answers to commands about what staff may give besides points: a tier, and points that had expired."""

from __future__ import annotations

from omo_core.decisions import Accepted, Refused
from omo_core.identifiers import EventId
from omo_core.loyalty.commands import GrantTier, ReinstatePoints
from omo_core.loyalty.deciding import Answer, Case
from omo_core.loyalty.events import ExpiredPointsReinstated, TierGranted
from omo_core.loyalty.moves import expired_since
from omo_core.loyalty.refusals import NothingExpired, ProgrammeNotOpen, TierUnknown


def decide_grant_tier(case: Case, command: GrantTier) -> Answer:
    """Allow any tier of that day's ladder to be given but everybody's."""
    version = case.folding.programme.version_at(command.at)
    if version is None:
        return Refused(ProgrammeNotOpen())
    known = tuple(tier.name for tier in version.ladder.tiers[1:]) if version.ladder is not None else ()
    if command.tier not in known:
        return Refused(TierUnknown(tier=command.tier, known=known))
    event = TierGranted(
        id=EventId(f"tier/{command.request}"),
        at=command.at,
        source="omo",
        profile=command.profile,
        programme=command.programme,
        tier=command.tier,
        until=command.until,
        reason=command.reason,
        reviewed=command.reviewed,
        actor=command.actor,
    )
    return Accepted((event,))


def decide_reinstate(case: Case, command: ReinstatePoints) -> Answer:
    """Give back what had expired by then, if anything has."""
    if case.folding.programme.version_at(command.at) is None:
        return Refused(ProgrammeNotOpen())
    if not expired_since(case.as_of(command).ledger, command.expired_since):
        return Refused(NothingExpired())
    event = ExpiredPointsReinstated(
        id=EventId(f"reinstated/{command.request}"),
        at=command.at,
        source="omo",
        profile=command.profile,
        programme=command.programme,
        expired_since=command.expired_since,
        expires_at=command.expires_at,
        reason=command.reason,
        actor=command.actor,
    )
    return Accepted((event,))
