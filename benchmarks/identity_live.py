"""One more observation when a shop knows many: record it and say who it is, in SQLite.

python -m benchmarks.identity_live --records 1000000 --seed 1 FOLDER
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from benchmarks.customer_base import Record, records
from omo_adapters.shop import open_shop
from omo_adapters.states import resolve_with, whose
from omo_adapters.surroundings import read_around
from omo_core.identifiers import EventId, Fingerprint, ProfileId
from omo_core.instants import EPOCH
from omo_core.loyalty import simple_programme
from omo_core.members import Claim, ProfileSeen


def seen(row: Record) -> ProfileSeen:
    """Write a record down as an event."""
    values = (("card", row.card), ("email", row.email), ("phone", row.phone))
    claims = tuple(
        Claim(
            kind=kind, fingerprint=Fingerprint(f"{kind}:{value}"), proof="clerk", seen=EPOCH + timedelta(days=row.seen)
        )
        for kind, value in values
        if value
    )
    at = EPOCH + timedelta(days=row.at)
    return ProfileSeen(id=EventId(f"profile/{row.name}"), at=at, profile=ProfileId(row.name), claims=claims)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill a shop, then time single observations."""
    parser = argparse.ArgumentParser(prog="benchmarks.identity_live")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--more", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    programme = simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong")
    with open_shop(asked.folder / "live.db", programme) as shop:
        rows = records(asked.records + asked.more, asked.seed)
        begin = time.perf_counter()
        for batch in _batches(rows, asked.records):
            shop.record(*batch)
        filled = time.perf_counter() - begin
        found, written = [], []
        for row in rows:
            event, begin = seen(row), time.perf_counter()
            shop.record(event)
            middle = time.perf_counter()
            around = read_around(shop.journal, (event.profile,), shop.rules.identity)
            whose(resolve_with(around.events, event.profile, shop.rules.identity), event.profile)
            written.append((middle - begin) * 1000)
            found.append((time.perf_counter() - middle) * 1000)
    figures = {"records": asked.records, "seed": asked.seed, "fill_seconds": round(filled, 1), "n": len(found)}
    for name, times in (("record", written), ("resolve", found)):
        ordered = sorted(times)
        figures[f"{name}_ms_median"] = round(statistics.median(ordered), 3)
        figures[f"{name}_ms_p99"] = round(ordered[int(len(ordered) * 0.99)], 3)
    print(json.dumps(figures))
    return 0


def _batches(rows: Iterator[Record], count: int) -> Iterator[list[ProfileSeen]]:
    for _ in range(0, count, 5000):
        yield [seen(row) for _, row in zip(range(5000), rows, strict=False)]


if __name__ == "__main__":
    raise SystemExit(main())
