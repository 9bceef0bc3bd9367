"""Decisions about one record or one identifier: proofs, recycled numbers, consents, tags, notes, forgetting."""

from __future__ import annotations

from attrs import evolve

from omo_core.decisions import Accepted, Refused
from omo_core.identifiers import EventId
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
from omo_core.members.deciding import Answer, Circle, admitted, proven, version_now
from omo_core.members.describing import consent_key
from omo_core.members.events import Claim, ConsentSeen, TagsChanged
from omo_core.members.refusals import ClaimUnknown, NobodyBearsIt
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
    if command.claim.proof == "otp":
        wrong = proven(circle.rules, command, command.claim, command.otp)
        if wrong is not None:
            return Refused(wrong)
    claim = command.claim if command.claim.seen is not None else evolve(command.claim, seen=command.at)
    return Accepted((_settled(command, claim, holds=True),))


def decide_revoke(circle: Circle, command: RevokeClaim) -> Answer:
    """Settle that a record does not bear an identifier."""
    refused = admitted(circle, command, (command.profile,))
    if refused is not None:
        return refused
    claim = circle.observed.claims.get(command.profile, {}).get(command.fingerprint)
    if claim is None:
        return Refused(ClaimUnknown(fingerprint=command.fingerprint))
    return Accepted((_settled(command, claim, holds=False),))


def _settled(command: VerifyClaim | RevokeClaim, claim: Claim, *, holds: bool) -> ClaimSettled:
    return ClaimSettled(
        id=EventId(f"claim/{command.profile}:{claim.fingerprint}"),
        at=command.at,
        version=version_now(command),
        source="omo",
        profile=command.profile,
        claim=claim,
        holds=holds,
        actor=command.actor,
    )


def decide_recycle(circle: Circle, command: RecycleNumber) -> Answer:
    """Cut a number's history in two: who bore it before is not who bears it from then on."""
    refused = admitted(circle, command, ())
    if refused is not None:
        return refused
    if not any(command.fingerprint in claims for claims in circle.observed.claims.values()):
        return Refused(NobodyBearsIt(fingerprint=command.fingerprint))
    recycled = NumberRecycled(
        id=EventId(f"recycled/{command.fingerprint}:{command.request}"),
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
    shared = KeyShared(
        id=EventId(f"shared/{command.fingerprint}"),
        at=command.at,
        version=version_now(command),
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
                version=version_now(command),
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
        id=EventId(f"exported/{command.profile}:{command.request}"),
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
        id=EventId(f"tags/{command.profile}:{command.request}"),
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
        id=EventId(f"note/{command.profile}:{command.request}"),
        at=command.at,
        source="omo",
        profile=command.profile,
        actor=command.actor,
    )
    return Accepted((taken,))


def decide_consent(circle: Circle, command: SetConsent) -> Answer:
    """Write a consent down. It is the same document that the record's source speaks of: the later word counts."""
    refused = admitted(circle, command, (command.profile,))
    if refused is not None:
        return refused
    said = ConsentSeen(
        id=EventId(f"consent/{command.profile}:{consent_key(command.channel, command.purpose)}"),
        at=command.at,
        version=version_now(command),
        source="omo",
        profile=command.profile,
        channel=command.channel,
        allowed=command.allowed,
        purpose=command.purpose,
    )
    return Accepted((said,))
