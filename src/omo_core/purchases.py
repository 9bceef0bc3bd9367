"""From documents to purchases: what was bought, each purchase once.

The same purchase may be seen twice, by the till's own file and by the web shop that the till reports to. Two
documents that share an order id are two sightings of one purchase, which counts once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from attrs import evolve, frozen

from omo_core.events import Event
from omo_core.identifiers import EventId, OrderId, ProfileId
from omo_core.trade import Sale


@frozen(kw_only=True)
class Cancelled(Event):
    """A purchase ended before it was fulfilled. Derived from the sale's own document, never stored."""

    rank: ClassVar[int] = 45

    order: OrderId


def cancelled(sale: Sale) -> Cancelled:
    """Give the moment a cancelled sale ended as an event of its own."""
    return Cancelled(id=EventId(f"{sale.id}/cancelled"), at=sale.ended_at or sale.at, order=sale.order)


def one_sale(group: tuple[Sale, ...]) -> Sale:
    """Give a purchase as the sighting that counts, with every name it goes by and the record it was bought on."""
    first = group[0]
    if len(group) == 1:
        return first
    also = tuple(name for name in names(group) if name != first.order)
    return evolve(first, also=also, profile=bearer(group))


def sightings(sales: Iterable[Sale]) -> list[tuple[Sale, ...]]:
    """Group sales that are sightings of one purchase: those that share any order id, directly or over a third.

    Within a group the sighting that counts comes first: highest authority, then earliest, then smallest id.
    """
    group_of: dict[OrderId, list[Sale]] = {}
    for sale in sales:
        merged = [sale]
        for name in (sale.order, *sale.also):
            other = group_of.get(name)
            if other is not None and other is not merged:
                merged, other = (other, merged) if len(other) > len(merged) else (merged, other)
                merged.extend(member for member in other if not any(member is known for known in merged))
        for member in merged:
            for name in (member.order, *member.also):
                group_of[name] = merged
    distinct = {id(group): group for group in group_of.values()}
    return [tuple(sorted(group, key=lambda s: (-s.authority, s.at, s.id))) for group in distinct.values()]


def bearer(group: tuple[Sale, ...]) -> ProfileId | None:
    """Say whose purchase it is: the record that the first sighting to name one names."""
    return next((sale.profile for sale in group if sale.profile is not None), None)


def names(group: tuple[Sale, ...]) -> tuple[OrderId, ...]:
    """Give every order id that the purchase goes by."""
    return tuple(dict.fromkeys(name for sale in group for name in (sale.order, *sale.also)))


def purchases(latest: Iterable[Event]) -> list[Sale]:
    """Give each purchase of a history once; the history holds one version of each document (``events.current``)."""
    sales = [event for event in latest if isinstance(event, Sale)]
    if not any(sale.also for sale in sales) and len({sale.order for sale in sales}) == len(sales):
        return sales
    return [one_sale(group) for group in sightings(sales)]
