"""What a scenario expects of stock and orders, compared with what they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from omo_adapters.scenarios.expecting import POOL, OrderExpected, PlaceExpected
from omo_adapters.scenarios.looking import Look, Moment, names_of, written
from omo_adapters.written import Written
from omo_core.identifiers import HoldId, LocationId, OrderId
from omo_core.stock import Positions
from omo_core.trade import Sale


def place_looks(moment: Moment, stock: Positions, where: str, place: str, expected: PlaceExpected) -> Iterator[Look]:
    """Compare what is expected of an article in a location or in the pool."""
    own = None if expected.own is None else HoldId(expected.own)
    if place == POOL:
        named = tuple(LocationId(name) for name in expected.locations or ())
        actual = _in_pool(moment, stock, named or moment.scene.shop.rules.stock.pool_of(stock), own)
    else:
        actual = _in_place(moment, stock, LocationId(place), own)
    for field, value in written(expected).items():
        if field in ("own", "locations"):
            continue
        wanted = names_of(value) if isinstance(value, tuple) else str(value)
        yield Look(where=f"{where}.{field}", expected=wanted, actual=actual.get(field, "not told of the pool"))


def _in_place(moment: Moment, stock: Positions, place: LocationId, own: HoldId | None) -> dict[str, str]:
    numbers = {
        "on_hand": stock.on_hand(place),
        "allocated": stock.allocated(place),
        "held": stock.held(place, moment.at, own=own),
        "unavailable": stock.unavailable(place),
        "free": stock.free(place, moment.at, own=own),
        "raw": stock.free_raw(place, moment.at, own=own),
    }
    risky = {"at_risk": names_of(dict.fromkeys(promise.order for promise in stock.at_risk(place)))}
    return {name: str(number) for name, number in numbers.items()} | risky


def _in_pool(moment: Moment, stock: Positions, pool: Iterable[LocationId], own: HoldId | None) -> dict[str, str]:
    places = tuple(pool)
    numbers = {
        "on_hand": sum(stock.on_hand(place) for place in places),
        "allocated": stock.allocated(None),
        "held": stock.held(None, moment.at, own=own),
        "unavailable": sum(stock.unavailable(place) for place in places),
        "free": stock.free_in_pool(places, moment.at, own=own),
    }
    return {name: str(number) for name, number in numbers.items()}


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
