"""The laws of points at length, each on worlds from its own seeds; what was tried is kept for the page of figures.

    python -m tests.loyalty.at_length [--save] [--part 100] [--processes 2]

A seed that breaks a law is printed with the law's name; `--part` tries only so much of each, in percent.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from attrs import frozen

from benchmarks.loyalty_figures import keep_laws
from omo_adapters.storage import memos
from tests.loyalty import calendar_check, laws, returns, shops, splits, walks
from tests.loyalty.test_oracle import compare

FIRST = 1_000_000
"""Worlds from here on are not those of the short runs."""
CHUNK = 500


@frozen
class Law:
    """A law, and in how many worlds it is tried."""

    says: str
    check: Callable[[int], object]
    worlds: int
    first: int = FIRST


@cache
def _calendar() -> calendar_check.Calendar:
    return calendar_check.Calendar()


DAYS = calendar_check.days()


def a_day(number: int) -> None:
    """One day of 131 years in one of six zones."""
    zone, day = divmod(number, len(DAYS))
    calendar_check.check_day(_calendar(), DAYS[day], ZoneInfo(calendar_check.ZONES[zone]))


LAWS: dict[str, Law] = {
    "1": Law("any order and any number of times", laws.told_in_any_order, 20_000),
    "2": Law("the books balance at every instant, period by period", laws.balanced_at_every_instant, 10_000),
    "4": Law("heard one by one, kept as bytes, folded anew", laws.heard_one_by_one, 10_000),
    "1, 4, 7": Law("on every store, merged and parted again", shops.on_every_store, 1_000),
    "7": Law("two records together are the two apart", laws.merged_and_parted, 100_000),
    "8": Law("walks of up to 10 steps: everything given back leaves nothing", walks.nothing_is_left, 200_000),
    "8, longer": Law(
        "walks of up to 40 steps", lambda seed: walks.nothing_is_left(seed, 40), 40_000, 2_000_000
    ),
    "8, order": Law(
        "the order of returns makes no difference; where points stand in for others beyond their end, to no sum",
        returns.returned_in_any_order,
        100_000,
    ),
    "9, money": Law("splits of money", lambda seed: splits.money_is_split_exactly(Random(seed)), 1_000_000),
    "9, points": Law(
        "points that come back in parts", lambda seed: splits.points_come_back_exactly(Random(seed)), 1_000_000,
    ),
    "time": Law("every day from 1970 to 2100 in six zones", a_day, 6 * len(DAYS), 0),
    "model": Law("the fold and the model with coins agree", lambda seed: compare(seed, 45), 20_000),
}  # fmt: skip


def tried(name: str, seeds: range) -> tuple[list[int], float]:
    """Put a law to some worlds; gives those that break it, and the seconds that it took of one core."""
    memos.WORTH_KEEPING = 1
    law, broken, begin = LAWS[name], [], time.process_time()
    for seed in seeds:
        try:
            law.check(seed)
        except Exception as error:  # noqa: BLE001  (whatever goes wrong in a world breaks the law)
            broken.append(seed)
            sys.stderr.write(f"law {name}, seed {seed}: {type(error).__name__}: {error!s:.200}\n")
    return broken, time.process_time() - begin


def chunks(law: Law, part: int) -> Iterator[range]:
    """Cut the seeds of a law into pieces of work; a part of them is spread over all."""
    end = law.first + law.worlds
    step = max(1, 100 // part)
    for start in range(law.first, end, CHUNK * step):
        yield range(start, min(end, start + CHUNK))


def at_length(names: Sequence[str], part: int, pool: ProcessPoolExecutor) -> list[dict[str, object]]:
    """Try each law, and tell of each when it is done."""
    told = []
    for name in names:
        work = list(chunks(LAWS[name], part))
        found = list(pool.map(tried, [name] * len(work), work))
        broken = [seed for seeds, _ in found for seed in seeds]
        row: dict[str, object] = {
            "what": f"law {name}: {LAWS[name].says}" if name[0].isdigit() else LAWS[name].says,
            "tried": sum(map(len, work)),
            "seeds": f"{work[0][0]:,} to {work[-1][-1]:,}",
            "broken": len(broken),
            "seconds": round(sum(seconds for _, seconds in found)),
        }
        sys.stdout.write(json.dumps(row) + "\n")
        sys.stdout.flush()
        told.append(row)
    return told


def main() -> int:
    """Try every law, print and keep; fails where one is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--save", action="store_true", help="keep what was tried and write the page")
    parser.add_argument("--part", type=int, default=100, help="only so much of it, in percent")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", choices=LAWS, action="append", help="this law; may stand several times")
    options = parser.parse_args()
    with ProcessPoolExecutor(options.processes) as pool:
        told = at_length(options.only or list(LAWS), options.part, pool)
    if options.save:
        keep_laws(told)
    return int(any(row["broken"] for row in told))


if __name__ == "__main__":
    sys.exit(main())
