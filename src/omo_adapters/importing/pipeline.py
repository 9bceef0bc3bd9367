"""An import from its first file to its last: read, batch, write, mark how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from attrs import evolve, frozen

from omo_adapters.importing.formats import Asked, Format, format_of
from omo_adapters.importing.learning import learned_from
from omo_adapters.importing.redriving import Driver
from omo_adapters.importing.results import ImportResult, Tally
from omo_adapters.importing.sources import Piece, Source, Unreadable
from omo_adapters.importing.writing import BATCH_EVENTS, Books, Writer
from omo_adapters.inbound import Context, Parcel
from omo_adapters.shop import Shop
from omo_core.errors import Malformed

_FILE_DOCUMENTS_MAX = 1 << 40


@frozen(kw_only=True)
class Mark:
    """How far an import has come: so many files whole, and so many documents of the next."""

    files: int = 0
    documents: int = 0

    @property
    def packed(self) -> int:
        """Give the mark as the one number that is kept."""
        return self.files * _FILE_DOCUMENTS_MAX + self.documents

    @classmethod
    def unpacked(cls, number: int) -> Mark:
        """Read a mark back."""
        files, documents = divmod(number, _FILE_DOCUMENTS_MAX)
        return cls(files=files, documents=documents)


Watcher = Callable[[Tally, Piece], None]


class Importer:
    """Takes sources into one shop."""

    def __init__(
        self,
        shop: Shop,
        books: Books,
        context: Context,
        *,
        late_hours: int = 24,
        batch_events: int = BATCH_EVENTS,
        watch: Watcher | None = None,
    ) -> None:
        """Read with a context, which learns articles as catalogue documents come by; ``watch`` is told each batch."""
        self._items = dict(context.items)
        self._context = evolve(context, items=self._items)
        self._shop = shop
        self._books = books
        self._late_hours = late_hours
        self._batch_events = batch_events
        self._watch = watch

    def run(self, source: Source, *, format: Format | None = None, asked: Asked | None = None) -> ImportResult:
        """Take in a source, from where an interrupted run of the same source left it."""
        asked = asked or Asked()
        tally = Tally()
        writer = Writer(self._shop, self._books, tally, late_hours=self._late_hours, batch_events=self._batch_events)
        name = f"import/{source.digest()}"
        start = Mark.unpacked(self._books.progress.done(name))
        for number, piece in enumerate(source.pieces):
            if number >= start.files:
                skip = start.documents if number == start.files else 0
                self._piece(piece, number, skip, writer, name, _Reading(source, format, asked))
            else:
                tally.resumed_at += 1
        writer.finish()
        if tally.learned:
            self._drive(writer, asked)
        self._books.progress.forget(name)
        return tally.result(source.name)

    def _piece(self, piece: Piece, number: int, skip: int, writer: Writer, name: str, reading: _Reading) -> None:
        """Take in one file, less the documents that were taken in before."""
        tally = writer.tally
        tally.files += 1
        documents = 0
        try:
            for parcel in reading.parcels(piece, self._context, tally):
                documents += 1
                if documents <= skip:
                    tally.resumed_at += 1
                    self._learn(parcel, None)
                    continue
                self._learn(writer.add(parcel, piece.name), writer)
                if writer.full:
                    mark = Mark(files=number, documents=documents).packed
                    writer.flush(lambda mark=mark: {name: mark})  # type: ignore[misc]
                    self._told(tally, piece)
        except (Malformed, Unreadable) as complaint:
            writer.flush()
            if reading.source.single:
                raise _unreadable(piece, complaint) from complaint
            tally.passed_over(tally.unreadable, piece.name, str(_unreadable(piece, complaint)))

    def _learn(self, parcel: Parcel, writer: Writer | None) -> None:
        found = {name: sku for name, sku in learned_from(parcel).items() if self._items.get(name) != sku}
        if found:
            self._items.update(found)
            if writer is not None:
                writer.learn(found)

    def _drive(self, writer: Writer, asked: Asked) -> None:
        """Levels may have come before the catalogue that names their articles: read what waits once more."""
        driver = Driver(self._shop, self._books, self._context, asked=asked)
        writer.tally.driven = driver.run(kind="shopify:inventory_levels/update").settled
        writer.tally.driven += driver.run(kind="shopify:inventory_levels/connect").settled

    def _told(self, tally: Tally, piece: Piece) -> None:
        if self._watch is not None:
            self._watch(tally, piece)


@frozen
class _Reading:
    """How the files of a source are read."""

    source: Source
    format: Format | None
    asked: Asked

    def parcels(self, piece: Piece, context: Context, tally: Tally) -> Iterator[Parcel]:
        """Give a file's documents; of a file of no known format there are none."""
        known = self.format or format_of(piece, self.asked)
        if known is not None:
            with piece.opened() as stream:
                yield from known.read(stream, piece.parts, context, self.asked)
        elif self.source.single:
            raise Unreadable(f"{self.source.name} is of no format that omo knows; say which it is with --format")
        else:
            tally.files -= 1
            table = ", or a table that is not UTF-8: say which encoding" if piece.name.endswith(".csv") else ""
            tally.passed_over(tally.skipped, piece.name, f"of no known format{table}")


def _unreadable(piece: Piece, complaint: Malformed | Unreadable) -> Unreadable:
    return complaint if isinstance(complaint, Unreadable) else Unreadable(f"{piece.name}: {complaint}")
