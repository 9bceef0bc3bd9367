"""Notes, requests for a copy, and a source that is gone, on the command line."""

from pathlib import Path

from omo_adapters.cli.exits import Exit
from omo_adapters.cli.session import opened
from omo_core.members import ExportRequested
from tests.cli.conftest import Run


def told(shop: Path) -> None:
    with opened(shop / "shop.db") as session:
        ask = session.shop
        ask.record(ask.profile("crm:1", at=ask.now(), phone="9123 4567"), ask.profile("web:2", at=ask.now(), card="1"))
        ask.record(ExportRequested(id="export/crm:1:1", at=ask.now(), source="shopify", profile="crm:1"))


def test_a_note_is_kept_and_shown_in_full_only_where_it_is_asked_for(run: Run, shop: Path) -> None:
    told(shop)
    assert "a note on crm:1 is kept" in run("members", "note", "crm:1", "allergic to nuts", "--by", "ann").out
    said = run("member", "--id", "crm:1").out
    assert "1 notes; --reveal shows them" in said
    assert "allergic" not in said
    assert "allergic to nuts" in run("member", "--id", "crm:1", "--reveal").out
    assert run("members", "note", "crm:1", "").code == Exit.USAGE
    copy = run("members", "export", "crm:1", "--role", "privacy", "--json").document["export"]
    assert [each["words"] for each in copy["notes"]] == ["allergic to nuts"]


def test_tags_are_told_in_words(run: Run, shop: Path) -> None:
    told(shop)
    assert "Yes: +friend of Ann." in run("members", "tag", "crm:1", "--add", "friend of Ann").out
    assert "tags: friend of Ann" in run("member", "--id", "crm:1").out
    assert b"friend of Ann" not in b"".join(
        row[0].encode() for row in _rows(shop, "SELECT body FROM event UNION ALL SELECT hex(state) FROM memo")
    )


def _rows(shop: Path, query: str) -> list[tuple[str]]:
    with opened(shop / "shop.db") as session, session.database.reading() as connection:
        return list(connection.execute(query))


def test_who_waits_for_a_copy_is_listed_until_it_is_given(run: Run, shop: Path) -> None:
    told(shop)
    assert [each["profile"] for each in run("members", "requests", "--json").document["requests"]] == ["crm:1"]
    assert "1 waiting" in run("members", "requests").out
    assert run("members", "export", "crm:1", "--role", "privacy", "--json").code == 0
    assert "0 waiting" in run("members", "requests").out


def test_a_source_that_is_gone_is_forgotten(run: Run, shop: Path) -> None:
    told(shop)
    assert run("members", "forget-source", "crm", "--role", "privacy").code == Exit.USAGE
    assert run("members", "forget-source", "crm", "--role", "clerk", "--yes").code == Exit.NO
    said = run("members", "forget-source", "crm", "--role", "privacy", "--yes").out
    assert "1 records and 0 documents are erased" in said
    assert run("member", "--phone", "9123 4567").code == Exit.NO
    assert run("member", "--card", "1").code == 0
