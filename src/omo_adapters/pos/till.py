"""What any till's document comes down to, whatever its format: a receipt in whole units and minor units.

Readers of formats (``receipts``, ``poslog``, ``digital_receipt``) make these; ``translating`` makes events of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

from attrs import frozen

from omo_adapters.inbound import Outcome, escaped
from omo_core.errors import Malformed
from omo_core.identifiers import LocationId, OrderId, Sku
from omo_core.trade import Restock, SaleLine, Tender

KeyPart = Literal["location", "register", "day", "operator", "number"]
KEY: Final[tuple[KeyPart, ...]] = ("location", "register", "day", "operator", "number")
"""What tells two receipts apart, unless a till is known better: a till's numbers restart with the business day and
with the operator (ARTS), so both belong to the key. Leaving either out silently drops real sales on such tills."""


@frozen(kw_only=True)
class ReceiptKey:
    """The parts that a receipt is known by, in the till's own words."""

    location: str
    register: str
    day: str
    """The business day, which may be the day before a receipt rung up after midnight."""
    operator: str = ""
    number: str

    def order(self, parts: Sequence[KeyPart] = KEY) -> OrderId:
        """Name the purchase: ``till:<location>/<register>/<day>/<operator>/<number>``, or what a till uses of it."""
        return OrderId("till:" + "/".join(escaped(getattr(self, part)) for part in parts))


BearerKind = Literal["card", "phone", "email", "line", "record"]


@frozen(kw_only=True)
class Bearer:
    """Who showed what at the till; the value is in its one spelling."""

    kind: BearerKind
    """``record`` is the id of a customer record that some other source keeps (``crm:88``)."""
    value: str


@frozen(kw_only=True)
class Returned:
    """Goods that came back over the counter, or money that went back for a line."""

    order: OrderId | None
    """The purchase they belong to; none when the customer had no receipt."""
    line: str
    exact: bool
    """Whether ``line`` is the purchase's own line id, or only this receipt's."""
    sku: Sku
    units: int
    amount: int
    restock: Restock = "return"
    location: LocationId | None = None


@frozen(kw_only=True)
class Redeemed:
    """Points that the till took while it could not ask."""

    points: int
    amount: int


@frozen(kw_only=True)
class Receipt:
    """One finished receipt: what was sold, what came back, how it was paid."""

    order: OrderId
    also: tuple[OrderId, ...] = ()
    at: datetime
    source: str
    location: LocationId
    currency: str
    staff: str = ""
    bearer: Bearer | None = None
    notes: tuple[str, ...] = ()
    """Identifiers that were shown and can't be read."""
    sold: tuple[SaleLine, ...] = ()
    returned: tuple[Returned, ...] = ()
    tenders: tuple[Tender, ...] = ()
    redeemed: Redeemed | None = None
    voids: OrderId | None = None
    """The receipt that this one declares void; what it lists is then what the other had sold."""
    voids_by_line: bool = False
    """Whether it lists that under the other's own line ids."""


def flagged(value: str) -> bool:
    """Read an XML boolean; what is neither true nor false is refused, since it may hide a training receipt."""
    if value in ("false", "0", ""):
        return False
    if value in ("true", "1"):
        return True
    raise Malformed("flag", f"{value!r:.40} is neither true nor false")


Reading = Receipt | Outcome
"""A document is either a receipt, or already known to mean nothing."""
