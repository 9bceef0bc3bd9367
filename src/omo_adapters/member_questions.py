"""What is asked about who is who: why, why not, what if, what waits for a decision, what is kept of a record."""

from __future__ import annotations

from omo_adapters.privacy import Export, collect
from omo_adapters.shop import Shop
from omo_adapters.surroundings import read_around
from omo_core.errors import InvariantBroken
from omo_core.identifiers import ProfileId
from omo_core.members import Stopped, resolve
from omo_core.members.explaining import WhatIf, Why, WhyNot, what_if_without, why, why_not


def explain(shop: Shop, one: ProfileId, other: ProfileId) -> Why | WhyNot:
    """Say why two records are one member, or what keeps them apart."""
    rules = shop.rules.identity
    events = read_around(shop.journal, (one, other), rules).events
    found = why(events, rules, one, other) or why_not(events, rules, one, other)
    if found is None:
        raise InvariantBroken("two records are neither one member nor two")
    return found


def without(shop: Shop, profile: ProfileId, evidence: str) -> WhatIf:
    """Show what would become of a member without one identifier (its fingerprint) or statement (its id)."""
    events = read_around(shop.journal, (profile,), shop.rules.identity).events
    return what_if_without(events, shop.rules.identity, evidence)


def review(shop: Shop, profile: ProfileId) -> tuple[Stopped, ...]:
    """List what waits for a decision about a record's bearer."""
    events = read_around(shop.journal, (profile,), shop.rules.identity).events
    parted = resolve(events, shop.rules.identity, also=(profile,))
    mine = {name for member in parted.members if profile in member.profiles for name in member.profiles}
    return tuple(item for item in parted.stopped if item.one in mine or item.other in mine)


def export(shop: Shop, profile: ProfileId) -> Export:
    """Collect what is kept of one record, and of it alone, to be handed to its bearer."""
    return collect(shop.journal, shop.vault, profile)
