"""Is a delivery genuine? Shopify signs the body, byte for byte, with the app's secret; it signs no header.

So the signature proves that Shopify wrote the body once, and nothing more: not when, not for which topic, not that it
has not been sent before. All that follows trusts the body alone.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from attrs import field, frozen

from omo_adapters.errors import Forged, Misconfigured
from omo_adapters.shopify.decoding import instant
from omo_core.errors import Malformed
from omo_core.instants import utc

Headers = Mapping[str, str] | Iterable[tuple[str, str]]
"""Headers as a web server gives them; names in any case, repeated ones repeated."""

SIGNATURE: Final = "hmac-sha256"
GRACE: Final = timedelta(hours=1)
"""How long Shopify may go on signing with the old secret after a rotation."""


def _utc_or_none(value: object) -> datetime | None:
    return None if value is None else utc(value, "accepted_until")


@frozen
class Secret:
    """A secret that deliveries may be signed with."""

    value: bytes = field(repr=False)
    accepted_until: datetime | None = field(default=None, converter=_utc_or_none)
    """Exclusive; none while it is the current one."""

    @classmethod
    def retired(cls, value: bytes, rotated_at: datetime) -> Secret:
        """Give an old secret, still good for the hour after its rotation."""
        return cls(value, rotated_at + GRACE)

    def good_at(self, at: datetime | None) -> bool:
        """Say whether the secret counts for a delivery received at an instant; a retired one needs to know it."""
        return self.accepted_until is None or (at is not None and at < self.accepted_until)


@frozen(kw_only=True)
class Delivery:
    """What the headers claim. Good for finding a delivery again, never for deciding what it means."""

    topic: str = ""
    shop: str = ""
    webhook_id: str = ""
    event_id: str = ""
    triggered_at: datetime | None = None
    api_version: str = ""


def shopify_headers(headers: Headers) -> dict[str, str]:
    """Collect Shopify's headers by their bare names, whether they start with ``X-Shopify-`` or ``Shopify-``.

    A header that comes twice with different values is refused, since two readers could each believe another one.
    """
    found: dict[str, str] = {}
    for name, value in headers.items() if isinstance(headers, Mapping) else headers:
        bare = name.lower().removeprefix("x-")
        if bare.startswith("shopify-"):
            bare = bare.removeprefix("shopify-")
            if found.setdefault(bare, value) != value:
                raise Forged(f"the header for {bare} comes twice, with different values")
    return found


def verify(raw: bytes, headers: Headers, secrets: Sequence[Secret], at: datetime | None = None) -> Delivery:
    """Check the signature of a body and give what the headers claim, or raise ``Forged``.

    ``at`` is when the delivery was received. The comparison takes the same time for every wrong signature, and every
    secret is tried, so an answer's delay says nothing.
    """
    if not any(secret.value for secret in secrets):
        raise Misconfigured("no webhook secret is set, so no delivery can be checked")
    found = shopify_headers(headers)
    given = found.get(SIGNATURE, "").encode("ascii", "replace")
    if not given:
        raise Forged("the delivery is not signed")
    matches = [_signed_with(secret.value, raw, given) and secret.good_at(at) for secret in secrets if secret.value]
    if not any(matches):
        raise Forged("the signature does not belong to the body")
    return claimed(found)


def _signed_with(secret: bytes, raw: bytes, given: bytes) -> bool:
    # The texts are compared, not what they decode to: of all spellings that base64 decoders let pass, only one counts.
    return hmac.compare_digest(b64encode(hmac.digest(secret, raw, sha256)), given)


def claimed(found: Mapping[str, str]) -> Delivery:
    """Give what the headers claim; an instant that is none counts as not stated."""
    return Delivery(
        topic=found.get("topic", ""),
        shop=found.get("shop-domain", ""),
        webhook_id=found.get("webhook-id", ""),
        event_id=found.get("event-id", ""),
        triggered_at=_instant_or_none(found.get("triggered-at", "")),
        api_version=found.get("api-version", ""),
    )


def _instant_or_none(text: str) -> datetime | None:
    try:
        return instant(text, "triggered_at") if text else None
    except Malformed:
        return None
