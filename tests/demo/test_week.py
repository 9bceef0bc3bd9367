"""The bundled week is what its maker makes, and has in it what the demo tells about."""

import hmac
import json
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest

from omo_adapters.demo.brand import SECRET
from omo_adapters.demo.making import main, make_week

WEEK = Path(str(files("omo_adapters.demo") / "week"))
BY_HAND = {"SOURCES.md", "shop.toml", "programme.toml", ".gitattributes"}
EXACT_IN_JAVASCRIPT = 2**53


@pytest.fixture(scope="module")
def week() -> dict[str, bytes]:
    return make_week()


def bundled() -> dict[str, bytes]:
    paths = (path for path in WEEK.rglob("*") if path.is_file())
    return {path.relative_to(WEEK).as_posix(): path.read_bytes() for path in paths}


def deliveries(week: dict[str, bytes]) -> Iterator[tuple[dict[str, str], bytes]]:
    for name, raw in sorted(week.items()):
        if name.endswith(".http"):
            head, _, body = raw.partition(b"\n\n")
            yield dict(line.split(": ", 1) for line in head.decode().splitlines()), body


def signed(headers: dict[str, str], body: bytes) -> bool:
    return headers["X-Shopify-Hmac-Sha256"] == b64encode(hmac.digest(SECRET, body, sha256)).decode()


def test_the_bundled_files_are_those_that_are_made(week: dict[str, bytes]) -> None:
    kept = {name: raw for name, raw in bundled().items() if name not in BY_HAND}
    assert kept.keys() == week.keys()
    assert [name for name, raw in week.items() if kept[name] != raw] == []


def test_the_maker_writes_them_into_a_folder(tmp_path: Path, week: dict[str, bytes]) -> None:
    assert main([str(tmp_path)]) == 0
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()} == week.keys()
    assert main([]) == 2


def test_the_week_is_small() -> None:
    assert len(bundled()) <= 900
    assert sum(map(len, bundled().values())) < 1_500_000


def test_every_webhook_but_one_is_signed(week: dict[str, bytes]) -> None:
    assert Counter(signed(headers, body) for headers, body in deliveries(week))[False] == 1


def test_some_webhooks_come_twice_and_some_are_overtaken(week: dict[str, bytes]) -> None:
    arrived = [(headers["X-Shopify-Webhook-Id"], headers["X-Shopify-Triggered-At"]) for headers, _ in deliveries(week)]
    twice = len(arrived) - len({webhook for webhook, _ in arrived})
    overtaken = sum(
        sent < max(earlier for _, earlier in arrived[:place]) for place, (_, sent) in enumerate(arrived) if place
    )
    assert 0.05 < twice / len(arrived) < 0.12
    assert 0.15 < overtaken / len(arrived) < 0.30


def test_order_numbers_are_larger_than_javascript_counts_and_some_came_through_it(week: dict[str, bytes]) -> None:
    rounded = exact = 0
    for headers, body in deliveries(week):
        if headers["X-Shopify-Topic"] == "orders/create" and signed(headers, body):
            order = json.loads(body)
            number = int(order["admin_graphql_api_id"].rpartition("/")[2])
            assert number > EXACT_IN_JAVASCRIPT
            exact += order["id"] == number
            rounded += order["id"] != number
    assert exact > 300
    assert rounded > 10


def test_one_webhook_is_no_json(week: dict[str, bytes]) -> None:
    broken = 0
    for _, body in deliveries(week):
        try:
            json.loads(body)
        except ValueError:
            broken += 1
    assert broken == 1


def test_the_old_list_is_in_big5_and_not_in_utf8(week: dict[str, bytes]) -> None:
    raw = week["lists/members-mong-kok-big5.csv"]
    assert raw.decode("big5").startswith("會員編號,姓名")
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")


def test_the_till_that_was_offline_uploads_twice(week: dict[str, bytes]) -> None:
    first = week["2026-11-13/tsuen-wan-till-2-offline-wed-thu.jsonl"]
    days = {json.loads(line)["business_day"] for line in first.splitlines()}
    assert days == {"2026-11-11", "2026-11-12"}
    assert week["2026-11-14/tsuen-wan-till-2-offline-wed-thu-again.jsonl"] == first
