"""The states of an order and what leads from one to the next, as data.

Rule one: a fact always leads on, whatever the state (a parcel that left has left); a command only where the table
has a row for it. Rule two: the state is never stored, it is read off what happened to the lines. The docs draw
their diagram from ``TRANSITIONS``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

State = Literal["unknown", "open", "placed", "ready", "part_handed_over", "handed_over", "cancelled"]
Step = Literal["place", "mark_ready", "collect", "cancel"]

TRANSITIONS: Final[Mapping[tuple[State, Step], State]] = MappingProxyType(
    {
        ("unknown", "place"): "placed",
        ("placed", "mark_ready"): "ready",
        ("placed", "collect"): "handed_over",
        ("ready", "collect"): "handed_over",
        ("part_handed_over", "collect"): "handed_over",
        ("open", "cancel"): "cancelled",
        ("placed", "cancel"): "cancelled",
        ("ready", "cancel"): "cancelled",
    }
)


def allowed(state: State, step: Step) -> bool:
    """Say whether a command may take this step from this state."""
    return (state, step) in TRANSITIONS
