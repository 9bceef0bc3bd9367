"""What all of Shopify's bodies are made of: numbers, amounts, global ids.

Unknown fields are ignored, since Shopify adds some every quarter. A field that is used has one type: a quantity is a
whole number and never ``true`` or ``"2"``, an amount is text or a whole number. A missing field and ``null`` are the
same (``decoding.decode`` leaves ``null`` out), so a default stands for both.
"""

from __future__ import annotations

import re
from typing import Annotated, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from omo_core.errors import Malformed
from omo_core.quantities import LINES_MAX

T = TypeVar("T")

_GID: Final = re.compile(r"gid://shopify/[A-Za-z]+/([0-9]{1,20})(?:\?[^/]*)?", re.ASCII)

Number = Annotated[int, Field(ge=0, lt=10**20)]
"""A document's number. Shopify counts in 64 bits."""
Quantity = Annotated[int, Field(ge=0, lt=10**10)]
Amount = Annotated[str | int, Field(union_mode="left_to_right")]
"""An amount as it was written. What was written with a fraction has stayed text."""
Many = Annotated[tuple[T, ...], Field(strict=False, max_length=LINES_MAX)]
"""A JSON list."""


class Payload(BaseModel):
    """A part of a body."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class Document(Payload):
    """A part with a number of its own.

    Relays written in JavaScript round numbers above 2**53 (Shopify's own samples went through one), so the number is
    read from the global id, which is text, wherever there is one.
    """

    id: Number
    admin_graphql_api_id: str = ""

    @property
    def number(self) -> str:
        """Give the exact number as text."""
        return gid_number(self.admin_graphql_api_id) if self.admin_graphql_api_id else str(self.id)


def gid_number(gid: str, path: str = "admin_graphql_api_id") -> str:
    """Read ``5001`` out of ``gid://shopify/Order/5001``."""
    found = _GID.fullmatch(gid)
    if found is None:
        raise Malformed(path, f"{gid!r:.60} is not a global id")
    return found.group(1)


def expect_kind(document: Document, kind: str) -> None:
    """Refuse a document that calls itself something else than the topic it came under: topics are not signed."""
    gid = document.admin_graphql_api_id
    if gid and not gid.startswith(f"gid://shopify/{kind}/"):
        raise Malformed("admin_graphql_api_id", f"{gid!r:.60} is not the id of a {kind}")


class ShopMoney(Payload):
    """An amount in the shop's currency."""

    amount: Amount
    currency_code: str = ""


class MoneySet(Payload):
    """An amount in both currencies, of which only the shop's counts; what the customer was shown is not kept."""

    shop_money: ShopMoney


class TaxLine(Payload):
    """A tax on a line."""

    price: Amount = ""
    price_set: MoneySet | None = None
    rate: Amount = "0"


class DiscountAllocation(Payload):
    """A line's share of a discount."""

    amount: Amount = ""
    amount_set: MoneySet | None = None
