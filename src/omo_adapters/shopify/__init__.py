"""Shopify, inbound: webhooks and bulk exports become events."""

from omo_adapters.shopify.signature import Delivery, Secret, verify
from omo_adapters.shopify.topics import Setting, learned_items, translate
from omo_adapters.shopify.webhooks import read_dump, read_folder_member, read_webhook, write_dump

__all__ = [
    "Delivery",
    "Secret",
    "Setting",
    "learned_items",
    "read_dump",
    "read_folder_member",
    "read_webhook",
    "translate",
    "verify",
    "write_dump",
]
