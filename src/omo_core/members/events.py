"""What is observed of customer records, and what was decided about who is who."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final, Literal

from attrs import field, frozen

from omo_core.errors import Malformed
from omo_core.events import Event, check_items, check_texts, check_tuple
from omo_core.identifiers import Fingerprint, ProfileId, StreamName, claim_stream, profile_stream
from omo_core.instants import utc
from omo_core.quantities import flag, text

Proof = Literal["otp", "login", "clerk", "import", "platform", "typed"]
"""How a claim was verified: one-time password, login, seen by a clerk, imported as verified, vouched for by the
platform that issues it, or merely typed in."""
PROOFS: Final = ("otp", "login", "clerk", "import", "platform", "typed")
CLAIMS_MAX: Final = 100
"""The most claims that one record may state."""
TAGS_MAX: Final = 1000
"""The most tags that one list or one change may name."""
MARKETING: Final = "marketing"
"""The purpose that a consent is for where its source names none."""


def _utc_or_none(value: object) -> datetime | None:
    return None if value is None else utc(value, "claims")


def _updated(value: object) -> datetime | None:
    return None if value is None else utc(value, "updated_at")


@frozen(kw_only=True)
class Claim:
    """An identifier on a record, known to the journal by its keyed fingerprint only."""

    kind: str
    """``phone``, ``email``, ``card``, ``line``, ``shopify``, or a name of the shop's own."""
    fingerprint: Fingerprint
    proof: Proof = "typed"
    since: datetime | None = field(default=None, converter=_utc_or_none)
    """From when the bearer had it, if known."""
    until: datetime | None = field(default=None, converter=_utc_or_none)
    """Until when (exclusive), if it was given up."""
    provider: str = ""
    """Whose identifier it is, where several hand out their own: the LINE provider. Each is a key of its own."""
    seen: datetime | None = field(default=None, converter=_utc_or_none)
    """When the bearer was last known to use it; without, the record's own dates say."""

    def check(self) -> None:
        """Raise ``Malformed`` when the claim can't mean anything."""
        text(self.kind, "kind")
        text(self.fingerprint, "fingerprint")
        text(self.provider, "provider", empty=True)
        if self.proof not in PROOFS:
            raise Malformed("proof", f"{self.proof!r:.40} is none of {', '.join(PROOFS)}")
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise Malformed("until", "is not after since")


@frozen(kw_only=True)
class ProfileSeen(Event):
    """A customer record of one source, in one of its versions."""

    kind: ClassVar[str] = "profile_seen"
    rank: ClassVar[int] = 10

    profile: ProfileId
    claims: tuple[Claim, ...] = ()
    consents: tuple[tuple[str, bool], ...] = ()
    """Per channel (``email``, ``sms``, ``line``): whether marketing is allowed."""
    tags: tuple[str, ...] = ()
    inferred: bool = False
    """Made up from an identifier alone (a card at a till), not kept by anybody: never the earliest of a person's."""
    deleted: bool = False
    """The source has deleted the record; its history stays its own, but its claims link nobody any more."""
    updated_at: datetime | None = field(default=None, converter=_updated)
    """When its source made this version of it; without, the version says what was so at ``at``."""

    @property
    def homes(self) -> tuple[StreamName, ...]:
        """Live in the record's history."""
        return (profile_stream(self.profile),)

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the history of each claim."""
        return tuple(dict.fromkeys(claim_stream(claim.fingerprint) for claim in self.claims))

    def check(self) -> None:
        """Raise ``Malformed`` when the record can't mean anything."""
        Event.check(self)
        text(self.profile, "profile")
        if len(check_tuple(self.claims, "claims")) > CLAIMS_MAX:
            raise Malformed("claims", f"has {len(self.claims)} claims, the limit is {CLAIMS_MAX}")
        check_items(self.claims, "claims", Claim)
        flag(self.inferred, "inferred")
        flag(self.deleted, "deleted")
        for place, consent in enumerate(check_tuple(self.consents, "consents")):
            if len(check_tuple(consent, f"consents[{place}]")) != 2:
                raise Malformed(f"consents[{place}]", f"{consent!r:.40} is not a channel and a yes or no")
        for channel, allowed in self.consents:
            text(channel, "consents")
            flag(allowed, "consents")
        check_tags(self.tags, "tags")


@frozen(kw_only=True)
class ProfilesJoined(Event):
    """Somebody who may say so said that two records are one person: staff, or the platform that merged them."""

    kind: ClassVar[str] = "profiles_joined"
    rank: ClassVar[int] = 11

    one: ProfileId
    other: ProfileId
    reason: str = ""
    actor: str = ""
    withdrawn: bool = False
    """A later version takes it back."""
    proven: Fingerprint | None = None
    """The identifier that a one-time password was sent to, where one proved it."""
    challenge: str = ""
    """The sender's own number for that password: it proves something once."""

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in both records' histories, and in that of what proved it."""
        proven = () if self.proven is None else (claim_stream(self.proven),)
        return (profile_stream(self.one), profile_stream(self.other), *proven)

    def check(self) -> None:
        """Raise ``Malformed`` when the statement can't mean anything."""
        Event.check(self)
        if self.proven is not None:
            text(self.proven, "proven")
        text(self.challenge, "challenge", empty=True)
        text(self.one, "one")
        text(self.other, "other")
        text(self.reason, "reason", empty=True)
        flag(self.withdrawn, "withdrawn")
        text(self.actor, "actor", empty=True)
        if self.one == self.other:
            raise Malformed("other", "a record can't be joined to itself")


@frozen(kw_only=True)
class ConsentSeen(Event):
    """What a record's bearer said about one channel, for one purpose; a later version is a later word."""

    kind: ClassVar[str] = "consent_seen"
    rank: ClassVar[int] = 12

    profile: ProfileId
    channel: str
    """``email``, ``sms``, ``line``, ``whatsapp``, or a name of the shop's own."""
    allowed: bool | None = None
    """None where the question was put but not answered: it says nothing, and takes an earlier yes back."""
    purpose: str = MARKETING

    @property
    def homes(self) -> tuple[StreamName, ...]:
        """Live in the record's history."""
        return (profile_stream(self.profile),)

    def check(self) -> None:
        """Raise ``Malformed`` when the word can't mean anything."""
        Event.check(self)
        text(self.profile, "profile")
        check_consent(self.channel, self.purpose)
        if self.allowed is not None:
            flag(self.allowed, "allowed")


@frozen(kw_only=True)
class TagsSeen(Event):
    """All the tags that a record has, as of one of its versions."""

    kind: ClassVar[str] = "tags_seen"
    rank: ClassVar[int] = 13

    profile: ProfileId
    tags: tuple[str, ...] = ()

    @property
    def homes(self) -> tuple[StreamName, ...]:
        """Live in the record's history."""
        return (profile_stream(self.profile),)

    def check(self) -> None:
        """Raise ``Malformed`` when the tags can't mean anything."""
        Event.check(self)
        text(self.profile, "profile")
        check_tags(self.tags, "tags")


@frozen(kw_only=True)
class TagsChanged(Event):
    """Tags were put on a record or taken off it, the others staying as they were."""

    kind: ClassVar[str] = "tags_changed"
    rank: ClassVar[int] = 14

    profile: ProfileId
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def homes(self) -> tuple[StreamName, ...]:
        """Live in the record's history."""
        return (profile_stream(self.profile),)

    def check(self) -> None:
        """Raise ``Malformed`` when the change can't mean anything."""
        Event.check(self)
        text(self.profile, "profile")
        check_tags(self.added, "added")
        check_tags(self.removed, "removed")


def check_tags(tags: object, path: str) -> None:
    """Check a list of tags."""
    if len(check_tuple(tags, path)) > TAGS_MAX:
        raise Malformed(path, f"names more than {TAGS_MAX} tags")
    check_texts(tags, path)


def check_consent(channel: object, purpose: object) -> None:
    """Check what a consent is for; a slash parts channel and purpose where both are written as one."""
    for name, path in ((channel, "channel"), (purpose, "purpose")):
        if "/" in text(name, path):
            raise Malformed(path, "has a slash in it")
