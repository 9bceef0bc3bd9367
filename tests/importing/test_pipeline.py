"""What an import promises: nothing is lost, nothing is doubled, order does not matter, what waits can be driven."""

import json
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omo_adapters.cli.session import Session, opened
from omo_adapters.importing import Driver, Importer, ImportResult, Source, file_source, folder_source
from omo_adapters.importing.formats import FORMATS, Asked, format_of
from omo_adapters.importing.sources import Piece
from omo_adapters.verifying import verify
from tests.cli.conftest import Run, lines, receipt

ITEM = 808950810
PRODUCT = {
    "id": 632910392,
    "admin_graphql_api_id": "gid://shopify/Product/632910392",
    "updated_at": "2026-03-01T09:00:00+08:00",
    "variants": [
        {
            "id": 1,
            "product_id": 632910392,
            "sku": "TEE",
            "inventory_item_id": ITEM,
            "admin_graphql_api_id": "gid://shopify/ProductVariant/1",
        }
    ],
}
LEVEL = {
    "inventory_item_id": ITEM,
    "location_id": 11,
    "available": 9,
    "updated_at": "2026-03-01T10:00:00+08:00",
    "admin_graphql_api_id": f"gid://shopify/InventoryLevel/1?inventory_item_id={ITEM}",
}


def _take_in(session: Session, source: Source, *, batch: int = 500) -> ImportResult:
    return Importer(session.shop, session.books, session.context(), batch_events=batch).run(source)


def _hash(session: Session) -> str:
    found = verify(session.shop, session.database, session.memos)
    assert found.differences == ()
    return found.hash


def _deliveries(folder: Path) -> None:
    """A small week: two tills, a count sheet, a level whose article comes later, a line that is broken."""
    (folder / "tills").mkdir(parents=True)
    (folder / "tills" / "a.jsonl").write_text(lines(*(receipt(number) for number in range(5))) + "{broken\n")
    (folder / "tills" / "b.jsonl").write_text(lines(receipt(4), receipt(7, business_day="2026-03-03")))
    (folder / "count.csv").write_text("sku,location,units,counted_at\nTEE,central,20,2026-03-01T08:00\n")
    for topic, body in (("inventory_levels/update", LEVEL), ("products/create", PRODUCT)):
        path = folder / f"{topic}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(body))


@pytest.fixture
def week(tmp_path: Path) -> Path:
    folder = tmp_path / "week"
    _deliveries(folder)
    return folder


def test_every_document_is_counted_once(shop: Path, week: Path) -> None:
    with opened(shop / "shop.db") as session:
        result = _take_in(session, folder_source(week))
    assert result.files == 5
    assert result.documents == 11
    assert result.understood == {"csv:counts": 1, "receipt": 7}
    assert result.set_aside == {"receipt": 1, "shopify:inventory_levels/update": 1}
    assert (result.learned, result.driven) == (1, 1)
    assert (result.events["sale"].new, result.events["sale"].known) == (6, 1)


def test_a_level_that_came_before_its_article_is_read_in_the_end(shop: Path, week: Path) -> None:
    with opened(shop / "shop.db") as session:
        _take_in(session, folder_source(week))
        assert session.shop.stock("TEE").on_hand("central") == 9 - 6  # type: ignore[arg-type]
        assert session.books.quarantine.counts() == {"receipt": 1}


def test_the_same_folder_twice_changes_nothing(shop: Path, week: Path) -> None:
    with opened(shop / "shop.db") as session:
        _take_in(session, folder_source(week))
        once = _hash(session)
        again = _take_in(session, folder_source(week))
        assert _hash(session) == once
        assert again.total("new") == 0
        assert again.total("conflicts") == 0
        assert session.books.quarantine.counts() == {"receipt": 1}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 10**6), batch=st.sampled_from([1, 2, 3, 500]))
def test_order_and_batches_do_not_matter(shop: Path, seed: int, batch: int) -> None:
    """The same documents one file each, in any order, some twice, in batches of any size: the same hash."""
    chance = random.Random(seed)
    week = shop / "any"
    shutil.rmtree(week, ignore_errors=True)
    documents = [json.dumps(receipt(number)) + "\n" for number in range(6)]
    documents.append(json.dumps(receipt(9, kind="return", reference={"receipt": _name(1)}, lines=[_back()])) + "\n")
    told = [*documents, *chance.sample(documents, 3)]
    chance.shuffle(told)
    week.mkdir()
    for place, text in enumerate(told):
        (week / f"{place:02}.jsonl").write_text(text)
    database = shop / f"order-{seed}-{batch}.db"
    shutil.copy(shop / "shop.db", database)
    plain = shop / "plain.db"
    if not plain.exists():
        shutil.copy(shop / "shop.db", plain)
        (shop / "all.jsonl").write_text("".join(documents))
        with opened(plain) as session:
            _take_in(session, file_source(shop / "all.jsonl"))
    with opened(plain) as session, opened(database) as other:
        _take_in(other, folder_source(week), batch=batch)
        assert _hash(other) == _hash(session)


def _name(number: int) -> dict[str, str]:
    return {"location": "S1", "register": "2", "business_day": "2026-03-02", "number": str(number)}


def _back() -> dict[str, object]:
    return {"line": "1", "sku": "TEE", "quantity": "-1", "amount": "-100.00"}


def test_what_waits_is_understood_once_the_shop_has_mapped_it(run: Run, shop: Path) -> None:
    level = shop / "inventory_levels" / "update.json"
    level.parent.mkdir()
    level.write_text(json.dumps(LEVEL))
    assert run("import", level, "--strict").code == 1
    assert run("quarantine", "drive", "--json").document == {"events": {}, "settled": 0, "tried": 1, "waiting": 1}
    mapped = f'items = {{ "shopify:inventory_item:{ITEM}" = "TEE" }}\n' + (shop / "shop.toml").read_text()
    (shop / "shop.toml").write_text(mapped)
    assert run("config", "set-file", "shop.toml").code == 0
    assert run("quarantine", "drive", "--json").document["settled"] == 1
    assert run("quarantine", "list", "--json").document["documents"] == []
    assert run("stock", "TEE", "--json").document["places"][0]["on_hand"] == 9


def test_what_waits_keeps_its_bytes_and_can_be_taken_out(run: Run, shop: Path) -> None:
    (shop / "day.jsonl").write_bytes(b'{"schema": "omo.receipt/1", \xff}\n')
    run("import", "day.jsonl")
    run("quarantine", "export", "out")
    assert (shop / "out" / "000001.raw").read_bytes() == b'{"schema": "omo.receipt/1", \xff}'
    assert run("quarantine", "settle", "1").code == 0
    with opened(shop / "shop.db") as session:
        settled = session.books.quarantine.find(1)
    assert settled is not None
    assert settled.raw == b""


def test_a_document_that_fails_again_after_it_was_let_go_waits_again(run: Run, shop: Path) -> None:
    (shop / "day.jsonl").write_text('{"schema": "omo.receipt/1"}\n')
    run("import", "day.jsonl")
    run("quarantine", "settle", "1")
    run("import", "day.jsonl")
    assert [one["id"] for one in run("quarantine", "list", "--json").document["documents"]] == [1]


def test_one_file_that_is_no_file_of_its_format_does_not_stop_the_others(shop: Path, week: Path) -> None:
    (week / "tills" / "aa.jsonl").write_bytes(b"\x1f\x8b" + b'"omo.receipt/1"')
    (week / "b.xml").write_text("<!DOCTYPE x []><POSLog></POSLog>")
    (week / "readme.txt").write_text("hello")
    with opened(shop / "shop.db") as session:
        result = _take_in(session, folder_source(week))
    assert list(result.unreadable) == ["b.xml"]
    assert sorted(result.skipped) == ["readme.txt", "tills/aa.jsonl"]
    assert result.documents == 11


def test_late_facts_are_counted_against_what_was_known_before(shop: Path) -> None:
    (shop / "today.jsonl").write_text(lines(receipt(1, at="2026-03-09T12:00:00")))
    (shop / "late.jsonl").write_text(lines(receipt(2), receipt(3, at="2026-03-09T11:00:00")))
    with opened(shop / "shop.db") as session:
        assert _take_in(session, file_source(shop / "today.jsonl")).late == 0
        assert _take_in(session, file_source(shop / "late.jsonl")).late == 1
        assert _take_in(session, file_source(shop / "late.jsonl")).late == 0


def test_personal_data_goes_to_the_vault_and_not_into_the_journal(shop: Path) -> None:
    (shop / "m.csv").write_text("member_id,name,phone,updated_at\n88,Chan Tai Man,91234567,2026-03-01T10:00\n")
    with opened(shop / "shop.db") as session:
        _take_in(session, file_source(shop / "m.csv"))
        assert session.shop.vault.look("crm:88")["name"] == "Chan Tai Man"  # type: ignore[arg-type]
        rows = session.database.connection.execute("SELECT body FROM event").fetchall()
    assert not any("Chan" in body or "91234567" in body for (body,) in rows)


@pytest.mark.parametrize(
    ("name", "head", "format"),
    [
        ("x.http", b"X-Shopify-Topic: orders/create\n\n{}", "shopify-webhooks"),
        ("orders/create.json", b"{}", "shopify-webhooks"),
        ("x.json", b"{}", None),
        ("x.jsonl", b'{"schema":"omo.receipt/1"}', "receipts"),
        ("x.jsonl", b'{"id":"gid:\\/\\/shopify\\/Order\\/1"}\n', "shopify-export"),
        ("x.jsonl", b'{"id":"gid://shopify/Order/1"}\n', "shopify-export"),
        ("x.xml", b"<?xml version='1.0'?>\n<a:POSLog xmlns:a='x'>", "poslog"),
        ("x", "<POSLog>".encode("utf-16"), "poslog"),
        ("x.xml", b"<DigitalReceipt>", "digital-receipt"),
        ("x.csv", b"sku;location;units\nTEE;central;3\n", "counts"),
        ("x.csv", "會員編號,姓名\n1,陳\n".encode(), "members"),
        ("x.csv", b"a,b\n1,2\n", None),
        ("x", b"", None),
    ],
)
def test_a_format_is_known_by_name_and_first_bytes(tmp_path: Path, name: str, head: bytes, format: str | None) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(head)
    found = format_of(Piece(path=path, parts=tuple(name.split("/"))), Asked())
    assert (found.name if found else None) == format


def test_every_format_has_a_name_of_its_own() -> None:
    assert len({known.name for known in FORMATS}) == len(FORMATS)


def test_a_document_can_be_driven_by_its_number(shop: Path, week: Path) -> None:
    with opened(shop / "shop.db") as session:
        _take_in(session, folder_source(week))
        driver = Driver(session.shop, session.books, session.context())
        (number,) = (document.id for document in session.books.quarantine.each())
        result = driver.run(numbers=[number])
    assert (result.tried, result.settled, result.waiting) == (1, 0, 1)
