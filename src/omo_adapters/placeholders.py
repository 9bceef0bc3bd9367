"""Values that staff type when a customer gives none: they are everybody's and nobody's, and never join two records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attrs import evolve

from omo_adapters.identifiers import claim_key
from omo_core.errors import Malformed
from omo_core.identifiers import Fingerprint
from omo_core.members import IdentityRules, fingerprint

EMAILS: Final = tuple(
    f"{name}@{domain}"
    for name in "test noemail no na none null guest customer abc noreply xxx a".split()
    for domain in ("test.com", "noemail.com", "na.com", "abc.com", "none.com", "example.com", "gmail.com", "a.com")
)
_DIGITS: Final = ("12345678", "87654321", "1234567890", "0123456789", "912345678", "0912345678", "23456789", "98765432")
_NOBODY: Final = (
    *"0 00 000 0000 00000000 -1 null NULL None none undefined anonymous unknown nan NaN N/A n/a guest test".split(),
    "00000000-0000-0000-0000-000000000000",
)
"""What programs write where there is no account."""


def usual() -> Iterable[tuple[str, str]]:
    """List the placeholders that every shop meets: one digit over and over, digits in a row, addresses of nobody."""
    for email in EMAILS:
        yield "email", email
    for length in (8, 9, 10):
        for digit in "0123456789":
            yield "phone", digit * length
            yield "phone", "09" + digit * (length - 2)
            yield "phone", "9" + digit * (length - 1)
    for digits in _DIGITS:
        yield "phone", digits
    for card in ("0", "00000000", "12345678", "99999999", "TEST"):
        yield "card", card
    for kind in ("line", "whatsapp", "app", "shopify"):
        for value in _NOBODY:
            yield kind, value


def guarded(rules: IdentityRules, key: bytes, region: str, more: Iterable[tuple[str, str]] = ()) -> IdentityRules:
    """Block the usual placeholders and a shop's own; one that can't be a number there is refused at the edge anyway."""
    found = dict.fromkeys(rules.blocked)
    for kind, value in (*usual(), *more):
        try:
            found[fingerprint(key, kind, claim_key(kind, value, region))] = None
        except Malformed:
            continue
    return evolve(rules, blocked=tuple(sorted(Fingerprint(each) for each in found)))
