"""What an outside count or platform says of stock, against what omo would say had it not been told.

A statement is read as an import reads it, and compared as of its own instant: what was sold since is no difference. If
it was taken in before, it is left out of omo's side, so that a level which was imported this morning still says by how
much the two had drifted apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from attrs import Factory, define, frozen

from omo_adapters.importing.formats import Asked, Format, format_of
from omo_adapters.importing.sources import Source, Unreadable
from omo_adapters.inbound import Context, NotUnderstood, Understood
from omo_adapters.shop import Shop
from omo_adapters.storage.listing import stream_names
from omo_core.errors import Malformed
from omo_core.identifiers import LocationId, Sku
from omo_core.stock import Movement, StockCounted, positions
from omo_core.stock.reconciling import Difference, Stated, reconcile

Watch = Callable[[int, int], None]
"""Is told how many articles of how many have been compared."""


@frozen(kw_only=True)
class Drift:
    """A difference, and as of when."""

    at: datetime
    difference: Difference


@define
class Statements:
    """What an outside source says, as counts, and what of it could not be read."""

    counts: list[StockCounted] = Factory(list)
    others: int = 0
    """Documents that say nothing of stock."""
    not_read: list[tuple[str, str]] = Factory(list)
    """Where, and why."""


@frozen(kw_only=True)
class Reconciliation:
    """Statements compared with what omo has."""

    stated: int
    agree: int
    drifts: tuple[Drift, ...]
    contradictions: tuple[StockCounted, ...] = ()
    """Statements that say otherwise than another of the same article, place and instant; the first one was compared."""


def read_statements(source: Source, context: Context, asked: Asked, known: Format | None = None) -> Statements:
    """Read every count of a source; what is not understood is listed, never passed over."""
    found = Statements()
    for piece in source.pieces:
        form = known or format_of(piece, asked)
        if form is None:
            raise Unreadable(f"{piece.name} is of no format that omo knows; say which it is with --format")
        try:
            with piece.opened() as stream:
                for parcel in form.read(stream, piece.parts, context, asked):
                    if isinstance(parcel.outcome, NotUnderstood):
                        where = f"{piece.name}: {parcel.place}" if parcel.place != piece.name else piece.name
                        found.not_read.append((where, f"{parcel.outcome.path}: {parcel.outcome.reason}".lstrip(": ")))
                        continue
                    events = parcel.outcome.events if isinstance(parcel.outcome, Understood) else ()
                    counts = [event for event in events if isinstance(event, StockCounted)]
                    found.counts += counts
                    found.others += not counts
        except Malformed as complaint:
            raise Unreadable(f"{piece.name}: {complaint}") from complaint
    return found


def compare(
    shop: Shop, counts: Iterable[StockCounted], *, whole: bool = False, watch: Watch | None = None
) -> Reconciliation:
    """Compare statements with what omo has, article by article.

    Where a place is spoken of, an article of the statements that is not stated there is taken to be stated as none;
    ``whole`` says so of every article.
    """
    stated, contradictions = _by_article(counts)
    last: dict[LocationId, datetime] = {}
    for at, location, _ in (key for told in stated.values() for key in told):
        last[location] = max(at, last.get(location, at))
    skus = dict.fromkeys((*stated, *(_all_articles(shop) if whole else ())))
    drifts: list[Drift] = []
    for number, sku in enumerate(skus, 1):
        drifts += _of_article(shop, sku, list(stated.get(sku, {}).values()), last)
        if watch is not None:
            watch(number, len(skus))
    all_told = sum(len(told) for told in stated.values())
    missed = sum(drift.difference.why != "unknown_there" for drift in drifts)
    return Reconciliation(
        stated=all_told, agree=all_told - missed, drifts=tuple(drifts), contradictions=tuple(contradictions)
    )


_Told = dict[tuple[datetime, LocationId, str], StockCounted]


def _by_article(counts: Iterable[StockCounted]) -> tuple[dict[Sku, _Told], list[StockCounted]]:
    stated: dict[Sku, _Told] = {}
    contradictions = []
    for count in counts:
        first = stated.setdefault(count.sku, {}).setdefault((count.at, count.location, count.basis), count)
        if first.units != count.units:
            contradictions.append(count)
    return stated, contradictions


def _all_articles(shop: Shop) -> Iterator[Sku]:
    if shop.database is not None:
        yield from (Sku(name.removeprefix("stock/")) for name in stream_names(shop.database, "stock/"))


def _of_article(shop: Shop, sku: Sku, stated: list[StockCounted], last: dict[LocationId, datetime]) -> Iterator[Drift]:
    """Compare each statement as of its instant; then what omo has where nothing was stated."""
    history = shop.history_of(sku)
    told = {(count.id, count.version) for count in stated}
    ours = [event for event in history if (event.id, event.version) not in told]
    for count in sorted(stated, key=lambda one: (one.at, one.location, one.basis)):
        ledger: list[Movement] = []
        folded = positions(sku, ours, until=count.at, lines=ledger)
        one = Stated(sku=sku, location=count.location, units=count.units, basis=count.basis)
        for difference in reconcile(folded, (one,), count.at, ledger):
            if difference.why != "unknown_there":
                yield Drift(at=count.at, difference=difference)
    spoken_of = {count.location for count in stated}
    for place, at in sorted(last.items()):
        on_hand = positions(sku, ours, until=at).on_hand(place) if place not in spoken_of else 0
        if on_hand:
            unknown = Difference(sku=sku, location=place, basis="on_hand", ours=on_hand, theirs=0, why="unknown_there")
            yield Drift(at=at, difference=unknown)
