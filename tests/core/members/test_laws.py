"""Laws of resolving: order, repetition and batching change nothing, and what is withdrawn never was."""

from itertools import permutations
from random import Random

import pytest
from attrs import evolve

from omo_adapters.states import read_person
from omo_adapters.storage.memory import MemoryJournal
from omo_core.identifiers import ProfileId
from omo_core.loyalty import simple_programme
from omo_core.members import resolve
from omo_core.ports import Batch
from tests.core.members.observations import RULES, START, joined, observations, parted

PROGRAMME = simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong")
RULE_SETS = (
    RULES,
    evolve(RULES, prefer="oldest", match_joins_at=500_000),
    evolve(RULES, records_max=50, keys=tuple(reversed(RULES.keys))),
)


def every_permutation(sets: int, largest: int, seed: int) -> int:
    """Resolve every permutation of so many sets; gives how many resolutions that were."""
    random, count = Random(seed), 0
    for number in range(sets):
        events = observations(random, 2 + number % (largest - 1))
        rules = RULE_SETS[number % len(RULE_SETS)]
        expected = resolve(events, rules)
        for order in permutations(events):
            assert resolve(order, rules) == expected, (seed, number)
            count += 1
    return count


def shuffles(count: int, size: int, seed: int) -> None:
    """Shuffle sets of one size, with repetitions."""
    random = Random(seed)
    for number in range(count // 10):
        events = observations(random, size)
        rules = RULE_SETS[number % len(RULE_SETS)]
        expected = resolve(events, rules)
        for _ in range(10):
            order = random.sample(events, len(events)) + random.choices(events, k=size // 5)
            random.shuffle(order)
            assert resolve(order, rules) == expected, (seed, number)


def batches(sets: int, size: int, seed: int) -> None:
    """Write a set in random batches; the person read around each record is the one of the whole."""
    random = Random(seed)
    for number in range(sets):
        events = observations(random, size)
        rules, journal, rest = RULE_SETS[number % len(RULE_SETS)], MemoryJournal(), list(events)
        random.shuffle(rest)
        written: list[object] = []
        while rest:
            cut = random.randint(1, len(rest))
            journal.append(Batch(events=tuple(rest[:cut])), recorded_at=START)
            written, rest = written + rest[:cut], rest[cut:]
            whole = resolve(written, rules)  # type: ignore[arg-type]
            for member in whole.members:
                profile = random.choice(member.profiles)
                live = read_person(journal, ProfileId(profile), (PROGRAMME,), rules)[0].state.member
                assert live == member, (seed, number)


def test_every_order_of_a_few_observations_gives_the_same_persons() -> None:
    assert every_permutation(60, 5, seed=3) > 1500


@pytest.mark.long
def test_every_order_of_up_to_seven_observations_gives_the_same_persons() -> None:
    assert every_permutation(200, 7, seed=7) > 100_000


def test_shuffling_and_repeating_many_observations_changes_nothing() -> None:
    shuffles(200, 50, seed=50)


@pytest.mark.long
def test_ten_thousand_shuffles_of_fifty_change_nothing() -> None:
    shuffles(10_000, 50, seed=51)


def test_what_is_read_around_a_record_is_its_part_of_the_whole() -> None:
    batches(60, 25, seed=4)


@pytest.mark.long
def test_what_is_read_around_a_record_is_its_part_of_the_whole_at_length() -> None:
    batches(3000, 30, seed=5)


def test_a_statement_that_is_withdrawn_was_never_made() -> None:
    random = Random(8)
    for _ in range(300):
        events = observations(random, 12, records=6)
        one, other = random.sample("abcdef", 2)
        for made, gone in (
            (joined(one, other, 95, 5), joined(one, other, 96, 6, withdrawn=True)),
            (parted(one, other, 95, 5), parted(one, other, 96, 6, withdrawn=True)),
        ):
            before = [event for event in events if event.id != made.id]
            assert resolve((*before, made, gone), RULES, also="abcdef") == resolve(before, RULES, also="abcdef")  # type: ignore[arg-type]


def merges(sets: int, seed: int) -> None:
    """Merge three times in every order, once and again."""
    random = Random(seed)
    for number in range(sets):
        events = observations(random, 12, records=6)
        rules = RULE_SETS[number % len(RULE_SETS)]
        said = [joined(*random.sample("abcdef", 2), at=95 + number) for number in range(3)]
        expected = resolve((*events, *said), rules)
        for order in permutations(said):
            assert resolve((*events, *order, *order), rules) == expected, (seed, number)
        assert resolve((*said, *events), rules) == expected, (seed, number)


def test_merging_is_commutative_associative_and_idempotent() -> None:
    merges(200, seed=9)
