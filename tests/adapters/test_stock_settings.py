"""What a shop writes about its stock becomes the rules that it means, or is refused with its place."""

import sys
from datetime import UTC, date, datetime, time
from fractions import Fraction

import pytest

from omo_adapters.config import SettingsText, ShopSettings, read_settings
from omo_adapters.errors import Misconfigured
from omo_adapters.stock_settings import metres_between, point_of
from omo_core.errors import Malformed
from omo_core.identifiers import LocationId
from omo_core.stock import StockCounted, positions
from omo_core.stock.calendars import LeadTime
from omo_core.stock.pooling import pool_raw

HEAD = """
name = "Harbour Tea"
currency = "HKD"
zone = "Asia/Hong_Kong"
region = "HK"

[[locations]]
id = "central"
sourcing = { at = "22.2819, 114.1580", parcel_cost = "30.00", parcel_cost_per_km = "2.00", unit_cost = "1.50" }

[[locations]]
id = "depot"
kind = "warehouse"
sourcing = { zone = "NT", priority = 7, pickup = "any" }
"""
STOCK = """
[stock]
pools = { market = ["depot"] }
buffers = [
    { channel = "market", units = 5 },
    { channel = "market", tags = ["winter"], units = 9, since = 2026-12-01, until = 2027-01-01 },
]
safety = [{ location = "central", units = 1 }]
backorders = [{ channel = "web", sku = "TEE", depth = 3, incoming = true }]
tags = { TEE = ["winter"] }
kits = { SET = { TEE = 2, CAP = 1 } }
capacities = [{ location = "central", parcels = 40 }, { parcels = 9, first = "2026-12-24", last = "2026-12-26" }]
destinations = { kowloon = "22.3193, 114.1694" }

[stock.measures.TEA]
base = "gram"
units = { kg = 1000, lb = "453.59237", bag = "1500" }

[stock.sourcing]
aims = ["cost", "parcels"]
max_parcels = 3
min_parcel_value = "50.00"
excluded = ["depot"]
min_confidence = 900
risk_cost = "8.00"
together = [["TEE", "CAP"]]
"""


def read(stock: str) -> ShopSettings:
    return read_settings(SettingsText(shop=HEAD + stock))


def test_rules_say_what_was_written() -> None:
    rules = read(STOCK).rules.stock
    counts = [
        StockCounted(id=place, at=datetime(2026, 1, 1, tzinfo=UTC), sku="TEE", location=place, units=20)
        for place in ("central", "depot")
    ]
    tees = positions("TEE", counts)
    november, december = datetime(2026, 11, 30, 15, 59, tzinfo=UTC), datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert [pool_raw(tees, rules, november, channel=channel) for channel in ("web", "market")] == [39, 15]
    assert pool_raw(tees, rules, december, channel="market") == 11  # midnight in Hong Kong
    assert rules.ahead(tees, "web", november) == 3
    assert [(part.sku, part.units) for part in rules.opened_kits["SET"]] == [("TEE", 2), ("CAP", 1)]
    found = [rules.parcels_max(*spot) for spot in (("central", "2026-12-23"), ("central", "2026-12-26/am"))]
    assert found == [40, 9]
    assert rules.parcels_max("depot", "2026-12-27") is None
    assert rules.day_of(december) == "2026-12-01"


def test_measures_policy_and_sites_say_what_was_written() -> None:
    settings = read(STOCK)
    assert settings.measures["TEA"].units(Fraction("0.5"), "kg") == 500
    policy = settings.policy
    assert (policy.aims, policy.parcels_max, policy.parcel_value_min) == (("cost", "parcels"), 3, 5_000)
    assert (policy.excluded, policy.confidence_min, policy.risk_cost) == (frozenset(("depot",)), 900, 800)
    near = settings.network.site("central", 0, settings.network.destination("kowloon"))
    assert (near.distance, near.parcel_cost, near.unit_cost) == (4_321, 3_000 + 200 * 4_321 // 1_000, 150)
    far = settings.network.site("depot", 1, None)
    assert (far.distance, far.zone, far.priority, far.pickup) == (0, "NT", 7, "any")


def test_the_way_is_measured_in_whole_metres() -> None:
    assert metres_between(point_of("0, 0", ""), point_of("0, 90", "")) == 10_007_543  # a quarter of the way round
    assert metres_between(point_of("22.5,114", ""), point_of("22.5,114", "")) == 0
    assert metres_between(point_of("90,0", ""), point_of("-90,7", "")) == 20_015_087
    for wrong in ("", "22.3", "91,0", "0,181", "1e3,2", "north", "22.3;114"):
        with pytest.raises(Malformed, match="latitude"):
            point_of(wrong, "at")


@pytest.mark.parametrize(
    ("stock", "complaint"),
    [
        ("[stock]\nbuffer = []", "stock.buffer: Extra inputs"),
        ("[stock]\nbuffers = [{ units = -1 }]", "stock.buffers[0].units"),
        ("[stock]\nbuffers = [{ units = 1, since = 2026-02-01, until = 2026-01-01 }]", "is not after the rule starts"),
        ("[stock]\nsafety = [{ location = 'nowhere', units = 1 }]", "stock.safety[0].location: 'nowhere' is none of"),
        ("[stock]\npools = { market = ['nowhere'] }", "stock.pools.market: 'nowhere' is none of the locations"),
        ("[stock]\nkits = { SET = { SET = 1 } }", "SET contains itself"),
        ("[stock]\nkits = { SET = { TEE = 0 } }", "stock.kits.SET.TEE"),
        ("[stock.measures.TEA]\nbase = 'gram'\nunits = { kg = '0' }", "stock.measures.TEA"),
        ("[stock.sourcing]\nstrategy = 'best'", "stock.sourcing.strategy: 'best' is none of exact"),
        ("[stock.sourcing]\nfallback = 'exact'", "stock.sourcing.fallback"),
        ("[stock.sourcing]\naims = ['cost', 'cost']", "aims"),
        ("[stock.sourcing]\nrisk_cost = 5", "could be dollars or cents"),
        ("[stock]\ndestinations = { home = 'here' }", "stock.destinations.home"),
    ],
)
def test_what_can_not_be_meant_is_refused_with_its_place(stock: str, complaint: str) -> None:
    with pytest.raises(Misconfigured) as told:
        read(stock)
    assert complaint in str(told.value)


WORK = """
[stock]
holidays = "HK"
carrier = { hours = "Mo-Sa 09:00-18:00; PH off" }
work = { hours = "Mo-Fr 09:00-18:00; PH off", cut_off = "15:00", handling_days = 1, shut = [2026-01-05] }
"""


def test_hours_lead_times_and_holidays_make_a_timetable_that_a_location_may_differ_from() -> None:
    own = HEAD.replace('id = "central"', 'id = "central"\nwork = { hours = "Mo-Su 10:00-21:00", pickup_minutes = 90 }')
    timetable = read_settings(SettingsText(shop=own + WORK)).timetable()
    depot, central = timetable.at(LocationId("depot")), timetable.at(LocationId("central"))
    assert (depot.lead, depot.pickup_minutes) == (LeadTime(cut_off=time(15), handling_days=1, transit_days=1), 0)
    assert (central.lead, central.pickup_minutes) == (depot.lead, 90)
    new_year, monday = date(2026, 1, 1), date(2026, 1, 5)
    nine_to_six = ((time(9), time(18)),)
    assert [depot.calendar.hours(day) for day in (new_year, date(2026, 1, 2), monday)] == [(), nine_to_six, ()]
    assert central.calendar.hours(new_year) == ((time(10), time(21)),)
    assert central.calendar.hours(monday) == ()  # what it does not say itself is as usual
    assert [timetable.carrier.hours(day) for day in (new_year, monday)] == [(), nine_to_six]


def test_a_shop_that_says_nothing_of_hours_never_shuts() -> None:
    timetable = read("").timetable()
    assert timetable.at(LocationId("depot")).lead == LeadTime()
    assert timetable.carrier.hours(date(2026, 1, 1)) == ((time(0), time(0)),)
    days_off = read("[stock]\ncarrier = { shut = ['2026-01-01'] }").timetable()
    assert [days_off.carrier.hours(date(2026, 1, day)) for day in (1, 2)] == [(), ((time(0), time(0)),)]


@pytest.mark.parametrize(
    ("stock", "complaint"),
    [
        ("[stock]\nwork = { hours = 'when we like' }", "stock.work.hours: 'when we like' can't be read"),
        ("[stock]\nwork = { hours = 'Mo-Fr 10:00-18:00; PH off' }", "stock.work.hours"),
        ("[stock]\ncarrier = { hours = 'SH off' }", "stock.carrier.hours: 'SH off' can't be kept"),
        ("[stock]\nholidays = 'XX'", "stock.holidays"),
        ("[stock]\nholidays = 'GB-NOWHERE'", "stock.holidays"),
        ("[stock]\nwork = { cut_off = '25:00' }", "stock.work.cut_off: '25:00' is not a time of day"),
        ("[stock]\nwork = { cut_off = 15 }", "stock.work.cut_off"),
        ("[stock]\nwork = { shut = [2026-01-05T10:00:00] }", "stock.work.shut[0]"),
        ("[stock]\nwork = { handling_days = -1 }", "stock.work.handling_days"),
        ("[stock]\nwork = { transit_days = 366 }", "stock.work.transit_days"),
    ],
)
def test_hours_that_can_not_be_meant_are_refused_with_their_place(stock: str, complaint: str) -> None:
    with pytest.raises(Misconfigured) as told:
        read(stock).timetable()
    assert complaint in str(told.value)


def test_hours_need_an_extra_and_say_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "omo_adapters.calendars", None)
    for said in ("[stock]\nholidays = 'HK'", "[stock]\nwork = { hours = 'Mo-Fr 10:00-18:00' }"):
        with pytest.raises(Misconfigured, match=r"omo\[calendar\]"):
            read(said).timetable()
    assert read("[stock]\nwork = { cut_off = '15:00' }").timetable()
