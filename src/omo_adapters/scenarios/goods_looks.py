"""What a scenario expects of stock and orders, compared with what they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from omo_adapters.scenarios.expecting import POOL, OrderExpected, PlaceExpected, SlotExpected
from omo_adapters.scenarios.looking import Look, Moment, names_of, pairs_of, written
from omo_adapters.written import Written
from omo_core.identifiers import LocationId, OrderId
from omo_core.stock import Positions, at_risk, free_for, kits_in, pool_raw
from omo_core.stock.holds import Own
from omo_core.stock.sequence import pool_sequence
from omo_core.trade import Sale


def place_looks(moment: Moment, stock: Positions, where: str, place: str, expected: PlaceExpected) -> Iterator[Look]:
    """Compare what is expected of an article in a location or in the pool."""
    own = expected.own if expected.own is None or isinstance(expected.own, str) else frozenset(expected.own)
    actual = (
        _in_pool(moment, stock, expected, own) if place == POOL else _in_place(moment, stock, LocationId(place), own)
    )
    for field, value in written(expected).items():
        if field in ASKED:
            continue
        unknown = "not told of the pool" if place == POOL else "told of the pool alone"
        yield Look(where=f"{where}.{field}", expected=_text(value), actual=actual.get(field, unknown))


ASKED: Final = ("own", "locations", "channel")
"""Fields that say what is asked, not what is expected."""


def _text(value: object) -> str:
    if isinstance(value, dict):
        return pairs_of(value)
    return names_of(value) if isinstance(value, tuple) else str(value)


def _in_place(moment: Moment, stock: Positions, place: LocationId, own: Own) -> dict[str, str]:
    kept = stock.places.get(place)
    numbers = {
        "on_hand": stock.on_hand(place),
        "allocated": stock.allocated(place),
        "held": stock.held(place, moment.at, own=own),
        "unavailable": stock.unavailable(place),
        "leaving": stock.leaving(place),
        "in_transit": stock.in_transit(place),
        "expected": sum(one.units for one in stock.incoming.values() if one.location == place),
        "expired": stock.expired(place, moment.at),
        "free": stock.free(place, moment.at, own=own),
        "raw": stock.free_raw(place, moment.at, own=own),
    }
    named = {
        "at_risk": _risky(moment, stock, place),
        "lots": pairs_of({lot.lot: lot.units for lot in kept.lots.values()} if kept is not None else {}),
    }
    return {name: str(number) for name, number in numbers.items()} | named


def _risky(moment: Moment, stock: Positions, place: LocationId | None) -> str:
    """Name the orders that what is there can't keep; holds and transfers by their own names."""
    risks = at_risk(stock, moment.scene.shop.rules.stock, moment.at)
    return names_of(dict.fromkeys(risk.order or risk.name for risk in risks if risk.location == place))


def _in_pool(moment: Moment, stock: Positions, expected: PlaceExpected, own: Own) -> dict[str, str]:
    rules = moment.scene.shop.rules.stock
    places = tuple(map(LocationId, expected.locations or rules.pool_of(stock, expected.channel or "")))
    if expected.channel is None:
        raw = stock.pool_raw(places, moment.at, own=own)
    else:
        raw = pool_raw(stock, rules, moment.at, channel=expected.channel, own=own)
    numbers = {
        "on_hand": sum(stock.on_hand(place) for place in places),
        "allocated": stock.allocated(None),
        "held": stock.held(None, moment.at, own=own),
        "unavailable": sum(stock.unavailable(place) for place in places),
        "free": max(0, raw),
        "raw": raw,
    }
    if expected.kits is not None:
        parts = rules.opened_kits.get(stock.sku, ())
        free = {part.sku: free_for(moment.stock(part.sku), rules, None, moment.at, own=own) for part in parts}
        numbers["kits"] = kits_in(parts, free)
    told = {name: str(number) for name, number in numbers.items()} | {"at_risk": _risky(moment, stock, None)}
    if expected.served is not None:
        served: dict[str, int] = {}
        for one in pool_sequence(stock, rules, moment.at):
            served[one.name] = served.get(one.name, 0) + one.now
        told["served"] = pairs_of(served)
    return told


def slot_looks(moment: Moment, location: str, slot: str, expected: SlotExpected) -> Iterator[Look]:
    """Compare what is expected of a slot in which a location packs parcels."""
    found = moment.scene.shop.slot(LocationId(location), slot)
    actual = {"taken": found.taken(moment.at), "load": found.load(moment.at)}
    for field, value in written(expected).items():
        yield Look(where=f"slots.{location}.{slot}.{field}", expected=str(value), actual=str(actual[field]))


IN_KIND = ("points", "store_credit", "gift_card")


def _paid_in_kind(sale: Sale | None) -> int:
    """Give what was paid with means that the shop had given out itself."""
    return 0 if sale is None else sum(tender.amount for tender in sale.tenders if tender.kind in IN_KIND)


def order_looks(moment: Moment, name: str, expected: OrderExpected) -> Iterator[Look]:
    """Compare what is expected of an order and its lines."""
    order = moment.scene.shop.order(OrderId(name), as_of=moment.at, known_at=moment.known)
    where, sale = f"orders.{name}", order.sale
    code = "" if sale is None else sale.currency
    total = 0 if sale is None else sum(line.amount for line in sale.lines) + sale.shipping
    actual = {
        "state": str(order.state),
        "refunded": moment.money(order.refunded, code),
        "total": moment.money(total, code),
        "tax": moment.money(0 if sale is None else sum(line.tax for line in sale.lines), code),
        "due": moment.money(total - _paid_in_kind(sale), code),
        "by": str(order.profile),
    }
    for field, value in written(expected).items():
        if isinstance(value, Written):
            value = moment.money(value.units(code or moment.scene.currency, field), code)  # noqa: PLW2901
        if field in actual:
            yield Look(where=f"{where}.{field}", expected=str(value), actual=actual[field])
    for line_name, wanted in (expected.lines or {}).items():
        line = next((line for line in order.lines if line.line == line_name), None)
        for field, value in written(wanted).items():
            is_so = "no such line" if line is None else str(getattr(line, field) or ("" if field == "location" else 0))
            yield Look(where=f"{where}.lines.{line_name}.{field}", expected=str(value), actual=is_so)
