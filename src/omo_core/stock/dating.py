"""When an order's units can be handed over: what lies there, what comes and when, and how long places need.

Whoever was promised first is served first, so what is there for others comes too late for this order, and a delivery
fills the earliest promise first. Units that are not sourced yet may come from any place of the pool: unless a plan says
which, the day that is told holds wherever they come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Final, Literal

from attrs import evolve, field, frozen

from omo_core.identifiers import LocationId, OrderId, Sku
from omo_core.instants import FOREVER, utc
from omo_core.stock.claims import place_claims
from omo_core.stock.places import Promise
from omo_core.stock.rules import StockRules
from omo_core.stock.sequence import Served, in_sequence, pool_sequence
from omo_core.stock.standing import Standing
from omo_core.stock.timetables import Dated, Timetable

Stock = Mapping[Sku, Standing]
NO_DATE: Final = Dated()
Because = Literal["there", "coming", "unknown"]
"""Why then: the units lie there, they come with a delivery or a transfer, or nobody has told when they come."""


@frozen(kw_only=True)
class PartDate:
    """When some units of a line can be handed over, and why then."""

    line: str
    sku: Sku
    units: int
    because: Because
    location: LocationId | None = None
    """Where they come from; of what is not sourced yet, the place that takes longest."""
    sourced: bool = False
    """They are committed to that place, or a plan says so."""
    documents: tuple[str, ...] = ()
    """The deliveries and transfers that they come with."""
    available_at: datetime | None = None
    """When they come; none where they are there, or nobody knows."""
    dated: Dated = NO_DATE


@frozen(kw_only=True)
class PromiseDate:
    """When an order can be handed over whole."""

    order: OrderId
    on: date | None
    """The day on which the customer has all of it, or can collect all of it; none where nobody can say."""
    ready_at: datetime | None = None
    """When all of it is ready to be collected, where all of it is collected."""
    parts: tuple[PartDate, ...] = ()
    """The last first."""


@frozen(kw_only=True)
class DateAsked:
    """Which order is asked about, and what is known of its way."""

    order: OrderId
    at: datetime = field(converter=utc)
    collected: Mapping[str, LocationId] = field(factory=dict)
    """By line: the store where it is collected."""
    planned: Mapping[tuple[str, Sku], Mapping[LocationId, int]] = field(factory=dict)
    """By line and article: how many of the units that lie in the pool a plan takes from where."""


def promise_date(stock: Stock, rules: StockRules, timetable: Timetable, asked: DateAsked) -> PromiseDate:
    """Say when all that an order waits for can be handed over."""
    timetable.check()
    parts: list[PartDate] = []
    for sku in sorted(stock):
        for promise in stock[sku].promises_of(asked.order):
            question = _Question(stock[sku], rules, timetable, asked, promise)
            parts += question.parts()
    parts.sort(key=lambda part: (part.line, part.sku, part.location or ""))
    parts.sort(key=lambda part: (part.dated.on or date.max, part.dated.ready_at or FOREVER), reverse=True)
    last = max((part.dated.on or date.max for part in parts), default=None)
    ready = [part.dated.ready_at for part in parts]
    return PromiseDate(
        order=asked.order,
        on=None if last == date.max else last,
        ready_at=max((one for one in ready if one), default=None) if all(ready) else None,
        parts=tuple(parts),
    )


@frozen
class _Question:
    """What is asked about one line's units of one article."""

    positions: Standing
    rules: StockRules
    timetable: Timetable
    asked: DateAsked
    promise: Promise

    @property
    def name(self) -> str:
        return f"{self.promise.order}/{self.promise.line}"

    def parts(self) -> Iterator[PartDate]:
        """Give the line's units, by where they lie and when they come."""
        places = dict.fromkeys(share.location for share in self.promise.shares)
        for place in places:
            yield from self._pooled() if place is None else self._committed(place)

    def _committed(self, place: LocationId) -> Iterator[PartDate]:
        positions, at = self.positions, self.asked.at
        there = positions.on_hand(place) - positions.unavailable(place) - positions.expired(place, at)
        coming = [(due, units) for due, where, units, _ in self._coming() if where == place]
        served = in_sequence(there, place_claims(positions, self.rules, place, at), coming)
        for one in _added(one for one in served if one.name == self.name):
            if one.now:
                yield self._there(place, one.now, sourced=True)
            for due, units in one.later:
                yield self._comes((place,), due, units, sourced=True)
            yield from self._unknown(one.uncovered, place)

    def _pooled(self) -> Iterator[PartDate]:
        mine = [one for one in pool_sequence(self.positions, self.rules, self.asked.at) if one.name == self.name]
        for one in _added(mine):
            left = one.now
            planned = self.asked.planned.get((self.promise.line, self.positions.sku), {})
            for place, units in sorted(planned.items()):
                given = min(units, left)
                left -= given
                if given:
                    yield self._there(place, given, sourced=True)
            if left:
                yield self._there(self._slowest(self._with_some(), self.asked.at), left, sourced=False)
            for due, units in one.later:
                yield self._comes(self._arriving(due), due, units)
            yield from self._unknown(one.uncovered, None)

    def _pool(self) -> tuple[LocationId, ...]:
        return tuple(dict.fromkeys(self.rules.pool_of(self.positions, self.promise.channel)))

    def _arriving(self, due: datetime) -> tuple[LocationId, ...]:
        """Name the places of the pool where something comes then; where none does, others need less of theirs."""
        pool = self._pool()
        return tuple(place for at, place, _, _ in self._coming() if at == due and place in pool) or self._with_some()

    def _with_some(self) -> tuple[LocationId, ...]:
        """Name the places of the pool that have any free, safety stock left out."""
        sku, at = self.positions.sku, self.asked.at
        return (
            tuple(
                place
                for place in self._pool()
                if self.positions.free(place, at) > self.rules.kept_in(place, sku, at, self.promise.channel)
            )
            or self._pool()
        )

    def _coming(self) -> list[tuple[datetime, LocationId, int, str]]:
        """Give what comes by a known day and is not overdue: when, where, how many, with what."""
        known = [(one.due_at, one.location, one.units, one.document) for one in self.positions.incoming.values()]
        known += [
            (one.due_at, one.destination, one.in_transit, str(one.transfer))
            for one in self.positions.transfers.values()
        ]
        return sorted(each for each in known if self.asked.at <= each[0] < FOREVER and each[2] > 0)

    def _there(self, place: LocationId, units: int, *, sourced: bool) -> PartDate:
        part = PartDate(line=self.promise.line, sku=self.positions.sku, units=units, because="there")
        return evolve(part, location=place, sourced=sourced, dated=self._date(place, self.asked.at))

    def _comes(self, places: Iterable[LocationId], due: datetime, units: int, *, sourced: bool = False) -> PartDate:
        named = tuple(dict.fromkeys(places))
        place = self._slowest(named, due)
        documents = tuple(document for at, where, _, document in self._coming() if at == due and where in named)
        part = PartDate(line=self.promise.line, sku=self.positions.sku, units=units, because="coming")
        return evolve(
            part,
            location=place,
            sourced=sourced,
            documents=documents,
            available_at=due,
            dated=self._date(place, due),
        )

    def _unknown(self, units: int, place: LocationId | None) -> Iterator[PartDate]:
        if units:
            part = PartDate(line=self.promise.line, sku=self.positions.sku, units=units, because="unknown")
            yield evolve(part, location=place, sourced=place is not None)

    def _slowest(self, places: Iterable[LocationId], since: datetime) -> LocationId:
        """Name the place from which it takes longest; of those, the first in order of name."""
        return max(sorted(places), key=lambda place: _late(self._date(place, since)))

    def _date(self, place: LocationId, since: datetime) -> Dated:
        store = self.asked.collected.get(self.promise.line)
        at = max(since, self.asked.at)
        return self.timetable.sent(place, at) if store is None else self.timetable.collected(store, place, at)


def _late(dated: Dated) -> tuple[date, datetime]:
    return dated.on or date.max, dated.ready_at or FOREVER


def _added(served: Iterable[Served]) -> tuple[Served, ...]:
    """Bring together what one line gets in one place: what is being picked stands in line by itself."""
    ones = tuple(served)
    if len(ones) < 2:
        return ones
    later: dict[datetime, int] = {}
    for one in ones:
        for due, units in one.later:
            later[due] = later.get(due, 0) + units
    return (
        evolve(
            ones[0],
            now=sum(one.now for one in ones),
            later=tuple(sorted(later.items())),
            uncovered=sum(one.uncovered for one in ones),
        ),
    )
