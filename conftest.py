"""Every Python example in README.md and docs/ is run as a test.

The examples of one page share their names, top to bottom, and run in an empty folder. A ``pycon`` block is checked
against what it says it prints. ``<!-- skip: next "reason" -->`` above a block leaves it out.
"""

import os
from collections.abc import Iterable
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sybil import Document, Region, Sybil
from sybil.evaluators.doctest import DocTestEvaluator
from sybil.parsers.abstract import DocTestStringParser
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser
from xdist.scheduler import LoadScopeScheduling


def _enter_empty_folder(namespace: dict[str, Any]) -> None:
    folder = TemporaryDirectory(prefix="omo-docs-")
    namespace["_left"] = (folder, Path.cwd())
    os.chdir(folder.name)


def _leave_folder(namespace: dict[str, Any]) -> None:
    folder, before = namespace.pop("_left")
    os.chdir(before)
    folder.cleanup()


class ConsoleBlockParser(CodeBlockParser):
    """Every prompt of a ``pycon`` block is one example; sybil's own parser passes such blocks over."""

    language = "pycon"

    def __call__(self, document: Document) -> Iterable[Region]:
        prompts = DocTestStringParser(DocTestEvaluator(ELLIPSIS | NORMALIZE_WHITESPACE))
        for block in super().__call__(document):
            for prompt in prompts(block.parsed, document.path):
                prompt.adjust(block, block.parsed)
                yield prompt


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), ConsoleBlockParser(), SkipParser()],
    patterns=["README.md", "docs/*.md", "docs/*/*.md"],
    path=".",
    setup=_enter_empty_folder,
    teardown=_leave_folder,
).pytest()


class PageScheduling(LoadScopeScheduling):
    """Any test on any worker, but the examples of one page on one, since they share their names."""

    def _split_scope(self, nodeid: str) -> str:
        page, _, _ = nodeid.partition("::")
        return page if page.endswith(".md") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> PageScheduling:
    """Told to xdist here, because its own ``--dist loadgroup`` does not know the node ids of pytest 9.2."""
    return PageScheduling(config, log)
