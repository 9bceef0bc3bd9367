"""Answers as bytes, so that a request asked again gets the first answer, word for word."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from types import MappingProxyType
from typing import Final

import msgspec

from omo_adapters.codecs.events import SHAPES, decode, encode
from omo_adapters.errors import StoreCorrupt
from omo_core.decisions import Accepted, Command, Refusal, Refused, RequestReused
from omo_core.events import Event
from omo_core.fulfilment.refusals import GoodsElsewhere, NotInStore, OrderExists, OrderUnknown, WrongState
from omo_core.loyalty.refusals import (
    CurrencyNotRedeemable,
    GivenBefore,
    HoldEnded,
    HoldNotKnown,
    HoldTaken,
    MemberUnknown,
    MoreThanHeld,
    NotAStep,
    NotEnoughPoints,
    NothingExpired,
    NotRedeemableHere,
    OverLimit,
    ProgrammeNotOpen,
    SameMember,
    TierUnknown,
)
from omo_core.members.refusals import (
    AlreadyApart,
    AlreadyTogether,
    ClaimUnknown,
    HasAnother,
    KeptApart,
    KeyUseless,
    NobodyBearsIt,
    NotAllowed,
    NotUnderReview,
    ProofForOther,
    ProofTooOld,
    ProofUsed,
    RecordForgotten,
    RecordUnknown,
    SeveralBearIt,
    StatementStands,
    StatementUnknown,
    TooLarge,
    TooManyClaims,
    WouldFallOut,
)
from omo_core.saying import saying
from omo_core.stock.refusals import (
    AllocationUnknown,
    HoldExists,
    HoldUnknown,
    LineUnknown,
    MoreThanAwaited,
    NotAllocatedThere,
    NotEnoughUnits,
    PickingUnderway,
    PromisedToOthers,
    SlotsFull,
    TransferExists,
    WasShort,
)

REFUSAL_CLASSES: Final[tuple[type[Refusal], ...]] = (
    RequestReused,
    MemberUnknown,
    ProgrammeNotOpen,
    CurrencyNotRedeemable,
    NotRedeemableHere,
    NotAStep,
    OverLimit,
    HoldTaken,
    HoldNotKnown,
    HoldEnded,
    MoreThanHeld,
    GivenBefore,
    SameMember,
    TierUnknown,
    NothingExpired,
    NotEnoughPoints,
    HoldExists,
    HoldUnknown,
    LineUnknown,
    AllocationUnknown,
    PickingUnderway,
    NotAllocatedThere,
    MoreThanAwaited,
    WasShort,
    TransferExists,
    NotEnoughUnits,
    PromisedToOthers,
    SlotsFull,
    OrderExists,
    OrderUnknown,
    WrongState,
    GoodsElsewhere,
    NotInStore,
    NotAllowed,
    RecordUnknown,
    RecordForgotten,
    ProofForOther,
    ProofTooOld,
    ProofUsed,
    KeyUseless,
    NobodyBearsIt,
    SeveralBearIt,
    AlreadyTogether,
    AlreadyApart,
    HasAnother,
    TooLarge,
    KeptApart,
    StatementStands,
    WouldFallOut,
    NotUnderReview,
    StatementUnknown,
    ClaimUnknown,
    TooManyClaims,
)
_REFUSALS: Final = MappingProxyType({cls.kind: msgspec.json.Decoder(cls) for cls in REFUSAL_CLASSES})
_ENCODER: Final = msgspec.json.Encoder()


class _Written(msgspec.Struct, omit_defaults=True):
    """An answer as it is stored."""

    accepted: list[tuple[str, int, msgspec.Raw]] | None = None
    refused: tuple[str, msgspec.Raw] | None = None


_WRITTEN: Final = msgspec.json.Decoder(_Written)


def encode_answer(answer: Accepted | Refused[Refusal]) -> bytes:
    """Write an answer."""
    if isinstance(answer, Accepted):
        events = [(event.kind, SHAPES[event.kind], msgspec.Raw(encode(event))) for event in answer.events]
        return _ENCODER.encode(_Written(accepted=events))
    reason = answer.reason
    return _ENCODER.encode(_Written(refused=(reason.kind, msgspec.Raw(_ENCODER.encode(reason)))))


def decode_answer(body: bytes) -> Accepted | Refused[Refusal]:
    """Read an answer back."""
    try:
        written = _WRITTEN.decode(body)
        if written.refused is not None:
            kind, reason = written.refused
            return Refused(_REFUSALS[kind].decode(reason))
        return Accepted(tuple(decode(kind, shape, bytes(raw)) for kind, shape, raw in written.accepted or ()))
    except (msgspec.MsgspecError, KeyError) as broken:
        raise StoreCorrupt(f"a kept answer can't be read: {broken}") from broken


def fingerprint_of(command: Command) -> bytes:
    """Hash what was asked, to tell a repetition from another command under the same request id.

    When it was asked does not count: a retry a second later asks the same thing. Nor does a field that has its
    default: a release that adds one knows the requests of the release before it.
    """
    asked = f"{command.kind} {saying(command, without=('at',))}"
    return blake2b(asked.encode(), digest_size=16).digest()


def fingerprint_of_facts(events: Iterable[Event]) -> bytes:
    """Hash what facts say, to tell a repetition from other facts under the same request id; when does not count."""
    told = "".join(f"{event.kind} {saying(event, without=('at',))}" for event in events)
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).digest()
