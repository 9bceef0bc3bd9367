"""``omo units``: units held, allocated, picked, shipped, given up and brought back; who is served when."""

from pathlib import Path

import pytest

from tests.cli.conftest import SHOP, Run
from tests.cli.test_stock_commands import DAY, opened_shop, order, places

NOON = "2026-01-05T14:30"
LATER = "2026-01-05T15:00"


def free(run: Run, at: str) -> int:
    return run("stock", "TEE", "--as-of", at, "--json").document["pool_free"]


def asked(run: Run, *said: object, at: str = NOON) -> tuple[int, str]:
    ran = run("units", *said, "--at", at)
    return ran.code, ran.out.splitlines()[0] if ran.out else ran.err


def test_a_basket_is_held_changed_renewed_and_let_go(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path, rich=True)
    run("count", "CAP", "depot", 4, "--at", DAY)
    assert asked(run, "hold", "B1", "TEE=5", "CAP=1", "--minutes", 60) == (0, "Yes: held as B1.")
    assert asked(run, "hold", "B2", "TEE=8") == (1, "No: 8 of TEE were asked for, 7 are free in all places together.")
    assert asked(run, "hold", "B1", "TEE=6")[1] == "No: A hold is called B1 already."
    assert asked(run, "hold", "B1", "TEE=6", "--instead") == (0, "Yes: held as B1.")
    assert asked(run, "renew", "B1", "CAP", "--until", "2026-01-05T18:00") == (0, "Yes: B1 goes on.")
    assert [free(run, at) for at in ("2026-01-05T14:40", LATER)] == [6, 12]  # the tees were held for 15 minutes
    assert asked(run, "hold", "B3", "SET=2", "--location", "depot") == (0, "Yes: held as B3.")
    assert asked(run, "release", "B3", "SET") == (0, "Yes: B3 let them go.")
    assert asked(run, "release", "B3", "SET") == (1, "No: There is no hold B3, or it has ended.")
    assert asked(run, "release", "B4", "TEE")[0] == 1


def test_what_is_yet_to_come_is_held_as_far_as_the_shop_allows(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    (tmp_path / "more.toml").write_text(SHOP + '[stock]\nbackorders = [{ channel = "web", depth = 2 }]\n', "utf-8")
    assert run("config", "set-file", "more.toml").code == 0
    ahead = ("--channel", "web", "--ahead")
    assert asked(run, "hold", "B1", "TEE=15", *ahead)[0] == 1
    assert asked(run, "hold", "B1", "TEE=14", *ahead) == (0, "Yes: held as B1.")
    (turn,) = run("units", "queue", "TEE", "--as-of", NOON, "--json").document["turns"]
    assert (turn["name"], turn["asked"], turn["now"], turn["uncovered"]) == ("hold/B1", 14, 12, 2)


def test_an_order_is_allocated_picked_found_short_and_shipped(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    order(tmp_path, 3)
    line = ("W1", "1", "TEE")
    assert asked(run, "allocate", *line, "central") == (0, "Yes: W1 line 1 lies at central.")
    assert asked(run, "allocate", *line)[1] == "Yes: W1 line 1 lies in the pool."
    assert asked(run, "pick", "W1", "central", "TEE")[1] == "No: Nothing of order W1 was to come from central."
    assert asked(run, "allocate", *line, "central") == (0, "Yes: W1 line 1 lies at central.")
    assert asked(run, "pick", "W1", "central", "TEE", "--by", "ann") == (0, "Yes: central picks W1.")
    assert asked(run, "allocate", *line, "depot")[1] == "No: central is picking order W1 already."
    short = ("short", *line, "central", 1, "--effect", "missing", "--request", "s")
    assert asked(run, *short, at=LATER)[1] == "Recorded: central is short of 1 of TEE for W1."
    assert asked(run, *short, at=LATER)[1] == "Recorded: central is short of 1 of TEE for W1 (known already)."
    assert places(run, "on_hand") == {"central": 2, "depot": 9}
    assert asked(run, "allocate", *line, "central", at=LATER)[0] == 1
    assert asked(run, "allocate", *line, "depot", at=LATER)[0] == 0
    assert asked(run, "ship", *line, "central", 2, at=LATER)[1] == "Recorded: 2 of TEE shipped from central for W1."
    assert asked(run, "ship", *line, "depot", 2, at="2026-01-05T16:00")[0] == 0
    assert (places(run, "on_hand"), places(run, "allocated")) == (
        {"central": 0, "depot": 8},
        {"central": 0, "depot": 0},
    )
    card = run("stock", "TEE", "--why", "--json").document
    assert [(one["what"], one["units"]) for one in card["misfits"]] == [("not_awaited", 1)]
    assert "not_awaited" in run("stock", "TEE", "--why").out
    assert run("verify").code == 0


def test_units_that_nobody_waits_for_are_free_and_goods_come_back_anywhere(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    order(tmp_path, 5)
    assert asked(run, "cancel", "W1", "1", "TEE", 2)[1] == "Recorded: W1 waits for 2 of TEE less."
    assert free(run, NOON) == 9
    asked(run, "ship", "W1", "1", "TEE", "depot", 3)
    back = asked(run, "return", "W1", "1", "TEE", "central", 1, at=LATER)
    assert back == (0, "Recorded: 1 of TEE back at central from W1.")
    assert places(run, "on_hand") == {"central": 4, "depot": 6}


def test_who_waits_is_shown_in_turn(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    order(tmp_path, 2)
    asked(run, "allocate", "W1", "1", "TEE", "central")
    asked(run, "hold", "B1", "TEE=3", "--until", "2026-01-07")
    turns = run("units", "queue", "TEE", "--as-of", LATER, "--json").document["turns"]
    told = [(one["name"], one["location"], one["asked"], one["now"]) for one in turns]
    assert told == [("hold/B1", None, 3, 3), ("W1/1", "central", 2, 2)]
    near = ("units", "queue", "TEE", "--as-of", LATER, "--horizon", DAY, "--json")
    assert [one["now"] for one in run(*near).document["turns"]] == [0, 2]
    assert "hold/B1" in run("units", "queue", "TEE", "--as-of", LATER).out
    assert run("units", "queue", "TEE", "--as-of", "2026-01-05T13:00").out == "Nobody waits for it.\n"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("hold", "B", "TEE"), "does not say what and how many"),
        (("hold", "B", "TEE=-1"), "does not say what and how many"),
        (("hold", "B", "TEE=1.5"), "does not say what and how many"),
        (("hold", "B", "TEE=0"), "lines[0].units"),
        (("hold", "B", "TEE=99999999999999999999999"), "lines[0].units"),
        (("hold", "B", "TIE=1"), "nothing was ever heard of article 'TIE'"),
        (("hold", "B", "TEE=1", "--location", "moon"), "none of the shop's locations"),
        (("hold", "B", "TEE=1", "--until", "soon"), "--until"),
        (("hold", "B", "TEE=1", "--until", "2020-01-01"), "until"),
        (("hold", "B", "TEE=1", "--ahead", "--location", "depot"), "ahead"),
        (("ship", "W9", "1", "TEE", "depot", 1), "nothing was ever heard of order 'W9'"),
        (("ship", "W1", "2", "TEE", "depot", 1), "has no line '2' of 'TEE'; its lines are 1 (TEE)"),
        (("ship", "W1", "1", "CAP", "depot", 1), "has no line '1' of 'CAP'"),
        (("ship", "W1", "1", "TEE", "depot", 0), "units"),
        (("ship", "W1", "1", "TEE", "depot", -2), "units"),
        (("ship", "W1", "1", "TEE", "depot", 1, "--how", "thrown"), "--how"),
        (("short", "W1", "1", "TEE", "depot", 1, "--effect", "odd"), "--effect"),
        (("cancel", "W1", "1", "TEE", -1), "units"),
        (("return", "W1", "1", "TEE", "moon", 1), "none of the shop's locations"),
    ],
)
def test_what_can_not_be_meant_is_said_and_changes_nothing(
    run: Run, tmp_path: Path, said: tuple[object, ...], why: str
) -> None:
    opened_shop(run, tmp_path)
    order(tmp_path, 1)
    before = run("stock", "TEE", "--json", "--as-of", NOON).out
    ran = run("units", *said, "--at", NOON)
    assert ran.code == 2, ran
    assert why in ran.err
    assert run("stock", "TEE", "--json", "--as-of", NOON).out == before


def test_what_was_to_leave_until_it_was_withdrawn_is_shown_so(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    transfer = ("transfer-stock", "TEE", "depot", "central", 6, "--name", "T1")
    assert run(*transfer, "--at", NOON).code == 0
    assert run(*transfer, "--withdraw", "--at", LATER).code == 0
    leaving = [
        run("stock", "TEE", "--as-of", at, "--json").document["places"][1]["leaving"]
        for at in ("2026-01-05T14:45", LATER)
    ]
    assert leaving == [6, 0]


def test_lots_and_serial_numbers_travel_by_command(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    lot = ("--lot", "L1", "--expires", "2026-02-01", "--serial", "A1", "--at", "2026-01-05T13:00")
    run("receive", "TEE", "depot", 2, *lot)
    step = (
        "transfer-stock",
        "TEE",
        "depot",
        "central",
        2,
        "--name",
        "T1",
        "--unordered",
        "--lot",
        "L1",
        "--serial",
        "A1",
    )
    assert run(*step, "--sent", "--at", NOON).code == 0
    assert run(*step, "--received", "--at", LATER).code == 0
    (central, _) = run("stock", "TEE", "--json").document["places"]
    assert [(one["lot"], one["units"]) for one in central["lots"]] == [("L1", 2)]
    assert run("transfer-stock", "TEE", "depot", "central", 2, "--lot", "L1").code == 2


def test_a_count_of_a_day_to_come_is_said_to_be_one(run: Run, tmp_path: Path) -> None:
    opened_shop(run, tmp_path)
    told = run("count", "TEE", "central", 0, "--at", "2099-01-01T09:00")
    assert told.out == "Recorded: TEE at central: counted 0, from 2099-01-01 09:00 on.\n"
    assert places(run, "on_hand") == {"central": 3, "depot": 9}
    assert run("units", "hold", "B1", "TEE=3", "--location", "central").code == 0
