"""Deliveries as they come over the wire, and the same deliveries kept in files.

A delivery is kept as a plain dump, ``NAME.http``: one header per line as ``Name: value``, an empty line, the body byte
for byte. A body alone is kept as ``.json`` where its folder says the topic: ``…/orders/create.json``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from omo_adapters.errors import Forged
from omo_adapters.inbound import Context, NotUnderstood, Outcome, Parcel
from omo_adapters.shopify.signature import SIGNATURE, Delivery, Headers, Secret, claimed, shopify_headers, verify
from omo_adapters.shopify.topics import Setting, is_known, translate
from omo_adapters.strict_json import BODY_MAX
from omo_core.errors import Malformed

_GAP: Final = re.compile(rb"\r?\n\r?\n")
_HEAD_MAX: Final = 65536
"""The most bytes that the headers of a kept delivery take; web servers stop at far fewer."""


def read_webhook(
    headers: Headers,
    raw: bytes,
    context: Context,
    now: datetime | None = None,
    *,
    secrets: Sequence[Secret] = (),
    verified: bool = False,
) -> Parcel:
    """Read one delivery; a forged one raises ``Forged`` before anything of it is looked at.

    It is checked against the context's secrets and those given here (which may be retired ones; then ``now``, when it
    was received, is needed). ``verified`` says that somebody has checked it before: a file that the shop itself kept.
    """
    if verified:
        delivery = claimed(shopify_headers(headers))
    else:
        delivery = verify(raw, headers, (*(Secret(value) for value in context.secrets), *secrets), now)
    return parcel(delivery, raw, context, now)


def parcel(delivery: Delivery, raw: bytes, context: Context, now: datetime | None = None) -> Parcel:
    """Say what a delivery means that is known to be genuine."""
    setting = Setting(context, when=delivery.triggered_at or now)
    outcome: Outcome
    if delivery.topic:
        outcome = translate(delivery.topic, raw, setting)
    else:
        outcome = NotUnderstood(path="topic", reason="the delivery does not say its topic")
    return Parcel(kind=f"shopify:{delivery.topic}", place=_place(delivery), raw=raw, outcome=outcome)


def _place(delivery: Delivery) -> str:
    return f"delivery {delivery.webhook_id:.100}" if delivery.webhook_id else "delivery"


def read_dump(dump: bytes) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """Part a kept delivery into headers and body. A request line at the top is passed over."""
    gap = _GAP.search(dump, 0, _HEAD_MAX)
    if gap is None:
        raise Malformed("", "is not a kept delivery: no empty line ends its headers")
    headers = []
    for place, line in enumerate(dump[: gap.start()].decode("latin-1").split("\n")):
        name, colon, value = line.partition(":")
        if colon and " " not in name:
            headers.append((name, value.strip()))
        elif place:
            raise Malformed(f"line {place + 1}", "is not a header")
    return tuple(headers), dump[gap.end() :]


def write_dump(headers: Sequence[tuple[str, str]], body: bytes) -> bytes:
    """Keep a delivery so that ``read_dump`` gives it back."""
    for name, value in headers:
        if not f"{name}{value}".isprintable() or ":" in name or " " in name:
            raise Malformed("headers", f"{name!r:.60} can't be kept in one line")
    return "".join(f"{name}: {value}\n" for name, value in headers).encode("latin-1", "replace") + b"\n" + body


def topic_of_path(parts: Sequence[str]) -> str:
    """Read the topic out of a path: ``orders/create.json``, ``customer.tags_added.json``; empty where it has none."""
    stem = parts[-1].removesuffix(".json") if parts else ""
    inside = f"{parts[-2]}/{stem}" if len(parts) > 1 else ""
    return next((topic for topic in (inside, stem) if is_known(topic)), "")


def read_folder_member(parts: Sequence[str], raw: bytes, context: Context, topic: str = "") -> Parcel:
    """Read one file of a folder; ``parts`` is its path, ``topic`` what the user says all files without one are.

    Kept deliveries are checked when the context has secrets. One that fails is put aside with the reason, so that one
    bad file does not stop the rest.
    """
    place = "/".join(parts)
    try:
        if parts[-1].endswith(".http"):
            found = _kept(raw, context)
        else:
            found = parcel(Delivery(topic=topic_of_path(parts) or topic), raw, context)
    except (Malformed, Forged) as complaint:
        path = complaint.path if isinstance(complaint, Malformed) else SIGNATURE
        why = complaint.why if isinstance(complaint, Malformed) else str(complaint)
        return Parcel(kind="shopify:", place=place, raw=raw, outcome=NotUnderstood(path=path, reason=why))
    return Parcel(kind=found.kind, place=place, raw=found.raw, outcome=found.outcome)


def _kept(raw: bytes, context: Context) -> Parcel:
    if len(raw) > BODY_MAX + _HEAD_MAX:
        raise Malformed("", f"has {len(raw)} bytes, the limit is {BODY_MAX}")
    headers, body = read_dump(raw)
    return read_webhook(headers, body, context, verified=not context.secrets)
