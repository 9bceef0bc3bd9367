"""Since when records are one person, as a member states it and its account may count it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import frozen

from omo_core.identifiers import ProfileId


@frozen(kw_only=True)
class Joining:
    """From this instant on two records, and whatever each was one with by then, are one person."""

    at: datetime
    one: ProfileId
    other: ProfileId


def earliest(pairs: Iterable[Joining]) -> tuple[Joining, ...]:
    """Of all that makes records one, keep what did so first: one joining fewer than there are records.

    Of two joinings of one instant the one with the smaller names goes first.
    """
    heads: dict[ProfileId, ProfileId] = {}

    def head(profile: ProfileId) -> ProfileId:
        while heads.get(profile, profile) != profile:
            profile = heads[profile]
        return profile

    found = []
    for pair in sorted(pairs, key=lambda each: (each.at, each.one, each.other)):
        one, other = sorted((head(pair.one), head(pair.other)))
        if one != other:
            heads[other] = one
            found.append(pair)
    return tuple(found)
