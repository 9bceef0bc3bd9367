"""Where Shopify takes web orders off one place, omo's promise lies there, and its levels come out as Shopify said."""

from datetime import UTC, datetime

from attrs import evolve

from omo_adapters.shopify import Setting
from omo_core.events import Event
from omo_core.identifiers import LocationId, Sku
from omo_core.stock import positions
from omo_core.trade import Sale
from tests.adapters.shopify.bodies import CONTEXT, Body, events, level, order

DEPOT = LocationId("depot")
WITH_DEPOT = evolve(CONTEXT, locations={**CONTEXT.locations, "shopify:default": DEPOT, "shopify:655441491": DEPOT})
LATER = datetime(2026, 1, 6, tzinfo=UTC)


def heard(topic: str, body: Body) -> tuple[Event, ...]:
    return events(topic, body, Setting(WITH_DEPOT))


def test_a_line_to_be_shipped_waits_at_the_default_location() -> None:
    sale = next(event for event in heard("orders/create", order()) if isinstance(event, Sale))
    assert [(line.handing, line.location) for line in sale.lines] == [("ship", DEPOT)]


def test_a_level_that_leaves_out_a_web_order_is_not_lowered_by_it_again() -> None:
    """Shopify says eight of ten, since it has promised two to the order."""
    counted = level(location_id=655441491, available=8, updated_at="2026-01-05T12:00:05+08:00")
    told = (*heard("orders/create", order()), *heard("inventory_levels/update", counted))
    tees = positions(Sku("TEE"), told)
    assert (tees.free(DEPOT, LATER), tees.allocated(DEPOT), tees.on_hand(DEPOT)) == (8, 2, 10)
    assert tees.free_in_pool((DEPOT,), LATER) == 8
