"""Files as tills write them: ARTS POSLog in two makers' dialects, and omo's own receipts, one JSON object per line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final
from xml.sax.saxutils import escape

from omo_adapters.demo.brand import BY_SKU, MONG_KOK, dollars
from omo_adapters.demo.week_plan import Line, Receipt

Numbers = Mapping[Receipt, int]

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_OPEN: Final = {
    "2.2": '<POSLog xmlns="http://www.nrf-arts.org/IXRetail/namespace/" MajorVersion="2" MinorVersion="2">\n',
    "6.0": '<POSLog xmlns="http://www.nrf-arts.org/IXRetail/namespace/" MajorVersion="6" MinorVersion="0">\n',
}
POINT_CENTS: Final = 10
"""What a point is worth."""


def poslog(receipts: Sequence[Receipt], numbers: Numbers, version: str) -> bytes:
    """Write one store's day; in version 6 a business unit stands where 2.2 has a retail store."""
    texts = [_transaction(receipt, numbers, version) for receipt in receipts]
    return (_HEAD + _OPEN[version] + "\n".join(texts) + "\n</POSLog>\n").encode()


def _element(name: str, text: object, attributes: str = "") -> str:
    return f"<{name}{' ' if attributes else ''}{attributes}>{escape(str(text))}</{name}>"


def _store(receipt: Receipt, version: str) -> str:
    if version == "6.0":
        return f"<BusinessUnit>{_element('UnitID', receipt.store.id)}</BusinessUnit>"
    return _element("RetailStoreID", receipt.store.id)


def _transaction(receipt: Receipt, numbers: Numbers, version: str) -> str:
    began = receipt.at - timedelta(seconds=50)
    training = ' TrainingModeFlag="true"' if receipt.kind == "training" else ""
    head = (
        _store(receipt, version)
        + _element("WorkstationID", receipt.register)
        + _element("SequenceNumber", numbers[receipt])
        + _element("BusinessDayDate", receipt.at.date())
        + _element("BeginDateTime", f"{began:%Y-%m-%dT%H:%M:%S}")
        + _element("EndDateTime", f"{receipt.at:%Y-%m-%dT%H:%M:%S}")
        + _element("OperatorID", receipt.operator)
        + _element("CurrencyCode", "HKD")
    )
    if receipt.kind == "no_sale":
        return f"<Transaction>{head}<ControlTransaction><NoSale/></ControlTransaction></Transaction>"
    return f"<Transaction{training}>{head}{_retail(receipt, numbers, version)}</Transaction>"


def _retail(receipt: Receipt, numbers: Numbers, version: str) -> str:
    items = [_goods(receipt, numbers, place, version) for place in range(len(receipt.lines))]
    if receipt.voided is not None:
        items.append((' VoidFlag="true"', _sale("Sale", receipt.voided, "")))
    items += [("", tender) for tender in _tenders(receipt)]
    sign = -1 if receipt.kind == "return" else 1
    lines = "".join(_item(place, flag, text) for place, (flag, text) in enumerate(items, 1))
    total = _element("Total", dollars(sign * receipt.total), 'TotalType="TransactionGrandAmount"')
    link = _link(receipt, numbers, version, "Void") if receipt.kind == "void" else ""
    attributes = f'Version="{version}" TransactionStatus="{"PostVoided" if receipt.kind == "void" else "Delivered"}"'
    return f"<RetailTransaction {attributes}>{lines}{total}{_loyalty(receipt)}{link}</RetailTransaction>"


def _item(place: int, attributes: str, text: str) -> str:
    return f"<LineItem{attributes}>{_element('SequenceNumber', place)}{text}</LineItem>"


def _goods(receipt: Receipt, numbers: Numbers, place: int, version: str) -> tuple[str, str]:
    if receipt.kind != "return":
        return "", _sale("Sale", receipt.lines[place], "")
    link = _link(receipt, numbers, version, "Return", line=receipt.origin_lines[place] + 1)
    return "", _sale("Return", receipt.lines[place], link, sign=-1)


def _sale(name: str, line: Line, link: str, *, sign: int = 1) -> str:
    article = line.article
    return (
        f'<{name} ItemType="Stock">'
        + _element("ItemID", article.sku)
        + _element("MerchandiseHierarchy", article.category, 'Level="Department"')
        + _element("Description", article.title)
        + _element("RegularSalesUnitPrice", dollars(article.price))
        + _element("ExtendedAmount", dollars(sign * line.amount))
        + _element("Quantity", sign * line.units)
        + link
        + f"</{name}>"
    )


def _link(receipt: Receipt, numbers: Numbers, version: str, reason: str, *, line: int = 0) -> str:
    origin = receipt.origin
    if origin is None:
        return ""
    return (
        f'<TransactionLink ReasonCode="{reason}">'
        + _store(origin, version)
        + _element("WorkstationID", origin.register)
        + _element("BusinessDayDate", origin.at.date())
        + _element("OperatorID", origin.operator)
        + _element("SequenceNumber", numbers[origin])
        + (_element("LineItemSequenceNumber", line) if line else "")
        + "</TransactionLink>"
    )


def payments(receipt: Receipt) -> list[tuple[str, int]]:
    """Say how a receipt was paid: with points first, the rest in cash or by card."""
    with_points = (receipt.points + receipt.points_offline) * POINT_CENTS
    rest = receipt.total - with_points
    paid = [("points", with_points), ("cash" if receipt.cash else "card", rest)]
    return [(kind, amount) for kind, amount in paid if amount]


def _tenders(receipt: Receipt) -> list[str]:
    names = {"points": "LoyaltyPoints", "cash": "Cash", "card": "CreditDebit"}
    back = receipt.kind in ("return", "void")
    code = "Refund" if back else "Sale"
    return [
        f'<Tender TenderType="{names[kind]}" TypeCode="{code}">{_element("Amount", dollars(amount))}</Tender>'
        for kind, amount in payments(receipt)
    ]


def _loyalty(receipt: Receipt) -> str:
    if not receipt.card:
        return ""
    number = _element("PrimaryAccountNumber", receipt.card)
    return f"<LoyaltyAccount><LoyaltyCard>{number}</LoyaltyCard></LoyaltyAccount>"


def receipt_lines(receipts: Sequence[Receipt], numbers: Numbers) -> bytes:
    """Write receipts in omo's own format, in the order given."""
    written = [_receipt(receipt, numbers) for receipt in receipts if receipt.kind != "no_sale"]
    return b"".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for one in written)


def _name(receipt: Receipt, numbers: Numbers) -> dict[str, object]:
    return {
        "location": receipt.store.id,
        "register": receipt.register,
        "business_day": receipt.at.date().isoformat(),
        "operator": receipt.operator,
        "number": str(numbers[receipt]),
    }


def _receipt(receipt: Receipt, numbers: Numbers) -> dict[str, object]:
    sign = -1 if receipt.kind == "return" else 1
    body: dict[str, object] = {
        "schema": "omo.receipt/1",
        **_name(receipt, numbers),
        "at": receipt.at.isoformat(),
        "currency": "HKD",
        "kind": receipt.kind,
        "lines": [_line(line, place, sign) for place, line in enumerate(receipt.lines, 1)],
        "tenders": [{"kind": kind, "amount": dollars(sign * amount)} for kind, amount in payments(receipt)],
        "total": dollars(sign * receipt.total),
    }
    if receipt.card:
        body["member"] = {"card": receipt.card}
    if receipt.origin is not None:
        where = {"line": str(receipt.origin_lines[0] + 1)} if receipt.origin_lines else {}
        body["reference"] = {"receipt": _name(receipt.origin, numbers), **where}
    if receipt.points_offline:
        worth = dollars(receipt.points_offline * POINT_CENTS)
        body["points_redeemed"] = {"points": receipt.points_offline, "amount": worth}
    if receipt.web is not None:
        body["platform_receipt"] = f"{MONG_KOK.shopify}-{receipt.register}-{numbers[receipt]}"
    return body


def _line(line: Line, place: int, sign: int) -> dict[str, object]:
    article = BY_SKU[line.article.sku]
    return {
        "line": str(place),
        "sku": article.sku,
        "quantity": str(sign * line.units),
        "amount": dollars(sign * line.amount),
        "category": article.category,
    }
