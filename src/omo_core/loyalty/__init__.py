"""Loyalty: one balance and one tier on what a member does in all channels."""

from omo_core.loyalty.account import Account, LotView, TierView, account, statement, view
from omo_core.loyalty.commands import AdjustPoints, RedeemPoints
from omo_core.loyalty.deciding import Case, decide_adjust, decide_redeem
from omo_core.loyalty.events import PointsGranted, PointsRedeemed
from omo_core.loyalty.folding import Folding, fold
from omo_core.loyalty.ledger import Ledger, Line, Lot
from omo_core.loyalty.programme import (
    Earning,
    Expiry,
    Ladder,
    Programme,
    Redemption,
    Tier,
    Version,
    simple_programme,
)
from omo_core.loyalty.refusals import (
    CurrencyNotRedeemable,
    LoyaltyRefusal,
    MemberUnknown,
    NotAStep,
    NotEnoughPoints,
    ProgrammeNotOpen,
)
from omo_core.loyalty.timeline import timeline

__all__ = [
    "Account",
    "AdjustPoints",
    "Case",
    "CurrencyNotRedeemable",
    "Earning",
    "Expiry",
    "Folding",
    "Ladder",
    "Ledger",
    "Line",
    "Lot",
    "LotView",
    "LoyaltyRefusal",
    "MemberUnknown",
    "NotAStep",
    "NotEnoughPoints",
    "PointsGranted",
    "PointsRedeemed",
    "Programme",
    "ProgrammeNotOpen",
    "RedeemPoints",
    "Redemption",
    "Tier",
    "TierView",
    "Version",
    "account",
    "decide_adjust",
    "decide_redeem",
    "fold",
    "simple_programme",
    "statement",
    "timeline",
    "view",
]
