"""Surnames as evidence: what agrees, what does not, and what says nothing."""

from datetime import UTC, datetime

import pytest

from omo_adapters.errors import Misconfigured
from omo_adapters.names.folding import opencc_fold
from omo_adapters.names.traits import name_traits, spoken
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
        ("陳大文", "陳先生", True),
        ("Chan Ka Kit", "Chan Chi Ming", False),
        ("Chan Tai Man", "Peter Chan", True),
        ("Peter Chan", "Mary Chan", False),
        ("陳大文", "Chan Chi Ming", True),
    ],
)
def test_surnames_agree_differ_or_say_nothing(one: str, other: str, expected: bool | None) -> None:
    first, second = (tuple(sorted(name_traits(SEEN, name, b"key").traits)) for name in (one, other))
    assert agree(first, second, DEFAULT_RULES.traits) is expected
    assert agree(second, first, DEFAULT_RULES.traits) is expected


def test_given_names_in_signs_are_compared_only_when_they_can_be_folded() -> None:
    fold = str.maketrans("國偉", "国伟")

    def traits(name: str) -> object:
        return spoken(name, lambda text: text.translate(fold))

    assert traits("鄭國偉") == traits("郑国伟")
    assert dict(traits("陳大文"))["given"] != dict(traits("陳志明"))["given"]  # type: ignore[call-overload]
    assert "given" not in dict(traits("陳先生"))  # type: ignore[call-overload]
    assert "given" not in dict(spoken("陳大文"))


def test_folding_needs_opencc() -> None:
    try:
        fold = opencc_fold()
    except Misconfigured as complaint:
        assert "omo[names]" in str(complaint)  # noqa: PT017  (which of the two it is depends on what is installed)
    else:
        assert fold("鄭國偉") == "郑国伟"


def test_a_fold_of_ones_own_reaches_signs_that_the_table_does_not_have() -> None:
    assert spoken("龍女", None) != spoken("龙女", None)
    assert spoken("龙女", lambda text: text.replace("龙", "龍"))[0] == ("surname", ("龍",))


def test_a_trait_says_nothing_of_the_name() -> None:
    shown = repr(name_traits(SEEN, "陳大文", b"key"))
    assert not [word for word in ("陳", "chan", "大文") if word in shown]
