"""POSLog files of a made-up shop, version 6 as its tills would write them."""

import io
from collections.abc import Iterable
from typing import Any

from omo_adapters.inbound import Context, Outcome, Parcel, Understood
from omo_adapters.pos import Poslog, read_poslog
from omo_core.events import Event

SHOP = Context(key=b"a secret of the shop's own" * 2)
BY_NUMBER = Poslog(key=("location", "register", "day", "number"))
"""Tills whose numbers do not restart with the operator."""


def goods(
    number: int = 1,
    tag: str = "Sale",
    *,
    sku: str = "TEE",
    quantity: str = "1",
    amount: str = "199.00",
    item: str = "",
    attributes: str = "",
    more: str = "",
) -> str:
    """One line of goods; ``item`` are attributes of the line, ``attributes`` those of the sale."""
    return (
        f"<LineItem {item}><{tag} {attributes}><ItemID>{sku}</ItemID><ExtendedAmount>{amount}</ExtendedAmount>"
        f"<Quantity>{quantity}</Quantity>{more}</{tag}><SequenceNumber>{number}</SequenceNumber></LineItem>"
    )


def tender(amount: str, kind: str = "Cash", more: str = "") -> str:
    return f'<LineItem><Tender TenderType="{kind}"><Amount>{amount}</Amount>{more}</Tender></LineItem>'


def total(amount: str, attributes: str = "") -> str:
    return f'<Total TotalType="TransactionGrandAmount" {attributes}>{amount}</Total>'


def link(reason: str, *, number: str = "870", more: str = "<BusinessDayDate>2026-01-04</BusinessDayDate>") -> str:
    return (
        f'<TransactionLink ReasonCode="{reason}"><WorkstationID>2</WorkstationID>{more}'
        f"<SequenceNumber>{number}</SequenceNumber></TransactionLink>"
    )


def transaction(
    *retail: str, number: str = "881", attributes: str = "", status: str = "", more: str = "", operator: str = "7"
) -> str:
    """A retail transaction of 5 January at register 2 of store S1."""
    return (
        f"<Transaction {attributes}><BusinessUnit><UnitID>S1</UnitID></BusinessUnit><WorkstationID>2</WorkstationID>"
        f"<SequenceNumber>{number}</SequenceNumber><BusinessDayDate>2026-01-05</BusinessDayDate>"
        f"<EndDateTime>2026-01-05T18:30:00</EndDateTime><OperatorID>{operator}</OperatorID>"
        f"<CurrencyCode>HKD</CurrencyCode>{more}"
        f"<RetailTransaction {status}>{''.join(retail)}</RetailTransaction></Transaction>"
    )


def log(*transactions: str, encoding: str = "UTF-8") -> bytes:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<POSLog xmlns="http://www.nrf-arts.org/IXRetail/v6.0.0/poslog" '
        f'xmlns:x="urn:a-maker">\n' + "\n".join(transactions) + "\n</POSLog>\n"
    )
    return text.encode(encoding)


def parcels(file: bytes, tills: Poslog | None = None) -> list[Parcel]:
    return list(read_poslog(io.BytesIO(file), SHOP, tills))


def outcomes(file: bytes) -> list[Outcome]:
    return [parcel.outcome for parcel in parcels(file)]


def outcome(*retail: str, tills: Poslog | None = None, **header: Any) -> Outcome:
    """What a log of one transaction means."""
    (parcel,) = parcels(log(transaction(*retail, **header)), tills)
    return parcel.outcome


def events(*retail: str, tills: Poslog | None = None, **header: Any) -> tuple[Event, ...]:
    """What a log of one transaction means; it must be understood."""
    found = outcome(*retail, tills=tills, **header)
    assert isinstance(found, Understood), found
    return found.events


def understood(found: Iterable[Parcel]) -> list[Event]:
    return [event for each in found if isinstance(each.outcome, Understood) for event in each.outcome.events]
