"""Shopify's stock levels, and what its catalogue teaches about articles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from omo_adapters.inbound import Context, Ignored, NotUnderstood, Outcome, Understood
from omo_adapters.shopify import ids
from omo_adapters.shopify.decoding import instant
from omo_adapters.shopify.payloads import InventoryItem, InventoryLevel, Product
from omo_core.identifiers import Sku
from omo_core.instants import micros
from omo_core.stock.events import StockCounted


def read_level(level: InventoryLevel, context: Context) -> Outcome:
    """Take a level as a count of what is free to sell, as of its update. A new level (connect) is a count like any."""
    if level.available is None:
        return Ignored(reason="Shopify does not track this article")
    return _count(level, context, level.available, instant(level.updated_at, "updated_at"))


def read_end_of_level(level: InventoryLevel, context: Context, when: datetime | None) -> Outcome:
    """Take a level that ended (disconnect) as a count of nothing, so that no promise is made on it any more.

    The body has no time, so the delivery's stands for it; without one nothing is known but that it ended some day.
    """
    if when is None:
        return Ignored(reason="the level ended, and the delivery does not say when")
    return _count(level, context, 0, when)


def _count(level: InventoryLevel, context: Context, units: int, at: datetime) -> Outcome:
    sku = context.items.get(ids.item_name(level.item))
    if sku is None:
        return NotUnderstood(
            path="inventory_item_id",
            reason=f"inventory item {level.item} is not known: import the products or map {ids.item_name(level.item)} "
            "to its sku, then drive this document again",
        )
    counted = StockCounted(
        id=ids.level_event(level.item, str(level.location_id)),
        at=at,
        version=micros(at),
        source=ids.SOURCE,
        sku=sku,
        location=context.location("shopify", str(level.location_id)),
        units=units,
        basis="available",
    )
    counted.check()
    return Understood(events=(counted,))


def product_items(product: Product) -> Mapping[str, Sku]:
    """Say which sku each of a product's inventory items is, as ``Context.items`` wants it."""
    return {
        ids.item_name(str(variant.inventory_item_id)): Sku(variant.sku.strip()) or ids.variant_sku(variant.number)
        for variant in product.variants
        if variant.inventory_item_id is not None
    }


def inventory_items(item: InventoryItem) -> Mapping[str, Sku]:
    """Say which sku an inventory item is; nothing where the shop has given it none."""
    sku = item.sku.strip()
    return {ids.item_name(item.number): Sku(sku)} if sku else {}
