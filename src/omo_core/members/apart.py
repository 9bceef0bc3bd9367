"""What lies between two persons: every reason why what their records share does not make them one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from omo_core.identifiers import EventId, ProfileId
from omo_core.members.columns import Columns
from omo_core.members.events import Claim, ProfileSeen
from omo_core.members.observing import Name, Observed
from omo_core.members.persons import Parting
from omo_core.members.reasons import (
    Deleted,
    Demoted,
    Dropped,
    Erased,
    NoRule,
    Reason,
    Revoked,
    SaidApart,
    Stopped,
    Unverified,
)
from omo_core.members.resolving import Member, kept_apart
from omo_core.members.running import Run, cut, ruled
from omo_core.members.statements import ClaimSettled, RecordErased


def between(parting: Parting, observed: Observed, first: Member, second: Member) -> tuple[Stopped, ...]:
    """List what keeps two members apart, pair of records by pair; keys that join nobody at all are not among it.

    Not only what is kept as an item for review: a shop's list has one item where a key changed hands, here each of
    those who bore it before is told apart from each who bore it after.
    """
    said = [*_by_statements(parting, first, second), *_erased(observed, first, second)]
    stopped = [item for item in kept_apart(parting) if _crosses(item, first, second)]
    found = [*said, *(item for item in stopped if not said or not isinstance(item.why, SaidApart))]
    ever = observed.ever
    for one in first.profiles:
        for other in second.profiles:
            shared = ever.get(one, {}).keys() & ever.get(other, {}).keys()
            found += _of_pair(parting, observed, (one, other), sorted(shared))
    listed = dict.fromkeys(found)
    return tuple(sorted(listed, key=lambda each: (each.one, each.other, each.by, each.evidence, each.why.kind)))


def useless(parting: Parting, observed: Observed, first: Member, second: Member) -> tuple[Demoted, ...]:
    """List the identifiers that both members bear, however verified, and that join nobody."""
    by, mine, theirs = ruled(parting.columns, parting.rules), _names(observed, first), _names(observed, second)
    found = []
    for name in sorted(mine.keys() & theirs.keys()):
        place = _place(parting.columns, name)
        if place is not None:
            why = by.useless(place, len(parting.columns.claims_of(place)))
            found += [] if why is None else [Demoted(fingerprint=name[2], by=name[0], why=why)]
    keys = {name[2] for name in mine.keys() & theirs.keys()}
    found += [each for each in parting.demoted if each.fingerprint in keys]
    return tuple(dict.fromkeys(found))


def _names(observed: Observed, member: Member) -> Mapping[Name, None]:
    return {name: None for profile in member.profiles for name in observed.claims.get(profile, {})}


def _place(columns: Columns, name: Name) -> int | None:
    return columns.key_place((name[0], name[1]), name[2])


def _crosses(item: Stopped, first: Member, second: Member) -> bool:
    return (item.one in first.profiles and item.other in second.profiles) or (
        item.other in first.profiles and item.one in second.profiles
    )


def _stopped(one: ProfileId, other: ProfileId, name: Name | tuple[str, str, str], why: Reason) -> Stopped:
    first, second = sorted((one, other))
    return Stopped(one=first, other=second, by=name[0], evidence=name[2], why=why)


def _by_statements(parting: Parting, first: Member, second: Member) -> Iterator[Stopped]:
    names = parting.columns.names
    for pair in parting.columns.pairs:
        for one, other in ((one, other) for one in pair.ones for other in pair.others):
            item = _stopped(names[one], names[other], ("parted", "", pair.id), SaidApart())
            if not pair.together and _crosses(item, first, second):
                yield item


def _erased(observed: Observed, first: Member, second: Member) -> Iterator[Stopped]:
    for event in observed.latest:
        if isinstance(event, RecordErased) and (event.profile in first.profiles or event.profile in second.profiles):
            other = second if event.profile in first.profiles else first
            yield _stopped(event.profile, other.profiles[0], ("erased", "", event.id), Erased())


@frozen
class _Pair:
    """Two records, and the claims of each to one identifier, as far as it bears it."""

    records: tuple[ProfileId, ProfileId]
    name: Name
    claims: tuple[Claim | None, Claim | None]


def _of_pair(
    parting: Parting, observed: Observed, records: tuple[ProfileId, ProfileId], names: Sequence[Name]
) -> Iterator[Stopped]:
    """Say what became of each identifier that both records bear, or have borne."""
    mine, theirs = (observed.claims.get(record, {}) for record in records)
    for name in names:
        pair = _Pair(records, name, (mine.get(name), theirs.get(name)))
        for why in _reasons(parting, observed, pair):
            yield _stopped(*records, name, why)


def _reasons(parting: Parting, observed: Observed, pair: _Pair) -> Iterable[Reason]:
    rules = parting.rules
    if not rules.knows(pair.name[0]):
        return [NoRule()]
    if any(record in observed.erased for record in pair.records):
        return []
    if None in pair.claims:
        gone = zip(pair.records, pair.claims, strict=True)
        return [_gone(observed, record, pair.name) for record, claim in gone if claim is None]
    if not all(claim is not None and rules.links(claim) for claim in pair.claims):
        return [Unverified()]
    return _cut(parting, pair)


def _gone(observed: Observed, profile: ProfileId, name: Name) -> Reason:
    """Say why a record does not bear an identifier any more."""
    settled: EventId | None = None
    for event in observed.latest:
        if isinstance(event, ProfileSeen) and event.profile == profile and event.deleted:
            return Deleted()
        if isinstance(event, ClaimSettled) and event.profile == profile and not event.holds:
            claim = event.claim
            settled = event.id if (claim.kind, claim.provider, claim.fingerprint) == name else settled
    return Dropped() if settled is None else Revoked(statement=settled)


def _cut(parting: Parting, pair: _Pair) -> list[Reason]:
    """Say whether a key changed hands between two records that bear it."""
    filled = parting.columns
    by, key = ruled(filled, parting.rules), _place(filled, pair.name)
    if key is None:
        return []
    claims = filled.claims_of(key)
    if by.useless(key, len(claims)) is not None:
        return []
    apart = cut(by, key, claims)
    places = sorted(_in_runs(filled, apart, record) for record in pair.records)
    if places[0] == places[1] or parting.said_apart(*(parting.place(record) for record in pair.records)):
        return []
    why = apart[places[0] + 1].why
    return [] if why is None else [why]


def _in_runs(filled: Columns, apart: Sequence[Run], profile: ProfileId) -> int:
    record = filled.place(profile)
    return next(place for place, run in enumerate(apart) if any(filled.record[claim] == record for claim in run.claims))
