"""A desk at which commands are decided one after the other, on states held in memory.

The desk reads what a decision needs, remembers which versions it has read, and feeds each accepted event to the
states it has open, so that the next command is decided on it. It writes nothing: the shell appends, and then either
``settle``s the desk or drops it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from attrs import field, frozen

from omo_adapters.placeholders import Placeholders
from omo_adapters.states import Kept, Person, Shelf, catch_up, concerns, fed, read_article, read_person, settled
from omo_adapters.surroundings import read_around
from omo_core.events import Event, current
from omo_core.fulfilment import Order, order
from omo_core.identifiers import (
    Fingerprint,
    LocationId,
    OrderId,
    ProfileId,
    Sku,
    StreamName,
    order_stream,
    profile_stream,
    slot_stream,
)
from omo_core.instants import FOREVER
from omo_core.loyalty import Case, Programme
from omo_core.members import DEFAULT_RULES, IdentityRules
from omo_core.members.circle import Circle
from omo_core.ports import Journal, Recorded
from omo_core.stock import Positions, Slot, SlotHeld, StockCounted, StockRules, positions, slot_of

S = TypeVar("S", Person, Positions)

SHELF_LIMIT = 4096
"""How many persons, and how many articles, are kept folded between batches."""


@frozen(kw_only=True)
class Rules:
    """Everything a shop decided about itself."""

    programme: Programme
    """The points that are meant where nobody says which."""
    more: tuple[Programme, ...] = ()
    """Further kinds of points, store credit, gift cards: each a programme of its own name."""
    identity: IdentityRules = DEFAULT_RULES
    placeholders: Placeholders = field(factory=Placeholders)
    """Values that join nobody; whoever opens the shop blocks them."""
    stock: StockRules = field(factory=StockRules)

    @property
    def programmes(self) -> tuple[Programme, ...]:
        """Give all programmes, the main one first."""
        return (self.programme, *self.more)


class Memos(Protocol):
    """Where folded states survive the process; dropping everything in it changes nothing but time."""

    def person(self, profile: ProfileId) -> Kept[Person] | None:
        """Give a kept person, or nothing."""
        ...

    def article(self, sku: Sku) -> Kept[Positions] | None:
        """Give a kept article, or nothing."""
        ...

    def keep_person(self, kept: Kept[Person]) -> None:
        """Keep a person as far as it is folded."""
        ...

    def keep_article(self, kept: Kept[Positions]) -> None:
        """Keep an article as far as it is folded."""
        ...


class NoMemos:
    """Keeps nothing: every state is folded from the journal."""

    def person(self, profile: ProfileId) -> Kept[Person] | None:  # noqa: ARG002
        """Give nothing."""
        return None

    def article(self, sku: Sku) -> Kept[Positions] | None:  # noqa: ARG002
        """Give nothing."""
        return None

    def keep_person(self, kept: Kept[Person]) -> None:
        """Forget it."""

    def keep_article(self, kept: Kept[Positions]) -> None:
        """Forget it."""


class Shelves:
    """The folded states that outlive a batch."""

    def __init__(self) -> None:
        """Start empty."""
        self.articles: Shelf[Positions] = Shelf(SHELF_LIMIT)
        self._persons: Shelf[Person] = Shelf(SHELF_LIMIT)
        self._member_of: dict[ProfileId, str] = {}

    def take_person(self, profile: ProfileId) -> Kept[Person] | None:
        """Take the person that bears a record off the shelf; one that bore it before a split is not it."""
        kept = self._persons.take(self._member_of.get(profile, profile))
        return kept if kept is not None and profile in kept.state.member.profiles else None

    def keep_person(self, kept: Kept[Person]) -> None:
        """Put a person on the shelf, to be found by any of its records."""
        if len(self._member_of) > 4 * SHELF_LIMIT:
            self.clear()
        member = kept.state.member
        self._member_of.update(dict.fromkeys(member.profiles, member.id))
        self._persons.put(member.id, kept)

    def clear(self) -> None:
        """Drop everything."""
        self._persons.clear()
        self.articles.clear()
        self._member_of.clear()


class Desk:
    """The states that one batch is decided on."""

    def __init__(
        self, journal: Journal, rules: Rules, shelves: Shelves, memos: Memos, *, now: datetime = FOREVER
    ) -> None:
        """Open an empty desk over a journal; ``now`` is when it is asked, for what bears a later date."""
        self.journal = journal
        self.rules = rules
        self.staged: list[Event] = []
        self._shelves = shelves
        self._memos = memos
        self._now = now
        self._persons: dict[ProfileId, Kept[Person]] = {}
        self._articles: dict[Sku, Kept[Positions]] = {}
        self._read: dict[StreamName, int] = {}

    @property
    def expects(self) -> dict[StreamName, int]:
        """Give the versions of everything that was read."""
        expected = dict(self._read)
        for person in self._persons.values():
            expected.update(person.versions)
        for article in self._articles.values():
            expected.update(article.versions)
        return expected

    def person(self, profile: ProfileId) -> Person:
        """Give the person that bears a record, with the account as of everything known and staged."""
        kept = self._persons.get(profile)
        if kept is None:
            kept = self._with_staged(self._known_person(profile), lambda extra: self._fold_person(profile, extra))
            self._persons.update(dict.fromkeys((profile, *kept.state.member.profiles), kept))
        return kept.state

    def case(self, profile: ProfileId, programme: str) -> Case | None:
        """Give what a decision about this person's points is made on; nothing where there is no such programme."""
        foldings = self.person(profile).foldings.values()
        folding = next((each for each in foldings if each.programme.is_meant(programme)), None)
        return None if folding is None else Case(folding, lambda: self._history(profile))

    def article(self, sku: Sku) -> Positions:
        """Give an article's positions as of everything known and staged."""
        kept = self._articles.get(sku)
        if kept is None:
            kept = self._with_staged(self._known_article(sku), lambda extra: read_article(self.journal, sku, extra))
            self._articles[sku] = kept
        return kept.state

    def article_for(self, sku: Sku, at: datetime) -> Positions:
        """Give what is known of an article for who asks at an instant; a count that is dated later says nothing yet."""
        known, horizon = self.article(sku), max(self._now, at)
        if known.last[0] <= horizon:
            return known
        events = current(self._history_of(sku))
        told = [event for event in events if event.at <= horizon or not isinstance(event, StockCounted)]
        return known if len(told) == len(events) else positions(sku, told)

    def article_as_of(self, sku: Sku, at: datetime) -> Positions:
        """Give an article's positions as of an instant, where goods of a later date may have come; else as known."""
        known = self.article_for(sku, at)
        return known if known.gained <= at else positions(sku, self._history_of(sku), until=at)

    def _history_of(self, sku: Sku) -> list[Event]:
        kept = self._articles[sku]
        events = self.journal.read(kept.versions).events
        return [*events, *(event for event in self.staged if concerns(kept, event))]

    def order(self, name: OrderId) -> Order:
        """Give an order as of everything known and staged."""
        return order(name, self._told(order_stream(name)))

    def slot(self, location: LocationId, slot: str) -> Slot:
        """Give what a location packs in a slot, as of everything known and staged."""
        return slot_of(location, slot, self._told(slot_stream(location, slot)))

    def places_of(self, name: OrderId) -> list[SlotHeld]:
        """Give the places in slots that were ever kept for an order, each as it was told last."""
        return [one for one in current(self._told(order_stream(name))) if isinstance(one, SlotHeld)]

    def _told(self, stream: StreamName) -> list[Event]:
        """Read a history, with what is staged of it or of what belongs to it."""
        reading = self.journal.read((stream,))
        self._read.update(reading.versions)
        here = [event for event in self.staged if stream in (*event.homes, *event.streams)]
        homes = {stream, *(home for event in (*reading.events, *here) for home in event.homes)}
        return [*reading.events, *(e for e in self.staged if not homes.isdisjoint((*e.homes, *e.streams)))]

    def is_known(self, stream: StreamName) -> bool:
        """Say whether anything is known of a thing, or staged; a decision on the answer stands as long as it is so."""
        reading = self.journal.read((stream,))
        self._read.update(reading.versions)
        return bool(reading.entries) or any(stream in event.streams for event in self.staged)

    def circle(self, *profiles: ProfileId, keys: Sequence[Fingerprint] = ()) -> Circle:
        """Give all that is known around some records, and around whoever bears some identifiers."""
        around = read_around(self.journal, profiles, self.rules.identity, self.staged, keys=keys)
        self._read.update(around.versions)
        named = {name for event in around.events for name in (*event.homes, *event.streams)}
        unknown = tuple(profile for profile in profiles if profile_stream(profile) not in named)
        return Circle(around.events, self.rules.identity, profiles, unknown)

    def stage(self, events: Sequence[Event]) -> None:
        """Let accepted events happen in every state that is open; one that they don't extend is folded anew later."""
        for event in events:
            self.staged.append(event)
            for kept in [kept for kept in self._open() if concerns(kept, event)]:
                kept.staged.append(event)
                if not fed(kept.state, event):
                    self._drop(kept)

    def settle(self, recorded: Recorded) -> None:
        """Everything staged is written: put the states back on their shelves for the next batch."""
        for person in _distinct(self._persons):
            if settled(person, recorded.versions, recorded.position):
                self._shelves.keep_person(person)
                self._memos.keep_person(person)
        for sku, article in self._articles.items():
            if settled(article, recorded.versions, recorded.position):
                self._shelves.articles.put(sku, article)
                self._memos.keep_article(article)

    def put_back(self) -> None:
        """Nothing was staged: put the states back on their shelves."""
        for person in _distinct(self._persons):
            self._shelves.keep_person(person)
            self._memos.keep_person(person)
        for sku, article in self._articles.items():
            self._shelves.articles.put(sku, article)
            self._memos.keep_article(article)

    def _open(self) -> list[Kept[Person] | Kept[Positions]]:
        return [*_distinct(self._persons), *self._articles.values()]

    def _drop(self, spoilt: Kept[Person] | Kept[Positions]) -> None:
        """Forget a state, but not which versions decisions have read of it."""
        self._read.update(spoilt.versions)
        self._persons = {profile: kept for profile, kept in self._persons.items() if kept is not spoilt}
        self._articles = {sku: kept for sku, kept in self._articles.items() if kept is not spoilt}

    def _with_staged(self, kept: Kept[S], fold_anew: Callable[[Sequence[Event]], Kept[S]]) -> Kept[S]:
        mine = [event for event in self.staged if concerns(kept, event)]
        if not all(fed(kept.state, event) for event in mine):
            kept = fold_anew(self.staged)
            mine = [event for event in self.staged if concerns(kept, event)]
        kept.staged = mine
        return kept

    def _known_person(self, profile: ProfileId) -> Kept[Person]:
        kept = self._shelves.take_person(profile) or self._memos.person(profile)
        if kept is not None and catch_up(self.journal, kept):
            return kept
        return self._fold_person(profile, ())

    def _fold_person(self, profile: ProfileId, extra: Sequence[Event]) -> Kept[Person]:
        return read_person(self.journal, profile, self.rules.programmes, self.rules.identity, extra)[0]

    def _known_article(self, sku: Sku) -> Kept[Positions]:
        kept = self._shelves.articles.take(sku) or self._memos.article(sku)
        if kept is not None and catch_up(self.journal, kept):
            return kept
        return read_article(self.journal, sku)

    def _history(self, profile: ProfileId) -> Sequence[Event]:
        return read_person(self.journal, profile, self.rules.programmes, self.rules.identity, self.staged)[1]


def _distinct(persons: Mapping[ProfileId, Kept[Person]]) -> list[Kept[Person]]:
    """A member stands under each of its records; give each once."""
    return [kept for profile, kept in persons.items() if profile == ProfileId(kept.state.member.id)]
