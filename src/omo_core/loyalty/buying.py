"""What a purchase does to the account fold, and what becomes of it when it is returned, cancelled or handed over."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from omo_core.events import Event
from omo_core.instants import FOREVER
from omo_core.loyalty import expiring, moves
from omo_core.loyalty.earning import rules_for
from omo_core.loyalty.lots import lot_of
from omo_core.loyalty.purchase import Purchase
from omo_core.loyalty.returning import parts_of
from omo_core.loyalty.tallying import Counted
from omo_core.trade import HandedOver, Refund, Sale

if TYPE_CHECKING:
    from omo_core.loyalty.folding import Folding, Later


def buy(folding: Folding, sale: Sale) -> None:
    """Let a member buy something: it earns, it counts for the tier, and what was heard of it before finds it."""
    version = folding.rules(sale.at)
    tier = folding.tier_of(sale, version.ladder)
    rules = rules_for(version, sale, tier.name if tier is not None else "")
    bought = Purchase(sale, version, rules, tier)
    names = bought.names()
    for name in names:
        folding.purchases[name] = bought
    if sale.status != "open" and _is_mine(folding, bought):
        folding.active = max(folding.active, sale.at)
        _earn(folding, bought)
    if folding.early:
        for name in names:
            for event in folding.early.pop(name, ()):
                _follow(folding, bought, event, sale.at)


def _is_mine(folding: Folding, bought: Purchase) -> bool:
    """Say whether the member bought it; else it is followed only to give back the points that paid for it."""
    return bought.sale.profile in folding.profiles


def _earn(folding: Folding, bought: Purchase) -> None:
    sale, version, where = bought.sale, bought.version, folding.programme.zone
    bought.basis, bought.points = bought.worth()
    if bought.points:
        usable = FOREVER
        if version.pending_after == "sale" or bought.all_gone():
            usable = expiring.usable_from(sale.at, version.pending_days, where)
        gone = expiring.expires_at(bought.expiry, usable, where) if usable < FOREVER else FOREVER
        lapses = expiring.may_lapse(bought.expiry) and bought.expiry is version.expiry
        folding.ledger.credit(lot_of("order", sale.order), bought.points, sale.at, usable, gone, lapses=lapses)
        folding.book.earned(bought)
    _count(folding, bought)
    folding.plan()


def _count(folding: Folding, bought: Purchase) -> None:
    """Count a purchase for tiers, now or of a later version; a membership that was bought puts the member into one."""
    sale, tiers = bought.sale, folding.tiers
    if bought.basis or bought.points:
        tiers.count(Counted(sale.at, sale.order, sale.currency, bought.basis, bought.points))
    for tier, months in bought.memberships().items():
        if months:
            tiers.sell(sale.order, tier, months, sale.at)
    folding.book.turns(tiers.turns, sale.id)


def follow_up(folding: Folding, event: Later) -> None:
    """Let something become of a purchase; what is heard of before the purchase waits for it."""
    bought = folding.purchases.get(event.order)
    if bought is not None:
        _follow(folding, bought, event, event.at)
    elif isinstance(event, Refund) and event.profile is not None:
        _without_receipt(folding, event)
    else:
        folding.early.setdefault(event.order, []).append(event)


def _without_receipt(folding: Folding, refund: Refund) -> None:
    """Take a return off the member's own purchases, the latest first."""
    if refund.profile not in folding.profiles:
        return
    known = {id(bought): bought for bought in reversed(folding.purchases.values())}
    mine = [bought for bought in known.values() if bought.sale.status != "open" and _is_mine(folding, bought)]
    for bought, part in parts_of(refund, mine):
        _follow(folding, bought, part, refund.at)


def _follow(folding: Folding, bought: Purchase, event: Later, at: datetime) -> None:
    """Let one event that belongs to a purchase have all its consequences, at an instant not before the purchase."""
    if isinstance(event, HandedOver):
        bought.hand_over(event)
    else:
        bought.give_back(event)
        if bought.sale.status != "open" and _is_mine(folding, bought):
            _unearn(folding, bought, event, at)
        for name in bought.names():
            for redemption, points in folding.redeemed.get(name, ()):
                give_back_points(folding, bought, redemption, points, event, at)
    _activate(folding, bought, at)
    folding.plan()


def _activate(folding: Folding, bought: Purchase, at: datetime) -> None:
    """Points that wait for the whole order to leave get their day when it has."""
    ledger, where = folding.ledger, folding.programme.zone
    lot = ledger.lots.get(lot_of("order", bought.sale.order))
    if lot is None or not lot.pending or lot.usable_from != FOREVER or not bought.all_gone():
        return
    usable = max(at, expiring.usable_from(at, bought.version.pending_days, where))
    ledger.set_usable(lot.id, usable, expiring.expires_at(bought.expiry, usable, where))
    ledger.activate_due(at)


def _unearn(folding: Folding, bought: Purchase, cause: Event, at: datetime) -> None:
    """Take back what the rest of a purchase would not have earned, nor counted for the tier."""
    before, (basis, points) = (bought.basis, bought.points), bought.worth()
    bought.basis, bought.points = min(basis, bought.basis), min(points, bought.points)
    if bought.points < before[1]:
        _claw_back(folding, bought, before[1] - bought.points, cause, at)
    memberships = bought.memberships()
    if memberships or (bought.basis, bought.points) != before:
        folding.tiers.give_back(bought.sale.order, bought.basis, bought.points, at, memberships)
        folding.book.turns(folding.tiers.turns, cause.id)


def _claw_back(folding: Folding, bought: Purchase, points: int, cause: Event, at: datetime) -> None:
    ledger, version = folding.ledger, bought.version
    balance = ledger.balance()
    lot = lot_of("order", bought.sale.order)
    done = ledger.claw_back(lot, points, version.spending, version.debt, version.debt_limit)
    moved = ledger.balance() - balance  # what had expired of it left the balance then
    folding.book.note(at, cause.id, "clawed back", -done, "refund", moved=moved, version=version)


def give_back_points(
    folding: Folding, bought: Purchase, redemption: str, points: int, cause: Event, at: datetime
) -> None:
    """Give redeemed points back in the measure in which the purchase was."""
    done = folding.ledger.give_back(redemption, bought.share_back(points, folding.programme.tender))
    folding.book.note(at, cause.id, "returned", done[0], "refund")
    folding.let_go(at, cause.id, moves.LetGo(*done))
