"""Which records are one person: a pure function of what was observed, whatever the order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from attrs import evolve, frozen

from omo_core.events import Event
from omo_core.identifiers import Fingerprint, MemberId, ProfileId, StreamName, claim_stream, profile_stream
from omo_core.joinings import Joining, earliest
from omo_core.members.bearing import reached
from omo_core.members.columns import NAMED
from omo_core.members.dating import joinings
from omo_core.members.describing import Described, describe
from omo_core.members.observing import Observed, columns, observe
from omo_core.members.parting import part
from omo_core.members.persons import Parting
from omo_core.members.reasons import Demoted, SaidApart, SaidTogether, Stopped
from omo_core.members.rules import IdentityRules
from omo_core.members.running import runs


@frozen(kw_only=True)
class Link:
    """Why two records are one person."""

    one: ProfileId
    other: ProfileId
    by: str
    """The key's kind, or ``joined`` for a statement, ``match`` for a proposal that a rule took."""
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
    joined: tuple[Joining, ...] = ()
    """Since when its records are one person, in order of time: by the earliest evidence there is."""
    erased: bool = False
    """The bearer asked to be forgotten: only the record's name and what it bought are left."""


@frozen(kw_only=True)
class Partition:
    """Every record in exactly one member."""

    members: tuple[Member, ...]
    demoted: tuple[Demoted, ...] = ()
    """Keys that link nobody, each with the reason."""
    stopped: tuple[Stopped, ...] = ()
    """What was kept apart, with the reason."""

    @property
    def waiting(self) -> tuple[Stopped, ...]:
        """Give the items for review: all that was kept apart and that nobody has decided yet."""
        return tuple(item for item in self.stopped if not item.decided)

    def member_of(self, profile: ProfileId) -> Member | None:
        """Find the person that a record belongs to."""
        return next((member for member in self.members if profile in member.profiles), None)


def resolve(events: Iterable[Event], rules: IdentityRules, *, also: Iterable[ProfileId] = ()) -> Partition:
    """Part the records into persons.

    Two records are one person when somebody who may say so said so, or when they share a key that its rule lets link
    and nothing speaks against; and so on through third records. The result depends on the set of events only.
    ``also`` names records that were never seen themselves (somebody only bought on them).
    """
    return partition(observe(events), rules, also=also)


def partition(observed: Observed, rules: IdentityRules, *, also: Iterable[ProfileId] = ()) -> Partition:
    """Part what was observed into persons."""
    return told(part(columns(observed, rules, also), rules), observed)


def told(parting: Parting, observed: Observed) -> Partition:
    """Tell a parting in the shop's words."""
    described = describe(observed.known)
    links, joined = _links(parting), joinings(parting, observed.latest)
    members = [
        _member(parting, group, described, links, joined.get(parting.find(group[0]), ()), observed)
        for group in _groups(parting)
    ]
    return Partition(members=tuple(members), demoted=demoted(parting), stopped=kept_apart(parting))


def neighbours(
    events: Iterable[Event],
    rules: IdentityRules,
    starts: Iterable[ProfileId] | None = None,
    keys: Collection[Fingerprint] = (),
) -> tuple[StreamName, ...]:
    """Name the streams that may hold more of some persons: reading until nothing new is named is enough.

    Everything that could join a record to those is followed, whether or not a guard would stop it, because who is
    joined first depends on all of it. A key that joins nobody is not. Without ``starts``, all records are meant; with
    ``keys``, whoever may be joined by one of these is meant too.
    """
    observed = observe(events)
    filled = columns(observed, rules, starts or ())
    near: dict[int, dict[int, None]] = {}
    todo = [filled.add_record(each, 0, NAMED) for each in (filled.names if starts is None else starts)]
    for level in runs(filled, rules).by_rule:
        for run in level:
            _beside(near, [filled.record[claim] for claim in run])
    for place, name in enumerate(filled.keys if keys else ()):
        if name in keys:
            todo += reached(filled, rules, place)
    for pair in filled.pairs:
        _beside(near, [*pair.ones, *pair.others])
    if rules.match_joins_at is not None:
        for _, _, one, other in filled.proposals:
            _beside(near, [one, other])
    found = dict.fromkeys(todo)
    while todo:
        new = [each for each in near.get(todo.pop(), ()) if each not in found]
        found.update(dict.fromkeys(new))
        todo += new
    return _streams([filled.names[each] for each in found], observed, rules)


def _beside(near: dict[int, dict[int, None]], records: Sequence[int]) -> None:
    for one in records:
        near.setdefault(one, {}).update(dict.fromkeys(records))


def _streams(profiles: Iterable[ProfileId], observed: Observed, rules: IdentityRules) -> tuple[StreamName, ...]:
    blocked = frozenset(rules.blocked)
    found: dict[StreamName, None] = {}
    for profile in profiles:
        found[profile_stream(profile)] = None
        for claim in observed.claims.get(profile, {}).values():
            if rules.links(claim) and claim.fingerprint not in blocked:
                found[claim_stream(claim.fingerprint)] = None
    return tuple(found)


def demoted(parting: Parting) -> tuple[Demoted, ...]:
    """List the keys that join nobody, in order of fingerprint, kind and reason."""
    found = dict.fromkeys(parting.demoted)
    return tuple(sorted(found, key=lambda each: (each.fingerprint, each.by, each.why.kind, each.bearers)))


def kept_apart(parting: Parting) -> tuple[Stopped, ...]:
    """List what was stopped, less what was stopped between records that something else joined after all.

    Where somebody has said that two are not one person, that is the reason, whatever else speaks against it.
    """
    found: dict[Stopped, None] = {}
    for item in parting.stopped:
        one, other = parting.place(item.one), parting.place(item.other)
        if isinstance(item.why, SaidTogether):
            found[item] = None
        elif parting.find(one) != parting.find(other):
            apart = item.by not in ("joined", "parted") and parting.said_apart(one, other)
            found[evolve(item, why=SaidApart()) if apart else item] = None
    return tuple(sorted(found, key=lambda each: (each.one, each.other, each.by, each.evidence, each.why.kind)))


def _groups(parting: Parting) -> list[list[int]]:
    """Group the records by person; groups and their records the oldest first."""
    age = parting.columns.age
    groups: dict[int, list[int]] = {}
    for record in sorted(range(len(parting.heads)), key=age):
        groups.setdefault(parting.find(record), []).append(record)
    return list(groups.values())


def _links(parting: Parting) -> Mapping[int, Sequence[Link]]:
    """Give each person's links, by the record that stands for it."""
    found: dict[int, list[Link]] = {}
    for each in parting.links:
        one, other = sorted((parting.columns.names[each.one], parting.columns.names[each.other]))
        by, name = evidence(parting, each.key)
        link = Link(one=one, other=other, by=by, evidence=name)
        found.setdefault(parting.find(each.one), []).append(link)
    return found


def evidence(parting: Parting, key: int) -> tuple[str, str]:
    """Name what made a link: its kind, and the key or statement."""
    filled = parting.columns
    if key >= 0:
        return filled.kinds[filled.slots[key]][0], filled.keys[key]
    if -1 - key < len(filled.pairs):
        return "joined", filled.pairs[-1 - key].id
    return "match", filled.proposals[-1 - key - len(filled.pairs)][1]


def _member(
    parting: Parting,
    group: Sequence[int],
    described: Mapping[ProfileId, Described],
    links: Mapping[int, Sequence[Link]],
    joined: Sequence[Joining],
    observed: Observed,
) -> Member:
    profiles = tuple(parting.columns.names[record] for record in group)
    known = [described[profile] for profile in profiles if profile in described and profile not in observed.erased]
    allowed: dict[str, bool] = {}
    for record in known:
        for channel, yes in record.consents.items():
            allowed[channel] = allowed.get(channel, True) and yes
    mine = links.get(parting.find(group[0]), ())
    return Member(
        id=MemberId(profiles[0]),
        profiles=profiles,
        links=tuple(sorted(mine, key=lambda link: (link.one, link.other, link.by, link.evidence))),
        consents=tuple(sorted(allowed.items())),
        tags=tuple(sorted({tag for record in known for tag in record.tags})),
        joined=earliest(joined),
        erased=all(profile in observed.erased for profile in profiles),
    )
