"""The shape of our own receipt format, JSON Lines v1: what a till's exporter writes, one receipt per line.

Amounts and quantities are decimal *strings*: a JSON number is a float to most software that writes one. Fields that
are not named here are ignored, so that exporters may add their own. The published schema is made from these models.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from omo_core.quantities import LINES_MAX, POINTS_MAX, TEXT_MAX

FORMAT: Final = "omo.receipt/1"
TENDERS_MAX: Final = 1_000

Text = Annotated[str, StringConstraints(min_length=1, max_length=TEXT_MAX)]
Optional = Annotated[str, StringConstraints(max_length=TEXT_MAX)]
Amount = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,16}(\.[0-9]{1,9})?$")]
Quantity = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,12})?$")]
Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
_CLOCK: Final = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
Instant = Annotated[str, StringConstraints(pattern=rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ]{_CLOCK}$")]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", use_attribute_docstrings=True)


class ReceiptName(_Model):
    """What tells a receipt from every other one, for ever."""

    location: Text
    """The store, in the till's own words."""
    register_: Text = Field(alias="register")
    """The workstation; its numbers may restart every day."""
    business_day: Day
    """The day it is booked on, which may be the day before its date."""
    operator: Optional = ""
    """Who was signed on. Part of the name, since numbers may restart with the operator."""
    number: Text
    """The running number of the receipt."""


class Reference(_Model):
    """Another purchase that this receipt takes back: its order id, or its receipt."""

    order: Text | None = None
    """The order id as omo knows it, such as ``shopify:5001`` for goods bought on the web."""
    receipt: ReceiptName | None = None
    line: Text | None = None
    """The line of that purchase, if known; else the money goes back for the purchase as a whole."""

    @model_validator(mode="after")
    def _names_one(self) -> Reference:
        if (self.order is None) == (self.receipt is None):
            raise ValueError("name either an order or a receipt")
        return self


class Member(_Model):
    """Who the purchase is for. The first of these that is given names the record; the others are not joined to it."""

    record: Text | None = None
    """The id of a record that the till looked up, with its source: ``crm:88``, ``shopify:207119551``."""
    card: Text | None = None
    """A member card or QR code as read."""
    line: Text | None = None
    """A LINE user id."""
    phone: Text | None = None
    email: Text | None = None


class Line(_Model):
    """One line as the customer pays for it."""

    line: Text
    """Its id within the receipt."""
    sku: Text
    quantity: Quantity
    """Negative when goods came back."""
    unit: Optional = ""
    """Empty for pieces; ``kg``, ``g``, ``l`` … for weighed goods, which are counted in thousandths of it."""
    amount: Amount
    """For the whole line, after all discounts, tax included; negative when goods came back."""
    tax: Amount = "0"
    """The part of the amount that is tax."""
    discount: Amount = "0"
    """What was taken off, already subtracted from the amount."""
    category: Optional = ""
    kind: Literal["goods", "gift_card", "fee"] = "goods"
    handing: Literal["carried", "ship", "pickup", "none"] = "carried"
    """How the goods reach the customer."""
    location: Optional = ""
    """Whose stock it leaves or comes back to, where that is not the receipt's own store."""
    restock: Literal["return", "none"] = "return"
    """Whether goods that came back can be sold again."""
    reference: Reference | None = None
    """For goods that came back: what they were bought on."""


class Tender(_Model):
    """A means of payment."""

    kind: Text
    """``cash``, ``card``, ``points``, ``gift_card``, ``store_credit``, ``voucher``, or a name of the shop's own."""
    amount: Amount
    """Negative when it was given back (change, a refund)."""


class PointsTaken(_Model):
    """Points that the till took on its own because it could not ask. Those that omo allowed are not repeated here."""

    points: Annotated[int, Field(ge=1, le=POINTS_MAX)]
    amount: Amount = "0"
    """What they were worth."""


class ReceiptV1(ReceiptName):
    """One receipt."""

    format: Literal["omo.receipt/1"] = Field(alias="schema")
    """The name and version of this format."""
    at: Instant
    """When it was finished. Without an offset it is local time in ``zone``."""
    zone: Text | None = None
    """IANA name of the store's time zone, such as ``Asia/Taipei``; else the reader's own."""
    currency: Currency
    kind: Literal["sale", "return", "void", "training", "suspended"] = "sale"
    """A ``sale`` may have lines that came back (an exchange); all of a ``return`` came back; a ``void`` lists what the
    receipt that it refers to had sold; ``training`` and ``suspended`` receipts mean nothing."""
    member: Member | None = None
    staff: Optional = ""
    """Whom the sale is owed to, if not the operator."""
    lines: Annotated[list[Line], Field(max_length=LINES_MAX)] = []
    tenders: Annotated[list[Tender], Field(max_length=TENDERS_MAX)] = []
    total: Amount | None = None
    """The sum of all lines; a receipt that does not add up to it is set aside."""
    reference: Reference | None = None
    """The purchase that goods came back from, for lines that name none; the receipt that a ``void`` voids."""
    points_redeemed: PointsTaken | None = None
    platform_receipt: Text | None = None
    """If the till also reported the sale to a web shop: the identifier that the shop shows for it
    (``<location>-<device>-<number>``, Shopify's ``source_identifier``), so that it counts once."""
