"""Folded states as bytes, to be kept beside the journal. Never the truth: a memo that can't be read is dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

import msgspec

from omo_core.identifiers import LocationId, OrderId, Sku
from omo_core.loyalty.folding import Folding
from omo_core.loyalty.granting import Grant
from omo_core.loyalty.judging import Standing
from omo_core.loyalty.ledger import Ledger
from omo_core.loyalty.programme import Programme
from omo_core.loyalty.tallying import Counted
from omo_core.members.resolving import Member
from omo_core.stock.events import UnitsHeld
from omo_core.stock.places import Incoming, Place, Promise, Transfer
from omo_core.stock.position import Positions

MEMO_FORMAT: Final = 14
"""Raised whenever a fold's state or meaning changes; memos of another format are not read."""


class _AccountMemo(msgspec.Struct, array_like=True):
    ledger: Ledger
    standing: Standing
    grants: list[Grant]
    counted: list[Counted]
    last: tuple[datetime, int, str]
    active: datetime
    given: dict[str, str]


class _PersonMemo(msgspec.Struct, array_like=True):
    member: Member
    accounts: dict[str, _AccountMemo]


class _StockMemo(msgspec.Struct, array_like=True):
    sku: Sku
    places: dict[LocationId, Place]
    promises: list[Promise]
    holds: list[UnitsHeld]
    last: tuple[datetime, int, str]
    early: list[OrderId]
    names: dict[OrderId, OrderId]
    free_counted: datetime
    let_go: datetime
    gained: datetime
    incoming: list[Incoming]
    transfers: list[Transfer]
    serials: dict[str, str]
    doubts: dict[str, tuple[str, str]]
    composed: list[tuple[OrderId, str, Sku, int]]
    expiries: dict[str, datetime]


_ENCODER: Final = msgspec.msgpack.Encoder()
_PERSON: Final = msgspec.msgpack.Decoder(_PersonMemo)
_STOCK: Final = msgspec.msgpack.Decoder(_StockMemo)


def programme_digest(*rules: object) -> str:
    """Name a set of rules; a memo made under other rules is another memo."""
    return blake2b(repr((MEMO_FORMAT, rules)).encode(), digest_size=8).hexdigest()


def encode_person(member: Member, foldings: Mapping[str, Folding]) -> bytes:
    """Write down a member with the accounts as far as they are folded."""
    accounts = {
        name: _AccountMemo(
            folding.ledger,
            folding.tiers.standing,
            folding.tiers.grants.all,
            folding.tiers.tally.counted,
            folding.last,
            folding.active,
            folding.given,
        )
        for name, folding in foldings.items()
    }
    return _ENCODER.encode(_PersonMemo(member, accounts))


def decode_person(state: bytes, programmes: Sequence[Programme]) -> tuple[Member, dict[str, Folding]] | None:
    """Bring a member back, or give nothing when the memo is not readable."""
    memo: Any = _decoded(_PERSON, state)
    if memo is None or set(memo.accounts) != {programme.name for programme in programmes}:
        return None
    return memo.member, {each.name: _folding(each, memo.member, memo.accounts[each.name]) for each in programmes}


def _folding(programme: Programme, member: Member, memo: _AccountMemo) -> Folding:
    folding = Folding(programme, frozenset(member.profiles), joined=member.joined)
    folding.given = memo.given
    folding.ledger, folding.last, folding.active = memo.ledger, memo.last, memo.active
    folding.tiers.bring_back(folding.clock, memo.standing, memo.grants, memo.counted)
    folding.partial = True
    folding.plan()
    return folding


def encode_stock(positions: Positions) -> bytes:
    """Write down an article's positions."""
    memo = _StockMemo(
        positions.sku,
        positions.places,
        list(positions.promises.values()),
        list(positions.holds.parts()),
        positions.last,
        list(positions.early),
        positions.names,
        positions.free_counted,
        positions.let_go,
        positions.gained,
        list(positions.incoming.values()),
        list(positions.transfers.values()),
        positions.serials,
        positions.doubts,
        [(order, line, *kit) for (order, line), kit in positions.composed.items()],
        positions.expiries,
    )
    return _ENCODER.encode(memo)


def decode_stock(state: bytes) -> Positions | None:
    """Bring an article's positions back, or give nothing when the memo is not readable."""
    memo: Any = _decoded(_STOCK, state)
    if memo is None:
        return None
    positions = Positions(memo.sku)
    positions.places, positions.last = memo.places, memo.last
    for part in memo.holds:
        positions.holds.put(part)
    positions.early, positions.names, positions.free_counted = dict.fromkeys(memo.early), memo.names, memo.free_counted
    positions.let_go, positions.gained, positions.expiries = memo.let_go, memo.gained, memo.expiries
    positions.incoming = {(one.document, one.location): one for one in memo.incoming}
    positions.serials, positions.doubts = memo.serials, memo.doubts
    positions.composed = {(order, line): (kit, each) for order, line, kit, each in memo.composed}
    positions.expect(memo.promises)
    positions.expect_transfers(memo.transfers)
    return positions


def _decoded(decoder: msgspec.msgpack.Decoder[Any], state: bytes) -> object:
    try:
        return decoder.decode(state)
    except msgspec.MsgspecError:
        return None
