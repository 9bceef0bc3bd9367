"""The shape of ``[identity]``, in ``shop.toml`` and in scenarios: what a shop decides about who is who."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from omo_adapters.complaints import Shape
from omo_adapters.written import Name
from omo_core.members.events import Proof
from omo_core.members.rules import Role

Group = Annotated[tuple[Name, ...], Field(strict=False)]
Roles = Annotated[tuple[Role, ...], Field(strict=False)]


class KeyModel(Shape):
    """What a kind of claim is worth as a key; what is not said stays as it is usual for the kind."""

    kind: Name
    proofs: tuple[Proof, ...] | None = Field(default=None, strict=False)
    """How it must have been verified to link; an empty list: this kind never links two records."""
    profiles_max: Annotated[int, Field(ge=2, le=1000)] | None = None
    """How many records may share one such key."""
    values_max: Annotated[int, Field(ge=0, le=1000)] | None = None
    """How many of this kind a person can have; 0 for any number."""
    names_stop: bool | None = None
    """Names that disagree stop a join by this key."""
    names_vouch: bool | None = None
    """Names that agree vouch for a key that was unused for long."""
    stale_days: Annotated[int, Field(ge=0, le=36500)] | None = None
    """After so many days without use a key may be somebody else's; 0 for never."""


class FieldModel(Shape):
    """Which of a member's records is believed about a field."""

    field: Name
    """``name``, ``birthday``, ``email``, ``address``, …; ``*`` for every field without a table of its own."""
    sources: tuple[Name, ...] = Field(default=(), strict=False)
    """The trusted sources, the most trusted first."""
    prefer: Literal["newest", "oldest", "longest"] = "newest"
    """Which record counts among equally trusted ones."""


class IdentityModel(Shape):
    """Which keys may join two customer records, what stops them, and who may say what."""

    keys: tuple[KeyModel, ...] = Field(default=(), strict=False)
    only_these: bool = False
    """Whether the usual keys of other kinds are left out."""
    priority: tuple[Name, ...] = Field(default=(), strict=False)
    """The most trusted kinds of key, first to last; the others follow as usual, the shop's own last."""
    blocked: tuple[Name, ...] = Field(default=(), strict=False)
    """Placeholders of the shop's own, besides the usual ones: ``phone:21234567``."""
    block_usual: bool = True
    """Whether placeholders that every shop meets are blocked."""
    records_max: Annotated[int, Field(ge=2, le=10_000)] = 100
    """No member is larger."""
    names: Literal["off", "surnames", "full"] = "off"
    """Whether names speak for or against two records being one person."""
    traits: tuple[Group, ...] | None = Field(default=None, strict=False)
    """What names are compared by, in groups; as usual, unless said."""
    prefer: Literal["newest", "oldest"] = "newest"
    """Whose a key is that can be only one person's."""
    match_joins_at: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """From which likeness (parts per million) a matcher's proposal joins by itself."""
    fields: tuple[FieldModel, ...] = Field(default=(), strict=False)
    otp_minutes: Annotated[int, Field(ge=1, le=1440)] = 10
    """How long a one-time password proves anything."""
    roles: dict[Name, Roles] = Field(default_factory=dict)
    """Who may ask what, by kind of command, where it is not as usual."""
