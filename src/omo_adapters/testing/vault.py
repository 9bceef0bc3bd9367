"""The contract of a vault, as tests: personal data by profile, that can be erased.

Write one class and one fixture::

    class TestAcmeVault(VaultContract):
        @pytest.fixture
        def vault(self):  # an EMPTY vault
            return AcmeVault.temporary()
"""

from __future__ import annotations

from typing import Final

import pytest

from omo_adapters.testing.contract import Contract
from omo_core.identifiers import ProfileId
from omo_core.ports import Vault

ANN: Final = ProfileId("crm:1")
BOB: Final = ProfileId("crm:2")


class VaultContract(Contract, suite=True):
    """What every vault must do. See ``omo_core.ports.Vault``."""

    @pytest.fixture
    def vault(self) -> Vault:
        """Give an empty vault: the one thing to provide."""
        raise NotImplementedError(f"{type(self).__name__} must define the fixture vault")

    def test_what_was_never_kept_is_empty(self, vault: Vault) -> None:
        """Unknown is no mistake. If this fails, look at how ``look`` treats a profile it can't find."""
        assert dict(vault.look(ANN)) == {}

    @pytest.mark.parametrize(
        "value", ["陳大文", "O'Brien; --", "", " a  b ", "e\u0301", "x" * 10_000, "a\nb", "\u0130"]
    )
    def test_fields_are_given_back_as_they_were(self, vault: Vault, value: str) -> None:
        """A name is what its bearer says it is. If this fails, look for trimming, folding or normalising."""
        vault.keep(ANN, 1, {"name": value, "phone": "+85291234567"})
        assert dict(vault.look(ANN)) == {"name": value, "phone": "+85291234567"}

    def test_a_later_version_replaces_all_fields(self, vault: Vault) -> None:
        """A field that is gone at the source is gone here. If this fails, look for a merge of fields."""
        vault.keep(ANN, 1, {"name": "Ann", "phone": "+85291234567"})
        vault.keep(ANN, 2, {"name": "Anna"})
        assert dict(vault.look(ANN)) == {"name": "Anna"}

    def test_an_earlier_version_that_comes_late_changes_nothing(self, vault: Vault) -> None:
        """If this fails, look for the latest arrival winning."""
        vault.keep(ANN, 2**53 + 1, {"name": "Anna"})
        vault.keep(ANN, 2**53, {"name": "Ann"})
        assert dict(vault.look(ANN)) == {"name": "Anna"}

    def test_of_two_contents_under_one_version_the_same_counts_in_any_order(self, vault: Vault) -> None:
        """What is shown must not depend on the order of deliveries. If this fails, look for the last one winning."""
        for profile, order in ((ANN, ("Anna", "Ann")), (BOB, ("Ann", "Anna"))):
            for name in order:
                vault.keep(profile, 1, {"phone": "1", "name": name})
        assert dict(vault.look(ANN)) == dict(vault.look(BOB)) == {"name": "Anna", "phone": "1"}

    def test_what_is_erased_is_gone_and_everybody_elses_stays(self, vault: Vault) -> None:
        """If this fails, look at the condition of the delete."""
        vault.keep(ANN, 1, {"name": "Ann"})
        vault.keep(BOB, 1, {"name": "Bob"})
        assert vault.erase(ANN)
        assert (dict(vault.look(ANN)), dict(vault.look(BOB))) == ({}, {"name": "Bob"})

    def test_erasing_what_is_not_there_says_so(self, vault: Vault) -> None:
        """If this fails, look at what ``erase`` returns."""
        vault.keep(ANN, 1, {"name": "Ann"})
        assert not vault.erase(BOB)
        assert (vault.erase(ANN), vault.erase(ANN)) == (True, False)

    def test_what_is_erased_does_not_come_back(self, vault: Vault) -> None:
        """A delivery that comes late must not revive it. If this fails, look for an erasure that leaves no mark."""
        vault.keep(ANN, 1, {"name": "Ann"})
        vault.erase(ANN)
        vault.erase(BOB)
        vault.keep(ANN, 2**62, {"name": "Ann"})
        vault.keep(BOB, 2, {"name": "Bob"})
        assert (dict(vault.look(ANN)), dict(vault.look(BOB))) == ({}, {})

    def test_nobody_changes_what_is_kept_by_changing_what_was_given(self, vault: Vault) -> None:
        """If this fails, look for a vault that keeps, or hands out, its caller's own dictionary."""
        fields = {"name": "Ann"}
        vault.keep(ANN, 1, fields)
        fields["name"] = "Bob"
        assert dict(vault.look(ANN)) == {"name": "Ann"}

    def test_the_key_is_one_secret_for_ever(self, vault: Vault) -> None:
        """Fingerprints rest on it. If this fails, look for a key that is drawn on every call, or is too short."""
        assert vault.key() == vault.key()
        assert len(vault.key()) == 32
        assert len(set(vault.key())) > 8
