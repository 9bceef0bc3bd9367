"""Outside counts and Shopify's levels against what omo has: every difference is named, none is invented."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import SHOP, Run

FIXTURE = Path(__file__).resolve().parents[1] / "fixtures" / "shopify" / "inventory_levels" / "update.json"
ITEM = "shopify:inventory_item:271878346596884015"


@pytest.fixture
def shop(run: Run, tmp_path: Path) -> Path:
    """A shop with three articles in two places, and a sale and a hold since."""
    settings = SHOP.replace(
        "[programme]", f'[items]\n"{ITEM}" = "TEE"\n"till:1" = "CAP"\n"till:2" = "MUG"\n\n[programme]'
    )
    (tmp_path / "shop.toml").write_text(settings.replace('shopify = "11"', 'shopify = "24826418"'), "utf-8")
    assert run("init", "--config", "shop.toml").code == 0
    for sku, place, units in (("TEE", "central", 9), ("TEE", "depot", 4), ("CAP", "central", 5), ("MUG", "depot", 2)):
        assert run("count", sku, place, units, "--at", "2021-12-01T10:00").code == 0
    assert run("receive", "TEE", "central", 2, "--at", "2021-12-02T10:00", "--request", "d1").code == 0
    return tmp_path


def sheet(folder: Path, *rows: str) -> str:
    (folder / "counts.csv").write_text("\n".join(("sku,location,units,counted_at", *rows)) + "\n", "utf-8")
    return "counts.csv"


def test_a_count_sheet_is_compared_as_of_its_instant(run: Run, shop: Path) -> None:
    file = sheet(shop, "TEE,central,9,2021-12-02T09:00", "CAP,central,5,2021-12-02T09:00")
    told = run("reconcile", file)
    assert (told.code, told.out) == (0, "2 levels stated, 2 agree.\n")
    assert run("reconcile", sheet(shop, "TEE,central,9,2021-12-03T09:00", "CAP,central,5,2021-12-03T09:00")).code == 1


def test_every_difference_is_named_with_what_accounts_for_it(run: Run, shop: Path) -> None:
    run("set-aside", "CAP", "central", 2, "--at", "2021-12-02T12:00")
    file = sheet(
        shop,
        "TEE,central,9,2021-12-03T09:00",
        "CAP,central,7,2021-12-03T09:00",
        "MUG,central,1,2021-12-03T09:00",
    )
    told = run("reconcile", file, "--json")
    found = [
        (one["sku"], one["location"], one["ours"], one["theirs"], one["why"], one["because_of"])
        for one in (drift["difference"] for drift in told.document["differences"])
    ]
    assert (told.code, told.document["stated"], told.document["agree"]) == (1, 3, 0)
    assert found == [
        ("TEE", "central", 11, 9, "not_heard_there", ["move/d1"]),
        ("CAP", "central", 5, 7, "unexplained", []),
        ("MUG", "central", 0, 1, "unknown_here", []),
    ]
    shown = run("reconcile", file).out
    assert "they have not heard of omo's last movements" in shown
    assert "move/d1" in shown


def test_what_a_sheet_leaves_out_is_missing_only_where_it_lists_everything(run: Run, shop: Path) -> None:
    file = sheet(shop, "TEE,central,11,2021-12-03T09:00", "MUG,depot,2,2021-12-03T09:00")
    told = run("reconcile", file, "--json").document["differences"]
    assert [(one["difference"]["sku"], one["difference"]["location"]) for one in told] == [("TEE", "depot")]
    told = run("reconcile", file, "--whole", "--json").document["differences"]
    assert [(one["difference"]["sku"], one["difference"]["location"], one["difference"]["ours"]) for one in told] == [
        ("TEE", "depot", 4),
        ("CAP", "central", 5),
    ]


def test_a_level_that_was_taken_in_before_still_says_how_far_it_was_off(run: Run, shop: Path) -> None:
    file = sheet(shop, "TEE,central,8,2021-12-03T09:00")
    assert run("import", file).code == 0
    told = run("reconcile", file, "--json").document["differences"]
    assert [(one["difference"]["ours"], one["difference"]["theirs"]) for one in told] == [(11, 8)]


def test_recording_takes_their_word(run: Run, shop: Path) -> None:
    file = sheet(shop, "TEE,central,8,2021-12-03T09:00")
    assert run("reconcile", file, "--record").out.endswith("Recorded 1 counts.\n")
    places = {one["location"]: one["on_hand"] for one in run("stock", "TEE", "--json").document["places"]}
    assert places == {"central": 8, "depot": 4}
    assert run("import", file, "--json").document["events"]["stock_counted"]["known"] == 1


def test_what_can_not_be_read_or_contradicts_itself_is_listed(run: Run, shop: Path) -> None:
    file = sheet(
        shop,
        "TEE,central,11,2021-12-03T09:00",
        "TEE,central,12,2021-12-03T09:00",
        "TEE,central,many,2021-12-03T09:00",
    )
    told = run("reconcile", file)
    assert told.code == 3
    assert "said otherwise elsewhere: TEE at central, 12" in told.out
    assert "not read: counts.csv: row 4" in told.out
    (shop / "odd.txt").write_text("hello", "utf-8")
    assert run("reconcile", "odd.txt").code == 3
    assert run("reconcile", "nowhere.csv").code == 3


# Shopify.


def test_shopifys_level_as_a_webhook_delivers_it(run: Run, shop: Path) -> None:
    folder = shop / "inventory_levels"
    folder.mkdir()
    (folder / "update.json").write_bytes(FIXTURE.read_bytes())  # 10 available on 1 January 2022
    told = run("reconcile", "inventory_levels/update.json", "--json").document
    assert [
        (one["difference"]["sku"], one["difference"]["basis"], one["difference"]["ours"], one["difference"]["theirs"])
        for one in told["differences"]
        if one["difference"]["location"] == "central"
    ] == [("TEE", "available", 11, 10)]


def answer(shop: Path, *levels: tuple[str, int], more: bool = False) -> str:
    """What Shopify's GraphQL API answers to a query for levels."""
    nodes = [
        {
            "id": f"gid://shopify/InventoryLevel/{place}?inventory_item_id=271878346596884015",
            "updatedAt": "2022-01-01T00:00:00Z",
            "location": {"id": f"gid://shopify/Location/{place}"},
            "quantities": [{"name": "available", "quantity": units}, {"name": "on_hand", "quantity": 99}],
        }
        for place, units in levels
    ]
    item = {
        "id": "gid://shopify/InventoryItem/271878346596884015",
        "sku": "TEE",
        "tracked": True,
        "inventoryLevels": {"nodes": nodes},
    }
    page = {"nodes": [item], "pageInfo": {"hasNextPage": more}}
    (shop / "answer.json").write_text(json.dumps({"data": {"inventoryItems": page}}), "utf-8")
    return "answer.json"


def test_shopifys_levels_as_its_api_answers(run: Run, shop: Path) -> None:
    told = run("reconcile", answer(shop, ("24826418", 11), ("12", 3)), "--json")
    assert [(one["difference"]["location"], one["difference"]["theirs"]) for one in told.document["differences"]] == [
        ("depot", 3)
    ]
    assert run("reconcile", answer(shop, ("24826418", 11), ("12", 4), more=True)).code == 0
    assert run("import", "answer.json", "--json").document["ignored"]
    (shop / "answer.json").write_text('{"errors": [{"message": "throttled"}]}', "utf-8")
    told = run("reconcile", "answer.json")
    assert (told.code, "the query was not answered in full" in told.out) == (3, True)
