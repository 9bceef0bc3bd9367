"""Folded states that are kept between questions: persons (who they are, what they have) and articles.

A state remembers which version of which streams it is the fold of. When it is wanted again, only what came after is
read; if that extends the fold it is fed, else the whole is folded anew. Dropping every state changes nothing but
time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from attrs import Factory, define, frozen

from omo_adapters.surroundings import read_around
from omo_core.events import Event, canonical
from omo_core.identifiers import ProfileId, Sku, StreamName, stock_stream
from omo_core.loyalty import Folding, PointsEvent, Programme, fold, timeline
from omo_core.members import DESCRIBING, IdentityRules, Member, resolve
from omo_core.ports import Journal
from omo_core.stock import Positions, positions
from omo_core.stock.line_events import OF_ORDERS
from omo_core.trade import HandedOver, Refund, Sale

S = TypeVar("S")


@define
class Kept(Generic[S]):
    """A state and what it is the fold of."""

    state: S
    versions: dict[StreamName, int]
    position: int
    staged: list[Event] = Factory(list)
    """Events fed ahead of their being written."""
    read: int = 0
    """How many events had to be read to make it."""


class Person:
    """A member, with the account of each programme folded as far as the journal goes."""

    __slots__ = ("foldings", "known", "member")

    def __init__(self, member: Member, foldings: Mapping[str, Folding], *, known: bool) -> None:
        """Hold a member and the folds of what its records did; ``known`` unless nothing was ever heard of it."""
        self.member = member
        self.foldings = foldings
        self.known = known

    def feed(self, event: Event, *, first: bool = False) -> bool:
        """Let one more event happen, if that gives what folding everything anew would."""
        if isinstance(event, DESCRIBING):
            return False
        concerned = [folding for folding in self.foldings.values() if _speaks_to(event, folding.programme)]
        if not all(folding.extends(event, first=first) for folding in concerned):
            return False
        for folding in concerned:
            for mine in timeline([event], self.member.profiles, folding.programme):
                folding.feed(mine)
        self.known = True
        return True


def _speaks_to(event: Event, programme: Programme) -> bool:
    """Say whether an event can move points of a programme: all but other programmes' points events can."""
    return not isinstance(event, PointsEvent) or programme.is_meant(event.programme)


def read_person(
    journal: Journal,
    profile: ProfileId,
    programmes: Sequence[Programme],
    rules: IdentityRules,
    extra: Sequence[Event] = (),
    *,
    known_at: datetime | None = None,
) -> tuple[Kept[Person], tuple[Event, ...]]:
    """Find out who bears a record and fold what they did.

    ``extra`` are events that are not written yet but count already, where they concern this person.
    """
    found = read_history(journal, profile, rules, extra, known_at=known_at)
    profiles = frozenset(found.member.profiles)
    foldings = {
        programme.name: fold(programme, found.events, profiles, joined=found.member.joined) for programme in programmes
    }
    person = Person(found.member, foldings, known=bool(found.events))
    return Kept(person, found.versions, found.position, read=len(found.events)), found.events


@frozen(kw_only=True)
class History:
    """A member, and everything that happened to its records."""

    member: Member
    events: tuple[Event, ...]
    """In order of arrival."""
    versions: dict[StreamName, int]
    position: int


def read_history(
    journal: Journal,
    profile: ProfileId,
    rules: IdentityRules,
    extra: Sequence[Event] = (),
    *,
    known_at: datetime | None = None,
) -> History:
    """Find out who bears a record, and read what its records did."""
    around = read_around(journal, (profile,), rules, extra, known_at=known_at)
    member = whose(resolve_with(around.events, profile, rules), profile)
    return History(member=member, events=around.events, versions=around.versions, position=around.position)


def resolve_with(events: Iterable[Event], profile: ProfileId, rules: IdentityRules) -> tuple[Member, ...]:
    """Resolve a history, counting a record that only ever bought something as a record."""
    return resolve(events, rules, also=(profile,)).members


def whose(members: Iterable[Member], profile: ProfileId) -> Member:
    """Find the member that bears a record; every record read has one."""
    return next(member for member in members if profile in member.profiles)


def read_article(journal: Journal, sku: Sku, extra: Sequence[Event] = ()) -> Kept[Positions]:
    """Fold an article's history; ``extra`` are events that are not written yet but count already."""
    reading = journal.read((stock_stream(sku),))
    folded = positions(sku, [*reading.events, *extra])
    return Kept(folded, dict(reading.versions), reading.position, read=len(reading.entries))


def concerns(kept: Kept[Person] | Kept[Positions], event: Event) -> bool:
    """Say whether an event will stand in a stream that a state is the fold of."""
    return any(name in kept.versions for name in (*event.homes, *event.streams))


def catch_up(journal: Journal, kept: Kept[Person] | Kept[Positions]) -> bool:
    """Read and feed what came after a state was made; False when it has to be made anew (it may be spoilt then)."""
    reading = journal.read(kept.versions, after=kept.position)
    for name, version in kept.versions.items():
        if version + reading.fresh[name] != reading.versions[name]:
            return False
    if any(entry.conflict or entry.again for entry in reading.entries):
        return False
    if not _told_in_full(journal, reading.events, kept.position):
        return False
    if not all(fed(kept.state, event, first=True) for event in sorted(reading.events, key=canonical)):
        return False
    kept.versions, kept.position = dict(reading.versions), reading.position
    kept.read += len(reading.entries)
    return True


def _told_in_full(journal: Journal, events: Sequence[Event], position: int) -> bool:
    """Say whether new sales may be fed one by one.

    They may not where another sighting of the purchase exists, or where something of it was heard of before the sale
    was, or stands before it in time: a refund, a parcel.
    """
    made = [(home, sale) for sale in events if isinstance(sale, Sale) for home in sale.homes]
    sales = dict(made)
    if len(sales) < len(made):
        return False
    for entry in journal.read(sales).entries if sales else ():
        event = entry.event
        if isinstance(event, Sale):
            if event not in sales.values():
                return False
        elif isinstance(event, (Refund, HandedOver, *OF_ORDERS)):
            sale = next((sales[home] for home in event.homes if home in sales), None)
            if sale is None or entry.position <= position or event.at < sale.at:
                return False
    return True


def fed(state: Person | Positions, event: Event, *, first: bool = False) -> bool:
    """Feed an event to a state if it extends it; ``first`` when nothing was ever heard of the document."""
    if isinstance(state, Person):
        return state.feed(event, first=first)
    if not state.extends(event, first=first):
        return False
    state.feed(event)
    return True


def settled(kept: Kept[Person] | Kept[Positions], versions: Mapping[StreamName, int], position: int) -> bool:
    """Tell a state that what it was fed ahead is written now; False when something else was written with it."""
    for name, version in kept.versions.items():
        mine = sum(name in (*event.homes, *event.streams) for event in kept.staged)
        if versions.get(name, version) != version + mine:
            return False
    kept.versions = {name: versions.get(name, version) for name, version in kept.versions.items()}
    kept.position = position
    kept.staged.clear()
    return True


class Shelf(Generic[S]):
    """A bounded number of states, the least recently used dropped first."""

    def __init__(self, limit: int) -> None:
        """Keep at most so many."""
        self._limit = limit
        self._kept: OrderedDict[str, Kept[S]] = OrderedDict()

    def take(self, name: str) -> Kept[S] | None:
        """Take a state off the shelf; whoever takes it puts it back if it is still good."""
        return self._kept.pop(name, None)

    def put(self, name: str, kept: Kept[S]) -> None:
        """Put a state on the shelf."""
        self._kept[name] = kept
        while len(self._kept) > self._limit:
            self._kept.popitem(last=False)

    def clear(self) -> None:
        """Drop everything."""
        self._kept.clear()
