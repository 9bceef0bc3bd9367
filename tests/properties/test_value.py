"""Law 8: buying and giving everything back leaves no net value. Law 9: parts sum to the whole exactly."""

from datetime import timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from omo_adapters.testing.samples import START, granted, redeemed, refund, sale
from omo_adapters.testing.strategies import PROFILES, histories
from omo_core.errors import Malformed
from omo_core.identifiers import ProfileId
from omo_core.instants import zone
from omo_core.loyalty import Earning, Programme, Redemption, Tier, Version, account
from omo_core.loyalty.earning import Back, points_for, worth
from omo_core.loyalty.ladder import Ladder
from omo_core.loyalty.ledger import Ledger
from omo_core.loyalty.programme import ROUNDINGS, Expiry
from omo_core.money import decimal_text, minor_units, split
from omo_core.trade import SaleLine
from tests.properties.law import law
from tests.properties.test_books import assert_balanced
from tests.shell.asking import PROGRAMME

AT_THE_END = START + timedelta(days=5)

weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any)
roundings = st.sampled_from(ROUNDINGS)


def programme(rounding: str, per: int, debt: str = "debt", multiplier: tuple[int, int] = (1, 1)) -> Programme:
    ladder = Ladder(
        currency="HKD",
        tiers=(Tier(name="a"), Tier(name="b", at_least=8_000, multiplier=multiplier)),
        refund="immediate",
    )
    version = Version(
        earnings=(Earning(currency="HKD", per=per, rounding=rounding),),
        redemptions=(Redemption(currency="HKD", amount=10),),
        expiry=Expiry(kind="never"),
        debt=debt,
        ladder=ladder,
    )
    return Programme(zone=zone("Asia/Hong_Kong"), versions=(version,))


@st.composite
def returned_purchases(draw):
    """Some purchases, partly paid with points, all of which comes back, in pieces and in any order of time."""
    events, minute = [granted("opening", 500, 0)], 1
    for order in ("o1", "o2", "o3")[: draw(st.integers(1, 3))]:
        amounts = draw(st.lists(st.integers(0, 12_000), min_size=1, max_size=3))
        with_points = min(draw(st.sampled_from((0, 7, 100))), sum(amounts) // 10)
        lines = [SaleLine(line=str(i), sku="TEE", units=1, amount=amount) for i, amount in enumerate(amounts)]
        tenders = [("points", with_points * 10), ("cash", sum(amounts) - with_points * 10)] if with_points else []
        events.append(sale(order, minute, *lines, tenders=tenders))
        if with_points:
            events.append(redeemed(order, with_points, minute, order=order))
        pieces = []
        for line in lines:
            halves = split(line.amount, draw(st.lists(st.integers(1, 5), min_size=1, max_size=3)))
            pieces += [(line.line, half) for half in halves]
        for place, (of, amount) in enumerate(draw(st.permutations(pieces))):
            when = minute + draw(st.integers(1, 60))
            events.append(refund(f"{order}/{place}", order, when, amount=amount, of=of))
        minute += draw(st.integers(1, 30))
    if draw(st.booleans()):
        spree = draw(st.integers(1, 600))
        events.append(redeemed("spree", spree, minute + draw(st.integers(0, 60))))
        events.append(redeemed("spree", spree, START, version=1, withdrawn=True))
    return draw(st.permutations(events))


@law(
    told=returned_purchases(),
    rounding=roundings,
    per=st.sampled_from((1, 7, 100, 300)),
    multiplier=st.sampled_from(((1, 1), (3, 2))),
)
def test_buying_and_returning_everything_leaves_what_was_there_before(told, rounding, per, multiplier) -> None:
    end = account(programme(rounding, per, multiplier=multiplier), told, ("p1",), AT_THE_END)
    assert (end.spendable, end.pending, end.debt, end.spent, end.expired) == (500, 0, 0, 0, 0)
    assert end.tier is not None
    assert (end.tier.name, end.tier.spend) == ("a", 0)


@law(told=returned_purchases(), spree=st.integers(1, 5_000), minutes=st.integers(1, 200))
def test_points_spent_before_everything_comes_back_are_owed(told, spree, minutes) -> None:
    told = [*told, redeemed("elsewhere", spree, minutes)]
    end = account(programme("floor", 100), told, ("p1",), AT_THE_END)
    assert end.spendable - end.debt + spree == 500


@law(told=histories(), cut=st.integers(0, 14))
def test_nothing_is_ever_clawed_back_beyond_what_was_earned(told, cut) -> None:
    one = account(PROGRAMME, told[:cut], PROFILES, AT_THE_END)
    assert_balanced(one)
    deductions = sum(-event.points for event in told if getattr(event, "points", 0) < 0)
    assert one.clawed_back <= one.earned + deductions


@law(whole=st.integers(-(10**9), 10**9), weights=weights)
def test_parts_sum_to_the_whole_and_none_is_off_by_a_unit(whole, weights) -> None:
    parts = split(whole, weights)
    assert sum(parts) == whole
    total = sum(weights)
    assert all(abs(part * total - whole * weight) < total for part, weight in zip(parts, weights, strict=True))


@law(whole=st.integers(-(10**9), 10**9), data=st.data())
def test_permuting_the_weights_permutes_the_parts(whole, data) -> None:
    shares = data.draw(weights)
    order = data.draw(st.permutations(range(len(shares))))
    parts, moved = split(whole, shares), split(whole, [shares[i] for i in order])
    assert sorted(zip(shares, parts, strict=True)) == sorted(zip((shares[i] for i in order), moved, strict=True))


@law(whole=st.integers(0, 10**9), weights=weights)
def test_a_refund_is_split_like_the_sale(whole, weights) -> None:
    assert split(-whole, weights) == tuple(-part for part in split(whole, weights))


@law(taken=st.lists(st.integers(1, 50), min_size=1, max_size=6), targets=st.lists(st.integers(0, 300), max_size=6))
def test_redeemed_points_come_back_to_the_point_however_often_they_are_refunded(taken, targets) -> None:
    ledger = Ledger()
    for number, points in enumerate(taken):
        ledger.credit(f"lot{number}", points, START, START, START + timedelta(days=number + 1))
    ledger.spend("x", sum(taken), "soonest_expiry")
    back = 0
    for target in sorted(targets):
        returned, *_ = ledger.give_back("x", target)
        back += returned
        assert back == min(target, sum(taken))
        assert (ledger.spendable, ledger.spent) == (back, sum(taken) - back)
        assert all(0 <= lot.left <= lot.points for lot in ledger.lots.values())


@law(
    amounts=st.lists(st.integers(0, 20_000), min_size=1, max_size=4),
    rounding=roundings,
    per=st.sampled_from((1, 7, 100, 300)),
    data=st.data(),
)
def test_claw_backs_of_parts_sum_to_the_claw_back_of_the_whole(amounts, rounding, per, data) -> None:
    rate = Earning(currency="HKD", per=per, rounding=rounding)
    rules = Version(earnings=(rate,))
    lines = [SaleLine(line=str(i), sku="TEE", units=1, amount=amount) for i, amount in enumerate(amounts)]
    bought = sale("o1", 0, *lines)
    earned = left = points_for(sum(amounts), rate, (1, 1))
    back: dict[str, int] = {}
    clawed = 0
    for i in data.draw(st.permutations(range(len(amounts)))):
        for part in split(amounts[i], data.draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))):
            back[str(i)] = back.get(str(i), 0) + part
            _, now = worth(rules, (rate,), bought, (1, 1), Back(lines=back))
            assert 0 <= now <= left
            clawed, left = clawed + left - now, now
    assert (clawed, left) == (earned, 0)


@given(amount=st.integers(-(10**15), 10**15), code=st.sampled_from(("HKD", "JPY", "KWD")))
def test_an_amount_reads_as_it_is_written(amount, code) -> None:
    assert minor_units(decimal_text(amount, code), code) == amount


@given(text=st.text(alphabet="0123456789.,-+eE_ ٣１x", max_size=12))
def test_only_plain_decimals_are_amounts(text) -> None:
    try:
        amount = minor_units(text, "HKD")
    except Malformed:
        return
    assume(amount)
    assert set(text) <= set("0123456789.-")
    assert text.isascii()


def test_one_profile_is_enough_for_the_samples() -> None:
    assert ProfileId("p1") in PROFILES
