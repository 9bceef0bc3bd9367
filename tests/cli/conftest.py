"""The command in this process, on a database of its own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from omo_adapters.cli.main import main

SHOP = """
name = "Harbour Tea"
currency = "HKD"
zone = "Asia/Hong_Kong"
region = "HK"
online_location = "depot"

[[locations]]
id = "central"
name = "Central"
aliases = { shopify = "11", till = ["S1", "01"] }

[[locations]]
id = "depot"
kind = "warehouse"
aliases = { shopify = "12" }

[programme]
earnings = [{ per = "1.00" }]
redemptions = [{ points = 1, amount = "0.10" }]
"""


class Ran(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The JSON that it gave."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run ``omo`` in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OMO_DB", raising=False)
    monkeypatch.delenv("OMO_DEBUG", raising=False)

    def ran(*arguments: object) -> Ran:
        code = main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return Ran(code, told.out, told.err)

    return ran


@pytest.fixture
def shop(run: Run, tmp_path: Path) -> Path:
    """A shop with two locations."""
    (tmp_path / "shop.toml").write_text(SHOP, "utf-8")
    assert run("init", "--config", "shop.toml").code == 0
    return tmp_path


def receipt(number: int, **more: object) -> dict[str, object]:
    """A receipt of 100 dollars on card 4711."""
    return {
        "schema": "omo.receipt/1",
        "location": "S1",
        "register": "2",
        "business_day": "2026-03-02",
        "number": str(number),
        "at": "2026-03-02T18:30:00",
        "currency": "HKD",
        "member": {"card": "4711"},
        "lines": [{"line": "1", "sku": "TEE", "quantity": "1", "amount": "100.00"}],
        "tenders": [{"kind": "cash", "amount": "100.00"}],
        **more,
    }


def lines(*receipts: dict[str, object]) -> str:
    """Receipts as JSON Lines."""
    return "".join(json.dumps(one) + "\n" for one in receipts)
