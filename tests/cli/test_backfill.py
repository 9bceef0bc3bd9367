"""A whole customer file through the command: taken in, resolved, told in numbers; twice is once."""

import json
import sys
from pathlib import Path

import pytest

from omo_adapters.cli.exits import Exit
from omo_adapters.cli.session import opened
from tests.cli.conftest import Run

ROWS = """\
member_id,name,phone,email,birthday,updated_at,last_seen_at
1,Ann Lee,9123 4567,ann@example.com,1990-02-09,2026-01-01,2026-01-01
2,Ann Lee,+852 9123 4567,,1990-02-09,2026-01-02,2026-01-02
3,Bo Chan,9222 3333,test@test.com,,2026-01-03,2026-01-03
4,Cy Ho,,test@test.com,,2026-01-03,2026-01-03
5,Di Ho,9333 4444,,31/1/1990,2026-01-03,2026-01-03
6,Eve Ng,9444 5555,,,2020-01-03,2020-01-03
7,Fay Ng,9444 5555,,,2026-01-03,2026-01-03
8,Gus Ng,12,,,2026-01-03,2026-01-03
"""


@pytest.fixture
def file(shop: Path) -> Path:
    (shop / "crm.csv").write_text(ROWS, "utf-8")
    return shop / "crm.csv"


def test_a_file_is_taken_in_and_told_in_numbers(run: Run, file: Path) -> None:
    told = run("members", "backfill", file, "--json")
    assert told.code == 0
    found = told.document
    assert (found["records"], found["members"], found["sizes"]) == (7, 6, {"1": 5, "2": 1})
    assert found["links"] == {"phone": 1}
    assert found["waiting"] == {"perhaps_recycled": 1}
    assert [(each["by"], each["why"]["kind"], each["shown"]) for each in found["demoted"]] == [
        ("email", "blocked", "t…@test.com")
    ]
    (item,) = found["review"]
    assert (item["one"], item["other"], item["shown"]) == ("crm:6", "crm:7", "+852…55")
    assert (found["import"]["set_aside"], found["import"]["noted"], found["proposed"]) == ({"csv:members": 1}, 1, None)


def test_a_bad_row_waits_in_quarantine_with_its_field(run: Run, file: Path) -> None:
    assert run("members", "backfill", file).code == 0
    (document,) = run("quarantine", "list", "--json").document["documents"]
    assert (document["path"], document["kind"]) == ("row 6.birthday", "csv:members")
    assert run("members", "backfill", file, "--strict").code == 1


def test_twice_is_once(run: Run, file: Path, shop: Path) -> None:
    first = run("members", "backfill", file, "--json").document
    with opened(shop / "shop.db") as session:
        before = session.shop.journal.read(()).position
    again = run("members", "backfill", file, "--json").document
    assert {kind: (n["new"], n["conflicts"]) for kind, n in again["import"]["events"].items()} == {
        "profile_seen": (0, 0)
    }
    assert {**again, "import": 0} == {**first, "import": 0}
    with opened(shop / "shop.db") as session:
        assert session.shop.journal.read(()).position == before


def test_it_is_told_to_people_too(run: Run, file: Path) -> None:
    told = run("members", "backfill", file).out
    assert "7 records are 6 members." in told
    assert "1 identifiers join nobody" in told
    assert "1 wait for a decision: it was unused for so long" in told
    assert "omo members resolve" in told
    assert "9123" not in told


def test_json_lines_are_read_the_same_way(run: Run, shop: Path) -> None:
    lines = [{"id": n, "phone": "9123 4567", "updated_at": f"2026-01-0{n}"} for n in (1, 2)]
    (shop / "crm.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines) + "{broken\n")
    found = run("members", "backfill", "crm.jsonl", "--source", "club", "--json").document
    assert (found["records"], found["members"]) == (2, 1)
    (document,) = run("quarantine", "list", "--json").document["documents"]
    assert (document["path"], document["kind"]) == ("line 3", "jsonl:members")


def listed(run: Run, shop: Path, year: int, *rows: str) -> list[list[str]]:
    """Take in a list of one year, and give who is who of those in it."""
    header = "member_id,phone,joined_at,last_seen_at\n"
    (shop / f"{year}.csv").write_text(header + "".join(f"{row}\n" for row in rows))
    assert run("members", "backfill", f"{year}.csv", "--as-of", f"{year}-06-01").code == 0
    names = [f"crm:{row.partition(',')[0]}" for row in rows]
    found = [run("member", "--id", name, "--json").document["members"][0]["member"]["profiles"] for name in names]
    return sorted({tuple(sorted(group)) for group in found})


def test_whoever_stands_in_one_list_with_a_phone_bears_it_when_the_list_was_made(run: Run, shop: Path) -> None:
    assert listed(run, shop, 2026, "c,9123 4567,2015-03-01,", "d,9123 4567,2026-06-01,") == [("crm:c", "crm:d")]


def test_a_phone_that_came_to_a_record_later_is_not_as_old_as_the_record(run: Run, shop: Path) -> None:
    listed(run, shop, 2019, "a,9123 4567,2014-06-01,")
    assert listed(run, shop, 2019, "b,,2014-01-01,") == [("crm:b",)]
    assert listed(run, shop, 2020, "b,9123 4567,2014-01-01,") == [("crm:b",)]
    assert run("members", "review", "--json").document["waiting"] == 1
    assert run("members", "resolve", "crm:a", "crm:b", "--same", "--reason", "asked her").code == 0


def test_a_phone_last_used_long_before_the_other_joined_may_be_recycled(run: Run, shop: Path) -> None:
    found = listed(run, shop, 2026, "a,9123 4567,2014-06-01,2016-01-01", "b,9123 4567,2025-01-01,2026-05-01")
    assert found == [("crm:a",), ("crm:b",)]
    together = listed(run, shop, 2026, "e,9222 3333,2014-06-01,2016-01-01", "f,9222 3333,2016-02-01,2026-05-01")
    assert together == [("crm:e", "crm:f")]


def test_recycling_parts_what_two_lists_had_joined(run: Run, shop: Path) -> None:
    listed(run, shop, 2020, "a,9123 4567,2014-06-01,")
    assert listed(run, shop, 2021, "b,9123 4567,2014-01-01,") == [("crm:a", "crm:b")]
    told = run("members", "recycle", "9123 4567", "--since", "2020-12-01T00:00", "--json")
    assert sorted(each["id"] for each in told.document["members"]) == ["crm:a", "crm:b"]


def test_a_file_that_is_no_list_is_a_bad_file(run: Run, shop: Path) -> None:
    (shop / "letter.txt").write_text("Dear Sir or Madam\n")
    assert run("members", "backfill", "letter.txt").code == Exit.FILE
    assert run("members", "backfill", "nowhere.csv").code == Exit.FILE


def test_without_splink_a_match_is_refused_before_anything_is_read(
    run: Run, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "splink", None)
    told = run("members", "backfill", file, "--match")
    assert (told.code, "omo[matching]" in told.err) == (Exit.SETTINGS, True)
    assert run("member", "9123 4567").code == 1


def test_with_splink_likely_pairs_wait_for_review_and_twice_is_once(run: Run, shop: Path) -> None:
    pytest.importorskip("splink", reason="needs omo[matching]")
    rows = ["member_id,name,phone,email,updated_at"]
    for n in range(200):
        phone = 91230000 + 37 * n
        rows.append(f"{n},Name{n % 50} Chan{n % 7},{phone},n{n}@example.com,2026-01-01")
        rows.append(f"{1000 + n},Name{n % 50} Chan{n % 7},{phone + (n % 10 == 0)},,2026-01-01")
    (shop / "crm.csv").write_text("\n".join(rows) + "\n")
    first = run("members", "backfill", "crm.csv", "--match", "--json").document
    assert first["waiting"]["likely"] == first["proposed"]["new"] >= 15
    again = run("members", "backfill", "crm.csv", "--match", "--json").document
    assert (again["proposed"]["new"], again["proposed"]["taken_back"]) == (0, 0)
    assert again["waiting"] == first["waiting"]
