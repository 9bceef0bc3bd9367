"""Why two records that share something are not joined, as data; each says what would change it."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from attrs import frozen

from omo_core.identifiers import EventId, Fingerprint, ProfileId

Remedy = Literal["staff", "otp", "name", "second_key", "rule", "withdraw"]
"""Staff says that they are one; a one-time password proves the key; a name is corrected or completed; they share a
further key; the shop changes its rule; a statement is withdrawn."""


@frozen(kw_only=True)
class _Reason:
    kind: ClassVar[str] = ""
    remedies: ClassVar[tuple[Remedy, ...]] = ("staff",)
    for_review: ClassVar[bool] = True
    """Whether somebody can decide it who knows the two people."""


@frozen(kw_only=True)
class Blocked(_Reason):
    """The value is a placeholder that staff type when they have none."""

    kind: ClassVar[str] = "blocked"
    for_review: ClassVar[bool] = False
    remedies: ClassVar[tuple[Remedy, ...]] = ("staff", "second_key", "rule")


@frozen(kw_only=True)
class TooManyBearers(_Reason):
    """More records bear the key than one person has."""

    kind: ClassVar[str] = "too_many_bearers"
    for_review: ClassVar[bool] = False
    remedies: ClassVar[tuple[Remedy, ...]] = ("staff", "second_key", "rule")
    bearers: int
    limit: int


@frozen(kw_only=True)
class SharedKey(_Reason):
    """Staff said that several people use the key."""

    kind: ClassVar[str] = "shared_key"
    for_review: ClassVar[bool] = False
    remedies: ClassVar[tuple[Remedy, ...]] = ("staff", "second_key", "withdraw")
    statement: EventId


@frozen(kw_only=True)
class Unverified(_Reason):
    """Nobody checked that the key reaches the bearer."""

    kind: ClassVar[str] = "unverified"
    for_review: ClassVar[bool] = False
    remedies: ClassVar[tuple[Remedy, ...]] = ("otp", "staff", "rule")


@frozen(kw_only=True)
class NamesDisagree(_Reason):
    """They share the key, but their names have nothing in common: a household, or a number that changed hands."""

    kind: ClassVar[str] = "names_disagree"
    remedies: ClassVar[tuple[Remedy, ...]] = ("staff", "name", "otp")


@frozen(kw_only=True)
class NameMissing(_Reason):
    """People with different names share the key, and nothing says which of them this record is."""

    kind: ClassVar[str] = "name_missing"
    remedies: ClassVar[tuple[Remedy, ...]] = ("staff", "name", "second_key")


@frozen(kw_only=True)
class PerhapsRecycled(_Reason):
    """The key was not used for so long that it may have been given to somebody else."""

    kind: ClassVar[str] = "perhaps_recycled"
    remedies: ClassVar[tuple[Remedy, ...]] = ("staff", "second_key", "rule")
    days: int
    limit: int


@frozen(kw_only=True)
class GivenUp(_Reason):
    """One bearer had given the key up, or it was recycled, before the other had it."""

    kind: ClassVar[str] = "given_up"
    remedies: ClassVar[tuple[Remedy, ...]] = ("staff", "second_key")


@frozen(kw_only=True)
class TooManyValues(_Reason):
    """Together they would have more identifiers of a kind than one person can have."""

    kind: ClassVar[str] = "too_many_values"
    remedies: ClassVar[tuple[Remedy, ...]] = ("staff", "rule")
    of: str
    values: int
    limit: int


@frozen(kw_only=True)
class TooManyRecords(_Reason):
    """Together they would be larger than any person is."""

    kind: ClassVar[str] = "too_many_records"
    remedies: ClassVar[tuple[Remedy, ...]] = ("rule",)
    records: int
    limit: int


@frozen(kw_only=True)
class SaidApart(_Reason):
    """Somebody said that they are not the same person."""

    kind: ClassVar[str] = "said_apart"
    remedies: ClassVar[tuple[Remedy, ...]] = ("staff", "withdraw")


@frozen(kw_only=True)
class SaidTogether(_Reason):
    """A statement that parts them is older than one that joins them."""

    kind: ClassVar[str] = "said_together"
    remedies: ClassVar[tuple[Remedy, ...]] = ("staff", "withdraw")


@frozen(kw_only=True)
class Likely(_Reason):
    """A matcher thinks that they are one; nobody has decided."""

    kind: ClassVar[str] = "likely"
    remedies: ClassVar[tuple[Remedy, ...]] = ("staff", "otp", "rule")
    likeness: int
    """Parts per million."""


@frozen(kw_only=True)
class NoRule(_Reason):
    """The shop has no rule for identifiers of this kind: they never link."""

    kind: ClassVar[str] = "no_rule"
    for_review: ClassVar[bool] = False
    remedies: ClassVar[tuple[Remedy, ...]] = ("staff", "second_key", "rule")


@frozen(kw_only=True)
class Dropped(_Reason):
    """One of them bore the key, and its source says that it does no more."""

    kind: ClassVar[str] = "dropped"
    for_review: ClassVar[bool] = False
    remedies: ClassVar[tuple[Remedy, ...]] = ("staff", "second_key")


@frozen(kw_only=True)
class Revoked(_Reason):
    """Somebody settled that one of them does not bear the key."""

    kind: ClassVar[str] = "revoked"
    for_review: ClassVar[bool] = False
    remedies: ClassVar[tuple[Remedy, ...]] = ("staff", "otp", "second_key")
    statement: EventId


@frozen(kw_only=True)
class Deleted(_Reason):
    """The source of one of them has deleted the record."""

    kind: ClassVar[str] = "deleted"
    for_review: ClassVar[bool] = False


@frozen(kw_only=True)
class Erased(_Reason):
    """The bearer of one of them asked to be forgotten."""

    kind: ClassVar[str] = "erased"
    for_review: ClassVar[bool] = False
    remedies: ClassVar[tuple[Remedy, ...]] = ()


Reason: TypeAlias = (
    Blocked
    | TooManyBearers
    | SharedKey
    | Unverified
    | NamesDisagree
    | NameMissing
    | PerhapsRecycled
    | GivenUp
    | TooManyValues
    | TooManyRecords
    | SaidApart
    | SaidTogether
    | Likely
    | NoRule
    | Dropped
    | Revoked
    | Deleted
    | Erased
)


@frozen(kw_only=True)
class Stopped:
    """Two records that share something and were not joined by it: an item for review."""

    one: ProfileId
    other: ProfileId
    by: str
    """The key's kind; ``joined``, ``parted`` or ``erased`` for a statement, ``match`` for a proposal."""
    evidence: str
    """The key's fingerprint, or the statement's id."""
    why: Reason

    @property
    def decided(self) -> bool:
        """Say whether somebody has said that they are two persons; of two statements that differ, nobody has."""
        return isinstance(self.why, SaidApart) and self.by != "joined"


@frozen(kw_only=True)
class Demoted:
    """A key that links nobody, for as long as the reason holds; every link through it is open again."""

    fingerprint: Fingerprint
    by: str
    why: Reason

    @property
    def bearers(self) -> int:
        """Say how many bear it, where that is the reason; a key can be demoted for several times of its own."""
        return self.why.bearers if isinstance(self.why, TooManyBearers) else 0
