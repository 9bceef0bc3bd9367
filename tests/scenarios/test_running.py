"""Scenarios are played as told, and whatever comes out differently is told with its place and its reason."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from omo_adapters.scenarios import run_files, run_scenario
from omo_adapters.scenarios.reading import STEPS
from omo_adapters.scenarios.replaying import reordered
from omo_adapters.scenarios.running import STORES, Store
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import EventId, LocationId, Sku
from omo_core.instants import EPOCH
from omo_core.stock import Positions, StockMoved

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples" / "scenarios").glob("*.scenario.*"))
SALE: dict[str, Any] = {"at": "2026-01-05 10:00", "sale": "1001", "by": "card:4711", "amount": "398.00"}
POINTS = {"earnings": [{"per": "10.00"}], "redemptions": [{"points": 10, "amount": "1.00"}]}


def story(*steps: dict[str, Any], **head: Any) -> dict[str, Any]:
    return {"title": "a story", "programme": POINTS, "step": list(steps), **head}


def expecting(**fields: Any) -> dict[str, Any]:
    return {"expect": {"members": {"card:4711": fields}}}


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_every_shipped_story_comes_out_as_told(example: Path, store: Store) -> None:
    outcome = run_scenario(example, store=store)
    assert outcome.ok, outcome.render()
    assert outcome.checks > 0


def test_there_are_stories_to_learn_from() -> None:
    assert len(EXAMPLES) >= 12
    assert {path.suffix for path in EXAMPLES} == {".toml", ".json"}


@pytest.mark.parametrize("store", STORES)
def test_a_wrong_number_is_told_with_what_explains_the_right_one(store: Store) -> None:
    outcome = run_scenario(story(SALE, expecting(spendable=40)), store=store)
    assert not outcome.ok
    assert outcome.render() == (
        "FAILED a story\n"
        "  step 2, 2026-01-05 10:00: members.card:4711.spendable\n"
        "      expected 40\n"
        "      but it is 39\n"
        "        2026-01-05 10:00  earned +39 = 39  (sale/1001; 1: earnings[0])"
    )
    assert '"expected": "40", "actual": "39"' in outcome.to_json()


WRONG: list[dict[str, Any]] = [
    expecting(balance=1),
    expecting(pending=1),
    expecting(debt=1),
    expecting(earned=1),
    expecting(lots={"1001": 38}),
    expecting(lots={"1001": {"usable_through": "2027-01-30"}}),
    expecting(lots={"1001": {"never_expires": True}}),
    expecting(lots={"1002": 1}),
    expecting(expiring={"2027-02-01": 38}),
    expecting(statement=[]),
    expecting(statement=[{"what": "granted"}]),
    expecting(entries={"earned": 2}),
    expecting(tier="Silver"),
    expecting(tier_until="2027-01-05"),
    expecting(missing="1.00"),
    expecting(member="crm:1"),
    expecting(records=["card:4711", "crm:1"]),
    expecting(tags=["vip"]),
    expecting(consents={"sms": True}),
    {"expect": {"members": {"crm:404": {"member": "crm:404"}}}},
    {"expect": {"stock": {"TEE": {"K11": {"on_hand": 1}}}}},
    {"expect": {"stock": {"TEE": {"pool": {"free": 1}}}}},
    {"expect": {"orders": {"1001": {"state": "placed"}}}},
    {"expect": {"orders": {"1001": {"total": "397.99"}}}},
    {"expect": {"orders": {"1001": {"refunded": "0.01"}}}},
    {"expect": {"orders": {"1001": {"lines": {"1": {"units": 2}}}}}},
    {"expect": {"orders": {"1001": {"lines": {"9": {"units": 1}}}}}},
    {"expect": {"persons": [["card:4711", "crm:1"]]}},
    {"redeem": 10, "by": "card:4711", "answer": "not_enough_points"},
    {"redeem": 10, "by": "card:4711", "answer": {"worth": "1.01"}},
    {"redeem": 500, "by": "card:4711"},
    {"redeem": 500, "by": "card:4711", "answer": {"refused": "not_enough_points", "spendable": 40}},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_whatever_is_expected_wrongly_is_noticed(wrong: dict[str, Any]) -> None:
    outcome = run_scenario(story(SALE, wrong))
    assert [difference.step for difference in outcome.differences] == [2]
    assert not run_scenario(story(SALE, wrong), store="sqlite").ok


def test_a_refusal_is_told_with_its_numbers() -> None:
    outcome = run_scenario(story(SALE, {"redeem": 500, "by": "card:4711"}))
    assert outcome.differences[0].expected == "accepted"
    assert outcome.differences[0].actual.startswith(
        "refused: not_enough_points (asked 500, spendable 39, pending 0, debt 0"
    )


def test_what_was_known_then_is_not_what_is_known_now() -> None:
    late = {**SALE, "heard": "2026-01-07 09:00"}
    then = {"at": "2026-01-08", "known": "2026-01-06", **expecting(spendable=0)}
    now = {"at": "2026-01-08", **expecting(spendable=39)}
    assert run_scenario(story(late, then, now)).ok


# What can't be read.


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ({"at": "2026-01-05", "sael": "1"}, "step 2: has no verb; did you mean 'sale'?"),
        ({"at": "2026-01-05", "by": "x"}, "step 2: has no verb; known are"),
        ({"sale": "1", "refund": "1"}, "step 2: says sale and refund; say one"),
        ({"sale": "1", "amount": "1", "expect": {}}, "step 2: says sale and expect"),
        ({"sale": "1"}, r"step 2 \(sale\): says neither an amount nor lines"),
        ({"sale": "1", "amount": 398}, r"step 2 \(sale\)\.amount: 398 could be dollars or cents"),
        ({"sale": "1", "amount": "1", "bye": "x"}, r"step 2 \(sale\)\.bye: is not a field here; did you mean 'by'"),
        ({"sale": "1", "amount": "1.005"}, r"step 2 \(sale\)\.amount: '1.005' has more decimals than HKD"),
        ({"sale": "1", "amount": "2", "lines": [{"sku": "A", "amount": "1"}]}, r"\.amount: is 200 in minor units"),
        (
            {"sale": "1", "lines": [{"sku": "A", "amount": "1", "units": 1.5}]},
            r"\[0\]\.units: 1.5 is not a whole",
        ),
        ({"at": "2026-02-30", "sale": "1", "amount": "1"}, r"\.at: '2026-02-30' is not in the calendar"),
        ({"at": "noon", "sale": "1", "amount": "1"}, r"\.at: 'noon' is not a day or time"),
        ({"sale": "1", "amount": "1", "by": "phone:12"}, r"step 2 \(sale\)\.phone: is not a number that can be called"),
        ({"refund": "1001", "all": True, "amount": "1"}, "says how much in more than one way"),
        ({"refund": "1002", "all": True}, "no sale '1002' in this scenario"),
        ({"refund": "1001", "lines": [{"line": "9"}]}, r"\.lines\[0\]\.line: the sale has no line '9'"),
        ({"cancelled": "1002"}, r"step 2 \(cancelled\)\.cancelled: no sale '1002'"),
        ({"again": "nothing"}, "no step above that tells what happened is called 'nothing'"),
        ({"redeem": 1, "by": "x", "answer": "not_enugh_points"}, "did you mean 'not_enough_points'"),
        ({"redeem": 1, "by": "x", "answer": {"refused": "not_a_step", "spendable": 1}}, "not_a_step does not say"),
        ({"redeem": 1, "by": "x", "answer": {"spendable": 1}}, "is not told of what is accepted"),
        ({"redeem": 0, "by": "x"}, r"step 2 \(redeem\)\.points: 0 is not within 1"),
        ({"hold": "h", "units": {"A": 1}, "until": "2026-01-01"}, r"step 2 \(hold\)\.until: is not after"),
        ({"expect": {"members": {"x": {"spendible": 1}}}}, "did you mean 'spendable'"),
        ({"expect": {"stock": {"A": {"K11": {"free": "3"}}}}}, r"\.free: '3' is not a whole number"),
    ],
)
def test_a_mistake_is_told_with_step_and_field(step: dict[str, Any], says: str) -> None:
    with pytest.raises(Malformed, match=says):
        run_scenario(story(SALE, step))


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ({"titel": "x"}, "^titel: is not a field here; did you mean 'title'"),
        ({"zone": "Mars"}, "unknown time zone 'Mars'"),
        ({"currency": "XXX"}, "^currency: unknown currency"),
        ({"programme": {"earnings": [{"per": "0"}]}}, r"^programme\.earnings\[0\]\.per: 0.00 is not above zero"),
        ({"programme": "points.toml"}, "^programme: a scenario that is not a file can't name one"),
        ({"identity": {"keys": [{"kind": "phone", "proofs": ["guess"]}]}}, r"keys\[0\]\.proofs\[0\]: 'guess' is none"),
        ({"step": []}, None),
    ],
)
def test_a_mistake_above_the_steps_is_told_with_its_field(head: dict[str, Any], says: str | None) -> None:
    if says is None:
        assert run_scenario(story(SALE, **head)).ok
        return
    with pytest.raises(Malformed, match=says):
        run_scenario(story(SALE, **head))


def test_the_first_step_must_say_when() -> None:
    with pytest.raises(Malformed, match=r"^step 1 \(sale\)\.at: is missing"):
        run_scenario(story({"sale": "1", "amount": "1"}))


def test_files_that_can_not_be_read_are_outcomes_with_their_problem(tmp_path: Path) -> None:
    (tmp_path / "one.scenario.toml").write_text('title = "x"\nstep = [{ at = "2026-01-01", sale = "1" }]', "utf-8")
    (tmp_path / "two.scenario.json").write_text('{"title": "x", "title": "y", "step": []}', "utf-8")
    (tmp_path / "three.toml").write_text("not a scenario", "utf-8")
    outcomes = run_files([tmp_path, tmp_path / "gone.scenario.toml"])
    assert [outcome.render().splitlines()[1].strip() for outcome in outcomes] == [
        "one.scenario.toml: step 1 (sale): says neither an amount nor lines",
        "two.scenario.json: is not JSON: a key stands twice in one object",
        "gone.scenario.toml: can't be read: No such file or directory",
    ]
    assert not any(outcome.ok for outcome in outcomes)


def test_every_verb_has_a_step_of_its_own() -> None:
    assert all(verb in step.model_fields for verb, step in STEPS.items())
    shared = [(verb, other) for verb in STEPS for other in STEPS if verb != other and verb in STEPS[other].model_fields]
    assert shared == []


# Told in other orders.


def test_the_same_facts_are_told_backwards_and_mixed_and_some_twice() -> None:
    events: list[Event] = [
        StockMoved(id=EventId(f"m{i}"), at=EPOCH, sku=Sku("A"), location=LocationId("L"), units=1, reason="found")
        for i in range(8)
    ]
    orders = [[event.id for event in reordered(events, seed)] for seed in range(4)]
    assert orders[0] == ["m6", "m4", "m2", "m0", "m7", "m6", "m5", "m4", "m3", "m2", "m1", "m0"]
    assert [set(order) for order in orders] == [{event.id for event in events}] * 4
    assert len({tuple(order) for order in orders}) == 4
    assert reordered(events, 3) == reordered(events, 3)


def test_a_story_that_depends_on_the_order_of_telling_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    late = {"at": "2026-01-06", "counted": "TEE", "location": "K11", "units": 3}
    early = {"at": "2026-01-05 12:00", "moved": "TEE", "location": "K11", "units": 5}
    told = story(SALE, late, early, {"at": "2026-01-07", "expect": {}}, shuffle=True)
    assert run_scenario(told).ok

    def as_they_come(sku: Sku, events: Iterable[Event], **_: object) -> Positions:
        folded = Positions(sku)
        for event in events:
            folded.feed(event)
        return folded

    monkeypatch.setattr("omo_adapters.goods.positions", as_they_come)
    outcome = run_scenario(told)
    assert any("stock TEE" in difference.where for difference in outcome.differences), outcome.render()
