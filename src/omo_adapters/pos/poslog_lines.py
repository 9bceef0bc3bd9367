"""The lines of an ARTS retail transaction: what was sold, what came back, with voided lines taken out.

Makers disagree on how a line is voided. Some mark the line itself; others (NCR) leave it and add a marked line with
the amounts negated, which takes it back. The sign tells which it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal
from xml.etree.ElementTree import Element

from attrs import define

from omo_adapters.pos.elements import Item, flag, kind_of, money, rough_money, words
from omo_adapters.pos.measures import is_fraction, whole_units
from omo_core.errors import Malformed
from omo_core.trade import Handing, Restock

_SALES: Final[dict[str, Handing]] = {
    "Sale": "carried",
    "SaleForPickup": "pickup",
    "SaleForDelivery": "ship",
    "Return": "carried",
    "ReturnForPickup": "carried",
    "ReturnForDelivery": "carried",
}
"""Which elements of a line are goods, and how they reach the customer."""
_GIFT_CARDS: Final = frozenset({"GiftCard", "GiftCertificate", "StoredValue"})
_RETURNED_TO_STOCK: Final = frozenset({"", "ReturnToStock", "Undecided"})


@define(kw_only=True)
class Line:
    """One line while its receipt is being read; amounts in minor units, all of them positive for returns too."""

    number: str
    reference: str
    """The till's own number for the line, which rewards refer to (NCR)."""
    sku: str
    units: int
    amount: int
    discount: int
    tax: int
    tax_names: tuple[str, ...]
    """Which of the receipt's taxes it bears, where the till says so (NCR)."""
    deposit: bool
    recycling: int
    """Bottle money that ``amount`` may contain, beside a deposit line of its own."""
    category: str
    kind: Literal["goods", "gift_card", "fee"]
    handing: Handing
    returned: bool
    restock: Restock
    link: Element | None
    """The purchase that it came back from."""


def lines_of(items: Iterable[Item], currency: str) -> list[Line]:
    """Give the lines that count, in order, each with a number of its own."""
    lines: list[Line] = []
    shipped: set[str] = set()
    for item in items:
        for goods in (child for child in item.element if child.tag in _SALES):
            if goods.find("ExtendedAmount") is None and goods.find("Item") is not None:
                shipped.update(link.text or "" for link in goods.iterfind("Item/ItemLink"))
                continue
            line, reverses = _line(item.element, goods, currency, item.place)
            if not item.voided:
                lines.append(line)
            elif reverses:
                _take_back(lines, line, item.place)
    for line in lines:
        if line.number in shipped:
            line.handing = "ship"
    _number(lines)
    return lines


def _line(item: Element, goods: Element, currency: str, place: str) -> tuple[Line, bool]:
    """Read a line, and say whether its amounts are negated."""
    amount = money(goods, "ExtendedAmount", currency, place)
    if amount is None:
        raise Malformed(f"{place}.ExtendedAmount", "is missing")
    units = _units(item, goods, place)
    returned = goods.tag.startswith("Return") or units < 0
    line = Line(
        number=words(item, "SequenceNumber"),
        reference=words(goods, "OperatorSequence"),
        sku=words(goods, "ItemID") or words(goods, "POSIdentity/POSItemID"),
        units=abs(units),
        amount=abs(amount) if returned else amount,
        discount=abs(money(goods, "ExtendedDiscountAmount", currency, place) or 0),
        tax=abs(sum(rough_money(tax, "Amount", currency, f"{place}.Tax") for tax in goods.iterfind("Tax"))),
        tax_names=_tax_names(goods),
        deposit=kind_of(goods, "ItemType") == "Deposit",
        recycling=abs(money(goods, "RecyclingAmount", currency, place) or 0),
        category=words(goods, "MerchandiseHierarchy"),
        kind=_kind(goods, amount, returned=returned),
        handing=_SALES[goods.tag],
        returned=returned,
        restock="return" if kind_of(goods, "ItemType") in ("", "Stock") and _sellable(goods) else "none",
        link=goods.find("TransactionLink"),
    )
    return line, units < 0 or amount < 0


def _units(item: Element, goods: Element, place: str) -> int:
    """Read the quantity; where the till does not say that an article is weighed, a fraction says it."""
    element = goods.find("Quantity")
    if element is None:
        return 1
    text = (element.text or "").strip()
    unit = element.get("UnitOfMeasureCode", "")
    if not unit and (flag(item, "weightItem") or is_fraction(text)):
        unit = "weight"
    packs = whole_units(element.get("Units", "1"), "", f"{place}.Quantity.Units")
    return whole_units(text, unit, f"{place}.Quantity") * packs


def _kind(goods: Element, amount: int, *, returned: bool) -> Literal["goods", "gift_card", "fee"]:
    """Say whether a line is goods. Money that goes back without goods (bottle refund, rounding) is not."""
    item_type = kind_of(goods, "ItemType")
    if item_type in _GIFT_CARDS:
        return "gift_card"
    return "goods" if item_type in ("", "Stock") and (amount >= 0 or returned) else "fee"


def _sellable(goods: Element) -> bool:
    disposal = goods.find("Disposal")
    return disposal is None or kind_of(disposal, "Method") in _RETURNED_TO_STOCK


def _tax_names(goods: Element) -> tuple[str, ...]:
    itemizers = goods.find("Itemizers")
    if itemizers is None:
        return ()
    return tuple(name for name, value in itemizers.attrib.items() if name.startswith("Tax") and value == "true")


def _take_back(lines: list[Line], void: Line, place: str) -> None:
    """Take out the last line that a void negates, or a part of it."""
    for line in reversed(lines):
        if line.sku == void.sku and line.units >= void.units and line.amount >= void.amount:
            line.units -= void.units
            line.amount -= void.amount
            if not line.units:
                lines.remove(line)
            return
    raise Malformed(place, f"takes back {void.units} of {void.sku!r:.60}, which no line before it has")


def _number(lines: list[Line]) -> None:
    """Give lines that bear one number, or none, numbers of their own; in the order they stand in."""
    taken: set[str] = set()
    for place, line in enumerate(lines):
        number = line.number or str(place + 1)
        while number in taken:
            number += "'"
        line.number = number
        taken.add(number)
