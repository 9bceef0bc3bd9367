"""Every refusal can be said to people: one sentence, with the numbers that explain it."""

from typing import get_args

import attrs
import pytest

from omo_adapters.codecs.answers import REFUSAL_CLASSES
from omo_core.fulfilment.refusals import FulfilmentRefusal, Missing, NotInStore
from omo_core.identifiers import LocationId, Sku
from omo_core.loyalty import NotEnoughPoints
from omo_core.loyalty.refusals import LoyaltyRefusal
from omo_core.members.refusals import MemberRefusal
from omo_core.stock.refusals import NotEnoughUnits, Short, StockRefusal

SHIRTS = Short(sku=Sku("TEE"), location=None, asked=3, free=1)


def test_every_refusal_that_a_rule_can_give_is_remembered_word_for_word() -> None:
    unions = (FulfilmentRefusal, LoyaltyRefusal, MemberRefusal, StockRefusal)
    given = {cls for union in unions for cls in get_args(union)}
    assert sorted(cls.__name__ for cls in given - set(REFUSAL_CLASSES)) == []


def test_every_refusal_has_words_of_its_own() -> None:
    assert [cls.__name__ for cls in REFUSAL_CLASSES if "say" not in vars(cls)] == []


def test_numbers_are_told_and_what_is_nothing_is_not() -> None:
    few = NotEnoughPoints(asked=30, spendable=9, pending=0, debt=0)
    assert few.say() == "30 points were asked for, 9 can be spent."
    more = attrs.evolve(few, pending=5, held=2, debt=1)
    assert more.say() == "30 points were asked for, 9 can be spent, 5 are not usable yet, 2 are held, 1 are owed."


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (NotEnoughUnits(shortages=(SHIRTS,)), "3 of TEE were asked for, 1 are free in all places together."),
        (
            NotEnoughUnits(shortages=(attrs.evolve(SHIRTS, location=LocationId("S1")),)),
            "3 of TEE were asked for, 1 are free in S1.",
        ),
        (
            NotInStore(location=LocationId("S1"), missing=(Missing(sku=Sku("TEE"), asked=3, free=1),)),
            "3 of TEE were asked for, 1 are free there.",
        ),
    ],
)
def test_every_article_that_falls_short_is_named(refusal, said: str) -> None:
    assert refusal.say() == said
