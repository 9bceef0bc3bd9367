"""A bad database, file or argument gets one sentence and an exit code, never a traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from omo_adapters.cli.exits import Exit
from omo_adapters.cli.main import app
from omo_adapters.storage.database import Database
from tests.cli.conftest import SHOP, Run

COMMANDS = [
    ("import", "day.jsonl"),
    ("member", "4711"),
    ("why", "crm:1", "crm:2"),
    ("what-if-without", "4711"),
    ("members", "review"),
    ("members", "join", "crm:1", "crm:2", "--reason", "r"),
    ("members", "forget", "crm:1", "--role", "privacy", "--yes"),
    ("stock", "TEE"),
    ("order", "shopify:1"),
    ("redeem", "4711", "5"),
    ("adjust", "4711", "5", "--reason", "r", "--by", "b"),
    ("count", "TEE", "central", "5"),
    ("receive", "TEE", "central", "5"),
    ("report",),
    ("verify",),
    ("quarantine", "list"),
    ("quarantine", "show", "1"),
    ("quarantine", "drive"),
    ("quarantine", "settle", "1"),
    ("quarantine", "export", "out"),
    ("config", "show"),
    ("config", "set-file", "shop.toml"),
]


def _bad_databases(folder: Path) -> dict[str, Path]:
    (folder / "text.db").write_text("this is a letter, not a database, and long enough to look at " * 20)
    (folder / "zeros.db").write_bytes(bytes(4096))
    (folder / "folder.db").mkdir()
    other = folder / "other.db"
    subprocess.run(
        [sys.executable, "-c", f"import sqlite3; sqlite3.connect({str(other)!r}).execute('CREATE TABLE t (a)')"],
        check=True,
    )
    return {name: folder / f"{name}.db" for name in ("text", "zeros", "folder", "other", "absent")}


@pytest.mark.parametrize("name", ["text", "zeros", "folder", "other", "absent"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_bad_database_is_one_sentence(run: Run, tmp_path: Path, command: tuple[str, ...], name: str) -> None:
    (tmp_path / "day.jsonl").write_text("{}\n")
    (tmp_path / "shop.toml").write_text(SHOP)
    before = sorted(tmp_path.rglob("*"))
    told = run(*command, "--db", _bad_databases(tmp_path)[name])
    assert (told.code, told.out) == (Exit.STORE, "")
    assert told.err.startswith("omo: ")
    assert told.err.count("\n") == 1
    assert before == [path for path in sorted(tmp_path.rglob("*")) if ".db" not in path.name]


def test_a_database_without_settings_says_how_to_give_it_some(run: Run, tmp_path: Path) -> None:
    Database(tmp_path / "bare.db").close()
    told = run("member", "4711", "--db", "bare.db")
    assert told.code == Exit.SETTINGS
    assert "omo config set-file" in told.err


BAD_ARGUMENTS = [
    ("nosuch",),
    ("--nosuch",),
    ("member",),
    ("member", "4711", "--phone", "91234567"),
    ("member", "--phone", "not a phone"),
    ("member", "a@"),
    ("member", "4711", "--as-of", "yesterday"),
    ("member", "4711", "--as-of", "2026-02-30"),
    ("member", "4711", "--known-at", "2026-13-01T00:00"),
    ("stock",),
    ("stock", "TEE", "--as-of", "0000-01-01"),
    ("why", "crm:1"),
    ("why", "crm:1", "crm:2"),
    ("what-if-without", "4711"),
    ("members", "join", "crm:1", "crm:2"),
    ("members", "tag", "crm:\x001", "--add", "vip"),
    ("members", "tag", "crm:1", "--add", ""),
    ("members", "join", "crm:1", "crm:2", "--reason", "x" * 501),
    ("members", "verify", "crm:1", "00852 9123 4567 8"),
    ("members", "verify", "crm:1", "a@exampl\u0131.com\u202e"),
    ("members", "review", "--limit", "0"),
    ("redeem", "4711", "many"),
    ("redeem", "4711", "5"),
    ("redeem", "4711", "1" * 5000),
    ("adjust", "4711", "5"),
    ("count", "TEE", "central", "-1"),
    ("count", "TEE", "nowhere", "1"),
    ("count", "TEE", "central", "1000000001"),
    ("count", "T\x00E", "central", "1"),
    ("count", "", "central", "1"),
    ("receive", "TEE", "central", "1.5"),
    ("order", "shopify:1", "--nosuch"),
    ("import", "shop.toml", "--format", "nosuch"),
    ("quarantine", "show", "1"),
    ("quarantine", "settle", "7"),
    ("quarantine", "drive", "7"),
    ("init",),
    ("verify", "extra"),
]


@pytest.mark.parametrize("arguments", BAD_ARGUMENTS, ids=lambda arguments: " ".join(arguments)[:40])
def test_a_bad_argument_is_one_sentence(run: Run, shop: Path, arguments: tuple[str, ...]) -> None:
    told = run(*arguments)
    assert (told.code, told.out) == (Exit.USAGE, "")
    assert told.err.startswith("omo: ")
    assert told.err.count("\n") == 1

    told = run(*arguments, "--json")
    assert (told.code, told.out) == (Exit.USAGE, "")
    assert json.loads(told.err)["error"]["code"] == Exit.USAGE


BAD_FILES = {
    "absent.jsonl": None,
    "empty.jsonl": b"",
    "zip.csv": b"PK\x03\x04" + bytes(100),
    "gzip.jsonl": b"\x1f\x8b\x08" + bytes(100),
    "letter.txt": b"Dear Sir or Madam\n",
    "half.xml": b"<?xml version='1.0'?><PO",
    "other.xml": b"<html></html>",
    "dtd.xml": b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><POSLog>&e;</POSLog>",
    "noise.bin": bytes(range(256)) * 20,
    "big5.csv": "會員編號,姓名\n1,陳\n".encode("big5"),
}


@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.parametrize("said", ["", "receipts", "poslog", "digital-receipt", "members", "counts"])
def test_a_bad_file_is_one_sentence(run: Run, shop: Path, name: str, said: str) -> None:
    content = BAD_FILES[name]
    if content is not None:
        (shop / name).write_bytes(content)
    told = run("import", name, *(["--format", said] if said else []))
    assert "Traceback" not in told.err
    if told.code != Exit.OK:
        assert (told.code, told.out) == (Exit.FILE, "")
        assert told.err.startswith("omo: ")
        assert told.err.count("\n") == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name = ",
        "name = 3\n",
        SHOP.replace("HKD", "XXX"),
        SHOP.replace("Asia/Hong_Kong", "../../etc/passwd"),
        SHOP.replace("Asia/Hong_Kong", "Asia/Hong_Kong\\n"),
        SHOP.replace('region = "HK"', 'region = "HONGKONG"'),
        SHOP.replace('id = "depot"', 'id = "central"'),
        SHOP.replace('shopify = "12"', 'shopify = "11"'),
        SHOP.replace('online_location = "depot"', 'online_location = "nowhere"'),
        SHOP.replace('per = "1.00"', "per = 0.5"),
        SHOP + 'programme_file = "also.toml"\n',
        "nosuch = 1\n" + SHOP,
        'programme_file = "absent.toml"\n' + SHOP.partition("[programme]")[0],
        'items_file = "absent.csv"\n' + SHOP,
        SHOP.replace('name = "Harbour Tea"', 'name = "' + "x" * 500 + '"'),
        "[" * 5000,
    ],
)
def test_bad_settings_are_one_sentence_and_nothing_is_made(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.toml").write_text(text, "utf-8")
    told = run("init", "--config", "bad.toml", "--db", "new.db")
    assert (told.code, told.out) == (Exit.SETTINGS, "")
    assert told.err.count("\n") == 1
    assert not (tmp_path / "new.db").exists()


def test_a_secret_that_is_not_set_stops_an_import(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEA_SECRET", raising=False)
    (shop / "secret.toml").write_text(SHOP + '\n[shopify]\nsecret_env = ["TEA_SECRET"]\n')
    assert run("config", "set-file", "secret.toml").code == 0
    (shop / "day.jsonl").write_text("{}\n")
    told = run("import", "day.jsonl", "--format", "receipts")
    assert told.code == Exit.SETTINGS
    assert "TEA_SECRET" in told.err


def test_the_app_itself_ends_in_an_exit_code_too() -> None:
    told = CliRunner().invoke(app, ["member", "4711", "--db", "/nowhere/shop.db"])
    assert told.exit_code == Exit.STORE
    assert isinstance(told.exception, SystemExit)


def test_a_mistake_of_omos_own_is_one_sentence_too(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("a\nplanted mistake")

    monkeypatch.setattr("omo_adapters.cli.checking.gather", broken)
    told = run("report")
    assert told.code == Exit.BUG
    assert "OMO_DEBUG=1" in told.err
    assert told.err.count("\n") == 1


def test_text_from_anywhere_does_not_steer_the_terminal(run: Run, shop: Path) -> None:
    (shop / "day.jsonl").write_text('{"schema": "omo.receipt/1", "\x1b]0;owned\x07[bold]": 1}\n')
    run("import", "day.jsonl")
    told = run("quarantine", "list").out + run("quarantine", "show", "1").out
    assert "\x1b" not in told
    assert "\x07" not in told
    assert "[bold]" in told
