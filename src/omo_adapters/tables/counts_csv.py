"""Stock counts from a CSV file: how many units somebody counted of an article in a place, and when.

A count stands at the instant it was taken, not at that of its upload: what was sold in between is still taken off.
Weighed goods are counted in thousandths of their unit, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import BinaryIO, Final

from omo_adapters.inbound import Context, Outcome, Parcel, Understood, understand
from omo_adapters.tables.reading import Row, Table, read_rows
from omo_adapters.tables.values import instant_of, whole_of
from omo_core.errors import Malformed
from omo_core.identifiers import EventId, LocationId, Sku
from omo_core.stock.events import StockCounted

COUNTS: Final = Table(
    columns={
        "sku": ("item", "article", "product code", "item code", "貨號", "商品編號", "產品編號", "货号", "商品编号"),
        "location": ("store", "warehouse", "shop", "門市", "店舖", "分店", "倉庫", "門店", "门店", "仓库"),
        "units": ("quantity", "qty", "count", "on hand", "數量", "庫存", "盤點數量", "数量", "库存"),
        "counted_at": ("counted", "counted on", "date", "time", "盤點時間", "盤點日期", "盘点时间", "日期"),
    },
    required=("sku", "location", "units"),
)
"""The columns of a count sheet, and what other systems call them."""


def read_counts(
    stream: BinaryIO,
    context: Context,
    *,
    source: str = "count",
    as_of: datetime | None = None,
    encoding: str | None = None,
) -> Iterator[Parcel]:
    """Read counts row by row; raise ``Malformed`` only when the file as a whole is no count sheet.

    ``as_of`` is when the count was taken, for rows that do not say.
    """
    for row in read_rows(stream, COUNTS, encoding):
        result = row.wrong or _outcome(row, context, source, as_of)
        yield Parcel(kind="csv:counts", place=f"row {row.number}", raw=row.raw, outcome=result)


def _outcome(row: Row, context: Context, source: str, as_of: datetime | None) -> Outcome:
    def translate() -> Outcome:
        try:
            return _count(row.cells, context, source, as_of)
        except Malformed as complaint:
            raise complaint.under(f"row {row.number}") from None

    return understand(translate)


def _count(cells: Mapping[str, str], context: Context, source: str, as_of: datetime | None) -> Outcome:
    for name in COUNTS.required:
        if name not in cells:
            raise Malformed(name, "is empty")
    at = instant_of(cells["counted_at"], context.zone, "counted_at") if "counted_at" in cells else as_of
    if at is None:
        raise Malformed("counted_at", "is empty, and the file states no instant of its own")
    sku = context.items.get(f"csv:{cells['sku']}", Sku(cells["sku"]))
    location = context.locations.get(f"csv:{cells['location']}", LocationId(cells["location"]))
    counted = StockCounted(
        id=EventId(f"count/{location}:{sku}:{at.isoformat()}"),
        at=at,
        source=source,
        sku=sku,
        location=location,
        units=whole_of(cells["units"], "units"),
    )
    counted.check()
    return Understood(events=(counted,))
