"""A report as tables for a spreadsheet; text that a spreadsheet would run as a formula is guarded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from omo_adapters.reporting.model import ShopReport
from omo_adapters.tables import write_table
from omo_core.money import decimal_text

Sheet = tuple[str, Sequence[str], list[Sequence[str | int]]]


def write_sheets(report: ShopReport, folder: Path) -> tuple[Path, ...]:
    """Write one CSV file per table into a folder, and name them."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, header, rows in _sheets(report):
        path = folder / f"{name}.csv"
        with path.open("wb") as stream:
            write_table(stream, header, rows)
        written.append(path)
    return tuple(written)


def _sheets(report: ShopReport) -> Iterator[Sheet]:
    yield (
        "sales",
        ("day", "channel", "currency", "orders", "amount"),
        [
            (d.day.isoformat(), d.channel, d.currency, d.orders, decimal_text(d.amount, d.currency))
            for d in report.sales.days
        ],
    )
    yield (
        "members",
        ("member", "records", "tier", "spendable", "pending", "debt", "earned", "spent", "expired"),
        [
            (m.member, m.records, m.tier, m.spendable, m.pending, m.debt, m.earned, m.spent, m.expired)
            for m in report.membership.members
        ],
    )
    yield (
        "points",
        ("month", "issued", "redeemed", "returned", "expired", "taken", "outstanding"),
        [
            (m.month, m.issued, m.redeemed, m.returned, m.expired, m.taken, m.outstanding)
            for m in report.membership.months
        ],
    )
    yield (
        "stock",
        ("sku", "location", "name", "on_hand", "allocated", "free", "free_raw", "at_risk"),
        [
            (s.sku, s.location, s.name, s.on_hand, s.allocated, s.free, s.free_raw, s.at_risk)
            for s in report.stock.shelves
        ],
    )
    yield (
        "quarantine",
        ("number", "kind", "place", "path", "reason"),
        [(d.id, d.kind, d.place, d.path, d.reason) for d in report.set_aside],
    )
