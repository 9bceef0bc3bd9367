"""Very many articles in twenty locations: a count sheet imported through the public path, then questions and promises.

The import and the questions run in a process of their own each, so that the memory told is theirs alone. A new process
begins with nothing folded: whatever is asked of an article for the first time is read from the journal and folded.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from multiprocessing import get_context
from pathlib import Path

from benchmarks.arms import peak_rss_mib, rss_mib
from benchmarks.stock_scale import repeated
from benchmarks.workload import rules
from omo_adapters.importing import Importer, file_source
from omo_adapters.importing.writing import Books
from omo_adapters.inbound import Context
from omo_adapters.shop import Shop, open_shop
from omo_core.decisions import Accepted
from omo_core.identifiers import HoldId, RequestId, Sku
from omo_core.stock import HoldUnits, Wanted

SEED = 5
LOCATIONS = 20
BASKET = 10
AT = datetime(2026, 1, 6, tzinfo=UTC)


def write_sheet(path: Path, skus: int, seed: int = SEED) -> None:
    """Write a count of every article in every location, article by article."""
    dice = random.Random(seed)
    with path.open("w", encoding="utf-8") as sheet:
        sheet.write("sku,location,units,counted_at\n")
        for sku in range(skus):
            for place in range(LOCATIONS):
                sheet.write(f"{_sku(sku)},S{place:02d},{dice.randint(1, 30)},2026-01-05 08:{place:02d}\n")


def _sku(number: int) -> Sku:
    return Sku(f"SKU-{number:07d}")


def imported(sheet: Path, store: Path) -> dict[str, object]:
    """Import the sheet."""
    with open_shop(store, rules()) as shop:
        if shop.database is None:
            raise SystemExit("the shop is in no file")
        before, started, processor = rss_mib(), time.perf_counter(), time.process_time()
        importer = Importer(shop, Books.of(shop.database), Context(key=shop.vault.key()))
        result = importer.run(file_source(sheet))
        took, worked = time.perf_counter() - started, time.process_time() - processor
    counts = result.total("new")
    return {
        "counts": counts,
        "seconds": took,
        "processor_seconds": worked,
        "per_second": counts / took,
        "rss_before_mib": before,
        "peak_rss_mib": peak_rss_mib(),
        "sheet_mib": sheet.stat().st_size / 2**20,
        "store_mib": store.stat().st_size / 2**20,
    }


def asked(store: Path, skus: int, times: int = 300) -> dict[str, object]:
    """Ask about articles that nothing was asked of before, and promise some."""
    dice = random.Random(SEED)
    with open_shop(store, rules()) as shop:
        questions = {
            "one article over all locations": lambda: _everywhere(shop, _sku(dice.randrange(skus))),
            f"availability of a basket of {BASKET}": lambda: [
                shop.stock(_sku(dice.randrange(skus))).free_in_pool(_PLACES, AT) for _ in range(BASKET)
            ],
            "a promise of three articles": _promising(shop, dice, skus),
        }
        told = {name: repeated(times, work) for name, work in questions.items()}
    return {"asked": told, "peak_rss_mib": peak_rss_mib()}


_PLACES = tuple(f"S{place:02d}" for place in range(LOCATIONS))


def _everywhere(shop: Shop, sku: Sku) -> None:
    article = shop.stock(sku)
    if len([article.free(place, AT) for place in article.locations()]) != LOCATIONS:
        raise SystemExit(f"{sku} is not where it was counted")


def _promising(shop: Shop, dice: random.Random, skus: int) -> Callable[[], None]:
    numbers = count()

    def promise() -> None:
        number = next(numbers)
        command = HoldUnits(
            request=RequestId(f"r{number}"),
            at=AT,
            hold=HoldId(f"h{number}"),
            lines=tuple(Wanted(sku=_sku(sku), units=1) for sku in dice.sample(range(skus), 3)),
            until=AT + timedelta(minutes=15),
        )
        answer = shop.execute(command)
        if not isinstance(answer, Accepted):
            raise TypeError(f"there was stock, but: {answer}")

    return promise


def measured(folder: Path, skus: int) -> dict[str, object]:
    """Import and ask, each in a process of its own."""
    sheet, store = folder / "counts.csv", folder / "shop.sqlite3"
    write_sheet(sheet, skus)
    told = apart(imported, sheet, store)
    return {"skus": skus, "locations": LOCATIONS, "imported": told, **apart(asked, store, skus)}


def apart(work: Callable[..., dict[str, object]], *given: object) -> dict[str, object]:
    """Do a piece of work in a new process, whose memory is the work's alone."""
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as process:
        return process.submit(work, *given).result()
