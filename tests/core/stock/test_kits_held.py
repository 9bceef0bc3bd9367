"""A kit is held, renewed, let go and picked by its own name, as the parts that it takes."""

from attrs import evolve

from omo_core.kit_parts import KitPart
from omo_core.stock import Kit, ReleaseHold, RenewHold, StartPicking
from tests.core.stock.shops import allocate, count, hold, on, shop, web, why


def parts(**units: int) -> tuple[KitPart, ...]:
    return tuple(KitPart(sku=sku, units=each) for sku, each in units.items())


KITS = (Kit(sku="SET", parts=parts(TEE=2, CAP=1)), Kit(sku="BOX", parts=parts(SET=2, TEE=1)))
"""A box takes five tees and two caps."""


def world(**more: object) -> object:
    made = shop(pool=("WH",), kits=KITS, **more)
    made.record(count("WH", 10), count("WH", 4, sku="CAP"))
    return made


def held(shop: object, hour: int) -> tuple[int, int]:
    return tuple(shop.stock(sku).held(None, on(2, hour)) for sku in ("TEE", "CAP"))


def test_a_kit_in_a_basket_is_renewed_and_let_go_by_its_name() -> None:
    made = world()
    assert why(made.execute(hold("B1", on(2, 10), 2, until=on(2, 12), sku="BOX"))) == ""
    assert held(made, 11) == (10, 4)
    renewal = RenewHold(request="n", at=on(2, 11), hold="B1", skus=("BOX",), until=on(2, 20))
    assert why(made.execute(renewal)) == ""
    assert held(made, 19) == (10, 4)
    assert why(made.execute(ReleaseHold(request="l", at=on(2, 13), hold="B1", sku="BOX"))) == ""
    assert held(made, 14) == (0, 0)
    assert why(made.execute(ReleaseHold(request="m", at=on(2, 13), hold="B1", sku="BOX"))) == "hold_unknown"


def test_a_kit_of_which_a_part_was_let_go_is_not_held() -> None:
    made = world()
    made.execute(hold("B1", on(2, 10), 1, until=on(2, 20), sku="SET"))
    assert why(made.execute(ReleaseHold(request="l", at=on(2, 11), hold="B1", sku="CAP"))) == ""
    assert why(made.execute(ReleaseHold(request="m", at=on(2, 12), hold="B1", sku="SET"))) == "hold_unknown"
    assert held(made, 13) == (2, 0)


def test_a_kit_is_picked_by_its_name() -> None:
    made = world()
    made.record(web("W1", on(2), 1, sku="SET"))
    tees = allocate("a", "W1", "WH")
    for command in (tees, evolve(tees, request="b", sku="CAP")):
        assert why(made.execute(command)) == ""
    assert why(made.execute(StartPicking(request="p", at=on(6), order="W1", location="WH", skus=("SET",)))) == ""
    for sku in ("TEE", "CAP"):
        (promise,) = made.stock(sku).promises.values()
        assert [share.picking for share in promise.shares] == [True], sku
