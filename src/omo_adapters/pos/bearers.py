"""How a card, phone or LINE id on a receipt becomes a customer record that later receipts and the CRM meet again.

A receipt knows next to nothing of a person, but a card that nobody registered yet is already somebody's: its points
wait for whoever shows that they bear it. So each identifier has one record of its own, ``till:card:<fingerprint>``.
The record says the same on every receipt, byte for byte, and is therefore known after the first one: it is dated
1970, not the receipt, and has no versions. Two identifiers on one receipt are *not* joined: a clerk who types a
mother's phone number beside a daughter's card must not merge the two. Saying who bears what is the CRM's business.
"""

from __future__ import annotations

from omo_adapters.inbound import Context
from omo_adapters.pos.till import Bearer
from omo_core.identifiers import EventId, ProfileId
from omo_core.instants import EPOCH
from omo_core.members import Claim, ProfileSeen

SOURCE = "till"


def profile_of(bearer: Bearer, context: Context) -> ProfileId:
    """Name the customer record that an identifier at the till stands for."""
    if bearer.kind == "record":
        return ProfileId(bearer.value)
    return ProfileId(f"{SOURCE}:{context.fingerprint(bearer.kind, bearer.value)}")


def seen(bearer: Bearer, context: Context) -> tuple[ProfileSeen, ...]:
    """Give the record of an identifier; a record that another source keeps is for that source to describe."""
    if bearer.kind == "record":
        return ()
    fingerprint = context.fingerprint(bearer.kind, bearer.value)
    profile = ProfileId(f"{SOURCE}:{fingerprint}")
    claim = Claim(kind=bearer.kind, fingerprint=fingerprint, proof="clerk")
    record = ProfileSeen(
        id=EventId(f"profile/{profile}"), at=EPOCH, source=SOURCE, profile=profile, claims=(claim,), inferred=True
    )
    return (record,)
