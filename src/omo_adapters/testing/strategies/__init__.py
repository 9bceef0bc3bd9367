"""Hypothesis strategies for every event and command, in a world so small that things meet.

Drawn from three customers, two articles and a few minutes, a dozen events refund each other's orders, share cards,
arrive in versions and conflict. ``histories()`` is what most tests want, ``shuffled()`` its other orders, ``days()``
facts and commands mixed; ``one_event()`` and ``one_command()`` give a single one of any kind.
"""

from omo_adapters.testing.strategies.commands import COMMANDS, days, one_command, pickup_orders
from omo_adapters.testing.strategies.events import EVENTS, THEMES, histories, one_event, sales, shuffled
from omo_adapters.testing.strategies.world import HOLDS, LINES, LOCATIONS, ORDERS, PROFILES, SKUS, instants, requests

__all__ = [
    "COMMANDS",
    "EVENTS",
    "HOLDS",
    "LINES",
    "LOCATIONS",
    "ORDERS",
    "PROFILES",
    "SKUS",
    "THEMES",
    "days",
    "histories",
    "instants",
    "one_command",
    "one_event",
    "pickup_orders",
    "requests",
    "sales",
    "shuffled",
]
