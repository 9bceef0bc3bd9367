"""What somebody who may say so said about who is who. It is never derived: it goes before every key."""

from __future__ import annotations

from typing import ClassVar, Final

from attrs import frozen

from omo_core.errors import Malformed
from omo_core.events import Event, check_part, check_texts, check_tuple
from omo_core.identifiers import Fingerprint, ProfileId, StreamName, claim_stream, profile_stream
from omo_core.members.events import Claim
from omo_core.quantities import flag, text, whole

SURE: Final = 1_000_000
"""A likeness of one, in parts per million."""
PARTED_MAX: Final = 200
"""The most records that one statement keeps apart."""
TRAIT_KINDS_MAX: Final = 20
TRAIT_VALUES_MAX: Final = 100
"""The most kinds of trait that a record may have, and the most values of each."""


@frozen(kw_only=True)
class _OfRecord(Event):
    """Something said of one record."""

    profile: ProfileId

    @property
    def homes(self) -> tuple[StreamName, ...]:
        """Live in the record's history."""
        return (profile_stream(self.profile),)

    def check(self) -> None:
        """Raise ``Malformed`` when it can't mean anything."""
        Event.check(self)
        text(self.profile, "profile")


@frozen(kw_only=True)
class ProfilesParted(Event):
    """These records are not the same person as those, whatever keys they share."""

    kind: ClassVar[str] = "profiles_parted"
    rank: ClassVar[int] = 15

    ones: tuple[ProfileId, ...]
    others: tuple[ProfileId, ...]
    reason: str = ""
    actor: str = ""
    withdrawn: bool = False
    """A later version takes it back."""

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the history of every record named."""
        return tuple(profile_stream(profile) for profile in (*self.ones, *self.others))

    def check(self) -> None:
        """Raise ``Malformed`` when the statement can't mean anything."""
        Event.check(self)
        check_texts(self.ones, "ones")
        check_texts(self.others, "others")
        text(self.reason, "reason", empty=True)
        text(self.actor, "actor", empty=True)
        flag(self.withdrawn, "withdrawn")
        if not self.ones or not self.others or {*self.ones} & {*self.others}:
            raise Malformed("others", "must name records on either side, and none on both")
        if len(self.ones) + len(self.others) > PARTED_MAX:
            raise Malformed("others", f"names more than {PARTED_MAX} records")


@frozen(kw_only=True)
class ClaimSettled(_OfRecord):
    """Whether a record bears an identifier is settled, whatever its source says from now on."""

    kind: ClassVar[str] = "claim_settled"
    rank: ClassVar[int] = 16

    claim: Claim
    holds: bool = True
    actor: str = ""
    challenge: str = ""
    """The sender's own number for the one-time password that proved it, if one did: it proves something once."""

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the identifier's history."""
        return (claim_stream(self.claim.fingerprint),)

    def check(self) -> None:
        """Raise ``Malformed`` when it can't mean anything."""
        _OfRecord.check(self)
        check_part(self.claim, "claim", Claim)
        flag(self.holds, "holds")
        text(self.actor, "actor", empty=True)
        text(self.challenge, "challenge", empty=True)


@frozen(kw_only=True)
class NumberRecycled(Event):
    """From this instant on an identifier is somebody else's: the carrier gave the number to a new customer."""

    kind: ClassVar[str] = "number_recycled"
    rank: ClassVar[int] = 17

    fingerprint: Fingerprint
    actor: str = ""
    withdrawn: bool = False

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the identifier's history."""
        return (claim_stream(self.fingerprint),)

    def check(self) -> None:
        """Raise ``Malformed`` when it can't mean anything."""
        Event.check(self)
        text(self.fingerprint, "fingerprint")
        text(self.actor, "actor", empty=True)
        flag(self.withdrawn, "withdrawn")


@frozen(kw_only=True)
class KeyShared(Event):
    """An identifier is used by several people, a household's phone: it links nobody."""

    kind: ClassVar[str] = "key_shared"
    rank: ClassVar[int] = 18

    fingerprint: Fingerprint
    actor: str = ""
    withdrawn: bool = False

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the identifier's history."""
        return (claim_stream(self.fingerprint),)

    def check(self) -> None:
        """Raise ``Malformed`` when it can't mean anything."""
        Event.check(self)
        text(self.fingerprint, "fingerprint")
        text(self.actor, "actor", empty=True)
        flag(self.withdrawn, "withdrawn")


@frozen(kw_only=True)
class RecordErased(_OfRecord):
    """A record's bearer asked to be forgotten. It links nobody any more, and no later sighting revives it."""

    kind: ClassVar[str] = "record_erased"
    rank: ClassVar[int] = 19

    actor: str = ""

    def check(self) -> None:
        """Raise ``Malformed`` when it can't mean anything."""
        _OfRecord.check(self)
        text(self.actor, "actor", empty=True)


@frozen(kw_only=True)
class RecordExported(_OfRecord):
    """What is kept of a record was handed to its bearer; kept so that it can be shown that it was."""

    kind: ClassVar[str] = "record_exported"
    rank: ClassVar[int] = 19

    actor: str = ""

    def check(self) -> None:
        """Raise ``Malformed`` when it can't mean anything."""
        _OfRecord.check(self)
        text(self.actor, "actor", empty=True)


@frozen(kw_only=True)
class ExportRequested(_OfRecord):
    """A record's bearer asked for what is kept of it; open until it was handed over."""

    kind: ClassVar[str] = "export_requested"
    rank: ClassVar[int] = 19


@frozen(kw_only=True)
class NoteTaken(_OfRecord):
    """A member of staff wrote something about a customer; the words are personal and lie in the vault."""

    kind: ClassVar[str] = "note_taken"
    rank: ClassVar[int] = 19

    actor: str = ""

    def check(self) -> None:
        """Raise ``Malformed`` when it can't mean anything."""
        _OfRecord.check(self)
        text(self.actor, "actor", empty=True)


@frozen(kw_only=True)
class TraitsSeen(_OfRecord):
    """What speaks for or against two records being one person, as keyed fingerprints: the surname's spellings."""

    kind: ClassVar[str] = "traits_seen"
    rank: ClassVar[int] = 12

    traits: tuple[tuple[str, tuple[Fingerprint, ...]], ...] = ()
    """Per kind of trait: all the values that the record's may stand for. Nothing in common speaks against."""

    def check(self) -> None:
        """Raise ``Malformed`` when the traits can't mean anything."""
        _OfRecord.check(self)
        kinds: dict[str, None] = {}
        for place, trait in enumerate(check_tuple(self.traits, "traits")):
            path = f"traits[{place}]"
            if len(check_tuple(trait, path)) != 2:
                raise Malformed(path, f"{trait!r:.40} is not a kind and its values")
            kind, values = self.traits[place]
            text(kind, path)
            check_texts(values, path)
            if kind in kinds:
                raise Malformed(path, f"{kind:.40} is there twice")
            if len(values) > TRAIT_VALUES_MAX:
                raise Malformed(path, f"has more than {TRAIT_VALUES_MAX} values")
            kinds[kind] = None
        if len(kinds) > TRAIT_KINDS_MAX:
            raise Malformed("traits", f"has more than {TRAIT_KINDS_MAX} kinds")


@frozen(kw_only=True)
class MatchProposed(Event):
    """A matcher thinks that two records may be one person. A person or a rule decides."""

    kind: ClassVar[str] = "match_proposed"
    rank: ClassVar[int] = 20

    one: ProfileId
    other: ProfileId
    likeness: int
    """Parts per million."""

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in both records' histories."""
        return (profile_stream(self.one), profile_stream(self.other))

    def check(self) -> None:
        """Raise ``Malformed`` when the proposal can't mean anything."""
        Event.check(self)
        text(self.one, "one")
        text(self.other, "other")
        whole(self.likeness, "likeness", low=0, high=SURE)
        if self.one == self.other:
            raise Malformed("other", "a record is itself")
