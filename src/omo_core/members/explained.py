"""Why two records are one person, why they are not, and what would be without an identifier: as data."""

from __future__ import annotations

from attrs import frozen

from omo_core.identifiers import MemberId, ProfileId
from omo_core.members.reasons import Demoted, Remedy, Stopped
from omo_core.members.resolving import Link, Member


@frozen(kw_only=True)
class Why:
    """The chain of links that made two records one person: at each step the most trusted there was."""

    one: ProfileId
    other: ProfileId
    member: MemberId
    chain: tuple[Link, ...]
    bridges: tuple[str, ...]
    """Those pieces of evidence without any one of which the two would be two persons; now and then one is not in the
    chain, but keeps a guard from it."""


@frozen(kw_only=True)
class WhyNot:
    """What keeps two records from being one person; nothing in it means that they share nothing."""

    one: ProfileId
    other: ProfileId
    stopped: tuple[Stopped, ...]
    demoted: tuple[Demoted, ...]
    """Keys that both sides bear and that join nobody."""
    remedies: tuple[Remedy, ...]
    """What would change it."""


@frozen(kw_only=True)
class WhatIf:
    """How members would be parted otherwise without one identifier or statement."""

    without: str
    before: tuple[Member, ...]
    after: tuple[Member, ...]
