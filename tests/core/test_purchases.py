"""A POS sale that is seen through Shopify and through the till's own file is one purchase."""

from itertools import permutations

import pytest

from omo_adapters.testing.samples import START, counted, handed, line, refund, sale
from omo_core.identifiers import LocationId, OrderId, ProfileId, Sku
from omo_core.loyalty import account, simple_programme
from omo_core.purchases import bearer, names, purchases, sightings
from omo_core.stock import positions
from omo_core.trade import Sale

PROGRAMME = simple_programme("HKD", per=100, zone_name="Asia/Hong_Kong")

AT_THE_TILL = sale("till:S1/2/881", 3, authority=1, profile=None, tenders=[("cash", 10_000)])
ON_SHOPIFY = sale("shopify:5001", 4, line(location="S1"), also=("till:S1/2/881",), authority=0, profile="p1")
BY_THIRD = sale("erp:77", 5, also=("shopify:5001", "till:S1/2/881"), profile="p1")


@pytest.mark.parametrize("told", list(permutations((AT_THE_TILL, ON_SHOPIFY))))
def test_seen_twice_it_earns_once_and_moves_stock_once(told: tuple[Sale, ...]) -> None:
    assert account(PROGRAMME, told, ("p1",), START.replace(hour=1)).earned == 100
    assert positions(Sku("TEE"), (counted(10), *told)).on_hand(LocationId("S1")) == 9


@pytest.mark.parametrize("told", list(permutations((AT_THE_TILL, ON_SHOPIFY))))
def test_the_tills_own_file_counts_over_the_platforms_copy(told: tuple[Sale, ...]) -> None:
    (bought,) = purchases(told)
    assert (bought.order, bought.at, bought.tenders) == ("till:S1/2/881", AT_THE_TILL.at, AT_THE_TILL.tenders)
    assert bought.also == ("shopify:5001",)


@pytest.mark.parametrize("told", list(permutations((AT_THE_TILL, ON_SHOPIFY))))
def test_whoever_names_the_customer_says_whose_it_is(told: tuple[Sale, ...]) -> None:
    assert [bought.profile for bought in purchases(told)] == ["p1"]


@pytest.mark.parametrize("told", list(permutations((sale("a", 1), sale("b", 2), sale("c", 3, also=("a", "b"))))))
def test_a_third_document_makes_one_of_two(told: tuple[Sale, ...]) -> None:
    ((first, *others),) = sightings(told)
    assert (first.order, [each.order for each in others]) == ("a", ["b", "c"])


@pytest.mark.parametrize("told", list(permutations((AT_THE_TILL, ON_SHOPIFY, BY_THIRD))))
def test_three_sightings_earn_once_and_move_stock_once(told: tuple[Sale, ...]) -> None:
    assert account(PROGRAMME, told, ("p1",), START.replace(hour=1)).earned == 100
    assert positions(Sku("TEE"), told).on_hand(LocationId("S1")) == -1


@pytest.mark.parametrize(
    "told",
    list(permutations((AT_THE_TILL, ON_SHOPIFY, refund("r", "shopify:5001", 9, restock="return", location="S1")))),
)
def test_a_refund_finds_its_purchase_by_either_name(told: tuple[object, ...]) -> None:
    assert account(PROGRAMME, told, ("p1",), START.replace(hour=1)).clawed_back == 100
    assert positions(Sku("TEE"), told).on_hand(LocationId("S1")) == 0


def test_a_parcel_finds_its_purchase_by_either_name() -> None:
    waits = sale("web", 1, line(handing="ship", location="S1"), also=("oms",))
    folded = positions(Sku("TEE"), (counted(5), waits, handed("h", "oms")))
    assert (folded.on_hand(LocationId("S1")), folded.allocated(LocationId("S1"))) == (4, 0)


def test_purchases_without_a_common_name_are_two() -> None:
    assert len(purchases((sale("a"), sale("b")))) == 2


def test_sales_alone_are_given_as_they_are() -> None:
    told = (sale("b", 2), sale("a", 1))
    assert purchases(told) == list(told)


def test_every_name_is_kept_once() -> None:
    ((first, *others),) = sightings((AT_THE_TILL, ON_SHOPIFY, BY_THIRD))
    assert names((first, *others)) == tuple(map(OrderId, ("till:S1/2/881", "shopify:5001", "erp:77")))
    assert bearer((first, *others)) == ProfileId("p1")
