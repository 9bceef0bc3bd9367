"""Goods on the command line: counted, received, transferred, sourced, balanced; asked twice, done once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from omo_adapters.storage.database import Database
from omo_adapters.storage.sqlite import SqliteJournal
from omo_core.ports import Batch
from omo_core.trade import KitPart, Sale, SaleLine
from tests.cli.conftest import SHOP, Run

DAY = "2026-01-05T12:00"
STOCK = """
[stock]
buffers = [{ channel = "market", units = 2 }]
kits = { SET = { TEE = 2, CAP = 1 } }
capacities = [{ location = "central", parcels = 1 }]
destinations = { kowloon = "22.3193, 114.1694" }

[stock.measures.TEE]
base = "piece"
units = { case = 12 }

[stock.sourcing]
aims = ["cost"]
"""
WORK = """
work = { hours = "Mo-Fr 09:00-18:00; PH off", cut_off = "15:00", handling_days = 1 }
carrier = { hours = "Mo-Sa 09:00-18:00; PH off" }
holidays = "HK"
"""
KIT = (KitPart(sku="TEE", units=2), KitPart(sku="CAP", units=1))
PLACES = {
    "central": 'at = "22.2819, 114.1580", parcel_cost = "30.00", parcel_cost_per_km = "2.00", zone = "HK"',
    "depot": 'at = "22.4445, 114.0222", parcel_cost = "20.00", parcel_cost_per_km = "2.00", zone = "NT"',
}


def opened_shop(run: Run, folder: Path, *, rich: bool = False) -> None:
    """A shop with 3 in the store and 9 in the depot; ``rich``: with costs, distances, kits, units and capacity."""
    text = SHOP
    if rich:
        for name, more in PLACES.items():
            text = text.replace(f'id = "{name}"\n', f'id = "{name}"\nsourcing = {{ {more} }}\n')
        text += STOCK
    (folder / "shop.toml").write_text(text, "utf-8")
    assert run("init", "--config", "shop.toml").code == 0
    for place, units in (("central", 3), ("depot", 9)):
        assert run("count", "TEE", place, units, "--at", DAY).code == 0


def order(folder: Path, units: int, name: str = "W1", **line: object) -> None:
    at = datetime(2026, 1, 5, 6, tzinfo=UTC)
    usual = {"line": "1", "sku": "TEE", "units": units, "amount": 10_000 * units, "handing": "ship"}
    one = SaleLine(**{**usual, **line})
    sale = Sale(id=f"sale/{name}", at=at, order=name, currency="HKD", channel="web", lines=(one,))
    database = Database(folder / "shop.db", create=False)
    SqliteJournal(database).append(Batch(events=(sale,)), recorded_at=at)
    database.close()


def places(run: Run, field: str) -> dict[str, object]:
    return {place["location"]: place[field] for place in run("stock", "TEE", "--json").document["places"]}


# Facts, told once.


def test_a_delivery_told_twice_under_one_request_came_once(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    told = [run("receive", "TEE", "central", 5, "--request", "rr") for _ in range(2)]
    assert [one.out for one in told] == [
        "Recorded: TEE at central: +5 received.\n",
        "Recorded: TEE at central: +5 received (known already).\n",
    ]
    assert places(run, "on_hand") == {"central": 8, "depot": 9}
    other = run("receive", "TEE", "central", 7, "--request", "rr")
    assert (other.code, other.out) == (1, "No: The request id rr was used before, for facts.\n")
    assert places(run, "on_hand") == {"central": 8, "depot": 9}
    assert run("verify").code == 0


def test_a_count_at_one_instant_is_one_count_and_told_otherwise_it_is_corrected(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    assert run("count", "TEE", "central", 3, "--at", DAY).out.endswith("counted 3 (known already).\n")
    assert run("count", "TEE", "central", 4, "--at", DAY).out.endswith("counted 4.\n")
    assert run("count", "TEE", "central", 4, "--at", DAY).out.endswith("counted 4 (known already).\n")
    assert places(run, "on_hand") == {"central": 4, "depot": 9}


def test_what_is_received_has_a_lot_an_end_serial_numbers_and_a_unit(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path, rich=True)
    lot = ("--lot", "L1", "--expires", "2026-02-01", "--unit", "case", "--at", DAY)
    assert run("receive", "TEE", "depot", "2", *lot).code == 0
    assert run("receive", "TEE", "depot", "0.5", "--unit", "case", "--serial", "A", "--serial", "B").code == 0
    card = run("stock", "TEE", "--json").document
    depot = next(place for place in card["places"] if place["location"] == "depot")
    assert (depot["on_hand"], depot["expired"], depot["free"]) == (9 + 24 + 6, 24, 15)
    assert [(each["lot"], each["units"], each["expires_at"]) for each in depot["lots"]] == [
        ("L1", 24, "2026-01-31T16:00:00Z")
    ]
    wrong = (
        ("receive", "TEE", "depot", "0.3", "--unit", "case"),
        ("receive", "TEE", "depot", "0.5"),
        ("receive", "TEE", "depot", "1", "--unit", "box"),
        ("receive", "CAP", "depot", "1", "--unit", "case"),
        ("receive", "TEE", "depot", "1", "--expires", "2026-02-01"),
        ("receive", "TEE", "depot", "1", "--lot", "L", "--expires", "soon"),
        ("receive", "TEE", "depot", "one"),
        ("receive", "TEE", "depot", "1/0"),
    )
    assert [run(*each).code for each in wrong] == [2] * len(wrong)


def test_a_typing_mistake_opens_no_article_and_no_place(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    (tmp_path / "shop.toml").write_text(
        SHOP.replace("[programme]", '[items]\n"till:1" = "MUG"\n\n[programme]'), "utf-8"
    )
    assert run("config", "set-file", "shop.toml").code == 0
    assert run("count", "NOSUCH", "central", 3).code == 2
    assert run("count", "NOSUCH", "central", 3, "--new").code == 0
    assert run("count", "MUG", "central", 3).code == 0
    assert run("receive", "TEE", "nowhere", 3).code == 2
    assert run("rebalance", "NOPE").code == 2
    assert run("source", "W1", "--exclude", "NOPE").code == 2
    assert run("set-aside", "NOPE", "central", 1).code == 2


# The card.


def test_the_card_tells_every_quantity(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path, rich=True)
    run("set-aside", "TEE", "depot", 1, "--at", DAY)
    run("expect", "TEE", "central", 4, "--document", "PO1", "--due", "2026-12-30", "--at", DAY)
    run("transfer-stock", "TEE", "depot", "central", 5, "--name", "T1", "--due", "2026-12-29")
    run("transfer-stock", "TEE", "depot", "central", 2, "--name", "T1", "--sent", "--partial")
    order(tmp_path, 3, location="depot")
    card = run("stock", "TEE", "--json").document
    rows = {place["location"]: place for place in card["places"]}
    for place in rows.values():
        spoken_for = place["expired"] + place["allocated"] + place["held"] + place["leaving"]
        assert place["on_hand"] - sum(place["set_aside"].values()) - spoken_for == place["free_raw"]
    assert [rows["depot"][name] for name in ("on_hand", "allocated", "leaving", "free")] == [7, 3, 3, 0]
    assert [rows["central"][name] for name in ("in_transit", "expected", "trusted")] == [2, 4, 950]
    assert [(each["document"], each["units"], each["ordered"]) for each in card["deliveries"]] == [
        ("T1", 2, 3),
        ("PO1", 4, 0),
    ]
    assert [(each["channel"], each["free"]) for each in card["channels"]] == [("market", 1)]
    told = run("stock", "TEE", "--why").out
    for line in (
        "transfer T1 from depot to central: 3 still to leave, 2 in transit, due 2026-12-29 00:00",
        "expected: PO1, 4 at central, due 2026-12-30 00:00",
        "free for market: 1 (from central, depot)",
        "leaving",
        "W1/1",
    ):
        assert line in told
    run("transfer-stock", "TEE", "depot", "central", 1, "--name", "T1", "--received")
    assert "3 still to leave, 1 lost" in run("stock", "TEE").out


def test_a_kit_is_told_as_what_its_parts_make(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path, rich=True)
    run("count", "CAP", "depot", 4, "--at", DAY)
    told = run("stock", "SET")
    assert (told.code, told.out) == (0, "SET is a kit: its parts make 4 of it.\n")
    assert run("stock", "NOPE").code == 1


# Transfers.


def test_a_transfer_is_promised_sent_and_received(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    assert run("transfer-stock", "TEE", "depot", "central", 10).code == 1
    assert run("transfer-stock", "TEE", "depot", "central", 4, "--name", "T1").code == 0
    sent = ("transfer-stock", "TEE", "depot", "central", 4, "--name", "T1", "--sent", "--request", "q1")
    assert [run(*sent).code, run(*sent).code] == [0, 0]
    arrived = run("transfer-stock", "TEE", "depot", "central", 4, "--name", "T1", "--received", "--damaged", 1)
    assert arrived.out == "Recorded: 4 of TEE received (transfer T1).\n"
    assert places(run, "on_hand") == {"central": 7, "depot": 5}
    assert places(run, "set_aside") == {"central": {"damaged": 1}, "depot": {}}
    assert run("transfer-stock", "TEE", "depot", "nowhere", 1).code == 2


def test_what_is_not_sent_or_withdrawn_is_free_again(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    run("transfer-stock", "TEE", "depot", "central", 6, "--name", "T1")
    run("transfer-stock", "TEE", "depot", "central", 2, "--name", "T1", "--sent", "--partial")
    assert places(run, "leaving")["depot"] == 4
    withdraw = ("transfer-stock", "TEE", "depot", "central", 4, "--name", "T1", "--withdraw")
    assert [run(*withdraw).out for _ in range(2)] == [
        "Recorded: nothing more of TEE leaves depot (transfer T1).\n",
        "Recorded: nothing more of TEE leaves depot (transfer T1) (known already).\n",
    ]
    assert (places(run, "leaving")["depot"], places(run, "free")["depot"]) == (0, 7)


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (("depot", "depot", 1), "is where the goods are already"),
        (("depot", "depot", 1, "--name", "T1", "--sent"), "is where the goods are already"),
        (("depot", "central", 1, "--name", "T1", "--sent", "--received"), "are two steps"),
        (("depot", "central", 1, "--sent"), "--sent needs the transfer's id"),
        (("depot", "central", 1, "--name", "T9", "--sent"), "no transfer of TEE is called 'T9'"),
        (("depot", "central", 1, "--name", "T9", "--withdraw"), "no transfer of TEE is called 'T9'"),
        (("depot", "central", 1, "--partial"), "--partial goes with"),
        (("depot", "central", 1, "--damaged", 1), "--damaged goes with"),
        (("depot", "central", 1, "--name", "T1", "--received", "--damaged", 2), "2 of 1 units can't be damaged"),
        (("depot", "central", 0, "--name", "T1", "--received"), "0 is not within 1"),
    ],
)
def test_a_step_of_a_transfer_that_can_not_be_meant_is_refused(
    run: Run, tmp_path: Path, more: tuple[object, ...], complaint: str
) -> None:
    opened_shop(run, tmp_path)
    run("transfer-stock", "TEE", "depot", "central", 2, "--name", "T1")
    before = places(run, "on_hand"), places(run, "leaving")
    told = run("transfer-stock", "TEE", *more)
    assert (told.code, complaint in told.err) == (2, True), told.err
    assert (places(run, "on_hand"), places(run, "leaving")) == before
    assert run("transfer-stock", "TEE", "depot", "central", 1, "--name", "T9", "--sent", "--unordered").code == 0


# Sourcing.


def test_an_order_is_planned_then_committed(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    order(tmp_path, 10)
    dry = run("source", "W1", "--dry-run", "--json")
    assert (dry.code, dry.document["plan"]["score"]["parcels"], dry.document["plan"]["proven"]) == (0, 2, True)
    assert run("stock", "TEE", "--json").document["pool_allocated"] == 10
    told = run("source", "W1", "--request", "r1")
    assert (told.code, "no plan is better" in told.out, "Yes: committed" in told.out) == (0, True, True)
    assert run("stock", "TEE", "--json").document["pool_allocated"] == 0
    assert run("source", "W1", "--dry-run", "--exclude", "depot").code == 1
    assert run("source", "W9").code == 2


def test_asked_again_nothing_is_planned_anew(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    order(tmp_path, 4)
    assert run("source", "W1", "--request", "r1").code == 0
    run("receive", "TEE", "central", 50)
    again = run("source", "W1", "--request", "r1")
    assert (again.code, "nothing was planned anew" in again.out, "depot" in again.out) == (0, True, True)
    assert run("source", "W1", "--request", "r1", "--json").document["again"] is True
    assert places(run, "allocated") == {"central": 0, "depot": 4}
    order(tmp_path, 1, "W2")
    assert run("source", "W2", "--request", "r1").code == 2


def test_costs_distances_and_why_each_place_won_or_lost(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path, rich=True)
    order(tmp_path, 2)
    near = run("source", "W1", "--dry-run", "--to", "kowloon")
    assert "1 parcel, HKD 38.64, 4.3 km (exact): no plan is better" in near.out
    verdicts = [line.split() for line in near.out.splitlines() if line.lstrip().startswith(("Central", "depot"))]
    assert [row[1:3] for row in verdicts[1:]] == [["chosen", "HKD"], ["costs", "more"]]
    far = run("source", "W1", "--dry-run", "--to", "22.45,114.02", "--json").document["plan"]
    assert [parcel["location"] for parcel in far["parcels"]] == ["depot"]
    assert run("source", "W1", "--dry-run", "--zone", "NT", "--json").document["plan"]["verdicts"][0] == {
        "location": "central",
        "why": "outside_zone",
        "at_best": None,
    }
    assert run("source", "W1", "--dry-run", "--to", "nowhere").code == 2


def test_a_store_that_can_pack_no_more_is_not_asked(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path, rich=True)
    for name in ("W1", "W2", "W3"):
        order(tmp_path, 1, name)
    kept = run("source", "W1", "--dry-run", "--keep", "--to", "kowloon", "--request", "k1")
    assert "Yes: places held" in kept.out
    assert "no capacity" in run("source", "W2", "--dry-run", "--to", "kowloon").out
    assert run("source", "W1", "--to", "kowloon", "--request", "c1").code == 0
    assert run("source", "W2", "--to", "kowloon", "--json", "--request", "c2").code == 0
    assert places(run, "allocated") == {"central": 1, "depot": 1}
    other_day = run("source", "W3", "--dry-run", "--to", "kowloon", "--slot", "2030-01-01", "--json").document["plan"]
    assert [parcel["location"] for parcel in other_day["parcels"]] == ["central"]


def test_an_order_that_is_collected_comes_from_its_own_store(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    order(tmp_path, 2, handing="pickup", location="central")
    told = run("source", "W1", "--dry-run", "--json").document["plan"]
    assert [parcel["location"] for parcel in told["parcels"]] == ["central"]
    assert {one["location"]: one["why"] for one in told["verdicts"]} == {
        "central": "chosen",
        "depot": "not_for_pickup",
    }


def test_rebalancing_proposes_and_only_orders_when_asked(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    told = run("rebalance", "TEE", "--display", 5, "--json")
    (proposal,) = told.document["proposals"]
    assert [(move["origin"], move["destination"], move["units"]) for move in proposal["moves"]] == [
        ("depot", "central", 2)
    ]
    assert run("rebalance", "TEE", "--display", 5, "--commit").code == 0
    assert run("transfer-stock", "TEE", "depot", "central", 8).code == 1


def test_what_was_ordered_is_expected_or_is_under_way_is_not_ordered_again(run: Run, tmp_path: Path) -> None:
    """Ordered, sent, arrived: at no step is anything proposed a second time; nor what a delivery will bring."""
    opened_shop(run, tmp_path)
    wanted = ("rebalance", "TEE", "--display", 5, "--commit", "--request", "night")
    assert run(*wanted).code == 0
    assert places(run, "leaving")["depot"] == 2
    nothing = ("rebalance", "TEE", "--display", 5, "--commit")
    assert run(*nothing).out == "Nothing should move.\n"
    moved = ("transfer-stock", "TEE", "depot", "central", 2, "--name", "night/depot/central")
    for step in ("--sent", "--received"):
        assert run(*moved, step).code == 0
        assert run(*nothing).out == "Nothing should move.\n"
    more = ("rebalance", "TEE", "--display", 6, "--json")
    assert run(*more).document["proposals"][0]["moves"][0]["units"] == 1
    assert run("expect", "TEE", "central", 1, "--document", "PO1").code == 0
    assert run(*more).document["proposals"][0]["moves"] == []
    assert run("expect", "TEE", "central", 1, "--document", "PO1", "--due", "2099-01-01").code == 0
    assert run(*more).document["proposals"][0]["moves"][0]["units"] == 1  # too late


def test_a_place_that_never_had_an_article_gets_some_when_it_is_named(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    assert run("count", "MUG", "depot", 4, "--new", "--at", DAY).code == 0
    assert run("rebalance", "MUG", "--display", 1).out == "Nothing should move.\n"
    told = run("rebalance", "MUG", "--display", 1, "--also", "central", "--json").document
    assert told["proposals"][0]["moves"] == [{"origin": "depot", "destination": "central", "units": 1, "waits": False}]
    assert run("rebalance", "MUG", "--also", "nowhere").code == 2


def test_what_is_promised_in_the_pool_is_not_spared(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    order(tmp_path, 11, location=None)  # of 12
    told = run("rebalance", "TEE", "--display", 6, "--commit")
    assert told.code == 0, told.out
    assert places(run, "leaving")["depot"] == 1


def test_an_order_and_what_could_be_ordered_have_a_day_and_a_reason(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path, rich=True)
    settings = (tmp_path / "shop.toml").read_text("utf-8").replace("[stock]\n", f"[stock]{WORK}")
    (tmp_path / "shop.toml").write_text(settings, "utf-8")
    assert run("config", "set-file", "shop.toml").code == 0
    run("expect", "TEE", "depot", 5, "--document", "PO1", "--due", "2026-01-12", "--at", DAY)
    order(tmp_path, 10)
    monday = ("--at", "2026-01-05T15:01")  # after the cut-off: it counts for Tuesday
    told = run("promise", "W1", *monday, "--json").document["promise"]
    assert (told["on"], told["ready_at"]) == ("2026-01-08", None)
    assert sorted((part["location"], part["units"], part["sourced"]) for part in told["parts"]) == [
        ("central", 1, True),
        ("depot", 9, True),
    ]
    assert run("promise", "W1", *monday).out.startswith("W1: with the customer on Thu 2026-01-08\n")
    wanted = run("promise", "--want", "TEE=4", *monday)
    assert "an order placed now: with the customer on Wed 2026-01-14" in wanted.out
    assert "comes with PO1 on 2026-01-12 00:00" in wanted.out
    short = run("promise", "--want", "TEE=9", *monday)
    assert short.code == 1
    assert "nobody can say when" in short.out
    collected = run("promise", "--want", "TEE=1", "--collect", "central", *monday, "--json").document["promise"]
    assert (collected["on"], collected["ready_at"]) == ("2026-01-05", "2026-01-05T07:01:00Z")
    assert places(run, "on_hand") == {"central": 3, "depot": 9}  # nothing was written


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        ("W1", "--want", "TEE=1"),
        ("W9",),
        ("--want", "TEE"),
        ("--want", "TEE=0"),
        ("--want", "TEE=-1"),
        ("--want", "TEE=1.5"),
        ("--want", "TEE=\u0664"),
        ("--want", "TEE=99999999999"),
        ("--want", "=1"),
        ("--want", "NOPE=1"),
        ("--want", "TEE=1", "--collect", "nowhere"),
        ("--want", "TEE=1", "--at", "soon"),
    ],
)
def test_a_promise_that_is_asked_for_wrongly_is_a_bad_argument(
    run: Run, tmp_path: Path, wrong: tuple[str, ...]
) -> None:
    opened_shop(run, tmp_path)
    order(tmp_path, 1)
    assert run("promise", *wrong).code == 2


def test_hours_that_can_not_be_kept_are_refused_when_they_are_set(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text(SHOP + "[stock]\nwork = { hours = 'Mo-Fr 9:00-18:00; PH off' }\n", "utf-8")
    told = run("init", "--config", "shop.toml")
    assert told.code == 6
    assert "public holidays" in told.err


def test_a_kit_is_sourced_part_by_part_and_dated_and_sent(run: Run, tmp_path: Path) -> None:
    """Three sets of two shirts and a cap: the shirts from both places, the caps from one; worth it part by part."""
    opened_shop(run, tmp_path, rich=True)
    assert run("count", "CAP", "central", 5, "--new", "--at", DAY).code == 0
    order(tmp_path, 3, "K1", sku="SET", amount=90_000, parts=KIT)
    plan = run("source", "K1", "--dry-run", "--json").document["plan"]
    found = {
        (each["location"], one["line"], one["sku"]): one["units"] for each in plan["parcels"] for one in each["picked"]
    }
    assert sum(units for (_, _, sku), units in found.items() if sku == "TEE") == 6
    assert sum(units for (_, _, sku), units in found.items() if sku == "CAP") == 3
    assert {name for _, name, _ in found} == {"1"}
    assert plan["proven"]
    # a set is worth 300, so each unit of its parts 100: no parcel of two shirts is worth 250
    poor = run("source", "K1", "--dry-run", "--json", "--min-parcel-value", "250.00").document["plan"]
    assert all(sum(one["units"] for one in each["picked"]) >= 3 for each in poor["parcels"])
    assert run("source", "K1", "--request", "k").code == 0
    dated = run("promise", "K1", "--json").document["promise"]
    assert sum(part["units"] for part in dated["parts"]) == 9
    assert all(part["sourced"] for part in dated["parts"])
    assert run("source", "K1", "--request", "k").out.startswith("Request k was answered before")
    assert run("verify").code == 0


def test_what_a_plan_leaves_short_stays_where_it_lies(run: Run, tmp_path: Path) -> None:
    """Two are to be collected where none is left: one is brought in, the other takes nobody else's."""
    opened_shop(run, tmp_path)
    order(tmp_path, 9, "W1")
    order(tmp_path, 5, "P1", handing="pickup", location="central")
    told = run("source", "P1", "--request", "p")
    assert told.code == 1
    assert "Yes: committed." in told.out
    assert "short: TEE line 1, 2" in told.out
    assert places(run, "allocated") == {"central": 5, "depot": 0}


def test_an_unknown_zone_is_a_bad_argument(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path, rich=True)
    order(tmp_path, 1)
    assert run("source", "W1", "--dry-run", "--zone", "NT").code == 0
    told = run("source", "W1", "--dry-run", "--zone", "nowhere")
    assert (told.code, told.err) == (2, "omo: 'nowhere' is none of the zones of the shop's locations: HK, NT.\n")
