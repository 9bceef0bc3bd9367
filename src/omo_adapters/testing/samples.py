"""Short ways to write events down, for tests and examples: only what matters has to be said.

Amounts are minor units of HKD, instants are minutes after the start of 2026 in UTC unless given whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from omo_core.identifiers import EventId, Fingerprint, HoldId, LocationId, OrderId, ProfileId, Sku
from omo_core.loyalty import PointsGranted, PointsRedeemed
from omo_core.members import Claim, ProfileSeen, ProfilesJoined
from omo_core.stock import StockCounted, StockMoved, UnitsHeld
from omo_core.trade import HandedLine, HandedOver, Handing, Refund, RefundLine, Restock, Sale, SaleLine, Tender

START: Final = datetime(2026, 1, 1, tzinfo=UTC)
When = int | datetime


def moment(when: When) -> datetime:
    """Give an instant: so many minutes after the start, or the one that is given."""
    return when if isinstance(when, datetime) else START + timedelta(minutes=when)


def line(
    name: str = "1",
    amount: int = 10_000,
    *,
    sku: str = "TEE",
    units: int = 1,
    handing: Handing = "carried",
    location: str | None = None,
) -> SaleLine:
    """Write a line of goods."""
    place = None if location is None else LocationId(location)
    return SaleLine(line=name, sku=Sku(sku), units=units, amount=amount, handing=handing, location=place)


def sale(
    order: str = "o1",
    when: When = 0,
    *lines: SaleLine,
    profile: str | None = "p1",
    also: Sequence[str] = (),
    tenders: Sequence[tuple[str, int]] = (),
    version: int = 0,
    **more: object,
) -> Sale:
    """Write a sale; without lines, one shirt for 100.00 carried out of store S1."""
    fields: dict[str, object] = {
        "location": LocationId("S1"),
        "id": EventId(f"sale/{order}"),
        "currency": "HKD",
        **more,
    }
    return Sale(
        at=moment(when),
        version=version,
        order=OrderId(order),
        also=tuple(OrderId(other) for other in also),
        profile=None if profile is None else ProfileId(profile),
        lines=lines or (line(),),
        tenders=tuple(Tender(kind=kind, amount=amount) for kind, amount in tenders),
        **fields,  # type: ignore[arg-type]  # whatever else a sale has
    )


def refund(  # noqa: PLR0913  (a sample says only what matters)
    name: str = "r1",
    order: str = "o1",
    when: When = 10,
    *,
    amount: int = 10_000,
    of: str = "1",
    sku: str = "TEE",
    units: int = 1,
    restock: Restock = "none",
    location: str | None = None,
    tenders: Sequence[tuple[str, int]] = (),
    version: int = 0,
) -> Refund:
    """Write a refund of one line."""
    place = None if location is None else LocationId(location)
    given = RefundLine(line=of, sku=Sku(sku), units=units, amount=amount, restock=restock, location=place)
    return Refund(
        id=EventId(f"refund/{name}"),
        at=moment(when),
        version=version,
        order=OrderId(order),
        currency="HKD",
        lines=(given,),
        tenders=tuple(Tender(kind=kind, amount=value) for kind, value in tenders),
    )


def handed(  # noqa: PLR0913  (as above)
    name: str = "h1",
    order: str = "o1",
    when: When = 5,
    *,
    of: str = "1",
    sku: str = "TEE",
    units: int = 1,
    location: str = "S1",
    cancelled: bool = False,
    version: int = 0,
) -> HandedOver:
    """Write a hand-over of one line at the counter."""
    return HandedOver(
        id=EventId(f"handover/{name}"),
        at=moment(when),
        version=version,
        order=OrderId(order),
        location=LocationId(location),
        how="collected",
        lines=(HandedLine(line=of, sku=Sku(sku), units=units),),
        cancelled=cancelled,
    )


def redeemed(
    name: str = "x1", points: int = 50, when: When = 3, *, profile: str = "p1", order: str | None = None, **more: object
) -> PointsRedeemed:
    """Write a redemption."""
    return PointsRedeemed(
        id=EventId(f"redemption/{name}"),
        at=moment(when),
        profile=ProfileId(profile),
        points=points,
        order=None if order is None else OrderId(order),
        **more,  # type: ignore[arg-type]  # whatever else a redemption has
    )


def granted(
    name: str = "g1", points: int = 100, when: When = 1, *, profile: str = "p1", **more: object
) -> PointsGranted:
    """Write points given, or taken, by hand."""
    return PointsGranted(
        id=EventId(f"grant/{name}"),
        at=moment(when),
        profile=ProfileId(profile),
        points=points,
        reason="goodwill",
        **more,  # type: ignore[arg-type]  # whatever else a grant has
    )


def seen(profile: str = "p1", *claims: Claim, when: When = 0, version: int = 0, **more: object) -> ProfileSeen:
    """Write a customer record as it was seen."""
    return ProfileSeen(
        id=EventId(f"profile/{profile}"),
        at=moment(when),
        version=version,
        profile=ProfileId(profile),
        claims=claims,
        **more,  # type: ignore[arg-type]  # whatever else a record has
    )


def card(number: str = "4711") -> Claim:
    """Write a card as a claim; it links as the default rules stand."""
    return Claim(kind="card", fingerprint=Fingerprint(f"card:{number}"))


def joined(name: str, one: str, other: str, *, when: When = 0, **more: object) -> ProfilesJoined:
    """Write a statement that two records are one person."""
    return ProfilesJoined(
        id=EventId(f"join/{name}"),
        at=moment(when),
        one=ProfileId(one),
        other=ProfileId(other),
        **more,  # type: ignore[arg-type]  # whatever else a statement has
    )


def counted(
    units: int = 10, when: When = 0, *, name: str = "c1", sku: str = "TEE", location: str = "S1", **more: object
) -> StockCounted:
    """Write a count."""
    return StockCounted(
        id=EventId(f"count/{name}"),
        at=moment(when),
        sku=Sku(sku),
        location=LocationId(location),
        units=units,
        **more,  # type: ignore[arg-type]  # whatever else a count has
    )


def moved(
    units: int = 10, when: When = 0, *, name: str = "m1", sku: str = "TEE", location: str = "S1", **more: object
) -> StockMoved:
    """Write a movement of goods."""
    return StockMoved(
        id=EventId(f"move/{name}"),
        at=moment(when),
        sku=Sku(sku),
        location=LocationId(location),
        units=units,
        reason="received",
        **more,  # type: ignore[arg-type]  # whatever else a movement has
    )


def held(
    hold: str = "b1",
    units: int = 1,
    when: When = 0,
    *,
    until: When = 15,
    sku: str = "TEE",
    location: str | None = "S1",
    **more: object,
) -> UnitsHeld:
    """Write a hold."""
    return UnitsHeld(
        id=EventId(f"hold/{hold}/{sku}"),
        at=moment(when),
        hold=HoldId(hold),
        sku=Sku(sku),
        units=units,
        location=None if location is None else LocationId(location),
        until=moment(until),
        **more,  # type: ignore[arg-type]  # whatever else a hold has
    )
