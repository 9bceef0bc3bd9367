"""Answers of Shopify's GraphQL API, one page each: the nodes of a page are read as those of a bulk export are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

import msgspec

from omo_adapters.inbound import Context, Ignored, NotUnderstood, Parcel
from omo_adapters.shopify.exports import read_export
from omo_adapters.shopify.nodes import Node, members
from omo_adapters.strict_json import BODY_MAX, decode
from omo_core.errors import Malformed

_CONNECTION: Final = ("nodes", "edges")


def read_response(stream: BinaryIO, context: Context) -> Iterator[Parcel]:
    """Read one answer: ``{"data": {"inventoryItems": {"nodes": [...]}}}``, or a single node by whatever name."""
    raw = stream.read(BODY_MAX + 1)
    try:
        parts = _parts(raw)
        nodes = [node for name, part in parts for node in _nodes(name, part)]
    except Malformed as complaint:
        outcome = NotUnderstood(path=complaint.path, reason=complaint.why)
        yield Parcel(kind="shopify:response", place="body", raw=raw, outcome=outcome)
        return
    yield from read_export((msgspec.json.encode(node) for node in nodes), context)
    for name, part in parts:
        page = part.get("pageInfo")
        if isinstance(page, Mapping) and page.get("hasNextPage"):
            reason = "the answer goes on: its next pages are documents of their own"
            yield Parcel(kind="shopify:response", place=name, raw=b"", outcome=Ignored(reason=reason))


def _parts(raw: bytes) -> list[tuple[str, Node]]:
    answer = decode(raw)
    data = answer.get("data")
    if answer.get("errors") or not isinstance(data, Mapping):
        raise Malformed("errors" if answer.get("errors") else "data", "the query was not answered in full")
    return [(name, part) for name, part in data.items() if isinstance(part, Mapping)]


def _nodes(name: str, part: Node) -> list[Node]:
    if any(key in part for key in _CONNECTION):
        return members(part, name)
    return [part] if isinstance(part.get("id"), str) else []
