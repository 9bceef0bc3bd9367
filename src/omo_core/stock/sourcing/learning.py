"""How far a location's stock record can be trusted, learned from what people found when they looked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from omo_core.identifiers import LocationId
from omo_core.stock.standing import Standing

PRIOR: Final = 950
"""What is believed of a record before anybody looked, per thousand."""
PRIOR_UNITS: Final = 20
"""How many units must be looked at before what was found weighs as much as what was believed."""


def confidence(looked: int, found: int) -> int:
    """Give the share of recorded units that are likely to be there, per thousand."""
    return (found * 1_000 + PRIOR * PRIOR_UNITS) // (looked + PRIOR_UNITS)


def confidence_of(positions: Standing, location: LocationId) -> int:
    """Give how far one article's record in one location can be trusted."""
    place = positions.places.get(location)
    return confidence(place.looked, place.found) if place is not None else confidence(0, 0)


def confidence_in(articles: Iterable[Standing], location: LocationId) -> int:
    """Give how far a location's records can be trusted, all these articles together."""
    places = [article.places[location] for article in articles if location in article.places]
    return confidence(sum(place.looked for place in places), sum(place.found for place in places))
