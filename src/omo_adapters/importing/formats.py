"""The formats that omo reads, one row each: how a file of it is known, how it is read, how a part is read again.

To add a format, write its reader (bytes and context in, parcels out) and add a row. The order counts: the first row
that knows a file reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO
from typing import BinaryIO, Final, Protocol

from attrs import frozen

from omo_adapters.importing.sources import Piece, Unreadable
from omo_adapters.inbound import Context, Parcel
from omo_adapters.pos.digital_receipt import read_digital_receipt
from omo_adapters.pos.poslog import read_poslog
from omo_adapters.pos.receipts import read_receipts
from omo_adapters.shopify import read_folder_member
from omo_adapters.shopify.exports import read_export
from omo_adapters.shopify.responses import read_response
from omo_adapters.shopify.webhooks import topic_of_path
from omo_adapters.strict_json import BODY_MAX
from omo_adapters.tables import read_counts, read_members
from omo_adapters.tables.counts_csv import COUNTS
from omo_adapters.tables.member_columns import MEMBERS
from omo_adapters.tables.members_jsonl import KIND, is_member_line, read_member_lines
from omo_adapters.tables.reading import Table, read_rows
from omo_core.errors import Malformed

_ANSWER: Final = re.compile(rb'\{\s*"(?:data|errors|extensions)"\s*:')
"""How an answer of a GraphQL API begins."""


@frozen(kw_only=True)
class Asked:
    """What the person who imports says about the files."""

    topic: str = ""
    """The Shopify topic of bodies whose folder does not name one."""
    source: str = ""
    """What the records of a table are called: ``crm`` gives ``crm:88``."""
    as_of: datetime | None = None
    """The instant that a table is of, for rows that do not say."""
    encoding: str = ""
    """The encoding of tables that are not UTF-8: ``big5hkscs``, ``gb18030``."""


class Reader(Protocol):
    """Reads one file, lazily; raises ``Malformed`` only where the file as a whole is not of the format."""

    def __call__(self, stream: BinaryIO, parts: tuple[str, ...], context: Context, asked: Asked) -> Iterator[Parcel]:
        """Give the file's documents."""
        ...


@frozen(kw_only=True)
class Format:
    """One format."""

    name: str
    """What ``--format`` calls it."""
    title: str
    kinds: tuple[str, ...]
    """How the kinds of its documents begin; longer beginnings of other formats go first."""
    knows: Callable[[tuple[str, ...], bytes, Asked], bool]
    """Says from a file's path and first bytes whether it is one."""
    read: Reader


def _webhook(stream: BinaryIO, parts: tuple[str, ...], context: Context, asked: Asked) -> Iterator[Parcel]:
    """Read a kept delivery, or a body whose folder says its topic; what goes to quarantine keeps its headers."""
    raw = stream.read(BODY_MAX + (64 << 10) + 1)
    found = read_folder_member(parts, raw, context, asked.topic)
    yield Parcel(kind=found.kind, place=parts[-1], raw=raw, outcome=found.outcome)


def _export(stream: BinaryIO, parts: tuple[str, ...], context: Context, asked: Asked) -> Iterator[Parcel]:  # noqa: ARG001
    return read_export(stream, context)


def _response(stream: BinaryIO, parts: tuple[str, ...], context: Context, asked: Asked) -> Iterator[Parcel]:  # noqa: ARG001
    return read_response(stream, context)


def _receipts(stream: BinaryIO, parts: tuple[str, ...], context: Context, asked: Asked) -> Iterator[Parcel]:  # noqa: ARG001
    return read_receipts(stream, context)


def _poslog(stream: BinaryIO, parts: tuple[str, ...], context: Context, asked: Asked) -> Iterator[Parcel]:  # noqa: ARG001
    return read_poslog(stream, context)


def _digital_receipt(stream: BinaryIO, parts: tuple[str, ...], context: Context, asked: Asked) -> Iterator[Parcel]:  # noqa: ARG001
    return read_digital_receipt(stream, context)


def _members(stream: BinaryIO, parts: tuple[str, ...], context: Context, asked: Asked) -> Iterator[Parcel]:  # noqa: ARG001
    return read_members(
        stream, context, source=asked.source or "crm", as_of=asked.as_of, encoding=asked.encoding or None
    )


def _member_lines(stream: BinaryIO, parts: tuple[str, ...], context: Context, asked: Asked) -> Iterator[Parcel]:  # noqa: ARG001
    return read_member_lines(stream, context, source=asked.source or "crm", as_of=asked.as_of)


def _counts(stream: BinaryIO, parts: tuple[str, ...], context: Context, asked: Asked) -> Iterator[Parcel]:  # noqa: ARG001
    return read_counts(
        stream, context, source=asked.source or "count", as_of=asked.as_of, encoding=asked.encoding or None
    )


def _is_webhook(parts: tuple[str, ...], head: bytes, asked: Asked) -> bool:
    if parts[-1].endswith(".http"):
        return True
    body = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and not parts[-1].endswith((".jsonl", ".ndjson"))
    return body and bool(topic_of_path(parts) or asked.topic)


def _is_receipts(parts: tuple[str, ...], head: bytes, asked: Asked) -> bool:  # noqa: ARG001
    return b'"omo.receipt/' in head and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def _is_export(parts: tuple[str, ...], head: bytes, asked: Asked) -> bool:  # noqa: ARG001
    lines = head.lstrip(b"\xef\xbb\xbf \t\r\n").splitlines()
    return bool(lines) and lines[0].startswith(b"{") and b"gid:" in lines[0] and b"shopify" in lines[0]


def _is_member_lines(parts: tuple[str, ...], head: bytes, asked: Asked) -> bool:  # noqa: ARG001
    lines = head.removeprefix(b"\xef\xbb\xbf").lstrip().splitlines()
    return bool(lines) and lines[0].startswith(b"{") and is_member_line(lines[0])


def _is_response(parts: tuple[str, ...], head: bytes, asked: Asked) -> bool:  # noqa: ARG001
    return _ANSWER.match(head.lstrip(b"\xef\xbb\xbf \t\r\n")) is not None


def _root_is(*names: bytes) -> Callable[[tuple[str, ...], bytes, Asked], bool]:
    pattern = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(?:" + b"|".join(names) + rb")[\s/>]")

    def knows(parts: tuple[str, ...], head: bytes, asked: Asked) -> bool:  # noqa: ARG001
        plain = head.replace(b"\0", b"")  # UTF-16 has a zero in every second place
        return b"<" in plain[:8] and pattern.search(plain) is not None

    return knows


def _has_columns(table: Table) -> Callable[[tuple[str, ...], bytes, Asked], bool]:
    def knows(parts: tuple[str, ...], head: bytes, asked: Asked) -> bool:  # noqa: ARG001  (every format is asked alike)
        if head.lstrip()[:1] in (b"<", b"{", b"["):
            return False
        whole = head[: head.rfind(b"\n") + 1]  # a letter that was cut in two would spoil the guess at the encoding
        try:
            next(read_rows(BytesIO(whole or head), table, asked.encoding or None), None)
        except Malformed:
            return False
        return True

    return knows


FORMATS: Final[tuple[Format, ...]] = (
    Format(
        name="shopify-webhooks",
        title="Shopify deliveries: NAME.http with headers, or orders/create.json",
        kinds=("shopify:",),
        knows=_is_webhook,
        read=_webhook,
    ),
    Format(
        name="receipts",
        title="omo's own receipts, JSON Lines",
        kinds=("receipt",),
        knows=_is_receipts,
        read=_receipts,
    ),
    Format(
        name="shopify-response",
        title="an answer of Shopify's GraphQL API, JSON",
        kinds=("shopify:response",),
        knows=_is_response,
        read=_response,
    ),
    Format(
        name="shopify-export",
        title="Shopify bulk export, JSON Lines",
        kinds=("shopify:export",),
        knows=_is_export,
        read=_export,
    ),
    Format(name="poslog", title="ARTS POSLog, XML", kinds=("poslog:",), knows=_root_is(b"POSLog"), read=_poslog),
    Format(
        name="digital-receipt",
        title="ARTS Digital Receipt, XML",
        kinds=("digital-receipt",),
        knows=_root_is(b"DigitalReceipt"),
        read=_digital_receipt,
    ),
    Format(name="counts", title="stock counts, CSV", kinds=("csv:counts",), knows=_has_columns(COUNTS), read=_counts),
    Format(
        name="member-lines",
        title="members, JSON Lines",
        kinds=(KIND,),
        knows=_is_member_lines,
        read=_member_lines,
    ),
    Format(name="members", title="members, CSV", kinds=("csv:members",), knows=_has_columns(MEMBERS), read=_members),
)
"""Every format, in the order in which they are tried."""


def format_named(name: str) -> Format:
    """Find a format by what ``--format`` calls it."""
    found = next((known for known in FORMATS if known.name == name), None)
    if found is None:
        raise Malformed("format", f"{name!r:.40} is none of {', '.join(known.name for known in FORMATS)}")
    return found


def format_of(piece: Piece, asked: Asked) -> Format | None:
    """Tell a file's format by its name and its first bytes; none when no row knows it."""
    head = piece.head()
    return next((known for known in FORMATS if head and known.knows(piece.parts, head, asked)), None)


def read_again(kind: str, raw: bytes, context: Context, asked: Asked) -> tuple[Parcel, ...]:
    """Read one document from quarantine by itself, as its format would have read it in its place."""
    begins = [(len(begin), known) for known in FORMATS for begin in known.kinds if kind.startswith(begin)]
    if not begins:
        raise Unreadable(f"no format has documents of kind {kind:.60}")
    known = max(begins, key=lambda found: found[0])[1]
    return tuple(known.read(BytesIO(raw), _place_again(kind, raw), context, asked))


def _place_again(kind: str, raw: bytes) -> tuple[str, ...]:
    """Give the path by which a webhook's reader would know what it is: a kept delivery, or a topic's folder."""
    topic = kind.removeprefix("shopify:")
    body = raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[", b"")
    return tuple(f"{topic}.json".split("/")) if body and topic else ("again.http",) if not body else ("again.json",)
