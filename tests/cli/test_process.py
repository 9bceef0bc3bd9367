"""The command as a process: streams, pipes, signals."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from omo_adapters.cli.exits import Exit
from tests.cli.conftest import Run, lines, receipt

OMO = [sys.executable, "-c", "import sys; from omo_adapters.cli.main import main; sys.exit(main())"]


def _omo(folder: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*OMO, *arguments], cwd=folder, input=given, capture_output=True, check=False, timeout=60)


def test_an_import_reads_stdin(shop: Path) -> None:
    told = _omo(shop, "import", "-", "--json", given=lines(receipt(1)).encode())
    assert (told.returncode, json.loads(told.stdout)["events"]["sale"]["new"]) == (0, 1)


def test_a_pipe_gets_plain_text_and_may_be_closed_early(shop: Path) -> None:
    (shop / "day.jsonl").write_text(lines(*(receipt(number) for number in range(300))))
    _omo(shop, "import", "day.jsonl")
    told = subprocess.run(  # noqa: S602  (a pipe is what is tested)
        f"{' '.join(map(_quoted, OMO))} member 4711 --why | head -1",
        shell=True,
        cwd=shop,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert b"\x1b" not in told.stdout
    assert told.stdout.startswith(b"Member till:card:")
    assert told.stderr == b""


def _quoted(word: str) -> str:
    return f"'{word}'"


def _wait_for(folder: Path, events: int, process: subprocess.Popen[bytes]) -> None:
    """Look into the database from outside until so many events are in it."""
    with closing(sqlite3.connect(f"file:{folder / 'shop.db'}?mode=ro", uri=True)) as look:
        while process.poll() is None and look.execute("SELECT count(*) FROM event").fetchone()[0] < events:
            time.sleep(0.002)


def test_an_import_that_is_killed_goes_on_where_it_was(run: Run, shop: Path) -> None:
    """Killed in the middle, again and again: every receipt stands once, and at most a batch each time was known."""
    total, killed = 8000, 0
    (shop / "year.jsonl").write_text(lines(*(receipt(number) for number in range(total))))
    for events in (600, 2500, 5000):
        process = subprocess.Popen([*OMO, "import", "year.jsonl"], cwd=shop, stdout=subprocess.DEVNULL)
        _wait_for(shop, events, process)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            killed += 1
        process.wait()
    told = run("import", "year.jsonl", "--json").document
    assert killed == 3
    assert told["resumed_at"] + told["documents"] == total
    assert told["resumed_at"] >= 4000
    assert told["events"]["sale"]["known"] <= 500
    found = run("verify", "--json").document
    assert (found["good"], found["found"]["events"]) == (True, total + 1)
    assert run("member", "4711", "--json").document["members"][0]["orders_all"] == total


def test_a_database_that_is_held_is_busy(shop: Path) -> None:
    hold = "import fcntl,sys,time; f=open('shop.db-turn','ab'); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); "
    holder = subprocess.Popen([sys.executable, "-c", f"{hold}time.sleep(60)"], cwd=shop, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    try:
        holder.stdout.readline()
        told = _omo(shop, "count", "TEE", "central", "5")
        assert told.returncode == Exit.BUSY
        assert told.stderr.count(b"\n") == 1
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
