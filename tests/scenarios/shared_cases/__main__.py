"""Plays the shared cases and writes the page: ``python -m tests.scenarios.shared_cases [folder]``."""

import os
import sys
from pathlib import Path

from tests.scenarios.shared_cases.running import cases_in, verdict
from tests.scenarios.shared_cases.table import PAGE, page

ROOT = Path(__file__).resolve().parents[3]


def main() -> None:
    beside = Path(os.environ.get("OMO_SHARED", ROOT.parent / "shared")) / "cases"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else beside
    if folder == beside:
        PAGE.write_text(page(folder), "utf-8")
    for area, case in cases_in(folder):
        found = verdict(area, case)
        sys.stdout.write(f"{found.case}: {found.status}{f', {found.why}' if found.why else ''}\n")
        if found.status == "fails":
            sys.stdout.write(f"{found.detail}\n")


if __name__ == "__main__":
    main()
