"""How an ARTS receipt was paid, in the shop's words; change and cash back are payments the other way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from xml.etree.ElementTree import Element

from omo_adapters.pos.elements import Item, kind_of, money
from omo_core.trade import Tender

_KINDS: Final = {
    "Cash": "cash",
    "CreditDebit": "card",
    "GiftCard": "gift_card",
    "GiftCertificate": "gift_card",
    "StoredValue": "gift_card",
    "Loyalty": "points",
    "LoyaltyPoints": "points",
    "StoreCredit": "store_credit",
    "Voucher": "voucher",
    "Coupon": "coupon",
    "ManufacturerCoupon": "coupon",
    "": "other",
}
_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def tenders_of(items: Iterable[Item], currency: str) -> tuple[Tender, ...]:
    """Give the payments in order; what was voided or nothing at all is left out."""
    return tuple(tender for tender in _tenders(items, currency) if tender.amount)


def _tenders(items: Iterable[Item], currency: str) -> Iterator[Tender]:
    for item in items:
        where = item.place
        for child in item.element if not item.voided else ():
            if child.tag == "Tender":
                yield from _tender(child, currency, where)
            elif child.tag == "TenderChange":
                yield Tender(kind=_kind(child), amount=-abs(money(child, "Amount", currency, where) or 0))


def _tender(tender: Element, currency: str, place: str) -> Iterator[Tender]:
    """Read a payment; what rounding to coins took away from it was never paid.

    Change stands inside of a payment, or (NCR) as a payment of its own with the same negative amount, where it must
    not be counted a second time.
    """
    stated = money(tender, "Amount", currency, place) or 0
    applied = money(tender, "AmountAppliedToBill", currency, place)
    amount = stated if applied is None else applied
    if kind_of(tender, "TypeCode") == "Refund":
        amount = -abs(amount)
    yield Tender(kind=_kind(tender), amount=amount)
    change = money(tender, "TenderChange/Amount", currency, place)
    if change and stated != -abs(change):
        yield Tender(kind="cash", amount=-abs(change))


def _kind(tender: Element) -> str:
    name = kind_of(tender, "TenderType")
    return _KINDS.get(name) or _CAPITAL.sub("_", name).lower()
