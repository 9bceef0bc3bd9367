"""One call takes a document: facts are recorded, personal data kept, and what is unclear waits with its bytes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve

from omo_adapters.inbound import Ignored, NotUnderstood, Parcel, Personal, Understood
from omo_adapters.shop import Shop, memory_shop, open_shop
from omo_adapters.testing.samples import START, line, sale
from omo_core.identifiers import ProfileId
from omo_core.ports import Recorded
from tests.shell.asking import RULES

ANN = ProfileId("p1")
SOLD = Parcel(
    kind="receipt",
    place="line 1",
    raw=b"sold",
    outcome=Understood(events=(sale("o1"),), personal=(Personal(profile=ANN, version=1, fields={"name": "Ann"}),)),
)
BROKEN = Parcel(kind="receipt", place="line 2", raw=b"broken", outcome=NotUnderstood(path="total", reason="is wrong"))


@pytest.fixture(params=["memory", "file"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    opened = (
        memory_shop(RULES, now=lambda: START)
        if request.param == "memory"
        else open_shop(tmp_path / "shop.db", RULES, now=lambda: START)
    )
    with opened:
        yield opened


def test_what_is_understood_is_recorded_and_its_person_kept(shop: Shop) -> None:
    told = shop.take(SOLD)
    assert isinstance(told, Recorded)
    assert told.new == ("sale/o1",)
    assert shop.vault.look(ANN) == {"name": "Ann"}
    assert shop.history(ANN) == (sale("o1"),)
    assert isinstance(again := shop.take(SOLD), Recorded)
    assert (again.new, again.known) == ((), ("sale/o1",))


def test_what_is_not_understood_waits_with_its_bytes(shop: Shop) -> None:
    assert shop.take(BROKEN, where="day.jsonl") == BROKEN.outcome
    shop.take(BROKEN, where="day.jsonl")
    (waiting,) = shop.quarantine.open()
    assert (waiting.kind, waiting.place, waiting.path, waiting.raw) == (
        "receipt", "day.jsonl: line 2", "total", b"broken"
    )  # fmt: skip


def test_what_means_nothing_by_design_leaves_nothing(shop: Shop) -> None:
    outcome = Ignored(reason="training receipt")
    assert shop.take(evolve(SOLD, outcome=outcome)) == outcome
    assert shop.quarantine.open() == []


def test_a_document_whose_events_cant_be_kept_is_put_aside_and_its_person_not_kept(shop: Shop) -> None:
    outcome = Understood(
        events=(sale("o2", 0, line("1"), line("1")),),
        personal=(Personal(profile=ANN, version=1, fields={"name": "Ann"}),),
    )
    assert isinstance(shop.take(evolve(SOLD, outcome=outcome)), NotUnderstood)
    assert [waiting.path for waiting in shop.quarantine.open()] == ["lines"]
    assert shop.vault.look(ANN) == {}
    assert shop.history(ANN) == ()
