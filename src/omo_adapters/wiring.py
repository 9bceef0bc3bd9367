"""Which rule answers which command, and what it is given to decide on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeVar

from omo_adapters.desk import Desk
from omo_adapters.dockets import docket_of
from omo_adapters.member_wiring import MEMBER_COMMANDS, answer_member
from omo_core.decisions import Accepted, Command, Refusal, Refused
from omo_core.errors import Malformed
from omo_core.fulfilment import (
    CancelOrder,
    CollectOrder,
    MarkReady,
    Order,
    PlacePickupOrder,
    decide_cancel,
    decide_collect,
    decide_place,
    decide_ready,
)
from omo_core.identifiers import OrderId, Sku, transfer_stream
from omo_core.loyalty import (
    AdjustPoints,
    CaptureHold,
    Case,
    GrantTier,
    HoldPoints,
    MemberUnknown,
    PointsCommand,
    ProgrammeNotOpen,
    RedeemPoints,
    ReinstatePoints,
    TransferPoints,
    VoidHold,
    decide_adjust,
    decide_capture,
    decide_grant_tier,
    decide_redeem,
    decide_reinstate,
    decide_transfer,
    decide_void,
)
from omo_core.loyalty import decide_hold as decide_hold_points
from omo_core.loyalty.deciding import unknown
from omo_core.stock import (
    AllocateLine,
    HoldSlots,
    HoldUnits,
    OrderTransfer,
    Positions,
    ReleaseHold,
    ReleaseSlots,
    RenewHold,
    SourceOrder,
    StartPicking,
    Wanted,
    counted,
    decide_allocate,
    decide_hold,
    decide_hold_slots,
    decide_order_transfer,
    decide_picking,
    decide_release,
    decide_release_slots,
    decide_renew,
    decide_source,
    demand,
    free_for,
    refuse_leaving,
)
from omo_core.stock.capacity import with_slots
from omo_core.trade import HandedOver

Answer = Accepted | Refused[Refusal]
C = TypeVar("C", bound=Command)


P = TypeVar("P", bound=PointsCommand)


def _on_points(decide: Callable[[Case, P], Answer]) -> Callable[[Desk, P], Answer]:
    """Give a points rule the account it is asked about."""

    def answered(desk: Desk, command: P) -> Answer:
        if not desk.person(command.profile).known:
            return unknown(command)
        case = desk.case(command.profile, command.programme)
        return Refused(ProgrammeNotOpen()) if case is None else decide(case, command)

    return answered


def _transfer(desk: Desk, command: TransferPoints) -> Answer:
    """The receiver is read as well: who bears the record decides whether it is a gift at all."""
    receiver = desk.person(command.receiver)
    answer = _on_points(decide_transfer)(desk, command)
    if isinstance(answer, Accepted) and not receiver.known:
        return Refused(MemberUnknown(profile=command.receiver))
    return answer


def _articles(desk: Desk, command: Command, skus: Iterable[Sku]) -> dict[Sku, Positions]:
    """Give articles as they are known for a command of that instant."""
    return {sku: desk.article_for(sku, command.at) for sku in skus}


def _then(desk: Desk, skus: Iterable[Sku], command: Command) -> dict[Sku, Positions]:
    """Give articles as of the command's instant: goods of a later date fill no command."""
    return {sku: desk.article_as_of(sku, command.at) for sku in skus}


def _hold(desk: Desk, command: HoldUnits) -> Answer:
    stock = _articles(desk, command, demand(command.lines, desk.rules.stock.opened_kits))
    return decide_hold(stock, desk.rules.stock, command, then=_then(desk, stock, command))


def _renew(desk: Desk, command: RenewHold) -> Answer:
    stock = _articles(desk, command, counted(command.skus, desk.rules.stock.opened_kits))
    return decide_renew(stock, desk.rules.stock, command, then=_then(desk, stock, command))


def _source(desk: Desk, command: SourceOrder) -> Answer:
    stock = _articles(desk, command, dict.fromkeys(line.sku for line in command.lines))
    answer = decide_source(stock, command, desk.rules.stock, then=_then(desk, stock, command))
    locations = tuple(dict.fromkeys(part.location for line in command.lines for part in line.parts))
    moved = frozenset((line.line, line.sku) for line in command.lines)
    docket = docket_of(desk, command, command.order, locations, moved, slot=command.slot, hold=command.hold)
    return with_slots(answer, docket, locations)


def _pick(desk: Desk, command: StartPicking) -> Answer:
    stock = _articles(desk, command, counted(command.skus, desk.rules.stock.opened_kits))
    return decide_picking(stock, command, desk.rules.stock)


def _transfer_goods(desk: Desk, command: OrderTransfer) -> Answer:
    stock = _articles(desk, command, demand(command.lines, desk.rules.stock.opened_kits))
    known = desk.is_known(transfer_stream(command.transfer))
    return decide_order_transfer(stock, desk.rules.stock, command, then=_then(desk, stock, command), known=known)


def _release(desk: Desk, command: ReleaseHold) -> Answer:
    kits = desk.rules.stock.opened_kits
    return decide_release(_articles(desk, command, counted(command.skus, kits)), command, kits)


def _allocate(desk: Desk, command: AllocateLine) -> Answer:
    article = desk.article_for(command.sku, command.at)
    answer = decide_allocate(article, command, desk.rules.stock, then=desk.article_as_of(command.sku, command.at))
    locations = (command.location,) if command.location is not None else ()
    moved = frozenset(((command.line, command.sku),))
    return with_slots(answer, docket_of(desk, command, OrderId(command.order), locations, moved), locations)


def _hold_slots(desk: Desk, command: HoldSlots) -> Answer:
    slots = {one.spot: desk.slot(*one.spot) for one in command.slots}
    return decide_hold_slots(slots, desk.rules.stock, command)


def _release_slots(desk: Desk, command: ReleaseSlots) -> Answer:
    return decide_release_slots({one.spot: desk.slot(*one.spot) for one in command.slots}, command)


def _place(desk: Desk, command: PlacePickupOrder) -> Answer:
    rules, hold = desk.rules.stock, command.hold
    wanted = [Wanted(sku=line.sku, units=line.units) for line in command.lines]
    stock = _articles(desk, command, demand(wanted, rules.opened_kits))
    then = _then(desk, stock, command)
    free = {
        sku: free_for(
            stock[sku], rules, command.location, command.at, own=hold, channel=command.channel, then=then[sku]
        )
        for sku in stock
    }
    own = tuple(part for sku in stock for part in (stock[sku].holds.get(hold, ()) if hold is not None else ()))
    return decide_place(desk.order(command.order), free, own, command, rules.opened_kits)


def _stock_of(desk: Desk, order: Order, command: Command) -> dict[Sku, Positions]:
    """Give the articles that an order's lines wait for, a kit's parts among them."""
    lines = order.sale.lines if order.sale is not None else ()
    return _articles(desk, command, dict.fromkeys(sku for line in lines if line.moves_stock for sku in line.skus))


def _ready(desk: Desk, command: MarkReady) -> Answer:
    order = desk.order(command.order)
    stock = _stock_of(desk, order, command)
    return decide_ready(order, command, [one for each in stock.values() for one in each.awaited(order.order)])


def _collect(desk: Desk, command: CollectOrder) -> Answer:
    """What leaves the counter leaves stock too, and may not be what is there for somebody else."""
    order = desk.order(command.order)
    stock = _stock_of(desk, order, command)
    answer = decide_collect(order, command, [one for each in stock.values() for one in each.awaited(order.order)])
    handed = answer.events[0] if isinstance(answer, Accepted) else None
    if not isinstance(handed, HandedOver):
        return answer
    taken = refuse_leaving(stock, desk.rules.stock, handed, command.at)
    return answer if taken is None else Refused(taken)


def _cancel(desk: Desk, command: CancelOrder) -> Answer:
    return decide_cancel(desk.order(command.order), command)


def _rule(
    kind: type[C], decide: Callable[[Desk, C], Answer]
) -> tuple[type[Command], Callable[[Desk, Command], Answer]]:
    def checked(desk: Desk, command: Command) -> Answer:
        if not isinstance(command, kind):
            raise Malformed("command", f"{type(command).__name__} is not a {kind.__name__}")
        return decide(desk, command)

    return kind, checked


DECISIONS: Final[Mapping[type[Command], Callable[[Desk, Command], Answer]]] = MappingProxyType(
    dict(
        (
            _rule(RedeemPoints, _on_points(decide_redeem)),
            _rule(AdjustPoints, _on_points(decide_adjust)),
            _rule(HoldPoints, _on_points(decide_hold_points)),
            _rule(CaptureHold, _on_points(decide_capture)),
            _rule(VoidHold, _on_points(decide_void)),
            _rule(TransferPoints, _transfer),
            _rule(GrantTier, _on_points(decide_grant_tier)),
            _rule(ReinstatePoints, _on_points(decide_reinstate)),
            _rule(HoldUnits, _hold),
            _rule(ReleaseHold, _release),
            _rule(RenewHold, _renew),
            _rule(AllocateLine, _allocate),
            _rule(SourceOrder, _source),
            _rule(HoldSlots, _hold_slots),
            _rule(ReleaseSlots, _release_slots),
            _rule(StartPicking, _pick),
            _rule(OrderTransfer, _transfer_goods),
            _rule(PlacePickupOrder, _place),
            _rule(MarkReady, _ready),
            _rule(CollectOrder, _collect),
            _rule(CancelOrder, _cancel),
            *(_rule(kind, answer_member) for kind in MEMBER_COMMANDS),
        )
    )
)
"""Every command that omo answers."""


def decide(desk: Desk, command: Command) -> Answer:
    """Answer a command on what the desk knows; nothing is written."""
    rule = DECISIONS.get(type(command))
    if rule is None:
        raise Malformed("command", f"{type(command).__name__} is not a command that omo answers")
    return rule(desk, command)
