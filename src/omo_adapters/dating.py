"""Questions about promise dates: when an order, or one that could be placed now, can be handed over."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from attrs import evolve

from omo_adapters.desk import Rules
from omo_adapters.goods import GoodsShop
from omo_core.errors import Malformed
from omo_core.events import check_items
from omo_core.fulfilment import Order
from omo_core.identifiers import EventId, LocationId, OrderId, Sku
from omo_core.instants import utc
from omo_core.stock import Wanted, positions
from omo_core.stock.dating import DateAsked, PromiseDate, promise_date
from omo_core.stock.kits import with_parts
from omo_core.stock.sourcing import Plan
from omo_core.stock.timetables import Timetable
from omo_core.trade import Sale, SaleLine

IF_ORDERED: Final = OrderId("an order placed now")
NO_CURRENCY: Final = "XXX"
"""What ISO 4217 calls a transaction without money."""


class DatingShop(GoodsShop):
    """What can be asked of a shop about days."""

    rules: Rules

    @abstractmethod
    def order(self, name: OrderId, *, as_of: datetime | None = None, known_at: datetime | None = None) -> Order:
        """Give an order."""

    def promise_date(
        self, name: OrderId, timetable: Timetable, *, at: datetime | None = None, plan: Plan | None = None
    ) -> PromiseDate | None:
        """Say when all that an order waits for can be handed over, and why then; none when it was never heard of.

        ``plan`` says where what is not sourced yet would come from; without one the day holds wherever it does.
        """
        order = self.order(name)
        if order.sale is None:
            return None
        asked = DateAsked(
            order=order.order,
            at=self.now() if at is None else at,
            collected=_collected(order.sale),
            planned=_parts(plan),
        )
        stock = {sku: self.stock(sku) for sku in _skus(order.sale)}
        return promise_date(stock, self.rules.stock, timetable, asked)

    def date_if_ordered(
        self,
        wanted: Sequence[Wanted],
        timetable: Timetable,
        *,
        channel: str = "web",
        collect_at: LocationId | None = None,
        at: datetime | None = None,
    ) -> PromiseDate:
        """Say when these could be handed over if they were ordered now: behind everybody who waits already.

        Whether the shop would promise what is still to come is for its rules to say, when it is asked to.
        """
        when = utc(self.now() if at is None else at)
        check_items(tuple(wanted), "wanted", Wanted)
        if not wanted:
            raise Malformed("wanted", "is empty")
        sale = with_parts(_sale(wanted, channel, when), self.rules.stock.opened_kits)
        histories = {sku: self._stock_history(sku, None) for sku in _skus(sale)}
        if collect_at is not None:
            now = {sku: positions(sku, history, until=when) for sku, history in histories.items()}
            sale = _lying_at(sale, collect_at, {sku: each.free(collect_at, when) for sku, each in now.items()})
        stock = {sku: positions(sku, (*history, sale), until=when) for sku, history in histories.items()}
        collected = {} if collect_at is None else {line.line: collect_at for line in sale.lines}
        asked = DateAsked(order=IF_ORDERED, at=when, collected=collected)
        return promise_date(stock, self.rules.stock, timetable, asked)


def _lying_at(sale: Sale, store: LocationId, free: dict[Sku, int]) -> Sale:
    """Take each line whole from where it is collected if it lies there; else it is brought in from the pool."""
    lines = []
    for line in sale.lines:
        takes = {part.sku: part.units * line.units for part in line.parts} or {line.sku: line.units}
        there = all(free[sku] >= units for sku, units in takes.items())
        for sku, units in takes.items() if there else ():
            free[sku] -= units
        lines.append(evolve(line, location=store if there else None))
    return evolve(sale, lines=tuple(lines))


def _sale(wanted: Sequence[Wanted], channel: str, when: datetime) -> Sale:
    return Sale(
        id=EventId(f"sale/{IF_ORDERED}"),
        at=when,
        order=IF_ORDERED,
        currency=NO_CURRENCY,  # nothing is paid, nothing is kept
        channel=channel,
        lines=tuple(
            SaleLine(line=str(number), sku=one.sku, units=one.units, amount=0, handing="ship")
            for number, one in enumerate(wanted, 1)
        ),
    )


def _skus(sale: Sale) -> dict[Sku, None]:
    return dict.fromkeys(sku for line in sale.lines if line.moves_stock for sku in line.skus)


def _collected(sale: Sale) -> dict[str, LocationId]:
    """Name the store where each line is collected, where that is known."""
    return {line.line: line.location for line in sale.lines if line.handing == "pickup" and line.location is not None}


def _parts(plan: Plan | None) -> dict[tuple[str, Sku], dict[LocationId, int]]:
    found: dict[tuple[str, Sku], dict[LocationId, int]] = {}
    for parcel in plan.parcels if plan is not None else ():
        for picked in parcel.picked:
            places = found.setdefault((picked.line, picked.sku), {})
            places[parcel.location] = places.get(parcel.location, 0) + picked.units
    return found
