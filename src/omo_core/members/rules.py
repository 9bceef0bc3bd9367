"""Which keys may join two records, and what stops them, as data: one rule per kind of claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from attrs import field, frozen

from omo_core.identifiers import Fingerprint
from omo_core.members.events import Claim, Proof
from omo_core.members.surviving import USUAL_FIELDS, FieldRule

Role = Literal["shopper", "clerk", "manager", "privacy", "system"]
"""Who asks, as the application that asks vouches for it."""


@frozen(kw_only=True)
class KeyRule:
    """What a kind of claim is worth as a key. Keys are tried in the order in which the rules stand."""

    kind: str
    proofs: tuple[Proof, ...]
    """The claim links only where it was verified in one of these ways, on both records."""
    profiles_max: int = 10
    """A key that more records than this bear stops linking: it is a shop's own phone, not a person's."""
    values_max: int | None = None
    """How many identifiers of this kind (per provider) a person can have; one more stops a join."""
    names_stop: bool = False
    """Names that disagree stop a join by this key."""
    names_vouch: bool = False
    """Names that agree vouch for a key that was unused for long. A stranger who was given the number may know them."""
    stale_days: int | None = None
    """A key that was not used for longer than this before another record bore it may have been recycled."""


@frozen(kw_only=True)
class IdentityRules:
    """The keys of a shop. A kind that has no rule never links."""

    keys: tuple[KeyRule, ...]
    blocked: tuple[Fingerprint, ...] = ()
    """Values that staff type when they have none; they link nobody."""
    records_max: int = 100
    """No person is larger than this, whoever says so."""
    traits: tuple[tuple[str, ...], ...] = (("surname", "surname_latin"), ("given",), ("given_latin",), ("english",))
    """What names are compared by. In each group the first kind that both records have decides; each can object."""
    prefer: Literal["newest", "oldest"] = "newest"
    """Where a key can be only one person's: whose it is, by when each record came to bear it."""
    match_joins_at: int | None = None
    """From which likeness (parts per million) a matcher's proposal joins by itself; never, unless a shop says so."""
    otp_minutes: int = 10
    """How long a one-time password proves anything."""
    fields: tuple[FieldRule, ...] = USUAL_FIELDS
    """Which of a member's records is believed about what; ``*`` stands for every field without a rule."""
    roles: Mapping[str, tuple[Role, ...]] = field(factory=lambda: ROLES)
    """Per kind of command: who may ask it."""

    def links(self, claim: Claim) -> bool:
        """Say whether a claim is good enough to be a key at all."""
        return any(rule.kind == claim.kind and claim.proof in rule.proofs for rule in self.keys)

    def knows(self, kind: str) -> bool:
        """Say whether a kind of claim has a rule."""
        return any(rule.kind == kind for rule in self.keys)

    def profiles_max(self, kind: str) -> int:
        """Say how many records may share a key of this kind."""
        return next((rule.profiles_max for rule in self.keys if rule.kind == kind), 0)


_STAFF: Final[tuple[Role, ...]] = ("clerk", "manager", "privacy", "system")
_CHECKED: Final[tuple[Proof, ...]] = ("otp", "login", "clerk", "import", "platform")

ROLES: Final[Mapping[str, tuple[Role, ...]]] = {
    "bind_profile": ("shopper", *_STAFF),
    "join_profiles": ("clerk", "manager", "system"),
    "part_profiles": ("clerk", "manager", "system"),
    "withdraw_statement": ("manager", "system"),
    "resolve_review": ("manager", "system"),
    "verify_claim": _STAFF,
    "revoke_claim": _STAFF,
    "recycle_number": ("manager", "privacy", "system"),
    "share_key": ("clerk", "manager", "system"),
    "forget_member": ("privacy", "system"),
    "export_member": ("privacy", "system"),
    "tag_profile": _STAFF,
    "note_profile": _STAFF,
    "set_consent": ("shopper", *_STAFF),
}
"""Who may ask what, unless a shop says otherwise."""

DEFAULT_RULES: Final = IdentityRules(
    keys=(
        KeyRule(kind="card", proofs=(*_CHECKED, "typed"), profiles_max=5),
        KeyRule(kind="line", proofs=("otp", "login", "platform", "import"), profiles_max=5, values_max=1),
        KeyRule(kind="whatsapp", proofs=("otp", "login", "platform", "import"), profiles_max=5),
        KeyRule(kind="app", proofs=("otp", "login", "platform", "import"), profiles_max=5),
        KeyRule(kind="shopify", proofs=("login", "platform", "import"), profiles_max=5),
        KeyRule(kind="email", proofs=_CHECKED, names_stop=True),
        KeyRule(kind="phone", proofs=_CHECKED, names_stop=True, stale_days=365),
    )
)
"""Cards are keys as read; phones and e-mails only where somebody checked that they reach the bearer."""
