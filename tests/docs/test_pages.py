"""What the pages name exists: other pages, files of the source, every public word in the glossary."""

import re
from pathlib import Path

import pytest

from omo_core import fulfilment, loyalty, members, stock

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#([\w-]+))?\)|\]\(#([\w-]+)\)")
SOURCE = re.compile(r"`((?:src/)?(?:omo_core|omo_adapters)/[\w/.-]+|tests/[\w/.-]+|benchmarks/[\w/.-]+)`")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def without_code(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", without_code(page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for target, anchor, here in LINK.findall(without_code(page.read_text("utf-8"))):
        if "://" in target:
            continue
        goal = page.parent / target if target else page
        if not goal.exists() or ((anchor or here) and (anchor or here) not in anchors(goal)):
            broken.append(f"{target}#{anchor or here}")
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_source_file_that_is_named_exists(page: Path) -> None:
    named = dict.fromkeys(SOURCE.findall(page.read_text("utf-8")))
    missing = [name for name in named if not any((ROOT / base / name).exists() for base in (".", "src"))]
    assert missing == []


@pytest.mark.parametrize("context", [members, loyalty, stock, fulfilment], ids=lambda context: context.__name__)
def test_every_public_class_stands_in_the_glossary(context: object) -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    classes = [name for name in context.__all__ if name[0].isupper() and not name.isupper()]  # type: ignore[attr-defined]
    assert [name for name in classes if f"`{name}`" not in glossary] == []


def test_the_glossary_is_in_alphabetical_order() -> None:
    terms = re.findall(r"^\*\*(.+?)\*\*", (ROOT / "docs" / "glossary.md").read_text("utf-8"), re.MULTILINE)
    assert terms == sorted(terms, key=str.casefold)
    assert len(set(terms)) == len(terms)
