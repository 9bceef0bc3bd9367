"""Transfers, sourcing and rebalancing on the command line."""

from datetime import UTC, datetime
from pathlib import Path

from omo_adapters.storage.database import Database
from omo_adapters.storage.sqlite import SqliteJournal
from omo_core.ports import Batch
from omo_core.trade import Sale, SaleLine
from tests.cli.conftest import SHOP, Run

DAY = "2026-01-05T12:00"


def opened_shop(run: Run, folder: Path) -> None:
    (folder / "shop.toml").write_text(SHOP, "utf-8")
    assert run("init", "--config", "shop.toml").code == 0
    for place, units in (("central", 3), ("depot", 9)):
        assert run("count", "TEE", place, units, "--at", DAY).code == 0


def order(folder: Path, units: int) -> None:
    at = datetime(2026, 1, 5, 6, tzinfo=UTC)
    line = SaleLine(line="1", sku="TEE", units=units, amount=100 * units, handing="ship")
    sale = Sale(id="sale/W1", at=at, order="W1", currency="HKD", channel="web", lines=(line,))
    database = Database(folder / "shop.db", create=False)
    SqliteJournal(database).append(Batch(events=(sale,)), recorded_at=at)
    database.close()


def test_an_order_is_planned_then_committed(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    order(tmp_path, 10)
    dry = run("source", "W1", "--dry-run", "--json")
    assert (dry.code, dry.document["plan"]["score"]["parcels"], dry.document["plan"]["proven"]) == (0, 2, True)
    assert run("stock", "TEE", "--json").document["pool_allocated"] == 10
    told = run("source", "W1", "--request", "r1")
    assert (told.code, "no plan is better" in told.out, "Yes: committed" in told.out) == (0, True, True)
    assert run("stock", "TEE", "--json").document["pool_allocated"] == 0
    assert run("source", "W1", "--dry-run", "--exclude", "depot").code == 1
    assert run("source", "W9").code == 2


def test_a_transfer_is_promised_sent_and_received(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    assert run("transfer-stock", "TEE", "depot", "central", 10).code == 1
    assert run("transfer-stock", "TEE", "depot", "central", 4, "--name", "T1").code == 0
    assert run("transfer-stock", "TEE", "depot", "central", 4, "--name", "T1", "--sent").code == 0
    assert run("transfer-stock", "TEE", "depot", "central", 4, "--name", "T1", "--received").code == 0
    places = {place["location"]: place["on_hand"] for place in run("stock", "TEE", "--json").document["places"]}
    assert places == {"central": 7, "depot": 5}
    assert run("transfer-stock", "TEE", "depot", "nowhere", 1).code == 2


def test_rebalancing_proposes_and_only_orders_when_asked(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    told = run("rebalance", "TEE", "--display", 5, "--json")
    (proposal,) = told.document["proposals"]
    assert [(move["origin"], move["destination"], move["units"]) for move in proposal["moves"]] == [
        ("depot", "central", 2)
    ]
    assert run("rebalance", "TEE", "--display", 5, "--commit").code == 0
    assert run("transfer-stock", "TEE", "depot", "central", 8).code == 1
