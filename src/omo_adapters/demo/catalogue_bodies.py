"""What Shopify says of articles: the catalogue, and what is free to sell in a place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from omo_adapters.demo.bodies import Body, gid
from omo_adapters.demo.brand import ARTICLES, VARIANT, Article, Place, dollars, number

PRODUCT: Final = 50
ITEM: Final = 52
PAPER_BAG: Final = number(ITEM, 777)
"""An inventory item that somebody made by hand, outside of the catalogue."""


def level_body(item: int, place: Place, available: int, at: datetime) -> Body:
    """Give what Shopify says is free to sell of an article in a place."""
    return {
        "inventory_item_id": item,
        "location_id": place.shopify,
        "available": available,
        "updated_at": at.isoformat(),
        "admin_graphql_api_id": f"gid://shopify/InventoryLevel/{place.shopify}?inventory_item_id={item}",
    }


def item_number(article: Article) -> int:
    """Give the number of an article's inventory item."""
    return number(ITEM, article.place)


def product_bodies() -> Sequence[Body]:
    """Give the catalogue, product by product."""
    names = dict.fromkeys(article.product for article in ARTICLES)
    return [_product(name, [one for one in ARTICLES if one.product == name]) for name in names]


def _product(name: str, articles: Sequence[Article]) -> Body:
    of = number(PRODUCT, articles[0].place)
    return {
        "id": of,
        "admin_graphql_api_id": gid("Product", of),
        "product_type": articles[0].category,
        "status": "active",
        "title": name,
        "vendor": "Kite & Kelp",
        "variants": [
            {
                "id": number(VARIANT, article.place),
                "admin_graphql_api_id": gid("ProductVariant", number(VARIANT, article.place)),
                "inventory_item_id": item_number(article),
                "price": dollars(article.price),
                "sku": article.sku,
                "title": article.variant,
            }
            for article in articles
        ],
    }
