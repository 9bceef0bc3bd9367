"""The parts of the week that the demo tells about: one member in three channels, a till that was offline, a hot bag."""

from __future__ import annotations

from datetime import date
from typing import Final

from omo_adapters.demo.bodies import line_number, order_number
from omo_adapters.demo.brand import (
    BY_SKU,
    CENTRAL,
    DAYS,
    HOT,
    MONG_KOK,
    TSUEN_WAN,
    WAREHOUSE,
    Place,
    at,
)
from omo_adapters.demo.week_plan import GivenBack, Line, Plan, Receipt, WebOrder

MON, TUE, WED, THU, FRI, SAT, SUN = DAYS[1:]
OFFLINE_DAYS: Final = (WED, THU)
"""When Tsuen Wan's second till had no line."""
REDEEMED: Final = 2_000
"""The points that card 4711 pays with on Friday."""
REDEEMED_ONLINE: Final = 600
"""The points that card 4763 pays with on Wednesday at a till that asks, and again at one that can't."""


def tell(plan: Plan) -> None:
    """Add the story to a week; tills give their next numbers."""
    _heroine(plan)
    _offline_till(plan)
    _hot_article(plan)
    _voids(plan)


def _line(sku: str, units: int = 1) -> Line:
    return Line(article=BY_SKU[sku], units=units)


def _heroine(plan: Plan) -> None:
    """She buys on the web, in Central, on LINE, in Mong Kok; the first order goes back after its points are spent."""
    who = plan.people.heroine
    back = GivenBack(at=at(SAT, 11, 26, 40), lines=(0, 1, 2), restock="return", location=WAREHOUSE)
    hoodie = (_line("HOODIE-HARBOUR-M"), _line("TOTE-FERRY-OAT"), _line("SACK-MARKET-STR"))
    place = len(plan.orders)
    plan.orders += [
        WebOrder(
            place=place,
            at=at(MON, 20, 14, 5),
            account=who,
            lines=hoodie,
            fulfilled_at=at(TUE, 11, 8, 30),
            given_back=back,
        ),
        WebOrder(
            place=place + 1,
            at=at(WED, 21, 40, 51),
            account=who,
            lines=(_line("CAP-PEAK-OLV"), _line("POUCH-TYPHOON-YEL")),
            shipping=3_000,
            source="line",
            fulfilled_at=at(THU, 17, 12, 2),
        ),
        WebOrder(
            place=place + 2,
            at=at(SUN, 15, 3, 33),
            account=who,
            lines=(_line("POUCH-TYPHOON-BLK"), _line("MUG-ENAMEL-NVY", 2)),
            shipping=3_000,
        ),
    ]
    card = who.person.card
    _sell(plan, (CENTRAL, "1"), TUE, (13, 5), (_line("TEE-TRAM-W-M"), _line("TOTE-FERRY-RED")), card)
    _sell(plan, (MONG_KOK, "1"), FRI, (18, 32), (_line("TEE-TRAM-N-L", 2),), card, points=REDEEMED)


def _offline_till(plan: Plan) -> None:
    card = plan.people.offline.card
    _sell(plan, (TSUEN_WAN, "1"), TUE, (16, 45), (_line("HOODIE-HARBOUR-L"),), card)
    _sell(plan, (CENTRAL, "1"), WED, (13, 40), (_line("SACK-MARKET-PLN"),), card, points=REDEEMED_ONLINE)
    _sell(plan, (TSUEN_WAN, "2"), WED, (17, 20), (_line("TEE-TRAM-W-L"),), card, points_offline=REDEEMED_ONLINE)


def _hot_article(plan: Plan) -> None:
    """Each store sells some; the till that is offline sells three that nobody hears of until Friday."""
    hot = (Line(article=HOT),)
    for store, register, day, clock in (
        (CENTRAL, "1", MON, (12, 31)),
        (CENTRAL, "2", TUE, (18, 2)),
        (CENTRAL, "1", THU, (19, 17)),
        (CENTRAL, "1", SAT, (15, 44)),
        (MONG_KOK, "1", TUE, (14, 22)),
        (MONG_KOK, "1", FRI, (20, 6)),
        (MONG_KOK, "1", SUN, (17, 35)),
        (TSUEN_WAN, "1", MON, (17, 51)),
        (TSUEN_WAN, "1", TUE, (12, 12)),
        (TSUEN_WAN, "2", WED, (19, 30)),
        (TSUEN_WAN, "2", THU, (13, 15)),
        (TSUEN_WAN, "2", THU, (20, 41)),
    ):
        _sell(plan, (store, register), day, clock, hot)


def _voids(plan: Plan) -> None:
    """A receipt that was rung up on the wrong card and declared void two minutes later."""
    wrong = _sell(plan, (CENTRAL, "2"), THU, (16, 10), (_line("APRON-WETMARKET-IND"),), plan.people.members[3].card)
    plan.receipts.append(
        Receipt(
            store=wrong.store,
            register=wrong.register,
            operator=wrong.operator,
            at=at(THU, 16, 12, 30),
            lines=wrong.lines,
            kind="void",
            origin=wrong,
        )
    )


def _sell(
    plan: Plan,
    till: tuple[Place, str],
    day: date,
    clock: tuple[int, int],
    lines: tuple[Line, ...],
    card: str = "",
    **paid: int,
) -> Receipt:
    receipt = Receipt(
        store=till[0],
        register=till[1],
        operator=str(30 + int(till[1])),
        at=at(day, *clock),
        lines=lines,
        card=card,
        **paid,  # type: ignore[arg-type]  # only points are paid so
    )
    plan.receipts.append(receipt)
    return receipt


def asked(plan: Plan, numbers: dict[Receipt, int]) -> list[dict[str, object]]:
    """List what tills and the web shop asked omo during the week, and had to wait for the answer to."""
    heroine, offline = plan.people.heroine.person.card, plan.people.offline.card
    paid = {one.card: _order_name(one, numbers[one]) for one in plan.receipts if one.points}
    waiting = next(one for one in plan.orders if one.at >= at(FRI, 0) and _waits_for(one, HOT.sku))
    return [
        _ask(TUE, (15, 10), "set_aside", store=CENTRAL.id, units=1, reason="damaged"),
        _ask(WED, (12, 30), "redeem", card=heroine, points=REDEEMED, store=CENTRAL.id),
        _ask(WED, (13, 38), "redeem", card=offline, points=REDEEMED_ONLINE, store=CENTRAL.id, order=paid[offline]),
        _ask(THU, (11, 5), "place", order="omo:pickup-1", account=plan.people.team.id, store=TSUEN_WAN.id, units=3),
        _ask(FRI, (18, 30), "redeem", card=heroine, points=REDEEMED, store=MONG_KOK.id, order=paid[heroine]),
        _ask(SAT, (10, 2), "hold", hold="basket-8841", store=MONG_KOK.id, units=1),
        _ask(
            SAT,
            (10, 9),
            "place",
            order="omo:pickup-2",
            account=plan.people.collector.id,
            store=MONG_KOK.id,
            units=1,
            hold="basket-8841",
        ),
        _ask(SAT, (11, 40), "ready", order="omo:pickup-2", store=MONG_KOK.id),
        _ask(SAT, (16, 25), "collect", order="omo:pickup-2", store=MONG_KOK.id),
        _ask(SUN, (12, 0), "hold", hold="line-live-1", units=24),
        _ask(
            SUN,
            (12, 30),
            "allocate",
            order=f"shopify:{order_number(waiting)}",
            line=_line_of(waiting),
            store=MONG_KOK.id,
        ),
    ]


def _waits_for(order: WebOrder, sku: str) -> bool:
    ended = order.fulfilled_at or order.cancelled_at
    return ended is None and order.paid_at is None and any(line.article.sku == sku for line in order.lines)


def _line_of(order: WebOrder) -> str:
    place = next(place for place, line in enumerate(order.lines) if line.article is HOT)
    return str(line_number(order, place))


def _ask(day: date, clock: tuple[int, int], what: str, **details: object) -> dict[str, object]:
    return {"at": at(day, *clock).isoformat(), "ask": what, **details}


def _order_name(receipt: Receipt, number: int) -> str:
    day = receipt.at.date()
    return f"till:{receipt.store.id}/{receipt.register}/{day}/{receipt.operator}/{number}"
