"""Tells the same facts again in other orders and twice, and demands that nothing comes out differently."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

from omo_adapters.inbound import Personal
from omo_adapters.scenarios.difference import Difference
from omo_adapters.scenarios.scene import Scene
from omo_adapters.shop import Shop
from omo_core.events import Event
from omo_core.identifiers import OrderId, ProfileId, Sku
from omo_core.stock import Positions
from omo_core.trade import Sale

REPLAYS: Final = 6
"""How many other orders are tried: backwards first, then shuffled by a seed."""
SHOWN_MAX: Final = 3
"""How many differences of one order are told."""


def replay(
    scene: Scene, events: Sequence[Event], looks: Sequence[datetime], new_shop: Callable[[], Shop]
) -> list[Difference]:
    """Tell everything that happened to a new shop in other orders; what it then says must be what the first says."""
    orders = dict.fromkeys(name for e in events if isinstance(e, Sale) for name in (e.order, *e.also))
    first = _says(scene.shop, scene, orders, looks)
    differences = []
    for seed in range(REPLAYS):
        shop = new_shop()
        if seed % 2:
            _keep(shop, scene.personal)
        for event in reordered(events, seed):
            shop.record(event)
        _keep(shop, scene.personal[::-1])
        differences += _differences(seed, first, _says(shop, scene, orders, looks))
    return differences


def _keep(shop: Shop, personal: Iterable[Personal]) -> None:
    for one in personal:
        shop.vault.keep(one.profile, one.version, one.fields)


def reordered(events: Sequence[Event], seed: int) -> list[Event]:
    """Give the events in another order, every second one twice; seed 0 is backwards."""
    doubled = [*events, *events[seed % 2 :: 2]]
    if seed == 0:
        return doubled[::-1]
    return [event for _, _, event in sorted((_lot(seed, i), i, event) for i, event in enumerate(doubled))]


def _lot(seed: int, place: int) -> bytes:
    return sha256(f"{seed}/{place}".encode()).digest()


def _says(shop: Shop, scene: Scene, orders: Mapping[OrderId, None], looks: Sequence[datetime]) -> dict[str, str]:
    """Write down everything a shop says about the story."""
    said: dict[str, str] = {}
    for record in scene.records:
        member = shop.member(ProfileId(record))
        said[f"member {record}"] = repr(member)
        said[f"known of {record}"] = repr(shop.known(ProfileId(record)))
    for at in looks:
        when = at.astimezone(scene.zone).isoformat(" ", timespec="minutes")
        for record in scene.records:
            for programme in shop.rules.programmes:
                of = f"{record} ({programme.name}) at {when}" if shop.rules.more else f"{record} at {when}"
                name = programme.name
                said[f"account {of}"] = repr(shop.account(ProfileId(record), programme=name, as_of=at))
                said[f"statement {of}"] = repr(shop.statement(ProfileId(record), programme=name, as_of=at))
        for sku in scene.skus:
            said[f"stock {sku} at {when}"] = _positions(shop.stock(Sku(sku), as_of=at), at)
        for order in orders:
            said[f"order {order} at {when}"] = repr(shop.order(order, as_of=at))
    return said


def _positions(stock: Positions, at: datetime) -> str:
    told = [
        f"{place}: {stock.on_hand(place)}/{stock.unavailable(place)}/{stock.allocated(place)}/{stock.held(place, at)}"
        for place in stock.locations()
    ]
    promises = sorted(repr(promise) for promise in stock.promises.values())
    return "; ".join([*told, f"pool {stock.allocated(None)}/{stock.held(None, at)}", *promises])


def _differences(seed: int, first: Mapping[str, str], then: Mapping[str, str]) -> list[Difference]:
    order = "backwards" if seed == 0 else f"in order {seed}"
    return [
        Difference(step=0, at="", where=f"told {order}: {what}", expected=first[what], actual=then[what])
        for what in first
        if first[what] != then[what]
    ][:SHOWN_MAX]
