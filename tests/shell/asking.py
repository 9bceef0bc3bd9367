"""What tests ask a shop, as values that can be compared: everything about the small world of the samples."""

from omo_adapters.desk import Rules
from omo_adapters.shop import Shop
from omo_core.identifiers import LocationId, OrderId, ProfileId, Sku
from omo_core.instants import zone
from omo_core.loyalty import Earning, Expiry, Ladder, Programme, Redemption, Tier, Version
from omo_core.stock import Positions

PROGRAMME = Programme(
    zone=zone("Asia/Hong_Kong"),
    versions=(
        Version(
            earnings=(Earning(currency="HKD", per=100),),
            redemptions=(Redemption(currency="HKD", amount=100),),
            expiry=Expiry(kind="days", after=30),
            ladder=Ladder(
                currency="HKD", tiers=(Tier(name="base"), Tier(name="gold", at_least=25_000, multiplier=(2, 1)))
            ),
        ),
    ),
)
RULES = Rules(programme=PROGRAMME)


def seen_stock(positions: Positions) -> object:
    """Everything that an article's positions say, as a value."""
    places = positions.locations()
    return (
        {
            place: (positions.on_hand(place), positions.unavailable(place), positions.allocated(place))
            for place in places
        },
        positions.allocated(None),
        {key: (p.units, p.location) for key, p in sorted(positions.promises.items()) if p.units},
        {name: (hold.units, hold.until) for name, hold in sorted(positions.holds.items())},
    )


def everything(shop: Shop, *, profiles=("p1", "p2", "p3"), skus=("TEE", "CAP"), orders=("o1", "o2", "o3")) -> object:
    """Everything that a shop says about the small world, as a value."""
    return (
        [shop.member(ProfileId(profile)) for profile in profiles],
        [shop.account(ProfileId(profile)) for profile in profiles],
        [seen_stock(shop.stock(Sku(sku))) for sku in skus],
        [shop.order(OrderId(order)) for order in orders],
    )


def free(shop: Shop, sku: str = "TEE", location: str = "S1", at=None) -> int:
    return shop.stock(Sku(sku)).free(LocationId(location), at or shop.now())
