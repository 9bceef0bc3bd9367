"""Set-up shared by all tests: Hypothesis profiles and where the shared cases and fixtures are."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

# A pull request gets the same examples on every machine; the nightly run looks for new ones.
settings.register_profile("pr", derandomize=True, deadline=None, max_examples=60, stateful_step_count=30)
settings.register_profile(
    "nightly",
    deadline=None,
    max_examples=2_000,
    stateful_step_count=100,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("pr")  # --hypothesis-profile, read later, wins


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of cases and fixtures that stands beside the repository (or where OMO_SHARED says)."""
    folder = Path(os.environ.get("OMO_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("no shared folder beside the repository; set OMO_SHARED")
    return folder
