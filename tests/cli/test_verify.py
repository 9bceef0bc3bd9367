"""Verification catches what was changed behind omo's back, and says where."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Run, lines, receipt

TAMPERED = {
    "an amount": "UPDATE event SET body = replace(body, '10000', '99999x') WHERE pos = 3",
    "an amount that could be": "UPDATE event SET body = replace(body, '10000', '20000') WHERE pos = 3",
    "when it was heard": "UPDATE event SET recorded_at = recorded_at - 1 WHERE pos = 3",
    "an id": "UPDATE event SET id = 'sale/other' WHERE pos = 3",
    "a kind": "UPDATE event SET kind = 'refund' WHERE pos = 3",
    "spaces": "UPDATE event SET body = body || ' ' WHERE pos = 3",
    "a deleted event": "DELETE FROM event WHERE pos = 3",
    "a deleted entry": "DELETE FROM entry WHERE pos = 3 AND stream = (SELECT max(stream) FROM entry WHERE pos = 3)",
    "an entry too many": "INSERT INTO entry (stream, pos, home) SELECT id, 1, 0 FROM stream WHERE name = 'stock/TEE'",
    "a deleted stream": "DELETE FROM stream WHERE name = 'stock/TEE'",
    "an answer": "UPDATE answer SET body = x'7b'",
    "an answer of nothing": "DELETE FROM event WHERE kind = 'points_redeemed'",
}


@pytest.fixture
def played(run: Run, shop: Path) -> Path:
    (shop / "day.jsonl").write_text(lines(*(receipt(number) for number in range(4))), "utf-8")
    run("import", "day.jsonl")
    run("redeem", "4711", 10, "--request", "r1")
    run("redeem", "4711", 10, "--request", "r2", "--at", "2026-03-02T20:00")
    return shop


@pytest.mark.parametrize("name", TAMPERED)
def test_what_was_changed_is_found(run: Run, played: Path, name: str) -> None:
    assert run("verify").code == 0
    with closing(sqlite3.connect(played / "shop.db")) as database:
        changed = database.execute(TAMPERED[name]).rowcount
        database.commit()
    assert changed
    told = run("verify", "--json")
    assert told.code == 1
    assert told.document["good"] is False
    assert told.document["found"]["differences_all"] >= 1


def test_the_first_row_that_was_changed_is_named(run: Run, played: Path) -> None:
    with closing(sqlite3.connect(played / "shop.db")) as database:
        database.execute("UPDATE event SET body = replace(body, '10000', '20000') WHERE pos IN (2, 3)")
        database.commit()
    told = run("verify", "--json").document["found"]["differences"]
    assert [each["where"] for each in told][:2] == ["event 2", "event 3"]


def test_events_that_changed_places_are_found(run: Run, played: Path) -> None:
    with closing(sqlite3.connect(played / "shop.db")) as database:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            database.execute("UPDATE event SET pos = ? WHERE pos = ?", (new, old))
            database.execute("UPDATE entry SET pos = ? WHERE pos = ?", (new, old))
        database.commit()
    assert run("verify", "--json").document["found"]["differences"][0]["where"] == "event 2"


def test_a_kept_state_that_is_wrong_is_found_and_rebuilt(run: Run, shop: Path) -> None:
    (shop / "day.jsonl").write_text(lines(*(receipt(number) for number in range(100))), "utf-8")
    run("import", "day.jsonl")
    assert run("verify").code == 0
    with closing(sqlite3.connect(shop / "shop.db")) as database:
        names = [row[0] for row in database.execute("SELECT name FROM memo ORDER BY name")]
        assert [name.partition("/")[0] for name in names] == ["article", "person"]
        state = database.execute("SELECT state FROM memo WHERE name = ?", (names[1],)).fetchone()[0]
        spoilt = state.replace((10000).to_bytes(2, "big"), (9999).to_bytes(2, "big"))
        assert spoilt != state
        database.execute("UPDATE memo SET state = ? WHERE name = ?", (spoilt, names[1]))
        database.commit()
    told = run("verify", "--json")
    assert told.code == 1
    assert "another account" in told.document["found"]["differences"][0]["what"]
    rebuilt = run("verify", "--rebuild", "--json")
    assert (rebuilt.code, rebuilt.document["found"]["memos_dropped"]) == (0, 2)
    assert run("verify").code == 0


def test_conflicts_are_told_and_are_no_failure(run: Run, shop: Path) -> None:
    other = receipt(1, tenders=[{"kind": "card", "amount": "100.00"}])
    (shop / "day.jsonl").write_text(lines(receipt(1), other), "utf-8")
    told = run("import", "day.jsonl", "--json").document
    assert told["events"]["sale"] == {"new": 2, "known": 0, "conflicts": 1}
    found = run("verify", "--json")
    assert (found.code, found.document["found"]["conflicts_all"]) == (0, 2)
