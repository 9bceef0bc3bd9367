"""Names of things, and of the streams that hold their histories.

Each kind of name has a word of its own for whoever reads a signature. To a type checker all of them are text, so an
application writes ``profile="crm:88"`` and needs none of these words (docs/adr/0014).
"""

from __future__ import annotations

from hashlib import sha256
from typing import TypeAlias

from omo_core.quantities import TEXT_MAX

EventId: TypeAlias = str
"""Names the document that an event is a version of, for ever: ``order/shopify:5001``, ``count/S1:TEE:2026-01-05``."""
RequestId: TypeAlias = str
"""Names one asking of a command; asked again under the same id, omo gives the same answer."""
ProfileId: TypeAlias = str
"""Names one record of one source: ``shopify:207119551``, ``crm:88``."""
MemberId: TypeAlias = str
"""Names a person: the id of the earliest of the profiles that are that person."""
Fingerprint: TypeAlias = str
"""A claim as the journal knows it: kind and keyed hash, ``phone:4be0...``."""
OrderId: TypeAlias = str
"""Names one purchase: ``shopify:5001``, ``till:S1/2/2026-01-05/7/881``."""
Sku: TypeAlias = str
"""Names an article that is counted as one."""
LocationId: TypeAlias = str
"""Names a place that holds stock: a store, a warehouse."""
HoldId: TypeAlias = str
"""Names one hold on units or points."""
StreamName: TypeAlias = str
"""Names the history of one thing."""


def order_stream(order: OrderId) -> StreamName:
    """Name the history of one purchase: the sale in all its versions, refunds, hand-overs, redemptions on it."""
    return StreamName(f"order/{order}")


def profile_stream(profile: ProfileId) -> StreamName:
    """Name the history of one record of one source, with all that its bearer did."""
    return StreamName(f"profile/{profile}")


def claim_stream(fingerprint: Fingerprint) -> StreamName:
    """Name the history of one phone, e-mail, card or account id: who has borne it."""
    return StreamName(f"claim/{fingerprint}")


def request_stream(request: RequestId) -> StreamName:
    """Name what a request was answered, where it must be said which request stood in the way."""
    return StreamName(f"request/{request}")


def slot_stream(location: LocationId, slot: str) -> StreamName:
    """Name the history of what one location packs in one slot."""
    return StreamName(f"slot/{slot}@{location}")


def transfer_stream(transfer: str) -> StreamName:
    """Name the history of goods that go from one location to another together, of all their articles."""
    return StreamName(f"transfer/{transfer}")


def stock_stream(sku: Sku) -> StreamName:
    """Name the history of one article in all locations."""
    return StreamName(f"stock/{sku}")


def compound(what: str, *names: str) -> EventId:
    """Name a document by several names, ``joined/crm:88+shopify:7``; other names never give the same one.

    A plus or a percent sign in a name is escaped. What would be too long is named by its hash.
    """
    escaped = (name.replace("%", "%25").replace("+", "%2B") for name in names)
    name = f"{what}/{'+'.join(escaped)}"
    return name if len(name) <= TEXT_MAX else f"{what}/{sha256(name.encode()).hexdigest()[:32]}"
