"""How Shopify's documents are named in omo: the one place where an id is put together.

An id says nothing of the shop's domain, because the domain stands in a header that nobody signed: a captured body sent
again under another domain must meet its first delivery, not pass as a new order. Shopify's numbers are unique over
all of its shops, so two shops in one journal do not collide either.
"""

from __future__ import annotations

from typing import Final

from omo_core.identifiers import EventId, OrderId, ProfileId, Sku, compound

SOURCE: Final = "shopify"
"""Who says so, on every event of this adapter."""


def order_id(number: str) -> OrderId:
    """Name a purchase."""
    return OrderId(f"shopify:{number}")


def profile_id(number: str) -> ProfileId:
    """Name a customer record."""
    return ProfileId(f"shopify:{number}")


def sale_event(order: str) -> EventId:
    """Name the document of an order."""
    return EventId(f"sale/shopify:{order}")


def refund_event(refund: str) -> EventId:
    """Name the document of a refund, however it comes: by itself or inside of its order."""
    return EventId(f"refund/shopify:{refund}")


def handover_event(fulfillment: str) -> EventId:
    """Name the document of a fulfilment, however it comes."""
    return EventId(f"handover/shopify:{fulfillment}")


def profile_event(customer: str) -> EventId:
    """Name the document of a customer record."""
    return EventId(f"profile/shopify:{customer}")


def consent_event(customer: str, channel: str) -> EventId:
    """Name the document of what a customer said about one channel, however it comes."""
    return compound("consent", f"shopify:{customer}", channel)


def tags_event(customer: str) -> EventId:
    """Name the document of a customer's list of tags."""
    return EventId(f"tags/shopify:{customer}")


def tags_change_event(customer: str, at: int, said: str) -> EventId:
    """Name one change of a customer's tags. Shopify numbers none, so its instant and a digest of it do."""
    return EventId(f"tags/shopify:{customer}:{at}:{said}")


def joined_event(kept: str, deleted: str) -> EventId:
    """Name the statement that Shopify merged two records."""
    return EventId(f"joined/shopify:{kept}:{deleted}")


def level_event(item: str, location: str) -> EventId:
    """Name the document of one article's level in one place."""
    return EventId(f"level/shopify:{item}:{location}")


def item_name(number: str) -> str:
    """Give the name under which a context knows an inventory item."""
    return f"shopify:inventory_item:{number}"


def variant_sku(number: str) -> Sku:
    """Name an article that the shop has given no sku."""
    return Sku(f"shopify:variant:{number}")


def line_sku(number: str) -> Sku:
    """Name what a custom line sold: no article that anybody counts, so the line's own number."""
    return Sku(f"shopify:line:{number}")
