"""Which encoding a file is in: said by its first bytes, proven by its content, or stated by whoever sends it.

1. A byte order mark decides (UTF-8, UTF-16).
2. A file that is UTF-8 to its last byte is UTF-8. Text in Big5 or GB18030 that is also valid UTF-8 throughout does not
   occur beyond a few characters.
3. Else it is in the encoding that the sender stated (``big5hkscs``, ``gb18030``), every byte of it.
4. Else it is refused. Guessing between Big5 and GB18030 would turn names into other names without anybody noticing.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, cast

from omo_core.errors import Malformed

CHUNK: Final = 256 << 10
KEPT_IN_MEMORY: Final = 8 << 20

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TEXT: Final = ((b"\x1f\x8b", "compressed (gzip)"), (b"PK\x03\x04", "an archive or a workbook (.xlsx, .zip)"))


@contextmanager
def decoded(stream: BinaryIO, encoding: str | None = None) -> Iterator[TextIOWrapper]:
    """Open a file as text with its line ends as they are; raise ``Malformed`` when no rule gives its encoding."""
    file = _rewindable(stream)
    start = file.tell()
    name = _encoding(file, encoding)
    file.seek(start)
    text = TextIOWrapper(file, encoding=name, errors="strict", newline="")
    try:
        yield text
    finally:
        text.detach()
        if file is not stream:
            file.close()


def _rewindable(stream: BinaryIO) -> BinaryIO:
    """Give the stream itself when it can be read twice, else a copy on disk."""
    if stream.seekable():
        return stream
    copy = SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 - ``decoded`` closes it
    while chunk := stream.read(CHUNK):
        copy.write(chunk)
    copy.seek(0)
    return cast("BinaryIO", copy)


def _encoding(file: BinaryIO, stated: str | None) -> str:
    first = file.read(CHUNK)
    for start, what in _NO_TEXT:
        if first.startswith(start):
            raise Malformed("", f"the file is {what}, not CSV")
    found = next((name for mark, name in _MARKS if first.startswith(mark)), None)
    for name in [found] if found is not None else ["utf-8", *([stated] if stated is not None else [])]:
        if _is_all(file, first, name):
            return name
        file.seek(len(first))
    if found is not None or stated is not None:
        raise Malformed("", f"the file is not in {found or stated} throughout")
    raise Malformed("", "the file is not UTF-8; state its encoding, such as big5hkscs or gb18030")


def _is_all(file: BinaryIO, first: bytes, name: str) -> bool:
    """Say whether a file can be decoded from its first to its last byte."""
    try:
        decoder = codecs.getincrementaldecoder(name)("strict")
    except LookupError:
        raise Malformed("encoding", f"unknown encoding {name!r:.40}") from None
    try:
        chunk = first
        while chunk:
            decoder.decode(chunk)
            chunk = file.read(CHUNK)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True
