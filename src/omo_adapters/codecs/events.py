"""Events as bytes: JSON written straight from the core's classes by msgspec, one decoder per kind.

The body's shape is versioned per kind. A release may only add optional fields to a kind; when it must do more, it
raises the kind's shape number and adds a step to ``UPCASTS`` that turns the older body into the newer one. Bodies of
every release are kept under ``tests/vectors`` and must decode for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

from omo_adapters.errors import StoreCorrupt
from omo_core.errors import InvariantBroken
from omo_core.events import Event
from omo_core.fulfilment.events import OrderReady
from omo_core.loyalty.events import (
    ExpiredPointsReinstated,
    HoldCaptured,
    HoldVoided,
    PointsGranted,
    PointsHeld,
    PointsRedeemed,
    PointsTransferred,
    TierGranted,
)
from omo_core.members.events import ConsentSeen, ProfileSeen, ProfilesJoined, TagsChanged, TagsSeen
from omo_core.members.statements import (
    ClaimSettled,
    ExportRequested,
    KeyShared,
    MatchProposed,
    NoteTaken,
    NumberRecycled,
    ProfilesParted,
    RecordErased,
    RecordExported,
    TraitsSeen,
)
from omo_core.stock.events import StockCounted, StockMoved, StockSetAside, UnitsHeld
from omo_core.stock.line_events import PickedShort, PickingStarted, SerialsNamed, UnitsAllocated
from omo_core.stock.slots import SlotHeld
from omo_core.stock.transferring import SupplyExpected, TransferOrdered, TransferReceived, TransferSent
from omo_core.trade import HandedOver, Refund, Sale

EVENT_CLASSES: Final[tuple[type[Event], ...]] = (
    Sale,
    Refund,
    HandedOver,
    ProfileSeen,
    ProfilesJoined,
    ConsentSeen,
    TagsSeen,
    TagsChanged,
    ProfilesParted,
    ClaimSettled,
    NumberRecycled,
    KeyShared,
    RecordErased,
    RecordExported,
    ExportRequested,
    NoteTaken,
    TraitsSeen,
    MatchProposed,
    PointsRedeemed,
    PointsGranted,
    PointsHeld,
    HoldCaptured,
    HoldVoided,
    PointsTransferred,
    TierGranted,
    ExpiredPointsReinstated,
    StockCounted,
    StockMoved,
    StockSetAside,
    UnitsHeld,
    UnitsAllocated,
    PickingStarted,
    PickedShort,
    SerialsNamed,
    SupplyExpected,
    TransferOrdered,
    TransferSent,
    TransferReceived,
    SlotHeld,
    OrderReady,
)
"""Every kind of event that is ever stored."""

SHAPES: Final[Mapping[str, int]] = MappingProxyType({cls.kind: 1 for cls in EVENT_CLASSES})
"""The present shape of each kind's body."""

Upcast = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTS: Final[Mapping[tuple[str, int], Upcast]] = MappingProxyType({})
"""For a kind and an older shape: the step to the next shape."""

_DECODERS: Final = {cls.kind: msgspec.json.Decoder(cls) for cls in EVENT_CLASSES}
_CLASSES: Final = {cls.kind: cls for cls in EVENT_CLASSES}
_ENCODER: Final = msgspec.json.Encoder()


def encode(event: Event) -> bytes:
    """Write an event's body in the present shape."""
    if event.kind not in _DECODERS:
        raise InvariantBroken(f"events of kind {event.kind!r} are not stored")
    return _ENCODER.encode(event)


def decode(kind: str, shape: int, body: bytes | str) -> Event:
    """Read an event's body, whatever release wrote it."""
    decoder = _DECODERS.get(kind)
    if decoder is None or shape > SHAPES[kind]:
        raise StoreCorrupt(f"an event of kind {kind!r}, shape {shape} is not known to this release")
    try:
        if shape == SHAPES[kind]:
            return decoder.decode(body)
        return msgspec.convert(_upcast(kind, shape, msgspec.json.decode(body)), _CLASSES[kind], strict=True)
    except (msgspec.MsgspecError, UnicodeDecodeError) as broken:
        raise StoreCorrupt(f"an event of kind {kind!r} can't be read: {broken}") from broken


def _upcast(kind: str, shape: int, body: dict[str, Any]) -> dict[str, Any]:
    for step in range(shape, SHAPES[kind]):
        body = UPCASTS[kind, step](body)
    return body
