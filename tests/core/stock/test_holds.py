"""What is held at an instant, against adding it up."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from omo_core.identifiers import EventId, HoldId, LocationId, Sku
from omo_core.stock import UnitsHeld
from omo_core.stock.holds import Holds

START = datetime(2026, 1, 1, tzinfo=UTC)
PLACES = (LocationId("S1"), LocationId("S2"), None)
CHANNELS = ("", "web", "market")


def held(name: int, minutes: int, units: int, location: LocationId | None, channel: str = "") -> UnitsHeld:
    """A document of its own for each number; every third is of the same hold."""
    return UnitsHeld(
        id=EventId(f"hold/{name}"),
        at=START,
        hold=HoldId(str(name % 3)),
        sku=Sku("TEE"),
        units=units,
        location=location,
        until=START + timedelta(minutes=minutes),
        channel=channel if location is None else "",
    )


HELD = st.builds(
    held,
    st.integers(0, 8),
    st.integers(0, 9),
    st.integers(1, 9),
    st.sampled_from(PLACES),
    st.sampled_from(CHANNELS),
)


@given(st.lists(st.one_of(HELD, st.integers(0, 5), st.integers(0, 9).map(lambda m: START + timedelta(minutes=m)))))
def test_what_is_held_is_the_sum_of_the_holds_that_live_whenever_it_is_asked(
    steps: list[UnitsHeld | int | datetime],
) -> None:
    holds, kept = Holds(), dict[tuple[str, str], UnitsHeld]()
    for step in steps:
        if isinstance(step, UnitsHeld):
            holds.put(step)
            kept[step.hold, step.id] = step
        elif isinstance(step, int):
            gone = held(step, 1, 1, None)
            holds.drop(gone)
            kept.pop((gone.hold, gone.id), None)
        else:
            for place in PLACES:
                live = [one for one in kept.values() if one.location == place and one.until > step]
                assert holds.units(place, step) == sum(one.units for one in live)
                for own in ("2", frozenset(("1", "2"))):
                    others = sum(one.units for one in live if one.hold not in own)
                    assert holds.units(place, step, own=own) == others
            for channel in CHANNELS:
                here = [one for one in kept.values() if one.location is None and one.channel == channel]
                assert holds.pooled(channel, step) == sum(one.units for one in here if one.until > step)
    assert sorted(map(repr, holds.parts())) == sorted(map(repr, kept.values()))
    assert sorted(holds.locations()) == sorted({one.location for one in kept.values() if one.location is not None})
