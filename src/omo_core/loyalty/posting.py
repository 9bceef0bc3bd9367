"""What each points event does to the account fold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omo_core.instants import FOREVER
from omo_core.loyalty import buying, expiring, moves
from omo_core.loyalty.events import (
    ExpiredPointsReinstated,
    HoldCaptured,
    HoldVoided,
    PointsEvent,
    PointsGranted,
    PointsHeld,
    PointsRedeemed,
    PointsTransferred,
    TierGranted,
)
from omo_core.loyalty.granting import Grant
from omo_core.loyalty.lots import lot_of

if TYPE_CHECKING:
    from omo_core.loyalty.folding import Folding


def post(folding: Folding, event: PointsEvent) -> None:
    """Let one points event happen; time has passed up to it already."""
    if isinstance(event, PointsRedeemed):
        _redeem(folding, event)
    elif isinstance(event, PointsGranted):
        _grant(folding, event)
    elif isinstance(event, PointsHeld):
        held = moves.hold(folding.ledger, event, folding.rules(event.at).spending)
        folding.book.note(event.at, event.id, "held", held, "hold", moved=0)
    elif isinstance(event, HoldCaptured):
        _capture(folding, event)
    elif isinstance(event, HoldVoided):
        key = moves.find(folding.ledger, event.profile, event.hold)
        _let_go(folding, event, moves.end(folding.ledger, key, "voided"))
    elif isinstance(event, PointsTransferred):
        _transfer(folding, event)
    elif isinstance(event, TierGranted):
        folding.tiers.grant(Grant(at=event.at, tier=event.tier, until=event.until, reviewed=event.reviewed))
        folding.book.turns(folding.tiers.turns, event.id)
    elif isinstance(event, ExpiredPointsReinstated):
        back = moves.reinstate(folding.ledger, event.expired_since, lot_of("reinstated", event.id), event.expires_at)
        folding.book.note(event.at, event.id, "reinstated", back, event.reason)


def _redeem(folding: Folding, event: PointsRedeemed) -> None:
    folding.ledger.spend(event.id, event.points, folding.rules(event.at).spending, event.order or "")
    _spent(folding, event, event.points)


def _capture(folding: Folding, event: HoldCaptured) -> None:
    held = moves.find(folding.ledger, event.profile, event.hold)
    let_go = moves.capture(folding.ledger, held, event, folding.rules(event.at).spending)
    _spent(folding, event, event.points, let_go)


def _spent(
    folding: Folding, event: PointsRedeemed | HoldCaptured, points: int, let_go: moves.LetGo = moves.NOTHING
) -> None:
    folding.active = max(folding.active, event.at)
    folding.book.note(event.at, event.id, "redeemed", -points, "redemption")
    _let_go(folding, event, let_go)
    if event.order is None:
        return
    folding.redeemed.setdefault(event.order, []).append((event.id, points))
    bought = folding.purchases.get(event.order)
    if bought is not None and bought.touched():
        buying.give_back_points(folding, bought, event.id, points, event, event.at)


def _let_go(folding: Folding, event: PointsEvent, ended: moves.LetGo) -> None:
    """Write down what a hold lets go, and what of that is gone."""
    folding.book.note(event.at, event.id, "let go", ended.points, "hold", moved=0)
    folding.let_go(event.at, event.id, ended)


def _grant(folding: Folding, event: PointsGranted) -> None:
    if event.once and folding.given.setdefault(event.once, event.id) != event.id:
        folding.book.note(event.at, event.id, "had before", event.points, event.reason, moved=0)
        return
    version = folding.rules(event.at)
    if event.points < 0:
        folding.ledger.deduct(-event.points, version.spending)
    else:
        gone = event.expires_at or expiring.expires_at(version.expiry, event.at, folding.programme.zone)
        gone = FOREVER if event.never_expires else gone
        folding.active = max(folding.active, event.at)
        own = event.never_expires or event.expires_at is not None
        lapses = not own and expiring.may_lapse(version.expiry)
        folding.ledger.credit(lot_of("grant", event.id), event.points, event.at, event.at, gone, lapses=lapses)
    folding.book.note(event.at, event.id, "granted" if event.points > 0 else "taken", event.points, event.reason)


def _transfer(folding: Folding, event: PointsTransferred) -> None:
    """Points leave the giver and come to the receiver; both may be one member, once they are merged."""
    if event.profile in folding.profiles:
        moves.give(folding.ledger, event.points, folding.rules(event.at).spending)
        folding.book.note(event.at, event.id, "given", -event.points, event.reason or "transfer")
    if event.receiver in folding.profiles:
        for place, parcel in enumerate(event.parcels):
            gone = parcel.expires_at or FOREVER
            name = lot_of("transfer", f"{event.id}/{place}")
            folding.ledger.credit(name, parcel.points, event.at, event.at, gone)
        folding.book.note(event.at, event.id, "received", event.points, event.reason or "transfer")
