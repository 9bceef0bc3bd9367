"""Law 4: what is kept in memory, what is kept in memos and what is folded anew from the journal are the same."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from omo_adapters.shop import open_shop
from omo_adapters.storage import memos
from omo_adapters.testing.strategies import ORDERS, PROFILES, SKUS, days
from omo_core.decisions import Accepted, Command, Refused
from tests.properties.law import law
from tests.properties.test_order import fresh_shop
from tests.shell.asking import NOW, RULES, at_all_times, everything


@pytest.fixture(autouse=True)
def everything_is_worth_keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memos, "WORTH_KEEPING", 1)


def answers(results):
    return [result for result in results if isinstance(result, Accepted | Refused)]


@law(day=days(max_size=10))
def test_an_extended_state_is_a_state_folded_anew(day) -> None:
    shop = fresh_shop()
    for item in day:
        shop.run((item,))
        kept = everything(shop)
        shop.forget_states()
        assert everything(shop) == kept


@law(day=days(max_size=10))
def test_memos_change_nothing_but_time(day) -> None:
    plain = fresh_shop()
    with open_shop(":memory:", RULES, now=lambda: NOW) as shop:
        for item in day:
            assert answers(shop.run((item,))) == answers(plain.run((item,)))
            kept = everything(shop)
            shop.forget_states()  # what is left are the memos
            assert everything(shop) == kept == everything(plain)
        shop._memos.drop()
        shop.forget_states()
        assert everything(shop) == everything(plain)


@law(day=days(max_size=10))
def test_a_batch_is_decided_like_single_calls(day) -> None:
    at_once, one_by_one = fresh_shop(), fresh_shop()
    assert answers(at_once.run(day)) == [
        answer for item in day for answer in answers(one_by_one.run((item,))) if isinstance(item, Command)
    ]
    assert at_all_times(at_once) == at_all_times(one_by_one)


@law(day=days(max_size=10))
def test_questions_in_between_change_no_answer(day) -> None:
    asked, unasked = fresh_shop(), fresh_shop()
    for item in day:
        at_all_times(asked)
        assert answers(asked.run((item,))) == answers(unasked.run((item,)))
    assert at_all_times(asked) == at_all_times(unasked)


STATE_HASH = """
import sys, hashlib
from hypothesis import given, settings, seed, HealthCheck
from omo_adapters.testing.strategies import days
from tests.properties.test_order import fresh_shop
from tests.shell.asking import at_all_times
total = hashlib.sha256()
@settings(max_examples=25, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(day=days())
def run(day):
    shop = fresh_shop()
    try:
        results = shop.run(day)
    except Exception as trouble:
        results = trouble
    total.update(repr((day, [r for r in results if not hasattr(r, "position")], at_all_times(shop))).encode())
run()
print(total.hexdigest())
"""


def test_hash_seed_time_zone_and_optimisation_change_nothing() -> None:
    root = Path(__file__).resolve().parents[2]
    hashes = set()
    runs = [("0", "UTC", ()), ("1", "Pacific/Kiritimati", ("-O",)), ("4711", "America/New_York", ("-O",))]
    for hash_seed, zone, flags in runs:
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": zone, "PYTHONPATH": str(root)}
        command = [sys.executable, *flags, "-c", STATE_HASH]
        hashes.add(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)
    assert len(hashes) == 1
    assert len(hashes.pop().strip()) == 64


def test_everything_in_the_small_world_is_asked() -> None:
    assert (len(PROFILES), len(SKUS), len(ORDERS)) == (3, 2, 3)
