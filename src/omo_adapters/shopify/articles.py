"""Which article a line is, and whether anybody counts it; the same for sales, refunds and hand-overs."""

from __future__ import annotations

from omo_adapters.shopify import ids
from omo_adapters.shopify.payloads import Article
from omo_core.identifiers import Sku


def line_number(line: Article) -> str:
    """Give the line's id, by which refunds and hand-overs name it."""
    return line.number


def article(line: Article) -> Sku:
    """Name what was sold: by sku; without one by variant; a custom line, which is neither, by itself."""
    sku = line.sku.strip()
    if sku:
        return Sku(sku)
    return ids.variant_sku(str(line.variant_id)) if line.variant_id is not None else ids.line_sku(line.number)


def counted(line: Article) -> bool:
    """Say whether stock moves for the line: not for gift cards, services, downloads and custom lines."""
    named = bool(line.sku.strip()) or line.variant_id is not None
    return named and line.requires_shipping and not line.gift_card
