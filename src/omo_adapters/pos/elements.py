"""Reading ARTS elements whatever namespace a maker puts them in: by local name alone."""

from __future__ import annotations

from typing import Final

# What comes here was cut out by ``cutting``, which refuses every document type declaration and with it all entities.
from xml.etree.ElementTree import Element, ParseError, fromstring  # noqa: S405 - see above

from omo_adapters.pos.till import flagged
from omo_core.errors import Malformed
from omo_core.money import DIGITS, minor_units

_LOCAL: Final[dict[str, str]] = {}
_LOCAL_MAX: Final = 4_096
"""Names are remembered, but a file of ever new names does not fill the memory."""


def transaction_of(raw: bytes) -> Element:
    """Parse the bytes that ``cutting`` gave for one transaction, all names without their namespaces."""
    try:
        root = fromstring(raw)  # noqa: S314 - see above
    except (ParseError, ValueError, LookupError) as error:
        raise Malformed("", f"is not well-formed XML: {error}") from None
    for element in root.iter():
        element.tag = local(element.tag)
        if element.attrib and any("}" in name for name in element.attrib):
            element.attrib = {local(name): value for name, value in element.attrib.items()}
    found = root if root.tag == "Transaction" else root.find("Transaction")
    if found is None:
        raise Malformed("", "has no transaction in it")
    return found


def local(name: str) -> str:
    """Give a name without its namespace."""
    known = _LOCAL.get(name)
    if known is None:
        known = name.rpartition("}")[2]
        if len(_LOCAL) < _LOCAL_MAX:
            _LOCAL[name] = known
    return known


def words(parent: Element, path: str) -> str:
    """Give the text of a child, trimmed; empty where there is none."""
    return (parent.findtext(path) or "").strip()


def kind_of(element: Element, attribute: str) -> str:
    """Give a type code without the prefix of a maker's extension: ``acs:NegativeItem`` is ``NegativeItem``."""
    return element.get(attribute, "").rpartition(":")[2]


def flag(element: Element, name: str) -> bool:
    """Read a flag that is off unless it is there."""
    return flagged(element.get(name))


def money(parent: Element, path: str, currency: str, place: str) -> int | None:
    """Read an amount in minor units; none where there is none. ``Action="Subtract"`` makes it negative."""
    element = parent.find(path)
    if element is None or not (element.text or "").strip():
        return None
    stated = element.get("Currency") or currency
    if stated != currency:
        raise Malformed(f"{place}.{path}", f"is in {stated!r:.20}, but the receipt is in {currency}")
    amount = minor_units((element.text or "").strip(), currency, f"{place}.{path}")
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
