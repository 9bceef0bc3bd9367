"""One more observation when a shop knows many: write it down and say who it is, in SQLite.

    python -m benchmarks.identity_live --records 1000000 --seed 1 [--save] [--folder FOLDER]

The shop is filled in memory (tmpfs), where a flush costs nothing, and timed there; then its file is copied to a disk
and timed again, beside the least that any durable store does: one row, one commit, one flush of that disk.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.arms import fast_folder
from benchmarks.customer_base import Record, records
from benchmarks.identity_figures import keep
from omo_adapters.shop import Shop, open_shop
from omo_adapters.states import resolve_with, whose
from omo_adapters.surroundings import read_around
from omo_core.identifiers import EventId, Fingerprint, ProfileId
from omo_core.instants import EPOCH
from omo_core.loyalty import simple_programme
from omo_core.members import Claim, ProfileSeen

PROGRAMME = simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong")


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


def fill(path: Path, rows: Iterator[Record], count: int) -> float:
    """Write down what the shop knows; gives how long that took."""
    begin = time.perf_counter()
    with open_shop(path, PROGRAMME) as shop:
        for _ in range(0, count, 5000):
            shop.record(*[seen(row) for _, row in zip(range(min(5000, count)), rows, strict=False)])
    return time.perf_counter() - begin


def observe(path: Path, rows: Sequence[Record]) -> dict[str, list[float]]:
    """Time each of some further observations, in milliseconds: written down, and who it is."""
    times: dict[str, list[float]] = {"record": [], "resolve": [], "both": []}
    with open_shop(path, PROGRAMME) as shop:
        for row in rows:
            event, begin = seen(row), time.perf_counter()
            shop.record(event)
            middle = time.perf_counter()
            _who(shop, event.profile)
            end = time.perf_counter()
            for name, took in (("record", middle - begin), ("resolve", end - middle), ("both", end - begin)):
                times[name].append(took * 1000)
    return times


def _who(shop: Shop, profile: ProfileId) -> None:
    around = read_around(shop.journal, (profile,), shop.rules.identity)
    whose(resolve_with(around.events, profile, shop.rules.identity), profile)


def bare_commits(path: Path, count: int) -> list[float]:
    """Time commits of one row, as durable as omo's, in milliseconds."""
    times = []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE row (at INTEGER PRIMARY KEY, said TEXT)")
        for _ in range(count):
            begin = time.perf_counter()
            connection.execute("INSERT INTO row (said) VALUES ('a')")
            times.append((time.perf_counter() - begin) * 1000)
    return times


def measure(count: int, more: int, seed: int, fast: Path, disk: Path) -> dict[str, Any]:
    """Fill a shop and time further observations, in memory and on a disk."""
    rows = records(count + 2 * more, seed)
    filled = fill(fast / "live.db", rows, count)
    later = list(rows)
    told: dict[str, Any] = {"records": count, "seed": seed, "n": more, "fill_seconds": round(filled, 1)}
    told |= _told("", observe(fast / "live.db", later[:more]))
    shutil.copyfile(fast / "live.db", disk / "live.db")
    told |= _told("disk_", observe(disk / "live.db", later[more:]))
    return told | _told("disk_", {"bare": bare_commits(disk / "bare.db", more)})


def _told(where: str, times: dict[str, list[float]]) -> dict[str, float]:
    told = {}
    for name, each in times.items():
        ordered = sorted(each)
        told[f"{where}{name}_ms_median"] = round(statistics.median(ordered), 3)
        told[f"{where}{name}_ms_p99"] = round(ordered[int(len(ordered) * 0.99)], 3)
    return told


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill a shop, time single observations, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--more", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="a folder on the disk to measure; the system's own, unless said")
    parser.add_argument("--save", action="store_true", help="keep the figures and write the page")
    asked = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory(dir=fast_folder()) as fast,
        tempfile.TemporaryDirectory(dir=asked.folder) as disk,
    ):
        told = measure(asked.records, asked.more, asked.seed, Path(fast), Path(disk))
    sys.stdout.write(json.dumps(told) + "\n")
    if asked.save:
        keep("live", told)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
