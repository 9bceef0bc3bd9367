"""Where an import comes from: a file, every file of a folder, or a stream that can't be read twice.

A source gives its files in the same order each time and can say what it is by a digest, so that an interrupted import
knows its own. A stream is written to a temporary file first, which makes it a file like any other.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, Final

from attrs import frozen

from omo_adapters.errors import AdapterError

CHUNK: Final = 1 << 20
HEAD_BYTES: Final = 4096
"""How much of a file is looked at to tell its format."""


class Unreadable(AdapterError):
    """A file that was given can't be read as what it is said to be; nothing of it was taken in."""


@frozen(kw_only=True)
class Piece:
    """One file of a source."""

    path: Path
    parts: tuple[str, ...]
    """Its path within the source; folders may say what a file is about."""
    shown: str = ""
    """What it is called for people, where that is less than its parts."""

    @property
    def name(self) -> str:
        """Name the file for people."""
        return self.shown or "/".join(self.parts)

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Read the file; trouble with it is told in one sentence."""
        try:
            stream = self.path.open("rb")
        except OSError as trouble:
            raise Unreadable(f"{self.name} can't be read: {trouble.strerror}") from None
        with stream:
            try:
                yield stream
            except (IsADirectoryError, PermissionError) as trouble:
                raise Unreadable(f"{self.name} can't be read: {trouble.strerror}") from None

    def head(self) -> bytes:
        """Give the first bytes."""
        with self.opened() as stream:
            return stream.read(HEAD_BYTES)


@frozen(kw_only=True)
class Source:
    """What one import reads, in a fixed order."""

    name: str
    pieces: tuple[Piece, ...]
    single: bool
    """One file was named: what is wrong with it is the import's failure, not a remark."""

    def digest(self) -> str:
        """Tell this source from every other one: by content for one file, by names, sizes and times for a folder."""
        digest = blake2b(digest_size=16)
        for piece in self.pieces:
            if self.single:
                _digest_content(piece, digest)
            else:
                found = piece.path.stat()
                digest.update(repr((piece.parts, found.st_size, found.st_mtime_ns)).encode())
        return digest.hexdigest()


def _digest_content(piece: Piece, digest: blake2b) -> None:
    with piece.opened() as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)


def file_source(path: Path) -> Source:
    """Read one file; the folders above it may say what it is about, but nobody is told where it lay."""
    parts = path.resolve().parts[-3:]
    return Source(name=str(path), pieces=(Piece(path=path, parts=parts, shown=path.name),), single=True)


def folder_source(path: Path) -> Source:
    """Read every file below a folder, sorted by path; hidden ones and links to other folders are passed over."""
    pieces = []
    for folder, below, files in os.walk(path):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in files:
            if not name.startswith("."):
                found = Path(folder, name)
                pieces.append(Piece(path=found, parts=found.relative_to(path).parts))
    return Source(name=str(path), pieces=tuple(sorted(pieces, key=lambda piece: piece.parts)), single=False)


@contextmanager
def stream_source(stream: BinaryIO, name: str = "stdin") -> Iterator[Source]:
    """Read a stream to its end, however long it is."""
    with NamedTemporaryFile(prefix="omo-stream-") as kept:
        while chunk := stream.read(CHUNK):
            kept.write(chunk)
        kept.flush()
        yield Source(name=name, pieces=(Piece(path=Path(kept.name), parts=(name,)),), single=True)
