"""What can be asked about who is who. Who asks is data on the command; the application that asks vouches for it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, get_args

from attrs import field, frozen

from omo_core.decisions import Command, require
from omo_core.events import check_part, check_texts, check_tuple
from omo_core.identifiers import EventId, Fingerprint, ProfileId
from omo_core.instants import utc
from omo_core.members.events import MARKETING, Claim, check_consent, check_tags
from omo_core.members.rules import Role
from omo_core.quantities import flag, text

REASON_MAX = 500
"""The longest reason, in characters."""


@frozen(kw_only=True)
class OtpProof:
    """A one-time password was sent to an identifier and typed in; whoever sent it vouches for that."""

    fingerprint: Fingerprint
    """The identifier that it was sent to."""
    at: datetime = field(converter=utc)
    """When it was typed in."""
    challenge: str
    """The sender's own number for it, to be looked up in a dispute."""

    def check(self) -> None:
        """Raise ``Malformed`` when the proof can't mean anything."""
        text(self.fingerprint, "fingerprint")
        text(self.challenge, "challenge")


@frozen(kw_only=True)
class MemberCommand(Command):
    """Somebody asks something about members."""

    role: Role = "clerk"

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        Command.check(self)
        require(self.role in get_args(Role), "role", f"{self.role!r:.40} is none of {', '.join(get_args(Role))}")


@frozen(kw_only=True)
class _OfRecord(MemberCommand):
    """Somebody asks something about one record."""

    profile: ProfileId

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        MemberCommand.check(self)
        text(self.profile, "profile")


@frozen(kw_only=True)
class BindProfile(_OfRecord):
    """Bind a record (a LINE account, an app) to whoever bears a phone or e-mail that was just proven."""

    kind: ClassVar[str] = "bind_profile"

    claim: Claim
    otp: OtpProof

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        _OfRecord.check(self)
        check_part(self.claim, "claim", Claim)
        check_part(self.otp, "otp", OtpProof)


@frozen(kw_only=True)
class JoinProfiles(MemberCommand):
    """Make one member of the bearers of two records."""

    kind: ClassVar[str] = "join_profiles"

    one: ProfileId
    other: ProfileId
    reason: str

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        MemberCommand.check(self)
        _two(self.one, self.other)
        _reason(self.reason)


@frozen(kw_only=True)
class PartProfiles(MemberCommand):
    """Say that some of a member's records are not the same person as the others."""

    kind: ClassVar[str] = "part_profiles"

    profiles: tuple[ProfileId, ...]
    """The records that belong together and not to the rest."""
    reason: str

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        MemberCommand.check(self)
        require(bool(check_tuple(self.profiles, "profiles")), "profiles", "names no record")
        require(len(self.profiles) <= 100, "profiles", "names more than 100 records")
        check_texts(self.profiles, "profiles")
        _reason(self.reason)


@frozen(kw_only=True)
class WithdrawStatement(_OfRecord):
    """Take back that two records were joined or parted: as if it had never been said."""

    kind: ClassVar[str] = "withdraw_statement"

    profile: ProfileId
    """A record that the statement names."""
    statement: EventId

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        _OfRecord.check(self)
        text(self.statement, "statement")


@frozen(kw_only=True)
class ResolveReview(MemberCommand):
    """Decide an item for review."""

    kind: ClassVar[str] = "resolve_review"

    one: ProfileId
    other: ProfileId
    same: bool
    reason: str

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        MemberCommand.check(self)
        _two(self.one, self.other)
        flag(self.same, "same")
        _reason(self.reason)


@frozen(kw_only=True)
class VerifyClaim(_OfRecord):
    """Settle that a record bears an identifier, with the proof of it."""

    kind: ClassVar[str] = "verify_claim"

    claim: Claim
    otp: OtpProof | None = None
    """Needed where the claim says that it was proven so."""

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        _OfRecord.check(self)
        check_part(self.claim, "claim", Claim)
        if self.otp is not None:
            check_part(self.otp, "otp", OtpProof)


@frozen(kw_only=True)
class RevokeClaim(_OfRecord):
    """Settle that a record does not bear an identifier, whatever its source says."""

    kind: ClassVar[str] = "revoke_claim"

    fingerprint: Fingerprint

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        _OfRecord.check(self)
        text(self.fingerprint, "fingerprint")


@frozen(kw_only=True)
class RecycleNumber(MemberCommand):
    """Say that a number was given to somebody else, from an instant on."""

    kind: ClassVar[str] = "recycle_number"

    fingerprint: Fingerprint
    since: datetime = field(converter=utc)

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        MemberCommand.check(self)
        text(self.fingerprint, "fingerprint")


@frozen(kw_only=True)
class ShareKey(MemberCommand):
    """Say that several people use an identifier; or, with ``shared`` false, that it is one person's after all."""

    kind: ClassVar[str] = "share_key"

    fingerprint: Fingerprint
    shared: bool = True

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        MemberCommand.check(self)
        text(self.fingerprint, "fingerprint")
        flag(self.shared, "shared")


@frozen(kw_only=True)
class ForgetMember(_OfRecord):
    """Erase what is kept of a record's bearer: of this record only, or of all records of the member."""

    kind: ClassVar[str] = "forget_member"

    whole: bool = False

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        _OfRecord.check(self)
        flag(self.whole, "whole")


@frozen(kw_only=True)
class ExportMember(_OfRecord):
    """Hand a record's bearer what is kept of it; the answer is remembered, the data are the shop's to give."""

    kind: ClassVar[str] = "export_member"


@frozen(kw_only=True)
class TagProfile(_OfRecord):
    """Put tags on a record, or take them off."""

    kind: ClassVar[str] = "tag_profile"

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        _OfRecord.check(self)
        check_tags(self.added, "added")
        check_tags(self.removed, "removed")
        require(bool(self.added or self.removed), "added", "changes no tag")
        require({*self.added}.isdisjoint(self.removed), "removed", "names a tag that is to be put on as well")


@frozen(kw_only=True)
class NoteProfile(_OfRecord):
    """Remember that staff wrote something about a customer; the words themselves go to the vault."""

    kind: ClassVar[str] = "note_profile"

    said: str = ""
    """A keyed fingerprint of the words: the same request with other words is another request."""

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        _OfRecord.check(self)
        text(self.said, "said", empty=True)


@frozen(kw_only=True)
class SetConsent(_OfRecord):
    """Write down what a customer says about one channel, for one purpose."""

    kind: ClassVar[str] = "set_consent"

    channel: str
    allowed: bool
    purpose: str = MARKETING

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        _OfRecord.check(self)
        check_consent(self.channel, self.purpose)
        flag(self.allowed, "allowed")


def _two(one: ProfileId, other: ProfileId) -> None:
    text(one, "one")
    text(other, "other")
    require(one != other, "other", "is the same record")


def _reason(reason: str) -> None:
    text(reason, "reason")
    require(len(reason) <= REASON_MAX, "reason", f"is longer than {REASON_MAX} characters")
