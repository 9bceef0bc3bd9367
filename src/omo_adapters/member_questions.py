"""What is asked about who is who: why, why not, what if, what waits for a decision, what is kept of a record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from attrs import frozen

from omo_adapters.privacy import Export, collect
from omo_adapters.shop import Shop
from omo_adapters.surroundings import Around, read_around
from omo_core.errors import InvariantBroken, Malformed
from omo_core.identifiers import EventId, Fingerprint, MemberId, ProfileId
from omo_core.loyalty import account
from omo_core.members import Member, Stopped, resolve
from omo_core.members.explaining import WhatIf, Why, WhyNot, what_if_without, why, why_not

_NUMBERED: Final = re.compile(r"_[0-9]+$")
"""What tells a second phone of one record from the first: ``phone_2``."""


@frozen(kw_only=True)
class Worth:
    """What a member has to spend, or would have."""

    member: MemberId
    programme: str
    spendable: int
    debt: int


@frozen(kw_only=True)
class Effect:
    """What would become of members without one identifier or statement, and of what they have."""

    found: WhatIf
    before: tuple[Worth, ...]
    after: tuple[Worth, ...]


def explain(shop: Shop, one: ProfileId, other: ProfileId) -> Why | WhyNot:
    """Say why two records are one member, or what keeps them apart."""
    if one == other:
        raise Malformed("other", "is the same record")
    rules = shop.rules.identity
    events = read_around(shop.journal, (one, other), rules).events
    found = why(events, rules, one, other) or why_not(events, rules, one, other)
    if found is None:
        raise InvariantBroken("two records are neither one member nor two")
    return found


def without(shop: Shop, profile: ProfileId, evidence: str) -> WhatIf:
    """Show what would become of a member without one identifier (its fingerprint) or statement (its id)."""
    rules = shop.rules.identity
    events = read_around(shop.journal, (profile,), rules, unless=evidence).events
    return what_if_without(events, rules, evidence)


def effect_without(shop: Shop, evidence: Fingerprint | EventId, profiles: Iterable[ProfileId]) -> Effect:
    """Show what would become of everybody around some records without one identifier or statement, with their points.

    Nothing is changed: the members that would be are folded from the same events.
    """
    around = read_around(shop.journal, tuple(profiles), shop.rules.identity, unless=evidence)
    found = what_if_without(around.events, shop.rules.identity, evidence)
    return Effect(
        found=found,
        before=_worth(shop, around, found.before),
        after=_worth(shop, around, found.after),
    )


def _worth(shop: Shop, around: Around, members: Iterable[Member]) -> tuple[Worth, ...]:
    now = shop.now()
    return tuple(
        Worth(member=member.id, programme=programme.name, spendable=has.spendable, debt=has.debt)
        for member in members
        for programme in shop.rules.programmes
        for has in (account(programme, around.events, frozenset(member.profiles), now, member.joined),)
    )


def review(shop: Shop, profile: ProfileId) -> tuple[Stopped, ...]:
    """List what waits for a decision about a record's bearer.

    Who the others are is read as well: they may have been forgotten, or somebody may have decided about them.
    """
    others = (name for item in _waiting(shop, profile) for name in (item.one, item.other))
    return _waiting(shop, profile, tuple(dict.fromkeys(others)))


def _waiting(shop: Shop, profile: ProfileId, others: tuple[ProfileId, ...] = ()) -> tuple[Stopped, ...]:
    events = read_around(shop.journal, (profile, *others), shop.rules.identity).events
    parted = resolve(events, shop.rules.identity, also=(profile,))
    mine = {name for member in parted.members if profile in member.profiles for name in member.profiles}
    return tuple(item for item in parted.waiting if item.one in mine or item.other in mine)


def export(shop: Shop, profile: ProfileId) -> Export:
    """Collect what is kept of one record, and of it alone, to be handed to its bearer."""
    return collect(shop.journal, shop.vault, profile)


def plain_values(shop: Shop, profiles: Iterable[ProfileId]) -> Mapping[Fingerprint, str]:
    """Give what the vault calls the identifiers of some records, by fingerprint; what can't be read is left out."""
    found: dict[Fingerprint, str] = {}
    kinds = {rule.kind for rule in shop.rules.identity.keys}
    for profile in profiles:
        fields = shop.vault.look(profile)
        for name, value in fields.items():
            kind = _NUMBERED.sub("", name)
            if kind in kinds and value:
                try:
                    found[shop.fingerprint(kind, value, fields.get(f"{name}_provider", ""))] = value
                except Malformed:
                    continue  # a spelling that is no key: nothing was fingerprinted by it either
    return found
