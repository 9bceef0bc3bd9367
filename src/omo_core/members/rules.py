"""Which keys may join two records, as data: one rule per kind of claim."""

from __future__ import annotations

from attrs import frozen

from omo_core.members.events import Claim, Proof


@frozen(kw_only=True)
class KeyRule:
    """What a kind of claim is worth as a key."""

    kind: str
    proofs: tuple[Proof, ...]
    """The claim links only where it was verified in one of these ways, on both records."""
    profiles_max: int = 10
    """A key that more records than this bear stops linking: it is a shop's own phone, not a person's."""


@frozen(kw_only=True)
class IdentityRules:
    """The keys of a shop. A kind that has no rule never links."""

    keys: tuple[KeyRule, ...]

    def links(self, claim: Claim) -> bool:
        """Say whether a claim is good enough to be a key at all."""
        return any(rule.kind == claim.kind and claim.proof in rule.proofs for rule in self.keys)

    def profiles_max(self, kind: str) -> int:
        """Say how many records may share a key of this kind."""
        return next((rule.profiles_max for rule in self.keys if rule.kind == kind), 0)


_CHECKED: tuple[Proof, ...] = ("otp", "login", "clerk", "import", "platform")

DEFAULT_RULES = IdentityRules(
    keys=(
        KeyRule(kind="card", proofs=(*_CHECKED, "typed"), profiles_max=5),
        KeyRule(kind="line", proofs=("otp", "login", "platform", "import"), profiles_max=5),
        KeyRule(kind="shopify", proofs=("login", "platform", "import"), profiles_max=5),
        KeyRule(kind="email", proofs=_CHECKED),
        KeyRule(kind="phone", proofs=_CHECKED),
    )
)
"""Cards are keys as read; phones and e-mails only where somebody checked that they reach the bearer."""
