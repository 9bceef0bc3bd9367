"""Each line of a statement leaves the balance that it shows, and what is named alike is not one thing."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

from omo_adapters.testing.samples import granted, line, moment, redeemed, refund, sale
from omo_core.instants import zone
from omo_core.loyalty import (
    Earning,
    Expiry,
    HoldCaptured,
    HoldVoided,
    PointsGranted,
    PointsHeld,
    Programme,
    Redemption,
    Version,
    account,
    statement,
)

HONG_KONG = zone("Asia/Hong_Kong")
PROGRAMME = Programme(
    zone=HONG_KONG,
    versions=(
        Version(
            earnings=(Earning(currency="HKD", per=100),),
            redemptions=(Redemption(currency="HKD", amount=100),),
            expiry=Expiry(kind="never"),
        ),
    ),
)
P1 = frozenset({"p1"})
LATER = datetime(2027, 1, 1, tzinfo=UTC)


def shown(*events, until=LATER):
    return [(line.what, line.points, line.balance) for line in statement(PROGRAMME, events, P1, until)]


def test_points_that_come_back_too_late_are_two_lines_with_two_balances() -> None:
    old = granted("old", 50, 0, expires_at=moment(10))
    new = granted("new", 40, 0, expires_at=moment(60 * 24))
    paid = redeemed("r1", 70, 2, order="o1")
    bought = sale("o1", 2, line("1", 1_000), profile=None)
    back = refund("b", "o1", 20, amount=1_000)
    assert shown(old, new, bought, paid, back, until=moment(30)) == [
        ("granted", 40, 40),
        ("granted", 50, 90),
        ("redeemed", -70, 20),
        ("returned", 70, 90),
        ("expired", -50, 40),
    ]


def test_lots_that_expire_together_are_lines_with_their_own_balances() -> None:
    one, other = granted("a", 10, 0, expires_at=moment(9)), granted("b", 20, 0, expires_at=moment(9))
    assert shown(one, other)[-2:] == [("expired", -10, 20), ("expired", -20, 0)]


def test_a_claw_back_of_what_had_expired_does_not_move_the_balance_again() -> None:
    programme = Programme(
        zone=HONG_KONG,
        versions=(Version(earnings=(Earning(currency="HKD", per=100),), expiry=Expiry(kind="days", after=1)),),
    )
    bought, back = sale("o1", 0, line("1", 1_000)), refund("b", "o1", 60 * 24 * 9, amount=1_000)
    lines = statement(programme, (bought, back), P1, LATER)
    assert [(line.what, line.points, line.balance, line.amount) for line in lines] == [
        ("earned", 10, 10, 10),
        ("expired", -10, 0, 10),
        ("clawed back", 0, 0, 10),
    ]


def test_an_order_a_grant_and_a_transfer_may_bear_one_name() -> None:
    """Nothing that a till or a clerk calls its papers can spoil an account."""
    names = ("order:x", "x", "repaid", "grant:x")
    events = [sale(name, 1, line("1", 1_000)) for name in names]
    events += [
        PointsGranted(id=name, at=moment(2), profile="p1", points=5, reason="test")  # type: ignore[arg-type]
        for name in names
    ]
    for order in ([*events], [*reversed(events)]):
        now = account(PROGRAMME, order, P1, LATER)
        assert now.spendable == 4 * 10 + 4 * 5
        assert sorted((lot.of, lot.id, lot.left) for lot in now.lots) == sorted(
            [("order", name, 10) for name in names] + [("grant", name, 5) for name in names]
        )


def test_points_that_repaid_what_was_owed_come_back_to_their_own_lot() -> None:
    owed = redeemed("r1", 30, 1, order="o1")
    bought = sale("o1", 1, line("1", 1_000), profile=None)
    repaying = sale("repaid", 2, line("1", 10_000))
    back = refund("b", "o1", 3, amount=1_000)
    for events in permutations((owed, bought, repaying, back)):
        now = account(PROGRAMME, events, P1, moment(0) + timedelta(days=1))
        assert (now.spendable, now.debt) == (100, 0)
        assert {(lot.of, lot.id): lot.left for lot in now.lots} == {("order", "repaid"): 100}


def test_what_is_held_and_let_go_has_its_lines() -> None:
    """The balance stays, what can be spent does not: each hold says since when and until when."""
    held = PointsHeld(id="h", at=moment(2), profile="p1", hold="web", points=60, until=moment(20))
    part = HoldCaptured(id="c", at=moment(3), profile="p1", hold="web", points=35)
    again = PointsHeld(id="h2", at=moment(4), profile="p1", hold="till", points=20, until=moment(20))
    void = HoldVoided(id="v", at=moment(5), profile="p1", hold="till")
    last = PointsHeld(id="h3", at=moment(6), profile="p1", hold="app", points=10, until=moment(20))
    events = (granted("g", 100, 1), held, part, again, void, last)
    lines = statement(PROGRAMME, events, P1, moment(30))
    assert [(line.event, line.what, line.amount, line.points, line.balance) for line in lines[1:]] == [
        ("h", "held", 60, 0, 100),
        ("c", "redeemed", 35, -35, 65),
        ("c", "let go", 25, 0, 65),
        ("h2", "held", 20, 0, 65),
        ("v", "let go", 20, 0, 65),
        ("h3", "held", 10, 0, 65),
        ("app", "hold timed out", 10, 0, 65),
    ]
