"""Webhooks as they reached the shop: signed, some twice, some hours late, one forged, one cut short.

Each is kept as a dump of its own, named by its place in the order of arrival: ``0001-orders-create.http``.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from uuid import UUID

from omo_adapters.demo.bodies import Body, compact
from omo_adapters.demo.brand import DOMAIN, SECRET


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One webhook on its way."""

    topic: str
    body: bytes
    due: datetime
    arrives: datetime
    webhook: str
    secret: bytes = SECRET

    def dump(self) -> bytes:
        """Give headers, an empty line, and the body byte for byte."""
        signature = b64encode(hmac.digest(self.secret, self.body, sha256)).decode()
        headers = (
            ("Content-Type", "application/json"),
            ("X-Shopify-Topic", self.topic),
            ("X-Shopify-Hmac-Sha256", signature),
            ("X-Shopify-Shop-Domain", DOMAIN),
            ("X-Shopify-API-Version", "2026-07"),
            ("X-Shopify-Webhook-Id", self.webhook),
            ("X-Shopify-Triggered-At", self.due.isoformat()),
        )
        return "".join(f"{name}: {value}\n" for name, value in headers).encode() + b"\n" + self.body


@dataclass(kw_only=True)
class Post:
    """What the web shop has sent, and when it came in."""

    random: Random
    deliveries: list[Delivery] = field(default_factory=list)

    def send(self, topic: str, body: Body | bytes, due: datetime, *, late: timedelta | None = None) -> None:
        """Send a webhook; one in five is late by up to five hours, one in twelve comes twice."""
        raw = body if isinstance(body, bytes) else compact(body)
        delay = timedelta(seconds=self.random.randrange(1, 5))
        if self.random.randrange(100) < 20:
            delay = timedelta(seconds=self.random.randrange(900, 18_000))
        arrives = due + (delay if late is None else late)
        webhook = str(UUID(int=self.random.getrandbits(128), version=4))
        sent = Delivery(topic=topic, body=raw, due=due, arrives=arrives, webhook=webhook)
        self.deliveries.append(sent)
        if self.random.randrange(100) < 8:
            self.repeat(sent)

    def repeat(self, sent: Delivery) -> None:
        """Deliver once more what the shop did not acknowledge in time."""
        again = sent.arrives + timedelta(seconds=self.random.randrange(10, 5_400))
        self.deliveries.append(replace(sent, arrives=again))

    def forge(self, topic: str, body: Body, due: datetime) -> None:
        """Let a stranger send a webhook, signed with a secret of their own."""
        self.send(topic, body, due, late=timedelta(seconds=3))
        self.deliveries[-1] = replace(self.deliveries[-1], secret=b"a guess")

    def arrived(self) -> list[Delivery]:
        """Give every delivery in the order of arrival."""
        return sorted(self.deliveries, key=lambda one: (one.arrives, one.webhook))
