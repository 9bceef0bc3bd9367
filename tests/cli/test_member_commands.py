"""Who is who through the command: why, why not, what if, and everything that staff may say about it."""

import json
from pathlib import Path

import pytest

from omo_adapters.cli.exits import Exit
from omo_adapters.cli.member_asking import said
from omo_adapters.cli.members_group import members_app
from omo_adapters.member_wiring import MEMBER_COMMANDS
from omo_adapters.testing.samples import sale
from tests.cli.conftest import Ran, Run, lines, receipt

MEMBERS = """\
member_id,name,phone,email,card,updated_at
1,Chan Tai Man,9123 4567,chan@example.com,,2026-01-01
2,陳大文,9123 4567,,4711,2026-01-02
3,Wong Siu Ming,9222 3333,wong@example.com,,2026-01-03
4,Wong Siu Ming,,wong@example.com,4712,2026-01-04
"""
NOW = "2026-06-01T12:00"


@pytest.fixture
def shop(shop: Path, run: Run) -> Path:
    """Four records of two people; card 4711 has bought, and so has card 4712."""
    (shop / "crm.csv").write_text(MEMBERS, "utf-8")
    (shop / "day.jsonl").write_text(lines(receipt(1), receipt(2, member={"card": "4712"})), "utf-8")
    assert run("import", "crm.csv").code == 0
    assert run("import", "day.jsonl").code == 0
    return shop


def member(run: Run, record: str) -> list[str]:
    (found,) = run("member", "--id", record, "--json").document["members"]
    return sorted(each for each in found["member"]["profiles"] if each.startswith("crm:"))


def test_a_phone_shown_at_a_till_is_with_whoever_bears_it(run: Run, shop: Path) -> None:
    (shop / "till.jsonl").write_text(lines(receipt(3, member={"phone": "9222 3333"})), "utf-8")
    assert run("import", "till.jsonl").code == 0
    (found,) = run("member", "9222 3333", "--json").document["members"]
    assert (found["member"]["id"], found["account"]["spendable"]) == ("crm:3", 200)


def test_a_record_shows_each_identifier_that_it_bears_by_now(run: Run, shop: Path) -> None:
    values = [("phone", "9333 4444", ""), ("phone", "9333 4445", ""), ("line", f"U{'a' * 32}", "north")]
    claims = [{"kind": kind, "value": value, "provider": provider} for kind, value, provider in values]
    rows = [{"member_id": "7", "claims": claims, "updated_at": f"2026-01-0{day}"} for day in (5, 3)]
    (shop / "more.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert run("import", "more.jsonl", "--source", "crm").code == 0

    def borne(*more: str) -> tuple[list[tuple[str, str, str]], str]:
        (found,) = run("member", "--id", "crm:7", "--json", *more).document["members"]
        (record,) = found["records"]
        return [(each["kind"], each["value"], each["provider"]) for each in record["claims"]], record["seen_at"]

    shown, seen_at = borne("--reveal")
    assert shown == [("phone", "+85293334444", ""), ("phone", "+85293334445", ""), ("line", f"U{'a' * 32}", "north")]
    assert seen_at == "2026-01-02T16:00:00Z"  # the earliest version says so, in the shop's zone
    assert [value for _, value, _ in borne()[0]] == ["+852…44", "+852…45", "…aa"]
    assert "line …aa of north (import)" in run("member", "--id", "crm:7").out
    assert run("members", "revoke", "crm:7", "phone:93334444").code == 0
    assert [value for _, value, _ in borne()[0]] == ["+852…45", "…aa"]


def test_a_members_fields_are_told_with_the_record_whose_word_counts(run: Run, shop: Path) -> None:
    (found,) = run("member", "--id", "crm:1", "--json").document["members"]
    known = {each["field"]: (each["value"], each["profile"], each["decided"]) for each in found["known"]}
    assert known == {
        "card": ("…", "crm:2", "only"),
        "email": ("c…@example.com", "crm:1", "only"),
        "name": ("陳…", "crm:2", "newest"),
        "phone": ("+852…67", "crm:2", "newest"),
    }
    told = run("member", "--id", "crm:1", "--why", "--reveal").out
    assert "Member crm:1  陳大文" in told
    assert "it is the newest" in told


# Why, why not, what if.


def test_why_is_a_paragraph_with_the_identifier_masked(run: Run, shop: Path) -> None:
    told = run("why", "crm:1", "crm:2")
    assert told.code == 0
    assert told.out == (
        "crm:1 and crm:2 are member crm:1: crm:1 and crm:2 share the phone +852…67. "
        "Without +852…67 they would be two members.\n"
    )
    assert "+85291234567" in run("why", "crm:1", "crm:2", "--reveal").out


def test_why_as_data_gives_the_chain_and_its_bridges(run: Run, shop: Path) -> None:
    document = run("why", "crm:1", "crm:2", "--json").document
    (link,) = document["why"]["chain"]
    assert (document["together"], document["why_not"], document["why"]["member"]) == (True, None, "crm:1")
    assert (link["one"], link["other"], link["by"], link["shown"]) == ("crm:1", "crm:2", "phone", "+852…67")
    assert [each["evidence"] for each in document["why"]["bridges"]] == [link["evidence"]]


def test_two_records_may_be_named_by_what_their_bearers_bear(run: Run, shop: Path) -> None:
    document = run("why", "4712", "chan@example.com", "--json")
    assert (document.code, document.document["one"], document.document["other"]) == (1, "crm:3", "crm:1")
    assert run("why", "crm:1", "9222 3334").code == Exit.USAGE
    assert run("why", "crm:1", "crm:1").code == Exit.USAGE


def test_why_of_two_members_says_no_and_why_not(run: Run, shop: Path) -> None:
    told = run("why", "crm:1", "crm:3")
    assert (told.code, "are two members. They share nothing." in told.out) == (1, True)
    other = run("why-not", "crm:1", "crm:3")
    assert (other.code, other.out) == (0, told.out)
    assert run("why-not", "crm:1", "crm:2").code == 1


def test_why_not_as_data_gives_reasons_numbers_and_remedies(run: Run, shop: Path) -> None:
    run("members", "part", "crm:2", "--reason", "twins", "--request", "p1", "--at", NOW)
    document = run("why-not", "crm:1", "crm:2", "--json").document
    stopped = document["why_not"]["stopped"]
    assert {item["why"]["kind"] for item in stopped} == {"said_apart"}
    assert [each["kind"] for each in stopped[0]["remedies"]] == ["staff", "withdraw"]
    assert document["says"] in run("why-not", "crm:1", "crm:2").out


def test_what_if_without_a_phone_shows_who_would_be_and_what_they_would_have(run: Run, shop: Path) -> None:
    told = run("what-if-without", "phone:9123 4567")
    assert told.code == 0
    first, second = told.out.splitlines()
    assert first.startswith("Without +852…67 1 member would be 2 members (crm:1: crm:1; crm:2: crm:2, till:card:")
    assert second == "  points: now crm:1 100 points; then crm:1 0 points, crm:2 100 points"
    document = run("what-if-without", "9123 4567", "--json").document
    assert [(each["member"], each["spendable"]) for each in document["worth_after"]] == [("crm:1", 0), ("crm:2", 100)]
    assert member(run, "crm:1") == ["crm:1", "crm:2"]


def test_what_if_without_a_statement(run: Run, shop: Path) -> None:
    run("members", "join", "crm:1", "crm:3", "--reason", "married name", "--at", NOW)
    document = run("what-if-without", "joined/crm:1+crm:3", "--json").document
    assert [each["member"] for each in document["after"]] == ["crm:1", "crm:3"]
    assert sum(each["spendable"] for each in document["worth_after"]) == document["worth_before"][0]["spendable"]


def test_what_if_without_something_that_nobody_bears_is_a_no(run: Run, shop: Path) -> None:
    assert run("what-if-without", "card:9999").code == 1
    assert run("what-if-without", "9999").code == Exit.USAGE
    assert "say what it is, such as card:9999" in run("what-if-without", "9999").err


def test_an_identifier_may_be_given_by_the_hash_that_explanations_show(run: Run, shop: Path) -> None:
    evidence = run("why", "crm:1", "crm:2", "--json").document["why"]["chain"][0]["evidence"]
    assert run("what-if-without", evidence, "--json").document["without"] == evidence


# Statements.


def test_staff_joins_parts_and_takes_back(run: Run, shop: Path) -> None:
    joined = run("members", "join", "crm:1", "crm:3", "--reason", "same face", "--by", "Mei", "--at", NOW)
    assert joined.code == 0
    assert joined.out.startswith("Yes: crm:1 and crm:3 are one person (joined/crm:1+crm:3).\n  member crm:1: crm:1")
    assert member(run, "crm:4") == ["crm:1", "crm:2", "crm:3", "crm:4"]
    assert run("members", "join", "crm:1", "crm:4", "--reason", "again").code == 1
    refused = run("members", "withdraw", "crm:1", "joined/crm:1+crm:3", "--role", "clerk", "--json")
    assert (refused.code, refused.document["refused"]["kind"]) == (1, "not_allowed")
    back = run("members", "withdraw", "crm:1", "joined/crm:1+crm:3", "--by", "Boss")
    assert "joined/crm:1+crm:3 is taken back" in back.out
    assert (member(run, "crm:1"), member(run, "crm:3")) == (["crm:1", "crm:2"], ["crm:3", "crm:4"])


def test_a_member_is_split_and_both_sides_are_shown(run: Run, shop: Path) -> None:
    parted = run("members", "part", "crm:4", "--reason", "mother and daughter", "--json")
    assert {each["id"]: len(each["profiles"]) for each in parted.document["members"]} == {"crm:3": 1, "crm:4": 2}
    again = run("members", "part", "crm:3", "--reason", "once more")
    assert (again.code, again.out.splitlines()[0]) == (1, "No: There is nothing to part.")


def test_the_same_request_is_answered_once(run: Run, shop: Path) -> None:
    ask = ("members", "join", "crm:1", "crm:3", "--reason", "same face", "--request", "r1", "--at", NOW, "--json")
    assert run(*ask).document["events"] == run(*ask).document["events"] != []


def test_the_queue_lists_what_waits_and_a_manager_decides_it(run: Run, shop: Path) -> None:
    late = "member_id,phone,updated_at\n9,9123 4567,2027-06-01\n"
    (shop / "late.csv").write_text(late, "utf-8")
    run("import", "late.csv")
    told = run("members", "review")
    assert told.code == 0
    assert "unused for so long" in told.out
    assert "+85291234567" not in told.out
    (item,) = run("members", "review", "--json").document["review"]
    assert (item["by"], item["why"]["kind"], item["shown"]) == ("phone", "perhaps_recycled", "+852…67")
    assert {item["one"], item["other"]} == {"crm:2", "crm:9"}
    assert run("members", "review", "crm:9", "--json").document["waiting"] == 1
    assert run("members", "review", "crm:3", "--json").document["waiting"] == 0
    decide = ("members", "resolve", "crm:2", "crm:9", "--reason", "passport")
    assert run(*decide).code == Exit.USAGE
    assert run(*decide, "--same", "--role", "clerk").code == 1
    assert run(*decide, "--same").code == 0
    assert "Nothing waits" in run("members", "review").out
    assert member(run, "crm:9") == ["crm:1", "crm:2", "crm:9"]
    assert run(*decide, "--different").code == 1


# Identifiers.


def bound(run: Run, *more: str) -> Ran:
    return run("members", "bind", "crm:3", "9123 4567", "--challenge", "otp-1", "--at", NOW, *more)


def test_a_proven_phone_binds_a_record_to_its_bearer(run: Run, shop: Path) -> None:
    old = bound(run, "--proven-at", "2026-06-01T11:00", "--role", "shopper")
    assert (old.code, "60 minutes old" in old.out) == (1, True)
    assert bound(run, "--sent-to", "9222 3333").code == 1
    assert bound(run, "--proven-at", "2026-06-01T11:55", "--role", "shopper", "--by", "web").code == 0
    assert member(run, "crm:3") == ["crm:1", "crm:2", "crm:3", "crm:4"]
    assert run("members", "bind", "crm:3", "9123 4567").code == Exit.USAGE


def test_an_identifier_is_verified_and_revoked(run: Run, shop: Path) -> None:
    verify = ("members", "verify", "crm:3", "phone:9123 4567", "--at", NOW)
    assert run(*verify, "--proof", "otp").code == 1
    assert run(*verify, "--proof", "gossip").code == Exit.USAGE
    assert run(*verify, "--proof", "otp", "--challenge", "c").code == 0
    assert "crm:3" in member(run, "crm:1")
    assert run("members", "revoke", "crm:3", "9123 4567", "--at", "2026-06-01T12:01").code == 0
    assert "crm:3" not in member(run, "crm:1")
    assert run("members", "revoke", "crm:3", "9123 4567").code == 1


def test_a_number_is_recycled_or_shared(run: Run, shop: Path) -> None:
    recycle = ("members", "recycle", "9123 4567", "--since", "2026-01-01T12:00", "--json")
    told = run(*recycle)
    assert [each["id"] for each in told.document["members"]] == ["crm:1", "crm:2"]
    assert run("members", "recycle", "9123 4567", "--since", "").code == Exit.USAGE
    shared = run("members", "share", "wong@example.com", "--json")
    assert [each["id"] for each in shared.document["members"]] == ["crm:3", "crm:4"]
    run("members", "share", "wong@example.com", "--one-person")
    assert member(run, "crm:3") == ["crm:3", "crm:4"]


# What is kept of a record.


def test_tags_and_consents(run: Run, shop: Path) -> None:
    assert run("members", "tag", "crm:1", "--add", "vip", "--add", "tall", "--at", NOW).code == 0
    assert run("members", "tag", "crm:1", "--remove", "tall").code == 0
    assert run("members", "tag", "crm:1").code == Exit.USAGE
    assert run("members", "consent", "crm:1", "email", "yes", "--role", "shopper", "--at", NOW).code == 0
    assert run("members", "consent", "crm:2", "email", "no", "--purpose", "receipts", "--at", NOW).code == 0
    assert run("members", "consent", "crm:1", "email", "perhaps").code == Exit.USAGE
    (found,) = run("member", "--id", "crm:1", "--json").document["members"]
    assert found["member"]["tags"] == ["vip"]
    assert found["member"]["consents"] == [["email", True], ["email/receipts", False]]


def test_forgetting_needs_the_role_and_to_be_meant(run: Run, shop: Path) -> None:
    assert run("members", "forget", "crm:1", "--role", "privacy").code == Exit.USAGE
    assert run("members", "forget", "crm:1", "--role", "clerk", "--yes").code == 1
    assert run("members", "forget", "crm:1", "--yes").code == Exit.USAGE
    assert run("members", "forget", "crm:1", "--role", "privacy", "--yes").code == 0
    assert member(run, "crm:2") == ["crm:2"]
    assert "erased" in run("members", "tag", "crm:1", "--add", "vip").out


def test_a_copy_is_of_one_record_alone(run: Run, shop: Path) -> None:
    assert run("members", "export", "crm:1", "--role", "privacy").code == Exit.USAGE
    assert run("members", "export", "crm:1", "--role", "clerk", "--json").code == 1
    told = run("members", "export", "crm:1", "--role", "privacy", "--out", "copy.json")
    assert told.code == 0
    copy = json.loads((shop / "copy.json").read_text("utf-8"))
    assert copy["personal"]["name"] == "Chan Tai Man"
    assert "陳大文" not in json.dumps(copy, ensure_ascii=False)
    assert run("members", "export", "crm:1", "--role", "privacy", "--json").document["export"]["profile"] == "crm:1"
    unwritable = run("members", "export", "crm:1", "--role", "privacy", "--out", "nowhere/copy.json")
    assert (unwritable.code, "can't be written" in unwritable.err) == (Exit.FILE, True)


def test_nothing_is_said_of_a_record_that_nobody_heard_of(run: Run, shop: Path) -> None:
    for command in (
        ("tag", "crm:99", "--add", "vip"),
        ("consent", "crm:99", "email", "yes"),
        ("part", "crm:99", "--reason", "x"),
        ("revoke", "crm:99", "9123 4567"),
        ("forget", "crm:99", "--role", "privacy", "--yes"),
    ):
        told = run("members", *command, "--json")
        assert (told.code, told.document["refused"]["kind"]) == (1, "record_unknown"), command
    assert run("members", "tag", "crm:1", "--add", "vip", "--role", "king").code == Exit.USAGE


def test_every_command_about_members_has_its_own_word() -> None:
    words = {
        "bind_profile": "bind",
        "join_profiles": "join",
        "part_profiles": "part",
        "withdraw_statement": "withdraw",
        "resolve_review": "resolve",
        "verify_claim": "verify",
        "revoke_claim": "revoke",
        "recycle_number": "recycle",
        "share_key": "share",
        "forget_member": "forget",
        "export_member": "export",
        "tag_profile": "tag",
        "set_consent": "consent",
    }
    known = {command.name for command in members_app.registered_commands}
    assert {command.kind for command in MEMBER_COMMANDS} - set(words) == {"note_profile"}
    assert set(words.values()) <= known
    assert said(sale()) == "sale"
