"""An article with many locations and promises, folded, kept, decided on: ``python -m benchmarks.stock_scale``."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from statistics import median

from omo_adapters.codecs.memos import decode_stock, encode_stock
from omo_core.identifiers import EventId, HoldId, LocationId, OrderId, RequestId, Sku
from omo_core.stock import HoldUnits, StockCounted, StockRules, Wanted, decide_hold, positions
from omo_core.trade import Sale, SaleLine

AT = datetime(2026, 1, 5, tzinfo=UTC)
TEE = Sku("TEE")


def measure(locations: int = 500, promises: int = 10_000, decisions: int = 200) -> dict[str, float]:
    """Give milliseconds for a fold, a memo there and back, and a decision; and the memo's bytes."""
    counts = [
        StockCounted(id=EventId(f"c/{n}"), at=AT, sku=TEE, location=LocationId(f"L{n}"), units=1_000)
        for n in range(locations)
    ]
    sales = [
        Sale(
            id=EventId(f"s/{n}"),
            at=AT + timedelta(seconds=n),
            order=OrderId(f"o{n}"),
            currency="HKD",
            lines=(SaleLine(line="1", sku=TEE, units=1, amount=1, handing="ship"),),
        )
        for n in range(promises)
    ]
    start = time.perf_counter()
    folded = positions(TEE, [*counts, *sales])
    fold = time.perf_counter() - start
    start = time.perf_counter()
    written = encode_stock(folded)
    decode_stock(written)
    memo = time.perf_counter() - start
    times = []
    for number in range(decisions):
        ask = HoldUnits(
            request=RequestId(f"r{number}"),
            at=AT + timedelta(days=1, seconds=number),
            hold=HoldId(f"h{number}"),
            lines=(Wanted(sku=TEE, units=1),),
            until=AT + timedelta(days=1, minutes=15, seconds=number),
        )
        start = time.perf_counter()
        answer = decide_hold({TEE: folded}, StockRules(), ask)
        times.append(time.perf_counter() - start)
        for event in answer.events:  # type: ignore[union-attr]  # everything is free
            folded.feed(event)
    return {
        "fold_ms": fold * 1_000,
        "memo_ms": memo * 1_000,
        "memo_bytes": len(written),
        "decision_ms": median(times) * 1_000,
    }


if __name__ == "__main__":
    print(measure())
