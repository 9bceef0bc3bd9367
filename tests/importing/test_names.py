"""Names as evidence from real imports: a shop switches them on, and a household's phone joins nobody by mistake."""

import json
import sys
from pathlib import Path

import pytest

from omo_adapters.cli.exits import Exit
from tests.cli.conftest import SHOP, Run

FAMILY = """\
member_id,name,phone,updated_at
1,陳大文,9123 4567,2026-01-01
2,Chan Tai Man,9123 4567,2026-01-02
3,Wong Mei Ling,9123 4567,2026-01-03
4,黃美玲,9222 3333,2026-01-04
5,Wong Mei Ling,9222 3333,2026-01-05
6,,9222 3333,2026-01-06
"""
SIBLINGS = "member_id,name,phone,updated_at\n1,陳國偉,9123 4567,2026-01-01\n2,陈国伟,9123 4567,2026-01-02\n"
SIBLINGS += "3,陳志明,9123 4567,2026-01-03\n"


def settle(run: Run, shop: Path, names: str) -> None:
    (shop / "shop.toml").write_text(f'{SHOP}\n[identity]\nnames = "{names}"\n', "utf-8")
    assert run("config", "set-file", "shop.toml").code == 0


def take_in(run: Run, shop: Path, rows: str) -> dict[str, object]:
    (shop / "crm.csv").write_text(rows, "utf-8")
    told = run("members", "backfill", "crm.csv", "--json")
    assert told.code == 0, told.err
    return told.document  # type: ignore[no-any-return]


def persons(run: Run, *records: str) -> list[tuple[str, ...]]:
    found = (run("member", "--id", f"crm:{record}", "--json").document["members"][0] for record in records)
    return sorted({tuple(sorted(card["member"]["profiles"])) for card in found})


def test_without_the_setting_names_say_nothing(run: Run, shop: Path) -> None:
    found = take_in(run, shop, FAMILY)
    assert (found["members"], found["waiting"]) == (2, {})


def test_a_household_of_two_surnames_is_two_members_with_an_item_for_review(run: Run, shop: Path) -> None:
    settle(run, shop, "surnames")
    found = take_in(run, shop, FAMILY)
    assert persons(run, "1", "2", "3") == [("crm:1", "crm:2"), ("crm:3",)]
    assert persons(run, "4", "5", "6") == [("crm:4", "crm:5", "crm:6")]
    assert found["waiting"] == {"names_disagree": 2}
    assert "their names have nothing in common" in run("why-not", "crm:2", "crm:3").out


def test_nothing_of_a_name_stands_in_the_journal(run: Run, shop: Path) -> None:
    settle(run, shop, "surnames")
    take_in(run, shop, FAMILY)
    copy = run("members", "export", "crm:1", "--role", "privacy", "--json").document["export"]
    assert [event["kind"] for event in copy["events"]][:2] == ["profile_seen", "traits_seen"]
    told = json.dumps(copy["events"], ensure_ascii=False).casefold()
    assert not [word for word in ("陳", "大文", "chan") if word in told]


def test_names_that_are_switched_on_later_part_what_was_joined(run: Run, shop: Path) -> None:
    take_in(run, shop, FAMILY)
    settle(run, shop, "surnames")
    again = take_in(run, shop, FAMILY)
    counts = {kind: n["new"] for kind, n in again["import"]["events"].items()}  # type: ignore[index]
    assert counts == {"profile_seen": 0, "traits_seen": 6}
    assert persons(run, "1", "3") == [("crm:1", "crm:2"), ("crm:3",)]


def test_a_name_that_was_corrected_counts(run: Run, shop: Path) -> None:
    settle(run, shop, "surnames")
    take_in(run, shop, FAMILY)
    take_in(run, shop, "member_id,name,phone,updated_at\n3,陳太太,9123 4567,2026-02-01\n")
    assert persons(run, "1", "3") == [("crm:1", "crm:2", "crm:3")]


def test_given_names_need_what_brings_both_scripts_together(
    run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(run, shop, "full")
    monkeypatch.setitem(sys.modules, "opencc", None)
    (shop / "crm.csv").write_text(SIBLINGS, "utf-8")
    told = run("import", "crm.csv")
    assert (told.code, "omo[names]" in told.err) == (Exit.SETTINGS, True)
    assert run("member", "9123 4567").code == 1


def test_siblings_are_two_members_and_two_scripts_are_one(run: Run, shop: Path) -> None:
    pytest.importorskip("opencc", reason="needs omo[names]")
    settle(run, shop, "surnames")
    take_in(run, shop, SIBLINGS)
    assert persons(run, "1", "2", "3") == [("crm:1", "crm:2", "crm:3")]
    settle(run, shop, "full")
    take_in(run, shop, SIBLINGS)
    assert persons(run, "1", "2", "3") == [("crm:1", "crm:2"), ("crm:3",)]
    settle(run, shop, "surnames")
    again = take_in(run, shop, SIBLINGS)["import"]["events"]["traits_seen"]  # type: ignore[index]
    assert (again["new"], again["conflicts"]) == (0, 0)
    assert persons(run, "1", "2", "3") == [("crm:1", "crm:2"), ("crm:3",)]


def test_a_web_customers_name_speaks_too(run: Run, shop: Path) -> None:
    settle(run, shop, "surnames")
    customer = {
        "id": 7,
        "admin_graphql_api_id": "gid://shopify/Customer/7",
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "first_name": "大文",
        "last_name": "陳",
        "email": "home@example.com",
        "verified_email": True,
    }
    (shop / "customers").mkdir()
    (shop / "customers" / "create.json").write_text(json.dumps(customer))
    assert run("import", "customers/create.json").code == 0
    take_in(run, shop, "member_id,name,email,updated_at\n1,黃美玲,home@example.com,2026-01-01\n")
    assert persons(run, "1") == [("crm:1",)]
    (found,) = run("member", "--id", "shopify:7", "--reveal", "--json").document["members"]
    assert found["records"][0]["name"] == "陳大文"
