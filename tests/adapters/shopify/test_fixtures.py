"""Shopify's own samples go through, and the table says what became of each."""

from collections import Counter
from pathlib import Path

import pytest

from omo_adapters.shopify.fixtures import Row, fixture_table, main
from omo_adapters.shopify.topics import is_known

VENDORED = Path(__file__).resolve().parents[2] / "fixtures" / "shopify"


def test_the_vendored_samples_are_recorded() -> None:
    rows = {row.topic: (row.outcome, row.what) for row in fixture_table(VENDORED)}
    assert rows == {
        "customers/create": ("recorded", "profile_seen"),
        "fulfillments/create": ("ignored", "the fulfilment service has not sent the goods yet"),
        "inventory_items/create": ("ignored", "catalogue: names 1 articles"),
        "inventory_levels/update": ("recorded", "stock_counted"),
        "orders/create": ("recorded", "sale"),
        "refunds/create": ("recorded", "refund"),
    }


@pytest.mark.shared
def test_every_official_sample_has_an_outcome_that_says_why(shared: Path) -> None:
    rows = fixture_table(shared / "fixtures" / "shopify-webhook-docs")
    assert Counter(row.version for row in rows) == {"2025-10": 119, "2026-07": 124}
    assert [row for row in rows if not is_known(row.topic)] == []
    quarantined = {(row.version, row.topic) for row in rows if row.outcome == "quarantined"}
    # Levels of 2025-10 have no global id, so the sample's rounded number is all there is, and no catalogue knows it.
    rounded = {("2025-10", "inventory_levels/update"), ("2025-10", "inventory_levels/connect")}
    assert rounded <= quarantined
    assert {topic for _, topic in quarantined - rounded} == {
        "shop/redact",
    }
    assert {row.topic for row in rows if row.outcome == "recorded"} >= {
        "orders/create",
        "orders/cancelled",
        "refunds/create",
        "customers/create",
        "customers/delete",
        "inventory_levels/update",
    }


@pytest.mark.shared
def test_every_derived_sample_is_a_sale(shared: Path) -> None:
    rows = fixture_table(shared / "fixtures" / "shopify-derived")
    assert {(row.outcome, row.what) for row in rows} == {("recorded", "sale")}


def test_the_table_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(VENDORED)]) == 0
    printed = capsys.readouterr().out
    assert "7 samples: 5 recorded, 2 ignored, 0 quarantined" in printed
    assert main(["/nowhere"]) == 2
    assert "usage" in capsys.readouterr().err


def test_a_sample_of_an_unknown_topic_is_listed_too(tmp_path: Path) -> None:
    (tmp_path / "planets").mkdir()
    (tmp_path / "planets" / "align.json").write_text("{}")
    assert fixture_table(tmp_path) == [Row(tmp_path.name, "planets/align", "ignored", "topic is not handled")]
