"""Each broken vault is caught by the clause that is there for it."""

from collections.abc import Mapping
from secrets import token_bytes

import pytest

from omo_adapters.storage.memory import MemoryVault
from omo_adapters.testing.vault import VaultContract
from omo_core.identifiers import ProfileId
from tests.mutants.putting import failing


class Good(MemoryVault):
    def __init__(self) -> None:
        super().__init__(token_bytes(32))


class TheLastArrivalWins(Good):
    def keep(self, profile: ProfileId, version: int, fields: Mapping[str, str]) -> None:
        known = self._profiles.get(profile, (-1, {}))[0]
        if profile not in self._erased and version >= known:
            self._profiles[profile] = (version, dict(fields))


class VersionsAreNotLookedAt(Good):
    def keep(self, profile: ProfileId, version: int, fields: Mapping[str, str]) -> None:
        if profile not in self._erased:
            self._profiles[profile] = (version, dict(fields))


class FieldsAreUnited(Good):
    def keep(self, profile: ProfileId, version: int, fields: Mapping[str, str]) -> None:
        super().keep(profile, version, {**self.look(profile), **fields})


class NamesAreTrimmed(Good):
    def keep(self, profile: ProfileId, version: int, fields: Mapping[str, str]) -> None:
        super().keep(profile, version, {name: value.strip() for name, value in fields.items()})


class TheErasedComeBack(Good):
    def erase(self, profile: ProfileId) -> bool:
        found = super().erase(profile)
        del self._erased[profile]
        return found


class ErasingTakesEverybody(Good):
    def erase(self, profile: ProfileId) -> bool:
        found = super().erase(profile)
        self._profiles.clear()
        return found


class ErasingNeverSaysSo(Good):
    def erase(self, profile: ProfileId) -> bool:
        super().erase(profile)
        return True


class KeepsTheCallersOwn(Good):
    def keep(self, profile: ProfileId, version: int, fields: Mapping[str, str]) -> None:
        super().keep(profile, version, fields)
        self._profiles[profile] = (version, fields)


class DrawsItsKeyAnew(Good):
    def key(self) -> bytes:
        return token_bytes(32)


CAUGHT_BY = {
    TheLastArrivalWins: "test_of_two_contents_under_one_version_the_same_counts_in_any_order",
    VersionsAreNotLookedAt: "test_an_earlier_version_that_comes_late_changes_nothing",
    FieldsAreUnited: "test_a_later_version_replaces_all_fields",
    NamesAreTrimmed: "test_fields_are_given_back_as_they_were",
    TheErasedComeBack: "test_what_is_erased_does_not_come_back",
    ErasingTakesEverybody: "test_what_is_erased_is_gone_and_everybody_elses_stays",
    ErasingNeverSaysSo: "test_erasing_what_is_not_there_says_so",
    KeepsTheCallersOwn: "test_nobody_changes_what_is_kept_by_changing_what_was_given",
    DrawsItsKeyAnew: "test_the_key_is_one_secret_for_ever",
}


@pytest.mark.parametrize("broken", CAUGHT_BY, ids=lambda broken: broken.__name__)
def test_a_broken_vault_fails_the_clause_that_is_there_for_it(broken: type) -> None:
    assert CAUGHT_BY[broken] in failing(VaultContract, broken)


def test_a_good_vault_fails_nothing() -> None:
    assert failing(VaultContract, Good) == set()


def test_every_clause_but_the_empty_one_has_a_vault_that_it_catches() -> None:
    assert {*VaultContract.clauses} - {*CAUGHT_BY.values()} == {"test_what_was_never_kept_is_empty"}
