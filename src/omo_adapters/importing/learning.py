"""What catalogue documents teach: which sku an inventory item is. Stock levels name articles by inventory item only."""

from __future__ import annotations

from omo_adapters.inbound import NotUnderstood, Parcel
from omo_adapters.shopify import learned_items, read_dump
from omo_adapters.shopify.exports import exported_items
from omo_adapters.taking import checked
from omo_core.errors import Malformed
from omo_core.identifiers import Sku

_EXPORTED = "shopify:export/InventoryItem"
_CATALOGUE = ("shopify:products/", "shopify:inventory_items/", _EXPORTED)


def learned_from(parcel: Parcel) -> dict[str, Sku]:
    """Give what sources call the articles that a document names, to their skus; nothing for other documents."""
    if not parcel.kind.startswith(_CATALOGUE) or isinstance(checked(parcel).outcome, NotUnderstood):
        return {}
    try:
        if parcel.kind == _EXPORTED:
            return dict(exported_items(parcel.raw.splitlines()))
        return dict(learned_items(parcel.kind.removeprefix("shopify:"), _body(parcel.raw)))
    except Malformed:
        # A document that names its article in no usable way teaches nothing; its levels wait in quarantine.
        return {}


def _body(raw: bytes) -> bytes:
    """Take the body out of a kept delivery."""
    return raw if raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else read_dump(raw)[1]
