"""Which webhooks the week's web orders, accounts and articles cause."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from omo_adapters.demo.bodies import (
    Body,
    compact,
    customer_body,
    fulfillment_body,
    merge_body,
    order_body,
    order_name,
    refund_body,
)
from omo_adapters.demo.brand import BY_SKU, CENTRAL, DAYS, MONG_KOK, NOVELTY, WAREHOUSE, at
from omo_adapters.demo.catalogue_bodies import PAPER_BAG, item_number, level_body, product_bodies
from omo_adapters.demo.counting import Shelves
from omo_adapters.demo.deliveries import Post
from omo_adapters.demo.week_plan import Plan, WebOrder

SUN_BEFORE, MON, TUE, WED, THU, FRI, SAT, SUN = DAYS
TRANSFERRED = ("TEE-TRAM-W-S", "TEE-TRAM-N-M", "CAP-PEAK-BLK", "POUCH-TYPHOON-YEL", "MUG-ENAMEL-WHT")
"""What Central gets from the warehouse on Tuesday and on Friday morning."""


def send_week(plan: Plan, post: Post, shelves: Shelves, tablet: Mapping[int, int]) -> None:
    """Send everything that the web shop has to say; ``tablet`` has the receipt numbers of its sales by order."""
    _catalogue(post)
    _accounts(plan, post)
    for order in plan.orders:
        _order(order, post, tablet.get(order.place))
    _levels(post, shelves)
    _trouble(plan, post)


def _catalogue(post: Post) -> None:
    for minute, body in enumerate(product_bodies()):
        new = body["title"] == NOVELTY.product
        due = at(FRI, 10) if new else at(SUN_BEFORE, 9, minute)
        post.send("products/create", body, due, late=timedelta(seconds=2))


def _accounts(plan: Plan, post: Post) -> None:
    """Existing accounts are sent once at the start; the heroine's is made on Monday and confirmed on Thursday."""
    for place, account in enumerate(plan.people.accounts):
        due = at(SUN_BEFORE, 10) + timedelta(seconds=20 * place)
        post.send("customers/create", customer_body(account, account.created_at, verified=True), due)
    heroine = plan.people.heroine
    made, confirmed = heroine.created_at, at(THU, 10, 22, 9)
    post.send("customers/create", customer_body(heroine, made, verified=False), made)
    post.send(
        "customers/update", customer_body(heroine, confirmed, verified=True), confirmed, late=timedelta(seconds=2)
    )
    kept, deleted = plan.people.doubles
    post.send("customers/merge", merge_body(kept, deleted), at(FRI, 15, 30), late=timedelta(seconds=2))


def _order(order: WebOrder, post: Post, receipt: int | None) -> None:
    paid_at = order.paid_at or order.at
    post.send("orders/create", _state(order, order.at, receipt, paid=order.paid_at is None), order.at)
    if order.paid_at is not None and order.paid_at < at(SUN, 22):
        post.send("orders/paid", _state(order, paid_at, receipt, paid=True), paid_at)
    if order.cancelled_at is not None:
        post.send("orders/cancelled", _state(order, order.cancelled_at, receipt, paid=True), order.cancelled_at)
    if order.fulfilled_at is not None:
        place = order.pickup or WAREHOUSE
        post.send("fulfillments/create", fulfillment_body(order, order.fulfilled_at, place), order.fulfilled_at)
    if order.given_back is not None:
        post.send("refunds/create", refund_body(order, order.given_back), order.given_back.at)


def _state(order: WebOrder, when: datetime, receipt: int | None, *, paid: bool) -> bytes:
    """Write an order; those of the LINE shop pass through a relay in JavaScript, which rounds large numbers."""
    body = order_body(order, when, paid=paid, receipt=receipt)
    return compact(_through_javascript(body) if order.source == "line" else body)


def _through_javascript(body: Body) -> Body:
    return {name: _rounded(name, value) for name, value in body.items()}


def _rounded(name: str, value: object) -> object:
    if isinstance(value, dict):
        return _through_javascript(value)
    if isinstance(value, list):
        return [_rounded(name, one) for one in value]
    # The double nearest to it is what JavaScript holds; the global id beside it is text and stays exact.
    return int(float(value)) if name == "id" and isinstance(value, int) else value


def _levels(post: Post, shelves: Shelves) -> None:
    """Central's new goods; and a mug that is counted the day before the catalogue knows it."""
    for day, units in ((TUE, 6), (FRI, 4)):
        for minute, sku in enumerate(TRANSFERRED):
            when = at(day, 9, 30 + minute)
            shelves.receive(CENTRAL, sku, units, when)
            free = shelves.available(CENTRAL, sku, when)
            post.send("inventory_levels/update", level_body(item_number(BY_SKU[sku]), CENTRAL, free, when), when)
    when = at(THU, 16, 2)
    post.send("inventory_levels/update", level_body(item_number(NOVELTY), WAREHOUSE, 80, when), when)


def _trouble(plan: Plan, post: Post) -> None:
    """A stranger's order, a delivery that was cut short, and a level of an article that no catalogue names."""
    stolen, cut = plan.orders[7], plan.orders[120]
    post.forge(
        "orders/create", {**order_body(stolen, at(WED, 3, 14), paid=True, receipt=None), "id": 1}, at(WED, 3, 14)
    )
    whole = compact({**order_body(cut, cut.at, paid=True, receipt=None), "note": order_name(cut)})
    post.send("orders/updated", whole[: len(whole) * 2 // 3], cut.at + timedelta(minutes=3), late=timedelta(seconds=2))
    when = at(WED, 10, 40)
    post.send("inventory_levels/update", level_body(PAPER_BAG, MONG_KOK, 400, when), when, late=timedelta(seconds=2))
