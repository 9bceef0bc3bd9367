"""Reads our own receipt format, JSON Lines v1 (docs/reference/receipt-jsonl-v1.md): one receipt per line.

Lines stand alone: a broken one is set aside and the next is read, and an upload that was cut off gives every receipt
that arrived whole. Nothing is held but the line at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from pydantic import ValidationError

from omo_adapters.identifiers import card_key, email_key, phone_e164
from omo_adapters.inbound import (
    Context,
    Ignored,
    NotUnderstood,
    Outcome,
    Parcel,
    local_instant,
    receipt_order,
    understand,
)
from omo_adapters.pos.measures import whole_units
from omo_adapters.pos.receipt_models import Line, Member, ReceiptName, ReceiptV1, Reference
from omo_adapters.pos.till import Bearer, BearerKind, Reading, Receipt, ReceiptKey, Redeemed, Returned
from omo_adapters.pos.translating import outcome
from omo_adapters.strict_json import refuse_repeated_keys
from omo_core.errors import Malformed
from omo_core.identifiers import LocationId, OrderId, Sku
from omo_core.money import minor_units
from omo_core.trade import SaleLine, Tender

LINE_BYTES_MAX: Final = 4 << 20
"""The longest line. A longer one is set aside with its first kilobytes only."""
KEPT_OF_LONG: Final = 64 << 10

_NOT_TEXT: Final = {
    b"\x1f\x8b": "is compressed (gzip)",
    b"PK\x03\x04": "is an archive (zip)",
    b"\xff\xfe": "is UTF-16; JSON Lines are UTF-8",
    b"\xfe\xff": "is UTF-16; JSON Lines are UTF-8",
}


def read_receipts(stream: BinaryIO, context: Context) -> Iterator[Parcel]:
    """Read receipts one by one; raise ``Malformed`` only when the whole file can't be JSON Lines."""
    number = 0
    while line := stream.readline(LINE_BYTES_MAX + 1):
        number += 1
        if number == 1:
            _refuse_other_files(line)
            line = line.removeprefix(b"\xef\xbb\xbf")
        if len(line) > LINE_BYTES_MAX:
            _skip_line(stream, line)
            result: Outcome = NotUnderstood(path="", reason=f"the line is longer than {LINE_BYTES_MAX} bytes")
            yield Parcel(kind="receipt", place=f"line {number}", raw=line[:KEPT_OF_LONG], outcome=result)
        elif raw := line.strip():
            yield Parcel(kind="receipt", place=f"line {number}", raw=raw, outcome=receipt_outcome(raw, context))


def receipt_outcome(raw: bytes, context: Context) -> Outcome:
    """Say what one line means; also how a line from quarantine is tried again."""
    return understand(lambda: outcome(_reading(_parsed(raw), context), context))


def _refuse_other_files(line: bytes) -> None:
    for start, what in _NOT_TEXT.items():
        if line.startswith(start):
            raise Malformed("", f"the file {what}")


def _skip_line(stream: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(LINE_BYTES_MAX)


def _parsed(raw: bytes) -> ReceiptV1:
    refuse_repeated_keys(raw)
    try:
        return ReceiptV1.model_validate_json(raw)
    except ValidationError as refusal:
        first = refusal.errors(include_url=False, include_context=False, include_input=False)[0]
        raise Malformed(_path(first["loc"]), first["msg"]) from None


def _path(places: tuple[int | str, ...]) -> str:
    """Write pydantic's place of an error as everybody else does: ``lines[0].amount``."""
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in places).removeprefix(".")


def _reading(receipt: ReceiptV1, context: Context) -> Reading:
    if receipt.kind in ("training", "suspended"):
        return Ignored(reason=f"{receipt.kind} receipt")
    if receipt.kind == "void" and receipt.reference is None:
        raise Malformed("reference", "a void receipt must say which one it voids")
    sold, returned = _lines(receipt, context)
    _check_sums(receipt, sold, returned)
    bearer, notes = _bearer(receipt.member, context)
    code = receipt.currency
    return Receipt(
        order=_key(receipt).order(),
        also=_platform(receipt.platform_receipt, context),
        at=local_instant(receipt.at, receipt.zone or context.zone),
        source=f"till:{receipt.location}",
        location=context.location("till", receipt.location),
        currency=code,
        staff=receipt.staff or receipt.operator,
        bearer=bearer,
        notes=notes,
        sold=tuple(sold),
        returned=tuple(returned),
        tenders=tuple(
            Tender(kind=tender.kind, amount=minor_units(tender.amount, code, f"tenders[{place}].amount"))
            for place, tender in enumerate(receipt.tenders)
        ),
        redeemed=_redeemed(receipt),
        voids=_referred(receipt.reference) if receipt.kind == "void" else None,
        voids_by_line=True,
    )


def _key(name: ReceiptName) -> ReceiptKey:
    return ReceiptKey(
        location=name.location,
        register=name.register_,
        day=name.business_day,
        operator=name.operator,
        number=name.number,
    )


def _platform(shown: str | None, context: Context) -> tuple[OrderId, ...]:
    """Give the name under which the web shop's own copy of the sale is known, if the till reported it there."""
    if shown is None:
        return ()
    location, _, rest = shown.partition("-")
    device, _, number = rest.partition("-")
    if not (location.isdigit() and device and number):
        raise Malformed("platform_receipt", f"{shown[:60]!r} is not <location>-<device>-<number>")
    return (receipt_order(context.location("shopify", location), device, number),)


def _bearer(member: Member | None, context: Context) -> tuple[Bearer | None, tuple[str, ...]]:
    """Read the first identifier that can be; those before it are noted, since the sale need not wait for them."""
    if member is None:
        return None, ()
    if member.record is not None:
        if ":" not in member.record:
            raise Malformed("member.record", "names no source, such as crm:88")
        return Bearer(kind="record", value=member.record), ()
    notes: list[str] = []
    for kind, shown, read in _identifiers(member, context):
        try:
            return Bearer(kind=kind, value=read(shown)), tuple(notes)
        except Malformed as complaint:
            notes.append(str(complaint.under("member")))
    return None, tuple(notes)


def _identifiers(member: Member, context: Context) -> Iterator[tuple[BearerKind, str, Callable[[str], str]]]:
    """Give what was shown, and how it is brought to its one spelling."""
    given: tuple[tuple[BearerKind, str | None, Callable[[str], str]], ...] = (
        ("card", member.card, card_key),
        ("line", member.line, str),
        ("phone", member.phone, lambda shown: phone_e164(shown, context.region)),
        ("email", member.email, email_key),
    )
    return ((kind, shown, read) for kind, shown, read in given if shown is not None)


def _redeemed(receipt: ReceiptV1) -> Redeemed | None:
    taken = receipt.points_redeemed
    if taken is None:
        return None
    return Redeemed(points=taken.points, amount=minor_units(taken.amount, receipt.currency, "points_redeemed.amount"))


def _lines(receipt: ReceiptV1, context: Context) -> tuple[list[SaleLine], list[Returned]]:
    """Part the lines into what was sold and what came back; the sign of the quantity says which."""
    sold: list[SaleLine] = []
    returned: list[Returned] = []
    for place, line in enumerate(receipt.lines):
        path = f"lines[{place}]"
        units = whole_units(line.quantity, line.unit, f"{path}.quantity")
        if units < 0:
            returned.append(_returned(receipt, line, -units, path, context))
        elif receipt.kind == "return":
            raise Malformed(f"{path}.quantity", "is not negative, but the receipt is a return")
        else:
            sold.append(_sold(receipt, line, units, path, context))
    return sold, returned


def _sold(receipt: ReceiptV1, line: Line, units: int, path: str, context: Context) -> SaleLine:
    code = receipt.currency
    return SaleLine(
        line=line.line,
        sku=_sku(line.sku, context),
        units=units,
        amount=minor_units(line.amount, code, f"{path}.amount"),
        tax=minor_units(line.tax, code, f"{path}.tax"),
        discount=minor_units(line.discount, code, f"{path}.discount"),
        category=line.category,
        handing=line.handing,
        location=_place(line, context),
        kind=line.kind,
    )


def _returned(receipt: ReceiptV1, line: Line, units: int, path: str, context: Context) -> Returned:
    reference = line.reference or receipt.reference
    amount = -minor_units(line.amount, receipt.currency, f"{path}.amount")
    if amount < 0:
        raise Malformed(f"{path}.amount", "is positive, but the quantity is negative")
    return Returned(
        order=_referred(reference),
        line=(reference.line if reference is not None else None) or line.line,
        exact=reference is not None and reference.line is not None,
        sku=_sku(line.sku, context),
        units=units,
        amount=amount,
        restock=line.restock if line.kind == "goods" else "none",
        location=_place(line, context),
    )


def _referred(reference: Reference | None) -> OrderId | None:
    if reference is None:
        return None
    return _key(reference.receipt).order() if reference.receipt is not None else OrderId(reference.order or "")


def _sku(name: str, context: Context) -> Sku:
    return context.items.get(f"till:{name}", Sku(name))


def _place(line: Line, context: Context) -> LocationId | None:
    return context.location("till", line.location) if line.location else None


def _check_sums(receipt: ReceiptV1, sold: list[SaleLine], returned: list[Returned]) -> None:
    if receipt.total is None:
        return
    stated = minor_units(receipt.total, receipt.currency, "total")
    added = sum(line.amount for line in sold) - sum(line.amount for line in returned)
    if stated != added:
        raise Malformed("total", f"is {stated}, but the lines add up to {added} (in minor units)")
