"""One small day through the command: in, asked, spent, verified, reported."""

from pathlib import Path

from tests.cli.conftest import Run, lines, receipt


def test_a_purchase_earns_points_that_can_be_spent_once(run: Run, shop: Path) -> None:
    (shop / "day.jsonl").write_text(lines(receipt(1), receipt(2)), "utf-8")

    told = run("import", "day.jsonl", "--json")
    assert (told.code, told.document["events"]["sale"]["new"]) == (0, 2)

    card = run("member", "--card", "4711", "--json", "--as-of", "2026-03-03").document["members"][0]
    assert (card["account"]["spendable"], card["orders_all"]) == (200, 2)

    spent = run("redeem", "4711", 150, "--request", "r1", "--at", "2026-03-04T10:00", "--json")
    assert (spent.code, spent.document["accepted"], spent.document["spendable"]) == (0, True, 50)

    again = run("redeem", "4711", 150, "--request", "r1", "--at", "2026-03-04T10:05", "--json")
    assert (again.code, again.document["spendable"]) == (0, 50)

    refused = run("redeem", "4711", 150, "--request", "r2", "--at", "2026-03-04T11:00", "--json")
    assert (refused.code, refused.document["refused"]["kind"]) == (1, "not_enough_points")
    assert (refused.document["refused"]["asked"], refused.document["refused"]["spendable"]) == (150, 50)

    assert run("verify").code == 0


def test_a_request_that_was_not_named_is_named_in_the_answer(run: Run, shop: Path) -> None:
    (shop / "day.jsonl").write_text(lines(receipt(1)), "utf-8")
    run("import", "day.jsonl")
    told = run("redeem", "4711", 1000)
    assert told.code == 1
    assert "No: 1000 points were asked for, " in told.out
    assert "Request cli-" in told.out


def test_points_are_taken_by_hand_with_a_reason_and_a_name(run: Run, shop: Path) -> None:
    (shop / "day.jsonl").write_text(lines(receipt(1)), "utf-8")
    run("import", "day.jsonl")
    told = run("adjust", "4711", -30, "--reason", "typing mistake", "--by", "Mei", "--at", "2026-03-05T09:00")
    assert (told.code, told.out.splitlines()[0]) == (0, "Yes: -30 points; 70 points left to spend.")
    assert run("adjust", "4711", -30, "--reason", "no name").code == 2
    assert "typing mistake" in run("member", "4711", "--why").out


def test_why_tells_every_movement_and_without_it_the_last_ten(run: Run, shop: Path) -> None:
    (shop / "day.jsonl").write_text(lines(*(receipt(number) for number in range(12))), "utf-8")
    run("import", "day.jsonl")
    short = run("member", "4711", "--json").document["members"][0]
    whole = run("member", "4711", "--json", "--why").document["members"][0]
    assert (len(short["statement"]), short["statement_lines"], len(whole["statement"])) == (10, 12, 12)


def test_stock_is_counted_sold_and_explained(run: Run, shop: Path) -> None:
    (shop / "day.jsonl").write_text(lines(receipt(1)), "utf-8")
    run("count", "TEE", "central", 5, "--at", "2026-03-01T09:00")
    run("receive", "TEE", "depot", 7, "--at", "2026-03-01T10:00", "--request", "note-1")
    run("receive", "TEE", "depot", 7, "--at", "2026-03-01T10:00", "--request", "note-1")
    run("import", "day.jsonl")

    card = run("stock", "TEE", "--why", "--json").document
    assert {place["location"]: place["on_hand"] for place in card["places"]} == {"central": 4, "depot": 7}
    assert card["pool_free"] == 11
    assert [line["units"] for line in card["ledger"] if line["location"] == "central"] == [5, -1]
    before = run("stock", "TEE", "--as-of", "2026-03-01", "--json").document
    assert {place["location"]: place["on_hand"] for place in before["places"]} == {"central": 5, "depot": 7}


def test_an_order_is_found_with_its_lines(run: Run, shop: Path) -> None:
    (shop / "day.jsonl").write_text(lines(receipt(1)), "utf-8")
    run("import", "day.jsonl")
    told = run("order", "till:S1/2/2026-03-02/-/1", "--json")
    assert (told.code, told.document["order"]["state"]) == (0, "handed_over")
    assert "HKD 100.00" in run("order", "till:S1/2/2026-03-02/-/1").out
    assert run("order", "till:S1/2/2026-03-02/-/2").code == 1


def test_personal_data_is_masked_unless_it_is_asked_for(run: Run, shop: Path) -> None:
    table = "member_id,name,phone,updated_at\n88,Chan Tai Man,91234567,2026-03-01T10:00\n"
    (shop / "members.csv").write_text(table, "utf-8")
    run("import", "members.csv")
    masked, shown = run("member", "9123 4567").out, run("member", "91234567", "--reveal").out
    assert "+852…67" in masked
    assert "91234567" not in masked
    assert "Chan" not in masked
    assert "+85291234567" in shown
    assert "Chan Tai Man" in shown


def test_the_report_is_one_page_that_fetches_nothing(run: Run, shop: Path) -> None:
    evil = receipt(1, lines=[{"line": "1", "sku": "=cmd|'<script>'", "quantity": "1", "amount": "100.00"}])
    (shop / "day.jsonl").write_text(lines(evil) + "{broken <script>\n", "utf-8")
    run("import", "day.jsonl")
    told = run("report", "page.html", "--csv", "tables", "--json")
    page = (shop / "page.html").read_text("utf-8")
    assert told.code == 0
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert "HKD 100.00" in page
    assert "'=cmd|" in (shop / "tables" / "stock.csv").read_text("utf-8-sig")


def test_an_empty_shop_has_a_report_and_is_verified(run: Run, shop: Path) -> None:
    assert run("report").code == 0
    assert run("verify").code == 0


def test_a_scenario_is_played_and_its_failure_is_an_exit_code(run: Run, shop: Path) -> None:
    assert run("scenario", shop).code == 3
    (shop / "bad.scenario.toml").write_text("nonsense = 1\n", "utf-8")
    told = run("scenario", "bad.scenario.toml", "--json")
    assert (told.code, told.document["good"]) == (3, False)
