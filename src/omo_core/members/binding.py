"""Binding a record to whoever bears an identifier, on the proof of a one-time password."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from omo_core.decisions import Refused
from omo_core.identifiers import ProfileId
from omo_core.instants import micros
from omo_core.members.bearing import Bearers, bearing
from omo_core.members.circle import Answer, Circle, admitted
from omo_core.members.commands import BindProfile, MemberCommand, OtpProof
from omo_core.members.deciding import join, joined
from omo_core.members.events import Claim, ProfilesJoined
from omo_core.members.reasons import GivenUp, Unverified
from omo_core.members.refusals import (
    AlreadyTogether,
    HasAnother,
    KeptApart,
    KeyUseless,
    MemberRefusal,
    NobodyBearsIt,
    ProofForOther,
    ProofTooOld,
    ProofUsed,
    SeveralBearIt,
)
from omo_core.members.resolving import Member
from omo_core.members.statements import ClaimSettled


def proven(circle: Circle, command: MemberCommand, profile: ProfileId, claim: Claim) -> MemberRefusal | None:
    """Say what is wrong with a command's one-time password: it proves one identifier, for a while, for one record."""
    otp: OtpProof | None = getattr(command, "otp", None)
    if otp is None or otp.fingerprint != claim.fingerprint:
        return ProofForOther(claimed=claim.fingerprint, proven=None if otp is None else otp.fingerprint)
    age = command.at - otp.at
    if not timedelta(0) <= age <= timedelta(minutes=circle.rules.otp_minutes):
        return ProofTooOld(minutes=age // timedelta(minutes=1), limit=circle.rules.otp_minutes)
    return ProofUsed(challenge=otp.challenge) if _used(circle, profile, otp) else None


def _used(circle: Circle, profile: ProfileId, otp: OtpProof) -> bool:
    """Say whether a one-time password has proven something for another record."""
    for event in circle.events:
        if isinstance(event, ProfilesJoined):
            used = event.proven == otp.fingerprint and profile not in (event.one, event.other)
        elif isinstance(event, ClaimSettled):
            used = event.claim.fingerprint == otp.fingerprint and event.profile != profile
        else:
            continue
        if used and event.challenge == otp.challenge:
            return True
    return False


def decide_bind(circle: Circle, command: BindProfile) -> Answer:
    """The shopper has proven a phone or an e-mail: the record is whoever bears it now, if that is one member.

    Only a record whose own claim links by the rules bears it. Who merely typed it, gave it up, or bore it before it was
    given to somebody else, does not; nor does whoever has not used it for so long that nobody can tell.
    """
    refused = admitted(circle, command, (command.profile,))
    if refused is not None:
        return refused
    wrong = proven(circle, command, command.profile, command.claim)
    if wrong is not None:
        return Refused(wrong)
    me, key, found = circle.member(command.profile), command.claim.fingerprint, _bearers(circle, command)
    if found.why is not None and not isinstance(found.why, GivenUp):
        return Refused(KeyUseless(fingerprint=key, why=found.why.kind))
    if not found.records:
        return Refused(NobodyBearsIt(fingerprint=key))
    names = [circle.parting.columns.names[record] for record in found.records]
    members = {each.id: each for each in map(circle.member, names) if each.id != me.id}
    if not members:
        return Refused(AlreadyTogether(member=me.id))
    if len(members) > 1:
        return Refused(SeveralBearIt(members=tuple(sorted(members))))
    (bearer,) = members.values()
    return _bind(circle, command, bearer, names)


def _bearers(circle: Circle, command: BindProfile) -> Bearers:
    """Say who bears what was proven, at the moment at which it was."""
    claim, filled = command.claim, circle.parting.columns
    if not any(rule.kind == claim.kind and "otp" in rule.proofs for rule in circle.rules.keys):
        return Bearers(why=Unverified())
    place = filled.key_place((claim.kind, claim.provider), claim.fingerprint)
    return Bearers() if place is None else bearing(filled, circle.rules, place, micros(command.otp.at))


def _bind(circle: Circle, command: BindProfile, bearer: Member, names: Sequence[ProfileId]) -> Answer:
    """Join a record to the member's earliest record that bears what was proven."""
    other = next(profile for profile in bearer.profiles if profile in names)
    places = (circle.parting.place(command.profile), circle.parting.place(other))
    many = circle.parting.too_many(*places)
    if many is not None:
        return Refused(HasAnother(of=many.of, limit=many.limit))
    if circle.parting.said_apart(*places):
        return Refused(KeptApart(member=bearer.id))
    said = joined(
        circle,
        command,
        (command.profile, other),
        f"proven by {command.otp.challenge:.100}",
        proven=command.otp.fingerprint,
        challenge=command.otp.challenge,
    )
    return join(circle, said)
