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
