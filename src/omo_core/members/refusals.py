"""Why a question about members is answered with no. Where several apply, the first in this file is given."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, TypeAlias

from attrs import frozen

from omo_core.decisions import Refusal
from omo_core.identifiers import EventId, Fingerprint, MemberId, ProfileId


@frozen(kw_only=True)
class NotAllowed(Refusal):
    """Whoever asks may not."""

    kind: ClassVar[str] = "not_allowed"
    role: str
    needs: tuple[str, ...]

    def say(self) -> str:
        """Say it to people."""
        return f"{self.role or 'Whoever asks'} may not do this; {' or '.join(self.needs)} may."


@frozen(kw_only=True)
class RecordUnknown(Refusal):
    """Nothing was ever heard of the record."""

    kind: ClassVar[str] = "record_unknown"
    profile: ProfileId

    def say(self) -> str:
        """Say it to people."""
        return f"Nothing was ever heard of {self.profile}."


@frozen(kw_only=True)
class RecordForgotten(Refusal):
    """The record's bearer was erased; it can't be joined, tagged or asked about."""

    kind: ClassVar[str] = "record_forgotten"
    profile: ProfileId

    def say(self) -> str:
        """Say it to people."""
        return f"The bearer of {self.profile} was erased."


@frozen(kw_only=True)
class ProofForOther(Refusal):
    """The one-time password was sent to another identifier than the one that is claimed."""

    kind: ClassVar[str] = "proof_for_other"
    claimed: Fingerprint
    proven: Fingerprint | None

    def say(self) -> str:
        """Say it to people."""
        return "The one-time password was sent to another phone or address than the one that is claimed."


@frozen(kw_only=True)
class ProofTooOld(Refusal):
    """The one-time password was typed in too long ago, or is of the future; a new one may do."""

    kind: ClassVar[str] = "proof_too_old"
    worth_retrying: ClassVar[bool] = True
    minutes: int
    limit: int

    def say(self) -> str:
        """Say it to people."""
        return f"The one-time password is {self.minutes} minutes old; it is good for {self.limit}."


@frozen(kw_only=True)
class ProofUsed(Refusal):
    """The one-time password has proven something for another record already; a new one may do."""

    kind: ClassVar[str] = "proof_used"
    worth_retrying: ClassVar[bool] = True
    challenge: str

    def say(self) -> str:
        """Say it to people."""
        return "The one-time password was used for another record already; ask for a new one."


@frozen(kw_only=True)
class KeyUseless(Refusal):
    """The identifier joins nobody: a placeholder, shared, borne by too many, or unused for too long."""

    kind: ClassVar[str] = "key_useless"
    fingerprint: Fingerprint
    why: str

    def say(self) -> str:
        """Say it to people."""
        return f"That identifier joins nobody: {self.why}."


@frozen(kw_only=True)
class NobodyBearsIt(Refusal):
    """No record bears the identifier: nobody ever did, it was only typed in, or whoever did has lost it."""

    kind: ClassVar[str] = "nobody_bears_it"
    fingerprint: Fingerprint

    def say(self) -> str:
        """Say it to people."""
        return "No record bears that identifier."


@frozen(kw_only=True)
class SeveralBearIt(Refusal):
    """Several members bear the identifier, and nothing says which of them is asking: staff has to."""

    kind: ClassVar[str] = "several_bear_it"
    members: tuple[MemberId, ...]

    def say(self) -> str:
        """Say it to people."""
        return f"Several members bear that identifier ({', '.join(self.members)}); staff has to say which."


@frozen(kw_only=True)
class AlreadyTogether(Refusal):
    """The records are one member."""

    kind: ClassVar[str] = "already_together"
    member: MemberId

    def say(self) -> str:
        """Say it to people."""
        return f"The records are one member already, {self.member}."


@frozen(kw_only=True)
class AlreadyApart(Refusal):
    """The records are not all of one member, or are all that it has: there is nothing to part."""

    kind: ClassVar[str] = "already_apart"
    members: tuple[MemberId, ...]

    def say(self) -> str:
        """Say it to people."""
        return "There is nothing to part."


@frozen(kw_only=True)
class HasAnother(Refusal):
    """The member has another identifier of this kind, and can have no more."""

    kind: ClassVar[str] = "has_another"
    of: str
    limit: int

    def say(self) -> str:
        """Say it to people."""
        return f"The member has another {self.of}, and can have {self.limit}."


@frozen(kw_only=True)
class TooLarge(Refusal):
    """Together they would have more records than any person has."""

    kind: ClassVar[str] = "too_large"
    records: int
    limit: int

    def say(self) -> str:
        """Say it to people."""
        return f"Together they would have {self.records} records; {self.limit} is the most."


@frozen(kw_only=True)
class KeptApart(Refusal):
    """Somebody said that they are not the same person, and only staff can say otherwise."""

    kind: ClassVar[str] = "kept_apart"
    member: MemberId

    def say(self) -> str:
        """Say it to people."""
        return f"Somebody said that this is not {self.member}; only staff can say otherwise."


@frozen(kw_only=True)
class StatementStands(Refusal):
    """Somebody said otherwise, and that would still count: of a later moment, or of others of the same people."""

    kind: ClassVar[str] = "statement_stands"
    statement: EventId
    said_at: datetime

    def say(self) -> str:
        """Say it to people."""
        return f"{self.statement}, of {self.said_at}, says otherwise and would still count: take it back first."


@frozen(kw_only=True)
class WouldFallOut(Refusal):
    """Together they could not keep all that they are now: some records would be parted from them."""

    kind: ClassVar[str] = "would_fall_out"
    profiles: tuple[ProfileId, ...]

    def say(self) -> str:
        """Say it to people."""
        return f"That would part {', '.join(self.profiles)} from them; join these first, or part them."


@frozen(kw_only=True)
class NotUnderReview(Refusal):
    """Nothing about the two records waits for a decision."""

    kind: ClassVar[str] = "not_under_review"
    one: ProfileId
    other: ProfileId

    def say(self) -> str:
        """Say it to people."""
        return f"Nothing about {self.one} and {self.other} waits for a decision."


@frozen(kw_only=True)
class StatementUnknown(Refusal):
    """Nobody has said so, or it was taken back."""

    kind: ClassVar[str] = "statement_unknown"
    statement: EventId

    def say(self) -> str:
        """Say it to people."""
        return f"Nobody has said {self.statement}, or it was taken back."


@frozen(kw_only=True)
class ClaimUnknown(Refusal):
    """The record does not bear the identifier."""

    kind: ClassVar[str] = "claim_unknown"
    fingerprint: Fingerprint

    def say(self) -> str:
        """Say it to people."""
        return "The record does not bear that identifier."


@frozen(kw_only=True)
class TooManyClaims(Refusal):
    """The record bears as many identifiers as a record can."""

    kind: ClassVar[str] = "too_many_claims"
    claims: int
    limit: int

    def say(self) -> str:
        """Say it to people."""
        return f"The record bears {self.claims} identifiers; {self.limit} is the most."


MemberRefusal: TypeAlias = (
    NotAllowed
    | RecordUnknown
    | RecordForgotten
    | ProofForOther
    | ProofTooOld
    | ProofUsed
    | KeyUseless
    | NobodyBearsIt
    | SeveralBearIt
    | AlreadyTogether
    | AlreadyApart
    | HasAnother
    | TooLarge
    | KeptApart
    | StatementStands
    | WouldFallOut
    | NotUnderReview
    | StatementUnknown
    | ClaimUnknown
    | TooManyClaims
)
