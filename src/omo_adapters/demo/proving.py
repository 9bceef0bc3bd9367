"""What the demo proves at the end: nothing counts twice, no order of arrival matters, the books balance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from random import Random
from typing import Final

from attrs import frozen

from omo_adapters.demo.brand import DAYS
from omo_adapters.demo.opening import Stage
from omo_adapters.demo.taking_in import take_in
from omo_adapters.shop import Shop, memory_shop
from omo_core.events import Event, current
from omo_core.identifiers import LocationId, ProfileId, Sku
from omo_core.loyalty import Account
from omo_core.members import ProfileSeen
from omo_core.purchases import sightings
from omo_core.stock import Positions
from omo_core.trade import Refund, Sale

_PAGE: Final = 1_000


@frozen(kw_only=True)
class Again:
    """The whole week, taken in a second time."""

    documents: int
    new: int
    known: int


@frozen(kw_only=True)
class Shuffled:
    """Every event twice and in another order, in an empty shop."""

    events: int
    here: str
    there: str
    """A hash of every member, balance, tier and shelf, in this shop and in that."""
    members: int
    articles: int


@frozen(kw_only=True)
class Balanced:
    """Sums that must agree."""

    accounts: int
    accounts_wrong: int
    shelves: int
    shelves_wrong: int


def again(stage: Stage) -> Again:
    """Take every file in once more."""
    results = [result for day in DAYS for result in take_in(stage, day).results]
    return Again(
        documents=sum(result.documents for result in results),
        new=sum(result.total("new") for result in results),
        known=sum(result.total("known") for result in results),
    )


def events_of(stage: Stage) -> list[Event]:
    """Give everything the journal holds, in the order of arrival."""
    found: list[Event] = []
    position = 0
    while page := stage.journal.after(position, limit=_PAGE):
        found += [entry.event for entry in page]
        position = page[-1].position
    return found


def shuffled(stage: Stage, events: Sequence[Event]) -> Shuffled:
    """Tell an empty shop the same events, each twice, in an order by chance."""
    deck = [*events, *events]
    Random(len(deck)).shuffle(deck)  # noqa: S311 - any order will do, and the same one each time is easier to follow
    other = memory_shop(stage.shop.rules, now=stage.clock)
    for start in range(0, len(deck), _PAGE):
        other.record(*deck[start : start + _PAGE])
    profiles, skus = profiles_of(events), skus_of(events)
    return Shuffled(
        events=len(deck),
        here=_state(stage.shop, profiles, skus, stage.clock.now),
        there=_state(other, profiles, skus, stage.clock.now),
        members=len({member.id for profile in profiles if (member := stage.shop.member(profile)) is not None}),
        articles=len(skus),
    )


def profiles_of(events: Sequence[Event]) -> list[ProfileId]:
    """Name every customer record that was heard of."""
    named = (event.profile for event in events if isinstance(event, ProfileSeen | Sale) and event.profile is not None)
    return sorted(set(named))


def skus_of(events: Sequence[Event]) -> list[Sku]:
    """Name every article that was sold."""
    return sorted({line.sku for event in events if isinstance(event, Sale | Refund) for line in event.lines})


def _state(shop: Shop, profiles: Sequence[ProfileId], skus: Sequence[Sku], at: datetime) -> str:
    """Hash all that the shop would answer."""
    told = sha256()
    for profile in profiles:
        told.update(repr((shop.member(profile), shop.account(profile, as_of=at))).encode())
    for sku in skus:
        told.update(repr(_shelves(shop.stock(sku), at)).encode())
    return told.hexdigest()[:16]


def _shelves(article: Positions, at: datetime) -> list[tuple[object, ...]]:
    places: tuple[LocationId | None, ...] = (*article.locations(), None)
    held = [(place, article.allocated(place), article.held(place, at)) for place in places]
    there = [(place, article.on_hand(place), article.unavailable(place)) for place in article.locations()]
    waiting = sorted((one.order, one.line, one.units, one.location or "") for one in article.promises.values())
    return [(article.sku,), *held, *there, *waiting]


def balanced(stage: Stage, events: Sequence[Event]) -> Balanced:
    """Check every account and every shelf against its own ledger."""
    accounts = {
        member.id: stage.shop.account(member) for member in map(stage.shop.member, profiles_of(events)) if member
    }
    shelves = wrong = 0
    for sku in skus_of(events):
        article, ledger = stage.shop.stock(sku), stage.shop.stock_ledger(sku)
        for place in article.locations():
            shelves += 1
            moved = sum(move.units for move in ledger if move.location == place)
            wrong += moved != article.on_hand(place)
    return Balanced(
        accounts=len(accounts),
        accounts_wrong=sum(not _adds_up(account) for account in accounts.values()),
        shelves=shelves,
        shelves_wrong=wrong,
    )


def _adds_up(account: Account) -> bool:
    where = account.spendable + account.pending + account.spent + account.expired + account.clawed_back
    return account.earned == where - account.debt


def seen_twice(events: Sequence[Event]) -> int:
    """Count purchases that two systems reported: the tablet's sales stand in Shopify and in the store's own file."""
    sales = [event for event in current(events) if isinstance(event, Sale)]
    return sum(len(group) > 1 for group in sightings(sales))
