"""A file of receipts imported into SQLite, against reading and parsing the same file and nothing more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import orjson

from benchmarks.arms import SEED, Arm, Figure, Table, alternate, per_operation
from benchmarks.workload import CONTEXT, rules
from omo_adapters.inbound import Understood
from omo_adapters.pos import read_receipts
from omo_adapters.shop import open_shop
from omo_core.events import Event

BATCH = 500


def write_receipts(path: Path, count: int, seed: int = SEED) -> None:
    """Write so many receipts in omo's own format."""
    chance = Random(seed)
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            file.write(json.dumps(_receipt(chance, number), ensure_ascii=False) + "\n")


def _receipt(chance: Random, number: int) -> dict[str, object]:
    day = f"2026-{1 + number // 3000 % 12:02d}-{1 + number // 100 % 28:02d}"
    cents = [chance.randrange(900, 60_000) for _ in range(chance.choice((1, 1, 2, 2, 3, 3, 4, 5)))]
    lines = [
        {
            "line": str(place + 1),
            "sku": f"SKU-{chance.randrange(2000):05d}",
            "quantity": "1",
            "amount": f"{amount // 100}.{amount % 100:02d}",
            "category": "food",
        }
        for place, amount in enumerate(cents)
    ]
    total = sum(cents)
    return {
        "schema": "omo.receipt/1",
        "location": f"S{number % 9 + 1}",
        "register": str(number % 4 + 1),
        "business_day": day,
        "number": str(number),
        "operator": f"clerk-{number % 17}",
        "at": f"{day}T{9 + number % 12:02d}:{number % 60:02d}:00+08:00",
        "currency": "HKD",
        "member": {"record": f"crm:{chance.randrange(20_000)}"} if number % 3 else None,
        "lines": lines,
        "tenders": [{"kind": "card", "amount": f"{total // 100}.{total % 100:02d}"}],
        "total": f"{total // 100}.{total % 100:02d}",
    }


def _events(path: Path) -> Iterator[tuple[Event, ...]]:
    """Read the file as an import does: in batches that are written together."""
    batch: list[Event] = []
    with path.open("rb") as stream:
        for parcel in read_receipts(stream, CONTEXT):
            if not isinstance(parcel.outcome, Understood):
                raise TypeError(f"a benchmark's own receipt was not understood: {parcel.outcome}")
            batch += parcel.outcome.events
            if len(batch) >= BATCH:
                yield tuple(batch)
                batch.clear()
    if batch:
        yield tuple(batch)


def measure(folder: Path, rounds: int = 7, count: int = 3_000) -> list[Figure]:
    """Measure reading, translating and importing."""
    path = folder / "receipts.jsonl"
    write_receipts(path, count)

    def parse(loads: object) -> None:
        with path.open("rb") as stream:
            for line in stream:
                loads(line)  # type: ignore[operator]

    def imported(turn: int) -> float:
        with open_shop(folder / f"import-{turn}.sqlite3", rules()) as shop:
            return per_operation(count, lambda: [shop.record(*batch) for batch in _events(path)])

    seen = alternate(
        [
            Arm("json", lambda _: per_operation(count, lambda: parse(json.loads))),
            Arm("orjson", lambda _: per_operation(count, lambda: parse(orjson.loads))),
            Arm("read", lambda _: per_operation(count, lambda: sum(1 for _ in _events(path)))),
            Arm("import", imported),
        ],
        rounds,
    )
    table = Table(section="Import of receipts against reading and parsing the file", unit="receipt", operations=count)
    table.add("imported durably, against json.loads", seen, ("import", "json"), reading="time")
    table.add("imported durably, against orjson.loads", seen, ("import", "orjson"), reading="time")
    table.add("read and translated only, against json.loads", seen, ("read", "json"), reading="time")
    return table.figures
