"""Reading ARTS elements: texts, type codes, flags and amounts."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from attrs import frozen

from omo_adapters.pos.till import flagged
from omo_core.errors import Malformed
from omo_core.money import DIGITS, minor_units


@frozen(kw_only=True)
class Item:
    """A line of a transaction that was not cancelled while it was rung up."""

    place: str
    element: Element
    voided: bool


def items_of(retail: Element) -> list[Item]:
    """Give the lines that may count, each with its place for complaints."""
    return [
        Item(place=f"LineItem[{place}]", element=element, voided=flag(element, "VoidFlag"))
        for place, element in enumerate(retail.iterfind("LineItem"))
        if not (flag(element, "CancelFlag") or flag(element, "DeleteFlag"))
    ]


def words(parent: Element, path: str) -> str:
    """Give the text of a child, trimmed; empty where there is none."""
    return (parent.findtext(path) or "").strip()


def kind_of(element: Element, attribute: str) -> str:
    """Give a type code without the prefix of a maker's extension: ``acs:NegativeItem`` is ``NegativeItem``."""
    return element.get(attribute, "").rpartition(":")[2]


def flag(element: Element, name: str) -> bool:
    """Read a flag that is off unless it is there."""
    value = element.get(name)
    return value is not None and flagged(value)


def money(parent: Element, path: str, currency: str, place: str) -> int | None:
    """Read a child's amount in minor units; none where there is none."""
    element = parent.find(path)
    return None if element is None else amount_of(element, currency, f"{place}.{path}")


def amount_of(element: Element, currency: str, path: str) -> int | None:
    """Read an element's own amount in minor units; ``Action="Subtract"`` makes it negative."""
    text = (element.text or "").strip()
    if not text:
        return None
    stated = element.get("Currency") or currency
    if stated != currency:
        raise Malformed(path, f"is in {stated!r:.20}, but the receipt is in {currency}")
    amount = minor_units(text, currency, path)
    return -amount if element.get("Action") == "Subtract" else amount


def rough_money(parent: Element, path: str, currency: str, place: str) -> int:
    """Read an amount that is for information only and may be finer than the currency: rounded half up."""
    text = words(parent, path)
    if not text:
        return 0
    whole, _, part = text.partition(".")
    digits = DIGITS[currency]
    amount = minor_units(f"{whole}.{part[:digits].ljust(1, '0')}", currency, f"{place}.{path}")
    return amount if part[digits : digits + 1] < "5" else amount + (-1 if whole.startswith("-") else 1)
