"""Surnames as evidence: what agrees, what does not, and what says nothing."""

import sys
from datetime import UTC, datetime

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from omo_adapters.errors import Misconfigured
from omo_adapters.names.folding import opencc_fold
from omo_adapters.names.traits import Name, name_traits, spoken
from omo_core.identifiers import EventId, ProfileId
from omo_core.members import DEFAULT_RULES, ProfileSeen
from omo_core.members.agreeing import agree

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


def test_folding_needs_opencc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opencc", None)
    with pytest.raises(Misconfigured, match=r"omo\[names\]"):
        opencc_fold()


def test_opencc_folds_and_leaves_surnames_whole() -> None:
    pytest.importorskip("opencc", reason="needs omo[names]")
    fold = opencc_fold()
    assert fold("鄭國偉") == "郑国伟"
    assert fold("范游岳丰") == "范游岳丰"
    for one, other in (("陳大文", "陈大文"), ("葉", "叶"), ("鄭國偉", "郑国伟")):
        assert spoken(one, fold) == spoken(other, fold)
    assert spoken("范國偉", fold) == spoken("範國偉", fold)  # a fold makes variants of what may be two surnames


def test_a_fold_of_ones_own_reaches_signs_that_the_table_does_not_have() -> None:
    assert spoken("鐵木", None) != spoken("铁木", None)
    assert spoken("铁木", lambda text: text.replace("铁", "鐵"))[0] == ("surname", ("鐵",))


FULL = lambda text: text.translate(str.maketrans("陳黃國偉玲葉鄭馮萬錢賀駱諸", "陈黄国伟玲叶郑冯万钱贺骆诸"))  # noqa: E731


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Ip Ka Yi", "Yip Ka Yi", True),
        ("Wong Ka Man", "Huang Jia Wen", False),  # the surnames agree, the given names are others
        ("Wong", "Huang", True),
        ("Wang", "Huang", False),
        ("Chan", "Tan", True),
        ("Mary Wong Ka Man", "Mary Wong", True),
        ("Mary Wong Ka Man", "黃嘉敏", True),
        ("Peter Chan Tai Ho", "陳大豪", True),
        ("Peter Chan Tai Ho", "林大豪", False),
        ("Chan Siu Ling", "Chan Siu Ling Amy", True),
        ("Amy Chan Siu Ling", "Chan Siu Ling", True),
        ("Chan Tai Ming", "Chan T. M.", True),
        ("Chan Tai Ming", "Chan Tai Man", False),
        ("Wong Ka Man", "Ka Man Wong", True),
        ("Wong Ka Man", "Wong Ka Yi", False),
        ("Chan Ho", "Ho Chan", True),
        ("陳黃美玲", "黃美玲", True),
        ("陳黃美玲", "陳大文", False),
        ("陳黃美玲", "林美玲", False),
        ("錢大文", "钱大文", True),
        ("賀", "贺", True),
        ("駱", "骆", True),
        ("萬", "万", True),
        ("José Wong", "Jose Wong", True),
        ("Lê Wong", "Le Wong", True),
        ("馮大文", "Fong Tai Man", True),
        ("馮大文", "馮小文", False),
        ("諸葛亮", "諸葛小明", False),
        ("諸葛亮", "诸葛亮", True),
        ("諸葛亮", "Chu Kot Leung", True),
        ("陳樂生", "陳生", True),
        ("陳大文先生", "陳大文", True),
        ("小明", "陳大明", None),
        ("Happy Girl", "陳大明", None),
        ("🙂", "陳大明", None),
    ],
)
def test_what_whole_names_say_of_one_another(one: str, other: str, expected: bool | None) -> None:
    first, second = (tuple(sorted(name_traits(SEEN, name, b"key", FULL).traits)) for name in (one, other))
    assert agree(first, second, DEFAULT_RULES.traits) is expected
    assert agree(second, first, DEFAULT_RULES.traits) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Name(first="大文", last="陳"), "陳大文", True),
        (Name(first="陳大文", last="."), "陳大文", True),
        (Name(first="Tai Man", last="Chan"), "Chan Tai Man", True),
        (Name(first="Tai Man", last="Chan"), "戴大文", False),
        (Name(first="Chan", last="Peter"), "Peter Chan", True),
        (Name(first="Chan Tai Man", last="Chan Tai Man"), "陳大文", True),
        (Name(first="Sau", last="Au Yeung"), "歐陽修", True),
        (Name(first="大文", last="歐陽"), "Au Yeung Tai Man", True),
        (Name(first="John", last="Smith"), Name(first="Mary", last="Doe"), False),
        (Name(first="John", last="Smith"), Name(first="J", last="Smith"), True),
        (Name(first="Skippy", last="Jones"), Name(first="Bob", last="Jones"), False),
        (Name(first="John", last="Smith"), "陳大文", False),
        (Name(last="陳"), Name(first="陳"), True),
        (Name(first="Amy", last="陳"), "陳大文", True),
        (Name(), "陳大文", None),
    ],
)
def test_a_form_says_which_part_is_the_surname(one: Name | str, other: Name | str, expected: bool | None) -> None:
    first, second = (tuple(sorted(name_traits(SEEN, name, b"key", FULL).traits)) for name in (one, other))
    assert agree(first, second, DEFAULT_RULES.traits) is expected


def test_a_name_is_written_as_one_with_the_surname_where_it_belongs() -> None:
    assert Name(first="大文", last="陳").whole == "陳大文"
    assert Name(first="Tai Man", last="Chan").whole == "Tai Man Chan"
    assert Name(first="Mei").whole == "Mei"
    assert Name(text="Mei Chan", first="Mei").whole == "Mei Chan"


def test_surnames_alone_say_nothing_of_given_names() -> None:
    alone = [name_traits(SEEN, name, b"key", given=False).traits for name in ("陳大文", "陳志明", "Chan Tai Man")]
    assert {kind for traits in alone for kind, _ in traits} == {"surname", "surname_latin"}
    assert alone[0] == alone[1]


def test_the_same_version_read_in_another_way_is_a_later_word() -> None:
    surnames, full = (name_traits(SEEN, "陳大文", b"key", given=given) for given in (False, True))
    again = name_traits(evolve(SEEN, version=1), "陳大文", b"key", given=False)
    assert surnames.id == full.id == again.id
    assert surnames.version < full.version < again.version


@given(st.text(max_size=30), st.text(max_size=12), st.text(max_size=12))
def test_any_name_can_be_kept(text: str, first: str, last: str) -> None:
    for name in (Name(text=text), Name(first=first, last=last)):
        name_traits(SEEN, name, b"key", FULL).check()
        assert isinstance(name.whole, str)


def test_a_trait_says_nothing_of_the_name() -> None:
    shown = repr(name_traits(SEEN, "陳大文", b"key"))
    assert not [word for word in ("陳", "chan", "大文") if word in shown]
