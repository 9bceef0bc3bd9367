"""A process that is killed while it sells loses nothing that it was told is safe, and doubles nothing.

Necessary, not sufficient: it also holds with a database that never flushes. What the flush is for, only a power cut
shows; that every commit is flushed is pinned in ``test_opening``.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from omo_adapters.shop import open_shop
from omo_adapters.testing.samples import counted
from omo_core.identifiers import LocationId, Sku
from tests.shell.asking import NOW, RULES

WRITER = """
import sys
from datetime import timedelta
from omo_adapters.shop import open_shop
from omo_adapters.testing.samples import START, line, sale
from omo_core.identifiers import HoldId, LocationId, RequestId, Sku
from omo_core.stock import HoldUnits, Wanted
from tests.shell.asking import NOW, RULES
path, first, S1 = sys.argv[1], int(sys.argv[2]), LocationId("S1")
shop = open_shop(path, RULES, now=lambda: NOW)
for number in range(first, first + 10_000):
    shop.record(sale(f"o{number}", 1, line(), profile=f"p{number % 5}"))
    name, one = f"h{number}", (Wanted(sku=Sku("TEE"), units=1),)
    later = NOW + timedelta(hours=1)
    shop.execute(HoldUnits(request=RequestId(name), at=NOW, hold=HoldId(name), lines=one, location=S1, until=later))
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
"""


def sell_and_be_killed(path: Path, first: int, seconds: float) -> int:
    """Let a process sell until it is killed; gives the last number that it was told is safe."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    command = [sys.executable, "-c", WRITER, str(path), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as writer:
        assert writer.stdout is not None
        told = writer.stdout.readline()  # it has begun
        time.sleep(seconds)
        writer.send_signal(signal.SIGKILL)
        for told in writer.stdout:  # noqa: B007  (the last line is what counts)
            pass
    return int(told) if told.endswith("\n") else first


def rounds(path: Path, count: int, seed: int) -> None:
    chance = random.Random(seed)
    with open_shop(path, RULES, now=lambda: NOW) as shop:
        shop.record(counted(10**6))
    first, acknowledged = 0, []
    for _ in range(count):
        last = sell_and_be_killed(path, first, chance.uniform(0.0, 0.12))
        acknowledged += range(first, last + 1)
        with open_shop(path, RULES, now=lambda: NOW) as shop:
            assert shop.database is not None
            assert shop.database.integrity() == ()
            stock = shop.stock(Sku("TEE"))
            kept = [event.id for entry in shop.journal.after(0, limit=10**9) for event in (entry.event,)]
            sales = [name for name in kept if name.startswith("sale/")]
            holds = [name for name in kept if name.startswith("hold/")]
            assert len(kept) == len(set(kept))
            assert {f"sale/o{number}" for number in acknowledged} <= set(sales)
            assert {f"hold/h{number}/TEE" for number in acknowledged} <= set(holds)
            assert stock.on_hand(LocationId("S1")) == 10**6 - len(sales)
            assert stock.held(LocationId("S1"), NOW) == len(holds)
        first = max(int(name.removeprefix("sale/o")) for name in sales) + 1


def test_a_killed_writer_loses_and_doubles_nothing(tmp_path: Path) -> None:
    rounds(tmp_path / "shop.sqlite3", 20, seed=20261121)


@pytest.mark.long
def test_two_hundred_killed_writers_lose_and_double_nothing(tmp_path: Path) -> None:
    rounds(tmp_path / "shop.sqlite3", 200, seed=7)
