"""Who became somebody else, told once: the consequences that what was heard had for members.

A late fact may join two members, or split what was one. Nothing of that is stored: each regrouping is derived from
the journal, by comparing who was who before omo heard of something and after. So the same journal gives the same
regroupings with the same ids, whether they are asked for each minute or once a year; applied one after the other they
lead to who is who now, whatever the order in which everything came in.

What omo heard at one instant (``recorded_at``) is one step: a file's rows that are written together join and part
nobody in between. An instant is told of once it is over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby, takewhile
from typing import Final, Protocol

import msgspec
from attrs import evolve, frozen

from omo_adapters.codecs.memos import programme_digest
from omo_adapters.storage.progress import SqliteProgress
from omo_adapters.storage.settings import SqliteSettings
from omo_adapters.whole import PAGE, WholeShop
from omo_core.events import Event
from omo_core.identifiers import Fingerprint, MemberId, ProfileId, StreamName, claim_stream, profile_stream
from omo_core.loyalty import Account, account
from omo_core.members import DEFAULT_RULES, DESCRIBING, IdentityRules, ProfileSeen, Regrouped, neighbours, regrouped
from omo_core.members import resolve as resolved
from omo_core.members.statements import ClaimSettled
from omo_core.ports import Entry, Feed, Journal

_POSITION: Final = "changes/position"
_RULES: Final = "changes/rules"


class _FedJournal(Journal, Feed, Protocol):
    """A journal that can be read in order of arrival as well."""


@frozen(kw_only=True)
class Holding:
    """What a member has in one programme: as a regrouping found it, or as it left it."""

    member: MemberId
    programme: str
    account: Account


@frozen(kw_only=True)
class Regrouping:
    """Members that became others, and what that did to their points and tiers.

    Both sides are reckoned from the same events, those known by then: nothing but the regrouping lies between them.
    """

    at: datetime
    """When omo heard of what did it."""
    members: Regrouped
    before: tuple[Holding, ...]
    after: tuple[Holding, ...]

    @property
    def key(self) -> str:
        """Give what tells it from all others: the same each time it is derived."""
        return self.members.id


@frozen(kw_only=True)
class Step:
    """What omo heard at one instant, and who became somebody else by it."""

    position: int
    """Where to read on."""
    at: datetime
    regroupings: tuple[Regrouping, ...]


@frozen
class _Sides:
    """Two moments to compare: until which position the journal counts, and by which rules."""

    before: tuple[int, IdentityRules]
    after: tuple[int, IdentityRules]


def follow(shop: WholeShop, *, after: int = 0, until: datetime) -> Iterator[Step]:
    """Read the journal on from a position, and give each step until an instant (exclusive), by the present rules."""
    journal: _FedJournal = shop.journal  # type: ignore[assignment]  # every journal of ours is a feed
    rules, position = shop.rules.identity, after
    heard = takewhile(lambda entry: entry.recorded_at < until, _entries(journal, after))
    for at, group in groupby(heard, key=lambda entry: entry.recorded_at):
        entries = list(group)
        sides = _Sides((position, rules), (entries[-1].position, rules))
        position = entries[-1].position
        yield Step(position=position, at=at, regroupings=_step(shop, at, entries, sides))


def rules_changed(shop: WholeShop, was: IdentityRules, *, position: int, at: datetime) -> Iterator[Regrouping]:
    """Compare all members by the rules that were with those by the rules that are, as of a position of the journal."""
    digest = programme_digest(_deciding(shop.rules.identity))
    sides = _Sides((position, was), (position, shop.rules.identity))
    met: set[ProfileId] = set()
    known: set[str] = set()
    for name in shop.profile_streams():
        profile = ProfileId(name.removeprefix("profile/"))
        if profile in met:
            continue
        around = _read(shop.journal, [profile], [], sides)
        met.update(around.profiles)
        for each in _compared(shop, at, around, (), f"{position}:{digest:.12}"):
            if each.key not in known:  # a record that bears a key of theirs, but is none of them, leads there as well
                known.add(each.key)
                yield each


@frozen(kw_only=True)
class News:
    """What a run of the outlet has to tell."""

    position: int
    """How far the journal is told of, once this is."""
    at: datetime
    regroupings: tuple[Regrouping, ...]


def news(shop: WholeShop, marks: SqliteProgress, at: datetime, *, from_start: bool = False) -> News:
    """Gather what nobody was told of yet, up to an instant (exclusive).

    The first run tells nothing: it notes how far the journal goes, unless everything is asked for from the start.
    """
    position, settings = marks.done(_POSITION), SqliteSettings(marks.database)
    told_by = settings.text(_RULES)
    found: list[Regrouping] = []
    if told_by is None and not from_start:
        return News(position=shop.journal.read(()).position, at=at, regroupings=())
    was = shop.rules.identity if told_by is None else msgspec.json.decode(told_by, type=IdentityRules)
    if _deciding(was) != _deciding(shop.rules.identity):
        found += rules_changed(shop, was, position=position, at=at)
    for step in follow(shop, after=position, until=at):
        position = step.position
        found += step.regroupings
    return News(position=position, at=at, regroupings=tuple(found))


def told(shop: WholeShop, marks: SqliteProgress, run: News) -> None:
    """Mark what a run had to tell as told; done after telling it, so that an interrupted run tells it again."""
    with marks.database.turn():
        SqliteSettings(marks.database).keep({_RULES: msgspec.json.encode(shop.rules.identity).decode()})
        marks.reach({_POSITION: run.position})


def _deciding(rules: IdentityRules) -> IdentityRules:
    """Give what of the rules says who is who; who may ask what does not."""
    return evolve(rules, roles=DEFAULT_RULES.roles, otp_minutes=DEFAULT_RULES.otp_minutes)


def _entries(journal: Feed, position: int) -> Iterator[Entry]:
    while page := journal.after(position, limit=PAGE):
        yield from page
        position = page[-1].position


def _step(shop: WholeShop, at: datetime, entries: Sequence[Entry], sides: _Sides) -> tuple[Regrouping, ...]:
    heard = [entry.event for entry in entries if isinstance(entry.event, DESCRIBING)]
    names = dict.fromkeys(name for event in heard for name in (*event.homes, *event.streams))
    profiles = [ProfileId(name.removeprefix("profile/")) for name in names if name.startswith("profile/")]
    keys = [Fingerprint(name.removeprefix("claim/")) for name in names if name.startswith("claim/")]
    if not heard:
        return ()
    around = _read(shop.journal, profiles, keys, sides)
    return tuple(_compared(shop, at, around, heard, str(sides.after[0])))


@frozen
class _Around:
    """All that is known around some records at two moments."""

    sides: _Sides
    profiles: tuple[ProfileId, ...]
    entries: Mapping[int, Entry]

    def events(self, position: int) -> list[Event]:
        """Give what was known when the journal went so far, in order of arrival."""
        return [entry.event for place, entry in sorted(self.entries.items()) if place <= position]


def _read(journal: Journal, named: Iterable[ProfileId], keys: Iterable[Fingerprint], sides: _Sides) -> _Around:
    """Read until nothing new turns up at either moment.

    Whoever bore a key that a named record bears or ever bore is read too, if the key joins anybody at either moment:
    one bearer less may let it join, one more may stop it.
    """
    names, borne = dict.fromkeys(named), dict.fromkeys(keys)
    known: dict[StreamName, None] = {}
    entries: dict[int, Entry] = {}
    around = _Around(sides, (), entries)
    todo = [*map(profile_stream, names), *map(claim_stream, borne)]
    while todo:
        known.update(dict.fromkeys(todo))
        entries.update((entry.position, entry) for entry in journal.read(todo).entries)
        profiles = tuple(name.removeprefix("profile/") for name in known if name.startswith("profile/"))
        around = _Around(sides, profiles, entries)
        borne.update(dict.fromkeys(_borne(around.events(sides.after[0]), names)))
        wanted = dict.fromkeys(map(claim_stream, borne))
        for position, rules in (sides.before, sides.after):
            wanted.update(dict.fromkeys(neighbours(around.events(position), rules, profiles, borne.keys())))
        todo = [name for name in wanted if name not in known]
    return around


def _borne(events: Iterable[Event], profiles: Collection[ProfileId]) -> Iterator[Fingerprint]:
    """Name every key that some records ever bore, whichever version counts."""
    for event in events:
        if isinstance(event, ProfileSeen) and event.profile in profiles:
            yield from (claim.fingerprint for claim in event.claims)
        elif isinstance(event, ClaimSettled) and event.profile in profiles:
            yield event.claim.fingerprint


def _compared(
    shop: WholeShop, at: datetime, around: _Around, heard: Sequence[Event], moment: str
) -> Iterator[Regrouping]:
    mine = frozenset(around.profiles)
    found = []
    for position, rules in (around.sides.before, around.sides.after):
        whole = resolved(around.events(position), rules, also=around.profiles)
        found.append(evolve(whole, members=tuple(each for each in whole.members if mine.issuperset(each.profiles))))
    for each in regrouped(found[0], found[1], heard, moment):
        yield _told(shop, at, each, around.sides.after[0])


def _told(shop: WholeShop, at: datetime, members: Regrouped, position: int) -> Regrouping:
    profiles = [profile for member in members.after for profile in member.profiles]
    entries = shop.journal.read(map(profile_stream, profiles)).entries
    events = [entry.event for entry in entries if entry.position <= position]
    sides = (
        tuple(
            Holding(
                member=member.id,
                programme=programme.name,
                account=account(programme, events, frozenset(member.profiles), at, member.joined),
            )
            for member in side
            for programme in shop.rules.programmes
        )
        for side in (members.before, members.after)
    )
    return Regrouping(at=at, members=members, before=next(sides), after=next(sides))
