"""What somebody's data look like in a document that nobody could read, and how they are taken out of it.

A document that has an identifier of theirs in it (phone, e-mail, card, LINE id) is about them. One that has only their
name or their address may be about somebody else of that name: the words are blotted out, the rest stays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from attrs import frozen

IDENTIFYING: Final = ("email", "phone", "card", "line", "whatsapp")
"""The personal fields by which a document is known to be about somebody; ``phone_2`` is a further phone."""
_NUMBERED: Final = re.compile(r"_[0-9]+$")
TELLING: Final = (
    ("name", "birthday"),
    ("first_name", "last_name", "birthday"),
    ("name",),
    ("first_name", "last_name"),
    ("address_address1",),
    ("note",),
)
"""Fields that together tell of somebody: where all of one group stand in a document, they are blotted out. A birthday
alone is everybody's."""
_LETTERS_MIN: Final = 4
"""A word of fewer plain letters is no trace: it stands in too much else. Of other scripts two signs are enough."""
_DIGITS: Final = 8
"""So many digits at the end of a phone number tell it, with whatever country code and gaps."""
_GAP: Final = rb"[\s().\-/]*"
_ENCODINGS: Final = ("utf-8", "big5hkscs", "gb18030", "utf-16-le")

Pattern = re.Pattern[bytes]


@frozen(kw_only=True)
class Traces:
    """Patterns that find some people in bytes."""

    identifiers: tuple[Pattern, ...]
    telling: tuple[tuple[Pattern, ...], ...]

    @classmethod
    def of(cls, records: Iterable[Mapping[str, str]]) -> Traces:
        """Make the patterns of some records' personal fields."""
        identifiers: dict[bytes, None] = {}
        telling: dict[tuple[bytes, ...], None] = {}
        for fields in records:
            for name, value in fields.items():
                kind = _NUMBERED.sub("", name)
                if kind in IDENTIFYING:
                    identifiers.update(dict.fromkeys(_spelt(value)))
                if kind == "phone":
                    identifiers.update(dict.fromkeys(_numbers(value)))
            for group in TELLING:
                found = [b"|".join(_spelt(fields.get(name, ""))) for name in group]
                if all(found):
                    telling[tuple(found)] = None
        return cls(
            identifiers=tuple(map(re.compile, identifiers)),
            telling=tuple(tuple(map(re.compile, group)) for group in telling),
        )

    def about(self, texts: Sequence[bytes]) -> bool:
        """Say whether a document is about one of them."""
        return any(pattern.search(text) for pattern in self.identifiers for text in texts)

    def blotted(self, texts: Sequence[bytes]) -> list[bytes]:
        """Give a document's texts, each as long as before, without what tells of one of them."""
        left = list(texts)
        for group in self.telling:
            if all(any(pattern.search(text) for text in left) for pattern in group):
                for pattern in group:
                    left = [pattern.sub(_blot, text) for text in left]
        return left


def _blot(found: re.Match[bytes]) -> bytes:
    return b"x" * (found.end() - found.start())


def _spelt(text: str) -> Iterator[bytes]:
    """Give a text as it may stand in bytes, whole words only: in several encodings, and as JSON escapes it."""
    plain = text.strip()
    if len(plain) < (_LETTERS_MIN if plain.isascii() else 2):
        return
    found: dict[bytes, None] = {}
    for spelling in (plain, json.dumps(plain)[1:-1], json.dumps(plain, ensure_ascii=False)[1:-1]):
        for encoding in _ENCODINGS:
            found[spelling.encode(encoding, "backslashreplace")] = None
    for word in found:
        before = rb"(?<![0-9A-Za-z])" if word[:1].isalnum() else b""
        after = rb"(?![0-9A-Za-z])" if word[-1:].isalnum() else b""
        yield before + b"(?i:" + re.escape(word) + b")" + after


def _numbers(phone: str) -> Iterator[bytes]:
    """Give a phone number however it is written: with a country code or without, with gaps or without."""
    digits = [sign for sign in phone if sign.isascii() and sign.isdecimal()]
    if len(digits) >= _DIGITS:
        tail = _GAP.join(digit.encode() for digit in digits[-_DIGITS:])
        yield rb"(?<![0-9])(?:[+0-9][0-9\s().\-/]{0,7})?" + tail + rb"(?![0-9])"
