"""Decisions about one record or one identifier: proofs, recycled numbers, consents, tags, notes, forgetting."""

from __future__ import annotations

from attrs import evolve

from omo_core.decisions import Accepted, Refused
from omo_core.identifiers import EventId, compound
from omo_core.members.binding import proven
from omo_core.members.circle import Answer, Circle, admitted
from omo_core.members.commands import (
    ExportMember,
    ForgetMember,
    NoteProfile,
    RecycleNumber,
    RevokeClaim,
    SetConsent,
    ShareKey,
    TagProfile,
    VerifyClaim,
)
from omo_core.members.consenting import consent_key, word_on
from omo_core.members.events import CLAIMS_MAX, Claim, ConsentSeen, TagsChanged
from omo_core.members.observing import name_of
from omo_core.members.refusals import ClaimUnknown, NobodyBearsIt, StatementStands, TooManyClaims
from omo_core.members.statements import (
    ClaimSettled,
    KeyShared,
    NoteTaken,
    NumberRecycled,
    RecordErased,
    RecordExported,
)


def decide_verify(circle: Circle, command: VerifyClaim) -> Answer:
    """Settle that a record bears an identifier; a proof by one-time password has to be there."""
    refused = admitted(circle, command, (command.profile,))
    if refused is not None:
        return refused
    name = name_of(command.claim)
    if command.claim.proof == "otp":
        wrong = proven(circle, command, command.profile, command.claim)
        if wrong is not None:
            return Refused(wrong)
    borne = circle.observed.claims.get(command.profile, {})
    if name not in borne and len(borne) >= CLAIMS_MAX:
        return Refused(TooManyClaims(claims=len(borne), limit=CLAIMS_MAX))
    claim = command.claim if command.claim.seen is not None else evolve(command.claim, seen=command.at)
    challenge = command.otp.challenge if command.otp is not None and claim.proof == "otp" else ""
    return Accepted((_settled(circle, command, claim, holds=True, challenge=challenge),))


def decide_revoke(circle: Circle, command: RevokeClaim) -> Answer:
    """Settle that a record does not bear an identifier."""
    refused = admitted(circle, command, (command.profile,))
    if refused is not None:
        return refused
    borne = circle.observed.claims.get(command.profile, {})
    claims = [claim for name, claim in sorted(borne.items()) if claim.fingerprint == command.fingerprint]
    if not claims:
        return Refused(ClaimUnknown(fingerprint=command.fingerprint))
    return Accepted(tuple(_settled(circle, command, claim, holds=False) for claim in claims))


def _settled(
    circle: Circle, command: VerifyClaim | RevokeClaim, claim: Claim, *, holds: bool, challenge: str = ""
) -> ClaimSettled:
    """Settle one identifier of one record, in versions; another provider's is another."""
    provider = (claim.provider,) if claim.provider else ()
    name = compound("claim", command.profile, claim.kind, claim.fingerprint, *provider)
    return ClaimSettled(
        id=name,
        at=command.at,
        version=circle.version_now(name, command),
        source="omo",
        profile=command.profile,
        claim=claim,
        holds=holds,
        actor=command.actor,
        challenge=challenge,
    )


def decide_recycle(circle: Circle, command: RecycleNumber) -> Answer:
    """Cut a number's history in two: who bore it before is not who bears it from then on."""
    refused = admitted(circle, command, ())
    if refused is not None:
        return refused
    if not circle.observed.bearers(command.fingerprint):
        return Refused(NobodyBearsIt(fingerprint=command.fingerprint))
    recycled = NumberRecycled(
        id=compound("recycled", command.fingerprint, command.request),
        at=command.since,
        source="omo",
        fingerprint=command.fingerprint,
        actor=command.actor,
    )
    return Accepted((recycled,))


def decide_share(circle: Circle, command: ShareKey) -> Answer:
    """Let an identifier link nobody, or link again."""
    refused = admitted(circle, command, ())
    if refused is not None:
        return refused
    name = EventId(f"shared/{command.fingerprint}")
    shared = KeyShared(
        id=name,
        at=command.at,
        version=circle.version_now(name, command),
        source="omo",
        fingerprint=command.fingerprint,
        actor=command.actor,
        withdrawn=not command.shared,
    )
    return Accepted((shared,))


def decide_forget(circle: Circle, command: ForgetMember) -> Answer:
    """Forget a record, or all of its member's; the others of a merged member stay as if never merged."""
    refused = admitted(circle, command, (command.profile,))
    if refused is not None:
        return refused
    member = circle.member(command.profile)
    profiles = member.profiles if command.whole else (command.profile,)
    return Accepted(
        tuple(
            RecordErased(
                id=EventId(f"erased/{profile}"),
                at=command.at,
                version=circle.version_now(EventId(f"erased/{profile}"), command),
                source="omo",
                profile=profile,
                actor=command.actor,
            )
            for profile in profiles
            if profile not in circle.observed.erased
        )
    )


def decide_export(circle: Circle, command: ExportMember) -> Answer:
    """Remember that a record's bearer was given what is kept of it."""
    refused = admitted(circle, command, (command.profile,))
    if refused is not None:
        return refused
    exported = RecordExported(
        id=compound("exported", command.profile, command.request),
        at=command.at,
        source="omo",
        profile=command.profile,
        actor=command.actor,
    )
    return Accepted((exported,))


def decide_tag(circle: Circle, command: TagProfile) -> Answer:
    """Put tags on a record, or take them off."""
    refused = admitted(circle, command, (command.profile,))
    if refused is not None:
        return refused
    changed = TagsChanged(
        id=compound("tags", command.profile, command.request),
        at=command.at,
        source="omo",
        profile=command.profile,
        added=tuple(sorted(dict.fromkeys(command.added))),
        removed=tuple(sorted(dict.fromkeys(command.removed))),
    )
    return Accepted((changed,))


def decide_note(circle: Circle, command: NoteProfile) -> Answer:
    """Remember that there is a note; its words never stand in an event."""
    refused = admitted(circle, command, (command.profile,))
    if refused is not None:
        return refused
    taken = NoteTaken(
        id=compound("note", command.profile, command.request),
        at=command.at,
        source="omo",
        profile=command.profile,
        actor=command.actor,
    )
    return Accepted((taken,))


def decide_consent(circle: Circle, command: SetConsent) -> Answer:
    """Write a consent down. It is the same document that the record's source speaks of: the later word counts.

    A yes that is no newer than a no that is known is refused: whoever said no last has to say yes anew.
    """
    refused = admitted(circle, command, (command.profile,))
    if refused is not None:
        return refused
    channel, purpose = command.channel.lower(), command.purpose.lower()
    name = compound("consent", command.profile, consent_key(channel, purpose))
    known = word_on(circle.events, command.profile, channel, purpose)
    if command.allowed and known is not None and known.allowed is False and known.at >= command.at:
        return Refused(StatementStands(statement=known.id, said_at=known.at))
    said = ConsentSeen(
        id=name,
        at=command.at,
        version=circle.version_now(name, command),
        source="omo",
        profile=command.profile,
        channel=channel,
        allowed=command.allowed,
        purpose=purpose,
    )
    then = word_on((*circle.events, said), command.profile, channel, purpose)
    if then is not None and then.allowed is not command.allowed:
        return Refused(StatementStands(statement=then.id, said_at=then.at))
    return Accepted((said,))
