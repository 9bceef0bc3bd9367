"""Stock cases about planning and rules: what the core says of their numbers, family by family.

A family is known by what a case is given and asks, never by its name. What a case expects is compared number by
number; nothing of it is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from attrs import evolve

from omo_adapters.optimizing.balances import balance_article
from omo_core.instants import EPOCH
from omo_core.kit_parts import KitPart
from omo_core.quantities import UNITS_MAX
from omo_core.stock import (
    Backorder,
    Buffer,
    Measures,
    PickedShort,
    StockCounted,
    StockMoved,
    StockRules,
    positions,
)
from omo_core.stock.balancing import Imbalance, Lane, Level
from omo_core.stock.calendars import removal_day
from omo_core.stock.kits import Kit, kits_in, opened
from omo_core.stock.pooling import pool_raw
from omo_core.stock.sequence import Waiting, in_sequence, pool_sequence
from omo_core.stock.sourcing import Need, Plan, Policy, Problem, Site, plan
from omo_core.trade import Sale, SaleLine
from tests.scenarios.shared_cases.telling import Check, NotYet, Told, Translation

Case = Mapping[str, Any]
AT: Final = datetime(2024, 1, 1, 10, tzinfo=UTC)
HALVES: Final = Measures(base="half", in_base=MappingProxyType({"piece": Fraction(2)}))
"""Some cases count in halves; stock counts in whole base units."""
STRATEGIES: Final = {"priority": "priority", "highest_available_first": "balance"}
RANKED: Final = "omo ranks locations by what is free; units that others hold are not"
AT_HOME: Final = "what nobody has waits in the pool until somebody has it, not at a location that has none"


def checks_of(case: Case) -> Translation | None:
    """Ask the core about a case, if it is of a family that is known."""
    family = next((ask for knows, ask in FAMILIES if knows(case)), None)
    return None if family is None else family(case)


def _asks(*kinds: str) -> Callable[[Case], bool]:
    return lambda case: any(event["type"] in kinds for event in case["events"])


def _given(name: str) -> Callable[[Case], bool]:
    return lambda case: name in case["given"]


def _config(name: str) -> Callable[[Case], bool]:
    return lambda case: name in case["given"].get("config", {})


def halves(amount: float) -> int:
    """Count in halves of a unit."""
    return HALVES.units(Fraction(str(amount)), "piece")


def _afters(case: Case) -> list[tuple[int, Mapping[str, Any]]]:
    """Give what is expected of the moment after each event; what is expected in the end, after the last."""
    if "after" in case["expect"]:
        return [(one["event"], {k: v for k, v in one.items() if k != "event"}) for one in case["expect"]["after"]]
    return [(len(case["events"]) - 1, case["expect"])]


def _all_told(expected: Mapping[str, Any], names: Iterable[str]) -> None:
    odd = [name for name in expected if name not in names]
    if odd:
        raise NotYet(*odd)


# Planning: which locations an order comes from.


def _planning(case: Case) -> Translation:
    told = Told(case["given"], {})
    config = told.get("config") or {}
    if "rank_by" in config and config["rank_by"] != "free":
        return Translation(checks=tuple(_plan_checks(case, instead=True)), differs=(RANKED,))
    if config.get("backorder") and any(_backordered(expected) for _, expected in _afters(case)):
        return Translation(checks=tuple(_plan_checks(case, instead=True)), differs=(AT_HOME,))
    return Translation(checks=tuple(_plan_checks(case)))


def _backordered(expected: Mapping[str, Any]) -> bool:
    return any(one.get("backordered") for one in expected.get("allocations", ()))


def _plan_checks(case: Case, *, instead: bool = False) -> Iterable[Check]:
    config = case["given"].get("config", {})
    made: dict[int, Plan] = {}
    for number, event in enumerate(case["events"]):
        if event["type"] in ("order_placed", "source_request"):
            made[number] = _planned(case, event, config)
        elif event["type"] != "query_available":
            raise NotYet(f"events of kind {event['type']!r} between plans")
    for number, expected in _afters(case):
        _all_told(expected, ("allocations", "packages", "leftover", "short", "complete", "available", "available_total",
                             "rejected", "independent_events"))  # fmt: skip
        yield from _of_stock(case, expected, made if number in made else {})
        if number in made:
            yield from _of_plan(made[number], expected, _free(case), instead=instead)


def _of_plan(
    made: Plan, expected: Mapping[str, Any], free: Mapping[tuple[str, str], int], *, instead: bool
) -> Iterable[Check]:
    there = [one for one in expected.get("allocations", ()) if not one.get("backordered")]
    wanted = sorted((one["loc"], one["sku"], halves(one["qty"])) for one in there)
    got = sorted((parcel.location, one.sku, one.units) for parcel in made.parcels for one in parcel.picked)
    if instead and not any(one.get("backordered") for one in expected["allocations"]):
        # Ranked otherwise: as many units, from whoever has the most that is really free.
        best = max(free, key=lambda key: free[key])
        wanted = [(*best, sum(units for _, _, units in wanted))]
    yield Check(what="allocations", expected=wanted, actual=got)
    short: dict[str, int] = {}
    for one in made.short:
        short[one.sku] = short.get(one.sku, 0) + one.units
    lacking = {sku: halves(units) for sku, units in expected.get("short", {}).items()}
    for one in expected.get("allocations", ()):
        if one.get("backordered"):
            lacking[one["sku"]] = lacking.get(one["sku"], 0) + halves(one["qty"])
    yield Check(what="short", expected=lacking, actual=short)
    if "packages" in expected:
        yield Check(what="packages", expected=expected["packages"], actual=made.score.parcels)
    for name, said in (("complete", made.complete), ("rejected", not made.complete)):
        if name in expected:
            yield Check(what=name, expected=expected[name], actual=said)


def _of_stock(case: Case, expected: Mapping[str, Any], made: Mapping[int, Plan]) -> Iterable[Check]:
    """What is free by location, after the plan if there is one."""
    taken: dict[tuple[str, str], int] = {}
    for one in (picked for each in made.values() for parcel in each.parcels for picked in [(parcel.location, parcel)]):
        location, parcel = one
        for picked in parcel.picked:
            taken[location, picked.sku] = taken.get((location, picked.sku), 0) + picked.units
    raw = {key: units - taken.get(key, 0) for key, units in _free(case).items()}
    if "available" in expected:
        said = {f"{loc}/{sku}": units for (loc, sku), units in raw.items()}
        wanted = {place: halves(units) for place, units in expected["available"].items()}
        yield Check(what="available", expected=wanted, actual={place: said.get(place) for place in wanted})
    if "available_total" in expected:
        total = sum(max(0, units) for units in raw.values())
        yield Check(what="available_total", expected=halves(expected["available_total"]), actual=total)


def _free(case: Case) -> dict[tuple[str, str], int]:
    """What is free in halves, by location and article; negative where more is promised than there is."""
    held: dict[tuple[str, str], int] = {}
    for hold in case["given"].get("holds", []):
        held[hold["loc"], hold["sku"]] = held.get((hold["loc"], hold["sku"]), 0) + hold["qty"]
    free = {}
    for row in case["given"]["stock"]:
        key = (row["loc"], row["sku"])
        free[key] = halves(row["on_hand"]) - halves(row["allocated"] + max(row["held"], held.get(key, 0)))
    return free


def _sites(case: Case, order: list[str]) -> tuple[Site, ...]:
    free: dict[str, dict[str, int]] = {}
    closed = set()
    for row in case["given"]["stock"]:
        free.setdefault(row["loc"], {})
        if row.get("enabled") is False or row.get("out_of_stock_flag"):
            closed.add(row["loc"])
    for (loc, sku), units in _free(case).items():
        free[loc][sku] = units
    rank = {loc: place for place, loc in enumerate(order)}
    return tuple(
        Site(location=loc, free={} if loc in closed else units, priority=rank.get(loc, len(order)))
        for loc, units in free.items()
    )


def _planned(case: Case, event: Mapping[str, Any], config: Mapping[str, Any]) -> Plan:
    needs = tuple(
        Need(line=str(number), sku=line["sku"], units=halves(line["qty"])) for number, line in enumerate(event["lines"])
    )
    policy = Policy(strategy=STRATEGIES[config.get("strategy", "priority")])
    return plan(Problem(needs=needs, sites=_sites(case, config.get("priority", [])), policy=policy))


def _needs_a_plan(case: Case) -> bool:
    """Orders whose units may come from several locations, none of which the case names."""
    asked = [event for event in case["events"] if event["type"] in ("order_placed", "source_request")]
    return bool(asked) and not any("fulfilment" in event or "source_of" in event for event in asked)


def _cascade(case: Case) -> Translation:
    """Near and whole, near and split, far and whole, anywhere and split: the first rule that serves the order."""
    steps = case["given"]["config"]["cascade"]
    miles = {row["loc"]: row["miles"] for row in case["given"]["stock"]}
    checks = []
    changed: dict[str, int] = {}
    expected_of = dict(_afters(case))
    for number, event in enumerate(case["events"]):
        if event["type"] == "set_on_hand":
            changed = event["values"]
            continue
        free: dict[str, dict[str, int]] = {}
        for row in case["given"]["stock"]:
            free.setdefault(row["loc"], {})[row["sku"]] = changed.get(f"{row['loc']}/{row['sku']}", row["on_hand"])
        needs = tuple(Need(line=line["sku"], sku=line["sku"], units=line["qty"]) for line in event["lines"])
        used = 0
        for rule, step in enumerate(steps, 1):
            used = rule
            near = [loc for loc in free if step["max_miles"] is None or miles[loc] <= step["max_miles"]]
            sites = tuple(Site(location=loc, free=free[loc], distance=miles[loc]) for loc in near)
            made = plan(Problem(needs=needs, sites=sites, policy=Policy(parcels_max=None if step["split"] else 1)))
            if made.complete:
                break
        expected = expected_of[number]
        wanted = sorted((one["loc"], one["sku"], one["qty"]) for one in expected["allocations"])
        got = sorted((parcel.location, one.sku, one.units) for parcel in made.parcels for one in parcel.picked)
        checks += [
            Check(what="rule", expected=expected["rule"], actual=used),
            Check(what="allocations", expected=wanted, actual=got),
        ]
    return Translation(checks=tuple(checks))


def _pickup_points(case: Case) -> Translation:
    kinds = {
        place["id"]: {"local": "own"}.get(place["pickup"], place["pickup"]) for place in case["given"]["locations"]
    }
    units = {(row["loc"], row["sku"]): row["on_hand"] for row in case["given"]["stock"]}
    expected_of, checks = dict(_afters(case)), []
    for number, event in enumerate(case["events"]):
        if event["type"] == "set_on_hand":
            units |= {tuple(place.split("/")): there for place, there in event["values"].items()}
            continue
        needs = tuple(Need(line=line["sku"], sku=line["sku"], units=line["qty"]) for line in event["lines"])
        skus = [line["sku"] for line in event["lines"]]
        sites = tuple(
            Site(location=loc, pickup=kind, free={sku: units.get((loc, sku), 0) for sku in skus})
            for loc, kind in kinds.items()
        )
        asked = (loc for loc, kind in kinds.items() if kind != "none")
        points = [loc for loc in asked if plan(Problem(needs=needs, sites=sites, pickup_at=loc)).complete]
        checks.append(Check(what="points", expected=expected_of[number]["pickup_points"], actual=points))
    return Translation(checks=tuple(checks))


# Lots, sequences, deliveries.


def _lots(case: Case) -> Translation:
    def instant(lot: Mapping[str, Any]) -> datetime:
        return AT + timedelta(days=int(lot["in_date"].removeprefix("day "))) if "in_date" in lot else EPOCH

    def end(lot: Mapping[str, Any]) -> datetime | None:
        day = lot.get("remove_by")
        return None if day is None else datetime.fromisoformat(f"2024-{day}T00:00+00:00")

    lots, (event,) = case["given"]["lots"], case["events"]
    moved = [
        StockMoved(
            id=lot["lot"],
            at=instant(lot),
            sku=lot["sku"],
            location="S",
            units=lot["qty"],
            reason="received",
            lot=lot["lot"],
            expires_at=end(lot),
        )
        for lot in lots
    ]
    (line,) = event.get("lines") or [event]
    folded, expected = positions(line["sku"], moved), case["expect"]["lots"]
    if isinstance(expected, dict):
        return Translation(
            checks=tuple(
                Check(
                    what=way, expected=names, actual=[n for n, _ in folded.lots_for("S", line["qty"], AT, removal=way)]
                )
                for way, names in expected.items()
            )
        )
    wanted = [(one["lot"], one["qty"]) for one in expected]
    got = list(folded.lots_for("S", line["qty"], AT, removal=case["given"]["config"]["removal"]))
    return Translation(checks=(Check(what="lots", expected=wanted, actual=got),))


def _removal(case: Case) -> Translation:
    config = case["given"]["config"]
    expires, removed = removal_day(
        date.fromisoformat(case["events"][0]["date"]),
        life_days=config["expiry_days_after_receipt"],
        removal_days=config["removal_days_before_expiry"],
    )
    said = {"expires": expires.isoformat(), "remove_by": removed.isoformat()}
    return Translation(checks=tuple(Check(what=n, expected=v, actual=said[n]) for n, v in case["expect"].items()))


def _sequence(case: Case) -> Translation:
    there = sum(row["on_hand"] - row["allocated"] - row["held"] for row in case["given"]["stock"])
    demands = case["given"]["demands"]
    waiting = [Waiting(name=one["id"], units=one["qty"], at=_day(one["date"])) for one in demands]
    served = in_sequence(there, waiting)
    said = {"promised": {one.name: one.now for one in served}, "previous": {one.name: one.before for one in served}}
    return Translation(checks=tuple(Check(what=n, expected=v, actual=said[n]) for n, v in case["expect"].items()))


def _day(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T00:00+00:00")


def _dated_supply(case: Case) -> Translation:
    today = _day(case["given"]["today"])
    supply: dict[str, list[tuple[datetime, int]]] = {}
    for row in case["given"]["supply"]:
        due = today if row["eta"] == "on_hand" else _day(row["eta"])
        supply.setdefault(row["sku"], []).append((due, row["qty"]))
    checks = []
    for sku, rows in case["expect"].get("cumulative", {}).items():
        for day, units in rows:
            (one,) = in_sequence(0, [Waiting(name="all", units=UNITS_MAX, at=today)], supply[sku])
            got = sum(count for due, count in one.later if due <= _day(day))
            checks.append(Check(what=f"{sku} by {day}", expected=units, actual=got))
    for line in case["events"][0]["lines"]:
        (one,) = in_sequence(0, [Waiting(name="o", units=line["qty"], at=today)], supply[line["sku"]])
        complete = None if one.complete_at is None else one.complete_at.date().isoformat()
        wanted = case["expect"]["complete_on"][line["sku"]]
        checks.append(Check(what=f"{line['sku']} complete", expected=wanted, actual=complete))
    return Translation(checks=tuple(checks))


def _filled(case: Case) -> Translation:
    """Backorders that receipts fill: the system takes units off when they are sold, so its level is omo's free ones."""
    (row,) = case["given"]["stock"]
    loc, sku, owed = row["loc"], row["sku"], row["backordered_units"]
    line = SaleLine(line="1", sku=sku, units=owed, amount=0, handing="ship")
    sale = Sale(id="s", at=AT, order="O", currency="USD", channel="web", lines=(line,))
    count = StockCounted(id="c", at=AT, sku=sku, location=loc, units=row["on_hand"] + owed)
    events: list[Any] = [count, sale]
    expected_of, checks, filled = dict(_afters(case)), [], 0
    for number, event in enumerate(case["events"]):
        at = AT + timedelta(hours=number + 1)
        events.append(StockMoved(id=f"m{number}", at=at, sku=sku, location=loc, units=event["qty"], reason="received"))
        folded = positions(sku, events)
        now = sum(one.now for one in pool_sequence(folded, StockRules(), at))
        said = {
            "on_hand": folded.pool_raw((loc,), at),
            "backorders_filled": now - filled,
            "backorders_filled_total": now,
        }
        filled = now
        for name, wanted in expected_of[number].items():
            checks.append(Check(what=name, expected=wanted, actual=said[name]))
    return Translation(checks=tuple(checks))


# Buffers, thresholds, kits, short picks, flows.


def _pool(units: int, at: datetime = AT, **rules: Any) -> Callable[..., int]:
    stock = positions("A", [StockCounted(id="c", at=AT, sku="A", location="all", units=units)])
    return lambda channel="": pool_raw(stock, StockRules(**rules), at, channel=channel)


def _online(case: Case) -> Translation:
    given, config, checks = case["given"], dict(case["given"]["config"]), []
    expected_of = dict(_afters(case))
    for number, event in enumerate(case["events"]):
        if event["type"] == "config_changed":
            config |= {name: value for name, value in event.items() if name != "type"}
            continue
        if "thresholds" in config:
            buffers = tuple(Buffer(channel=name, units=units) for name, units in config["thresholds"].items())
            got = _pool(given["pool_atp"], buffers=buffers)(event["channel"])
        else:
            got = _with_safety(given["pool_atp"], config)
        checks.append(Check(what="online", expected=expected_of[number]["online_atp"], actual=got))
    return Translation(checks=tuple(checks))


def _with_safety(units: int, config: Mapping[str, Any]) -> int:
    """Share the pool out over its locations, some of which are left out of it, and ask what the web may promise."""
    if config.get("brokering_queue"):
        raise NotYet("orders that wait to be sourced, as a number")
    places = config["locations_with_safety_stock"]
    closed = sum(config["excluded_locations"].values())
    each, rest = divmod(units - closed, places)
    counts = [
        StockCounted(id=f"c{n}", at=AT, sku="A", location=f"L{n}", units=each + (rest if n == 0 else 0))
        for n in range(places)
    ]
    counts.append(StockCounted(id="closed", at=AT, sku="A", location="closed", units=closed))
    rules = StockRules(
        pool=tuple(f"L{n}" for n in range(places)),
        buffers=(Buffer(units=config["channel_threshold"]),),
        safety=(Buffer(units=config["safety_stock_per_location"]),),
    )
    return pool_raw(positions("A", counts), rules, AT)


def _last_rule(case: Case) -> Translation:
    kinds: dict[str, list[Buffer]] = {"threshold": [], "safety_stock": []}
    for rule in case["given"]["rules"]:
        place, _, tag = rule.get("scope", "").partition("+")
        tags = frozenset(rule.get("tags", [tag] if tag else []))
        kinds[rule["kind"]].append(Buffer(location="" if place == "all" else place, tags=tags, units=rule["value"]))
    checks = []
    for number, expected in _afters(case):
        event = case["events"][number]
        rules = StockRules(
            buffers=tuple(kinds["threshold"]),
            safety=tuple(kinds["safety_stock"]),
            tags={"A": frozenset(event["product_tags"])},
        )
        kept = rules.kept_in(event.get("loc", ""), "A", AT)
        said = {
            "threshold": rules.kept_back("", "A", AT),
            "safety_stock": kept,
            "max_sellable": event.get("qoh", 0) - kept,
        }
        checks += [Check(what=name, expected=wanted, actual=said[name]) for name, wanted in expected.items()]
    return Translation(checks=tuple(checks))


def _saleable(case: Case) -> Translation:
    """A threshold above zero keeps units back, one below lets so many more be promised; no control: any number."""
    rows = {row["sku"]: row for row in case["given"]["stock"]}
    least = case["given"].get("config", {}).get("min_qty")
    limits = {sku: row.get("threshold", 0) for sku, row in rows.items()}
    sold: dict[str, int] = {}
    free = _free(case)

    def saleable(sku: str) -> int:
        open_rows = [row for row in case["given"]["stock"] if row["sku"] == sku and row.get("enabled", True)]
        there = sum(free[row["loc"], sku] for row in open_rows if not row.get("out_of_stock_flag"))
        limit = limits[sku] if least is None else least
        depth = UNITS_MAX if rows[sku].get("tracked") is False else max(0, halves(-limit))
        stock = positions(
            sku,
            [
                StockCounted(id="c", at=AT, sku=sku, location="L", units=there),
                *([_promised(sku, halves(sold[sku]))] if sku in sold else []),
            ],
        )
        rules = StockRules(buffers=(Buffer(units=max(0, halves(limit))),), backorders=(Backorder(depth=depth),))
        return pool_raw(stock, rules, AT) + rules.ahead(stock, "", AT)

    said: list[dict[str, Any]] = []
    added: dict[str, int] = {}
    for event in case["events"]:
        kind, sku, units = event["type"], event.get("sku", ""), event.get("qty", 0)
        if kind == "order_placed":
            (line,) = event["lines"]
            sku, units = line["sku"], line["qty"]
        if kind == "set_threshold":
            limits[sku] = event["value"]
        can = kind in ("set_threshold", "query_saleable") or saleable(sku) >= halves(units)
        if kind == "add_to_cart":
            added[sku] = min(halves(units), max(0, saleable(sku)))
        if kind == "order_placed" and can:
            sold[sku] = sold.get(sku, 0) + units
        said.append({"rejected": not can, "result": can, "saleable": saleable(sku)})
    checks = [
        Check(what=name, expected=halves(wanted) if name == "saleable" else wanted, actual=said[number][name])
        for number, expected in _afters(case)
        for name, wanted in expected.items()
        if "after" in case["expect"]
    ]
    if "added" in case["expect"]:
        wanted = {sku: halves(units) for sku, units in case["expect"]["added"].items()}
        lacking = [sku for event in case["events"] if halves(event["qty"]) > added[sku := event["sku"]]]
        checks.append(Check(what="added", expected=wanted, actual=added))
        checks.append(Check(what="insufficient", expected=case["expect"]["insufficient"], actual=lacking))
    return Translation(checks=tuple(checks))


def _promised(sku: str, units: int) -> Sale:
    line = SaleLine(line="1", sku=sku, units=units, amount=0, handing="ship")
    return Sale(id="s", at=AT, order="O", currency="USD", channel="web", lines=(line,))


def _kit(case: Case) -> Translation:
    kit = case["given"]["kit"]
    parts = tuple(KitPart(sku=part["sku"], units=part["qty"]) for part in kit["components"])
    kits = opened([Kit(sku=kit["sku"], parts=parts)])
    free = {row["sku"]: row["on_hand"] - row["allocated"] - row["held"] for row in case["given"]["stock"]}
    expected_of, checks = dict(_afters(case)), []
    for number, event in enumerate(case["events"]):
        if event["type"] == "set_on_hand":
            free |= {place.partition("/")[2]: units for place, units in event["values"].items()}
            continue
        made = kits_in(kits[kit["sku"]], free)
        checks.append(Check(what="kits", expected=expected_of[number]["available_total"], actual=made))
    return Translation(checks=tuple(checks))


EFFECTS: Final = {"NOT_IN_STOCK": "empty", "MISMATCH": "missing", "DAMAGE": "damaged", "NO_VARIANCE": "none"}


def _rejected(case: Case) -> Translation:
    (row,), units = case["given"]["stock"], case["given"]["order_units"]["qty"]
    line = SaleLine(line="1", sku=row["sku"], units=units, amount=0, handing="ship", location=row["loc"])
    sale = Sale(id="s", at=AT, order="O1", currency="USD", lines=(line,))
    count = StockCounted(id="c", at=AT, sku=row["sku"], location=row["loc"], units=row["on_hand"])
    short = PickedShort(
        id="p",
        at=AT + timedelta(hours=1),
        order="O1",
        line="1",
        sku=row["sku"],
        location=row["loc"],
        units=units,
        reason="x",
    )
    checks = []
    for reason, expected in case["expect"]["by_reason"].items():
        folded = positions(row["sku"], [count, sale, evolve(short, effect=EFFECTS[reason])])  # type: ignore[arg-type]
        said = {"on_hand": folded.on_hand(row["loc"]), "atp": folded.free(row["loc"], short.at)}
        checks.append(Check(what=reason, expected=expected, actual=said))
        excluded = case["expect"]["then"]["exclude_location"]
        checks.append(Check(what="not asked", expected=[excluded], actual=folded.promises["O1", "1"].short_at))
        checks.append(Check(what="sourced anew", expected=units, actual=folded.allocated(None)))
    return Translation(checks=tuple(checks))


def _flow(case: Case) -> Translation:
    levels = tuple(
        Level(location=str(node), free=max(0, units), display_min=max(0, -units))
        for node, units in enumerate(case["given"]["supplies"])
    )
    lanes = tuple(
        Lane(origin=str(start), destination=str(end), unit_cost=cost, most=most)
        for start, end, most, cost in case["given"]["arcs"]
    )
    found = balance_article(Imbalance(sku="A", levels=levels, lanes=lanes, missing_cost=1_000, ahead=True))
    return Translation(
        checks=(
            Check(what="cost", expected=case["expect"]["min_cost"], actual=found.cost),
            Check(what="missing", expected=0, actual=found.missing),
        )
    )


Family = tuple[Callable[[Case], bool], Callable[[Case], Translation]]
FAMILIES: Final[tuple[Family, ...]] = (
    (_given("lots"), _lots),
    (_given("demands"), _sequence),
    (_given("supply"), _dated_supply),
    (_given("pool_atp"), _online),
    (_given("rules"), _last_rule),
    (_given("kit"), _kit),
    (_given("arcs"), _flow),
    (_config("expiry_days_after_receipt"), _removal),
    (_config("cascade"), _cascade),
    (_asks("query_pickup_points"), _pickup_points),
    (_asks("store_rejected"), _rejected),
    (_asks("add_to_cart", "can_sell", "query_saleable"), _saleable),
    (lambda case: any("backordered_units" in row for row in case["given"].get("stock", ())), _filled),
    (_needs_a_plan, _planning),
)
"""Which families there are: how one is known, and how it is asked. The first that knows a case asks it."""
