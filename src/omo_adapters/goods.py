"""Questions about goods: what lies where, what moved it, which order lines got what of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import RLock

from omo_adapters.admitting import moments
from omo_adapters.desk import Desk, Rules
from omo_core.events import Event
from omo_core.identifiers import LocationId, Sku, slot_stream, stock_stream
from omo_core.instants import FOREVER
from omo_core.ports import Journal
from omo_core.stock import (
    AllocationMove,
    AtRisk,
    Misfit,
    Movement,
    Positions,
    Slot,
    at_risk,
    positions,
    slot_of,
)


class GoodsShop(ABC):
    """What can be asked of a shop about its goods."""

    journal: Journal
    rules: Rules
    now: Callable[[], datetime]
    _asking: RLock

    def stock(self, sku: Sku, *, as_of: datetime | None = None, known_at: datetime | None = None) -> Positions:
        """Give an article's positions in all locations: now, as of an instant, or as omo knew it at an instant.

        What bears a later date than now (a count by a clock that is wrong) does not count until its time has come.
        """
        as_of, known_at = moments(as_of, known_at)
        if as_of is None and known_at is None:
            now = self.now()
            with self._asking:
                desk = self._desk()
                article = desk.article(sku)
                desk.put_back()
                if article.last[0] <= now:
                    return article
            as_of = now
        return positions(sku, self._stock_history(sku, known_at), until=as_of or FOREVER)

    def stock_ledger(
        self, sku: Sku, *, as_of: datetime | None = None, known_at: datetime | None = None
    ) -> tuple[Movement, ...]:
        """Give every movement of an article's units; per location they sum to what is on hand."""
        as_of, known_at = moments(as_of, known_at)
        lines: list[Movement] = []
        positions(sku, self._stock_history(sku, known_at), until=as_of or FOREVER, lines=lines)
        return tuple(lines)

    def allocations(
        self, sku: Sku, *, as_of: datetime | None = None, known_at: datetime | None = None
    ) -> tuple[AllocationMove, ...]:
        """Give what each allocation of an article got and gave up; per location they sum to what is allocated."""
        as_of, known_at = moments(as_of, known_at)
        book: list[AllocationMove] = []
        positions(sku, self._stock_history(sku, known_at), until=as_of or FOREVER, book=book)
        return tuple(book)

    def history_of(self, sku: Sku) -> tuple[Event, ...]:
        """Give everything that was told of an article, every version and every conflict, in order of arrival."""
        return tuple(self._stock_history(sku, None))

    def slot(self, location: LocationId, slot: str) -> Slot:
        """Give what a location packs in a slot (``2026-12-24``): who has a place, and which parcels have left."""
        return slot_of(location, slot, self.journal.read((slot_stream(location, slot),)).events)

    def misfits(
        self, sku: Sku, *, as_of: datetime | None = None, known_at: datetime | None = None
    ) -> tuple[Misfit, ...]:
        """Give what facts about an article say beyond what could be booked of them, in order of time."""
        as_of, known_at = moments(as_of, known_at)
        found: list[Misfit] = []
        positions(sku, self._stock_history(sku, known_at), until=as_of or FOREVER, misfits=found)
        return tuple(found)

    def at_risk(self, sku: Sku, *, as_of: datetime | None = None) -> tuple[AtRisk, ...]:
        """Name the promises of an article that what is there can't keep: now, or as of an instant."""
        return at_risk(self.stock(sku, as_of=as_of), self.rules.stock, as_of or self.now())

    @abstractmethod
    def _desk(self) -> Desk:
        """Open a desk over the journal."""

    def _stock_history(self, sku: Sku, known_at: datetime | None) -> Sequence[Event]:
        return self.journal.read((stock_stream(sku),), known_at=known_at).events
