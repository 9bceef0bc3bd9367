"""Telling a shop a day of facts and commands, one after the other."""

from collections.abc import Iterable

from omo_adapters.shell import Item, Result
from omo_adapters.shop import Shop


def tell(shop: Shop, day: Iterable[Item]) -> list[Result]:
    """Tell a shop one thing after the other, each as a call of its own."""
    return [shop.run((item,))[0] for item in day]
