"""Amounts in the shop's currency, in minor units; and which gateway is which means of payment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from omo_adapters.shopify.payloads import Transaction
from omo_adapters.shopify.shapes import Amount, DiscountAllocation, MoneySet, TaxLine
from omo_core.errors import Malformed
from omo_core.money import minor_units
from omo_core.trade import Tender

GATEWAYS: Final = {
    "gift_card": "gift_card",
    "shopify_store_credit": "store_credit",
    "store_credit": "store_credit",
    "cash": "cash",
    "cash on delivery (cod)": "cash",
    "bank deposit": "bank",
    "manual": "manual",
}
"""Shopify's payment gateways to means of payment. Any other gateway takes cards or wallets: ``card``."""

_MONEY_MOVED: Final = ("success", "pending")
"""A refund that its gateway has not confirmed yet is stated all the same: Shopify states it once and never corrects."""


def in_shop_money(flat: Amount, both: MoneySet | None, code: str, path: str) -> int:
    """Read an amount in the shop's currency; one that is not stated is nothing.

    The pair of currencies counts where it names the document's. Where it names another, the plain field does, which is
    in the shop's currency by definition; without a plain field nobody knows what was meant.
    """
    if both is not None:
        found = both.shop_money
        if found.currency_code in ("", code):
            return minor_units(str(found.amount), code, path)
        if flat == "":
            raise Malformed(path, f"is in {found.currency_code:.10}, the document in {code}")
    return minor_units(str(flat), code, path) if flat != "" else 0


def stated(both: MoneySet | None, code: str, path: str) -> int:
    """Read an amount that only has a pair of currencies."""
    return in_shop_money("", both, code, path)


def taxes(lines: Iterable[TaxLine], code: str, path: str) -> int:
    """Sum the taxes of a line."""
    return sum(in_shop_money(tax.price, tax.price_set, code, f"{path}.tax_lines") for tax in lines)


def allocated(shares: Iterable[DiscountAllocation], code: str, path: str) -> int:
    """Sum a line's shares of all discounts."""
    return sum(in_shop_money(s.amount, s.amount_set, code, f"{path}.discount_allocations") for s in shares)


def means(gateway: str) -> str:
    """Say which means of payment a gateway takes."""
    return GATEWAYS.get(gateway.strip().lower(), "card")


def moved(transactions: Iterable[Transaction], kinds: tuple[str, ...], code: str) -> tuple[Tender, ...] | None:
    """Sum what was paid or given back per means of payment; none when it is stated in another currency."""
    sums: dict[str, int] = {}
    for place, one in enumerate(transactions):
        if one.kind in kinds and one.status in _MONEY_MOVED:
            if one.currency not in ("", code):
                return None
            amount = in_shop_money(one.amount, None, code, f"transactions[{place}].amount")
            sums[means(one.gateway)] = sums.get(means(one.gateway), 0) + amount
    return tuple(Tender(kind=kind, amount=amount) for kind, amount in sorted(sums.items()))
