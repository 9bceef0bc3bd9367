"""Why a question about members is answered with no. Where several apply, the first in this file is given."""

from __future__ import annotations

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


@frozen(kw_only=True)
class RecordUnknown(Refusal):
    """Nothing was ever heard of the record."""

    kind: ClassVar[str] = "record_unknown"
    profile: ProfileId


@frozen(kw_only=True)
class RecordForgotten(Refusal):
    """The record's bearer was erased; it can't be joined, tagged or asked about."""

    kind: ClassVar[str] = "record_forgotten"
    profile: ProfileId


@frozen(kw_only=True)
class ProofForOther(Refusal):
    """The one-time password was sent to another identifier than the one that is claimed."""

    kind: ClassVar[str] = "proof_for_other"
    claimed: Fingerprint
    proven: Fingerprint | None


@frozen(kw_only=True)
class ProofTooOld(Refusal):
    """The one-time password was typed in too long ago, or is of the future; a new one may do."""

    kind: ClassVar[str] = "proof_too_old"
    worth_retrying: ClassVar[bool] = True
    minutes: int
    limit: int


@frozen(kw_only=True)
class KeyUseless(Refusal):
    """The identifier joins nobody: a placeholder, shared, or borne by too many."""

    kind: ClassVar[str] = "key_useless"
    fingerprint: Fingerprint
    why: str


@frozen(kw_only=True)
class NobodyBearsIt(Refusal):
    """No record bears the identifier."""

    kind: ClassVar[str] = "nobody_bears_it"
    fingerprint: Fingerprint


@frozen(kw_only=True)
class SeveralBearIt(Refusal):
    """Several members bear the identifier, and nothing says which of them is asking: staff has to."""

    kind: ClassVar[str] = "several_bear_it"
    members: tuple[MemberId, ...]


@frozen(kw_only=True)
class AlreadyTogether(Refusal):
    """The records are one member."""

    kind: ClassVar[str] = "already_together"
    member: MemberId


@frozen(kw_only=True)
class AlreadyApart(Refusal):
    """The records are not all of one member, or are all that it has: there is nothing to part."""

    kind: ClassVar[str] = "already_apart"
    members: tuple[MemberId, ...]


@frozen(kw_only=True)
class HasAnother(Refusal):
    """The member has another identifier of this kind, and can have no more."""

    kind: ClassVar[str] = "has_another"
    of: str
    limit: int


@frozen(kw_only=True)
class TooLarge(Refusal):
    """Together they would have more records than any person has."""

    kind: ClassVar[str] = "too_large"
    records: int
    limit: int


@frozen(kw_only=True)
class KeptApart(Refusal):
    """Somebody said that they are not the same person, and only staff can say otherwise."""

    kind: ClassVar[str] = "kept_apart"
    member: MemberId


@frozen(kw_only=True)
class NotUnderReview(Refusal):
    """Nothing about the two records waits for a decision."""

    kind: ClassVar[str] = "not_under_review"
    one: ProfileId
    other: ProfileId


@frozen(kw_only=True)
class StatementUnknown(Refusal):
    """Nobody has said so, or it was taken back."""

    kind: ClassVar[str] = "statement_unknown"
    statement: EventId


@frozen(kw_only=True)
class ClaimUnknown(Refusal):
    """The record does not bear the identifier."""

    kind: ClassVar[str] = "claim_unknown"
    fingerprint: Fingerprint


MemberRefusal: TypeAlias = (
    NotAllowed
    | RecordUnknown
    | RecordForgotten
    | ProofForOther
    | ProofTooOld
    | KeyUseless
    | NobodyBearsIt
    | SeveralBearIt
    | AlreadyTogether
    | AlreadyApart
    | HasAnother
    | TooLarge
    | KeptApart
    | NotUnderReview
    | StatementUnknown
    | ClaimUnknown
)
