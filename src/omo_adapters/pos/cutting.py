"""Cuts an XML log of any size into its transactions, byte for byte, with the memory of one.

Each transaction is given as a tree of elements under their local names (makers put them in namespaces of their own),
and as a small document: everything up to the first transaction, so that namespaces and encoding are declared, the
bytes of this one, and the end of the root. What goes to quarantine can be read again just as it is.

Refused outright, before anything is given: a document type declaration (and with it every entity that could read a
file, call a server or swell to gigabytes), a root element that was not announced, an encoding that expat can't read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from attrs import frozen

from omo_core.errors import Malformed

CHUNK: Final = 64 << 10
HEAD_BYTES_MAX: Final = 64 << 10
"""The most that may stand before the first transaction."""
PART_BYTES_MAX: Final = 8 << 20
"""The longest transaction."""
ELEMENTS_MAX: Final = 200_000
"""The most elements of one transaction: ten thousand lines of the wordiest tills."""
DEPTH_MAX: Final = 64
_NAMES_MAX: Final = 4_096
TAIL_BYTES_MAX: Final = 1 << 20
"""How much is kept of what can't be read."""

_UTF_16: Final = {b"\xff\xfe": "utf-16-le", b"<\x00": "utf-16-le", b"\xfe\xff": "utf-16-be", b"\x00<": "utf-16-be"}
"""How a file starts that is UTF-16, whatever it declares."""
_ROOT_NAME: Final = re.compile(r"<([^\s/>]+)")


@frozen(kw_only=True)
class Part:
    """One transaction."""

    element: Element
    raw: bytes
    """A document of its own that holds this transaction alone."""
    line: int
    """The line of the file that it starts on."""


@frozen(kw_only=True)
class Broken:
    """The file can't be read further; everything before this was given."""

    raw: bytes
    """What could not be read, or its beginning."""
    line: int
    reason: str


def cut(stream: BinaryIO, roots: frozenset[str], part: str = "Transaction") -> Iterator[Part | Broken]:
    """Give each transaction of a file whose root is one of ``roots``, or is itself a transaction.

    Raises ``Malformed`` when the file is something else.
    """
    cutter = _Cutter(roots, part)
    while True:
        chunk = stream.read(CHUNK)
        failure = cutter.feed(chunk)
        yield from cutter.take()
        if failure is not None:
            yield failure
            return
        if not chunk:
            return


class _Cutter:
    """One pass of expat over a file; ``feed`` it bytes, ``take`` what was complete in them."""

    def __init__(self, roots: frozenset[str], part: str) -> None:
        self._roots = roots
        self._part = part
        self._buffer = bytearray()
        self._base = 0
        """The place in the file of the first byte that is still held."""
        self._depth = 0
        self._elements = 0
        self._names = _Names()
        self._tree = TreeBuilder()
        self._start: tuple[int, int, int] | None = None
        """Place, line and depth of the transaction that is open."""
        self._head: bytes | None = None
        self._foot = b""
        self._root_at: int | None = None
        self._encoding = "utf-8"
        self._done: list[Part] = []
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.buffer_text = True
        self._parser.XmlDeclHandler = self._declared
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._opened
        self._parser.EndElementHandler = self._closed

    def feed(self, chunk: bytes) -> Broken | None:
        """Read on; an empty chunk is the end of the file. Says why it can't be read further, if so."""
        self._buffer += chunk
        try:
            self._parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            return self._broken(expat.ErrorString(error.code), error.lineno)
        except Malformed as refusal:
            return self._broken(refusal.why, self._parser.CurrentLineNumber)
        except (ValueError, LookupError):  # pyexpat, on a multi-byte or unknown encoding
            return self._broken("is in an encoding that can't be read here; send UTF-8", 1)
        if len(self._buffer) > PART_BYTES_MAX:
            return self._broken(f"a transaction is longer than {PART_BYTES_MAX} bytes", self._parser.CurrentLineNumber)
        return None

    def take(self) -> list[Part]:
        """Give what was completed since the last time, and let go of its bytes."""
        done, self._done = self._done, []
        keep = self._start[0] if self._start is not None else self._base
        if self._start is None and self._head is not None and len(self._buffer) > TAIL_BYTES_MAX:
            keep = self._base + len(self._buffer) - TAIL_BYTES_MAX
        self._forget(keep)
        return done

    def _forget(self, before: int) -> None:
        del self._buffer[: before - self._base]
        self._base = before

    def _broken(self, reason: str, line: int) -> Broken:
        """Say why reading ends. A file that never was what it was announced to be is refused as a whole."""
        if self._root_at is None:
            raise Malformed(f"line {line}", reason)
        start = self._start[0] if self._start is not None else self._base
        tail = bytes(self._buffer[start - self._base :][:TAIL_BYTES_MAX])
        return Broken(raw=tail, line=line, reason=reason)

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        del version, standalone
        self._encoding = encoding or "utf-8"

    def _doctype(self, name: str, system: str | None, public: str | None, internal: bool) -> None:
        del name, system, public, internal
        raise Malformed("", "has a document type declaration, which is never read")

    def _opened(self, name: str, attributes: dict[str, str]) -> None:
        self._depth = depth = self._depth + 1
        self._elements += 1
        if depth > DEPTH_MAX or self._elements > ELEMENTS_MAX:
            raise Malformed("", f"has more than {DEPTH_MAX} levels or {ELEMENTS_MAX} elements")
        names = self._names
        local = names[name]
        if depth <= 2 and self._start is None:
            self._found(local)
        if self._start is not None:
            if attributes:
                attributes = {names[key]: value for key, value in attributes.items()}
            self._tree.start(local, attributes)

    def _found(self, local: str) -> None:
        """Look at the root, and at what stands directly below it."""
        at = self._parser.CurrentByteIndex
        if self._depth == 1:
            if local != self._part and local not in self._roots:
                raise Malformed("", f"the root element is {local!r:.60}, not one of {', '.join(sorted(self._roots))}")
            self._root_at = at
        if local == self._part:
            self._start = (at, self._parser.CurrentLineNumber, self._depth)
            self._elements = 0
            self._tree = TreeBuilder()
            self._parser.CharacterDataHandler = self._tree.data
            if self._head is None:
                self._set_head(at, whole=self._depth == 1)

    def _set_head(self, at: int, *, whole: bool) -> None:
        """Keep what stands before the first transaction, and how the root ends."""
        head = bytes(self._buffer[: at - self._base])
        if len(head) > HEAD_BYTES_MAX:
            raise Malformed("", f"has more than {HEAD_BYTES_MAX} bytes before the first transaction")
        self._encoding = _UTF_16.get(head[:2] or bytes(self._buffer[:2]), self._encoding)
        self._head = head
        if not whole:
            root = head[(self._root_at or 0) - self._base :].decode(self._encoding, "replace")
            found = _ROOT_NAME.match(root)
            self._foot = f"</{found.group(1)}>".encode(self._encoding) if found is not None else b""

    def _closed(self, name: str) -> None:
        self._depth -= 1
        if self._start is None:
            return
        self._tree.end(name)
        start, line, depth = self._start
        if self._depth < depth:
            self._finish(start, line)

    def _finish(self, start: int, line: int) -> None:
        self._parser.CharacterDataHandler = None
        end = self._end_of_tag(self._parser.CurrentByteIndex)
        element = bytes(self._buffer[start - self._base : end - self._base])
        self._done.append(Part(element=self._tree.close(), raw=(self._head or b"") + element + self._foot, line=line))
        self._start = None
        self._forget(end)
        self._elements = 0

    def _end_of_tag(self, at: int) -> int:
        """Give the place just after the tag that starts at a place."""
        mark = ">".encode(self._encoding)
        found = self._buffer.index(mark, at - self._base)
        while (found + self._base - at) % len(mark):
            found = self._buffer.index(mark, found + 1)
        return found + self._base + len(mark)


class _Names(dict[str, str]):
    """Names without their namespaces, remembered; a file of ever new names does not fill the memory."""

    def __missing__(self, name: str) -> str:
        local = name.rpartition("}")[2]
        if len(self) < _NAMES_MAX:
            self[name] = local
        return local
