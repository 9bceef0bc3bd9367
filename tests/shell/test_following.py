"""Who became somebody else: told once each, and told one after the other they lead to who is who now."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from attrs import evolve

from omo_adapters.desk import Rules
from omo_adapters.following import News, Regrouping, follow, news, rules_changed, told
from omo_adapters.shop import Shop, open_shop
from omo_adapters.storage.memory import MemoryJournal, MemoryVault
from omo_adapters.storage.progress import SqliteProgress
from omo_core.events import Event
from omo_core.identifiers import EventId, OrderId, ProfileId, Sku
from omo_core.loyalty import PointsRedeemed, simple_programme
from omo_core.members import IdentityRules, resolve
from omo_core.members.reasons import TooManyBearers
from omo_core.ports import Batch
from omo_core.trade import Sale, SaleLine
from tests.core.members.observations import RULES, claim, erased, joined, observations, parted, seen, surname
from tests.core.members.test_laws import RULE_SETS

BEGAN = datetime(2026, 6, 1, tzinfo=UTC)
LATER = BEGAN + timedelta(days=300)
PROGRAMME = simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong")
Groups = dict[ProfileId, tuple[ProfileId, ...]]


def shop_of(rules: IdentityRules, journal: MemoryJournal | None = None) -> Shop:
    return Shop(journal or MemoryJournal(), MemoryVault(bytes(32)), Rules(programme=PROGRAMME, identity=rules))


def hear(shop: Shop, *steps: Sequence[Event]) -> None:
    """Write steps, a minute apart."""
    position = shop.journal.read(()).position
    for minute, events in enumerate(steps, start=position + 1):
        shop.journal.append(Batch(events=tuple(events)), recorded_at=BEGAN + timedelta(minutes=minute))


def all_told(shop: Shop) -> list[Regrouping]:
    return [each for step in follow(shop, until=LATER) for each in step.regroupings]


def in_steps(random: Random, events: Sequence[Event]) -> Iterator[list[Event]]:
    rest = random.sample(events, len(events))
    while rest:
        cut = random.choice((1, 1, 2, 5, len(rest)))
        yield rest[:cut]
        rest = rest[cut:]


def apply(groups: Groups, found: Iterable[Regrouping]) -> Groups:
    """Let regroupings happen to somebody who knows of nobody yet: what was must be what they knew."""
    for each in found:
        for member in each.members.before:
            for profile in member.profiles:
                assert set(groups.get(profile, (profile,))) == {*member.profiles}, each.key
        for member in each.members.after:
            groups.update(dict.fromkeys(member.profiles, member.profiles))
    return groups


def whole(events: Iterable[Event], rules: IdentityRules) -> Groups:
    return {
        profile: member.profiles
        for member in resolve(events, rules).members
        for profile in member.profiles
        if len(member.profiles) > 1
    }


def several(groups: Groups) -> Groups:
    return {profile: profiles for profile, profiles in groups.items() if len(profiles) > 1}


def leads_to_who_is_who(sets: int, size: int, seed: int) -> int:
    """Write random sets in random steps; gives how many regroupings were told."""
    random, count = Random(seed), 0
    for number in range(sets):
        rules = RULE_SETS[number % len(RULE_SETS)]
        events, shop = observations(random, size), shop_of(rules)
        groups: Groups = {}
        written: list[Event] = []
        for step in in_steps(random, events):
            position = shop.journal.read(()).position
            hear(shop, step)
            written += step
            found = [each for one in follow(shop, after=position, until=LATER) for each in one.regroupings]
            groups = apply(groups, found)
            assert {name: {*each} for name, each in several(groups).items()} == {
                name: {*each} for name, each in whole(written, rules).items()
            }, (seed, number)
            count += len(found)
    return count


def whenever_it_is_run(sets: int, seed: int) -> None:
    """Ask at once, or in between: the same regroupings with the same ids come out."""
    random = Random(seed)
    for number in range(sets):
        shop = shop_of(RULE_SETS[number % len(RULE_SETS)])
        steps = list(in_steps(random, observations(random, 20)))
        found: list[Regrouping] = []
        position = 0
        for step in steps:
            hear(shop, step)
            if random.random() < 0.4:
                for one in follow(shop, after=position, until=LATER):
                    found += one.regroupings
                    position = one.position
        found += [each for one in follow(shop, after=position, until=LATER) for each in one.regroupings]
        assert found == all_told(shop), (seed, number)
        assert len({each.key for each in found}) == len(found)


def rules_may_change(sets: int, seed: int) -> None:
    random = Random(seed)
    for number in range(sets):
        events, journal = observations(random, 20), MemoryJournal()
        was, now = random.sample(RULE_SETS, 2)
        hear(shop_of(was, journal), *in_steps(random, events))
        groups = apply({}, all_told(shop_of(was, journal)))
        position = journal.read(()).position
        apply(groups, rules_changed(shop_of(now, journal), was, position=position, at=LATER))
        assert {name: {*each} for name, each in several(groups).items()} == {
            name: {*each} for name, each in whole(events, now).items()
        }, (seed, number)


def test_regroupings_told_in_order_lead_to_who_is_who_however_it_came_in() -> None:
    assert leads_to_who_is_who(60, 25, seed=1) > 100


@pytest.mark.long
def test_regroupings_lead_to_who_is_who_at_length() -> None:
    assert leads_to_who_is_who(2000, 30, seed=2) > 4000


def test_the_same_regroupings_are_told_whenever_somebody_asks() -> None:
    whenever_it_is_run(30, seed=3)


def test_rules_that_change_regroup_members_too() -> None:
    rules_may_change(60, seed=4)


def test_a_late_fact_that_splits_an_old_member_says_which_key_and_why() -> None:
    shop = shop_of(RULES)
    card = claim("card", 7)
    hear(shop, [seen("a", card)], [seen("b", card)], [seen("c", card), seen("d", card)])
    first, second = all_told(shop)
    assert (first.members.what, first.members.id) == ("joined", "joined/2/a")
    assert [member.id for member in first.members.before] == ["a", "b"]
    assert [(link.one, link.other, link.evidence) for link in first.members.made] == [("a", "b", "card:7")]
    assert second.members.what == "parted"
    assert [member.profiles for member in second.members.after] == [("a",), ("b",)]
    assert [link.evidence for link in second.members.opened] == ["card:7"]
    assert [each.why for each in second.members.demoted] == [TooManyBearers(bearers=4, limit=3)]
    assert second.members.events == ("profile/c", "profile/d")


def test_what_is_written_together_joins_and_parts_nobody_in_between() -> None:
    shop = shop_of(RULES)
    phone = claim("phone", 1)
    hear(shop, [seen("a", phone), surname("a", "W"), seen("b", phone), surname("b", "C")])
    assert all_told(shop) == []


def test_a_key_that_one_bearer_gives_back_joins_the_others_again() -> None:
    shop = shop_of(RULES)
    card = claim("card", 7)
    hear(shop, [seen(each, card) for each in "abcd"], [seen("d", version=1)])
    (again,) = all_told(shop)
    assert again.members.what == "joined"
    assert [member.profiles for member in again.members.after] == [("a", "b", "c")]
    assert again.members.events == ("profile/d",)


def test_a_statement_parts_and_one_that_is_taken_back_joins_again() -> None:
    shop = shop_of(RULES)
    card = claim("card", 7)
    hear(shop, [seen("a", card), seen("b", card)], [parted("a", "b")], [parted("a", "b", version=1, withdrawn=True)])
    made, opened, again = all_told(shop)
    assert [each.members.what for each in (made, opened, again)] == ["joined", "parted", "joined"]
    assert opened.members.events == ("parted/a:b",)
    assert {item.why.kind for item in opened.members.stopped} == {"said_apart"}
    assert made.key != again.key


def test_who_is_erased_leaves_the_member() -> None:
    shop = shop_of(RULES)
    hear(shop, [seen("a", claim("card", 7)), seen("b", claim("card", 7))], [erased("b")])
    *_, gone = all_told(shop)
    assert (gone.members.what, gone.members.events) == ("parted", ("erased/b",))


def sale(number: int, profile: str, amount: int) -> Sale:
    line = SaleLine(line="1", sku=Sku("TEE"), units=1, amount=amount)
    return Sale(
        id=EventId(f"sale/{number}"),
        at=BEGAN - timedelta(days=9 - number),
        order=OrderId(str(number)),
        profile=ProfileId(profile),
        currency="HKD",
        lines=(line,),
    )


def test_what_a_regrouping_does_to_points_is_told_with_it() -> None:
    shop = shop_of(RULES)
    spent = PointsRedeemed(id=EventId("r"), at=BEGAN - timedelta(days=1), profile=ProfileId("b"), points=90)
    hear(
        shop,
        [sale(1, "a", 100_000), sale(2, "b", 20_000)],
        [joined("a", "b")],
        [spent, sale(3, "a", 1_000)],
        [joined("a", "b", version=1, withdrawn=True)],
    )
    made, opened = all_told(shop)
    assert [(each.member, each.account.spendable) for each in made.before] == [("a", 100), ("b", 20)]
    assert [(each.member, each.account.spendable) for each in made.after] == [("a", 120)]
    assert [(each.account.spendable, each.account.debt) for each in opened.before] == [(31, 0)]
    assert [(each.member, each.account.spendable, each.account.debt) for each in opened.after] == [
        ("a", 101, 0),
        ("b", 0, 70),
    ]


def test_a_regrouping_makes_and_loses_no_points() -> None:
    random = Random(6)
    for number in range(40):
        events: list[Event] = [*observations(random, 12, records=5)]
        for place in range(8):
            events.append(sale(place, random.choice("abcde"), random.randint(1, 90) * 1000))
            events.append(
                PointsRedeemed(
                    id=EventId(f"r{place}"), at=BEGAN, profile=ProfileId(random.choice("abcde")), points=place
                )
            )
        shop = shop_of(RULE_SETS[number % len(RULE_SETS)])
        hear(shop, *in_steps(random, events))
        for each in all_told(shop):
            for what in ("earned", "spent"):
                before, after = (
                    sum(getattr(holding.account, what) for holding in side) for side in (each.before, each.after)
                )
                assert before == after, (number, each.key)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[tuple[Shop, SqliteProgress]]:
    clock = iter(BEGAN + timedelta(minutes=number) for number in range(10**6))
    with open_shop(tmp_path / "omo.db", PROGRAMME, now=lambda: next(clock)) as shop:
        assert shop.database is not None
        yield shop, SqliteProgress(shop.database)


def run(kept: tuple[Shop, SqliteProgress], *, from_start: bool = False, interrupted: bool = False) -> News:
    shop, marks = kept
    found = news(shop, marks, shop.now(), from_start=from_start)
    if not interrupted:
        told(shop, marks, found)
    return found


def test_the_outlet_tells_each_regrouping_once_and_an_interrupted_run_again(kept: tuple[Shop, SqliteProgress]) -> None:
    shop, _ = kept
    shop.record(seen("a", claim("card", 7)))
    assert run(kept, from_start=True).regroupings == ()
    shop.record(seen("b", claim("card", 7)))
    first = run(kept, interrupted=True)
    assert [each.members.what for each in first.regroupings] == ["joined"]
    assert run(kept).regroupings == first.regroupings
    assert run(kept).regroupings == ()
    shop.rules = evolve(shop.rules, identity=evolve(shop.rules.identity, keys=()))
    (by_rule,) = run(kept).regroupings
    assert (by_rule.members.what, by_rule.members.events) == ("parted", ())
    assert run(kept).regroupings == ()


def test_the_first_run_tells_nothing_of_what_was_unless_it_is_asked_to(kept: tuple[Shop, SqliteProgress]) -> None:
    shop, marks = kept
    shop.record(seen("a", claim("card", 7)))
    shop.record(seen("b", claim("card", 7)))
    assert len(news(shop, marks, shop.now(), from_start=True).regroupings) == 1
    assert run(kept).regroupings == ()
    shop.record(seen("c", claim("card", 7)))
    (since,) = run(kept).regroupings
    assert [member.profiles for member in since.members.before] == [("a", "b"), ("c",)]


def test_an_instant_is_told_once_it_is_over(kept: tuple[Shop, SqliteProgress]) -> None:
    shop, marks = kept
    run(kept)
    heard_at = shop.now() + timedelta(minutes=1)
    shop.record(seen("a", claim("card", 7)), seen("b", claim("card", 7)))
    assert news(shop, marks, heard_at).regroupings == ()
    (each,) = news(shop, marks, heard_at + timedelta(microseconds=1)).regroupings
    assert each.at == heard_at
