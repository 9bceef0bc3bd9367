"""The first example of README.md, word for word: what a newcomer writes passes a strict type checker."""
# ruff: noqa: I001, T201

from datetime import UTC, datetime
from omo_adapters.shop import open_shop
from omo_core.loyalty import RedeemPoints, simple_programme
from omo_core.trade import Sale, SaleLine

at = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
points = simple_programme("HKD", per=1000, worth=10, zone_name="Asia/Hong_Kong")  # a point per HK$10, worth HK$0.10
with open_shop("shop.db", points) as shop:
    tees = SaleLine(line="1", sku="TEE", units=2, amount=39800)  # money is in whole cents: HK$398.00
    shop.record(Sale(id="sale/881", at=at, order="S1-881", profile="card:4711", currency="HKD", lines=(tees,)))
    print("card:4711 has", shop.account("card:4711", as_of=at).spendable, "points")
    for request in ("S1/17", "S1/18", "S1/17"):  # the last one is a retry
        print(shop.execute(RedeemPoints(request=request, at=at, profile="card:4711", points=30, currency="HKD")))
    print(shop.account("card:4711", as_of=at).spendable, "points are left")
