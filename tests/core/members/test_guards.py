"""What stops a join, guard by guard, with the reason and what would change it."""

from attrs import evolve

from omo_core.events import Event
from omo_core.identifiers import EventId, Fingerprint, ProfileId
from omo_core.members import DEFAULT_RULES, Claim, IdentityRules, KeyRule, ProfileSeen, Stopped, resolve
from omo_core.members.reasons import (
    Blocked,
    GivenUp,
    Likely,
    NameMissing,
    NamesDisagree,
    PerhapsRecycled,
    Reason,
    SaidApart,
    SaidTogether,
    SharedKey,
    TooManyBearers,
    TooManyRecords,
    TooManyValues,
)
from tests.core.members.observations import (
    ALL,
    RULES,
    claim,
    day,
    erased,
    joined,
    likely,
    parted,
    recycled,
    seen,
    settled,
    shared,
    surname,
)

PHONE = claim("phone", 1)
EMAIL = claim("email", 1)


def groups(*events: Event, rules: IdentityRules = RULES) -> list[str]:
    return sorted("".join(sorted(member.profiles)) for member in resolve(events, rules).members)


def why(*events: Event, rules: IdentityRules = RULES) -> list[Reason]:
    return [stopped.why for stopped in resolve(events, rules).stopped]


def demoted(*events: Event, rules: IdentityRules = RULES) -> list[Reason]:
    return [each.why for each in resolve(events, rules).demoted]


def test_a_verified_key_makes_one_person_of_two_records() -> None:
    assert groups(seen("a", PHONE), seen("b", PHONE)) == ["ab"]


def test_a_key_that_nobody_verified_joins_nobody() -> None:
    assert groups(seen("a", PHONE), seen("b", claim("phone", 1, "typed"))) == ["a", "b"]


def test_a_placeholder_joins_nobody() -> None:
    events = (seen("a", claim("phone", 0)), seen("b", claim("phone", 0)))
    assert groups(*events) == ["a", "b"]
    assert demoted(*events) == [Blocked()]


def test_a_key_that_too_many_bear_opens_the_links_it_had_made() -> None:
    three = (seen("a", PHONE), seen("b", PHONE), seen("c", PHONE))
    assert groups(*three) == ["abc"]
    assert groups(*three, seen("d", PHONE)) == ["a", "b", "c", "d"]
    assert demoted(*three, seen("d", PHONE)) == [TooManyBearers(bearers=4, limit=3)]


def test_a_key_that_lost_bearers_links_again() -> None:
    four = tuple(seen(name, PHONE) for name in "abcd")
    assert groups(*four, seen("d", version=1, deleted=True)) == ["abc", "d"]


def test_records_whose_surnames_have_nothing_in_common_are_a_household() -> None:
    events = (seen("a", PHONE), seen("b", PHONE), surname("a", "chan"), surname("b", "wong"))
    assert groups(*events) == ["a", "b"]
    (stopped,) = resolve(events, RULES).stopped
    assert stopped == Stopped(
        one=ProfileId("a"), other=ProfileId("b"), by="phone", evidence="phone:1", why=NamesDisagree()
    )
    assert "staff" in stopped.why.remedies


def test_one_spelling_in_common_is_enough() -> None:
    assert groups(seen("a", PHONE), seen("b", PHONE), surname("a", "wong", "黄"), surname("b", "wong", "王")) == ["ab"]


def test_a_kind_of_trait_without_a_value_says_nothing() -> None:
    assert groups(seen("a", PHONE), seen("b", PHONE), surname("a"), surname("b")) == ["ab"]
    assert groups(seen("a", PHONE), seen("b", PHONE), surname("a"), surname("b", "wong")) == ["ab"]


def test_the_first_kind_of_trait_that_both_have_decides() -> None:
    rules = evolve(RULES, traits=(("han", "latin"),))
    one, other = surname("a"), surname("b")
    one = evolve(one, traits=(("han", ("黄",)), ("latin", ("wong",))))  # type: ignore[arg-type]
    other = evolve(other, traits=(("han", ("王",)), ("latin", ("wong",))))  # type: ignore[arg-type]
    assert groups(seen("a", PHONE), seen("b", PHONE), one, other, rules=rules) == ["a", "b"]


def test_a_household_shares_a_phone_and_each_name_keeps_its_own_records() -> None:
    events = [seen(name, PHONE, at=number) for number, name in enumerate("abc")]
    events += [surname("a", "chan"), surname("b", "wong"), surname("c", "chan")]  # type: ignore[list-item]
    assert groups(*events) == ["ac", "b"]


def test_a_record_without_a_name_joins_nobody_of_a_household() -> None:
    events = (seen("a", PHONE), seen("b", PHONE), seen("c", PHONE), surname("a", "chan"), surname("b", "wong"))
    assert groups(*events) == ["a", "b", "c"]
    assert NameMissing() in why(*events)
    assert groups(*events, joined("b", "c")) == ["a", "bc"]


def test_a_name_that_says_nothing_of_what_differs_joins_nobody_of_a_household() -> None:
    rules = evolve(RULES, traits=(("surname",), ("english",)))
    events = (seen("a", PHONE), seen("b", PHONE), seen("c", PHONE), surname("a", "chan"), surname("b", "wong"))
    assert groups(*events, surname("c"), rules=rules) == ["a", "b", "c"]
    peter = evolve(surname("c"), traits=(("english", (Fingerprint("peter"),)),))
    assert groups(*events, peter, rules=rules) == ["a", "b", "c"]
    assert NameMissing() in why(*events, peter, rules=rules)
    assert groups(*events, surname("c", "wong"), rules=rules) == ["a", "bc"]
    assert groups(events[0], events[2], events[3], peter, rules=rules) == ["ac"]


def test_a_name_that_agrees_vouches_for_a_long_unused_number_only_if_the_rule_lets_it() -> None:
    events = (seen("a", PHONE, at=0), seen("b", PHONE, at=99), surname("a", "chan"), surname("b", "chan"))
    vouching = evolve(RULES, keys=tuple(evolve(key, names_vouch=True) for key in RULES.keys))
    assert groups(*events) == ["a", "b"]
    assert groups(*events, rules=vouching) == ["ab"]
    assert groups(*events[:3], rules=vouching) == ["a", "b"]


def test_every_group_of_traits_can_object() -> None:
    rules = evolve(RULES, traits=(("surname",), ("given",)))
    one, other = surname("a"), surname("b")
    one = evolve(one, traits=(("surname", ("chan",)), ("given", ("ming",))))  # type: ignore[arg-type]
    other = evolve(other, traits=(("surname", ("chan",)), ("given", ("wai",))))  # type: ignore[arg-type]
    assert groups(seen("a", PHONE), seen("b", PHONE), one, other, rules=rules) == ["a", "b"]
    assert groups(seen("a", PHONE), seen("b", PHONE), one, surname("b", "chan"), rules=rules) == ["ab"]


def test_names_do_not_stop_a_key_whose_rule_does_not_ask_for_them() -> None:
    card = claim("card", 1)
    assert groups(seen("a", card), seen("b", card), surname("a", "chan"), surname("b", "wong")) == ["ab"]


def test_a_number_unused_for_long_may_be_somebody_elses_now() -> None:
    old, new = seen("a", PHONE, at=0), seen("b", PHONE, at=31)
    assert groups(old, new) == ["a", "b"]
    assert why(old, new) == [PerhapsRecycled(days=31, limit=30)]
    assert groups(old, seen("b", PHONE, at=30)) == ["ab"]


def test_a_number_that_was_used_meanwhile_is_still_its_bearers() -> None:
    assert groups(seen("a", claim("phone", 1, seen=10)), seen("b", PHONE, at=31)) == ["ab"]


def test_a_second_key_joins_what_a_recycled_number_does_not() -> None:
    assert groups(seen("a", PHONE, EMAIL, at=0), seen("b", PHONE, EMAIL, at=200)) == ["ab"]


def test_a_number_that_was_given_up_is_not_the_next_bearers() -> None:
    old, new = seen("a", claim("phone", 1, until=10)), seen("b", claim("phone", 1, since=10))
    assert groups(old, new) == ["a", "b"]
    assert why(old, new) == [GivenUp()]
    assert groups(old, seen("b", claim("phone", 1, since=9))) == ["ab"]


def test_a_recycled_number_is_somebody_elses_from_then_on() -> None:
    events = (seen("a", PHONE, at=0), seen("b", PHONE, at=5), seen("c", PHONE, at=10), seen("d", PHONE, at=12))
    assert groups(*events[:3]) == ["abc"]
    assert groups(*events, recycled("phone:1", at=8)) == ["ab", "cd"]
    assert why(*events, recycled("phone:1", at=8)) == [GivenUp()]


def listed(profile: str, *claims: Claim, made: int, updated: int) -> ProfileSeen:
    """A record as a list states it: when it was made, and of when the row is."""
    return evolve(seen(profile, *claims, at=made, version=updated), updated_at=day(updated))


def test_a_list_says_who_bears_a_number_when_it_was_made() -> None:
    assert groups(listed("a", PHONE, made=-4000, updated=0), listed("b", PHONE, made=-1, updated=0)) == ["ab"]
    assert groups(listed("a", PHONE, made=-10, updated=0), listed("b", PHONE, made=-20, updated=60)) == ["a", "b"]


def test_a_number_that_a_record_has_had_since_a_later_version_can_be_recycled() -> None:
    old, new = listed("a", PHONE, made=-10, updated=0), listed("b", PHONE, made=-20, updated=20)
    assert groups(old, new) == ["ab"]
    assert groups(old, new, recycled("phone:1", at=10)) == ["a", "b"]
    assert groups(listed("a", claim("phone", 1, until=15), made=-10, updated=0), new) == ["a", "b"]


def test_a_number_that_was_last_used_long_ago_was_borne_since_the_record_was_made() -> None:
    used = claim("phone", 1, seen=5), claim("phone", 1, seen=90)
    assert groups(listed("a", used[0], made=0, updated=95), listed("b", used[1], made=20, updated=95)) == ["ab"]
    assert groups(listed("a", used[0], made=0, updated=95), listed("b", used[1], made=80, updated=95)) == ["a", "b"]
    without_it = listed("b", made=20, updated=60)
    later = (listed("a", used[0], made=0, updated=95), listed("b", used[1], made=20, updated=95), without_it)
    assert groups(*later) == ["a", "b"]


def at_a_till(profile: str, *claims: Claim) -> ProfileSeen:
    return evolve(seen(profile, *claims, at=-20_000), inferred=True)


def test_a_number_shown_at_a_till_is_with_whoever_bears_it_now() -> None:
    till = at_a_till("t", PHONE)
    assert groups(seen("a", PHONE, at=0), till) == ["at"]
    assert groups(seen("a", PHONE, at=0), seen("b", PHONE, at=90), till) == ["a", "bt"]
    assert why(seen("a", PHONE, at=0), till) == []
    assert groups(till, at_a_till("u", PHONE)) == ["tu"]


def test_a_number_shown_at_a_till_does_not_bridge_the_time_between_two_bearers() -> None:
    till = evolve(seen("t", PHONE, at=25), inferred=True)
    assert groups(seen("a", PHONE, at=0), till, seen("b", PHONE, at=50)) == ["a", "bt"]


def test_a_number_that_was_given_up_and_is_shown_at_a_till_is_a_strangers() -> None:
    till = at_a_till("t", PHONE)
    given_up = seen("a", claim("phone", 1, until=10))
    assert groups(given_up, till) == ["a", "t"]
    assert why(given_up, till) == [GivenUp()]
    assert groups(given_up, till, seen("b", claim("phone", 1, since=12))) == ["a", "bt"]
    assert groups(seen("a", PHONE), till, recycled("phone:1", at=8)) == ["a", "t"]
    assert groups(seen("a", PHONE), till, seen("b", PHONE, at=9), recycled("phone:1", at=8)) == ["a", "bt"]


def test_a_key_that_staff_says_is_shared_joins_nobody_until_they_take_it_back() -> None:
    events = (seen("a", PHONE), seen("b", PHONE), shared("phone:1"))
    assert groups(*events) == ["a", "b"]
    assert demoted(*events) == [SharedKey(statement=EventId("shared/phone:1"))]
    assert groups(*events, shared("phone:1", withdrawn=True, version=1)) == ["ab"]


def test_a_person_has_one_crm_number_and_the_newest_bearer_keeps_the_key() -> None:
    tom, summer = seen("t", claim("crm", "tom"), PHONE, at=1), seen("s", claim("crm", "summer"), PHONE, at=2)
    guest = seen("g", PHONE, at=0)
    assert groups(tom, summer) == ["s", "t"]
    assert why(tom, summer) == [TooManyValues(of="crm", values=2, limit=1)]
    assert groups(tom, summer, guest) == ["gs", "t"]
    assert groups(tom, summer, guest, rules=evolve(RULES, prefer="oldest")) == ["gt", "s"]


def test_ids_of_two_providers_are_two_kinds() -> None:
    line = KeyRule(kind="line", proofs=ALL, values_max=1)
    rules = evolve(RULES, keys=(line, *RULES.keys))
    one = seen("a", claim("line", "u1", provider="A"), PHONE)
    assert groups(one, seen("b", claim("line", "u2", provider="B"), PHONE), rules=rules) == ["ab"]
    assert groups(one, seen("b", claim("line", "u2", provider="A"), PHONE), rules=rules) == ["a", "b"]


def test_what_an_earlier_rule_joins_a_later_key_has_to_fit_in_with() -> None:
    card = claim("card", 1)
    a, b = seen("a", claim("crm", 1), PHONE, at=9), seen("b", card, PHONE, at=5)
    c = seen("c", claim("crm", 2), card, at=0)
    assert groups(a, b, c) == ["a", "bc"]
    assert groups(a, b, c, rules=evolve(RULES, keys=tuple(reversed(RULES.keys)))) == ["ab", "c"]


def test_nobody_is_larger_than_the_limit() -> None:
    cards = [claim("card", number) for number in range(5)]
    chain = [seen("a", cards[0])]
    chain += [seen("abcdef"[place], *cards[place - 1 : place + 1], at=place) for place in range(1, 5)]
    found = resolve(chain, RULES)
    assert max(len(member.profiles) for member in found.members) == 4
    assert [stopped.why for stopped in found.stopped] == [TooManyRecords(records=5, limit=4)]


def test_statements_go_before_keys() -> None:
    events = (seen("a", PHONE), seen("b", PHONE))
    assert groups(*events, parted("a", "b")) == ["a", "b"]
    assert why(*events, parted("a", "b")) == [SaidApart()]
    assert groups(seen("a"), seen("b"), joined("a", "b")) == ["ab"]


def test_a_statement_overrules_names_and_numbers_per_person() -> None:
    a, b = seen("a", claim("crm", 1)), seen("b", claim("crm", 2))
    assert groups(a, b, surname("a", "chan"), surname("b", "wong"), joined("a", "b")) == ["ab"]


def test_who_is_apart_stays_apart_through_third_records() -> None:
    a, b, c = seen("a", PHONE, at=1), seen("b", EMAIL), seen("c", PHONE, EMAIL, at=2)
    assert groups(a, b, c) == ["abc"]
    assert groups(a, b, c, parted("a", "b")) == ["a", "bc"]


def test_of_two_opposite_statements_the_newer_counts() -> None:
    records = (seen("a"), seen("b"))
    assert groups(*records, joined("a", "b", at=1), parted("a", "b", at=2)) == ["a", "b"]
    assert why(*records, joined("a", "b", at=1), parted("a", "b", at=2)) == [SaidApart()]
    assert groups(*records, joined("a", "b", at=2), parted("a", "b", at=1)) == ["ab"]
    assert why(*records, joined("a", "b", at=2), parted("a", "b", at=1)) == [SaidTogether()]


def test_opposite_statements_of_one_instant_leave_an_item_for_review() -> None:
    records = (seen("a"), seen("b"))
    assert groups(*records, joined("a", "b", at=1), parted("a", "b", at=1)) == ["a", "b"]
    assert why(*records, joined("a", "b", at=1), parted("a", "b", at=1)) == [SaidApart()]


def test_a_cycle_of_statements_is_one_person() -> None:
    assert groups(joined("a", "b"), joined("b", "c"), joined("a", "c")) == ["abc"]


def test_a_matcher_proposes_and_nobody_is_joined_unless_a_rule_says_so() -> None:
    events = (seen("a"), seen("b"), likely("a", "b", 990_000))
    assert groups(*events) == ["a", "b"]
    assert why(*events) == [Likely(likeness=990_000)]
    assert groups(*events, rules=evolve(RULES, match_joins_at=980_000)) == ["ab"]
    assert groups(*events, rules=evolve(RULES, match_joins_at=995_000)) == ["a", "b"]


def waiting(*events: Event) -> list[Reason]:
    return [item.why for item in resolve(events, RULES).waiting]


def test_what_somebody_has_decided_waits_no_longer() -> None:
    proposed = (seen("a"), seen("b"), likely("a", "b", 900_000))
    assert waiting(*proposed, parted("a", "b")) == []
    assert why(*proposed, parted("a", "b")) == [SaidApart()]
    assert waiting(*proposed, parted("a", "b"), parted("a", "b", version=1, withdrawn=True)) == [
        Likely(likeness=900_000)
    ]
    household = (seen("a", PHONE), seen("b", PHONE), surname("a", "chan"), surname("b", "wong"))
    assert waiting(*household) == [NamesDisagree()]
    assert waiting(*household, parted("a", "b")) == []


def test_two_statements_that_differ_wait_for_one_to_be_withdrawn() -> None:
    assert waiting(joined("a", "b", at=1), parted("a", "b", at=2)) == [SaidApart()]
    assert waiting(joined("a", "b", at=2), parted("a", "b", at=1)) == [SaidTogether()]
    assert waiting(joined("a", "b", at=1, version=1, withdrawn=True), parted("a", "b", at=2)) == []


def test_a_matcher_may_take_its_proposal_back() -> None:
    again = evolve(likely("a", "b", 0), version=1)
    assert waiting(seen("a"), seen("b"), likely("a", "b", 900_000), again) == []


def test_an_erased_record_joins_nobody_whatever_is_said_later() -> None:
    events = (seen("a", PHONE), seen("b", PHONE), joined("a", "b"), erased("a"))
    assert groups(*events) == ["a", "b"]
    assert groups(*events, seen("a", PHONE, EMAIL, version=9)) == ["a", "b"]
    assert [member.erased for member in resolve(events, RULES).members] == [True, False]


def test_a_settled_claim_counts_whatever_the_source_says_later() -> None:
    a, b = seen("a", PHONE), seen("b", PHONE, at=5)
    assert groups(a, b, settled("b", PHONE, holds=False), seen("b", PHONE, version=9, at=6)) == ["a", "b"]
    assert groups(a, seen("b"), settled("b", claim("phone", 1, "otp"))) == ["ab"]


def test_by_default_placeholders_names_and_recycling_are_guarded() -> None:
    phone, email, line = (
        next(rule for rule in DEFAULT_RULES.keys if rule.kind == kind) for kind in ("phone", "email", "line")
    )
    assert (phone.names_stop, phone.stale_days, email.names_stop, line.values_max) == (True, 365, True, 1)
    assert DEFAULT_RULES.match_joins_at is None
