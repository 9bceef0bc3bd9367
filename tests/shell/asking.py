"""What tests ask a shop, as values that can be compared: everything about the small world of the strategies."""

from datetime import datetime, timedelta

from omo_adapters.desk import Rules
from omo_adapters.shop import Shop
from omo_adapters.testing.samples import START
from omo_adapters.testing.strategies import ORDERS, PROFILES, SKUS
from omo_core.identifiers import LocationId, Sku
from omo_core.instants import zone
from omo_core.loyalty import Earning, Expiry, Ladder, Programme, Redemption, Tier, Version
from omo_core.stock import Movement, Positions

LADDER = Ladder(
    currency="HKD",
    tiers=(
        Tier(name="base"),
        Tier(name="gold", at_least=20_000, multiplier=(3, 2)),
        Tier(name="black", at_least=40_000),
    ),
    months=1,
    term_months=1,
    refund="immediate",
)
PROGRAMME = Programme(
    zone=zone("Asia/Hong_Kong"),
    versions=(
        Version(
            name="1",
            earnings=(Earning(currency="HKD", per=100), Earning(currency="JPY", points=3, per=7, rounding="half_even")),
            redemptions=(Redemption(currency="HKD", points=10, amount=100),),
            expiry=Expiry(kind="days", after=10),
            ladder=LADDER,
        ),
        Version(
            name="2",
            since=START + timedelta(minutes=6),
            earnings=(Earning(currency="HKD", per=300, rounding="half_up", idle_tenders=("gift_card",)),),
            redemptions=(Redemption(currency="HKD", amount=100),),
            pending_days=2,
            spending="oldest",
            expiry=Expiry(kind="months", after=1),
            ladder=LADDER,
        ),
        Version(
            name="3",
            since=START + timedelta(days=20),
            earnings=(Earning(currency="HKD", per=100, shipping=True),),
            redemptions=(Redemption(currency="HKD", amount=100, minimum=20),),
            expiry=Expiry(kind="never"),
            debt="limit",
            debt_limit=60,
        ),
    ),
)
"""A programme that uses as many of its policies as fit into forty days."""
RULES = Rules(programme=PROGRAMME)
NOW = START + timedelta(days=41)


def seen_stock(positions: Positions) -> object:
    """Everything that an article's positions say, as a value."""
    places = positions.locations()
    return (
        [
            (place, positions.on_hand(place), positions.unavailable(place), positions.allocated(place))
            for place in places
        ],
        positions.allocated(None),
        sorted((key, p.units, p.location) for key, p in positions.promises.items() if p.units),
        sorted(
            (part.hold, part.id, part.units, part.location or "", part.channel, part.until)
            for part in positions.holds.parts()
        ),
        [(place, positions.free_raw(place, NOW), repr(positions.places.get(place))) for place in places],
        sorted((key, repr(p.shares), p.short_at) for key, p in positions.promises.items()),
        sorted(map(repr, [*positions.incoming.values(), *positions.transfers.values()])),
        sorted(
            [
                *positions.serials.items(),
                *positions.doubts.items(),
                *positions.composed.items(),
                *positions.expiries.items(),
            ],
            key=repr,
        ),
    )


def everything(shop: Shop) -> object:
    """Everything that a shop says about the small world now, as a value."""
    return (
        [shop.member(profile) for profile in PROFILES],
        [shop.account(profile) for profile in PROFILES],
        [seen_stock(shop.stock(sku)) for sku in SKUS],
        [shop.order(order) for order in ORDERS],
    )


def at_all_times(shop: Shop, *, known_at: datetime | None = None) -> object:
    """Everything that a shop says, now and as of some instants in the past, with every movement."""
    moments = [START + timedelta(minutes=minutes) for minutes in (4, 9, 60 * 24 * 3, 60 * 24 * 25)]
    return (
        everything(shop),
        [shop.account(profile, as_of=at, known_at=known_at) for profile in PROFILES for at in moments],
        [shop.statement(profile, known_at=known_at) for profile in PROFILES],
        [seen_stock(shop.stock(sku, as_of=at, known_at=known_at)) for sku in SKUS for at in moments],
        [[_movement(line) for line in shop.stock_ledger(sku, known_at=known_at)] for sku in SKUS],
        [shop.history(profile) for profile in PROFILES],
    )


def _movement(line: Movement) -> object:
    return line.at, line.event, line.location, line.units, line.what, line.on_hand


def free(shop: Shop, at: datetime, sku: str = "TEE", location: str = "S1") -> int:
    """What can be promised of an article at a place."""
    return shop.stock(Sku(sku)).free(LocationId(location), at)
