"""Decisions about who is who: each is tried on what is known, and made if it does what was asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import cached_property

from attrs import evolve, frozen

from omo_core.decisions import Accepted, Refused
from omo_core.events import Event, current
from omo_core.identifiers import EventId, Fingerprint, ProfileId
from omo_core.instants import micros
from omo_core.members.columns import INFERRED
from omo_core.members.commands import (
    BindProfile,
    JoinProfiles,
    MemberCommand,
    OtpProof,
    PartProfiles,
    ResolveReview,
    WithdrawStatement,
)
from omo_core.members.events import Claim, ProfilesJoined
from omo_core.members.observing import Observed, observe
from omo_core.members.reasons import Stopped
from omo_core.members.refusals import (
    AlreadyApart,
    AlreadyTogether,
    HasAnother,
    KeptApart,
    KeyUseless,
    MemberRefusal,
    NobodyBearsIt,
    NotAllowed,
    NotUnderReview,
    ProofForOther,
    ProofTooOld,
    RecordForgotten,
    RecordUnknown,
    SeveralBearIt,
    StatementUnknown,
    TooLarge,
)
from omo_core.members.resolving import Member, Partition, partition
from omo_core.members.rules import IdentityRules
from omo_core.members.statements import ProfilesParted

Answer = Accepted | Refused[MemberRefusal]


@frozen(slots=False)
class Circle:
    """All that is known around the records that a decision is about."""

    events: tuple[Event, ...]
    rules: IdentityRules
    profiles: tuple[ProfileId, ...]
    """The records that are asked about."""
    unknown: tuple[ProfileId, ...] = ()
    """Those of them of which nothing was ever heard."""

    @cached_property
    def observed(self) -> Observed:
        """What counts of it."""
        return observe(self.events)

    @cached_property
    def partition(self) -> Partition:
        """Who is who now."""
        return partition(self.observed, self.rules, also=self.profiles)

    def member(self, profile: ProfileId) -> Member:
        """Give the member that bears a record."""
        return next(member for member in self.partition.members if profile in member.profiles)


def admitted(circle: Circle, command: MemberCommand, profiles: Iterable[ProfileId]) -> Refused[MemberRefusal] | None:
    """Refuse who may not ask, and what is asked about nobody."""
    may = circle.rules.roles.get(command.kind, ())
    if command.role not in may:
        return Refused(NotAllowed(role=command.role, needs=tuple(may)))
    for profile in profiles:
        if profile in circle.unknown:
            return Refused(RecordUnknown(profile=profile))
        if profile in circle.observed.erased:
            return Refused(RecordForgotten(profile=profile))
    return None


def proven(rules: IdentityRules, command: MemberCommand, claim: Claim, otp: OtpProof | None) -> MemberRefusal | None:
    """Say what is wrong with a one-time password."""
    if otp is None or otp.fingerprint != claim.fingerprint:
        return ProofForOther(claimed=claim.fingerprint, proven=None if otp is None else otp.fingerprint)
    age = command.at - otp.at
    if not timedelta(0) <= age <= timedelta(minutes=rules.otp_minutes):
        return ProofTooOld(minutes=age // timedelta(minutes=1), limit=rules.otp_minutes)
    return None


def decide_join(circle: Circle, command: JoinProfiles) -> Answer:
    """Staff makes one member of two: whatever keys and names say, but no larger than a person can be."""
    refused = admitted(circle, command, (command.one, command.other))
    return refused or _join(circle, command, command.one, command.other, command.reason)


def decide_part(circle: Circle, command: PartProfiles) -> Answer:
    """Staff says that some records of a member are another person: a statement that no key overrules."""
    refused = admitted(circle, command, command.profiles)
    if refused is not None:
        return refused
    ones = tuple(sorted(dict.fromkeys(command.profiles)))
    return _part(circle, command, ones, command.reason)


def decide_withdraw(circle: Circle, command: WithdrawStatement) -> Answer:
    """Take a statement back: everything is as if it had not been made, with what happened since."""
    refused = admitted(circle, command, (command.profile,))
    if refused is not None:
        return refused
    for event in current(circle.events):
        if isinstance(event, ProfilesJoined | ProfilesParted) and event.id == command.statement and not event.withdrawn:
            return Accepted((evolve(event, version=event.version + 1, withdrawn=True, actor=command.actor),))
    return Refused(StatementUnknown(statement=command.statement))


def decide_review(circle: Circle, command: ResolveReview) -> Answer:
    """Settle what a guard left open: the two are one, or they are not."""
    refused = admitted(circle, command, (command.one, command.other))
    if refused is not None:
        return refused
    one, other = circle.member(command.one), circle.member(command.other)
    # Who said "different" may come to say "same"; to say "different" twice is to decide nothing.
    items = circle.partition.stopped if command.same else circle.partition.waiting
    if not _under_review(items, one, other):
        return Refused(NotUnderReview(one=command.one, other=command.other))
    if command.same:
        return _join(circle, command, command.one, command.other, command.reason)
    return Accepted((_parted(command, (command.one,), (command.other,), command.reason, circle),))


def _under_review(stopped: Iterable[Stopped], one: Member, other: Member) -> bool:
    return any(
        (item.one in one.profiles and item.other in other.profiles)
        or (item.one in other.profiles and item.other in one.profiles)
        for item in stopped
    )


def decide_bind(circle: Circle, command: BindProfile) -> Answer:
    """The shopper has proven a phone or an e-mail: the record is whoever bears it, if that is one member."""
    refused = admitted(circle, command, (command.profile,))
    if refused is not None:
        return refused
    wrong = proven(circle.rules, command, command.claim, command.otp) or _useless(circle, command.claim.fingerprint)
    if wrong is not None:
        return Refused(wrong)
    me, key = circle.member(command.profile), command.claim.fingerprint
    bearers = [profile for profile, claims in circle.observed.claims.items() if key in claims]
    members = {each.id: each for each in map(circle.member, bearers) if each.id != me.id}
    if not bearers:
        return Refused(NobodyBearsIt(fingerprint=key))
    if not members:
        return Refused(AlreadyTogether(member=me.id))
    if len(members) > 1:
        return Refused(SeveralBearIt(members=tuple(sorted(members))))
    (bearer,) = members.values()
    return _bind(circle, command, me, bearer)


def _useless(circle: Circle, key: Fingerprint) -> KeyUseless | None:
    if key in circle.rules.blocked:
        return KeyUseless(fingerprint=key, why="blocked")
    found = next((each for each in circle.partition.demoted if each.fingerprint == key), None)
    return None if found is None else KeyUseless(fingerprint=key, why=found.why.kind)


def _bind(circle: Circle, command: BindProfile, me: Member, bearer: Member) -> Answer:
    limits = [(rule.kind, rule.values_max) for rule in circle.rules.keys if rule.values_max is not None]
    for kind, limit in limits:
        mine, theirs = _values(circle, me, kind), _values(circle, bearer, kind)
        for provider in mine.keys() & theirs.keys():
            both = {*mine[provider], *theirs[provider]}
            if len(both) > max(limit, len(mine[provider]), len(theirs[provider])):
                return Refused(HasAnother(of=kind, limit=limit))
    if _said_apart(circle, me, bearer):
        return Refused(KeptApart(member=bearer.id))
    return _join(circle, command, command.profile, ProfileId(bearer.id), f"proven by {command.otp.challenge:.100}")


def _said_apart(circle: Circle, one: Member, other: Member) -> bool:
    """Say whether somebody parted records of the two; a shopper's proof does not overrule that."""
    sides = [
        (event.ones, event.others)
        for event in circle.observed.latest
        if isinstance(event, ProfilesParted) and not event.withdrawn
    ]
    return any(
        {*ones} & {*mine.profiles} and {*others} & {*theirs.profiles}
        for ones, others in sides
        for mine, theirs in ((one, other), (other, one))
    )


def _values(circle: Circle, member: Member, kind: str) -> dict[str, set[Fingerprint]]:
    found: dict[str, set[Fingerprint]] = {}
    for profile in member.profiles:
        for claim in circle.observed.claims.get(profile, {}).values():
            if claim.kind == kind and circle.rules.links(claim):
                found.setdefault(claim.provider, set()).add(claim.fingerprint)
    return found


def _join(circle: Circle, command: MemberCommand, one: ProfileId, other: ProfileId, reason: str) -> Answer:
    first, second = circle.member(one), circle.member(other)
    if first.id == second.id:
        return Refused(AlreadyTogether(member=first.id))
    records = len(first.profiles) + len(second.profiles)
    if records > circle.rules.records_max:
        return Refused(TooLarge(records=records, limit=circle.rules.records_max))
    return Accepted((_joined(command, one, other, reason, circle),))


def _part(circle: Circle, command: PartProfiles, ones: tuple[ProfileId, ...], reason: str) -> Answer:
    members = {member.id: member for member in map(circle.member, ones)}
    rest = sorted(profile for member in members.values() for profile in member.profiles if profile not in ones)
    if len(members) > 1 or not rest:
        return Refused(AlreadyApart(members=tuple(sorted(members))))
    others = tuple(profile for profile in rest if not _made_up(circle, profile)) or tuple(rest)
    return Accepted((_parted(command, ones, others, reason, circle),))


def _made_up(circle: Circle, profile: ProfileId) -> bool:
    """Say whether a record was made up from an identifier alone: it goes with whoever bears that, unless named."""
    return circle.observed.ages.get(profile, (0, 0))[0] == INFERRED


def _joined(command: MemberCommand, one: ProfileId, other: ProfileId, reason: str, circle: Circle) -> ProfilesJoined:
    first, second = sorted((one, other))
    name = EventId(f"joined/{first}:{second}")
    return ProfilesJoined(
        id=name,
        at=command.at,
        version=_next(circle, name),
        source="omo",
        one=first,
        other=second,
        reason=reason,
        actor=command.actor,
    )


def _parted(
    command: MemberCommand, ones: tuple[ProfileId, ...], others: tuple[ProfileId, ...], reason: str, circle: Circle
) -> ProfilesParted:
    name = EventId(f"parted/{command.request}")
    return ProfilesParted(
        id=name,
        at=command.at,
        version=_next(circle, name),
        source="omo",
        ones=ones,
        others=others,
        reason=reason,
        actor=command.actor,
    )


def _next(circle: Circle, name: EventId) -> int:
    """Give the version after the last of a statement."""
    return max((event.version + 1 for event in circle.events if event.id == name), default=0)


def version_now(command: MemberCommand) -> int:
    """Give the version of what is said at the moment of asking."""
    return micros(command.at)
