"""Where a document that was not understood came from is told within what was imported, and no further."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from omo_adapters.importing import Importer, file_source, folder_source
from omo_adapters.importing.writing import Books
from omo_adapters.inbound import Context
from omo_adapters.shop import Shop, open_shop
from omo_adapters.storage.quarantine import SqliteQuarantine
from omo_core.identifiers import ProfileId
from tests.shell.asking import RULES

CONTEXT = Context(key=b"k" * 32)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path / "shop.db", RULES) as opened:
        yield opened


def places(shop: Shop) -> list[str]:
    assert shop.database is not None
    return [document.place for document in SqliteQuarantine(shop.database).open()]


def importer(shop: Shop) -> Importer:
    assert shop.database is not None
    return Importer(shop, Books.of(shop.database), CONTEXT)


def test_a_file_is_called_by_its_name(shop: Shop, tmp_path: Path) -> None:
    upload = tmp_path / "home" / "of" / "somebody" / "day.jsonl"
    upload.parent.mkdir(parents=True)
    upload.write_text('{"format": "omo.receipt/1"}\n', "utf-8")
    importer(shop).run(file_source(upload))
    assert places(shop) == ["day.jsonl: line 1"]


def test_a_webhook_is_called_by_its_name_though_its_folder_says_what_it_is(shop: Shop, tmp_path: Path) -> None:
    body = tmp_path / "somebody" / "orders" / "create.json"
    body.parent.mkdir(parents=True)
    body.write_text('{"id": 1}', "utf-8")
    importer(shop).run(file_source(body))
    assert places(shop) == ["create.json"]


def test_a_file_of_a_folder_is_called_by_its_path_within_it(shop: Shop, tmp_path: Path) -> None:
    upload = tmp_path / "uploads" / "S1" / "day.jsonl"
    upload.parent.mkdir(parents=True)
    upload.write_text('{"format": "omo.receipt/1"}\n', "utf-8")
    importer(shop).run(folder_source(tmp_path / "uploads"))
    assert places(shop) == ["S1/day.jsonl: line 1"]


def test_what_was_left_out_is_counted_and_told_with_its_place(shop: Shop, tmp_path: Path) -> None:
    members = tmp_path / "members.csv"
    members.write_text("id,points,phone,updated_at\n1,10,12,2026-01-05\n2,10,91234567,2026-01-05\n", "utf-8")
    result = importer(shop).run(file_source(members))
    assert (result.documents, result.quarantined, result.noted) == (2, 0, 1)
    assert [(place, why.partition(":")[0]) for place, why in result.notes.items()] == [("members.csv: row 2", "phone")]
    assert shop.account(ProfileId("crm:1")).earned == 10
