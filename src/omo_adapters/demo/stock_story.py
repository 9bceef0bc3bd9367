"""The hot bag in all places: what is there, who waits for it, what can still be promised, and what can't be kept."""

from __future__ import annotations

from attrs import frozen

from omo_adapters.demo.brand import HOT, PLACES, TSUEN_WAN, at
from omo_adapters.demo.opening import Stage
from omo_adapters.demo.week_story import FRI, THU
from omo_adapters.demo.wording import clock, order_name
from omo_core.identifiers import LocationId, Sku
from omo_core.stock import AtRisk, Positions, at_risk


@frozen(kw_only=True)
class Shelf:
    """The bag in one place."""

    name: str
    on_hand: int
    set_aside: int
    promised: int
    held: int
    free: int
    short: int
    """By how much more is promised there than there is."""
    waiting: tuple[str, ...]


@frozen(kw_only=True)
class HotStory:
    """The bag everywhere, and what happened in Tsuen Wan."""

    shelves: tuple[Shelf, ...]
    pool_waiting: tuple[str, ...]
    pool_free: int
    at_risk: tuple[AtRisk, ...]
    thursday: int
    """What lay in Tsuen Wan on Thursday, as far as omo knew on Thursday."""
    really: int
    """What lay there on Thursday, as is known since Friday."""


def hot_story(stage: Stage) -> HotStory:
    """Tell where the Navy Ferry Tote is."""
    sku, now = Sku(HOT.sku), stage.clock.now
    article = stage.shop.stock(sku)
    tsuen_wan = LocationId(TSUEN_WAN.id)
    evening, friday = at(THU, 21, 30), at(FRI, 0)
    return HotStory(
        shelves=tuple(_shelf(stage, article, LocationId(place.id), place.name) for place in PLACES),
        pool_waiting=_waiting(article, None),
        pool_free=article.free_in_pool(stage.settings.rules.stock.pool_of(article), now),
        at_risk=at_risk(article, stage.settings.rules.stock, now),
        thursday=stage.shop.stock(sku, as_of=evening, known_at=friday).on_hand(tsuen_wan),
        really=stage.shop.stock(sku, as_of=evening).on_hand(tsuen_wan),
    )


def _shelf(stage: Stage, article: Positions, place: LocationId, name: str) -> Shelf:
    now = stage.clock.now
    return Shelf(
        name=name,
        on_hand=article.on_hand(place),
        set_aside=article.unavailable(place),
        promised=article.allocated(place),
        held=article.held(place, now),
        free=article.free(place, now),
        short=max(0, -article.free_raw(place, now)),
        waiting=_waiting(article, place),
    )


def _waiting(article: Positions, place: LocationId | None) -> tuple[str, ...]:
    mine = [one for one in article.promises.values() if one.units and one.location == place]
    return tuple(
        f"{one.units} for {order_name(one.order)} ({clock(one.at)})"
        for one in sorted(mine, key=lambda one: (one.at, one.order))
    )
