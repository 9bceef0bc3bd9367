"""The year's programme computed once more, from its words alone: DuckDB for money and calendar, plain loops for tiers.

Nothing of omo is used here, and nothing is computed the way omo does it: whole local days instead of instants, every
window summed anew from all purchases, every lot's fate read off its two dates. The programme, in a shop's words:

* A point per whole dollar of a basket. Fuel, spirits and coupons do not count, neither for points nor for tiers.
* Points of a Silver member are worth a quarter more, of a Gold member a half; parts of a point are dropped.
* Points can be spent from the 14th day after the purchase on, and until the end of the third month after that day's.
* Silver from $500, Gold from $1,500 of spend in the last six months to the day, today's purchase included. Moving up
  is at once. A tier lasts through the same day six months later and is reviewed when that day is over: who still
  spends enough keeps it for six months more, counted from that day, else it falls to what the spend is worth.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import duckdb
from attrs import frozen

IDLE = ("FUEL", "SPIRITS", "COUPON")
LEVELS = (("Member", 0, 4), ("Silver", 50_000, 5), ("Gold", 150_000, 6))
"""Name, spend in cents, and quarters of a point per point."""

_BASKETS = """
    WITH basket AS (
        SELECT household_id, basket_id, min(transaction_timestamp) AS clock,
               CAST(coalesce(sum(CAST(round(sales_value * 100) AS BIGINT)) FILTER (
                   coalesce(department, '') NOT IN (SELECT unnest(?))), 0) AS BIGINT) AS cents
        FROM read_parquet(?) LEFT JOIN read_parquet(?) USING (product_id)
        GROUP BY household_id, basket_id)
    SELECT household_id, CAST(clock AS DATE) AS day, cents,
           CAST(day + INTERVAL 14 DAY AS DATE) AS usable,
           CAST(date_trunc('month', day + INTERVAL 14 DAY) + INTERVAL 4 MONTH AS DATE) AS gone
    FROM basket ORDER BY household_id, clock, CAST(basket_id AS VARCHAR)"""
_CALENDAR = """
    SELECT CAST(day AS DATE), CAST(day - INTERVAL 6 MONTH AS DATE), CAST(day + INTERVAL 6 MONTH AS DATE)
    FROM generate_series(TIMESTAMP '2016-12-01', TIMESTAMP '2019-12-31', INTERVAL 1 DAY) AS days (day)"""


@frozen
class Household:
    """What a household has at the end of a day."""

    earned: int
    spendable: int
    pending: int
    expired: int
    tier: str


Basket = tuple[int, date, int, date, date]
Calendar = dict[date, tuple[date, date]]
"""For a day: the same day six months earlier and later."""


def by_hand(folder: Path, at_start_of: date) -> dict[int, Household]:
    """Give every household's points and tier at the start of a day."""
    with duckdb.connect() as connection:
        files = [str(folder / "transactions.parquet"), str(folder / "products.parquet")]
        baskets: list[Basket] = connection.execute(_BASKETS, [list(IDLE), *files]).fetchall()
        calendar = {day: (earlier, later) for day, earlier, later in connection.execute(_CALENDAR).fetchall()}
    return {
        household: _household([basket for basket in group if basket[1] < at_start_of], at_start_of, calendar)
        for household, group in groupby(baskets, key=lambda basket: basket[0])
    }


def _household(baskets: list[Basket], today: date, calendar: Calendar) -> Household:
    levels = list(_levels(baskets, today, calendar))
    lots = [
        (cents // 100 * LEVELS[level][2] // 4, usable, gone)
        for (_, _, cents, usable, gone), level in zip(baskets, levels, strict=False)
    ]
    return Household(
        earned=sum(points for points, _, _ in lots),
        spendable=sum(points for points, usable, gone in lots if usable <= today < gone),
        pending=sum(points for points, usable, _ in lots if today < usable),
        expired=sum(points for points, _, gone in lots if gone <= today),
        tier=LEVELS[levels[-1]][0],
    )


def _levels(baskets: list[Basket], today: date, calendar: Calendar) -> Iterator[int]:
    """Give the level that each purchase was made in, and last the level of today."""
    level, last = 0, date.max
    for place, (_, day, cents, _, _) in enumerate(baskets):
        level, last = _reviewed(baskets[:place], level, last, day, calendar)
        yield level
        if cents:
            reached = _worth(_spend(baskets[: place + 1], day, calendar))
            if reached > level:
                level, last = reached, calendar[day][1]
    yield _reviewed(baskets, level, last, today, calendar)[0]


def _reviewed(before: list[Basket], level: int, last: date, today: date, calendar: Calendar) -> tuple[int, date]:
    """Hold every review that is due by today; ``last`` is the last day of the present term."""
    while level and last < today:
        level = min(level, _worth(_spend(before, last + timedelta(days=1), calendar)))
        last = calendar[last][1] if level else date.max
    return level, last


def _spend(baskets: list[Basket], day: date, calendar: Calendar) -> int:
    return sum(cents for _, bought, cents, _, _ in baskets if bought >= calendar[day][0])


def _worth(spend: int) -> int:
    return max(level for level, (_, least, _) in enumerate(LEVELS) if spend >= least)
