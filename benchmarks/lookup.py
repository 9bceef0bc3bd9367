"""A member by phone in a store of a million events, against a bare read of one row by its primary key.

The store is built once and kept in the system's folder for temporary files. "First asked" means that nothing of the
member is folded yet: the phone is normalised and hashed, its bearers are read, and who they are is resolved from their
whole histories. The pages that are read are in the system's cache.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from statistics import median, quantiles

from attrs import frozen

from benchmarks.arms import SEED
from benchmarks.workload import START, rules
from omo_adapters.shop import Shop, open_shop
from omo_adapters.storage.schema import MIGRATIONS
from omo_core.events import Event
from omo_core.identifiers import EventId, LocationId, OrderId, ProfileId, Sku
from omo_core.trade import Sale, SaleLine

EVENTS = 1_000_000
EVENTS_EACH = 10
LAYOUT = 1
"""Raised when the store is built differently, so that an old one is not taken."""


@frozen(kw_only=True)
class Lookup:
    """How long one way of asking took, in microseconds."""

    what: str
    median_us: float
    p99_us: float
    asked: int

    def told(self) -> dict[str, object]:
        """Give it for JSON."""
        median_us, p99_us = round(self.median_us, 1), round(self.p99_us, 1)
        return {"what": self.what, "median_us": median_us, "p99_us": p99_us, "asked": self.asked}


def phone_of(member: int) -> str:
    """Give a valid Hong Kong mobile number."""
    return f"+852 {23_000_000 + member}"


def store(events: int) -> Path:
    """Give the path of a store of so many events; built when it is not there yet."""
    folder = Path(tempfile.gettempdir()) / f"omo-benchmarks-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    path = folder / f"lookup-{LAYOUT}-{events}-{_schema()}.sqlite3"
    if not path.exists():
        draft = path.with_suffix(".draft")
        for leftover in folder.glob(f"{draft.name}*"):
            leftover.unlink()
        _build(draft, events)
        draft.rename(path)
    return path


def _schema() -> str:
    return sha256("".join(MIGRATIONS).encode()).hexdigest()[:12]


def _build(path: Path, events: int) -> None:
    started = time.monotonic()
    with open_shop(path, rules()) as shop:
        batch: list[Event] = []
        for member in range(events // EVENTS_EACH):
            batch += _member(shop, member)
            if len(batch) >= 5_000:
                shop.record(*batch)
                batch.clear()
        if batch:
            shop.record(*batch)
    print(f"  built a store of {events:,} events in {time.monotonic() - started:.0f} s")


def _member(shop: Shop, member: int) -> Iterator[Event]:
    chance = Random(SEED + member)
    at = START + timedelta(seconds=member)
    yield shop.profile(f"crm:{member}", at=at, phone=phone_of(member))
    for number in range(EVENTS_EACH - 1):
        order = f"till:{member}/{number}"
        line = SaleLine(
            line="1", sku=Sku(f"SKU-{chance.randrange(2000)}"), units=1, amount=chance.randrange(900, 60_000)
        )
        yield Sale(
            id=EventId(f"sale/{order}"),
            at=at + timedelta(days=30 * number + 1),
            source="till:S1",
            order=OrderId(order),
            profile=ProfileId(f"crm:{member}"),
            location=LocationId("S1"),
            currency="HKD",
            lines=(line,),
        )


def measure(events: int = EVENTS, asked: int = 2_000) -> list[Lookup]:
    """Ask for members at random, one after the other; every way asks for the same ones in turn."""
    path = store(events)
    chance = Random(SEED)
    members = [chance.randrange(events // EVENTS_EACH) for _ in range(asked)]
    rows = [chance.randrange(1, events + 1) for _ in range(asked)]
    took: dict[str, list[float]] = {"bare": [], "first": [], "again": [], "account": []}
    bare = sqlite3.connect(path)
    with open_shop(path, rules()) as shop:
        for member, row in zip(members, rows, strict=True):
            for way, us in _ask(shop, bare, member, row).items():
                took[way].append(us)
    bare.close()
    names = {
        "bare": "bare SQLite: one row by its primary key",
        "first": "member by phone, first asked",
        "again": "member by phone, asked again",
        "account": "that member's account, already folded",
    }
    return [_lookup(names[way], took[way]) for way in names]


def _ask(shop: Shop, bare: sqlite3.Connection, member: int, row: int) -> dict[str, float]:
    phone = phone_of(member)
    shop.forget_states()
    return {
        "bare": _us(lambda: bare.execute("SELECT body FROM event WHERE pos = ?", (row,)).fetchone()),
        "first": _us(lambda: _found(shop, phone, member)),
        "again": _us(lambda: _found(shop, phone, member)),
        "account": _us(lambda: shop.account(ProfileId(f"crm:{member}"))),
    }


def _found(shop: Shop, phone: str, member: int) -> None:
    found = shop.find(phone=phone)
    if [one.id for one in found] != [f"crm:{member}"]:
        raise LookupError(f"{phone} found {found}")


def _us(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1e6


def _lookup(what: str, took: Sequence[float]) -> Lookup:
    p99 = quantiles(took, n=100)[98] if len(took) > 1 else took[0]
    return Lookup(what=what, median_us=median(took), p99_us=p99, asked=len(took))
