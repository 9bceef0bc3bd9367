"""Batches of what was read, written so that a crash at any point loses nothing and doubles nothing.

The order is the guarantee: personal data first (an event may be seen only once its person can be shown), then the
events in one append, then quarantine and what was learned, and the mark of how far the import has come last. Facts
are idempotent, so whatever stood before the mark is simply known when it comes again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from attrs import Factory, define, field, frozen

from omo_adapters.importing.results import Tally
from omo_adapters.inbound import NotUnderstood, Parcel, Personal, Understood
from omo_adapters.keeping import Words, keep_personal, keep_words, without_words
from omo_adapters.shop import Shop
from omo_adapters.storage.database import Database
from omo_adapters.storage.progress import SqliteProgress
from omo_adapters.storage.quarantine import SetAside, SqliteQuarantine
from omo_adapters.storage.settings import SqliteSettings
from omo_adapters.taking import checked, place_of, set_aside
from omo_core.events import Event
from omo_core.identifiers import Sku
from omo_core.instants import EPOCH, micros
from omo_core.loyalty.events import PointsRedeemed
from omo_core.stock.events import StockCounted, StockMoved
from omo_core.trade import HandedOver, Refund, Sale

BATCH_EVENTS: Final = 500
NEWEST: Final = "newest"
"""The mark under which the newest instant of all facts is kept."""
_TRADE: Final = (Sale, Refund, HandedOver, StockCounted, StockMoved, PointsRedeemed)
"""Facts that can be late. A customer record has no such moment."""


@frozen
class Books:
    """What an import keeps beside the journal."""

    quarantine: SqliteQuarantine
    settings: SqliteSettings
    progress: SqliteProgress

    @classmethod
    def of(cls, database: Database) -> Books:
        """Keep the books in the shop's own database."""
        return cls(SqliteQuarantine(database), SqliteSettings(database), SqliteProgress(database))


@define
class _Batch:
    events: list[Event] = Factory(list)
    personal: list[Personal] = Factory(list)
    words: list[Words] = Factory(list)
    set_aside: list[SetAside] = Factory(list)
    settled: list[int] = Factory(list)
    learned: dict[str, Sku] = field(factory=dict)
    size: int = 0


class Writer:
    """Collects parcels and writes them batch by batch."""

    def __init__(
        self, shop: Shop, books: Books, tally: Tally, *, late_hours: int, batch_events: int = BATCH_EVENTS
    ) -> None:
        """Write into a shop and its books; a fact is late against the newest that is known now."""
        self.tally = tally
        self._shop = shop
        self._books = books
        self._batch_events = batch_events
        self._batch = _Batch()
        self._newest = EPOCH + timedelta(microseconds=books.progress.done(NEWEST))
        self._late_before = self._newest - timedelta(hours=late_hours)

    @property
    def full(self) -> bool:
        """Say whether the batch should be written."""
        return self._batch.size >= self._batch_events

    def add(self, parcel: Parcel, where: str) -> Parcel:
        """Take a document; one whose events can't be kept after all is one that was not understood."""
        parcel = checked(parcel)
        self.tally.parcel(parcel, place_of(parcel, where))
        self._batch.size += 1
        if isinstance(parcel.outcome, Understood):
            self._understood(parcel.outcome)
        elif isinstance(parcel.outcome, NotUnderstood):
            self._batch.set_aside.append(set_aside(parcel, where, self._shop.now()))
        return parcel

    def learn(self, items: dict[str, Sku]) -> None:
        """Keep what a catalogue document taught."""
        self._batch.learned.update(items)
        self.tally.learned += len(items)

    def settle(self, number: int, outcome: Understood | None) -> None:
        """Take a document out of quarantine, with what it means by now."""
        self._batch.settled.append(number)
        self._batch.size += 1
        if outcome is not None:
            self._understood(outcome)

    def flush(self, mark: Callable[[], dict[str, int]] = dict) -> None:
        """Write everything that was collected, and how far that is."""
        batch, self._batch = self._batch, _Batch()
        keep_personal(self._shop.vault, batch.personal)
        keep_words(self._shop.journal, self._shop.vault, batch.words)
        if batch.events:
            recorded = self._shop.record(*batch.events)
            self.tally.recorded(batch.events, recorded)
            self._count_late(batch.events, set(recorded.new))
        if batch.set_aside:
            self._books.quarantine.put(batch.set_aside)
        if batch.settled:
            self._books.quarantine.settle(batch.settled, self._shop.now())
        self._books.settings.learn(batch.learned)
        marks = mark()
        if marks:
            self._books.progress.reach(marks)

    def finish(self) -> None:
        """Write the rest; from now on what is older than the newest fact of this import can be late."""
        self.flush(lambda: {NEWEST: max(0, micros(self._newest))})

    def _understood(self, outcome: Understood) -> None:
        events, words = without_words(outcome.events, self._shop.vault.key())
        self._batch.events += events
        self._batch.words += words
        self._batch.personal += outcome.personal
        self._batch.size += max(0, len(outcome.events) - 1)

    def _count_late(self, events: list[Event], new: set[str]) -> None:
        for event in events:
            if isinstance(event, _TRADE) and event.id in new:
                self.tally.late += event.at < self._late_before
                self._newest = max(self._newest, event.at)
