"""Refusals in words, with the numbers that explain them."""

from __future__ import annotations

import msgspec

from omo_core.decisions import Accepted, Refusal, Refused, RequestReused
from omo_core.loyalty import (
    CurrencyNotRedeemable,
    HoldEnded,
    HoldNotKnown,
    HoldTaken,
    MemberUnknown,
    MoreThanHeld,
    NotAStep,
    NotEnoughPoints,
    NotRedeemableHere,
    OverLimit,
    ProgrammeNotOpen,
)

Answer = Accepted | Refused[Refusal]


def worded(reason: Refusal) -> str:
    """Say why not."""
    match reason:
        case RequestReused():
            return f"the request id {reason.request} was used before, for {reason.first_kind.replace('_', ' ')}"
        case MemberUnknown():
            return f"nothing was ever heard of {reason.profile}"
        case ProgrammeNotOpen():
            return "no version of the programme is in force then"
        case CurrencyNotRedeemable():
            return f"the programme does not say what points are worth in {reason.currency}"
        case NotAStep():
            return f"points are redeemed in steps of {reason.step}, from {reason.minimum}; {reason.asked} is none"
        case NotRedeemableHere():
            return f"points do not pay in {' '.join(filter(None, (reason.channel, reason.store)))}"
        case OverLimit():
            return f"{reason.asked} were asked for, {reason.allowed} may pay for this order ({reason.limit})"
        case HoldTaken():
            return f"a hold is, or was, called {reason.hold}"
        case HoldNotKnown():
            return f"the member has no hold {reason.hold}"
        case HoldEnded():
            return f"the hold {reason.hold} was {reason.how.replace('_', ' ')}"
        case MoreThanHeld():
            return f"{reason.asked} were asked for, {reason.held} are held as {reason.hold}"
        case NotEnoughPoints():
            more = f", {reason.pending} are not usable yet" if reason.pending else ""
            owed = f", {reason.debt} are owed" if reason.debt else ""
            return f"{reason.asked} were asked for, {reason.spendable} can be spent{more}{owed}"
        case _:
            fields = ", ".join(f"{name} {value}" for name, value in msgspec.to_builtins(reason).items())
            return f"{reason.kind.replace('_', ' ')}: {fields}"


def answer_document(answer: Answer, request: str) -> dict[str, object]:
    """Give an answer as data for machines."""
    if isinstance(answer, Accepted):
        events = [{"kind": event.kind, **msgspec.to_builtins(event)} for event in answer.events]
        return {"accepted": True, "request": request, "events": events}
    reason = answer.reason
    refused = {"kind": reason.kind, "worth_retrying": reason.worth_retrying, "says": worded(reason)}
    return {"accepted": False, "request": request, "refused": {**refused, **msgspec.to_builtins(reason)}}
