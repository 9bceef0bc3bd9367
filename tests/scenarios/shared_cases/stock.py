"""Stock cases as stories: the shelves as given, what happened, and what each location is then expected to hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from attrs import Factory, define

from tests.scenarios.shared_cases.stock_checks import AT_HOME, checks_of
from tests.scenarios.shared_cases.telling import NotYet, OnPurpose, Story, Told, Translation, instant_of

SOURCING: Final = "sourcing: which locations an order comes from"
BACKORDER: Final = "backorders"
CLOSED: Final = "locations that are closed to sourcing"
LOTS: Final = "lots with an end"
NOT_BY_ITSELF: Final = (
    "no order ends by itself: whoever keeps the time asks for its end, and what it waited for is free at once"
)
FAR: Final = "2099-01-01"
GIVEN_NAMES: Final = {
    "lots": LOTS,
    "demands": "promises in the order of demand",
    "pool_atp": "channel buffers and safety stock as rules",
    "rules": "channel buffers and safety stock as rules",
    "kit": "kits",
    "today": "supply that is on its way",
    "arcs": "rebalancing",
}
ROW_NAMES: Final = {
    "backorderable": BACKORDER,
    "backordered_units": BACKORDER,
    "threshold": "channel buffers and permitted backorder depth",
    "tracked": "articles without stock control",
    "out_of_stock_flag": CLOSED,
    "enabled": CLOSED,
    "miles": SOURCING,
    "counts_exclude_order_units": BACKORDER,
}
CONFIG_NAMES: Final = {
    "strategy": SOURCING,
    "rank_by": SOURCING,
    "priority": SOURCING,
    "min_qty": "channel buffers and safety stock as rules",
    "backorder": BACKORDER,
    "adjust_qoh_on_rejection": "rejections whose reason carries its stock effect",
    "cascade": SOURCING,
    "removal": LOTS,
    "expiry_days_after_receipt": LOTS,
    "removal_days_before_expiry": LOTS,
}
HARMLESS: Final = ("allow_negative", "floor_location_available_at_zero", "reserve_ttl_h", "resellable")
EXPECT_NAMES: Final = {
    "packages": "packing",
    "leftover": SOURCING,
    "pickup_points": "pickup points that are supplied from elsewhere",
    "short": SOURCING,
    "complete": SOURCING,
    "backorders_filled": BACKORDER,
    "backorders_filled_total": BACKORDER,
    "rule": SOURCING,
}
EVENT_NAMES: Final = {
    "add_to_cart": "channel buffers and permitted backorder depth",
    "can_sell": "channel buffers and safety stock as rules",
    "source_request": SOURCING,
    "query_pickup_points": "pickup points that are supplied from elsewhere",
    "query_online_atp": "channel buffers and safety stock as rules",
    "resolve": "channel buffers and safety stock as rules",
    "compute_promises": "promises in the order of demand",
    "promise": "supply that is on its way",
    "solve_rebalancing": "rebalancing",
    "store_rejected": "rejections whose reason carries its stock effect",
}


@define
class Case:
    """A stock case being told."""

    story: Story
    given: Told
    config: Told
    expect: Told
    stock: list[dict[str, Any]] = Factory(list)
    orders: dict[str, dict[str, dict[str, Any]]] = Factory(dict)
    """By order and line: sku, units, location."""
    number: int = 0
    moved_in_part: bool = False
    """What moved is told already, in omo's terms."""
    rejected: bool = False
    """Whether the event at hand is expected to be refused."""
    parts: dict[tuple[str, str], dict[str, int]] = Factory(dict)
    """By order and line: how many come from which location."""
    reserving: tuple[str, str] | None = None
    """The order and line that was reserved for last."""
    reserved: dict[str, tuple[str, str, str, int]] = Factory(dict)
    """Partial reservations by their id: order, line, location, units."""
    own: list[str] = Factory(list)
    """The holds of whoever asks at the event at hand."""

    def skus(self) -> list[str]:
        """Name the articles that lie somewhere."""
        return list(dict.fromkeys(row["sku"] for row in self.stock))

    def places(self, sku: str) -> list[str]:
        """Name the locations that have an article."""
        return [row["loc"] for row in self.stock if row["sku"] == sku]

    def row(self, loc: str, sku: str) -> dict[str, Any]:
        """Find a location's row of an article."""
        return next((r for r in self.stock if (r["loc"], r["sku"]) == (loc, sku)), {"on_hand": 0, "allocated": 0})

    def next(self, what: str) -> str:
        """Name a document."""
        self.number += 1
        return f"{what}-{self.number}"


def translate(case: Mapping[str, Any]) -> Translation:
    """Turn a case into a story; one that is about planning or rules alone is asked of the core."""
    try:
        return _story(case)
    except NotYet:
        found = checks_of(case)
        if found is None:
            raise
        return found


def _story(case: Mapping[str, Any]) -> Translation:
    given = Told(case["given"], GIVEN_NAMES)
    _named(given.keys(), GIVEN_NAMES)
    config = Told(given.get("config") or {}, CONFIG_NAMES)
    moved = any(event["type"] == "fulfilment_moved" for event in case["events"])
    told = Case(
        Story(case["id"]),
        given,
        config,
        Told(case["expect"], EXPECT_NAMES),
        stock=_rows(given.get("stock") or [], given.get("order_units") or {}, moved=moved),
    )
    since = (given.get("order_units") or {}).get("since")
    told.story.at(instant_of(given.get("clock") or since or "2026-01-01T10:00:00"))
    given.get("locations")  # which of them are pickup points is asked by their own kind of event
    for key in HARMLESS:
        config.get(key)
    _planned(config, to_pickup=any("fulfilment" in event for event in case["events"]))
    _lay_out(told)
    for place, event in enumerate(case["events"]):
        _event(told, event, place, last=place == len(case["events"]) - 1)
    _finally(told)
    unread = tuple(told.expect.unread())
    missing = told.given.unread() + told.config.unread()
    if missing:
        raise NotYet(*missing)
    story = (told.story.scenario(),)
    if told.story.differs:
        return Translation(instead=story, differs=tuple(told.story.differs))
    return Translation(readings=story, unread=unread, lacks=tuple(told.story.lacks))


def _planned(config: Told, *, to_pickup: bool) -> None:
    """Refuse what a planner must decide; goods that are picked up come from the store that was chosen."""
    settled = {"strategy", "priority"} if to_pickup or config.get("strategy") == "line_names_location" else set()
    _named([key for key in config.keys() if key not in settled], CONFIG_NAMES)  # noqa: SIM118 - not a mapping
    for key in settled:
        config.get(key)


def _named(keys: list[str], names: Mapping[str, str]) -> None:
    lacking = [names[key] for key in keys if key in names]
    if lacking:
        raise NotYet(*dict.fromkeys(lacking))


def _rows(rows: list[dict[str, Any]], units: Mapping[str, Any], *, moved: bool) -> list[dict[str, Any]]:
    """Give one row per location and article; bins of a location are one."""
    known = {"loc", "sku", "on_hand", "allocated", "held", "bin", "counts_exclude_order_units"}
    known |= {"backorderable"} if moved else set()
    sums: dict[tuple[str, str], dict[str, Any]] = {}
    odd = [key for row in rows for key in row if key not in known and not (key == "backorderable" and not row[key])]
    if odd:
        raise NotYet(*dict.fromkeys(ROW_NAMES.get(key, key) for key in odd))
    for row in rows:
        if type(row["on_hand"]) is not int:
            raise NotYet("parts of a unit")
        total = sums.setdefault((row["loc"], row["sku"]), {**row, "on_hand": 0, "allocated": 0, "held": 0})
        for number in ("on_hand", "allocated", "held"):
            total[number] += row[number]
        if row.get("counts_exclude_order_units"):
            total["on_hand"] += units["qty"] if (units["loc"], units["sku"]) == (row["loc"], row["sku"]) else 0
    return list(sums.values())


# The shelves as given.


def _lay_out(told: Case) -> None:
    for row in told.stock:
        told.story.say(moved=row["sku"], location=row["loc"], units=row["on_hand"], reason="opening")
    named = [dict(a, line=f"{a['sku']}@{a['loc']}") for a in told.given.get("allocations") or []]
    units = told.given.get("order_units")
    if units is not None:
        odd = set(units) - {"order", "loc", "sku", "qty", "state", "since"}
        if odd or units.get("state", "ready_for_pickup") != "ready_for_pickup":
            raise NotYet(
                *(CONFIG_NAMES.get(key, f"orders that are {units[key]!r}") for key in sorted(odd) or ["state"])
            )
        named.append(dict(units, line=units["sku"]))
    if told.config.get("release_order"):
        _shared_out(told, named)
    else:
        for allocation in named:
            known = told.orders.setdefault(allocation["order"], {})
            known[allocation["line"]] = {name: allocation[name] for name in ("sku", "qty", "loc")}
        for order in told.orders:
            _sell(told, order)
    if units is not None and "state" in units:
        told.story.at(instant_of(units["since"]))
        told.story.say(ready=units["order"])
    for row in told.stock:
        _nameless(told, row, sum(a["qty"] for a in named if (a["loc"], a["sku"]) == (row["loc"], row["sku"])))
    _holds(told)
    _shipped(told)


def _shared_out(told: Case, named: list[dict[str, Any]]) -> None:
    """Orders whose lines come from several locations, in the order in which they are let go."""
    order_of = {loc: place for place, loc in enumerate(told.config.get("release_order"))}
    for allocation in sorted(named, key=lambda one: order_of[one["loc"]]):
        sku = allocation["sku"]
        line = told.orders.setdefault(allocation["order"], {}).setdefault(sku, {"sku": sku, "qty": 0, "loc": None})
        line["qty"] += allocation["qty"]
        told.parts.setdefault((allocation["order"], sku), {})[allocation["loc"]] = allocation["qty"]
    for order in told.orders:
        _sell(told, order)
        told.story.say(source_order=order, parts={sku: told.parts[order, sku] for sku in told.orders[order]})


def _sell(told: Case, order: str, version: int = 0) -> None:
    """Say what an order wants: a line per article and location, waiting to be shipped."""
    lines = [
        {"line": name, "sku": line["sku"], "units": line["qty"], "amount": "0.00", "location": line["loc"]}
        for name, line in told.orders[order].items()
    ]
    way = "pickup" if "state" in (told.given.get("order_units") or {}) else "ship"
    told.story.say(sale=order, channel="web", handing=way, lines=lines, version=version or None)


def _nameless(told: Case, row: dict[str, Any], named: int) -> None:
    """What is allocated to orders that the case does not name."""
    rest = row["allocated"] - named
    if "order_units" in told.given and named and not row["allocated"]:
        return
    if rest < 0:
        raise NotYet("allocations that do not add up")
    if rest:
        order = f"others@{row['loc']}/{row['sku']}"
        told.orders[order] = {"1": {"sku": row["sku"], "qty": rest, "loc": row["loc"]}}
        _sell(told, order)


def _holds(told: Case) -> None:
    holds = told.given.get("holds") or []
    for hold in holds:
        minutes = hold.get("expires_in_min")
        until = f"{instant_of(told.story.now()) + timedelta(minutes=minutes)}" if minutes else FAR
        told.story.say(held=hold["id"], sku=hold["sku"], units=hold["qty"], location=hold["loc"], until=until)
    for row in told.stock:
        known = sum(hold["qty"] for hold in holds if (hold["loc"], hold["sku"]) == (row["loc"], row["sku"]))
        if row["held"] > known:
            name = f"others@{row['loc']}/{row['sku']}"
            told.story.say(held=name, sku=row["sku"], units=row["held"] - known, location=row["loc"], until=FAR)


def _shipped(told: Case) -> None:
    """An order that has left already: the shelf as given is the shelf after it left."""
    shipped = told.given.get("shipped")
    if shipped is None:
        return
    told.story.say(moved=shipped["sku"], location=shipped["loc"], units=shipped["qty"], reason="opening")
    told.orders[shipped["order"]] = {shipped["sku"]: {name: shipped[name] for name in ("sku", "qty", "loc")}}
    _sell(told, shipped["order"])
    told.story.say(handed_over=shipped["order"], location=shipped["loc"])


# What happens.


def _event(told: Case, bare: dict[str, Any], place: int, *, last: bool) -> None:
    event = Told(bare, EXPECT_NAMES)
    kind = event.get("type")
    if kind not in EVENTS:
        raise NotYet(EVENT_NAMES.get(kind, f"events of kind {kind!r}"))
    if "at" in event:
        told.story.at(instant_of(event.get("at")))
    elif "clock" not in told.given:
        told.story.at(instant_of(told.story.now()) + timedelta(minutes=1))
    afters = [after for after in told.expect.get("after") or () if after.get("event") == place]
    told.rejected = any(after.get("rejected") for after in afters) or (last and told.expect.get("rejected") is True)
    EVENTS[kind](told, event)
    missing = event.unread()
    if missing:
        raise NotYet(*missing)
    for after in afters:
        expect_here(told, Told(after, EXPECT_NAMES), bare)


def _placed(told: Case, event: Told) -> None:
    """An order of the web: promised on the pool as one wish, then taken from where it lies."""
    order, lines, way = event.need("id"), event.need("lines"), event.get("fulfilment")
    if way is not None:
        return _placed_for_pickup(told, order, lines, way)
    sources, skus = event.get("source_of"), list(dict.fromkeys(line["sku"] for line in lines))
    if event.get("reserve") is False:
        told.orders[order] = {line["sku"]: {"sku": line["sku"], "qty": line["qty"], "loc": None} for line in lines}
        _sell(told, order)
        return None
    wish = {sku: sum(line["qty"] for line in lines if line["sku"] == sku) for sku in skus}
    answer = None
    if told.rejected:
        short = told.expect.get("short_skus")
        answer = {"refused": "not_enough_units"}
        if short is not None:
            answer["shortages"] = [{"sku": sku} for sku in short]
        _error(told)
    hold = told.next("basket")
    told.story.say(hold=hold, units=wish, answer=answer, minutes=60)
    if told.rejected:
        return None
    told.orders[order] = {
        sku: {"sku": sku, "qty": units, "loc": _source(told, sku, sources)} for sku, units in wish.items()
    }
    for sku in skus:
        told.story.say(release=hold, sku=sku)
    _sell(told, order)
    return None


def _source(told: Case, sku: str, sources: dict[str, str] | None) -> str:
    if sources is not None:
        return sources[sku]
    places = told.places(sku)
    if len(places) != 1:
        raise NotYet(SOURCING)
    return places[0]


def _placed_for_pickup(told: Case, order: str, lines: list[dict[str, Any]], way: dict[str, Any]) -> None:
    if way.get("type") != "pickup" or "loc" not in way:
        raise NotYet(f"orders of kind {way.get('type')!r}")
    for key in ("strategy", "priority"):
        told.config.get(key)
    answer = "not_in_store" if told.rejected else None
    if told.rejected:
        _error(told)
    wanted = [{"sku": line["sku"], "units": line["qty"], "amount": "0.00"} for line in lines]
    told.story.say(place=order, location=way["loc"], lines=wanted, answer=answer)


def _error(told: Case) -> None:
    if told.expect.get("error") not in (None, "insufficient_stock", "not_enough_stock_at_target"):
        raise NotYet(f"refusal {told.expect.get('error')!r}")


def _line_of(told: Case, event: Told, loc: str | None = None) -> tuple[str, str]:
    """Find the one line of an order that a movement can mean."""
    order, sku = event.get("order"), event.need("sku")
    orders = [order] if order is not None else list(told.orders)
    found = [
        (name, line)
        for name in orders
        for line, wanted in told.orders.get(name, {}).items()
        if wanted["sku"] == sku and loc in (None, wanted["loc"])
    ]
    if len(found) != 1:
        raise NotYet("releasing a part of an order without naming the line")
    return found[0]


def _released(told: Case, event: Told) -> None:
    order, line = _line_of(told, event)
    units = event.need("qty")
    told.story.say(refund=order, lines=[{"line": line, "units": units, "amount": "0.00", "restock": "cancel"}])
    told.orders[order][line]["qty"] -= units


def _shipped_event(told: Case, event: Told) -> None:
    if told.rejected:
        raise OnPurpose("goods that have left have left: a parcel is a fact, and a shelf below zero shows the mistake")
    loc = event.need("loc")
    order, line = _line_of(told, event)
    told.story.say(handed_over=order, location=loc, units={line: event.need("qty")})
    told.orders[order][line]["qty"] -= event.get("qty")


def _shipped_all(told: Case, event: Told) -> None:
    """Each line leaves from where it was taken."""
    order = event.need("order")
    for line, wanted in told.orders[order].items():
        told.story.say(handed_over=order, location=wanted["loc"], units={line: wanted["qty"]})


def _all_returned(told: Case, event: Told) -> None:
    """An order that is given up after it left: the goods come back to where they had come from."""
    order = event.need("order")
    back = [
        {"line": line, "units": wanted["qty"], "amount": "0.00", "restock": "return", "location": wanted["loc"]}
        for line, wanted in told.orders[order].items()
    ]
    told.story.say(refund=order, lines=back)


def _returned(told: Case, event: Told) -> None:
    if event.get("condition", "resellable") != "resellable":
        raise NotYet("returned goods that can't be sold")
    order, line = _line_of(told, event)
    back = {
        "line": line,
        "units": event.need("qty"),
        "amount": "0.00",
        "restock": "return",
        "location": event.need("loc"),
    }
    told.story.say(refund=order, lines=[back])


def _return_status(told: Case, event: Told) -> None:
    """Money goes back, goods do not."""
    if event.need("status") == "received":
        return _returned(told, event)
    order, _ = _line_of(told, event)
    event.get("qty")
    told.story.say(refund=order, adjustment="0.00")
    return None


def _received(told: Case, event: Told) -> None:
    told.story.say(moved=event.need("sku"), location=event.need("loc"), units=event.need("qty"))


def _set_on_hand(told: Case, event: Told) -> None:
    for place, units in event.need("values").items():
        loc, _, sku = place.rpartition("/")
        told.story.say(counted=sku, location=loc, units=units)


def _set_allocated(told: Case, event: Told) -> None:
    """Orders of somebody make up what is allocated there."""
    for place, units in event.need("values").items():
        loc, _, sku = place.rpartition("/")
        if told.row(loc, sku)["allocated"]:
            raise NotYet("allocations that shrink without saying whose")
        order = told.next("others")
        told.orders[order] = {"1": {"sku": sku, "qty": units, "loc": loc}}
        _sell(told, order)


def _reserve(told: Case, event: Told) -> None:
    """A hold in a location, without an end; of an order, a part of it that comes from there."""
    if "loc" not in event:
        raise NotYet(LOTS)
    if "order" in event:
        order, line = _line_of(told, event)
        told.reserved[event.need("id")] = (order, line, event.get("loc"), event.need("qty"))
        _share_out(told, order, line)
        return
    answer = "not_enough_units" if told.rejected else None
    hold = event.get("id") or told.next("reserve")
    told.story.say(
        hold=hold, units={event.need("sku"): event.need("qty")}, location=event.get("loc"), until=FAR, answer=answer
    )


def _reservation_cancelled(told: Case, event: Told) -> None:
    order, line, _, _ = told.reserved.pop(event.need("id"))
    _share_out(told, order, line)


def _share_out(told: Case, order: str, line: str) -> None:
    """Commit what reservations add up to; the rest of the line waits in the pool."""
    parts: dict[str, int] = {}
    for of_order, of_line, loc, units in told.reserved.values():
        if (of_order, of_line) == (order, line):
            parts[loc] = parts.get(loc, 0) + units
    told.story.say(source_order=order, parts={line: parts})
    told.reserving = order, line


def _reserve_batch(told: Case, event: Told) -> None:
    items = event.need("items")
    locs, skus = {item["loc"] for item in items}, dict.fromkeys(item["sku"] for item in items)
    if len(locs) != 1:
        raise NotYet("one hold in several locations")
    if told.rejected:
        _error(told)
    wish = {sku: sum(item["qty"] for item in items if item["sku"] == sku) for sku in skus}
    answer = "not_enough_units" if told.rejected else None
    told.story.say(hold=told.next("batch"), units=wish, location=locs.pop(), until=FAR, answer=answer)


def _reserve_in_store(told: Case, event: Told) -> None:
    hours = told.config.get("reserve_ttl_h")
    until = f"{instant_of(told.story.now()) + timedelta(hours=hours)}"
    wish = {event.need("sku"): event.need("qty")}
    told.story.say(hold=event.need("id"), units=wish, location=event.need("loc"), until=until)


def _moved(told: Case, event: Told) -> None:
    """A part of what a line waits for comes from elsewhere: that part is a line of its own from the beginning."""
    source, units = event.need("from_loc"), event.need("qty")
    order, line = _line_of(told, event, source)
    wanted = told.orders[order][line]
    if told.row(event.need("to_loc"), wanted["sku"]).get("backorderable"):
        _moved_as_far_as_it_goes(told, event, order, line)
        return
    if wanted["qty"] > units:
        told.orders[order] = {line: {**wanted, "qty": wanted["qty"] - units}, "moved": {**wanted, "qty": units}}
        _tell_again(told, order)
        line = "moved"
    if told.rejected:
        _error(told)
    answer = "not_enough_units" if told.rejected else None
    told.story.say(allocate=order, line=line, location=event.need("to_loc"), answer=answer)


def _moved_as_far_as_it_goes(told: Case, event: Told, order: str, line: str) -> None:
    """Nobody is committed to give what is not there: the rest waits in the pool."""
    wanted, units, loc, to = told.orders[order][line], event.get("qty"), event.get("from_loc"), event.get("to_loc")
    there = told.row(to, wanted["sku"])
    told.story.differs.append(AT_HOME)
    stays = {loc: wanted["qty"] - units}
    told.story.say(source_order=order, parts={line: {**stays, to: units}}, answer="not_enough_units")
    told.story.say(source_order=order, parts={line: {**stays, to: there["on_hand"] - there["allocated"]}})
    to_units, from_units = told.expect.get("to_units"), told.expect.get("from_units")
    told.story.expect(
        stock={
            wanted["sku"]: {
                loc: {"allocated": from_units["total"]},
                to: {"allocated": to_units["on_hand"]},
                "pool": {"allocated": to_units["backordered"]},
            }
        }
    )
    told.expect.get("stock_delta")
    told.moved_in_part = True


def _tell_again(told: Case, order: str) -> None:
    """Say from the beginning how an order is split into lines."""
    for step in told.story.steps:
        if step.get("sale") == order:
            step["lines"] = [
                {"line": name, "sku": line["sku"], "units": line["qty"], "amount": "0.00", "location": line["loc"]}
                for name, line in told.orders[order].items()
            ]


def _query(told: Case, event: Told) -> None:
    """Nothing happens: what is asked is expected."""
    told.own = event.get("for_holds") or []
    sku = event.need("sku")
    locations = event.get("locations")
    if locations is not None:
        total = told.expect.get("available_total")
        told.story.expect(stock={sku: {"pool": {"locations": locations, "free": total}}})


def _tick(told: Case, event: Told) -> None:
    """Time passes: an order that was not collected in time is ended by whoever keeps the time."""
    units, days = told.given.get("order_units"), told.config.get("pickup_expiry_days")
    if units is None or "since" not in units or days is None:
        raise NotYet(f"time that passes for {event.keys()}")
    told.story.differs.append(NOT_BY_ITSELF)
    if instant_of(told.story.now()) >= instant_of(units["since"]) + timedelta(days=days):
        told.story.say(cancel=units["order"])


def _split_package(told: Case, event: Told) -> None:
    raise OnPurpose("omo says which location sends what; what fits into one box is decided where it is packed")


EVENTS: Final[Mapping[str, Callable[[Case, Told], None]]] = {
    "order_placed": _placed,
    "allocation_released": _released,
    "line_cancelled": _released,
    "shipped": _shipped_event,
    "shipped_all_remaining": _shipped_all,
    "order_cancelled_after_shipment": _all_returned,
    "returned": _returned,
    "return_status": _return_status,
    "received": _received,
    "set_on_hand": _set_on_hand,
    "set_allocated": _set_allocated,
    "reserve": _reserve,
    "reserve_batch": _reserve_batch,
    "reservation_cancelled": _reservation_cancelled,
    "tick": _tick,
    "split_package": _split_package,
    "reserve_in_store": _reserve_in_store,
    "fulfilment_moved": _moved,
    "reservation_moved": _moved,
    "query_available": _query,
}


# What is expected.


def expect_here(told: Case, after: Told, event: dict[str, Any]) -> None:
    """Expect what the case says of the moment after an event."""
    sku = event.get("sku") or next(iter(told.skus()), "")
    after.get("event")
    after.get("rejected")  # said with the request
    _common(told, after, sku)
    loc = event.get("loc")
    _of_order(told, after)
    if told.story.differs and "allocated" in after:
        row = told.stock[0]
        numbers = {name: after.get(name) for name in ("on_hand", "allocated") if name in after}
        told.story.expect(stock={row["sku"]: {row["loc"]: numbers}})
    for key, field in (("on_hand", "on_hand"), ("sellable", "free"), ("reserved_bucket", "held")):
        if key in after and loc is not None:
            told.story.expect(stock={sku: {loc: {field: after.get(key)}}})
    missing = after.unread()
    if missing:
        raise NotYet(*missing)


STATES: Final = {"ready_for_pickup": "ready", "cancelled_uncollected": "cancelled"}


def _of_order(told: Case, after: Told) -> None:
    """Expect what is said of the one order: its state, how much of it is reserved somewhere."""
    if "order_state" in after:
        (order,) = told.orders
        told.story.expect(orders={order: {"state": STATES[after.get("order_state")]}})
    if "reserved_for_order" in after and told.reserving is not None:
        order, line = told.reserving
        whole, reserved = told.orders[order][line]["qty"], after.get("reserved_for_order")
        told.story.expect(stock={told.orders[order][line]["sku"]: {"pool": {"allocated": whole - reserved}}})
        status = "reserved" if reserved == whole else "partially_reserved" if reserved else "not_reserved"
        if after.get("status") not in (None, status):
            raise NotYet(f"orders that are {after.get('status')!r} with {reserved} of {whole}")


def _finally(told: Case) -> None:
    for key in ("after", "rejected", "error", "short_skus", "independent_events"):
        told.expect.get(key)
    if told.expect.get("independent_events"):
        raise NotYet(SOURCING)
    sku = next(iter(told.skus()), "")
    _common(told, told.expect, sku)
    deltas = {} if told.moved_in_part else told.expect.get("stock_delta") or {}
    for place, delta in deltas.items():
        loc, _, article = place.rpartition("/")
        there = told.row(loc, article)["on_hand"] + delta
        told.story.expect(stock={article: {loc: {"on_hand": there}}})
    state = told.expect.get("unit_state")
    if state is not None:
        _unit_state(told, state)


def _common(told: Case, table: Told, sku: str) -> None:
    """Expect what is said of stock, whenever it is said."""
    for row in table.get("stock") or ():
        numbers = {name: row[name] for name in ("on_hand", "allocated", "held")}
        told.story.expect(stock={row["sku"]: {row["loc"]: numbers}})
    for place, free in (table.get("available") or {}).items():
        loc, _, article = place.rpartition("/")
        told.story.expect(stock={article: {loc: {"raw": free}}})
    if "available_total" in table:
        asked = {"free": table.get("available_total"), **({"own": told.own} if told.own else {})}
        told.story.expect(stock={sku: {"pool": asked}} if not _asked(told) else {})
    if "raw_available" in table:
        told.story.expect(stock={sku: {told.places(sku)[0]: {"raw": table.get("raw_available")}}})
    _allocations(told, table)
    for units, can in (table.get("can_supply") or {}).items():
        hold = told.next("trial")
        answer = None if can else "not_enough_units"
        told.story.say(hold=hold, units={sku: int(units)}, answer=answer, minutes=1)
        if can:
            told.story.say(release=hold, sku=sku)


def _asked(told: Case) -> bool:
    """Say whether the question named its locations, and was expected with them."""
    return any("locations" in str(step.get("expect", "")) for step in told.story.steps)


def _allocations(told: Case, table: Told) -> None:
    """An allocation at a location is what lines wait for there more than before."""
    wanted = table.get("allocations")
    if wanted is None:
        return
    if any("backordered" in allocation for allocation in wanted):
        raise NotYet(BACKORDER)
    sums: dict[tuple[str, str], int] = {}
    for row in told.stock:
        sums[row["loc"], row["sku"]] = row["allocated"]
    for allocation in wanted:
        key = (allocation["loc"], allocation["sku"])
        sums[key] = sums.get(key, 0) + allocation["qty"]
    for (loc, sku), units in sums.items():
        told.story.expect(stock={sku: {loc: {"allocated": units}}})


def _unit_state(told: Case, state: str) -> None:
    """A unit that was returned was given back on its line; one that was shipped was handed over."""
    order = next(iter(told.orders))
    line, wanted = next(iter(told.orders[order].items()))
    states = {"returned": {"refunded": wanted["qty"]}, "shipped": {"handed_over": wanted["qty"], "refunded": 0}}
    if state not in states:
        raise NotYet(f"units that are {state!r}")
    told.story.expect(orders={order: {"lines": {line: states[state]}}})
