"""Receipts of a made-up shop, as its till would write them."""

import json
from typing import Any

from omo_adapters.inbound import Context, Understood
from omo_adapters.pos import receipt_outcome
from omo_core.events import Event

SHOP = Context(key=b"a secret of the shop's own" * 2)

TEE: dict[str, Any] = {"line": "1", "sku": "TEE", "quantity": "2", "amount": "398.00", "tax": "0", "category": "tops"}
TEA: dict[str, Any] = {"line": "2", "sku": "TEA", "quantity": "0.420", "unit": "kg", "amount": "84.00"}
NAME: dict[str, Any] = {
    "location": "S1",
    "register": "2",
    "business_day": "2026-01-05",
    "operator": "7",
    "number": "881",
}


def receipt(**changes: object) -> dict[str, Any]:
    """A sale of two tees, paid in cash on 5 January, changed in the fields that a test is about."""
    return {
        "schema": "omo.receipt/1",
        **NAME,
        "at": "2026-01-05T18:30:00",
        "currency": "HKD",
        "lines": [TEE],
        "tenders": [{"kind": "cash", "amount": "398.00"}],
        **changes,
    }


def written(*receipts: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in receipts)


def events(**changes: object) -> tuple[Event, ...]:
    """What a receipt means; it must be understood."""
    outcome = receipt_outcome(written(receipt(**changes)), SHOP)
    assert isinstance(outcome, Understood), outcome
    return outcome.events


def came_back(line: dict[str, Any], /, **changes: object) -> dict[str, Any]:
    """A line as it stands on a receipt for its return."""
    return {**line, "quantity": f"-{line['quantity']}", "amount": f"-{line['amount']}", **changes}
