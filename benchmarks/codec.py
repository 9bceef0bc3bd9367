"""Events to bytes and back, against cattrs with orjson on the very same classes.

Both sides write JSON of the same events and read it back into equal ones, which is checked before anything is timed.
"""

from __future__ import annotations

from random import Random

from cattrs.preconf.orjson import make_converter

from benchmarks.arms import SEED, Arm, Figure, Goal, Table, alternate, per_operation
from benchmarks.workload import START, deliveries, events_of
from omo_adapters.codecs.events import SHAPES, decode, encode
from omo_core.events import Event
from omo_core.identifiers import EventId, Fingerprint, LocationId, OrderId, ProfileId, Sku
from omo_core.loyalty import PointsRedeemed
from omo_core.members import Claim, ProfileSeen
from omo_core.stock import StockCounted


def sample(count: int, seed: int = SEED) -> list[Event]:
    """Give events as a journal holds them: three sales in four, the rest records seen, redemptions and counts."""
    chance = Random(seed)
    events: list[Event] = [event for order in deliveries(count * 3 // 4, seed) for event in events_of(order)]
    others = count - len(events)
    events += [_other(number, number % 3) for number in range(others)]
    chance.shuffle(events)
    return events


def _other(number: int, which: int) -> Event:
    if which == 0:
        claim = Claim(kind="phone", fingerprint=Fingerprint(f"phone:{number:032x}"), proof="otp", since=START)
        profile = ProfileId(f"crm:{number}")
        return ProfileSeen(id=EventId(f"profile/{number}"), at=START, source="crm", profile=profile, claims=(claim,))
    if which == 1:
        return PointsRedeemed(
            id=EventId(f"redemption/{number}"),
            at=START,
            source="omo",
            profile=ProfileId(f"crm:{number}"),
            points=500,
            order=OrderId(f"till:{number}"),
            amount=2500,
            currency="HKD",
        )
    return StockCounted(
        id=EventId(f"count/{number}"),
        at=START,
        source="till:S1",
        sku=Sku(f"SKU-{number}"),
        location=LocationId("S1"),
        units=number,
    )


def measure(rounds: int = 21, count: int = 1000) -> list[Figure]:
    """Measure encoding and decoding, apart and together."""
    events = sample(count)
    converter = make_converter()
    ours = [encode(event) for event in events]
    theirs = [converter.dumps(event) for event in events]
    stored = [(event.kind, SHAPES[event.kind], body) for event, body in zip(events, ours, strict=True)]
    kept = [(type(event), body) for event, body in zip(events, theirs, strict=True)]
    if [decode(*one) for one in stored] != events or [converter.loads(body, cls) for cls, body in kept] != events:
        raise ValueError("one of the codecs changes what it writes")
    seen = alternate(
        [
            Arm("omo encode", lambda _: per_operation(count, lambda: [encode(event) for event in events])),
            Arm("cattrs encode", lambda _: per_operation(count, lambda: [converter.dumps(event) for event in events])),
            Arm("omo decode", lambda _: per_operation(count, lambda: [decode(*one) for one in stored])),
            Arm(
                "cattrs decode",
                lambda _: per_operation(count, lambda: [converter.loads(body, cls) for cls, body in kept]),
            ),
            Arm("omo", lambda _: per_operation(count, lambda: [decode(e.kind, 1, encode(e)) for e in events])),
            Arm(
                "cattrs",
                lambda _: per_operation(count, lambda: [converter.loads(converter.dumps(e), type(e)) for e in events]),
            ),
        ],
        rounds,
    )
    size = sum(map(len, ours)) // count
    table = Table(section="Codec against cattrs with orjson", unit="event", operations=count)
    note = f"{size} bytes on average"
    table.add("encode and decode", seen, ("omo", "cattrs"), Goal(bound=0.5, at_least=False), reading="time", note=note)
    table.add("encode", seen, ("omo encode", "cattrs encode"), reading="time")
    table.add("decode", seen, ("omo decode", "cattrs decode"), reading="time")
    return table.figures
