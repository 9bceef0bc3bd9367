"""An answer as data for machines, with the words for people in it."""

from __future__ import annotations

import msgspec

from omo_core.decisions import Accepted, Refusal, Refused

Answer = Accepted | Refused[Refusal]


def answer_document(answer: Answer, request: str) -> dict[str, object]:
    """Give an answer as data for machines."""
    if isinstance(answer, Accepted):
        events = [{"kind": event.kind, **msgspec.to_builtins(event)} for event in answer.events]
        return {"accepted": True, "request": request, "events": events}
    reason = answer.reason
    refused = {"kind": reason.kind, "worth_retrying": reason.worth_retrying, "says": reason.say()}
    return {"accepted": False, "request": request, "refused": {**refused, **msgspec.to_builtins(reason)}}
