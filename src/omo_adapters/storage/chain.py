"""The chain of digests over the journal, by which a row that was changed, moved or taken out is seen.

Each event's digest covers what the row says and the digest of the event before it, in order of arrival. It tells
accidents and quiet edits; whoever can write the file can also write all later digests anew, which only a copy of an
earlier last digest, kept elsewhere, tells.
"""

from __future__ import annotations

from hashlib import blake2b

Row = tuple[str, int, str, int, int, str]
"""Id, version, kind, shape, recorded at (microseconds), body."""


def digest(before: bytes, row: Row) -> bytes:
    """Give the digest of an event's row after the one with the digest ``before`` (empty for the first)."""
    name, version, kind, shape, recorded_at, body = row
    said = f"{name}\0{version}\0{kind}\0{shape}\0{recorded_at}\0{body}"
    return blake2b(before + said.encode(), digest_size=16).digest()
