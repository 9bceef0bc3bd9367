"""Decisions about who is who: each is tried on what is known, and made if it does what was asked."""

from __future__ import annotations

from attrs import evolve

from omo_core.decisions import Accepted, Refused
from omo_core.events import current
from omo_core.identifiers import EventId, Fingerprint, ProfileId, compound
from omo_core.members.apart import between
from omo_core.members.circle import Answer, Circle, admitted
from omo_core.members.columns import INFERRED
from omo_core.members.commands import JoinProfiles, MemberCommand, PartProfiles, ResolveReview, WithdrawStatement
from omo_core.members.events import ProfilesJoined
from omo_core.members.refusals import (
    AlreadyApart,
    AlreadyTogether,
    NotUnderReview,
    StatementStands,
    StatementUnknown,
    TooLarge,
    WouldFallOut,
)
from omo_core.members.statements import KeyShared, NumberRecycled, ProfilesParted

_TAKEN_BACK = (ProfilesJoined, ProfilesParted, NumberRecycled, KeyShared)


def decide_join(circle: Circle, command: JoinProfiles) -> Answer:
    """Staff makes one member of two: whatever keys and names say, but no larger than a person can be."""
    refused = admitted(circle, command, (command.one, command.other))
    return refused or join(circle, joined(circle, command, (command.one, command.other), command.reason))


def decide_part(circle: Circle, command: PartProfiles) -> Answer:
    """Staff says that some records of a member are another person: a statement that no key overrules."""
    refused = admitted(circle, command, command.profiles)
    if refused is not None:
        return refused
    ones = tuple(sorted(dict.fromkeys(command.profiles)))
    members = {member.id: member for member in map(circle.member, ones)}
    rest = sorted(profile for member in members.values() for profile in member.profiles if profile not in ones)
    if len(members) > 1 or not rest:
        return Refused(AlreadyApart(members=tuple(sorted(members))))
    others = tuple(profile for profile in rest if not _made_up(circle, profile)) or tuple(rest)
    return _part(circle, _parted(circle, command, (ones, others), command.reason))


def decide_withdraw(circle: Circle, command: WithdrawStatement) -> Answer:
    """Take a statement back: everything is as if it had not been made, with what happened since."""
    refused = admitted(circle, command, (command.profile,))
    if refused is not None:
        return refused
    said = circle.standing(command.statement)
    if not isinstance(said, _TAKEN_BACK) or said.withdrawn:
        return Refused(StatementUnknown(statement=command.statement))
    return Accepted((evolve(said, version=said.version + 1, withdrawn=True, actor=command.actor),))


def decide_review(circle: Circle, command: ResolveReview) -> Answer:
    """Settle what a guard left open: the two are one, or they are not."""
    refused = admitted(circle, command, (command.one, command.other))
    if refused is not None:
        return refused
    first, second = circle.member(command.one), circle.member(command.other)
    found = between(circle.parting, circle.observed, first, second) if first.id != second.id else ()
    # Who said "different" may come to say "same"; to say "different" twice is to decide nothing.
    if not any(item.why.for_review and (command.same or not item.decided) for item in found):
        return Refused(NotUnderReview(one=command.one, other=command.other))
    if command.same:
        return join(circle, joined(circle, command, (command.one, command.other), command.reason))
    return _part(circle, _parted(circle, command, ((command.one,), (command.other,)), command.reason))


def join(circle: Circle, said: ProfilesJoined) -> Answer:
    """Let two persons be one by a statement, if they then are: all that they are now, and nobody left behind."""
    first, second = circle.member(said.one), circle.member(said.other)
    if first.id == second.id:
        return Refused(AlreadyTogether(member=first.id))
    records = len(first.profiles) + len(second.profiles)
    if records > circle.rules.records_max:
        return Refused(TooLarge(records=records, limit=circle.rules.records_max))
    lost = _lost(circle, said)
    if not lost:
        return Accepted((said,))
    blamed = [
        event
        for event in _statements(circle, (*first.profiles, *second.profiles))
        if isinstance(event, ProfilesParted) and not _lost(circle.without(event.id), said)
    ]
    if blamed:
        return Refused(StatementStands(statement=blamed[0].id, said_at=blamed[0].at))
    return Refused(WouldFallOut(profiles=lost))


def _lost(circle: Circle, said: ProfilesJoined) -> tuple[ProfileId, ...]:
    """Say which records of two members would not be of the one that a statement makes of them."""
    both = {*circle.member(said.one).profiles, *circle.member(said.other).profiles}
    return tuple(sorted(both.difference(circle.with_event(said).member(said.one).profiles)))


def _part(circle: Circle, said: ProfilesParted) -> Answer:
    """Let records be others' by a statement, if they then are."""
    if not _still_together(circle, said):
        return Accepted((said,))
    against = [event for event in _statements(circle, (*said.ones, *said.others)) if isinstance(event, ProfilesJoined)]
    alone = [event for event in against if not _still_together(circle.without(event.id), said)]
    blamed = (alone or against)[0]
    return Refused(StatementStands(statement=blamed.id, said_at=blamed.at))


def _still_together(circle: Circle, said: ProfilesParted) -> bool:
    then = circle.with_event(said)
    return any(profile in then.member(one).profiles for one in said.ones for profile in said.others)


def _statements(circle: Circle, profiles: tuple[ProfileId, ...]) -> list[ProfilesJoined | ProfilesParted]:
    """List what was said about some records and still counts, the newest first."""
    found: list[ProfilesJoined | ProfilesParted] = []
    for event in reversed(current(circle.events)):
        if isinstance(event, ProfilesJoined | ProfilesParted) and not event.withdrawn:
            named = (event.one, event.other) if isinstance(event, ProfilesJoined) else (*event.ones, *event.others)
            if not {*named}.isdisjoint(profiles):
                found.append(event)
    return found


def _made_up(circle: Circle, profile: ProfileId) -> bool:
    """Say whether a record was made up from an identifier alone: it goes with whoever bears that, unless named."""
    return circle.observed.ages.get(profile, (0, 0))[0] == INFERRED


def joined(
    circle: Circle,
    command: MemberCommand,
    profiles: tuple[ProfileId, ProfileId],
    reason: str,
    *,
    proven: Fingerprint | None = None,
    challenge: str = "",
) -> ProfilesJoined:
    """Make the statement that two records are one person's; of two records there is one statement, in versions."""
    one, other = sorted(profiles)
    name = compound("joined", one, other)
    return ProfilesJoined(
        id=name,
        at=command.at,
        version=circle.next_version(name),
        source="omo",
        one=one,
        other=other,
        reason=reason,
        actor=command.actor,
        proven=proven,
        challenge=challenge,
    )


def _parted(
    circle: Circle, command: MemberCommand, sides: tuple[tuple[ProfileId, ...], tuple[ProfileId, ...]], reason: str
) -> ProfilesParted:
    name = EventId(f"parted/{command.request}")
    return ProfilesParted(
        id=name,
        at=command.at,
        version=circle.next_version(name),
        source="omo",
        ones=sides[0],
        others=sides[1],
        reason=reason,
        actor=command.actor,
    )
