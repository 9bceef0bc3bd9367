"""JSON from bytes to plain values, exactly and within limits, whatever somebody sends."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final, NoReturn

import msgspec

from omo_core.errors import Malformed

BODY_MAX: Final = 5 * 1024 * 1024
"""The largest document that is read, in bytes: Shopify's own limit for what it puts into one."""
DEPTH_MAX: Final = 64
"""How deep a document may nest; the deepest of Shopify's samples has nine levels."""

_NOT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_ALIKE: Final = bytes.maketrans(b"{}", b"[]")
_TEXTS: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)


class _BrokenJsonError(ValueError):
    """The text is JSON by its grammar, but says something that can't be relied on."""


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _BrokenJsonError(f"states {twice!r:.60} twice")
    if None in found.values():
        return {name: value for name, value in found.items() if value is not None}
    return found


def _no_constant(name: str) -> NoReturn:
    raise _BrokenJsonError(f"has {name} in it, which is no number")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_unique, parse_float=str, parse_constant=_no_constant)
_ENCODER: Final = msgspec.json.Encoder()


def _at_a_glance(raw: bytes) -> object:
    """Read an ordinary document in less time; none where a closer look is due.

    A key that stands twice is lost in reading, so a document that is written again has as many quotes as before only
    if every key was read. Whatever this does not take, for whatever reason, is left to the decoder above, which says
    what is wrong with it.
    """
    fractions = 0

    def kept(text: str) -> str:
        nonlocal fractions
        fractions += 1
        return text

    try:
        found = msgspec.json.Decoder(float_hook=kept).decode(raw)
        if _quotes(_ENCODER.encode(found)) - 2 * fractions != _quotes(raw):
            return None
        _leave_nulls_out(found)
    except (ValueError, OverflowError, RecursionError):  # msgspec's own errors are ValueErrors
        return None
    return found


def _quotes(raw: bytes) -> int:
    """Count the quotes that begin or end a text."""
    if b"\\" not in raw:
        return raw.count(b'"')
    unpaired = raw.replace(b"\\\\", b"")
    return unpaired.count(b'"') - unpaired.count(b'\\"')


def _leave_nulls_out(node: dict[str, object] | list[object]) -> None:
    if isinstance(node, dict) and None in node.values():
        for name in [name for name, value in node.items() if value is None]:
            del node[name]
    for child in node.values() if isinstance(node, dict) else node:
        if type(child) is dict or type(child) is list:
            _leave_nulls_out(child)


def decode(raw: bytes) -> Mapping[str, object]:
    """Read one JSON object.

    Numbers with a fraction stay text, so no amount ever passes through binary floating point. A key that stands twice
    is refused, since readers disagree which one counts. ``null`` says the same as a missing key and is left out.
    """
    if len(raw) > BODY_MAX:
        raise Malformed("", f"has {len(raw)} bytes, the limit is {BODY_MAX}")
    try:
        found = _at_a_glance(raw)
        if not isinstance(found, dict):
            found = _DECODER.decode(raw.decode("utf-8-sig"))
    except _BrokenJsonError as complaint:
        raise Malformed("", str(complaint)) from None
    except (ValueError, RecursionError):
        # Covers what is not UTF-8, what is not JSON, and whole numbers of more digits than Python converts.
        raise Malformed("", "is not JSON") from None
    if not isinstance(found, dict):
        raise Malformed("", "is not a JSON object")
    if _too_deep(raw):
        raise Malformed("", f"nests deeper than {DEPTH_MAX} levels")
    return found


def refuse_repeated_keys(raw: bytes) -> None:
    """Raise ``Malformed`` where a key stands twice in one object; what is not JSON at all is for others to say.

    For readers that take the bytes with a model of their own, which would see the last of the two only.
    """
    try:
        if _at_a_glance(raw) is None:
            _DECODER.decode(raw.decode("utf-8-sig"))
    except _BrokenJsonError as complaint:
        raise Malformed("", str(complaint)) from None
    except (ValueError, RecursionError):
        return


def _too_deep(raw: bytes) -> bool:
    """Peel brackets off, one level at a time; those that stand inside of texts are only looked for when needed.

    Two passes in C over a few hundred bytes, where a walk through the values would cost as much as reading them.
    """
    return _unpeelable(raw) and _unpeelable(_TEXTS.sub(b"", raw))


def _unpeelable(raw: bytes) -> bool:
    rest = raw.translate(_ALIKE, _NOT_BRACKETS)
    for _ in range(DEPTH_MAX):
        peeled = rest.replace(b"[]", b"")
        if len(peeled) == len(rest):
            break
        rest = peeled
    return bool(rest)
