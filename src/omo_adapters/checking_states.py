"""One member, one article, folded anew and compared with the kept state, another order of events, and the sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256

from omo_adapters.shop import Shop
from omo_adapters.states import Kept, catch_up, read_article, read_person, resolve_with, whose
from omo_adapters.storage.memos import SqliteMemos
from omo_core.identifiers import LocationId, ProfileId, Sku, stock_stream
from omo_core.loyalty import Account, Line, account, fold, view
from omo_core.members import Member
from omo_core.stock import Movement, Positions, positions

Differ = Callable[[str, str], None]
"""Is told where something differs, and what."""


def check_member(shop: Shop, memos: SqliteMemos, profile: ProfileId, at: datetime, differ: Differ) -> str:
    """Check the member that bears a record, if it is the member's first; gives a hash of all that it is and has."""
    rules = shop.rules
    kept, events = read_person(shop.journal, profile, rules.programmes, rules.identity)
    member = kept.state.member
    if profile != ProfileId(member.id):
        return ""
    where = f"member {member.id}"
    accounts = tuple(account(programme, events, member.profiles, at, member.joined) for programme in rules.programmes)
    _check_memo(shop, memos, profile, member, accounts, differ)
    backwards = tuple(reversed(events))
    if whose(resolve_with(backwards, profile, rules.identity), profile) != member:
        differ(where, "is another member when its events come in another order")
    for programme, derived in zip(rules.programmes, accounts, strict=True):
        if account(programme, backwards, member.profiles, at, member.joined) != derived:
            differ(where, f"has another account of {programme.name} when its events come in another order")
        lines: list[Line] = []
        fold(programme, events, member.profiles, lines=lines, until=at, joined=member.joined).advance(at)
        _check_sums(f"{where} ({programme.name})", derived, lines, differ)
    memos.keep_person(kept)
    return _hash(member, *accounts)


def _check_memo(
    shop: Shop, memos: SqliteMemos, profile: ProfileId, member: Member, accounts: Sequence[Account], differ: Differ
) -> None:
    """Compare a kept state, once it has caught up; one that can't is never used and never wrong."""
    memo = memos.person(profile)
    if memo is None or not catch_up(shop.journal, memo):
        return
    where = f"member {profile}"
    if memo.state.member != member:
        differ(where, "is kept as another member than the journal gives")
    for folding, derived in zip(memo.state.foldings.values(), accounts, strict=True):
        if folding.clock <= derived.as_of and view(folding, derived.as_of) != derived:
            differ(where, f"is kept with another account of {folding.programme.name} than the journal gives")


def _check_sums(where: str, has: Account, lines: Sequence[Line], differ: Differ) -> None:
    usable = has.spendable + has.pending + has.held
    told_for = usable + has.spent + has.given + has.expired + has.clawed_back - has.debt
    if has.earned != told_for:
        differ(where, f"earned {has.earned} points, but {told_for} are accounted for")
    moved = sum(line.points for line in lines)
    if moved != usable - has.debt:
        differ(where, f"has a balance of {usable - has.debt}, but its statement sums to {moved}")
    left = sum(lot.left for lot in has.lots)
    if left != has.spendable + has.pending:
        differ(where, f"has {has.spendable + has.pending} points, but its lots hold {left}")


def check_article(shop: Shop, memos: SqliteMemos, sku: Sku, differ: Differ) -> str:
    """Check an article; gives a hash of its positions."""
    where = f"article {sku}"
    events = shop.journal.read((stock_stream(sku),)).events
    ledger: list[Movement] = []
    derived = positions(sku, events, lines=ledger)
    memo = memos.article(sku)
    if memo is not None and catch_up(shop.journal, memo) and _seen(memo.state) != _seen(derived):
        differ(where, "is kept with other positions than the journal gives")
    if _seen(positions(sku, tuple(reversed(events)))) != _seen(derived):
        differ(where, "has other positions when its events come in another order")
    for location, place in derived.places.items():
        if place.on_hand != _moved(ledger, location):
            differ(where, f"has {place.on_hand} units at {location}, but its ledger sums to {_moved(ledger, location)}")
    kept: Kept[Positions] = read_article(shop.journal, sku)
    memos.keep_article(kept)
    return _hash(*_seen(derived))


def _moved(ledger: Sequence[Movement], location: LocationId) -> int:
    return sum(movement.units for movement in ledger if movement.location == location)


def _seen(state: Positions) -> tuple[object, ...]:
    """Give what positions say, in an order that does not depend on how they came about."""
    return (
        state.sku,
        sorted((location, place.on_hand, sorted(place.set_aside.items())) for location, place in state.places.items()),
        sorted((location, sorted(map(repr, place.lots.values()))) for location, place in state.places.items()),
        sorted((location, place.looked, place.found) for location, place in state.places.items()),
        sorted(map(repr, state.incoming.values())),
        sorted(map(repr, state.transfers.values())),
        sorted(state.serials.items()),
        sorted(state.doubts.items()),
        sorted(state.composed.items()),
        sorted(state.expiries.items()),
        sorted((key, promise.at, repr(promise.shares), promise.short_at) for key, promise in state.promises.items()),
        sorted((part.hold, part.id, part.units, part.location or "", part.until) for part in state.holds.parts()),
    )


def _hash(*parts: object) -> str:
    return sha256(repr(parts).encode("utf-8", "backslashreplace")).hexdigest()
