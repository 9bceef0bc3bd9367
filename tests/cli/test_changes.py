"""``omo changes``: who became somebody else, told once, with the reason and the points."""

from pathlib import Path

from omo_adapters.cli.session import opened
from tests.cli.conftest import Run, lines, receipt


def import_day(run: Run, shop: Path, name: str, *receipts: dict[str, object]) -> None:
    (shop / name).write_text(lines(*receipts), "utf-8")
    assert run("import", name).code == 0


def test_members_that_were_joined_are_told_once_with_the_reason_and_their_points(run: Run, shop: Path) -> None:
    import_day(run, shop, "one.jsonl", receipt(1), receipt(2, member={"card": "4712"}))
    assert "0 to tell." in run("changes").out
    with opened(shop / "shop.db") as session:
        ask, now = session.shop, session.shop.now()
        ask.record(ask.profile("crm:1", at=now, card="4711"))
        ask.record(ask.profile("crm:1", at=now, version=1, card="4711", phone="91234567"))
        ask.record(ask.profile("crm:2", at=now, card="4712", phone="91234567"))
    first, second = (change for change in run("changes", "--json").document["changes"])
    assert first["members"]["what"] == "joined"
    assert second["before"][0]["account"]["spendable"] == 100
    assert [each["account"]["spendable"] for each in second["after"]] == [200]
    assert "0 to tell." in run("changes").out
    with opened(shop / "shop.db") as session:
        session.shop.record(session.shop.profile("crm:2", at=session.shop.now(), version=1, card="4712"))
    said = " ".join(run("changes").out.split())
    assert "is parted" in said
    assert "joins them no more. Heard: profile/crm:2." in said
    assert "before crm:1: 200 points to spend after crm:1: 100 points to spend after crm:2: 100" in said
