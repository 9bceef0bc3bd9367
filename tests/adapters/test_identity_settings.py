"""The rule file for who is who: what is not said stays as usual, and what can't be meant is refused."""

import pytest

from omo_adapters.config import SettingsText, read_settings
from omo_adapters.desk import Rules
from omo_adapters.errors import Misconfigured
from omo_adapters.shop import memory_shop, open_shop
from omo_core.members import DEFAULT_RULES, IdentityRules
from omo_core.members.rules import ROLES

HEAD = 'name = "Tea"\ncurrency = "HKD"\nzone = "Asia/Hong_Kong"\nregion = "HK"\n'


def rules(identity: str) -> Rules:
    return read_settings(SettingsText(shop=HEAD + identity)).rules


def found(identity: str) -> IdentityRules:
    return rules(identity).identity


def kinds(identity: str) -> list[str]:
    return [key.kind for key in found(identity).keys]


def test_a_shop_that_says_nothing_has_the_usual_rules() -> None:
    assert found("") == DEFAULT_RULES
    assert rules("").placeholders.usual


def test_a_word_about_a_key_loses_none_of_its_guards() -> None:
    phone = next(
        key for key in found('[[identity.keys]]\nkind = "phone"\nprofiles_max = 3\n').keys if key.kind == "phone"
    )
    usual = next(key for key in DEFAULT_RULES.keys if key.kind == "phone")
    assert phone.profiles_max == 3
    assert (phone.names_stop, phone.stale_days, phone.proofs) == (usual.names_stop, usual.stale_days, usual.proofs)


def test_a_guard_is_switched_off_by_saying_so() -> None:
    written = '[[identity.keys]]\nkind = "phone"\nnames_stop = false\nstale_days = 0\n'
    phone = next(key for key in found(written).keys if key.kind == "phone")
    assert (phone.names_stop, phone.stale_days) == (False, None)
    line = next(key for key in found('[[identity.keys]]\nkind = "line"\nvalues_max = 0\n').keys if key.kind == "line")
    assert line.values_max is None


def test_priority_puts_kinds_first_and_the_shops_own_last() -> None:
    usual = [key.kind for key in DEFAULT_RULES.keys]
    own = '[[identity.keys]]\nkind = "badge"\n'
    assert kinds(own) == [*usual, "badge"]
    first = kinds(f'[identity]\npriority = ["phone", "badge"]\n{own}')
    assert first == ["phone", "badge", *(kind for kind in usual if kind != "phone")]


def test_a_kind_of_the_shops_own_does_not_link_by_typing() -> None:
    badge = found('[[identity.keys]]\nkind = "badge"\n').keys[-1]
    assert badge.proofs == ("otp", "login", "clerk", "import", "platform")


def test_a_kind_without_proofs_never_links_and_only_these_leaves_out_the_rest() -> None:
    assert "email" not in kinds('[[identity.keys]]\nkind = "email"\nproofs = []\n')
    assert kinds('[identity]\nonly_these = true\n[[identity.keys]]\nkind = "card"\n') == ["card"]


def test_roles_traits_and_passwords_can_be_said() -> None:
    written = '[identity]\notp_minutes = 3\ntraits = [["surname"]]\nroles = { part_profiles = ["manager"] }\n'
    given = found(written)
    assert (given.otp_minutes, given.traits) == (3, (("surname",),))
    assert dict(given.roles) == {**ROLES, "part_profiles": ("manager",)}


@pytest.mark.parametrize(
    ("identity", "path"),
    [
        ('[identity]\nblocked = ["rubbish"]\n', "identity.blocked[0]"),
        ('[identity]\nblocked = ["phone:21234567", "phone:xx"]\n', "identity.blocked[1]"),
        ('[identity]\nblocked = ["badge:7"]\n', "identity.blocked[0]"),
        ('[[identity.keys]]\nkind = "phone"\n[[identity.keys]]\nkind = "phone"\n', "identity.keys[1].kind"),
        ('[identity]\npriority = ["fone"]\n', "identity.priority[0]"),
        ('[identity]\npriority = ["card", "card"]\n', "identity.priority[1]"),
        ('[identity]\nroles = { join_profile = ["clerk"] }\n', "identity.roles.join_profile"),
        ('[identity]\nroles = { join_profiles = ["king"] }\n', "identity.roles.join_profiles"),
        ('[[identity.keys]]\nkind = "phone"\nprofiles_max = 1\n', "identity.keys[0].profiles_max"),
        ('[[identity.keys]]\nkind = "phone"\nproofs = ["gossip"]\n', "identity.keys[0].proofs"),
        ('[[identity.keys]]\nproofs = ["otp"]\n', "identity.keys[0].kind"),
        ("[identity]\nrecords_max = 1\n", "identity.records_max"),
        ('[identity]\nnames = "loud"\n', "identity.names"),
        ("[identity]\nshoes = 1\n", "identity.shoes"),
    ],
)
def test_what_can_not_be_meant_is_refused_with_its_place(identity: str, path: str) -> None:
    with pytest.raises(Misconfigured) as complaint:
        rules(identity)
    assert f"shop.toml: {path}" in str(complaint.value)


@pytest.mark.parametrize("stored", [False, True])
def test_what_a_shop_blocks_is_blocked_however_it_is_opened(stored: bool, tmp_path: object) -> None:
    given = rules('[identity]\nblocked = ["phone:2123 4567"]\n')
    with open_shop(f"{tmp_path}/omo.db", given) if stored else memory_shop(given) as shop:
        assert shop.fingerprint("phone", "2123 4567") in shop.rules.identity.blocked
        assert shop.fingerprint("phone", "9876 5432") in shop.rules.identity.blocked
    bare = rules("[identity]\nblock_usual = false\n")
    with memory_shop(bare) as shop:
        assert shop.rules.identity.blocked == ()
