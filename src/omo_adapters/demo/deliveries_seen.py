"""How the week's webhooks arrived: which came twice, which overtook others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from attrs import frozen

from omo_adapters.shopify import read_dump
from omo_adapters.shopify.signature import claimed, shopify_headers


@frozen(kw_only=True)
class Arrivals:
    """What the headers say, in the order in which the deliveries came."""

    deliveries: int
    repeated: int
    """Delivered again under the same id."""
    overtaken: int
    """Sent before another that had arrived earlier."""


def arrivals(week: Path) -> Arrivals:
    """Count what came twice and what came after something younger."""
    ids: set[str] = set()
    total = repeated = overtaken = 0
    newest: datetime | None = None
    for webhook, sent in _headers(week):
        total += 1
        repeated += webhook in ids
        ids.add(webhook)
        if newest is not None and sent < newest:
            overtaken += 1
        else:
            newest = sent
    return Arrivals(deliveries=total, repeated=repeated, overtaken=overtaken)


def _headers(week: Path) -> Iterator[tuple[str, datetime]]:
    for path in sorted(week.glob("*/shopify/*.http")):
        delivery = claimed(shopify_headers(read_dump(path.read_bytes())[0]))
        if delivery.triggered_at is not None:
            yield delivery.webhook_id, delivery.triggered_at
