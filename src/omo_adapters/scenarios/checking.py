"""Everything that a scenario expects at one moment, looked at in the order written."""

from __future__ import annotations

from collections.abc import Iterator

from omo_adapters.scenarios.book_looks import book_looks
from omo_adapters.scenarios.expecting import Expected
from omo_adapters.scenarios.goods_looks import order_looks, place_looks, slot_looks
from omo_adapters.scenarios.looking import Look, Moment
from omo_adapters.scenarios.member_looks import member_looks
from omo_adapters.scenarios.person_looks import person_looks


def look(moment: Moment, expected: Expected) -> Iterator[Look]:
    """Compare everything that is expected at an instant, in the order written."""
    for record, member in expected.members.items():
        yield from member_looks(moment, record, member)
    for sku, places in expected.stock.items():
        positions = moment.stock(sku)
        for place, there in places.items():
            yield from place_looks(moment, positions, f"stock.{sku}.{place}", place, there)
    for name, order in expected.orders.items():
        yield from order_looks(moment, name, order)
    for location, days in expected.slots.items():
        for slot, packed in days.items():
            yield from slot_looks(moment, location, slot, packed)
    for name, books in expected.books.items():
        yield from book_looks(moment, name, books)
    yield from person_looks(moment, expected)
