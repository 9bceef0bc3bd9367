"""The shared cases of bad input that touch values, rules, storage and the shell, by their ids.

Those about documents, files and the command line are covered where they are read (``OTHERS``).
"""

import json
import os
import sqlite3
import subprocess
import sys
import threading
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest
from attrs import evolve

from omo_adapters.errors import StoreUnavailable
from omo_adapters.identifiers import phone_e164
from omo_adapters.shop import Shop, memory_shop, open_shop
from omo_adapters.testing.samples import START, counted, granted, handed, joined, line, redeemed, refund, sale, seen
from omo_core.decisions import Accepted, Refused
from omo_core.errors import Malformed
from omo_core.fulfilment import CollectOrder
from omo_core.identifiers import HoldId, LocationId, OrderId, ProfileId, RequestId, Sku
from omo_core.instants import start_of_day, zone
from omo_core.loyalty import AdjustPoints, RedeemPoints, account, simple_programme
from omo_core.loyalty.commands import CaptureHold, HoldPoints, VoidHold
from omo_core.members import DEFAULT_RULES, Claim, resolve
from omo_core.money import Money, currency, minor_units, split
from omo_core.quantities import LINES_MAX, POINTS_MAX, points, text, whole
from omo_core.stock import HoldUnits, Wanted
from tests.shell.asking import everything

ROOT = Path(__file__).resolve().parents[2]
PROGRAMME = simple_programme("HKD", per=100, zone_name="Asia/Hong_Kong", worth=100)
NOW = START + timedelta(days=30)
P1, TEE, S1 = ProfileId("p1"), Sku("TEE"), LocationId("S1")


@pytest.fixture
def shop() -> Shop:
    return memory_shop(PROGRAMME, now=lambda: NOW)


def refuse(*calls: object) -> None:
    """Each call is malformed, says where, and says it briefly."""
    for call in calls:
        with pytest.raises(Malformed) as complaint:
            call()
        assert complaint.value.path
        assert len(str(complaint.value)) < 200


def rejects(shop: Shop, *items: object) -> None:
    """Each item is refused or malformed, and changes nothing."""
    before, size = everything(shop), shop.journal.read(()).position
    for item in items:
        try:
            answer = shop.execute(item)
        except Malformed:
            continue
        assert isinstance(answer, Refused), item
    assert (everything(shop), shop.journal.read(()).position) == (before, size)


def redeem(count: object, request: str = "r", **more: object) -> RedeemPoints:
    return RedeemPoints(request=RequestId(request), at=NOW, profile=P1, points=count, currency="HKD", **more)


def hold(units: object = 1, sku: str = "TEE", location: str | None = "S1") -> HoldUnits:
    place = None if location is None else LocationId(location)
    wanted = (Wanted(sku=Sku(sku), units=units),)
    return HoldUnits(
        request=RequestId("r"), at=NOW, hold=HoldId("h"), lines=wanted, location=place, until=NOW + timedelta(hours=1)
    )


# Money and numbers.


def nm_01() -> None:
    for odd in (Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("1E+1000000"), float("inf")):
        refuse(lambda odd=odd: whole(odd, "amount", low=0, high=10), lambda odd=odd: minor_units(str(odd), "HKD"))


def nm_02() -> None:
    for odd in ("١٢٣", "１００", "1_000", " 1 ", "1,000.00", "+5", "1e2", "0x10", "", "-0"):
        refuse(lambda odd=odd: minor_units(odd, "HKD"))


def nm_05() -> None:
    refuse(lambda: Money.of("10", "HKD") + Money.of("10", "TWD"))
    for odd in ("XXX", "hkd", "HKÐ"):
        refuse(lambda odd=odd: currency(odd), lambda odd=odd: sale(currency=odd).check())


def nm_06() -> None:
    assert split(10_000, (1, 1, 1)) == (3_334, 3_333, 3_333)
    assert split(1, (1, 1, 1)) == (1, 0, 0)
    refuse(lambda: split(10_000, (0, 0)))


def nm_07(shop: Shop) -> None:
    for odd in (2**63 - 1, 2**63, POINTS_MAX + 1):
        refuse(lambda odd=odd: shop.record(granted(points=odd)), lambda odd=odd: shop.execute(redeem(odd)))
    shop.record(granted(points=POINTS_MAX), granted("g2", POINTS_MAX))
    assert shop.account(P1).earned == 2 * POINTS_MAX


def nm_09(tmp_path: Path) -> None:
    with open_shop(tmp_path / "shop.sqlite3", PROGRAMME, now=lambda: NOW) as opened:
        opened.record(sale())
        assert opened.database is not None
        with pytest.raises(sqlite3.IntegrityError):
            opened.database.connection.execute("UPDATE stream SET version = 'abc'")
        with pytest.raises(sqlite3.IntegrityError):
            opened.database.connection.execute("UPDATE stream SET version = 0")


# Values as they come in JSON.


def js_02() -> None:
    for odd in (10**5_000, 10**4_300, 2**63):
        refuse(lambda odd=odd: points(odd), lambda odd=odd: sale(shipping=odd).check())


def js_05(shop: Shop) -> None:
    for odd in (True, "10", 10.0, 1e1, None):
        refuse(lambda odd=odd: shop.execute(redeem(odd)), lambda odd=odd: shop.record(granted(points=odd)))


def js_07(shop: Shop) -> None:
    refuse(lambda: text("a\0b", "name"), lambda: shop.record(sale(staff="a\0b")), lambda: shop.record(sale("a\0b")))


def js_12(shop: Shop) -> None:
    many = tuple(line(str(number)) for number in range(LINES_MAX + 1))
    refuse(lambda: shop.record(sale("o1", 0, *many)), lambda: shop.record(sale("o1", 0, line(sku="x" * 10_000))))
    with pytest.raises(Malformed, match=str(LINES_MAX)):
        shop.record(sale("o1", 0, *many))


# Members.


def id_02() -> None:
    spellings = ("9123 4567", "+85291234567", "００８５２９１２３４５６７")
    assert {phone_e164(each, "HK") for each in spellings} == {"+85291234567"}
    refuse(lambda: phone_e164("0085291234567 ext 5", "HK"))
    assert phone_e164("0912-345-678", "TW") == phone_e164("+886912345678", "TW") == "+886912345678"


def id_03() -> None:
    def phone(**more: object) -> Claim:
        return Claim(kind="phone", fingerprint="phone:a", proof="otp", **more)

    given_up = seen("old", phone(until=START))
    newcomer = seen("new", phone(), when=60 * 24 * 400)
    for old in (given_up, seen("old", phone())):  # the second: nobody said that the number was given up
        members = resolve((old, newcomer), DEFAULT_RULES).members
        assert [member.profiles for member in members] == [("old",), ("new",)]


def id_04(shop: Shop) -> None:
    circle = [joined("x", "a", "b"), joined("y", "b", "c"), joined("z", "c", "a")]
    shop.record(*circle, granted(profile="c"))
    member = shop.member(ProfileId("a"))
    assert member is not None
    assert set(member.profiles) == {"a", "b", "c"}
    assert [shop.account(ProfileId(name)).spendable for name in "abc"] == [100] * 3
    refuse(lambda: shop.record(joined("s", "a", "a")))


# Points.


def ly_01(shop: Shop) -> None:
    shop.record(granted(points=10))
    yes: list[int] = []
    barrier = threading.Barrier(20)

    def ask(who: int) -> None:
        barrier.wait()
        yes.extend(isinstance(shop.execute(redeem(10, f"{who}/{number}")), Accepted) for number in range(20))

    crowd = [threading.Thread(target=ask, args=(who,)) for who in range(20)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    assert (len(yes), sum(yes)) == (400, 1)


def ly_03(shop: Shop) -> None:
    shop.record(sale("o1", 1), redeemed(points=100, when=2, order="o2"), refund(order="o1", when=3))
    assert (shop.account(P1).spendable, shop.account(P1).debt) == (0, 100)
    rejects(shop, redeem(1))
    shop.record(sale("o3", 4), granted(points=1, when=5))
    assert (shop.account(P1).spendable, shop.account(P1).debt) == (1, 0)


def ly_05() -> None:
    paid = sale("o1", 2, tenders=[("points", 4_000), ("cash", 6_000)])
    told = [granted(points=40, when=1, expires_at=NOW), paid, redeemed(points=40, when=2, order="o1", amount=4_000)]
    told.append(refund(tenders=[("points", 4_000), ("cash", 6_000)]))
    now = account(PROGRAMME, told, ("p1",), NOW - timedelta(days=1))
    assert (now.spendable, now.spent, now.earned - now.clawed_back) == (40, 0, 40)
    assert [lot.expires_at for lot in now.lots] == [NOW]


def ly_06() -> None:
    version = evolve(PROGRAMME.versions[0], pending_days=60)
    opened = memory_shop(evolve(PROGRAMME, versions=(version,)), now=lambda: NOW)
    opened.record(sale())
    answer = opened.execute(redeem(10))
    assert isinstance(answer, Refused)
    assert (answer.reason.spendable, answer.reason.pending) == (0, 100)


def ly_08(shop: Shop) -> None:
    shop.record(granted(points=100, when=60 * 24 * 29))
    common = {"profile": P1, "hold": HoldId("h")}
    held = HoldPoints(request=RequestId("a"), at=NOW, points=50, until=NOW + timedelta(hours=1), **common)
    assert isinstance(shop.execute(held), Accepted)
    more = CaptureHold(request=RequestId("b"), at=NOW, points=51, **common)
    assert shop.execute(more).reason.kind == "more_than_held"
    late = CaptureHold(request=RequestId("c"), at=NOW + timedelta(hours=1), points=50, **common)
    assert shop.execute(late).reason.kind == "hold_ended"
    assert isinstance(shop.execute(VoidHold(request=RequestId("d"), at=NOW, **common)), Accepted)
    rejects(shop, VoidHold(request=RequestId("e"), at=NOW, **common), evolve(more, request=RequestId("f"), points=1))


def ly_11(shop: Shop) -> None:
    shop.record(granted())
    asked = {"at": NOW, "profile": P1, "points": 5}
    rejects(
        shop,
        AdjustPoints(request=RequestId("a"), reason="", actor="ann", **asked),
        AdjustPoints(request=RequestId("b"), reason="goodwill", actor="", **asked),
    )


# Stock and orders.


def st_04(shop: Shop) -> None:
    shop.record(counted(5))
    for odd in (0, -1, 1.5, 10**9, 10**9 + 1, "1", None):
        rejects(shop, evolve(hold(odd), request=RequestId(f"r{odd}")))
    rejects(shop, evolve(hold(sku="NO"), request=RequestId("a")), evolve(hold(location="NO"), request=RequestId("b")))


def st_05(shop: Shop) -> None:
    shop.record(*(sale(f"o{hour}", hour * 60) for hour in range(10, 18)))
    shop.record(counted(7, when=9 * 60))
    assert shop.stock(TEE).on_hand(S1) == 7 - 8


def ff_01(shop: Shop) -> None:
    waits = line(handing="pickup", location="S1", units=2)
    collect = CollectOrder(request=RequestId("r"), at=NOW, order=OrderId("o1"))
    shop.record(counted(5), sale("o1", 1, waits), handed(units=2, when=2))
    rejects(shop, collect)
    shop.record(sale("o2", 1, waits, status="cancelled", ended_at=NOW))
    rejects(shop, evolve(collect, request=RequestId("s"), order=OrderId("o2")))


def ff_02() -> None:
    told = [sale("o1", 1), refund(when=3, restock="return", location="S1"), counted(5)]
    seen_states = set()
    for order in set(permutations(told * 2, 5)):
        if set(order) == set(told):
            shop = memory_shop(PROGRAMME, now=lambda: NOW)
            shop.record(*order)
            stock = shop.stock(TEE).on_hand(S1)
            seen_states.add((stock, shop.account(P1).clawed_back, shop.order(OrderId("o1")).refunded))
    assert seen_states == {(5, 100, 10_000)}


# Time.


def tm_04() -> None:
    assert start_of_day(date(2011, 12, 30), zone("Pacific/Apia")) == start_of_day(
        date(2011, 12, 31), zone("Pacific/Apia")
    )


def tm_06() -> None:
    refuse(lambda: zone("../../etc/passwd"), lambda: zone("Asia/Taipei\n"), lambda: zone("Nowhere/Here"))


# Storage. (DB-01 is tests/storage/test_killing.py, DB-12 is test_replay.py, DB-05 and most of DB-03 test_opening.py.)


def db_03(tmp_path: Path) -> None:
    path = tmp_path / "shop.sqlite3"
    with open_shop(path, PROGRAMME, now=lambda: NOW) as shop:
        shop.record(granted(points=10))
        assert shop.database is not None
        shop.database.connection.execute("PRAGMA query_only = ON")  # what a file system that went read-only does
        with pytest.raises(StoreUnavailable):
            shop.execute(redeem(10))
        shop.database.connection.execute("PRAGMA query_only = OFF")
        assert [isinstance(shop.execute(redeem(10)), Accepted) for _ in range(2)] == [True, True]
        assert shop.account(P1).spent == 10


def cc_01() -> None:
    blocked = """
import builtins, os, random, socket, sqlite3, sys, time
import hashlib, hmac, zoneinfo, calendar, heapq, bisect, decimal, fractions, contextlib, functools, attrs, unicodedata
def never(*args, **named): raise AssertionError("the core touched the world")
zoneinfo.ZoneInfo("Asia/Hong_Kong")
import importlib, pkgutil, omo_core
names = [each.name for each in pkgutil.walk_packages(omo_core.__path__, "omo_core.")]
socket.socket = time.time = random.random = os.getenv = sqlite3.connect = never
class Env(dict):
    __getitem__ = get = never
os.environ = Env()
for name in names: importlib.import_module(name)
builtins.open = never
from omo_core.loyalty import account, simple_programme
from omo_core.instants import EPOCH
programme = simple_programme("HKD", per=100, zone_name="Asia/Hong_Kong")
assert account(programme, (), ("p",), EPOCH).earned == 0
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    subprocess.run([sys.executable, "-c", blocked], check=True, env=environment)


CASES = {
    "NM-01": nm_01,
    "NM-02": nm_02,
    "NM-05": nm_05,
    "NM-06": nm_06,
    "NM-07": nm_07,
    "NM-09": nm_09,
    "JS-02": js_02,
    "JS-05": js_05,
    "JS-07": js_07,
    "JS-12": js_12,
    "ID-02": id_02,
    "ID-03": id_03,
    "ID-04": id_04,
    "LY-01": ly_01,
    "LY-03": ly_03,
    "LY-05": ly_05,
    "LY-06": ly_06,
    "LY-08": ly_08,
    "LY-11": ly_11,
    "ST-04": st_04,
    "ST-05": st_05,
    "FF-01": ff_01,
    "FF-02": ff_02,
    "TM-04": tm_04,
    "TM-06": tm_06,
    "DB-03": db_03,
    "CC-01": cc_01,
}
ELSEWHERE = {
    "DB-01": "tests/storage/test_killing.py",
    "DB-05": "tests/storage/test_opening.py",
    "DB-10": "tests/storage/test_chain.py",
    "DB-12": "tests/properties/test_replay.py",
    "CC-02": "tests/shell/test_coalescing.py",
    "PR-04": "tests/storage/test_erasing.py",
}
OTHERS = ("WH", "WS", "PO", "XM", "CS", "HT", "DB", "PR", "LG", "SC", "JS")
"""Families whose remaining cases are about documents, transports, files, servers, other databases or the release."""


@pytest.mark.parametrize("case", CASES)
def test_a_shared_case_of_bad_input(case: str, request: pytest.FixtureRequest) -> None:
    check = CASES[case]
    names = check.__code__.co_varnames[: check.__code__.co_argcount]
    check(**{name: request.getfixturevalue(name) for name in names})


@pytest.mark.parametrize("case", ELSEWHERE)
def test_a_case_that_is_tested_elsewhere_is(case: str) -> None:
    assert (ROOT / ELSEWHERE[case]).is_file()


@pytest.mark.shared
def test_no_shared_case_about_values_and_rules_is_left_out(shared: Path) -> None:
    cases = [case["id"] for case in json.loads((shared / "cases" / "bad_inputs.json").read_text("utf-8"))]
    left = [case for case in cases if case not in CASES and case not in ELSEWHERE and case[:2] not in OTHERS]
    assert left == []
    assert CASES.keys() <= set(cases)
