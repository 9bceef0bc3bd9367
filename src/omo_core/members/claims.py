"""A claim's fingerprint: what the journal keeps instead of a phone number.

Normalising an identifier (E.164 for phones, one spelling for an e-mail) is the edge's work; what comes in here is
already in one spelling.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from omo_core.identifiers import Fingerprint
from omo_core.quantities import text


def fingerprint(key: bytes, kind: str, value: str, provider: str = "") -> Fingerprint:
    """Hash an identifier with the shop's secret (HMAC-SHA-256, the first 128 bits), so that it can't be guessed back.

    The kind is part of what is hashed: a card number and a phone number with the same digits never meet. So is the
    provider, where several hand out their own: customer 7 of one app is not customer 7 of another.
    """
    text(kind, "kind")
    text(value, kind)
    text(provider, "provider", empty=True)
    whose = f"{kind}\0{provider}" if provider else kind
    digest = hmac.digest(key, f"{whose}\0{value}".encode(), sha256)[:16]
    return Fingerprint(f"{kind}:{digest.hex()}")
