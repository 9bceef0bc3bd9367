"""Values that staff type when a customer gives none: they are everybody's and nobody's, and never join two records."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from attrs import evolve, frozen

from omo_adapters.identifiers import claim_key
from omo_core.errors import Malformed
from omo_core.identifiers import Fingerprint
from omo_core.members import IdentityRules, fingerprint

EMAILS: Final = tuple(
    f"{name}@{domain}"
    for name in "test noemail no na none null nil guest customer abc noreply xxx a x 123 111 000 nobody fake".split()
    for domain in (
        *("test.com", "noemail.com", "na.com", "abc.com", "none.com", "example.com", "gmail.com", "a.com"),
        *("email.com", "mail.com", "no.com", "123.com", "111.com", "qq.com", "163.com", "xxx.com", "null.com"),
    )
)
REGIONS: Final = ("HK", "TW", "MO", "CN")
"""Where placeholders are blocked whatever the shop's own region is: its customers come from all of them."""
_DIGITS: Final = (
    *("12345678", "87654321", "1234567890", "0123456789", "912345678", "0912345678", "23456789", "98765432"),
    *("0987654321", "0911111111", "13800138000", "13800000000", "13000000000", "13912345678", "13812345678"),
    *("13888888888", "15888888888", "18888888888", "13333333333", "15555555555"),
)
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
            yield from ((kind, spelling) for spelling in (value, value.lower(), value.upper(), value.capitalize()))


@lru_cache(maxsize=8)
def _spelled(region: str) -> tuple[tuple[str, str], ...]:
    """Give the usual placeholders in their one spelling; one that can't be a number anywhere is refused at the edge."""
    found: dict[tuple[str, str], None] = {}
    for kind, value in usual():
        for where in dict.fromkeys((region, *REGIONS)) if kind == "phone" else (region,):
            try:
                found[kind, claim_key(kind, value, where)] = None
            except Malformed:
                continue
    return tuple(found)


@lru_cache(maxsize=8)
def _known(region: str) -> frozenset[tuple[str, str]]:
    return frozenset(_spelled(region))


@frozen(kw_only=True)
class Placeholders:
    """Values that join nobody in a shop, as text: only the shop's vault can turn them into fingerprints."""

    values: tuple[tuple[str, str], ...] = ()
    """The shop's own, as kind and value."""
    usual: bool = True
    """Whether those that every shop meets are among them."""

    def own(self, region: str) -> tuple[tuple[str, str], ...]:
        """Give the shop's own in their one spelling; one that can't be read is refused."""
        return tuple((kind, claim_key(kind, value, region)) for kind, value in self.values)

    def hashed(self, key: bytes, region: str, claim: tuple[str, str], provider: str = "") -> Fingerprint:
        """Hash an identifier, a kind and a value that is in its one spelling already.

        A placeholder is nobody's, whoever hands it out: ``null`` of a LINE provider is the same ``null`` as anybody's,
        and blocked like it.
        """
        nobodys = bool(provider) and (claim in _known(region) or claim in self.own(region))
        return fingerprint(key, *claim, "" if nobodys else provider)


def guarded(rules: IdentityRules, key: bytes, region: str, blocked: Placeholders | None = None) -> IdentityRules:
    """Block the usual placeholders and a shop's own; one that can't be read is refused."""
    blocked = blocked or Placeholders()
    usual = _spelled(region) if blocked.usual else ()
    found = dict.fromkeys((*rules.blocked, *(fingerprint(key, *each) for each in (*usual, *blocked.own(region)))))
    return evolve(rules, blocked=tuple(sorted(found)))
