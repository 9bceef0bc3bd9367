"""Reads ARTS POSLog files, 2.x (NCR and others) and 6, as they come from a store's tills: one transaction at a time.

Elements are matched by local name, since makers put them in namespaces of their own; what is not known is passed over.
A transaction that can't be understood is set aside with its bytes, and the next is read. A file that was cut off gives
every transaction that arrived whole, then one complaint about the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

from attrs import frozen

from omo_adapters.identifiers import card_key
from omo_adapters.inbound import (
    Context,
    Ignored,
    NotUnderstood,
    Outcome,
    Parcel,
    escaped,
    local_instant,
    understand,
)
from omo_adapters.pos.cutting import Broken, Part, cut
from omo_adapters.pos.elements import flag, items_of, kind_of, words
from omo_adapters.pos.poslog_lines import Line, lines_of
from omo_adapters.pos.poslog_sums import settle, sums_of
from omo_adapters.pos.poslog_tenders import tenders_of
from omo_adapters.pos.till import KEY, Bearer, KeyPart, Reading, Receipt, ReceiptKey, Returned
from omo_adapters.pos.translating import outcome
from omo_core.errors import Malformed
from omo_core.identifiers import LocationId, OrderId, Sku
from omo_core.money import currency as known_currency
from omo_core.trade import SaleLine

ROOTS: Final = frozenset({"POSLog"})

_NEVER_CAME_ABOUT: Final = frozenset(
    {"Suspended", "SuspendedRetrieved", "SuspendedDeleted", "Voided", "Cancelled", "Canceled", "Aborted", "Failed"}
)
_VOIDS: Final = frozenset({"Void", "Voided", "PostVoid", "PostVoided"})


@frozen(kw_only=True)
class Poslog:
    """How a shop's tills fill in POSLog, where the standard lets them choose."""

    key: tuple[KeyPart, ...] = KEY
    """What tells two transactions apart. The default is safe for every till; but POSLog's links to an earlier
    transaction name no operator, so where sequence numbers do not restart with the operator, leave it out here, and
    returns and post-voids find the sale they belong to."""
    cards: tuple[str, ...] = (
        "LineItem/LoyaltyMembership/LoyaltyID",
        "LoyaltyAccount/LoyaltyCard/PrimaryAccountNumber",
        "LoyaltyAccount/CustomerID",
    )
    """Where the member card stands, below the retail transaction; the first that is filled in counts."""
    rounding_max: int = 0
    """By how many minor units a total may differ from its lines because coins are missing, where tills do not say."""


def read_poslog(stream: BinaryIO, context: Context, tills: Poslog | None = None) -> Iterator[Parcel]:
    """Read transactions one by one; raise ``Malformed`` only when the file is no POSLog at all."""
    return read_transactions(stream, context, tills or Poslog(), kind="poslog:transaction", roots=ROOTS)


def read_transactions(
    stream: BinaryIO, context: Context, tills: Poslog, *, kind: str, roots: frozenset[str]
) -> Iterator[Parcel]:
    """Read the transactions of any file that is built like POSLog."""
    for part in cut(stream, roots):
        if isinstance(part, Broken):
            result: Outcome = NotUnderstood(
                path=f"line {part.line}", reason=f"{part.reason}; nothing after it was read"
            )
            yield Parcel(kind=kind, place=f"line {part.line}", raw=part.raw, outcome=result)
        else:
            result = _outcome(part.element, context, tills)
            yield Parcel(kind=kind, place=_place(part), raw=part.raw, outcome=result)


def _outcome(transaction: Element, context: Context, tills: Poslog) -> Outcome:
    return understand(lambda: outcome(_reading(transaction, context, tills), context))


def _place(part: Part) -> str:
    """Say which transaction it is in the words of the store: store, workstation, sequence number."""
    location, register, number = (
        words(part.element, name) for name in ("RetailStoreID", "WorkstationID", "SequenceNumber")
    )
    location = location or words(part.element, "BusinessUnit/UnitID")
    return f"transaction {location}/{register}/{number} (line {part.line})"[:200]


def _reading(transaction: Element, context: Context, tills: Poslog) -> Reading:
    retail = transaction.find("RetailTransaction")
    if flag(transaction, "TrainingModeFlag"):
        return Ignored(reason="training transaction")
    if flag(transaction, "CancelFlag"):
        return Ignored(reason="cancelled transaction")
    if retail is None:
        return Ignored(reason=_what_else(transaction))
    status = kind_of(retail, "TransactionStatus")
    link = retail.find("TransactionLink")
    voids = link is not None and kind_of(link, "ReasonCode") in _VOIDS
    if status in _NEVER_CAME_ABOUT and not voids:
        return Ignored(reason=f"{status.lower()} transaction")
    return _receipt(transaction, retail, context, tills, void_link=link if voids else None)


def _what_else(transaction: Element) -> str:
    """Say what a transaction is that is no sale: sign-on, no-sale, cash counted, paid in or out."""
    for child in transaction:
        if child.tag.endswith("Transaction"):
            what = next((grandchild.tag for grandchild in child if grandchild.tag != "ReasonCode"), "")
            return f"{child.tag}: {what}"[:200] if what else child.tag[:200]
    raise Malformed("Transaction", "holds no transaction of any kind")


def _receipt(
    transaction: Element, retail: Element, context: Context, tills: Poslog, *, void_link: Element | None
) -> Receipt:
    code = known_currency(words(transaction, "CurrencyCode") or context.currency, "CurrencyCode")
    at = _instant(transaction, retail, context)
    key = _key(transaction, at[0])
    items = items_of(retail)
    lines = lines_of(items, code)
    settle(lines, sums_of(retail, items, code), code, rounding_max=tills.rounding_max)
    uuid = words(transaction, "TransactionID")
    origin = _Origin(key, retail.find("TransactionLink") if void_link is None else None, tills)
    return Receipt(
        order=key.order(tills.key),
        also=(_by_uuid(uuid),) if uuid else (),
        at=at[1],
        source=f"till:{key.location}",
        location=context.location("till", key.location),
        currency=code,
        staff=key.operator,
        bearer=_bearer(retail, tills),
        sold=tuple(_sold(line, context) for line in lines if not line.returned),
        returned=tuple(origin.returned(line, context) for line in lines if line.returned),
        tenders=tenders_of(items, code),
        voids=None if void_link is None else origin.order(void_link, same_day=True),
    )


def _instant(transaction: Element, retail: Element, context: Context) -> tuple[str, datetime]:
    """Find when the transaction was finished, as written and as an instant."""
    for text in (
        words(transaction, "EndDateTime"),
        words(transaction, "POSLogDateTime[@TypeCode='Transaction']"),
        words(transaction, "POSLogDateTime"),
        words(transaction, "ReceiptDateTime"),
        words(retail, "ReceiptDateTime"),
        words(transaction, "BeginDateTime"),
    ):
        if text:
            return text, local_instant(text, context.zone, "EndDateTime")
    raise Malformed("EndDateTime", "is missing")


def _key(transaction: Element, at: str) -> ReceiptKey:
    """Read what the transaction is known by; where no business day is stated, it is the day on the till's clock."""
    location = words(transaction, "RetailStoreID") or words(transaction, "BusinessUnit/UnitID")
    number = words(transaction, "SequenceNumber")
    if not location or not number:
        raise Malformed("SequenceNumber" if location else "RetailStoreID", "is missing")
    return ReceiptKey(
        location=location,
        register=words(transaction, "WorkstationID"),
        day=words(transaction, "BusinessDayDate")[:10] or at[:10],
        operator=words(transaction, "OperatorID"),
        number=number,
    )


def _by_uuid(uuid: str) -> OrderId:
    """Name a purchase by the id that is unique everywhere; links to it may know nothing else."""
    return OrderId(f"till:{escaped(uuid)}")


def _bearer(retail: Element, tills: Poslog) -> Bearer | None:
    found = next((text for text in (words(retail, path) for path in tills.cards) if text), "")
    return Bearer(kind="card", value=card_key(found, "LoyaltyID")) if found else None


def _sold(line: Line, context: Context) -> SaleLine:
    return SaleLine(
        line=line.number,
        sku=_sku(line, context),
        units=line.units,
        amount=line.amount,
        tax=line.tax,
        discount=line.discount,
        category=line.category,
        handing=line.handing,
        kind=line.kind,
    )


def _sku(line: Line, context: Context) -> Sku:
    return context.items.get(f"till:{line.sku}", Sku(line.sku))


class _Origin:
    """Where goods on one receipt came from: each line's own link, else the receipt's."""

    def __init__(self, own: ReceiptKey, link: Element | None, tills: Poslog) -> None:
        self._own = own
        self._tills = tills
        reason = kind_of(link, "ReasonCode") if link is not None else ""
        self._link = link if reason in ("", "Return") else None

    def returned(self, line: Line, context: Context) -> Returned:
        link = line.link if line.link is not None else self._link
        number = words(link, "LineItemSequenceNumber") if link is not None else ""
        location: LocationId | None = None
        return Returned(
            order=self.order(link) if link is not None else None,
            line=number or line.number,
            exact=bool(number),
            sku=_sku(line, context),
            units=line.units,
            amount=line.amount,
            restock=line.restock,
            location=location,
        )

    def order(self, link: Element, *, same_day: bool = False) -> OrderId:
        """Name the purchase that a link means.

        A link that leaves a part of the key open could mean several purchases; guessing would take points from a
        stranger, so it is refused.
        """
        uuid = words(link, "TransactionID")
        if uuid:
            return _by_uuid(uuid)
        key = ReceiptKey(
            location=words(link, "RetailStoreID") or words(link, "BusinessUnit/UnitID") or self._own.location,
            register=words(link, "WorkstationID") or self._own.register,
            day=words(link, "BusinessDayDate")[:10] or (self._own.day if same_day else ""),
            operator=words(link, "OperatorID"),
            number=words(link, "SequenceNumber"),
        )
        for part in self._tills.key:
            if not getattr(key, part) and getattr(self._own, part):
                raise Malformed(f"TransactionLink.{part}", "is not stated, but this till's key has it (Poslog.key)")
        return key.order(self._tills.key)
