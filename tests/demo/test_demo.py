"""The demo as a newcomer runs it: a process of its own, no network, a shop and a report in a folder at the end."""

import os
import re
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest
from attrs import frozen
from rich.cells import cell_len

NO_NETWORK = """
import runpy, socket, sys
def refuse(*_, **__):
    raise OSError("the demo asked for the network")
socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = refuse
socket.getaddrinfo = socket.create_connection = refuse
sys.argv = ["demo", *sys.argv[1:]]
runpy.run_module("omo_adapters.demo", run_name="__main__")
"""


@frozen(kw_only=True)
class Played:
    folder: Path
    text: str
    errors: str
    code: int
    seconds: float


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("demo") / "a shop"
    elsewhere = {"TZ": "America/New_York", "PYTHONHASHSEED": "7", "PYTHONWARNINGS": "error", "COLUMNS": "300"}
    command = [sys.executable, "-c", NO_NETWORK, "--out", str(folder)]
    began = monotonic()
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False, env={**os.environ, **elsewhere}
    )
    return Played(
        folder=folder, text=done.stdout, errors=done.stderr, code=done.returncode, seconds=monotonic() - began
    )


def omo(played: Played, *words: str) -> str:
    command = [sys.executable, "-c", "import sys; from omo_adapters.cli.main import main; sys.exit(main())", *words]
    done = subprocess.run(
        [*command, "--db", str(played.folder / "shop.db")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def flat(text: str) -> str:
    return " ".join(text.split())


def test_it_ends_well_and_quickly(played: Played) -> None:
    assert (played.code, played.errors) == (0, "")
    assert played.seconds < 60


def test_nothing_is_wider_than_a_hundred_columns(played: Played) -> None:
    paths = str(played.folder)
    assert [line for line in played.text.splitlines() if cell_len(line) > 100 and paths not in line] == []


def test_it_tells_of_the_member_whose_records_became_one(played: Played) -> None:
    told = flat(played.text)
    assert "Central: 2,000 points of card 4711 No: 880 points to spend" in told
    assert "Mong Kok: 2,000 points of card 4711 Yes: 440 points left" in told
    assert "then store card 4711 880 HK$640 Regular" in told
    assert "then web account, e-mail not confirmed 1,560 HK$1,560 Regular" in told
    assert "now one person 2,440 HK$2,200 Silver since Wed 11 21:40" in told
    assert "-1,180 owes 356" in told
    assert "+528 172 HK$1,780 Silver" in told


def test_it_tells_of_the_member_who_paid_twice_with_the_same_points(played: Played) -> None:
    assert "940 earned = 0 to spend + 1,200 spent - 260 owed" in flat(played.text)


def test_it_tells_of_the_promise_that_an_offline_till_broke(played: Played) -> None:
    told = flat(played.text)
    assert "Tsuen Wan 1 0 3 0 0 short by 2 3 for omo:pickup-1" in told
    assert "keep 24 Ferry Totes for 15 No: 11 free in all places together" in told
    assert "4 lay there; the offline till sold 3 of them" in told


def test_it_proves_what_it_says(played: Played) -> None:
    proven = flat(played.text).partition("What is proven")[2].partition("Go on from here")[0]
    assert "WRONG" not in proven
    assert "the same files again 1,335 documents, 0 new events" in proven
    assert "into an empty shop: the same state" in proven
    assert proven.count("ok ") == 5


def test_the_report_stands_alone(played: Played) -> None:
    page = (played.folder / "report.html").read_text("utf-8")
    assert "<svg" in page
    assert re.findall(r"""(?:src|href)\s*=|@import|url\(|<script""", page) == []
    assert re.findall(r"https?:", page) == []


def test_what_it_says_to_type_works(played: Played) -> None:
    assert "172 points to spend" in omo(played, "member", "--as-of", "2026-11-15", "--why", "4711")
    assert "short by 2" in omo(played, "stock", "--as-of", "2026-11-15", "--why", "TOTE-FERRY-NVY")
    number = re.search(r"omo quarantine drive .* (\d+)$", played.text, re.MULTILINE)
    assert number is not None
    settings = played.folder / "shop.toml"
    item = re.search(r'"shopify:inventory_item:\d+" = "BAG-PAPER"', played.text)
    assert item is not None
    settings.write_text(settings.read_text("utf-8") + f"\n[items]\n{item[0]}\n", "utf-8")
    omo(played, "config", "set-file", str(settings))
    assert "1 understood" in omo(played, "quarantine", "drive", number[1])
    assert "All of it is as the journal says" in omo(played, "verify")
