"""How the demo puts things: instants on the shop's clock, money, goods, places and orders in a few words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from omo_adapters.demo.brand import BY_SKU, HONG_KONG
from omo_core.trade import Refund, Sale, SaleLine

CHANNELS: Final = {"web": "Web shop", "line": "LINE shop"}


def clock(at: datetime) -> str:
    """Give ``Tue 10 13:05``."""
    return at.astimezone(HONG_KONG).strftime("%a %d %H:%M")


def day(at: datetime) -> str:
    """Give ``10 November 2027``."""
    local = at.astimezone(HONG_KONG)
    return f"{local.day} {local:%B %Y}"


def money(cents: int) -> str:
    """Give ``HK$1,180``, with cents only where there are some."""
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}HK${whole:,}" + (f".{part:02d}" if part else "")


def plural(count: int, one: str, many: str = "") -> str:
    """Give ``1 file`` or ``3 files``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def goods(lines: Iterable[SaleLine]) -> str:
    """Name what was bought: ``Peak Cap, 2 Enamel Mug``."""
    return ", ".join(f"{line.units} {_name(line.sku)}" if line.units > 1 else _name(line.sku) for line in lines)


def _name(sku: str) -> str:
    article = BY_SKU.get(sku)
    # The customer's Chinese name of it follows the English one; here one of them is enough.
    return article.product.rpartition(" ")[0] if article is not None else sku


def order_name(order: str) -> str:
    """Give an order's name as it fits into a line: a web order by the end of its number, a receipt by its till."""
    source, _, rest = order.partition(":")
    if source == "till":
        number = rest.rpartition("/")[2]
        return f"receipt {number}"
    return f"order …{rest[-6:]}" if source == "shopify" else order


def document(event: Sale | Refund) -> str:
    """Name the document that an event was read from."""
    return order_name(event.order) if isinstance(event, Sale) else f"refund of {order_name(event.order)}"
