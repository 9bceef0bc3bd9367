"""What a programme's terms say to points that are to pay for an order: redeemed, held or captured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from omo_core.loyalty.programme import Programme, Redemption, Version
from omo_core.loyalty.purchase import Purchase
from omo_core.loyalty.redeeming import allowance
from omo_core.loyalty.refusals import CurrencyNotRedeemable, LoyaltyRefusal, NotAStep, NotRedeemableHere, OverLimit

if TYPE_CHECKING:
    from omo_core.loyalty.commands import PayingCommand


@frozen(kw_only=True)
class Till:
    """What is known of the order when points are to pay for it."""

    bought: Purchase | None
    """The order as it was told, if it was."""
    already: int
    """How many points pay for it, or are held for it, by now."""


def currency_of(programme: Programme, command: PayingCommand, held_for: str = "") -> str:
    """Say in which money points pay: as asked, or as the hold was opened for; money pays in its own and no other."""
    asked = command.currency or held_for
    return asked if asked or programme.unit == "points" else programme.unit


def against_terms(
    version: Version, command: PayingCommand, currency: str, till: Till, *, opens: bool = True
) -> LoyaltyRefusal | None:
    """Say which term, if any, is against it. What does not pay in money has no terms.

    ``opens`` is false for a capture: the minimum was asked for when the hold was opened, and parts may be captured.
    """
    if not currency:
        return None
    terms = version.redemption_in(currency, command.channel, command.store)
    if version.redemption_in(currency) is None:
        return CurrencyNotRedeemable(currency=currency)
    if till.bought is not None and till.bought.sale.currency != currency:
        return CurrencyNotRedeemable(currency=till.bought.sale.currency)
    if terms is None:
        return NotRedeemableHere(channel=command.channel, store=command.store)
    terms = terms if opens else evolve(terms, minimum=0)
    if command.points % terms.points or command.points < terms.minimum:
        return NotAStep(asked=command.points, step=terms.points, minimum=terms.minimum)
    allowed = allowance(terms, command.points, _amount(terms, command, till.bought), till.already)
    if allowed.points < command.points:
        return OverLimit(asked=command.points, allowed=allowed.points, limit=allowed.limit)
    return None


def _amount(terms: Redemption, command: PayingCommand, bought: Purchase | None) -> int | None:
    """Give what the order costs: as told, else as known; nothing of one that came back in full can be paid."""
    if bought is None:
        return command.order_amount or None
    left = bought.left_to_pay(discounted=terms.kind == "discount")
    return command.order_amount if command.order_amount and left else left
