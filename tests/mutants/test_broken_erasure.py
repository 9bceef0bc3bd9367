"""Bugs planted in forgetting: each must leave a byte behind, or lose somebody else's, where a test looks."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from omo_adapters import keeping, privacy, shop, taking
from omo_adapters.storage import quarantine, vault
from omo_adapters.storage.database import Database
from omo_adapters.traces import Traces
from omo_core.loyalty import simple_programme
from tests.shell import test_erasure as laws

pytestmark = pytest.mark.mutants
Patch = pytest.MonkeyPatch
Law = Callable[[shop.Shop, Path], None]


def shelves_stay(patch: Patch) -> None:
    patch.setattr(privacy, "places_of", lambda profile: (profile,))


def words_go_to_the_journal(patch: Patch) -> None:
    patch.setattr(taking, "without_words", lambda events, _: (events, ()))


def the_log_is_left(patch: Patch) -> None:
    patch.setattr(Database, "empty_log", lambda _: None)


def quarantine_is_left(patch: Patch) -> None:
    patch.setattr(quarantine.SqliteQuarantine, "forget", lambda *_: 0)


def numbers_only_as_they_were_written(patch: Patch) -> None:
    from omo_adapters import traces  # noqa: PLC0415

    patch.setattr(traces, "_numbers", lambda _: iter(()))


def one_encoding_is_enough(patch: Patch) -> None:
    from omo_adapters import traces  # noqa: PLC0415

    patch.setattr(traces, "_ENCODINGS", ("utf-8",))


def only_the_first_of_each_kind_is_looked_for(patch: Patch) -> None:
    from omo_adapters import traces  # noqa: PLC0415

    patch.setattr(traces, "_NUMBERED", re.compile(r"(?!)"))


def birthdays_stay(patch: Patch) -> None:
    from omo_adapters import traces  # noqa: PLC0415

    patch.setattr(traces, "TELLING", tuple(group for group in traces.TELLING if "birthday" not in group))


def a_name_is_enough_to_drop_a_document(patch: Patch) -> None:
    real = Traces.about
    patch.setattr(
        Traces,
        "about",
        lambda self, texts: real(self, texts) or any(each.search(texts[0]) for group in self.telling for each in group),
    )


def what_is_gone_may_come_again(patch: Patch) -> None:
    patch.setattr(quarantine, "ERASED", "no such reason")
    real = quarantine.SqliteQuarantine.forget

    def forget(self: quarantine.SqliteQuarantine, traces: Traces, at: object) -> int:
        count = real(self, traces, at)  # type: ignore[arg-type]
        with self.database.writing() as connection:
            connection.execute("UPDATE quarantine SET reason = 'gone' WHERE reason = 'no such reason'")
        return count

    patch.setattr(quarantine.SqliteQuarantine, "forget", forget)


def tombstones_are_not_kept(patch: Patch) -> None:
    patch.setattr(vault, "_ERASED", 0)


def nobody_finishes_what_was_interrupted(patch: Patch) -> None:
    patch.setattr(shop, "erased_by", lambda items, results: ())
    patch.setattr(shop, "unfinished", lambda _: ())


def copies_have_what_names_the_record_only(patch: Patch) -> None:
    patch.setattr(privacy, "_concerns", lambda event, mine: mine in (*event.homes, *event.streams))


def copies_have_everything_that_came_along(patch: Patch) -> None:
    patch.setattr(privacy, "_concerns", lambda event, mine: True)


def shelves_are_replaced(patch: Patch) -> None:
    real = keeping._keep_all

    def keep(where: object, rows: list[tuple[str, int, dict[str, str]]]) -> None:
        real(where, [(name, version, dict(list(fields.items())[:1])) for name, version, fields in rows])  # type: ignore[arg-type,misc]

    patch.setattr(keeping, "_keep_all", keep)


@pytest.mark.parametrize(
    ("plant", "notices"),
    [
        (shelves_stay, laws.test_no_byte_of_an_erased_customer_stays_in_live_files),
        (words_go_to_the_journal, laws.test_no_byte_of_an_erased_customer_stays_in_live_files),
        (the_log_is_left, laws.test_no_byte_of_an_erased_customer_stays_in_live_files),
        (quarantine_is_left, laws.test_no_byte_of_an_erased_customer_stays_in_live_files),
        (numbers_only_as_they_were_written, laws.test_no_byte_of_an_erased_customer_stays_in_live_files),
        (one_encoding_is_enough, laws.test_no_byte_of_an_erased_customer_stays_in_live_files),
        (
            only_the_first_of_each_kind_is_looked_for,
            laws.test_a_document_with_a_further_phone_or_e_mail_of_theirs_goes_too,
        ),
        (what_is_gone_may_come_again, laws.test_a_document_whose_bytes_are_gone_does_not_come_back_by_coming_again),
        (tombstones_are_not_kept, laws.test_a_late_retry_does_not_revive_the_erased),
    ],
    ids=lambda each: each.__name__,
)
def test_a_byte_that_stays_is_found(plant: Callable[[Patch], None], notices: Law, tmp_path: Path) -> None:
    assert _breaks(plant, notices, tmp_path)


@pytest.mark.parametrize(
    ("plant", "notices"),
    [
        (birthdays_stay, laws.test_a_birthday_is_taken_out_where_the_name_stands_too),
        (a_name_is_enough_to_drop_a_document, laws.test_a_document_with_the_same_name_only_loses_the_name),
        (
            copies_have_what_names_the_record_only,
            laws.test_a_copy_has_the_refunds_of_ones_own_and_nobody_elses_points,
        ),
        (
            copies_have_everything_that_came_along,
            laws.test_a_copy_has_the_refunds_of_ones_own_and_nobody_elses_points,
        ),
        (shelves_are_replaced, laws.test_tags_are_shown_in_words_and_stand_in_the_journal_as_fingerprints),
    ],
    ids=lambda each: each.__name__,
)
def test_what_is_lost_or_given_to_the_wrong_one_is_noticed(
    plant: Callable[[Patch], None], notices: Callable[[shop.Shop], None], tmp_path: Path
) -> None:
    assert _breaks(plant, lambda made, _: notices(made), tmp_path)


def test_an_erasure_that_nobody_finishes_is_noticed(tmp_path: Path) -> None:
    def notices(made: shop.Shop, folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            laws.test_an_erasure_that_was_interrupted_is_finished_by_whoever_comes_next(made, folder, patch)

    assert _breaks(nobody_finishes_what_was_interrupted, notices, tmp_path)


def _breaks(plant: Callable[[Patch], None], notices: Law, folder: Path) -> bool:
    """Say whether a test that passes fails with the bug."""
    for number, planted in enumerate((False, True)):
        place = folder / str(number)
        place.mkdir()
        with pytest.MonkeyPatch.context() as patch:
            programme = simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong")
            with shop.open_shop(place / "omo.db", programme) as made:
                if not planted:
                    notices(made, place)
                    continue
                plant(patch)
                try:
                    notices(made, place)
                except BaseException:  # noqa: BLE001  (whatever a bug leads to)
                    return True
    return False
