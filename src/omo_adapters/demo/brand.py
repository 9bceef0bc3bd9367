"""Kite & Kelp 鳶藻, the brand of the demo: its places and its articles. It does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Final

NAME: Final = "Kite & Kelp 鳶藻"
DOMAIN: Final = "kite-and-kelp.myshopify.com"
SECRET: Final = b"a secret that only this demo's web shop signs with"
"""Signs the bundled webhooks; it protects nothing."""
HONG_KONG: Final = timezone(timedelta(hours=8))
VARIANT: Final = 51
"""The kind of number that Shopify's variants have here; see ``number``."""
MONDAY: Final = date(2026, 11, 9)
DAYS: Final = tuple(MONDAY + timedelta(days=day) for day in range(-1, 7))
"""The Sunday on which everything was counted, then the week."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A location, with what its systems call it."""

    id: str
    name: str
    shopify: int
    """Its number in Shopify."""


WAREHOUSE: Final = Place(id="kwai-chung", name="Kwai Chung warehouse", shopify=71_204_900_001)
CENTRAL: Final = Place(id="central", name="Central", shopify=71_204_900_002)
MONG_KOK: Final = Place(id="mong-kok", name="Mong Kok", shopify=71_204_900_003)
TSUEN_WAN: Final = Place(id="tsuen-wan", name="Tsuen Wan", shopify=71_204_900_004)
PLACES: Final = (WAREHOUSE, CENTRAL, MONG_KOK, TSUEN_WAN)


@dataclass(frozen=True, kw_only=True)
class Article:
    """Something that is sold."""

    sku: str
    product: str
    variant: str
    category: str
    price: int
    """In Hong Kong cents."""
    place: int
    """Its place in the catalogue."""

    @property
    def title(self) -> str:
        """Give what the customer reads."""
        return f"{self.product} - {self.variant}"


_PRODUCTS: Final = (
    ("TOTE-FERRY", "Ferry Tote 渡輪袋", "Bags", 380, ("NVY Navy", "OAT Oat", "RED Red")),
    ("TEE-TRAM-W", "Tram Tee White 電車T恤", "Tees", 260, ("S S", "M M", "L L")),
    ("TEE-TRAM-N", "Tram Tee Navy 電車T恤", "Tees", 260, ("S S", "M M", "L L")),
    ("CAP-PEAK", "Peak Cap 山頂帽", "Caps", 220, ("OLV Olive", "BLK Black")),
    ("POUCH-TYPHOON", "Typhoon Pouch 風球袋", "Bags", 160, ("YEL Yellow", "BLK Black")),
    ("SACK-MARKET", "Market Sack 街市袋", "Bags", 120, ("STR Stripe", "PLN Plain")),
    ("HOODIE-HARBOUR", "Harbour Hoodie 海旁衛衣", "Tees", 680, ("S S", "M M", "L L")),
    ("SLING-STAR", "Star Sling 天星斜孭袋", "Bags", 340, ("GRN Green", "BLK Black")),
    ("APRON-WETMARKET", "Market Apron 街市圍裙", "Home", 320, ("IND Indigo", "OAT Oat")),
    ("MUG-ENAMEL", "Enamel Mug 搪瓷杯", "Home", 140, ("WHT White", "NVY Navy")),
    ("MUG-WINTER", "Winter Mug 冬至杯", "Home", 150, ("RED Red",)),
)


def _articles() -> tuple[Article, ...]:
    found: list[Article] = []
    for stem, product, category, dollars, variants in _PRODUCTS:
        for code, _, variant in (text.partition(" ") for text in variants):
            sku, price = f"{stem}-{code}", dollars * 100
            article = Article(
                sku=sku, product=product, variant=variant, category=category, price=price, place=len(found)
            )
            found.append(article)
    return tuple(found)


ARTICLES: Final = _articles()
"""The last one comes new into the catalogue on Friday."""
BY_SKU: Final = {article.sku: article for article in ARTICLES}
HOT: Final = BY_SKU["TOTE-FERRY-NVY"]
NOVELTY: Final = BY_SKU["MUG-WINTER-RED"]


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Give an instant on the shop's clock."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=HONG_KONG)


def dollars(cents: int) -> str:
    """Write an amount as Shopify and tills do: ``380.00``."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def number(kind: int, place: int) -> int:
    """Give the number of a Shopify document: above 2**53, where numbers that pass through JavaScript are rounded."""
    return (9_000 + kind) * 10**14 + 10_007 * place + 977
