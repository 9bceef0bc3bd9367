"""The shared stock cases that are about planning and rules, asked of the core; the others are told as scenarios.

Each family reads what a case is given and compares with what the case expects; no result is written here.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from attrs import evolve

from omo_adapters.optimizing.balances import balance_article
from omo_core.stock import Buffer, Measures, PickedShort, StockCounted, StockMoved, StockRules, positions
from omo_core.stock.balancing import Imbalance, Lane, Level
from omo_core.stock.calendars import removal_day
from omo_core.stock.kits import Kit, kits_in, opened
from omo_core.stock.pooling import pool_raw
from omo_core.stock.sequence import Waiting, in_sequence
from omo_core.stock.sourcing import Need, Plan, Policy, Problem, Site, plan
from omo_core.trade import KitPart, Sale, SaleLine

AT = datetime(2024, 1, 1, 10, tzinfo=UTC)
HALVES = Measures(base="half", in_base=MappingProxyType({"piece": Fraction(2)}))
"""Some cases count in halves; stock counts in whole base units."""
STRATEGIES = {"priority": "priority", "highest_available_first": "balance"}
Case = dict[str, Any]


@pytest.fixture(scope="module")
def cases(shared: Path) -> dict[str, Case]:
    return {case["id"]: case for case in json.loads((shared / "cases" / "stock.json").read_text("utf-8"))}


def halves(amount: float) -> int:
    return HALVES.units(Fraction(str(amount)), "piece")


def sites_of(case: Case) -> tuple[Site, ...]:
    config = case["given"]["config"]
    order = config.get("priority", [])
    held: dict[tuple[str, str], int] = {}
    for hold in case["given"].get("holds", []):
        held[hold["loc"], hold["sku"]] = held.get((hold["loc"], hold["sku"]), 0) + hold["qty"]
    free: dict[str, dict[str, int]] = {}
    closed = set()
    for row in case["given"]["stock"]:
        taken = row["allocated"] + max(row["held"], held.get((row["loc"], row["sku"]), 0))
        free.setdefault(row["loc"], {})[row["sku"]] = halves(row["on_hand"]) - halves(taken)
        if row.get("enabled") is False or row.get("out_of_stock_flag"):
            closed.add(row["loc"])
    return tuple(
        Site(
            location=loc,
            free={} if loc in closed else units,
            priority=order.index(loc) if loc in order else len(order),
        )
        for loc, units in free.items()
    )


def planned(case: Case, event: Case) -> Plan:
    needs = tuple(
        Need(line=str(number), sku=line["sku"], units=halves(line["qty"])) for number, line in enumerate(event["lines"])
    )
    strategy = STRATEGIES[case["given"]["config"].get("strategy", "priority")]
    return plan(Problem(needs=needs, sites=sites_of(case), policy=Policy(strategy=strategy)))


def allocations(made: Plan) -> list[tuple[str, str, int]]:
    return sorted((parcel.location, picked.sku, picked.units) for parcel in made.parcels for picked in parcel.picked)


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        "sal-05-foreign-hold-reduces-free-stock",
        "sal-08-existing-allocations-change-ranking",
        "sol-01-do-not-touch-third-location",
        "sol-02-priority-2-4-5",
        "ven-01-split-uses-remaining-quantity",
        "msi-02-incomplete-plan",
        "spr-01-on-hand-maximising-prioritiser",
    ],
)
def test_orders_come_from_where_the_case_says(cases: dict[str, Case], name: str) -> None:
    case = cases[name]
    for number, event in enumerate(case["events"]):
        made = planned(case, event)
        expected = next((one for one in case["expect"].get("after", ()) if one["event"] == number), case["expect"])
        wanted = [(one["loc"], one["sku"], halves(one["qty"])) for one in expected["allocations"]]
        assert allocations(made) == sorted(wanted)
        short = {picked.sku: picked.units for picked in made.short}
        assert short == {sku: halves(units) for sku, units in expected.get("short", {}).items()}


@pytest.mark.shared
def test_ranking_by_free_units_is_a_named_difference(cases: dict[str, Case]) -> None:
    case = cases["sal-06-sort-key-ignores-holds"]
    # The system ranks by units that others hold; omo by what is free. The case calls that legitimate.
    assert allocations(planned(case, case["events"][0])) == [("WH2", "A", 6)]


@pytest.mark.shared
def test_near_and_whole_then_near_and_split_then_far(cases: dict[str, Case]) -> None:
    case = cases["hw-08-rule-cascade-distance-then-split"]
    miles = {row["loc"]: row["miles"] for row in case["given"]["stock"]}
    stock = {(row["loc"], row["sku"]): row["on_hand"] for row in case["given"]["stock"]}
    for number, (event, changed) in (
        (0, (case["events"][0], {})),
        (2, (case["events"][2], case["events"][1]["values"])),
    ):
        free: dict[str, dict[str, int]] = {}
        for (loc, sku), units in stock.items():
            free.setdefault(loc, {})[sku] = changed.get(f"{loc}/{sku}", units)
        needs = tuple(Need(line=line["sku"], sku=line["sku"], units=line["qty"]) for line in event["lines"])
        for rule, step in enumerate(case["given"]["config"]["cascade"], 1):
            near = [loc for loc in free if step["max_miles"] is None or miles[loc] <= step["max_miles"]]
            sites = tuple(Site(location=loc, free=free[loc], distance=miles[loc]) for loc in near)
            made = plan(Problem(needs=needs, sites=sites, policy=Policy(parcels_max=None if step["split"] else 1)))
            used = rule
            if made.complete:
                break
        expected = next(one for one in case["expect"]["after"] if one["event"] == number)
        assert (used, allocations(made)) == (
            expected["rule"],
            sorted((one["loc"], one["sku"], one["qty"]) for one in expected["allocations"]),
        )


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["sal-24-pickup-eligibility-local-stock", "sal-26-pickup-eligibility-from-non-pickup-location"]
)
def test_pickup_points_have_it_or_are_brought_it(cases: dict[str, Case], name: str) -> None:
    case = cases[name]
    kinds = {
        place["id"]: {"local": "own"}.get(place["pickup"], place["pickup"]) for place in case["given"]["locations"]
    }
    units = {row["loc"]: row["on_hand"] for row in case["given"]["stock"]}
    for number, event in enumerate(case["events"]):
        if event["type"] == "set_on_hand":
            units.update({place.partition("/")[0]: value for place, value in event["values"].items()})
            continue
        sites = tuple(Site(location=loc, pickup=kind, free={"A": units.get(loc, 0)}) for loc, kind in kinds.items())  # type: ignore[arg-type]
        needs = tuple(Need(line=line["sku"], sku=line["sku"], units=line["qty"]) for line in event["lines"])
        points = [
            loc
            for loc, kind in kinds.items()
            if kind != "none" and plan(Problem(needs=needs, sites=sites, pickup_at=loc)).complete
        ]
        expected = next((one for one in case["expect"].get("after", ()) if one["event"] == number), case["expect"])
        assert points == expected["pickup_points"]


@pytest.mark.shared
def test_lots_go_in_the_order_of_the_removal_strategy(cases: dict[str, Case]) -> None:
    case = cases["odo-05-fifo-lifo-lots"]
    events = [
        StockMoved(
            id=lot["lot"],
            at=AT + timedelta(days=int(lot["in_date"][4:])),
            sku="A",
            location="S",
            units=lot["qty"],
            reason="received",
            lot=lot["lot"],
        )
        for lot in case["given"]["lots"]
    ]
    folded = positions("A", events)
    for removal, lots in case["expect"]["lots"].items():
        assert [lot for lot, _ in folded.lots_for("S", case["events"][0]["qty"], AT, removal=removal)] == lots
    case = cases["odo-06-fefo"]
    moved = [
        StockMoved(
            id=lot["lot"],
            at=datetime(2024, 1, 1, tzinfo=UTC),
            sku="eggs",
            location="S",
            units=lot["qty"],
            reason="received",
            lot=lot["lot"],
            expires_at=datetime.fromisoformat(f"2024-{lot['remove_by']}T00:00+00:00"),
        )
        for lot in case["given"]["lots"]
    ]
    wanted = case["events"][0]["lines"][0]["qty"]
    picked = positions("eggs", moved).lots_for("S", wanted, datetime(2024, 1, 2, tzinfo=UTC))
    assert picked == tuple((lot["lot"], lot["qty"]) for lot in case["expect"]["lots"])
    case = cases["odo-07-removal-date-arithmetic"]
    config = case["given"]["config"]
    days = removal_day(
        date.fromisoformat(case["events"][0]["date"]),
        life_days=config["expiry_days_after_receipt"],
        removal_days=config["removal_days_before_expiry"],
    )
    assert [day.isoformat() for day in days] == [case["expect"]["expires"], case["expect"]["remove_by"]]


@pytest.mark.shared
def test_promises_go_by_the_sequence_of_demand(cases: dict[str, Case]) -> None:
    case = cases["oca-01-ordered-atp-first-come"]
    there = sum(row["on_hand"] for row in case["given"]["stock"])
    waiting = [
        Waiting(name=one["id"], units=one["qty"], at=datetime.fromisoformat(f"{one['date']}T00:00+00:00"))
        for one in case["given"]["demands"]
    ]
    served = in_sequence(there, waiting)
    assert {one.name: one.now for one in served} == case["expect"]["promised"]
    assert {one.name: one.before for one in served} == case["expect"]["previous"]
    case = cases["ibm-01-dated-supply"]
    today = datetime.fromisoformat(f"{case['given']['today']}T00:00+00:00")
    for line in case["events"][0]["lines"]:
        rows = [row for row in case["given"]["supply"] if row["sku"] == line["sku"]]
        now = sum(row["qty"] for row in rows if row["eta"] == "on_hand")
        coming = [(datetime.fromisoformat(f"{r['eta']}T00:00+00:00"), r["qty"]) for r in rows if r["eta"] != "on_hand"]
        (one,) = in_sequence(now, [Waiting(name="o", units=line["qty"], at=today)], coming)
        complete = max([today, *(at for at, _ in one.later)])
        assert complete.date().isoformat() == case["expect"]["complete_on"][line["sku"]]


def pool(units: int, **rules: Any) -> Callable[..., int]:
    stock = positions("A", [StockCounted(id="c", at=AT, sku="A", location="all", units=units)])
    return lambda channel="": pool_raw(stock, StockRules(**rules), AT, channel=channel)


@pytest.mark.shared
def test_buffers_are_taken_per_channel_and_safety_stock_per_location(cases: dict[str, Case]) -> None:
    case = cases["hw-01-online-atp"]
    given, config = case["given"], dict(case["given"]["config"])
    places = config["locations_with_safety_stock"]
    for event, expected in ((0, 0), (2, 1)):
        config.update(case["events"][1] if event else {})
        closed = sum(config["excluded_locations"].values())
        each, rest = divmod(given["pool_atp"] - closed, places)
        counts = [
            StockCounted(id=f"c{n}", at=AT, sku="A", location=f"L{n}", units=each + (rest if n == 0 else 0))
            for n in range(places)
        ]
        rules = StockRules(
            buffers=(Buffer(units=config["channel_threshold"]),),
            safety=(Buffer(units=config["safety_stock_per_location"]),),
        )
        assert pool_raw(positions("A", counts), rules, AT) == case["expect"]["after"][expected]["online_atp"]
    case = cases["hw-03-channel-buffers-over-one-pool"]
    buffers = tuple(Buffer(channel=name, units=units) for name, units in case["given"]["config"]["thresholds"].items())
    free = pool(case["given"]["pool_atp"], buffers=buffers)
    assert [free(event["channel"]) for event in case["events"]] == [
        one["online_atp"] for one in case["expect"]["after"]
    ]


@pytest.mark.shared
def test_the_last_rule_that_fits_counts(cases: dict[str, Case]) -> None:
    case = cases["hw-02-last-matching-rule-wins"]
    kinds: dict[str, list[Buffer]] = {"threshold": [], "safety_stock": []}
    for rule in case["given"]["rules"]:
        place, _, tag = rule.get("scope", "").partition("+")
        tags = frozenset(rule.get("tags", [tag] if tag else []))
        kinds[rule["kind"]].append(Buffer(location="" if place == "all" else place, tags=tags, units=rule["value"]))
    for event, expected in zip(case["events"], case["expect"]["after"], strict=True):
        rules = StockRules(
            buffers=tuple(kinds["threshold"]),
            safety=tuple(kinds["safety_stock"]),
            tags={"A": frozenset(event["product_tags"])},
        )
        if "threshold" in expected:
            assert rules.kept_back("", "A", AT) == expected["threshold"]
        else:
            assert rules.kept_in(event["loc"], "A", AT) == expected["safety_stock"]
            assert event["qoh"] - rules.kept_in(event["loc"], "A", AT) == expected["max_sellable"]


@pytest.mark.shared
def test_the_reason_of_a_rejection_says_what_follows_for_stock(cases: dict[str, Case]) -> None:
    case = cases["hw-04-rejection-reasons"]
    effects = {"NOT_IN_STOCK": "empty", "MISMATCH": "missing", "DAMAGE": "damaged", "NO_VARIANCE": "none"}
    (row,) = case["given"]["stock"]
    units = case["given"]["order_units"]["qty"]
    line = SaleLine(line="1", sku="A", units=units, amount=0, handing="ship", location=row["loc"])
    sale = Sale(id="s", at=AT, order="O1", currency="USD", lines=(line,))
    count = StockCounted(id="c", at=AT, sku="A", location=row["loc"], units=row["on_hand"])
    short = PickedShort(
        id="p", at=AT + timedelta(hours=1), order="O1", line="1", sku="A", location=row["loc"], units=units, reason="x"
    )
    for reason, expected in case["expect"]["by_reason"].items():
        folded = positions("A", [count, sale, evolve(short, effect=effects[reason])])  # type: ignore[arg-type]
        assert {"on_hand": folded.on_hand(row["loc"]), "atp": folded.free(row["loc"], short.at)} == expected
        assert folded.promises["O1", "1"].short_at == [case["expect"]["then"]["exclude_location"]]


@pytest.mark.shared
def test_a_kit_is_as_available_as_its_scarcest_part(cases: dict[str, Case]) -> None:
    case = cases["kit-01-kit-availability"]
    parts = tuple(KitPart(sku=part["sku"], units=part["qty"]) for part in case["given"]["kit"]["components"])
    kits = opened([Kit(sku="K", parts=parts)])
    free = {row["sku"]: row["on_hand"] for row in case["given"]["stock"]}
    found = {}
    for number, event in enumerate(case["events"]):
        if event["type"] == "set_on_hand":
            free.update({place.partition("/")[2]: units for place, units in event["values"].items()})
        found[number] = kits_in(kits["K"], free)
    assert all(found[one["event"]] == one["available_total"] for one in case["expect"]["after"])


@pytest.mark.shared
def test_a_flow_costs_what_the_published_one_costs(cases: dict[str, Case]) -> None:
    case = cases["opt-02-min-cost-flow"]
    levels = tuple(
        Level(location=str(node), free=max(0, units), display_min=max(0, -units))
        for node, units in enumerate(case["given"]["supplies"])
    )
    lanes = tuple(
        Lane(origin=str(start), destination=str(end), unit_cost=cost, most=most)
        for start, end, most, cost in case["given"]["arcs"]
    )
    found = balance_article(Imbalance(sku="A", levels=levels, lanes=lanes, missing_cost=1_000))
    assert (found.cost, found.missing) == (case["expect"]["min_cost"], 0)
