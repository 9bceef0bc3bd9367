"""A small shop to try promises in: what is told is short, and everything else has a plain default."""

from datetime import UTC, datetime

from omo_adapters.desk import Rules
from omo_adapters.shop import Shop, memory_shop
from omo_core.decisions import Accepted, Refused
from omo_core.fulfilment import OrderLine, PlacePickupOrder
from omo_core.stock import (
    AllocateLine,
    From,
    HoldUnits,
    OrderTransfer,
    SourcedLine,
    SourceOrder,
    StockCounted,
    StockMoved,
    StockRules,
    Wanted,
)
from omo_core.trade import Sale, SaleLine
from tests.shell.asking import PROGRAMME


def on(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


NOW = on(28)
DAY_5 = on(5)


def shop(pool: tuple[str, ...] = ("S1", "WH"), **rules: object) -> Shop:
    return memory_shop(Rules(programme=PROGRAMME, stock=StockRules(pool=pool, **rules)), now=lambda: NOW)


def count(place: str, units: int, *, at: datetime | None = None, sku: str = "TEE") -> StockCounted:
    at = at or on(1)
    return StockCounted(id=f"count/{place}/{sku}/{at}", at=at, sku=sku, location=place, units=units)


def move(name: str, at: datetime, place: str, units: int, **more: object) -> StockMoved:
    return StockMoved(
        **{
            "id": f"move/{name}",
            "at": at,
            "sku": "TEE",
            "location": place,
            "units": units,
            "reason": "received",
            **more,
        }
    )


def sold(
    order: str, at: datetime, units: int, *, handing: str = "carried", where: str | None = None, **more: object
) -> Sale:
    """One line of one article: carried out of S1, or on the web's pool unless ``where`` says more."""
    line = SaleLine(line="1", sku=more.pop("sku", "TEE"), units=units, amount=100, handing=handing, location=where)
    channel = more.pop("channel", "store" if handing == "carried" else "web")
    place = "S1" if handing == "carried" else None
    return Sale(
        id=f"sale/{order}", at=at, order=order, currency="HKD", channel=channel, location=place, lines=(line,), **more
    )


def web(order: str, at: datetime, units: int, where: str | None = None, **more: object) -> Sale:
    return sold(order, at, units, handing="ship", where=where, **more)


def hold(name: str, at: datetime, units: int, until: datetime, **more: object) -> HoldUnits:
    lines = (Wanted(sku=more.pop("sku", "TEE"), units=units),)
    return HoldUnits(request=more.pop("request", f"hold/{name}"), at=at, hold=name, lines=lines, until=until, **more)


def allocate(request: str, order: str, where: str | None, at: datetime = DAY_5, **more: object) -> AllocateLine:
    return AllocateLine(request=request, at=at, order=order, line="1", sku="TEE", location=where, **more)


def source(request: str, order: str, *parts: tuple[str, int], at: datetime = DAY_5) -> SourceOrder:
    froms = tuple(From(location=place, units=units) for place, units in parts)
    return SourceOrder(request=request, at=at, order=order, lines=(SourcedLine(line="1", sku="TEE", parts=froms),))


def pickup(order: str, at: datetime, where: str, units: int = 1, **more: object) -> PlacePickupOrder:
    line = OrderLine(line="1", sku="TEE", units=units, amount=100)
    return PlacePickupOrder(
        request=f"place/{order}", at=at, order=order, location=where, currency="HKD", lines=(line,), **more
    )


def transfer(request: str, name: str, units: int, at: datetime, **more: object) -> OrderTransfer:
    ends = {"origin": "WH", "destination": "S1"} | {
        key: more.pop(key) for key in ("origin", "destination") if key in more
    }
    return OrderTransfer(
        request=request, at=at, transfer=name, lines=(Wanted(sku=more.pop("sku", "TEE"), units=units),), **ends
    )


def why(answer: Accepted | Refused) -> str:
    """The kind of a no; nothing for a yes."""
    return answer.reason.kind if isinstance(answer, Refused) else ""
