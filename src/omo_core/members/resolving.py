"""Which records are one person: a pure function of what was observed, whatever the order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from attrs import frozen

from omo_core.events import Event, current
from omo_core.identifiers import Fingerprint, MemberId, ProfileId, StreamName, claim_stream, profile_stream
from omo_core.members.describing import Described, describe
from omo_core.members.events import ProfileSeen, ProfilesJoined
from omo_core.members.rules import IdentityRules


@frozen(kw_only=True)
class Link:
    """Why two records are one person."""

    one: ProfileId
    other: ProfileId
    by: str
    """The key's kind, or ``joined`` for a statement."""
    evidence: str
    """The key's fingerprint, or the statement's id."""


@frozen(kw_only=True)
class Member:
    """A person: the records that are one, and why they are."""

    id: MemberId
    """The id of the earliest record. A record that joins later never changes it; an earlier one that turns up does."""
    profiles: tuple[ProfileId, ...]
    links: tuple[Link, ...]
    consents: tuple[tuple[str, bool], ...] = ()
    """Per channel, and purpose where that is not marketing (``email/receipts``); where records differ, the stricter."""
    tags: tuple[str, ...] = ()


@frozen(kw_only=True)
class Partition:
    """Every record in exactly one member."""

    members: tuple[Member, ...]
    demoted: tuple[Fingerprint, ...] = ()
    """Keys that too many records bear, and that therefore link nobody."""

    def member_of(self, profile: ProfileId) -> Member | None:
        """Find the person that a record belongs to."""
        return next((member for member in self.members if profile in member.profiles), None)


def resolve(events: Iterable[Event], rules: IdentityRules, *, also: Iterable[ProfileId] = ()) -> Partition:
    """Part the records into persons.

    Two records are one person when they share a key that its rule lets link, or when somebody who may say so joined
    them; and so on through third records. The result depends on the set of events only. ``also`` names records that
    were never seen themselves (somebody only bought on them).
    """
    known = list(events)
    latest = current(known)
    seen = [event for event in latest if isinstance(event, ProfileSeen)]
    links, demoted = _links(seen, latest, rules)
    first_seen = list(dict.fromkeys((*_first_seen(known, latest), *sorted(also))))
    described = describe(latest)
    members = [_member(group, described, links) for group in _components(first_seen, links)]
    return Partition(members=tuple(members), demoted=demoted)


def neighbours(events: Iterable[Event], rules: IdentityRules) -> tuple[StreamName, ...]:
    """Name the streams that may hold more of the persons in a history: reading until nothing new is named is enough."""
    found: dict[StreamName, None] = {}
    for event in current(events):
        if isinstance(event, ProfileSeen):
            found[profile_stream(event.profile)] = None
            if not event.deleted:
                found.update((claim_stream(c.fingerprint), None) for c in event.claims if rules.links(c))
        elif isinstance(event, ProfilesJoined) and not event.withdrawn:
            found.update({profile_stream(event.one): None, profile_stream(event.other): None})
    return tuple(found)


def _first_seen(known: Iterable[Event], latest: Iterable[Event]) -> list[ProfileId]:
    """List the records, the earliest first; those that were only inferred come after all that somebody keeps.

    A record is as old as the earliest of all its versions, whichever of them counts, and at the same instant the
    smaller id is older. Its deletion makes it no younger and no older, unless nothing else was ever seen of it.
    """
    alive: dict[ProfileId, datetime] = {}
    gone: dict[ProfileId, datetime] = {}
    for event in known:
        if isinstance(event, ProfileSeen):
            ages = gone if event.deleted else alive
            ages[event.profile] = min(event.at, ages.get(event.profile, event.at))
    ages = {**gone, **alive}
    kept = {event.profile for event in known if isinstance(event, ProfileSeen) and not event.inferred}
    order = dict.fromkeys(sorted(ages, key=lambda profile: (profile not in kept, ages[profile], profile)))
    for event in latest:
        if isinstance(event, ProfilesJoined):
            order.update({event.one: None, event.other: None})
    return list(order)


def _links(
    seen: Sequence[ProfileSeen], latest: Iterable[Event], rules: IdentityRules
) -> tuple[list[Link], tuple[Fingerprint, ...]]:
    bearers: dict[tuple[str, Fingerprint], list[ProfileId]] = {}
    for event in seen:
        for claim in () if event.deleted else event.claims:
            if claim.until is None and rules.links(claim):
                bearers.setdefault((claim.kind, claim.fingerprint), []).append(event.profile)
    links, demoted = [], []
    for (kind, fingerprint), profiles in sorted(bearers.items()):
        distinct = sorted(dict.fromkeys(profiles))
        if len(distinct) > rules.profiles_max(kind):
            demoted.append(fingerprint)
            continue
        links += [Link(one=distinct[0], other=other, by=kind, evidence=fingerprint) for other in distinct[1:]]
    links += [
        Link(one=event.one, other=event.other, by="joined", evidence=event.id)
        for event in latest
        if isinstance(event, ProfilesJoined) and not event.withdrawn
    ]
    return links, tuple(demoted)


def _components(profiles: Sequence[ProfileId], links: Iterable[Link]) -> list[list[ProfileId]]:
    """Group records that are linked, directly or over others; groups and their records earliest first."""
    head = {profile: profile for profile in profiles}

    def find(profile: ProfileId) -> ProfileId:
        while head[profile] != profile:
            head[profile] = head[head[profile]]
            profile = head[profile]
        return profile

    age = {profile: place for place, profile in enumerate(profiles)}
    for link in links:
        if link.one in head and link.other in head:
            one, other = sorted((find(link.one), find(link.other)), key=age.__getitem__)
            head[other] = one
    groups: dict[ProfileId, list[ProfileId]] = {}
    for profile in profiles:
        groups.setdefault(find(profile), []).append(profile)
    return list(groups.values())


def _member(group: list[ProfileId], described: Mapping[ProfileId, Described], links: Iterable[Link]) -> Member:
    inside = set(group)
    known = [described[profile] for profile in group if profile in described]
    allowed: dict[str, bool] = {}
    for record in known:
        for channel, yes in record.consents.items():
            allowed[channel] = allowed.get(channel, True) and yes
    return Member(
        id=MemberId(group[0]),
        profiles=tuple(group),
        links=tuple(link for link in links if link.one in inside),
        consents=tuple(sorted(allowed.items())),
        tags=tuple(sorted({tag for record in known for tag in record.tags})),
    )
