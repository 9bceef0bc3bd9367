"""Surnames as evidence: what agrees, what does not, and what says nothing."""

from datetime import UTC, datetime

import pytest

from omo_adapters.names.traits import name_traits, surname_spellings
from omo_core.identifiers import EventId, ProfileId
from omo_core.members import DEFAULT_RULES, ProfileSeen
from omo_core.members.parting import agree

SEEN = ProfileSeen(id=EventId("profile/a"), at=datetime(2026, 1, 1, tzinfo=UTC), profile=ProfileId("a"))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("陳大文", "陈大文", True),
        ("葉小姐", "叶", True),
        ("鄭國偉", "郑国伟", True),
        ("鍾", "鐘", True),
        ("黃大文", "Wong Tai Man", True),
        ("王小明", "Wong, Siu Ming", True),
        ("黃大文", "王大文", False),
        ("葉", "Peter Ip", True),
        ("葉", "YIP Ka Yan", True),
        ("吳", "Ng Ka Yan", True),
        ("伍", "Ng Ka Yan", True),
        ("歐陽修", "Au Yeung Sau", True),
        ("Mr Chan Tai Man", "Wong Siu Ming", False),
        ("Chan Tai Man", "陳小姐", True),
        ("Manasa", "陳小姐", None),
        ("", "陳小姐", None),
        ("范", "範", False),
    ],
)
def test_surnames_agree_differ_or_say_nothing(one: str, other: str, expected: bool | None) -> None:
    first, second = (tuple(sorted(name_traits(SEEN, name, b"key").traits)) for name in (one, other))
    assert agree(first, second, DEFAULT_RULES.traits) is expected
    assert agree(second, first, DEFAULT_RULES.traits) is expected


def test_a_fold_of_ones_own_reaches_signs_that_the_table_does_not_have() -> None:
    assert surname_spellings("龍女", None) != surname_spellings("龙女", None)
    assert surname_spellings("龙女", {"龙": "龍"}.__getitem__)[0] == ("龍",)


def test_a_trait_says_nothing_of_the_name() -> None:
    shown = repr(name_traits(SEEN, "陳大文", b"key"))
    assert not [word for word in ("陳", "chan", "大文") if word in shown]
