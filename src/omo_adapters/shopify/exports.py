"""Bulk exports (JSON lines) give the same events as the webhooks do: same documents, same ids, same versions.

``queries/`` has the queries to export with. Shopify writes one node per line, a child naming its parent. Unless it was
asked to group them, which is slow, children stand anywhere, also before their parents. So the lines go through a
temporary SQLite file first, and a file of any size takes the memory of its largest document.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from attrs import evolve, frozen

from omo_adapters.inbound import Context, Ignored, NotUnderstood, Outcome, Parcel, Understood, understand
from omo_adapters.shopify import ids
from omo_adapters.shopify.customers import read_customer
from omo_adapters.shopify.decoding import shaped
from omo_adapters.shopify.fulfillments import read_fulfillment
from omo_adapters.shopify.nodes import (
    Node,
    customer_body,
    fulfillment_body,
    kind_of,
    level_body,
    members,
    order_body,
    refund_body,
)
from omo_adapters.shopify.orders import read_order
from omo_adapters.shopify.payloads import Fulfillment, InventoryLevel, Order, Refund
from omo_adapters.shopify.records import Customer
from omo_adapters.shopify.refunds import read_refund
from omo_adapters.shopify.shapes import gid_number
from omo_adapters.shopify.stock import read_level
from omo_adapters.strict_json import decode
from omo_core.errors import Malformed
from omo_core.identifiers import Sku

QUERIES: Final = ("orders", "refunds", "fulfillments", "customers", "levels")
_SCHEMA: Final = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE node (place INTEGER PRIMARY KEY, id TEXT, parent TEXT, line BLOB NOT NULL, seen INTEGER DEFAULT 0);
    CREATE INDEX child ON node (parent, place);
"""
_BATCH: Final = 500


def query(name: str) -> str:
    """Give the text of one of the ``QUERIES``."""
    return files("omo_adapters.shopify").joinpath("queries", f"{name}.graphql").read_text("utf-8")


def read_export(lines: Iterable[bytes], context: Context, *, test_orders: bool = False) -> Iterator[Parcel]:
    """Read an export, one parcel per document; a line that can't be read becomes a parcel of its own.

    A parcel's raw bytes are the lines it was put together from, so they can be read again by themselves.
    """
    with TemporaryDirectory(prefix="omo-export-") as folder, closing(_spill(Path(folder) / "lines")) as spill:
        for place, line in enumerate(lines, 1):
            complaint = _keep(spill, place, line.strip())
            if complaint is not None:
                yield _put_aside(place, line.strip(), complaint)
        for place in _roots(spill):
            tree = _grow(spill, place)
            yield _parcel(tree, place, context, test_orders=test_orders)
        for place, line in spill.execute("SELECT place, line FROM node WHERE seen = 0 ORDER BY place"):
            yield _put_aside(place, line, Malformed("__parentId", "names no node of this file"))


def exported_items(lines: Iterable[bytes]) -> Iterator[tuple[str, Sku]]:
    """List the inventory items that a ``levels`` export names, with their skus, as ``Context.items`` wants them."""
    for line in lines:
        if line.strip():
            node = decode(line)
            if kind_of(node) == "InventoryItem":
                yield _item(node)


def _spill(path: Path) -> sqlite3.Connection:
    spill = sqlite3.connect(path, isolation_level=None)
    spill.executescript(_SCHEMA)
    return spill


def _keep(spill: sqlite3.Connection, place: int, line: bytes) -> Malformed | None:
    if not line:
        return None
    try:
        node = decode(line)
    except Malformed as complaint:
        return complaint
    gid, parent = node.get("id"), node.get("__parentId")
    if not isinstance(gid, str | None) or not isinstance(parent, str | None):
        return Malformed("id", "is not a global id")
    spill.execute("INSERT INTO node (place, id, parent, line) VALUES (?, ?, ?, ?)", (place, gid, parent, line))
    return None


def _put_aside(place: int, line: bytes, complaint: Malformed) -> Parcel:
    outcome = NotUnderstood(path=complaint.path, reason=complaint.why)
    return Parcel(kind="shopify:export", place=f"line {place}", raw=line, outcome=outcome)


def _roots(spill: sqlite3.Connection) -> Iterator[int]:
    last = 0
    while batch := spill.execute(
        "SELECT place FROM node WHERE parent IS NULL AND place > ? ORDER BY place LIMIT ?", (last, _BATCH)
    ).fetchall():
        for (last,) in batch:
            yield last


@frozen
class _Tree:
    """A document put together."""

    node: Node
    lines: tuple[bytes, ...]
    children: Mapping[str, list[Node]]
    """By the parent's id; each child once, however often it was written."""

    def below(self, gid: object, kind: str) -> list[Node]:
        return [child for child in self.children.get(str(gid), ()) if kind_of(child) == kind]


def _grow(spill: sqlite3.Connection, root: int) -> _Tree:
    """Collect a root and all that hangs below it, in the order of the file."""
    (first,) = spill.execute("SELECT line FROM node WHERE place = ?", (root,)).fetchone()
    node, lines, places = decode(first), [first], [root]
    children: dict[str, list[Node]] = {}
    waiting = [node.get("id")]
    while waiting:
        parent = waiting.pop()
        if parent is None or parent in children:
            continue
        found: dict[object, Node] = {}
        for place, line in spill.execute("SELECT place, line FROM node WHERE parent = ? ORDER BY place", (parent,)):
            child = decode(line)
            places.append(place)
            lines.append(line)
            found.setdefault(child.get("id") or place, child)
        children[str(parent)] = list(found.values())
        waiting += [child.get("id") for child in found.values()]
    spill.executemany("UPDATE node SET seen = 1 WHERE place = ?", [(place,) for place in places])
    return _Tree(node, tuple(lines), children)


def _parcel(tree: _Tree, place: int, context: Context, *, test_orders: bool) -> Parcel:
    kind = kind_of(tree.node)
    return Parcel(
        kind=f"shopify:export/{kind}",
        place=f"line {place}",
        raw=b"\n".join(tree.lines),
        outcome=understand(lambda: _read(kind, tree, context, test_orders=test_orders)),
    )


def _read(kind: str, tree: _Tree, context: Context, *, test_orders: bool) -> Outcome:
    match kind:
        case "Order" if "createdAt" in tree.node:
            return _read_order(tree, context, test_orders=test_orders)
        case "Order":
            return _read_refunds(tree.node, context, test_orders=test_orders)
        case "FulfillmentOrder":
            return _read_fulfillments(tree, context)
        case "Customer":
            return read_customer(shaped(Customer, customer_body(tree.node)), context)
        case "InventoryItem":
            return _read_levels(tree, context)
        case "":
            return NotUnderstood(path="id", reason="the line does not say what it is")
        case _:
            return Ignored(reason="omo has no use for this kind of node")


def _read_order(tree: _Tree, context: Context, *, test_orders: bool) -> Outcome:
    gid = tree.node.get("id")
    lines = tree.below(gid, "LineItem") or members(tree.node.get("lineItems"), "lineItems")
    ways = tree.below(gid, "ShippingLine") or members(tree.node.get("shippingLines"), "shippingLines")
    return read_order(shaped(Order, order_body(tree.node, lines, ways)), context, test_orders=test_orders)


def _read_refunds(node: Node, context: Context, *, test_orders: bool) -> Outcome:
    order = gid_number(str(node.get("id")), "id")
    refunds = [shaped(Refund, refund_body(one, order)) for one in members(node.get("refunds"), "refunds")]
    return _together([read_refund(refund, context, test_orders=test_orders) for refund in refunds], "no refunds")


def _read_fulfillments(tree: _Tree, context: Context) -> Outcome:
    order = gid_number(str(tree.node.get("orderId")), "orderId")
    outcomes = []
    for node in tree.below(tree.node.get("id"), "Fulfillment") or members(
        tree.node.get("fulfillments"), "fulfillments"
    ):
        lines = tree.below(node.get("id"), "FulfillmentLineItem") or members(
            node.get("fulfillmentLineItems"), "fulfillmentLineItems"
        )
        outcomes.append(read_fulfillment(shaped(Fulfillment, fulfillment_body(node, order, lines)), context))
    return _together(outcomes, "nothing was sent yet")


def _read_levels(tree: _Tree, context: Context) -> Outcome:
    item = gid_number(str(tree.node.get("id")), "id")
    name, sku = _item(tree.node)
    knowing = evolve(context, items={name: context.items.get(name, sku)})
    levels = tree.below(tree.node.get("id"), "InventoryLevel") or members(
        tree.node.get("inventoryLevels"), "inventoryLevels"
    )
    read = [read_level(shaped(InventoryLevel, level_body(level, item)), knowing) for level in levels]
    return _together(read, "no location stocks the article")


def _item(node: Node) -> tuple[str, Sku]:
    """Say which sku an inventory item is: its own, else its variant's number, as everywhere."""
    name = ids.item_name(gid_number(str(node.get("id")), "id"))
    sku, variant = node.get("sku"), node.get("variant")
    if isinstance(sku, str) and sku.strip():
        return name, Sku(sku.strip())
    if not isinstance(variant, Mapping):
        raise Malformed("sku", "is missing, and there is no variant to name the article by")
    return name, ids.variant_sku(gid_number(str(variant.get("id")), "variant.id"))


def _together(outcomes: list[Outcome], nothing: str) -> Outcome:
    """Give one outcome for a document that has several parts."""
    events = tuple(event for one in outcomes if isinstance(one, Understood) for event in one.events)
    if events:
        return Understood(events=events)
    return next((one for one in outcomes if isinstance(one, Ignored)), Ignored(reason=nothing))
