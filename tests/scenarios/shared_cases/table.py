"""The table of how the shared cases come out, as a page of the docs."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Final

from attrs import evolve

from tests.core.members.test_public_cases import DIFFERENT
from tests.scenarios.shared_cases.running import TRANSLATORS, cases_in, verdict
from tests.scenarios.shared_cases.telling import STATUSES, Verdict

PAGE: Final = Path(__file__).resolve().parents[3] / "docs" / "reference" / "shared-cases.md"
HEAD: Final = """\
<!-- Written by `python -m tests.scenarios.shared_cases`; a test holds it current. -->

# Cases of public systems

What other systems say must come out, translated kind by kind into [scenarios](scenarios.md) and played on omo. The
cases stand beside the repository in `shared/cases`, not in it; without them the tests are skipped.

* **holds**: omo gives what the case expects. No result is written down anywhere in the translation.
* **by hand**: the case speaks a language of its own, which no translator reads; a test by hand puts it to omo, and it
  holds.
* **not yet**: the case needs a policy that the rules do not have. It is played as far as it can be told; when the
  policy comes, the translator learns the word for it.
* **on purpose**: omo comes out differently and means to, for the reason given.
"""


def fingerprint_of(folder: Path) -> str:
    """Tell one set of cases from another."""
    digest = sha256()
    for name in TRANSLATORS:
        digest.update((folder / f"{name}.json").read_bytes())
    return digest.hexdigest()[:16]


def page(folder: Path) -> str:
    """Give the whole page for the cases in a folder."""
    verdicts = [(area, _by_hand(area, verdict(area, case))) for area, case in cases_in(folder)]
    parts = [HEAD, f"The cases: `{fingerprint_of(folder)}`.\n", *_summary(verdicts)]
    for area in TRANSLATORS:
        parts += [f"\n## {area.capitalize()}\n", "| case | comes out | why |", "| --- | --- | --- |"]
        parts += [f"| {v.case} | {v.status} | {_cell(v)} |" for name, v in verdicts if name == area]
    return "\n".join(parts) + "\n"


def _by_hand(area: str, found: Verdict) -> Verdict:
    """Say how a case comes out that only a test by hand can tell."""
    if area != "identity" or found.status != "not yet":
        return found
    if found.case in DIFFERENT:
        return evolve(found, status="on purpose", why=DIFFERENT[found.case])
    return evolve(found, status="by hand", why="`tests/core/members/test_public_cases.py`")


def _summary(verdicts: list[tuple[str, Verdict]]) -> list[str]:
    told = [status for status in STATUSES if status != "fails" or any(v.status == "fails" for _, v in verdicts)]
    rows = [f"| | {' | '.join(told)} |", f"| --- |{' ---: |' * len(told)}"]
    for area in TRANSLATORS:
        counts = Counter(v.status for name, v in verdicts if name == area)
        rows.append(f"| {area} | {' | '.join(str(counts[status]) for status in told)} |")
    return rows


def _cell(found: Verdict) -> str:
    return found.why.replace("|", "\\|")
